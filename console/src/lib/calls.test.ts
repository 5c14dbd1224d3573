import { expect, it } from "vitest";
import { callText } from "./calls";

it("calls have names that people use", () => {
  expect(callText("StakePool", "delegate")).toBe("Delegate");
  expect(callText("Registry", "set_registrar")).toBe("Registry: set registrar");
  expect(callText("StakePool", "RewardTaken")).toBe("Stake pool: reward taken");
});
