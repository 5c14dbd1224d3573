// Where the marks of a chart's axes stand.

/** The scale of values: from `low` to `high`, with a mark at each of `marks`. */
export interface ValueAxis {
  low: number;
  high: number;
  marks: number[];
}

/** A scale that has all values in it and round numbers at its marks, about `most` of them. */
export function valueAxis(values: number[], most: number, fromZero: boolean, isWhole: boolean): ValueAxis {
  let [low, high] = [fromZero ? 0 : Number.POSITIVE_INFINITY, fromZero ? 0 : Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) [low, high] = [0, 0];
  if (low === high) {
    // A value that never changes stands in the middle, or at the bottom when it is zero.
    const around = low === 0 ? 1 : Math.abs(low) * 0.001;
    if (!fromZero && low !== 0) low -= around;
    high += around;
  }
  const step = roundStep((high - low) / most, isWhole);
  const [first, last] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
  const marks = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
  return { low: first * step, high: last * step, marks };
}

/** The smallest of 1, 2 and 5 times a power of ten that is not below `least`. */
function roundStep(least: number, isWhole: boolean): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10;
  return isWhole ? Math.max(1, Math.round(factor * power)) : factor * power;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14].map((count) => count * DAY),
];
const MONTHS = [1, 2, 3, 6, 12];
const MONTH = 30 * DAY;

/** What a mark of time is best called by. */
export type Grain = "second" | "minute" | "day" | "month";

/** At most about `most` round moments from `first` to `last`, in the time of this machine. Milliseconds since 1970. */
export function timeMarks(first: number, last: number, most: number): { at: number; grain: Grain }[] {
  const least = (last - first) / Math.max(1, most);
  const step = STEPS.find((step) => step >= least);
  if (step === undefined) return monthMarks(first, last, least);
  const shift = new Date(first).getTimezoneOffset() * MINUTE;
  const marks: { at: number; grain: Grain }[] = [];
  for (let at = Math.ceil((first - shift) / step) * step + shift; at <= last; at += step) {
    const isMidnight = (at - shift) % DAY === 0;
    marks.push({ at, grain: isMidnight ? "day" : step >= MINUTE ? "minute" : "second" });
  }
  return marks;
}

function monthMarks(first: number, last: number, least: number): { at: number; grain: Grain }[] {
  const months = MONTHS.find((count) => count * MONTH >= least) ?? Math.ceil(least / MONTH / 12) * 12;
  const from = new Date(first);
  const marks: { at: number; grain: Grain }[] = [];
  for (let month = Math.ceil(from.getMonth() / months) * months; ; month += months) {
    const at = new Date(from.getFullYear(), month, 1).getTime();
    if (at > last) return marks;
    if (at >= first) marks.push({ at, grain: "month" });
  }
}

/** Position of the number in `sorted` that is nearest to `wanted`; -1 when there is none. */
export function nearest(sorted: number[], wanted: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  const [before, at] = [sorted[low - 1], sorted[low]];
  return before !== undefined && at !== undefined && wanted - before < at - wanted
    ? low - 1
    : low < sorted.length
      ? low
      : -1;
}
