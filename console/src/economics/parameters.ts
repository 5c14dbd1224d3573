// The constants of mining that the formulas use. The chain's own are read from it; these are the production network's.

export interface EconomicParameters {
  /** Growth of the value in a second, as a part of it. */
  growthPerSecond: number;
  /** Largest value, in PHA. */
  vMax: number;
  /** Running cost that a point of score makes up for, in PHA a year. */
  costKPerYear: number;
  /** Running cost of a worker, in PHA a year. */
  costBPerYear: number;
  /** What a second of absence leaves of the value. */
  keepPerSecond: number;
  /** Part of every reward that goes to the treasury. */
  treasuryRatio: number;
  /** PHA of value for a point of score. */
  rigK: number;
  /** What a stake counts at full confidence. */
  re: number;
  /** Factor of the smallest stake. */
  k: number;
  /** Sum of shares below which the budget is not paid out as a whole. */
  shareFloor: number;
  /** Most of a stake that can be lost. */
  maxPrincipalSlash: number;
}

const HOUR = 3_600;

/** Growth in a second, from the factor of an hour. */
export const growthFromHour = (factor: number) => Math.expm1(Math.log(factor) / HOUR);
/** What a second leaves, from the part that an hour takes. */
export const keepFromHour = (slash: number) => (1 - slash) ** (1 / HOUR);

export const KHALA: EconomicParameters = {
  growthPerSecond: growthFromHour(1.0002),
  vMax: 30_000,
  costKPerYear: 0.0415625,
  costBPerYear: 88.59375,
  keepPerSecond: keepFromHour(0.001),
  treasuryRatio: 0.2,
  rigK: 0.3,
  re: 1.5,
  k: 50,
  shareFloor: 0,
  maxPrincipalSlash: 0.1,
};

export type ConfidenceLevel = 1 | 2 | 3 | 4 | 5;

/** What a confidence level counts. */
export const CONFIDENCE: Record<ConfidenceLevel, number> = { 1: 1, 2: 1, 3: 1, 4: 0.8, 5: 0.7 };
