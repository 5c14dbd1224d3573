import { describe, expect, it } from "vitest";
import { isSameAccount, parseAddress, parseWorkerKey, shortened } from "./addresses";

const ALICE = "45R2pfjQUW2s9PQRHU48HQKLKHVMaDja7N3wpBtmF28UYDs2";
const ALICE_GENERIC = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
const ALICE_POLKADOT = "15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5";

describe("addresses", () => {
  it("of other networks are the same accounts here", () => {
    expect(parseAddress(ALICE_POLKADOT)).toEqual({ ok: true, value: ALICE });
    expect(parseAddress(ALICE_GENERIC)).toEqual({ ok: true, value: ALICE });
    expect(isSameAccount(ALICE_GENERIC, ALICE_POLKADOT)).toBe(true);
    expect(isSameAccount(ALICE, "nonsense")).toBe(false);
  });

  it("with a mistyped character are refused", () => {
    expect(parseAddress(ALICE_GENERIC.replace("Grwv", "Grwx")).ok).toBe(false);
    expect(parseAddress("").ok).toBe(false);
    expect(parseAddress("0x1234").ok).toBe(false);
  });
});

describe("public keys of workers", () => {
  it("have 64 hexadecimal digits", () => {
    const key = `0x${"aB".repeat(32)}`;
    expect(parseWorkerKey(` ${key} `)).toEqual({ ok: true, value: key.toLowerCase() });
    expect(parseWorkerKey(key.slice(0, -1)).ok).toBe(false);
    expect(parseWorkerKey(`${key}0`).ok).toBe(false);
    expect(parseWorkerKey(key.slice(2)).ok).toBe(false);
    expect(parseWorkerKey("").ok).toBe(false);
  });
});

it("what is short is not shortened", () => {
  expect(shortened("0x1234")).toBe("0x1234");
  expect(shortened(ALICE_GENERIC)).toBe("5Grwva…GKutQY");
});
