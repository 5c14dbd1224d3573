// What the pages ask the indexer. It is asked again every few seconds: it follows finality, which is a little behind the newest block.
import { keepPreviousData, type UseQueryOptions, useQuery } from "@tanstack/react-query";
import type { Range } from "@/components/time-chart";
import { answered, get, NotAnswered, type Schemas } from "./client";
import type { operations } from "./schema";

/** Time between two looks at a list, in milliseconds. */
const LIST_EVERY_MS = 4_000;
/** Time between two looks at a series. */
const SERIES_EVERY_MS = 15_000;

type Asked<O extends keyof operations> = NonNullable<operations[O]["parameters"]["query"]>;

function useIndexer<T>(
  key: unknown[],
  ask: () => Promise<T>,
  options: Pick<UseQueryOptions<T>, "enabled" | "refetchInterval"> & { keepsPrevious?: boolean } = {},
) {
  const { keepsPrevious = false, ...rest } = options;
  return useQuery({
    queryKey: ["indexer", ...key],
    queryFn: ask,
    refetchInterval: LIST_EVERY_MS,
    placeholderData: keepsPrevious ? keepPreviousData : undefined,
    // What is not there will not be there a second later.
    retry: (count, error) => count < 1 && !(error instanceof NotAnswered && error.status < 500),
    ...rest,
  });
}

export const useIndexerStatus = () => useIndexer(["status"], () => answered(get("/status")));

export const useNetwork = () => useIndexer(["network"], () => answered(get("/network")));

export type PoolsAsked = Asked<"pools">;
export const usePools = (query: PoolsAsked, enabled = true) =>
  useIndexer(["pools", query], () => answered(get("/pools", { params: { query } })), { keepsPrevious: true, enabled });

export const usePool = (pool: number) =>
  useIndexer(["pool", pool], () => answered(get("/pools/{pool}", { params: { path: { pool } } })));

export const usePoolsById = (pools: number[]) =>
  useIndexer(["pools-by-id", pools], () =>
    Promise.all(pools.map((pool) => answered(get("/pools/{pool}", { params: { path: { pool } } })))),
  );

export const useCommissions = (pool: number) =>
  useIndexer(["commissions", pool], () =>
    answered(get("/pools/{pool}/commissions", { params: { path: { pool }, query: { limit: 20 } } })),
  );

export const useMembers = (pool: number, offset: number, enabled: boolean) =>
  useIndexer(
    ["members", pool, offset],
    () => answered(get("/pools/{pool}/members", { params: { path: { pool }, query: { offset, limit: 10 } } })),
    { enabled, keepsPrevious: true },
  );

export type VaultsAsked = Asked<"vaults">;
export const useVaults = (query: VaultsAsked, enabled = true) =>
  useIndexer(["vaults", query], () => answered(get("/vaults", { params: { query } })), {
    keepsPrevious: true,
    enabled,
  });

export const useVault = (vault: number) =>
  useIndexer(["vault", vault], () => answered(get("/vaults/{vault}", { params: { path: { vault } } })));

/** What a vault has in pools, with what the indexer knows of them. */
export const useVaultPools = (vault: number) =>
  useIndexer(["vault-pools", vault], () =>
    answered(get("/vaults/{vault}/pools", { params: { path: { vault }, query: { limit: 16 } } })),
  );

export const useVaultEvents = (vault: number, limit: number) =>
  useIndexer(["vault-events", vault, limit], () =>
    answered(get("/vaults/{vault}/events", { params: { path: { vault }, query: { limit } } })),
  );

export type WorkersAsked = Asked<"workers">;
export const useWorkers = (query: WorkersAsked, enabled = true) =>
  useIndexer(["workers", query], () => answered(get("/workers", { params: { query } })), {
    keepsPrevious: true,
    enabled,
  });

export const useWorker = (worker: string) =>
  useIndexer(["worker", worker], () => answered(get("/workers/{worker}", { params: { path: { worker } } })));

