import { describe, expect, it } from "vitest";
import {
  FIXED_ONE,
  fixed18Text,
  PHA,
  parsePercent,
  parsePha,
  percentText,
  phaInput,
  phaText,
  phaTextAdaptive,
  ppmText,
} from "./amounts";

const problem = (text: string) => {
  const parsed = parsePha(text);
  return parsed.ok ? "none" : parsed.problem;
};

describe("amounts", () => {
  it("are grouped, and cut off rather than rounded up", () => {
    expect(phaText(1_234_567n * PHA + 999_999_999_999n)).toBe("1,234,567.99");
    expect(phaText(0n)).toBe("0.00");
    expect(phaText(-PHA, 0)).toBe("−1");
  });

  it("show small amounts with more places", () => {
    expect(phaTextAdaptive(1_234_567n)).toBe("0.000001");
    expect(phaTextAdaptive(PHA + PHA / 4n)).toBe("1.2500");
    expect(phaTextAdaptive(100n * PHA)).toBe("100.00");
  });

  it("come back from a field exactly", () => {
    for (const planck of [0n, 1n, PHA, PHA + 1n, 12_345n * PHA + 600_000_000_000n]) {
      expect(parsePha(phaInput(planck))).toEqual({ ok: true, value: planck });
    }
  });

  it("may be typed with groups, spaces, and without a zero", () => {
    expect(parsePha(" 1,000.5 ")).toEqual({ ok: true, value: 1000n * PHA + PHA / 2n });
    expect(parsePha(".5")).toEqual({ ok: true, value: PHA / 2n });
    expect(parsePha("7.")).toEqual({ ok: true, value: 7n * PHA });
  });

  it("are refused in words", () => {
    expect(problem("")).toMatch("Enter an amount");
    expect(problem("-1")).toMatch("negative");
    expect(problem("1e9")).toMatch("digits");
    expect(problem("1.2.3")).toMatch("digits");
    expect(problem(".")).toMatch("digits");
    expect(problem("0x10")).toMatch("digits");
  });

  it("have twelve places and fit into 128 bits", () => {
    expect(parsePha(`1.${"1".repeat(12)}`).ok).toBe(true);
    expect(problem(`1.${"1".repeat(13)}`)).toMatch("12 places");
    const most = (1n << 128n) - 1n;
    expect(parsePha(phaInput(most))).toEqual({ ok: true, value: most });
    expect(problem(phaInput(most + 1n))).toMatch("more PHA than can exist");
  });
});

describe("percentages", () => {
  it("are millionths on the chain", () => {
    expect(parsePercent("10")).toEqual({ ok: true, value: 100_000 });
    expect(parsePercent("0.0001 %")).toEqual({ ok: true, value: 1 });
    expect(parsePercent("100")).toEqual({ ok: true, value: 1_000_000 });
    expect(parsePercent("100.0001").ok).toBe(false);
    expect(parsePercent("0.00001").ok).toBe(false);
    expect(parsePercent("-1").ok).toBe(false);
    expect(parsePercent("").ok).toBe(false);
  });

  it("are written without needless places", () => {
    expect(ppmText(100_000)).toBe("10 %");
    expect(ppmText(123_400)).toBe("12.34 %");
    expect(percentText(0.1234)).toBe("12.34 %");
    expect(percentText(Number.POSITIVE_INFINITY)).toBe("—");
    expect(fixed18Text(FIXED_ONE + FIXED_ONE / 4n)).toBe("1.2500");
  });
});
