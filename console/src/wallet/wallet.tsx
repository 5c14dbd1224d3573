// Who looks at the console: an account of a wallet, an address without a wallet, or nobody.

import type { PolkadotSigner } from "polkadot-api";
import { connectInjectedExtension, getInjectedExtensions, type InjectedExtension } from "polkadot-api/pjs-signer";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import { parseAddress } from "@/lib/addresses";
import { Problem } from "@/lib/problems";
import { readStored, writeStored } from "@/lib/stored";

export interface WalletAccount {
  address: string;
  name: string;
  signer: PolkadotSigner;
}

/** What is remembered of who looked last. */
type Remembered =
  | { kind: "wallet"; wallet: string; address: string }
  | { kind: "readOnly"; address: string }
  | { kind: "none" };

interface Wallet {
  /** The account that everything is shown for. */
  address: string | undefined;
  name: string | undefined;
  /** What signs for it; none in read-only mode. */
  signer: PolkadotSigner | undefined;
  isReadOnly: boolean;
  /** The connected wallet, and its accounts. */
  wallet: string | undefined;
  accounts: WalletAccount[];
  connect: (wallet: string) => Promise<WalletAccount[]>;
  select: (address: string) => void;
  watch: (address: string) => void;
  leave: () => void;
  /** Whether the dialog that picks an account is open. */
  isPicking: boolean;
  pick: () => void;
  closePicker: () => void;
}

const KEY = "khala.account";
/** Time that a wallet has to appear in the page, in milliseconds. */
const APPEARS_WITHIN = 2_000;

function isRemembered(value: unknown): value is Remembered {
  if (typeof value !== "object" || value === null || !("kind" in value)) return false;
  if (value.kind === "none") return true;
  if (!("address" in value) || typeof value.address !== "string" || !parseAddress(value.address).ok) return false;
  return (
    value.kind === "readOnly" || (value.kind === "wallet" && "wallet" in value && typeof value.wallet === "string")
  );
}

const WalletContext = createContext<Wallet | null>(null);

export function useWallet(): Wallet {
  const wallet = useContext(WalletContext);
  if (!wallet) throw new Problem("This part of the page is outside of the wallet.");
  return wallet;
}

function accountsOf(extension: InjectedExtension): WalletAccount[] {
  return extension.getAccounts().flatMap(({ address, name, polkadotSigner }) => {
    const parsed = parseAddress(address);
    return parsed.ok ? [{ address: parsed.value, name: name ?? "Unnamed account", signer: polkadotSigner }] : [];
  });
}

export function WalletProvider({ children }: { children: ReactNode }) {
  const [remembered, setRemembered] = useState<Remembered>(() => readStored(KEY, isRemembered, { kind: "none" }));
  const [accounts, setAccounts] = useState<WalletAccount[]>([]);
  const [wallet, setWallet] = useState<string>();
  const [isPicking, setPicking] = useState(false);
  const connected = useRef<InjectedExtension | null>(null);

  const remember = useCallback((value: Remembered) => {
    setRemembered(value);
    writeStored(KEY, value);
  }, []);

  const disconnect = useCallback(() => {
    connected.current?.disconnect();
    connected.current = null;
    setAccounts([]);
    setWallet(undefined);
  }, []);

  const connect = useCallback(
    async (name: string) => {
      const extension = await connectInjectedExtension(name, "Khala Console");
      disconnect();
      connected.current = extension;
      extension.subscribe(() => setAccounts(accountsOf(extension)));
      const found = accountsOf(extension);
      setAccounts(found);
      setWallet(name);
      return found;
    },
    [disconnect],
  );

  // Back to the wallet of the last visit. It may appear some time after the page; if it does not, the account stays visible.
  const first = useRef(remembered);
  useEffect(() => {
    const last = first.current;
    if (last.kind !== "wallet") return;
    const startedAt = Date.now();
    const timer = setInterval(() => {
      const appeared = getInjectedExtensions().includes(last.wallet);
      if (appeared) void connect(last.wallet).catch(() => undefined);
      if (appeared || Date.now() - startedAt > APPEARS_WITHIN) clearInterval(timer);
    }, 100);
    return () => clearInterval(timer);
  }, [connect]);

  const value = useMemo((): Wallet => {
    const address = remembered.kind === "none" ? undefined : remembered.address;
    const account = remembered.kind === "wallet" ? accounts.find((each) => each.address === address) : undefined;
    return {
      address,
      name: account?.name,
      signer: account?.signer,
      isReadOnly: address !== undefined && account === undefined,
      wallet,
      accounts,
      connect,
      select: (address) => {
        if (wallet) remember({ kind: "wallet", wallet, address });
        setPicking(false);
      },
      watch: (address) => {
        disconnect();
        remember({ kind: "readOnly", address });
        setPicking(false);
      },
      leave: () => {
        disconnect();
        remember({ kind: "none" });
        setPicking(false);
      },
      isPicking,
      pick: () => setPicking(true),
      closePicker: () => setPicking(false),
    };
  }, [remembered, accounts, wallet, connect, disconnect, remember, isPicking]);

  return <WalletContext value={value}>{children}</WalletContext>;
}
