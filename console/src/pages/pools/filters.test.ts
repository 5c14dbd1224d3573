import { expect, it } from "vitest";
import { readFilters, writeFilters } from "./filters";

it("filters come back from the page's address", () => {
  const filters = {
    search: "night & day",
    isMining: true,
    isOpen: true,
    hasRoom: true,
    isVerified: true,
    maxCommission: 10,
    minApr: 5,
    sort: "apr",
    order: "asc",
    offset: 40,
  } as const;
  expect(readFilters(writeFilters(filters))).toEqual(filters);
});

it("an address with nonsense is the usual list", () => {
  const usual = readFilters(new URLSearchParams());
  expect(readFilters(new URLSearchParams("sort=evil&commission=7&offset=-3&order=up&mining=1"))).toEqual(usual);
  expect(readFilters(new URLSearchParams("offset=1.5"))).toEqual(usual);
  expect(readFilters(new URLSearchParams("offset=1000000"))).toEqual(usual);
  expect(readFilters(new URLSearchParams("offset=999999")).offset).toBe(999_999);
  expect(writeFilters(usual).size).toBe(0);
});
