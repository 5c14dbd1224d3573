import { expect, it } from "vitest";
import { readFilters, writeFilters } from "./filters";

it("an address of the page says which vaults are shown", () => {
  const address = "search=5Grw&room=yes&fee=10&sort=apr&order=asc&offset=20";
  expect(writeFilters(readFilters(new URLSearchParams(address))).toString()).toBe(address);
});

it("what an address says wrongly counts as not said", () => {
  const usual = { search: "", hasRoom: false, maxFee: undefined, sort: "value", order: "desc", offset: 0 };
  expect(readFilters(new URLSearchParams("fee=11&sort=owner&order=up&offset=-1&room=1"))).toEqual(usual);
  expect(writeFilters(readFilters(new URLSearchParams())).toString()).toBe("");
});
