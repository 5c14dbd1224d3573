// A new user with a wallet and the console, and nothing else.
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { DELEGATOR } from "./cast";
import { account } from "./keys";
import { stepByStep } from "./story";
import { closeBrowser, connectAs, finalised, type Visit, visit } from "./visit";
import { Wallet } from "./wallet";

stepByStep();
const site = inject("site");
const wallet = new Wallet([{ name: "Delegator", account: account(DELEGATOR) }]);
/** From the first look to the first reward, in milliseconds. */
const LIMIT = 120_000;

let seen: Visit;
beforeAll(async () => {
  seen = await visit({ ...site, wallet });
});
afterAll(async () => {
  await seen.end();
  await closeBrowser();
});

/** PHA of a text such as `1,234.5678 PHA`. */
const pha = (text: string | null) => Number(/[\d,]+\.?\d*/.exec(text ?? "")?.[0]?.replaceAll(",", "") ?? Number.NaN);

describe("a new user", () => {
  let startedMs = 0;

  it("finds a pool that mines", async () => {
    startedMs = Date.now();
    await seen.go("/");
    await seen.page.getByRole("link", { name: "Pools" }).click();
    await seen.page.getByRole("table", { name: "Stake pools" }).getByRole("link", { name: "Pool 0" }).click();
    await seen.page.getByRole("heading", { name: "Pool 0", level: 1 }).waitFor();
  });

  it("delegates, and sees the transaction become final", async () => {
    const { page } = seen;
    await connectAs(page, "Delegator");
    await page.getByRole("button", { name: "Delegate", exact: true }).first().click();
    await page.getByRole("textbox", { name: "Amount" }).fill("10000");
    await expect.poll(() => page.getByTestId("fee").textContent(), { timeout: 20_000 }).toMatch(/^0\.\d+ PHA$/);
    await page.getByRole("dialog").getByRole("button", { name: "Delegate", exact: true }).click();
    await finalised(page);
    expect(wallet.asked).toHaveLength(1);
  });

  it("sees the first reward in less than two minutes, without loading the page again", async () => {
    const { page } = seen;
    await page.getByRole("link", { name: "My delegation" }).click();
    const worth = page.getByTestId("position-0").getByTestId("worth");
    const before = pha(await worth.textContent());
    expect(before).toBeGreaterThan(9_999);
    await expect
      .poll(async () => pha(await worth.textContent()), { timeout: LIMIT - (Date.now() - startedMs) })
      .toBeGreaterThan(Math.max(before, 10_000));
    console.log(`first reward after ${Math.round((Date.now() - startedMs) / 1000)} s`);
    expect(Date.now() - startedMs).toBeLessThan(LIMIT);
  });

  it("sees what was earned, put in and signed", async () => {
    const { page } = seen;
    await expect
      .poll(async () => pha(await page.getByTestId("gained").textContent()), { timeout: 60_000 })
      .toBeGreaterThan(0);
    await page.getByRole("table", { name: "Movements" }).getByText("Delegated", { exact: true }).waitFor();
    await page.getByRole("table", { name: "Signed transactions" }).getByText("Delegate", { exact: true }).waitFor();
  });

  it("takes a part back at once while the pool has free coins", async () => {
    const { page } = seen;
    await page.getByTestId("position-0").getByRole("button", { name: "Undelegate", exact: true }).click();
    await page.getByRole("textbox", { name: "Amount" }).fill("1000");
    const forecast = page.getByTestId("forecast");
    await forecast.waitFor();
    await expect.poll(() => forecast.textContent()).toMatch(/Paid at once.*1,000\.00/);
    await page.getByRole("dialog").getByRole("button", { name: "Undelegate", exact: true }).click();
    await finalised(page);
    await page.getByRole("table", { name: "Movements" }).getByText("Paid out at once").waitFor({ timeout: 60_000 });
  });

  it("sends shares to somebody else", async () => {
    const { page } = seen;
    await page.getByTestId("position-0").getByRole("button", { name: "Send shares", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "To" }).fill(account("//Bob").address);
    await dialog.getByRole("textbox", { name: "Worth" }).fill("100");
    await dialog.getByRole("button", { name: "Send", exact: true }).click();
    await finalised(page);
    await page.getByRole("table", { name: "Movements" }).getByText("Shares sent").waitFor({ timeout: 60_000 });
  });

  it("is the same user after the page was loaded again", async () => {
    const { page } = seen;
    await page.reload();
    await page.getByTestId("account").filter({ hasText: "Delegator" }).waitFor();
    await page.getByTestId("position-0").waitFor();
  });
});
