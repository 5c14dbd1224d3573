// What shares can be had of: a pool or a vault. What delegators do with the shares is alike.
import type { Transaction } from "polkadot-api";
import { type Api, useConnection } from "@/chain/connection";
import { type PoolStatus, useChainParameters, type VaultStatus } from "@/chain/queries";
import type { Term } from "@/wiki/entries";

/** A pool or a vault, as the chain has it now. `by` is the vault whose owner acts for it; without it everybody acts for themselves. */
export type FundStatus =
  | { pool: PoolStatus; by?: number; vault?: undefined }
  | { vault: VaultStatus; pool?: undefined };

export interface Fund {
  kind: "pool" | "vault";
  id: number;
  /** As in a sentence: `pool 3`. */
  name: string;
  /** Whose shares are meant, alone and before a noun. */
  whose: [alone: string, before: string];
  /** In planck. */
  value: bigint;
  shares: bigint;
  /** Value of a share, 18 decimals. */
  price: bigint;
  /** Planck that may be delegated; undefined is no limit. */
  room: bigint | undefined;
  /** What the owner takes. */
  cut: { term: Term; ppm: number; risePpm: number | undefined };
  delegate: (amount: bigint, minShares: bigint) => Transaction;
  undelegate: (shares: bigint, minAmount: bigint) => Transaction;
  transfer: (to: string, shares: bigint) => Transaction;
  cancel: (request: bigint) => Transaction;
}

const YOURS: Fund["whose"] = ["Yours", "Your"];

function poolFund(api: Api, pool: PoolStatus): Fund {
  const calls = api.tx.StakePool;
  return {
    kind: "pool",
    id: pool.id,
    name: `pool ${pool.id}`,
    whose: YOURS,
    value: pool.value,
    shares: pool.shares,
    price: pool.price,
    room: pool.room,
    cut: { term: "commission", ppm: pool.commission_ppm, risePpm: pool.commission_rise?.commission_ppm },
    delegate: (amount, min_shares) => calls.delegate({ pool: pool.id, amount, min_shares }),
    undelegate: (shares, min_amount) => calls.undelegate({ pool: pool.id, shares, min_amount }),
    transfer: (to, shares) => calls.transfer_shares({ pool: pool.id, to, shares }),
    cancel: (request) => calls.cancel_request({ pool: pool.id, request }),
  };
}

/** The shares of a pool that a vault has, moved by its owner. */
function investedFund(api: Api, pool: PoolStatus, vault: number): Fund {
  const calls = api.tx.Vault;
  return {
    ...poolFund(api, pool),
    name: `pool ${pool.id} for vault ${vault}`,
    whose: ["The vault's", "The vault's"],
    delegate: (amount, min_shares) => calls.invest({ vault, pool: pool.id, amount, min_shares }),
    undelegate: (shares, min_amount) => calls.divest({ vault, pool: pool.id, shares, min_amount }),
    cancel: (request) => calls.cancel_divest({ vault, pool: pool.id, request }),
  };
}

function vaultFund(api: Api, vault: VaultStatus): Fund {
  const calls = api.tx.Vault;
  return {
    kind: "vault",
    id: vault.id,
    name: `vault ${vault.id}`,
    whose: YOURS,
    value: vault.value,
    shares: vault.shares,
    price: vault.price,
    room: vault.room,
    cut: { term: "vaultFee", ppm: vault.fee_ppm, risePpm: vault.fee_rise?.commission_ppm },
    delegate: (amount, min_shares) => calls.delegate({ vault: vault.id, amount, min_shares }),
    undelegate: (shares, min_amount) => calls.undelegate({ vault: vault.id, shares, min_amount }),
    transfer: (to, shares) => calls.transfer_shares({ vault: vault.id, to, shares }),
    cancel: (request) => calls.cancel_request({ vault: vault.id, request }),
  };
}

export function useFund(status: FundStatus): Fund {
  const { api } = useConnection();
  if (status.vault) return vaultFund(api, status.vault);
  return status.by === undefined ? poolFund(api, status.pool) : investedFund(api, status.pool, status.by);
}

/** The longest that somebody who leaves may have to wait as things are, in seconds; undefined until the chain has said. */
export function useLongestWait(kind: Fund["kind"]): number | undefined {
  const parameters = useChainParameters().data;
  if (!parameters) return undefined;
  const { pools, mining, vaults } = parameters;
  const margin = kind === "vault" ? vaults : 0n;
  return Number(pools.grace_secs + margin + mining.cool_down_secs + pools.margin_secs);
}
