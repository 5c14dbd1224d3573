// The connection to a node: one client for the chosen endpoint, and what it tells of the chain's heads.
import { khala } from "@polkadot-api/descriptors";
import type { PolkadotClient, TypedApi } from "polkadot-api";
import { createWsClient, WsEvent } from "polkadot-api/ws";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { answered, get } from "@/api/client";
import { Problem } from "@/lib/problems";
import { isString, useStored } from "@/lib/stored";
import { keepMetadata, keptMetadata } from "./metadata-store";

export type Api = TypedApi<typeof khala>;

export interface Connection {
  endpoint: string;
  client: PolkadotClient;
  api: Api;
}

/** How the socket is: not yet, now, or no longer. */
export type Link = "connecting" | "connected" | "lost";

export interface Heads {
  link: Link;
  best?: { number: number; hash: string };
  finalized?: { number: number; hash: string };
  /** From the newest block down to the finalised one. */
  chain?: { number: number; hash: string }[];
  /** When the newest block came in, by this machine's clock. */
  seenMs?: number;
  /** Mean time between the newest blocks, in milliseconds. */
  blockMs?: number;
}

interface Endpoint {
  endpoint: string;
  /** What is used when nothing was chosen. */
  preset: string;
  choose: (endpoint: string) => void;
}

/** The node of this machine, where nobody says another. */
const DEFAULT_ENDPOINT = "ws://127.0.0.1:9944";
/** Time that the host of the page has to say which node to ask, in milliseconds. */
const SAYS_WITHIN = 30_000;
/** Blocks that the mean time is taken over. */
const MEAN_OVER = 20;

const ConnectionContext = createContext<Connection | null>(null);
const HeadsContext = createContext<Heads>({ link: "connecting" });
const EndpointContext = createContext<Endpoint>({
  endpoint: DEFAULT_ENDPOINT,
  preset: DEFAULT_ENDPOINT,
  choose: () => {},
});

export const useConnection = (): Connection => {
  const connection = useContext(ConnectionContext);
  if (!connection) throw new Problem("This part of the page is outside of the connection to the chain.");
  return connection;
};
export const useHeads = () => useContext(HeadsContext);
export const useEndpoint = () => useContext(EndpointContext);

/** A page with `?rpc=` asks that node. */
function askedEndpoint(): string | undefined {
  const asked = new URLSearchParams(window.location.search).get("rpc");
  return asked && isEndpoint(asked) ? asked : undefined;
}

/** The node that the host of this page offers; the node of this machine when it offers none. */
async function offeredEndpoint(): Promise<string> {
  try {
    const { nodeUrl } = await answered(get("/config", { signal: AbortSignal.timeout(SAYS_WITHIN) }));
    return nodeUrl && isEndpoint(nodeUrl) ? nodeUrl : DEFAULT_ENDPOINT;
  } catch {
    return DEFAULT_ENDPOINT;
  }
}

/** Whether a text is the address of a WebSocket. */
export function isEndpoint(text: string): boolean {
  return URL.canParse(text) && ["ws:", "wss:"].includes(new URL(text).protocol);
}

export function ChainProvider({ children }: { children: ReactNode }) {
  const [preset, setPreset] = useState(askedEndpoint);
  const [chosen, choose] = useStored("khala.endpoint", isString, "");
  const endpoint = isEndpoint(chosen) ? chosen : preset;
  const [heads, setHeads] = useState<Heads>({ link: "connecting" });
  const [connection, setConnection] = useState<Connection | null>(null);

  useEffect(() => {
    if (preset === undefined) void offeredEndpoint().then(setPreset);
  }, [preset]);

  useEffect(() => {
    if (endpoint === undefined) return;
    setHeads({ link: "connecting" });
    let wasConnected = false;
    const client = createWsClient(endpoint, {
      timeout: 5_000,
      getMetadata: keptMetadata,
      setMetadata: (codeHash, metadata) => void keepMetadata(codeHash, metadata),
      onStatusChanged: (status) => {
        if (status.type === WsEvent.CONNECTED) wasConnected = true;
        const link: Link = status.type === WsEvent.CONNECTED ? "connected" : wasConnected ? "lost" : "connecting";
        setHeads((heads) => (heads.link === link ? heads : { ...heads, link }));
      },
    });
    setConnection({ endpoint, client, api: client.getTypedApi(khala) });
    const arrivals: { number: number; at: number }[] = [];
    const subscriptions = [
      client.bestBlocks$.subscribe({
        next: ([best, ...rest]) => {
          const finalized = rest.at(-1) ?? best;
          if (!best || !finalized) return;
          const at = Date.now();
          if (arrivals.at(-1)?.number !== best.number) arrivals.push({ number: best.number, at });
          if (arrivals.length > MEAN_OVER) arrivals.shift();
          const first = arrivals[0];
          const blocks = first ? best.number - first.number : 0;
          const blockMs = first && blocks > 0 ? (at - first.at) / blocks : undefined;
          setHeads((heads) => ({
            link: heads.link,
            best: { number: best.number, hash: best.hash },
            finalized: { number: finalized.number, hash: finalized.hash },
            chain: [best, ...rest].map(({ number, hash }) => ({ number, hash })),
            seenMs: at,
            blockMs,
          }));
        },
        error: () => setHeads((heads) => ({ ...heads, link: "lost" })),
      }),
    ];
    return () => {
      for (const subscription of subscriptions) subscription.unsubscribe();
      client.destroy();
      setConnection(null);
    };
  }, [endpoint]);

  const address = useMemo(
    () => ({ endpoint: endpoint ?? DEFAULT_ENDPOINT, preset: preset ?? DEFAULT_ENDPOINT, choose }),
    [endpoint, preset, choose],
  );
  return (
    <EndpointContext value={address}>
      <HeadsContext value={heads}>
        {connection && <ConnectionContext value={connection}>{children}</ConnectionContext>}
      </HeadsContext>
    </EndpointContext>
  );
}
