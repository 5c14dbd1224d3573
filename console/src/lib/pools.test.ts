import { describe, expect, it } from "vitest";
import { PHA } from "./amounts";
import { atLeast, sharesFor, sharesWorth, worth } from "./pools";

const pool = { value: 7_004n * PHA, shares: 7_000n * PHA };

describe("shares", () => {
  it("are worth what the design's example says", () => {
    expect(worth(1_400n * PHA, pool)).toBe(1_400n * PHA + (8n * PHA) / 10n);
    // 5,000 PHA buy 4,997.144489… shares at a price of 1.000571….
    expect(sharesFor(5_000n * PHA, pool) / 1_000_000n).toBe(4_997_144_488n);
  });

  it("cost one PHA in a pool without any", () => {
    expect(sharesFor(5n, { value: 0n, shares: 0n })).toBe(5n);
    expect(worth(5n, { value: 0n, shares: 0n })).toBe(0n);
  });

  it("that are worth an amount are never one too few", () => {
    for (const planck of [1n, PHA, 3n * PHA + 1n]) {
      const shares = sharesWorth(planck, pool);
      expect(worth(shares, pool)).toBeGreaterThanOrEqual(planck);
      expect(worth(shares - 1n, pool)).toBeLessThan(planck);
    }
  });

  it("of a pool that is worth nothing buy nothing back", () => {
    expect(sharesWorth(5n, { value: 0n, shares: 10n })).toBe(0n);
  });
});

it("protection leaves half a per cent", () => {
  expect(atLeast(1_000n)).toBe(995n);
});
