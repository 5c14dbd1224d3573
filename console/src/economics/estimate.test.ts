import { describe, expect, it } from "vitest";
import { estimate, incomeByDay, ownerPart, paybackDay } from "./estimate";
import { share } from "./formulas";
import { KHALA } from "./parameters";

const machine = { score: 2000, level: 1, stake: 5000 } as const;

describe("an estimate", () => {
  it("gives a worker that is alone four fifths of the budget", () => {
    const alone = estimate(KHALA, machine, { budgetPerDay: 720_000, totalShare: 0 });
    expect(alone.part).toBe(1);
    expect(alone.perDay).toBeCloseTo(576_000, 6);
  });

  it("splits the budget by shares", () => {
    const other = share(1.5 * (5000 + 0.3 * 2000), 2000, 1);
    const half = estimate(KHALA, machine, { budgetPerDay: 100, totalShare: other });
    expect(half.part).toBeCloseTo(0.5, 12);
    expect(half.perDay).toBeCloseTo(40, 9);
  });

  it("pays only a part of the budget while all shares are below the floor", () => {
    const floor = estimate({ ...KHALA, shareFloor: 5_000_000 }, machine, { budgetPerDay: 720_000, totalShare: 0 });
    expect(floor.part).toBeCloseTo(floor.share / 5_000_000, 12);
  });
});

describe("a year", () => {
  const network = { budgetPerDay: 720_000, totalShare: 50_000_000 };
  const incomes = incomeByDay(KHALA, machine, network, 365);

  it("begins with the estimate of the first day", () => {
    expect(incomes[0]).toBeCloseTo(estimate(KHALA, machine, network).perDay, 9);
  });

  it("has less to give after 180 days", () => {
    expect((incomes[180] ?? 0) / (incomes[179] ?? 1)).toBeCloseTo(0.75, 2);
  });

  it("is worth nothing where nothing is paid", () => {
    expect(incomeByDay(KHALA, machine, { budgetPerDay: 0, totalShare: 1 }, 3)).toEqual([0, 0, 0]);
  });
});

it("the owner gets the commission, and what the own coins earn", () => {
  expect(ownerPart(10, { ownPart: 0, commission: 0.6 })).toBeCloseTo(6, 12);
  expect(ownerPart(10, { ownPart: 0.5, commission: 0.2 })).toBeCloseTo(6, 12);
  expect(ownerPart(10, { ownPart: 1, commission: 0 })).toBe(10);
});

describe("pay-back", () => {
  it("is the day that covers the price", () => {
    expect(paybackDay([10, 10, 10], 0, 29)).toBe(3);
    expect(paybackDay([10, 10, 10], 0, 30)).toBe(3);
    expect(paybackDay([10, 10, 10], 0, 31)).toBeNull();
    expect(paybackDay([10], 0, 0)).toBe(1);
  });

  it("never comes when the running cost is above the income", () => {
    expect(paybackDay([1, 1, 1], 2, 1)).toBeNull();
  });
});
