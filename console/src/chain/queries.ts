// What the pages ask the chain. All of it is asked again with every new block.
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { type Api, useConnection, useHeads } from "./connection";

type Apis = Api["apis"]["KhalaApi"];
type Answer<M extends keyof Apis> = Awaited<ReturnType<Apis[M]>>;

export type NetworkStatus = Answer<"network_status">;
export type PoolStatus = NonNullable<Answer<"pool_status">>;
export type WorkerStatus = Answer<"worker_status">;
export type SessionStatus = NonNullable<WorkerStatus["session"]>;
export type RegistrationStatus = NonNullable<WorkerStatus["registration"]>;
export type PositionStatus = Answer<"positions">[number];
export type Forecast = NonNullable<Answer<"withdrawal_forecast">>;
export type VaultStatus = NonNullable<Answer<"vault_status">>;
export type VaultPlace = VaultStatus["places"][number];
export type VaultPositionStatus = Answer<"vault_positions">[number];
export type VaultRequestStatus = VaultPositionStatus["requests"][number];
export type VaultForecast = NonNullable<Answer<"vault_withdrawal_forecast">>;
export type StartNeeds = NonNullable<Answer<"start_needs">>;
export type Reason = WorkerStatus["explanation"]["reason"];

const BEST = { at: "best" } as const;
/** Pools or vaults of one answer of the chain. */
const AT_ONCE = 100;

/** Asks for everything of the chain again when there is a new block. */
export function useLiveChain(): void {
  const queries = useQueryClient();
  const hash = useHeads().best?.hash;
  useEffect(() => {
    if (hash) void queries.invalidateQueries({ queryKey: ["chain"] }, { cancelRefetch: false });
  }, [queries, hash]);
}

function useChain<T>(key: unknown[], ask: (api: Api) => Promise<T>, enabled = true, keepsPrevious = false) {
  const { api, endpoint } = useConnection();
  return useQuery({
    queryKey: ["chain", endpoint, ...key],
    queryFn: () => ask(api),
    enabled,
    placeholderData: keepsPrevious ? keepPreviousData : undefined,
  });
}

export const useNetworkStatus = () => useChain(["network"], (api) => api.apis.KhalaApi.network_status(BEST));

/** A pool; null when there is none of that number. */
export const usePoolStatus = (pool: number) =>
  useChain(["pool", pool], async (api) => (await api.apis.KhalaApi.pool_status(pool, BEST)) ?? null);

/** All pools of the chain. */
export const useAllPools = (enabled = true) =>
  useChain(
    ["pools"],
    async (api) => {
      const all: PoolStatus[] = [];
      for (;;) {
        const from = (all.at(-1)?.id ?? -1) + 1;
        const some = await api.apis.KhalaApi.pools(from, AT_ONCE, BEST);
        all.push(...some);
        if (some.length < AT_ONCE) return all;
      }
    },
    enabled,
  );

/** A vault; null when there is none of that number. */
export const useVaultStatus = (vault: number) =>
  useChain(["vault", vault], async (api) => (await api.apis.KhalaApi.vault_status(vault, BEST)) ?? null);

export const useVaultPositions = (account: string | undefined) =>
  useChain(
    ["vault-positions", account],
    (api) => (account ? api.apis.KhalaApi.vault_positions(account, BEST) : Promise.resolve([])),
    account !== undefined,
  );

/** What would become of so many shares of a vault if they were undelegated now. */
export const useVaultWithdrawalForecast = (vault: number, shares: bigint | undefined) =>
  useChain(
    ["vault-withdrawal-forecast", vault, shares?.toString()],
    async (api) => (shares ? ((await api.apis.KhalaApi.vault_withdrawal_forecast(vault, shares, BEST)) ?? null) : null),
    shares !== undefined && shares > 0n,
    true,
  );

export const useVaultRequestForecast = (vault: number, request: bigint) =>
  useChain(
    ["vault-request-forecast", vault, request.toString()],
    async (api) => (await api.apis.KhalaApi.vault_request_forecast(vault, request, BEST)) ?? null,
  );

