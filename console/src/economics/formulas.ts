// The chain's formulas of mining in floating point, for estimates. Amounts are PHA, times are seconds.
// They agree with the chain to 1e-9 on its test vectors; payments are always computed by the chain.

import { CONFIDENCE, type ConfidenceLevel, type EconomicParameters } from "./parameters";

export const DAY = 86_400;
const YEAR = 31_536_000;

/** Running cost of a worker in a second. */
export function costPerSecond(parameters: EconomicParameters, p: number): number {
  return (parameters.costKPerYear * p + parameters.costBPerYear) / YEAR;
}

/** The value after `steps` steps of `v += kp * (rate * v + cost)`. */
export function grow(v: number, steps: number, kp: number, rate: number, cost: number): number {
  if (steps === 0 || kp === 0) return v;
  const r = kp * rate;
  if (r === 0) return v + steps * kp * cost;
  const gained = Math.expm1(steps * Math.log1p(r));
  return v + gained * v + (kp * cost * gained) / r;
}

const stakeFactor = (parameters: EconomicParameters, level: ConfidenceLevel) =>
  1 + CONFIDENCE[level] * (parameters.re - 1);

/** V_e: what a worker is worth when it starts. */
export function initialValue(parameters: EconomicParameters, stake: number, p: number, level: ConfidenceLevel): number {
  return stakeFactor(parameters, level) * (stake + parameters.rigK * p);
}

/** S_min. */
export function minimalStake(parameters: EconomicParameters, p: number): number {
  return parameters.k * Math.sqrt(p);
}

/** S_max. */
export function maximalStake(parameters: EconomicParameters, p: number, level: ConfidenceLevel): number {
  return parameters.vMax / stakeFactor(parameters, level) - parameters.rigK * p;
}

/** A worker's part of the budget is in proportion to it. */
export function share(v: number, pInstant: number, level: ConfidenceLevel): number {
  return Math.hypot(v, 2 * pInstant * CONFIDENCE[level]);
}

/** The score that a benchmark gives. */
export function score(iterations: number, secs: number, initial: number): number {
  return Math.min((iterations * 6) / secs, initial * 1.2);
}
