import { describe, expect, it } from "vitest";
import { KHALA } from "@/economics/parameters";
import { PRESETS } from "@/economics/presets";
import { fieldsOf, read } from "./inputs";

const fields = fieldsOf(PRESETS[1]);

describe("the calculator's fields", () => {
  it("begin without problems", () => {
    expect(read(fields, KHALA).values).toMatchObject({ score: 2000, level: 4, stake: 5000, own: 100 });
  });

  it("have bounds at each end", () => {
    const problems = (change: Partial<typeof fields>) => Object.keys(read({ ...fields, ...change }, KHALA).problems);
    expect(problems({ score: "49" })).toEqual(["score"]);
    expect(problems({ score: "50" })).toEqual([]);
    expect(problems({ own: "100" })).toEqual([]);
    expect(problems({ own: "100.1" })).toEqual(["own"]);
    expect(problems({ commission: "-1" })).toEqual(["commission"]);
    expect(problems({ watts: "" })).toEqual(["watts"]);
    expect(problems({ pha: "1e3" })).toEqual(["pha"]);
  });

  it("take a stake between the chain's bounds", () => {
    const stake = (text: string) => read({ ...fields, level: "1", stake: text }, KHALA).problems.stake;
    expect(stake("2236.06")).toMatch("2,236.07 to 19,400.00");
    expect(stake("2236.07")).toBeUndefined();
    expect(stake("19400")).toBeUndefined();
    expect(stake("19400.01")).toMatch("a stake is");
  });

  it("give no values while one is wrong", () => {
    expect(read({ ...fields, stake: "x" }, KHALA).values).toBeUndefined();
  });
});