/** Requests in the queues of pools that a vault's owner has made and nobody who leaves the vault waits for. */
export const useVaultReturns = (account: string) =>
  useChain(["vault-returns", account], async (api) => {
    const positions = await api.apis.KhalaApi.positions(account, BEST);
    const all = positions.flatMap(({ pool, delegation }) => delegation.requests.map((request) => ({ pool, request })));
    const backed = await api.query.Vault.Backed.getValues(
      all.map(({ pool, request }) => [pool, request.id]),
      BEST,
    );
    return all.filter((_, index) => backed[index] === undefined);
  });

export const useWorkerStatus = (worker: string) =>
  useChain(["worker", worker], (api) => api.apis.KhalaApi.worker_status(worker, BEST));

export const useWorkerStatuses = (workers: string[]) =>
  useChain(
    ["workers", ...workers],
    (api) => Promise.all(workers.map((worker) => api.apis.KhalaApi.worker_status(worker, BEST))),
    true,
    true,
  );

export const useStartNeeds = (worker: string, enabled = true) =>
  useChain(
    ["start-needs", worker],
    async (api) => (await api.apis.KhalaApi.start_needs(worker, BEST)) ?? null,
    enabled,
  );

export const usePositions = (account: string | undefined) =>
  useChain(
    ["positions", account],
    (api) => (account ? api.apis.KhalaApi.positions(account, BEST) : Promise.resolve([])),
    account !== undefined,
  );

/** What would become of so many shares of a pool if they were undelegated now. */
export const useWithdrawalForecast = (pool: number, shares: bigint | undefined) =>
  useChain(
    ["withdrawal-forecast", pool, shares?.toString()],
    async (api) => (shares ? ((await api.apis.KhalaApi.withdrawal_forecast(pool, shares, BEST)) ?? null) : null),
    shares !== undefined && shares > 0n,
    true,
  );

export const useRequestForecast = (pool: number, request: bigint) =>
  useChain(
    ["request-forecast", pool, request.toString()],
    async (api) => (await api.apis.KhalaApi.request_forecast(pool, request, BEST)) ?? null,
  );

export const usePoolYield = (pool: number, days = 7) =>
  useChain(["yield", pool, days], async (api) => (await api.apis.KhalaApi.pool_yield(pool, days, BEST)) ?? null);

/** Spendable coins of an account, in planck. */
export const useBalance = (account: string | undefined) =>
  useChain(
    ["balance", account],
    async (api) => {
      if (!account) return undefined;
      const [{ data }, deposit] = await Promise.all([
        api.query.System.Account.getValue(account, BEST),
        api.constants.Balances.ExistentialDeposit(),
      ]);
      // What is held for deposits counts towards the frozen part, and an account must keep the existential deposit.
      const kept = data.frozen > data.reserved ? data.frozen - data.reserved : 0n;
      const bound = kept > deposit ? kept : deposit;
      return { free: data.free, reserved: data.reserved, spendable: data.free > bound ? data.free - bound : 0n };
    },
    account !== undefined,
  );

/** Payments that could not be made to an account, in planck. */
export const useUnclaimed = (account: string | undefined) =>
  useChain(
    ["unclaimed", account],
    (api) => (account ? api.query.StakePool.Unclaimed.getValue(account, BEST) : Promise.resolve(0n)),
    account !== undefined,
  );

/** The constants of mining, as the formulas want them. */
export const useChainParameters = () =>
  useChain(["parameters"], async (api) => {
    const [economics, mining, pools, registry, vaults] = await Promise.all([
      api.query.Mining.Economics.getValue(BEST),
      api.query.Mining.Mining.getValue(BEST),
      api.query.StakePool.Parameters.getValue(BEST),
      api.query.Registry.Params.getValue(BEST),
      api.query.Vault.Parameters.getValue(BEST),
    ]);
    // Of the vaults there is one: what a request may take beyond those in its pools, in seconds.
    return { economics, mining, pools, registry, vaults };
  });
