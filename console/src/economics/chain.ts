import type { ConfidenceLevel, EconomicParameters } from "./parameters";

/** The parameters as the chain stores them: amounts and ratios in units of 10^-18, rates and values in units of 2^-96. */
export interface StoredParameters {
  growth_per_sec: bigint;
  keep_per_sec: bigint;
  cost_k_per_year: bigint;
  cost_b_per_year: bigint;
  v_max: bigint;
  treasury_ratio: bigint;
  rig_k: bigint;
  re: bigint;
  k: bigint;
  max_principal_slash: bigint;
  share_floor: bigint;
}

const Q96 = 2 ** 96;
const q96 = (value: bigint) => Number(value) / Q96;
const fixed = (value: bigint) => Number(value) / 1e18;

/** The chain's parameters as the formulas want them. */
export function parametersFromChain(stored: StoredParameters): EconomicParameters {
  return {
    growthPerSecond: q96(stored.growth_per_sec),
    keepPerSecond: q96(stored.keep_per_sec),
    costKPerYear: q96(stored.cost_k_per_year),
    costBPerYear: q96(stored.cost_b_per_year),
    vMax: q96(stored.v_max),
    treasuryRatio: fixed(stored.treasury_ratio),
    rigK: fixed(stored.rig_k),
    re: fixed(stored.re),
    k: fixed(stored.k),
    maxPrincipalSlash: fixed(stored.max_principal_slash),
    shareFloor: fixed(stored.share_floor),
  };
}

const LEVELS: Record<string, ConfidenceLevel> = { One: 1, Two: 2, Three: 3, Four: 4, Five: 5 };

/** A confidence level as the chain names it. */
export const levelFromChain = (level: { type: string }): ConfidenceLevel => LEVELS[level.type] ?? 5;
