import { expect, it } from "vitest";
import { bounded } from "./rate";

const at = (value: number, isRising = false, highest: number | undefined = 300_000) =>
  bounded({ ok: true, value }, { noun: "commission", ppm: 150_000, highest, isRising });

it("a rate rises by at most ten points, and never above its maximum", () => {
  expect(at(250_000)).toEqual({ ok: true, value: 250_000 });
  expect(at(250_001)).toMatchObject({ problem: "A rise is at most ten points: to 25 %." });
  expect(at(300_001)).toMatchObject({ problem: "The commission never exceeds 30 %." });
  expect(
    bounded({ ok: true, value: 1_000_000 }, { noun: "limit", ppm: 900_000, highest: undefined, isRising: false }).ok,
  ).toBe(true);
});

it("a rate that is in force is set again only to withdraw an announcement", () => {
  expect(at(150_000)).toMatchObject({ problem: "This is the commission in force." });
  expect(at(150_000, true).ok).toBe(true);
  expect(at(0).ok).toBe(true);
});

it("what was not understood stays so", () => {
  const problem = { ok: false, problem: "Enter a percentage." } as const;
  expect(bounded(problem, { noun: "fee", ppm: 0, highest: 0, isRising: false })).toBe(problem);
});
