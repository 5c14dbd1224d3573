// Wrong input, a wallet that declines, and a visit without one.
import type { Locator } from "playwright-core";
import { afterAll, afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { IDLE_DELEGATOR, IDLE_OWNER } from "./cast";
import { account } from "./keys";
import { closeBrowser, connectAs, type Visit, visit } from "./visit";
import { Wallet } from "./wallet";

const site = inject("site");
let seen: Visit;
let wallet: Wallet;

beforeEach(async () => {
  wallet = new Wallet([
    { name: "Owner", account: account(IDLE_OWNER) },
    { name: "Delegator", account: account(IDLE_DELEGATOR) },
  ]);
  seen = await visit({ ...site, wallet });
});
afterEach(() => seen.end());
afterAll(closeBrowser);

const dialog = () => seen.page.getByRole("dialog");

/** Types each text into a field and expects a message that is like the pattern; nothing is signed. */
async function refused(field: Locator, cases: [text: string, message: RegExp][]) {
  for (const [text, message] of cases) {
    await field.fill(text);
    await expect
      .poll(() => dialog().textContent(), { message: `${JSON.stringify(text)} should be refused with ${message}` })
      .toMatch(message);
  }
  await dialog().locator('button[type="submit"]').click({ force: true });
  expect(wallet.asked).toEqual([]);
}

describe("wrong input is refused in words and signs nothing", () => {
  it("when delegating", async () => {
    await seen.go("/pools/0");
    await connectAs(seen.page, "Delegator");
    await seen.page.getByRole("button", { name: "Delegate", exact: true }).first().click();
    // It is marked as disabled, and says why when it is pressed all the same.
    await dialog().locator('button[type="submit"]').click({ force: true });
    await dialog().getByText("Enter an amount of PHA.").waitFor();
    await refused(dialog().getByRole("textbox", { name: "Amount" }), [
      ["abc", /Use digits and one point/],
      ["-1", /cannot be negative/],
      ["0.999999999999", /at least 1 PHA/],
      ["1.1234567890123", /12 places/],
      ["99999999", /The account can spend/],
    ]);
  });

  it("when undelegating and sending shares", async () => {
    await seen.go("/delegation");
    await connectAs(seen.page, "Delegator");
    const position = seen.page.getByTestId("position-0");
    await position.getByRole("button", { name: "Undelegate", exact: true }).click();
    await refused(dialog().getByRole("textbox", { name: "Amount" }), [
      ["0", /above zero/],
      ["0.5", /at least 1 PHA, or everything/],
      ["999999999", /Your shares are worth/],
    ]);
    await dialog().getByRole("button", { name: "Cancel", exact: true }).click();
    await position.getByRole("button", { name: "Send shares", exact: true }).click();
    await dialog().getByRole("textbox", { name: "Worth" }).fill("10");
    await refused(dialog().getByRole("textbox", { name: "To" }), [
      ["me", /not an address/],
      [account(IDLE_DELEGATOR).address, /your own shares/],
    ]);
    await dialog().getByRole("button", { name: "Cancel", exact: true }).click();
    await seen.page.getByRole("button", { name: "Send PHA", exact: true }).click();
    await refused(dialog().getByRole("textbox", { name: "Amount" }), [["99999999", /The account can spend/]]);
  });

  it("when creating a pool", async () => {
    await seen.go("/farm");
    await connectAs(seen.page, "Owner");
    await seen.page.getByRole("button", { name: "Create a pool", exact: true }).first().click();
    await refused(dialog().getByRole("textbox", { name: "Commission", exact: true }), [
      ["", /Enter a percentage/],
      ["101", /At most 100 %/],
      ["ten", /number from 0 to 100/],
      ["21", /cannot be below the commission/],
    ]);
    await dialog().getByRole("radio", { name: "A limit" }).check();
    await refused(dialog().getByRole("textbox", { name: "Largest value of the pool" }), [["0.5", /lets nobody in/]]);
  });

  it("in the terms of a pool and with its workers", async () => {
    await seen.go("/farm");
    await connectAs(seen.page, "Owner");
    const terms = async (item: string) => {
      await seen.page.getByRole("button", { name: "Terms", exact: true }).click();
      await seen.page.getByRole("menuitem", { name: item }).click();
    };
    const cancel = () => dialog().getByRole("button", { name: "Cancel", exact: true }).click();
    await terms("Commission");
    await refused(dialog().getByRole("textbox", { name: "Commission" }), [
      ["31", /never exceeds 30 %/],
      ["20.0001", /at most ten points/],
      ["x", /number from 0 to 100/],
    ]);
    await cancel();
    await terms("Allow-list");
    await refused(dialog().getByRole("textbox", { name: "Account" }), [["5Grwva", /not an address/]]);
    await cancel();
    await terms("Description");
    await refused(dialog().getByRole("textbox", { name: "Description" }), [["x".repeat(401), /At most 400/]]);
    await dialog().getByRole("textbox", { name: "Description" }).fill("fine");
    await refused(dialog().getByRole("textbox", { name: "Links" }), [
      ["http://example.org", /begins with https/],
      [`https://${"x".repeat(120)}`, /at most 120/],
      ["https://a\nhttps://b\nhttps://c\nhttps://d\nhttps://e", /At most 4 links/],
    ]);
    await cancel();
    await seen.page.getByRole("button", { name: "Add a worker", exact: true }).first().click();
    await refused(dialog().getByRole("textbox", { name: "Public key" }), [["0x12", /0x and 64 hexadecimal digits/]]);
  });

  it("in the calculator, the wallet dialog and the endpoint", async () => {
    const { page } = seen;
    await seen.go("/calculator");
    await page.getByRole("textbox", { name: "Score P" }).fill("20001");
    await page.getByText("Enter a number from 50 to 20,000.").waitFor();
    await page.getByText("Something is missing").waitFor();
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await dialog().getByRole("textbox").fill("nobody");
    await dialog().getByRole("button", { name: "Look", exact: true }).click();
    await dialog()
      .getByText(/not an address/)
      .waitFor();
    await page.keyboard.press("Escape");
    await page.getByTestId("chain-status").click();
    await page.getByRole("textbox", { name: "Endpoint" }).fill("https://example.org");
    await page.getByRole("button", { name: "Switch", exact: true }).click();
    await page.getByText(/begins with ws/).waitFor();
  });

  it("in addresses of pages", async () => {
    await seen.go("/pools/999999");
    await seen.page.getByText("There is no such pool").waitFor();
    await seen.go("/pools/x");
    await seen.page.getByText("There is no such pool").waitFor();
    await seen.go("/workers/0x12");
    await seen.page.getByText("This is not a worker's key").waitFor();
    await seen.go(`/workers/0x${"00".repeat(32)}`);
    await seen.page.getByText("The chain does not know this worker").waitFor();
    await seen.go("/nothing");
    await seen.page.getByText("There is nothing here").waitFor();
  });
});

describe("a wallet", () => {
  it("that declines to connect is taken at its word", async () => {
    wallet.refuses = true;
    await seen.go("/");
    await seen.page.getByRole("button", { name: "Connect", exact: true }).click();
    await seen.page.getByRole("button", { name: "test-wallet" }).click();
    await dialog().getByText("You declined it in the wallet.").waitFor();
  });

  it("that declines to sign sends nothing, and the form is as it was", async () => {
    const { page } = seen;
    await seen.go("/pools/0");
    await connectAs(page, "Delegator");
    wallet.refuses = true;
    await page.getByRole("button", { name: "Delegate", exact: true }).first().click();
    await page.getByRole("textbox", { name: "Amount" }).fill("12.5");
    await dialog().getByRole("button", { name: "Delegate", exact: true }).click();
    await dialog().getByText("You declined it in the wallet. Nothing was sent.").waitFor();
    await dialog().getByRole("button", { name: "Back to the form", exact: true }).click();
    expect(await page.getByRole("textbox", { name: "Amount" }).inputValue()).toBe("12.5");
  });

  it("is told what the chain refuses, in words", async () => {
    const { page } = seen;
    await seen.go("/farm");
    await connectAs(page, "Owner");
    await page.getByRole("button", { name: "Add a worker", exact: true }).first().click();
    await dialog()
      .getByRole("textbox", { name: "Public key" })
      .fill(`0x${"11".repeat(32)}`);
    await dialog().getByRole("button", { name: "Add the worker", exact: true }).click();
    await dialog().getByText("The chain refused it; nothing changed but the fee").waitFor({ timeout: 60_000 });
    await dialog().getByText("The worker is not registered: register it with evidence first.").waitFor();
  });
});

describe("without a wallet", () => {
  it("an address can be looked at, and nothing can be signed", async () => {
    const { page } = seen;
    await seen.go("/delegation");
    await page.getByText("Whose delegation?").waitFor();
    await page.getByRole("button", { name: "Connect", exact: true }).first().click();
    await dialog().getByRole("textbox").fill(account(IDLE_DELEGATOR).address);
    await dialog().getByRole("button", { name: "Look", exact: true }).click();
    await page.getByTestId("position-0").waitFor();
    await page.getByTestId("position-0").getByRole("button", { name: "Delegate more" }).click();
    await dialog().getByText("You look at this account without its wallet.").waitFor();
    await dialog().getByRole("button", { name: "Connect a wallet", exact: true }).waitFor();
  });
});