export const useWorkerEvents = (worker: string) =>
  useIndexer(["worker-events", worker], () =>
    answered(get("/workers/{worker}/events", { params: { path: { worker }, query: { limit: 30 } } })),
  );

export type HeartbeatsAsked = Asked<"heartbeats">;
export const useHeartbeats = (query: HeartbeatsAsked) =>
  useIndexer(["heartbeats", query], () => answered(get("/heartbeats", { params: { query } })));

export const useRewards = (query: Asked<"rewards">, enabled = true) =>
  useIndexer(["rewards", query], () => answered(get("/rewards", { params: { query } })), { enabled });

export const useSlashes = (query: Asked<"slashes">) =>
  useIndexer(["slashes", query], () => answered(get("/slashes", { params: { query } })));

export const useLeases = (query: Asked<"leases">) =>
  useIndexer(["leases", query], () => answered(get("/leases", { params: { query } })));

export const useDelegations = (query: Asked<"delegations">, enabled = true) =>
  useIndexer(["delegations", query], () => answered(get("/delegations", { params: { query } })), {
    enabled,
    keepsPrevious: true,
  });

export const useWithdrawals = (query: Asked<"withdrawals">, enabled = true) =>
  useIndexer(["withdrawals", query], () => answered(get("/withdrawals", { params: { query } })), {
    enabled,
    keepsPrevious: true,
  });

export const useMovements = (query: Asked<"movements">, enabled = true) =>
  useIndexer(["movements", query], () => answered(get("/movements", { params: { query } })), { enabled });

export const useTransactionsOf = (query: Asked<"transactions">, enabled = true) =>
  useIndexer(["transactions", query], () => answered(get("/transactions", { params: { query } })), { enabled });

/** An account; null when the chain has not told of it yet. */
export const useAccount = (account: string | undefined) =>
  useIndexer(
    ["account", account],
    async () => {
      try {
        return await answered(get("/accounts/{account}", { params: { path: { account: account ?? "" } } }));
      } catch (error) {
        if (error instanceof NotAnswered && error.status === 404) return null;
        throw error;
      }
    },
    { enabled: account !== undefined },
  );

export type Interval = Schemas["Interval"];
const INTERVALS: Record<Range, Interval> = { day: "sample", month: "hour", all: "day" };
/** Points that a chart can show. */
const POINTS = 840;

const series = (range: Range) => ({ interval: INTERVALS[range], limit: POINTS });
const SERIES = { refetchInterval: SERIES_EVERY_MS, keepsPrevious: true };

export const useNetworkSeries = (range: Range) =>
  useIndexer(
    ["network-series", range],
    () => answered(get("/network/series", { params: { query: series(range) } })),
    SERIES,
  );

export const usePoolSeries = (pool: number, range: Range) =>
  useIndexer(
    ["pool-series", pool, range],
    () => answered(get("/pools/{pool}/series", { params: { path: { pool }, query: series(range) } })),
    { refetchInterval: SERIES_EVERY_MS },
  );

export const useVaultSeries = (vault: number, range: Range) =>
  useIndexer(
    ["vault-series", vault, range],
    () => answered(get("/vaults/{vault}/series", { params: { path: { vault }, query: series(range) } })),
    { refetchInterval: SERIES_EVERY_MS },
  );

export const useWorkerSeries = (worker: string, range: Range) =>
  useIndexer(
    ["worker-series", worker, range],
    () => answered(get("/workers/{worker}/series", { params: { path: { worker }, query: series(range) } })),
    { refetchInterval: SERIES_EVERY_MS },
  );

export const useAccountSeries = (account: string | undefined, range: Range) =>
  useIndexer(
    ["account-series", account, range],
    () =>
      answered(
        get("/accounts/{account}/series", { params: { path: { account: account ?? "" }, query: series(range) } }),
      ),
    { refetchInterval: SERIES_EVERY_MS, enabled: account !== undefined },
  );
