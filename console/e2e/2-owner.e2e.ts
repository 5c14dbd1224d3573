// An owner of machines: a pool, a worker, its terms, and a delegator who leaves it.
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { LEAVER, OWNER } from "./cast";
import { account } from "./keys";
import { connect, until } from "./node";
import { stepByStep } from "./story";
import { closeBrowser, connectAs, finalised, switchTo, type Visit, visit } from "./visit";
import { Wallet } from "./wallet";

stepByStep();
const site = inject("site");
const chain = connect(site.node);
const wallet = new Wallet([
  { name: "Owner", account: account(OWNER) },
  { name: "Leaver", account: account(LEAVER) },
]);

let seen: Visit;
let pool = 0;
beforeAll(async () => {
  seen = await visit({ ...site, wallet });
});
afterAll(async () => {
  await seen.end();
  await closeBrowser();
  chain.client.destroy();
});

const ofPool = () => seen.page.getByRole("region", { name: `Pool ${pool}`, exact: true });
const dialog = () => seen.page.getByRole("dialog");
const terms = async (item: string) => {
  await ofPool().getByRole("button", { name: "Terms", exact: true }).click();
  await seen.page.getByRole("menuitem", { name: item }).click();
};

describe("an owner", () => {
  it("creates a pool", async () => {
    const { page } = seen;
    await seen.go("/farm");
    await connectAs(page, "Owner");
    await page.getByText("You own no pool yet").waitFor();
    await page.getByRole("button", { name: "Create a pool", exact: true }).first().click();
    await dialog().getByRole("textbox", { name: "Commission", exact: true }).fill("10");
    await dialog().getByRole("textbox", { name: "Maximum commission" }).fill("30");
    await dialog().getByRole("button", { name: "Create the pool", exact: true }).click();
    await finalised(page);
    const pools = await chain.api.query.StakePool.Pools.getEntries({ at: "best" });
    pool = pools.find(({ value }) => value.owner === account(OWNER).address)?.keyArgs[0] ?? -1;
    expect(pool).toBeGreaterThan(1);
    await ofPool().waitFor({ timeout: 60_000 });
  });

  it("says what the pool is about", async () => {
    await terms("Description");
    await dialog().getByRole("textbox", { name: "Description" }).fill("Night owls & day larks");
    await dialog().getByRole("textbox", { name: "Links" }).fill("https://example.org/owls");
    await dialog().getByRole("button", { name: "Save", exact: true }).click();
    await finalised(seen.page);
    await ofPool().getByText("Night owls & day larks").waitFor();
  });

  it("adds the worker that its relayer has registered", async () => {
    // A machine that is very busy may measure nothing at all, and only the next lease measures anew.
    await until(
      "the worker's score",
      300_000,
      async () => ((await chain.api.apis.KhalaApi.worker_status(site.worker)).registration?.score ?? 0) > 0,
    );
    await ofPool().getByRole("button", { name: "Add a worker", exact: true }).first().click();
    await dialog().getByRole("radio").first().check();
    await dialog().getByRole("button", { name: "Add the worker", exact: true }).click();
    await finalised(seen.page);
    await ofPool().getByText("Ready", { exact: true }).waitFor();
  });

  it("cannot start it without coins, and is told what is missing", async () => {
    await ofPool().getByRole("button", { name: "Start", exact: true }).click();
    await dialog()
      .getByText(/more free coins before this worker can start/)
      .waitFor();
    await dialog().getByRole("button", { name: "Cancel", exact: true }).click();
  });

  it("gets coins from a delegator", async () => {
    const { page } = seen;
    await seen.go(`/pools/${pool}`);
    await switchTo(page, "Leaver");
    await page.getByText("Night owls & day larks").waitFor();
    await page.getByRole("button", { name: "Delegate", exact: true }).first().click();
    await page.getByRole("textbox", { name: "Amount" }).fill("2000");
    await dialog().getByRole("button", { name: "Delegate", exact: true }).click();
    await finalised(page);
    await expect.poll(() => page.getByTestId("my-worth").textContent()).toMatch(/^(1,999\.9|2,0)/);
  });

  it("starts the worker with all that the pool has, within the bounds that the chain gives", async () => {
    const { page } = seen;
    // A slow machine may mine as soon as the parameters of the tests are in force.
    await until("the lowest score of the tests", 180_000, async () => {
      const { minimal_score } = await chain.api.query.Mining.Mining.getValue({ at: "best" });
      return minimal_score === 1;
    });
    await seen.go("/farm");
    await switchTo(page, "Owner");
    await ofPool().getByRole("button", { name: "Start", exact: true }).click();
    await dialog().getByRole("button", { name: "Use the most", exact: true }).click();
    expect(Number(await dialog().getByRole("textbox", { name: "Stake" }).inputValue())).toBe(2000);
    await dialog().getByRole("button", { name: "Start", exact: true }).click();
    await finalised(page);
    await ofPool().getByText("Mining", { exact: true }).waitFor();
  });

  it("sees the worker earn and the commission grow, and claims it", async () => {
    const { page } = seen;
    await expect
      .poll(() => ofPool().getByRole("button", { name: "Claim", exact: true }).isEnabled(), { timeout: 120_000 })
      .toBe(true);
    await ofPool().getByRole("button", { name: "Claim", exact: true }).click();
    await dialog().getByRole("button", { name: "Claim", exact: true }).click();
    await finalised(page);
  });

  it("sees everything about the worker", async () => {
    const { page } = seen;
    await seen.go(`/workers/${site.worker}`);
    await page.getByTestId("why").getByText("It earns", { exact: true }).waitFor();
    await page.getByRole("region", { name: "Attestation" }).getByText("Up to date").waitFor();
    await page.getByRole("region", { name: "Heartbeats" }).getByRole("table").waitFor({ timeout: 60_000 });
    await page
      .getByRole("region", { name: "What happened" })
      .getByText("Started with 2,000.00 PHA")
      .waitFor({ timeout: 60_000 });
  });

  it("announces a higher commission, and its delegators see it before it is in force", async () => {
    const { page } = seen;
    await seen.go("/farm");
    await terms("Commission");
    await dialog().getByRole("textbox", { name: "Commission" }).fill("15");
    await dialog().getByRole("button", { name: "Announce the rise", exact: true }).click();
    await finalised(page);
    await ofPool()
      .getByTestId("announced")
      .getByText(/15 % commission is announced/)
      .waitFor();
    await seen.go(`/pools/${pool}`);
    await page.getByText("A higher commission was announced").waitFor();
    await page.getByText(/From 10 % to 15 %/).waitFor();
  });

  it("sets a cap, and the pool says how much room is left", async () => {
    const { page } = seen;
    await seen.go("/farm");
    await terms("Cap");
    await dialog().getByRole("radio", { name: "A limit" }).check();
    await dialog().getByRole("textbox", { name: "Largest value of the pool" }).fill("100000");
    await dialog().getByRole("button", { name: "Set the cap", exact: true }).click();
    await finalised(page);
    await ofPool()
      .getByText(/100,000/)
      .waitFor();
  });

  it("pauses the worker and resumes it", async () => {
    const { page } = seen;
    // The chain lets a worker pause only while no challenge is open: the next try may have to wait for an answer.
    await until("the pause", 120_000, async () => {
      await ofPool().getByRole("button", { name: "Actions", exact: true }).click();
      await page.getByRole("menuitem", { name: "Pause for maintenance" }).click();
      await dialog().getByRole("button", { name: "Pause", exact: true }).click();
      const end = dialog().locator('[data-stage="finalised"], [data-stage="failed"]');
      await end.waitFor({ timeout: 60_000 });
      const isPaused = (await end.getAttribute("data-stage")) === "finalised";
      await dialog().getByRole("button", { name: "Done", exact: true }).click();
      return isPaused;
    });
    await ofPool().getByText("Maintenance", { exact: true }).waitFor();
    await ofPool().getByRole("button", { name: "Resume", exact: true }).click();
    await dialog().getByRole("button", { name: "Resume", exact: true }).click();
    await finalised(page);
    await ofPool().getByText("Mining", { exact: true }).waitFor({ timeout: 60_000 });
  });
});

