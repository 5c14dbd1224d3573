import { describe, expect, it } from "vitest";
import { durationText, relativeText } from "./dates";

describe("durations", () => {
  it("use their two largest units", () => {
    expect(durationText(0)).toBe("0 seconds");
    expect(durationText(1)).toBe("1 second");
    expect(durationText(59)).toBe("59 seconds");
    expect(durationText(60)).toBe("1 minute");
    expect(durationText(61)).toBe("1 minute 1 second");
    expect(durationText(3_600 * 28)).toBe("1 day 4 hours");
    expect(durationText(86_400 * 14 + 3_600)).toBe("14 days");
    expect(durationText(31_536_000 * 2)).toBe("2 years");
  });

  it("are never negative", () => {
    expect(durationText(-5)).toBe("0 seconds");
  });
});

describe("moments", () => {
  it("are told from now", () => {
    expect(relativeText(120_000, 0)).toBe("in 2 minutes");
    expect(relativeText(0, 119_000)).toBe("1 minute ago");
    expect(relativeText(0, 120_000)).toBe("2 minutes ago");
    expect(relativeText(86_400_000 * 14, 0)).toBe("in 14 days");
    expect(relativeText(0, 1_000)).toBe("just now");
  });
});
