import { expect, it } from "vitest";
import { FIXED_ONE, PHA } from "@/lib/amounts";
import { returned } from "./workers";

const TENTH = FIXED_ONE / 10n;

it("a stake comes back whole while the value is not below the initial one", () => {
  expect(returned(100n * PHA, { v: 10n, v_e: 10n }, TENTH)).toBe(100n * PHA);
  expect(returned(100n * PHA, { v: 11n, v_e: 10n }, TENTH)).toBe(100n * PHA);
  expect(returned(100n * PHA, { v: 0n, v_e: 0n }, TENTH)).toBe(100n * PHA);
});

it("a stake loses in proportion, and never more than a tenth", () => {
  expect(returned(100n * PHA, { v: 95n, v_e: 100n }, TENTH)).toBe(95n * PHA);
  expect(returned(100n * PHA, { v: 90n, v_e: 100n }, TENTH)).toBe(90n * PHA);
  expect(returned(100n * PHA, { v: 10n, v_e: 100n }, TENTH)).toBe(90n * PHA);
});
