// The vectors of the chapter on mining in the design, made by its reference in 60-digit decimals.
import { describe, expect, it } from "vitest";
import { costPerSecond, grow, initialValue, maximalStake, minimalStake, score, share } from "./formulas";
import { type ConfidenceLevel, KHALA } from "./parameters";

const agrees = (mine: number, reference: number) => expect(Math.abs(mine / reference - 1)).toBeLessThan(1e-9);

describe("growth", () => {
  it("agrees in the original's steps of 12 s", () => {
    const [rate, slash] = [6.66600231e-7, 3.3333333333333240063e-6];
    const cost = 1.5815258751856933056e-8 * 100 + 3.3711472602739674283e-5;
    agrees(grow(3000, 1, 1, rate, cost), 3000.002035093691477925);
    agrees(grow(3000, 7201, 1, rate, cost), 3014.689933793203657308);
    agrees(grow(3000, 11, 1, rate, cost) * (1 - slash) ** 300, 2997.023858235377291094);
  });

  it.each([
    [1, 3000.00017077723446348],
    [60, 3000.010246650859242922],
    [3_600, 3000.614859504746088797],
    [86_400, 3014.790618189903437119],
    [604_800, 3105.04069571114149032],
  ])("agrees after %i s", (secs, expected) => {
    agrees(grow(3000, secs, 1, KHALA.growthPerSecond, costPerSecond(KHALA, 1000)), expected);
  });

  it("stands still without speed, and is linear without a rate", () => {
    expect(grow(3000, 100, 0, 0.1, 1)).toBe(3000);
    expect(grow(3000, 0, 1, 0.1, 1)).toBe(3000);
    expect(grow(3000, 10, 0.5, 0, 2)).toBe(3010);
  });

  it("has the chain's rates per second", () => {
    agrees(KHALA.growthPerSecond, 5.5550002283e-8);
    agrees(KHALA.keepPerSecond, 0.99999972208327929);
  });
});

const stakes: [p: number, min: number, level: ConfidenceLevel, initial: number, max: number][] = [
  [450, 1060.66017178, 1, 1793.49025767, 19865],
  [450, 1060.66017178, 4, 1673.924240492, 21293.571428571],
  [450, 1060.66017178, 5, 1614.141231903, 22087.222222222],
  [2000, 2236.0679775, 1, 4254.10196625, 19400],
  [2000, 2236.0679775, 4, 3970.4951685, 20828.571428571],
  [2000, 2236.0679775, 5, 3828.691769625, 21622.222222222],
];

it.each(stakes)("bounds of the stake agree for a score of %i (%f) at level %i", (p, min, level, initial, max) => {
  agrees(minimalStake(KHALA, p), min);
  agrees(maximalStake(KHALA, p, level), max);
  agrees(initialValue(KHALA, minimalStake(KHALA, p), p, level), initial);
});

const shares: [number, number, ConfidenceLevel, number][] = [
  [3000, 100, 2, 3006.659275675],
  [30000, 2000, 1, 30265.491900843],
  [30000, 2800, 5, 30255.022723508],
  [10000, 1900, 4, 10451.870645966],
];

it.each(shares)("the share of V %i and P %i at level %i agrees", (v, p, level, expected) => {
  agrees(share(v, p, level), expected);
});

it("scores count up to 1.2 times the initial one", () => {
  agrees(score(11_000, 100, 600), 660);
  agrees(score(15_000, 100, 600), 720);
});
