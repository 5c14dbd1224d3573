// What a worker would earn, from the network as it is. An estimate: shares and the number of workers change.

import { costPerSecond, DAY, grow, initialValue, maximalStake, minimalStake, share } from "./formulas";
import type { ConfidenceLevel, EconomicParameters } from "./parameters";

export interface Machine {
  /** Score P. */
  score: number;
  level: ConfidenceLevel;
  /** Stake behind it, in PHA. */
  stake: number;
}

export interface NetworkState {
  /** Budget of a day, in PHA. */
  budgetPerDay: number;
  /** Sum of the shares of all mining workers. */
  totalShare: number;
}

export interface Estimate {
  minimal: number;
  maximal: number;
  /** V_e. */
  value: number;
  share: number;
  /** The worker's part of all shares, itself included. */
  part: number;
  /** Paid to the pool in a day, in PHA: after the treasury's part. */
  perDay: number;
}

/** What a worker counts and earns on its first day. */
export function estimate(parameters: EconomicParameters, machine: Machine, network: NetworkState): Estimate {
  const { score, level, stake } = machine;
  const value = initialValue(parameters, stake, score, level);
  const own = share(value, score, level);
  const all = Math.max(network.totalShare + own, parameters.shareFloor);
  const part = all > 0 ? own / all : 0;
  return {
    minimal: minimalStake(parameters, score),
    maximal: maximalStake(parameters, score, level),
    value,
    share: own,
    part,
    perDay: network.budgetPerDay * part * (1 - parameters.treasuryRatio),
  };
}

/** Days after which the budget falls, and to which part of itself. */
export const SHRINKS_EVERY_DAYS = 180;
export const SHRINKS_TO = 0.75;

/** What comes in on each of the coming days, while all other workers stay as they are. */
export function incomeByDay(
  parameters: EconomicParameters,
  machine: Machine,
  network: NetworkState,
  days: number,
): number[] {
  const { score, level, stake } = machine;
  const initial = initialValue(parameters, stake, score, level);
  const [rate, cost] = [parameters.growthPerSecond, costPerSecond(parameters, score)];
  const incomes: number[] = [];
  let value = initial;
  for (let day = 0; day < days; day++) {
    const own = share(value, score, level);
    const all = Math.max(network.totalShare + own, parameters.shareFloor);
    const budget = network.budgetPerDay * SHRINKS_TO ** Math.floor(day / SHRINKS_EVERY_DAYS);
    const income = budget * (own / all) * (1 - parameters.treasuryRatio);
    incomes.push(income);
    const grown = Math.min(grow(value, DAY, 1, rate, cost), parameters.vMax);
    // What is paid out lowers the value again, but never below where the day or the worker began.
    value = grown - Math.min(income, Math.max(grown - Math.max(value, initial), 0));
  }
  return incomes;
}

export interface Owner {
  /** Part of the stake that is the owner's own, 0 to 1. */
  ownPart: number;
  /** Commission of the pool, 0 to 1. */
  commission: number;
}

/** The owner's part of an income: commission on all of it, and of the rest what the owner's own coins earn. */
export function ownerPart(income: number, { ownPart, commission }: Owner): number {
  return income * commission + income * (1 - commission) * ownPart;
}

/** The day on which `incomes`, less the running cost of a day, have paid a price; null when they do not. */
export function paybackDay(incomes: number[], costPerDay: number, price: number): number | null {
  let balance = -price;
  for (const [day, income] of incomes.entries()) {
    balance += income - costPerDay;
    if (balance >= 0) return day + 1;
  }
  return null;
}
