import { describe, expect, it } from "vitest";
import { cancellableUntil, canUse, partOf } from "./vaults";

it("a withdrawal from a vault may be cancelled until the deadline in its pools", () => {
  expect(cancellableUntil({ deadline_secs: 1_000n, claims: [{}] }, 60)).toBe(940);
  expect(cancellableUntil({ deadline_secs: 1_000n, claims: [] }, 60)).toBe(1_000);
});

describe("a vault's owner may delegate to a pool", () => {
  const pool = { id: 5, commission_ppm: 100_000 };
  const vault = { commission_limit_ppm: 100_000, places: [] };
  const places = (count: number) => Array.from({ length: count }, (_, index) => ({ pool: index }));

  it("that is not dearer than the limit, in force or announced", () => {
    expect(canUse(vault, pool)).toBe(true);
    expect(canUse(vault, { ...pool, commission_ppm: 100_001 })).toBe(false);
    expect(canUse(vault, { ...pool, commission_rise: { commission_ppm: 100_001 } })).toBe(false);
  });

  it("as long as it is one of at most 16", () => {
    expect(canUse({ ...vault, places: places(15) }, { ...pool, id: 99 })).toBe(true);
    expect(canUse({ ...vault, places: places(16) }, { ...pool, id: 99 })).toBe(false);
    expect(canUse({ ...vault, places: places(16) }, pool)).toBe(true);
  });
});

it("a part of nothing is nothing", () => {
  expect(partOf(25n, 100n)).toBe(0.25);
  expect(partOf(0n, 0n)).toBe(0);
});