describe("a delegator who leaves", () => {
  it("sees the date before signing, and the request in the queue after it", async () => {
    const { page } = seen;
    await seen.go(`/pools/${pool}`);
    await switchTo(page, "Leaver");
    await page.getByRole("button", { name: "Undelegate", exact: true }).click();
    await page.getByRole("textbox", { name: "Amount" }).fill("1500");
    const forecast = page.getByTestId("forecast");
    await forecast.getByText("Paid by").waitFor();
    expect(await forecast.textContent()).toMatch(/Waits in the queue.*Deadline.*in \d.*Paid by/s);
    await dialog().getByRole("button", { name: "Undelegate", exact: true }).click();
    await finalised(page);
    const requests = page.getByTestId("requests");
    await requests.getByText("waiting", { exact: true }).waitFor();
    await page
      .getByRole("region", { name: "Withdrawal queue" })
      .getByText("you", { exact: true })
      .waitFor({ timeout: 60_000 });
  });

  it("takes the request back", async () => {
    const { page } = seen;
    await page.getByTestId("requests").getByRole("button", { name: "Cancel" }).click();
    await dialog().getByRole("button", { name: "Cancel the withdrawal", exact: true }).click();
    await finalised(page);
    await page.getByTestId("requests").waitFor({ state: "detached" });
  });
});

describe("an owner who ends", () => {
  it("stops the worker, and sees when the stake is back", async () => {
    const { page } = seen;
    await seen.go("/farm");
    await switchTo(page, "Owner");
    await ofPool().getByRole("button", { name: "Actions", exact: true }).click();
    await page.getByRole("menuitem", { name: "Stop" }).click();
    await dialog().getByText("Of it comes back about").waitFor();
    await dialog().getByRole("button", { name: "Stop the worker", exact: true }).click();
    await finalised(page);
    await ofPool().getByText("Cooling down", { exact: true }).waitFor();
  });
});
