import { describe, expect, it } from "vitest";
import { nearest, timeMarks, valueAxis } from "./axes";

const MINUTE = 60_000;
const DAY = 86_400_000;

describe("the scale of values", () => {
  it("has round marks around all of them", () => {
    expect(valueAxis([3, 47], 5, true, false)).toEqual({ low: 0, high: 50, marks: [0, 10, 20, 30, 40, 50] });
    expect(valueAxis([-120, 80], 4, false, false)).toEqual({
      low: -150,
      high: 100,
      marks: [-150, -100, -50, 0, 50, 100],
    });
  });

  it("counts things in whole numbers", () => {
    expect(valueAxis([0, 2], 5, true, true).marks).toEqual([0, 1, 2]);
    expect(valueAxis([0, 2], 5, true, false).marks).toHaveLength(5);
  });

  it("has room for a value that never changes, and for none", () => {
    const { low, high } = valueAxis([1.25, 1.25], 4, false, false);
    expect(low).toBeLessThan(1.25);
    expect(high).toBeGreaterThan(1.25);
    expect(valueAxis([0, 0], 4, true, false)).toMatchObject({ low: 0, high: 1 });
    expect(valueAxis([], 4, false, false)).toMatchObject({ low: 0, high: 1 });
  });

  it("keeps its highest mark at the highest value although tenths are not exact", () => {
    expect(valueAxis([0, 0.3], 3, true, false).high).toBeCloseTo(0.3, 12);
  });
});

describe("marks of time", () => {
  const noon = new Date(2026, 2, 5, 12, 0, 0).getTime();

  it("stand at round minutes, within the stretch", () => {
    const marks = timeMarks(noon + 10_000, noon + 21 * MINUTE, 5);
    expect(marks.map(({ at }) => (at - noon) / MINUTE)).toEqual([5, 10, 15, 20]);
    expect(marks.every(({ grain }) => grain === "minute")).toBe(true);
  });

  it("call midnight by its day", () => {
    const marks = timeMarks(noon, noon + DAY, 4);
    expect(marks.map(({ grain }) => grain)).toEqual(["minute", "minute", "day", "minute", "minute"]);
  });

  it("stand at the first of a month when the stretch is long", () => {
    const marks = timeMarks(noon, noon + 730 * DAY, 9);
    expect(marks.every(({ at, grain }) => grain === "month" && new Date(at).getDate() === 1)).toBe(true);
    expect(marks.map(({ at }) => new Date(at).getMonth())).toEqual([3, 6, 9, 0, 3, 6, 9, 0]);
  });

  it("are few whatever the stretch", () => {
    for (const span of [30_000, MINUTE, 47 * MINUTE, DAY, 35 * DAY, 400 * DAY, 9_000 * DAY])
      expect(timeMarks(noon, noon + span, 6).length).toBeLessThanOrEqual(8);
  });
});

it("the nearest point is found on both sides", () => {
  expect(nearest([10, 20, 40], 0)).toBe(0);
  expect(nearest([10, 20, 40], 29)).toBe(1);
  expect(nearest([10, 20, 40], 31)).toBe(2);
  expect(nearest([10, 20, 40], 99)).toBe(2);
  expect(nearest([], 1)).toBe(-1);
});
