// Transactions of this visit, each followed until it is finalised.
import { useQueryClient } from "@tanstack/react-query";
import type { PolkadotSigner, Transaction, TxEvent, TxEventsPayload } from "polkadot-api";
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from "react";
import { Problem } from "@/lib/problems";
import { dispatchText, submitText } from "./failures";

/** How far a transaction is. */
export type Stage = "signing" | "sent" | "inBlock" | "finalised" | "failed";

export interface Followed {
  id: number;
  title: string;
  address: string;
  startedMs: number;
  stage: Stage;
  hash?: string;
  block?: { number: number; hash: string };
  /** What was paid, in planck; known from the block on. */
  fee?: bigint;
  /** What went wrong, in words. */
  problem?: string;
  /** Whether the chain refused it, so that the fee was paid. */
  isRefusedByChain?: boolean;
}

export interface Order {
  title: string;
  tx: Transaction;
  signer: PolkadotSigner;
  address: string;
}

interface Transactions {
  all: Followed[];
  /** Signs, sends and follows; returns the number to look it up with. */
  submit: (order: Order) => number;
  isOpen: boolean;
  open: () => void;
  close: () => void;
  /** The transaction that is looked at; what it was made with may be gone from the page by then. */
  watched: number | undefined;
  watch: (id: number | undefined) => void;
}

const TransactionsContext = createContext<Transactions | null>(null);

export function useTransactions(): Transactions {
  const transactions = useContext(TransactionsContext);
  if (!transactions) throw new Problem("This part of the page is outside of the list of transactions.");
  return transactions;
}

/** Most transactions that are remembered. */
const MOST = 50;
/** Blocks within which a signed transaction counts, so that a forgotten one cannot come back days later. */
const MORTALITY = 64;

function feeOf(payload: TxEventsPayload): bigint | undefined {
  for (const { type, value } of payload.events) {
    if (type === "TransactionPayment" && value.type === "TransactionFeePaid") {
      const fee: unknown = value.value;
      if (typeof fee === "object" && fee && "actual_fee" in fee && typeof fee.actual_fee === "bigint")
        return fee.actual_fee;
    }
  }
  return undefined;
}

async function changeOf(event: TxEvent): Promise<Partial<Followed>> {
  if (event.type === "signed" || event.type === "broadcasted") return { stage: "sent", hash: event.txHash };
  if (event.type === "txBestBlocksState" && !event.found) {
    // Out of its block again after a reorganisation: on the way once more.
    return { stage: "sent", block: undefined };
  }
  const { block } = event;
  const where = { block: { number: block.number, hash: block.hash }, fee: feeOf(event) };
  if (event.type === "txBestBlocksState") return { stage: "inBlock", ...where };
  if (event.ok) return { stage: "finalised", ...where };
  return { stage: "failed", ...where, isRefusedByChain: true, problem: await dispatchText(event.dispatchError) };
}

export function TransactionsProvider({ children }: { children: ReactNode }) {
  const [all, setAll] = useState<Followed[]>([]);
  const [isOpen, setOpen] = useState(false);
  const [watched, watch] = useState<number>();
  const next = useRef(1);
  const queries = useQueryClient();

  const submit = useCallback(
    ({ title, tx, signer, address }: Order) => {
      const id = next.current++;
      const begun: Followed = { id, title, address, startedMs: Date.now(), stage: "signing" };
      setAll((all) => [begun, ...all].slice(0, MOST));
      const change = (part: Partial<Followed>) =>
        setAll((all) => all.map((each) => (each.id === id ? { ...each, ...part } : each)));
      // One after the other, although what an event means may have to be loaded first.
      let order = Promise.resolve();
      tx.signSubmitAndWatch(signer, { mortality: { mortal: true, period: MORTALITY } }).subscribe({
        next: (event) => {
          order = order.then(async () => {
            change(await changeOf(event));
            if (event.type === "finalized") void queries.invalidateQueries();
          });
        },
        error: (error: unknown) => {
          order = order.then(() => change({ stage: "failed", problem: submitText(error) }));
        },
      });
      return id;
    },
    [queries],
  );

  const value = useMemo(
    () => ({ all, submit, isOpen, open: () => setOpen(true), close: () => setOpen(false), watched, watch }),
    [all, submit, isOpen, watched],
  );
  return <TransactionsContext value={value}>{children}</TransactionsContext>;
}
