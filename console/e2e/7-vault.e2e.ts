// An owner of a vault and who delegates to it: coins go in, into pools and back out, with their dates.
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { least, PHA } from "@/lib/amounts";
import { LARGEST, OPERATORS, VAULT_DELEGATOR, VAULT_OWNER } from "./cast";
import { account } from "./keys";
import { connect, send, until } from "./node";
import { stepByStep } from "./story";
import { closeBrowser, connectAs, finalised, switchTo, type Visit, visit } from "./visit";
import { Wallet } from "./wallet";

stepByStep();
const site = inject("site");
const chain = connect(site.node);
const wallet = new Wallet([
  { name: "Owner", account: account(VAULT_OWNER) },
  { name: "Delegator", account: account(VAULT_DELEGATOR) },
]);

let seen: Visit;
let vault = 0;
beforeAll(async () => {
  seen = await visit({ ...site, wallet });
});
afterAll(async () => {
  await seen.end();
  await closeBrowser();
  chain.client.destroy();
});

const ofVault = () => seen.page.getByRole("region", { name: `Vault ${vault}`, exact: true });
const dialog = () => seen.page.getByRole("dialog");
const terms = async (item: string) => {
  await ofVault().getByRole("button", { name: "Terms", exact: true }).click();
  await seen.page.getByRole("menuitem", { name: item }).click();
};
const invest = async (pool: number, amount: string) => {
  await ofVault().getByRole("button", { name: "Delegate to a pool", exact: true }).first().click();
  await dialog().getByRole("combobox", { name: "Pool" }).click();
  await seen.page.getByRole("option", { name: new RegExp(`^Pool ${pool},`) }).click();
  await dialog().getByRole("textbox", { name: "Amount" }).fill(amount);
  await dialog().getByRole("button", { name: "Delegate", exact: true }).click();
  await finalised(seen.page);
};

/**
 * Leaves the local network's second pool without free coins, so that it cannot pay at once: its delegator takes out what it has, and the
 * rest becomes stake. Rewards come in all the time, slowly.
 */
async function emptyPool(): Promise<void> {
  const { api } = chain;
  const best = { at: "best" } as const;
  const look = () => api.apis.KhalaApi.pool_status(1, best);
  const before = await look();
  const delegator = account(LARGEST);
  const held = (await api.query.StakePool.Holdings.getValue(delegator.address, 1, best)).shares;
  const shares = before ? least(held, (before.spare * before.shares) / before.value) : 0n;
  if (shares >= PHA) await send(api.tx.StakePool.undelegate({ pool: 1, shares, min_amount: 0n }), delegator);
  const { worker, more, owner } = await until("coins to bind", 120_000, async () => {
    const pool = await look();
    const owner = OPERATORS.map(account).find(({ address }) => address === pool?.owner);
    const worker = pool?.workers[0];
    if (!pool || !worker || !owner) return;
    const { session } = await api.apis.KhalaApi.worker_status(worker, best);
    const needs = await api.apis.KhalaApi.start_needs(worker, best);
    // A little below the largest stake: that moves with the score.
    return (
      session?.state.type === "Idle" &&
      needs && { worker, more: least(pool.spare, (needs.maximum * 19n) / 20n - session.stake), owner }
    );
  });
  if (more >= PHA) await send(api.tx.StakePool.add_stake({ worker, more }), owner);
}

describe("an owner of a vault", () => {
  it("creates it", async () => {
    const { page } = seen;
    await seen.go("/farm");
    await connectAs(page, "Owner");
    await page.getByRole("button", { name: "Create a vault", exact: true }).click();
    await dialog().getByRole("textbox", { name: "Fee", exact: true }).fill("20");
    await dialog().getByRole("textbox", { name: "Maximum fee" }).fill("30");
    await dialog().getByRole("textbox", { name: "Commission limit" }).fill("25");
    await dialog().getByRole("button", { name: "Create the vault", exact: true }).click();
    await finalised(page);
    const vaults = await chain.api.query.Vault.Vaults.getEntries({ at: "best" });
    const mine = vaults.filter(({ value }) => value.owner === account(VAULT_OWNER).address);
    vault = Math.max(...mine.map(({ keyArgs }) => keyArgs[0]));
    expect(vault).toBeGreaterThan(0);
    await ofVault().waitFor({ timeout: 60_000 });
    expect(await ofVault().getByRole("button", { name: "Delegate to a pool", exact: true }).first().isDisabled()).toBe(
      true,
    );
  });
});

describe("a delegator of a vault", () => {
  it("finds it in the list and delegates", async () => {
    const { page } = seen;
    await page.getByRole("link", { name: "Vaults", exact: true }).click();
    await switchTo(page, "Delegator");
    await page
      .getByRole("table", { name: "Vaults" })
      .getByRole("link", { name: `Vault ${vault}`, exact: true })
      .click();
    await page.getByText("In no pool yet").waitFor();
    await page.getByRole("button", { name: "Delegate", exact: true }).click();
    await page.getByRole("textbox", { name: "Amount" }).fill("20000");
    await dialog().getByRole("button", { name: "Delegate", exact: true }).click();
    await finalised(page);
    await expect.poll(() => page.getByTestId("my-worth").textContent()).toMatch(/^20,000\.0/);
  });
});

describe("the owner", () => {
  it("delegates the vault's coins to two pools", async () => {
    const { page } = seen;
    await page.getByRole("link", { name: "My farm" }).click();
    await switchTo(page, "Owner");
    await invest(0, "15000");
    await invest(1, "1000");
    const table = page.getByRole("table", { name: `Pools of vault ${vault}` });
    await table.getByRole("link", { name: "Pool 0", exact: true }).waitFor();
    await table.getByRole("link", { name: "Pool 1", exact: true }).waitFor();
  });

  it("cannot delegate more than is free, nor to a pool that is too dear", async () => {
    await ofVault().getByRole("button", { name: "Delegate to a pool", exact: true }).first().click();
    await dialog().getByRole("combobox", { name: "Pool" }).click();
    await seen.page.getByRole("option", { name: /^Pool 0,/ }).click();
    await dialog().getByRole("textbox", { name: "Amount" }).fill("4001");
    await dialog()
      .getByText(/The vault has 4,000\.00 PHA free for pools/)
      .waitFor();
    await dialog().getByRole("button", { name: "Cancel", exact: true }).click();
    await terms("Commission limit");
    await dialog().getByRole("textbox", { name: "Commission limit" }).fill("36");
    await dialog()
      .getByText(/at most ten points: to 35 %/)
      .waitFor();
    await dialog().getByRole("button", { name: "Cancel", exact: true }).click();
  });

  it("takes a part back from a pool, sees when it comes, and leaves it there after all", async () => {
    const { page } = seen;
    await emptyPool();
    const row = page
      .getByRole("table", { name: `Pools of vault ${vault}` })
      .getByRole("row")
      .filter({ has: page.getByRole("link", { name: "Pool 1", exact: true }) });
    await row.getByRole("button", { name: "Undelegate", exact: true }).click();
    await dialog().getByRole("textbox", { name: "Amount" }).fill("900");
    await dialog().getByTestId("forecast").getByText("Paid by").waitFor();
    await dialog().getByRole("button", { name: "Undelegate", exact: true }).click();
    await finalised(page);
    const returns = ofVault().getByTestId("returns");
    await returns.getByRole("cell", { name: "Pool 1" }).waitFor();
    await returns.getByRole("button", { name: "Cancel", exact: true }).click();
    await dialog().getByRole("button", { name: "Cancel the withdrawal", exact: true }).click();
    await finalised(page);
    await returns.waitFor({ state: "detached" });
  });

  it("announces a higher fee, and its delegators see it before it is in force", async () => {
    const { page } = seen;
    await terms("Fee");
    await dialog().getByRole("textbox", { name: "Fee" }).fill("22");
    await dialog().getByRole("button", { name: "Announce the rise", exact: true }).click();
    await finalised(page);
    await ofVault()
      .getByTestId("announced")
      .getByText(/22 % fee is announced/)
      .waitFor();
    await ofVault().getByRole("link", { name: "See it as delegators do" }).click();
    await page.getByText("A higher fee was announced").waitFor();
    await page.getByText(/From 20 % to 22 %/).waitFor();
  });
});

describe("the delegator", () => {
  it("sees which pools the vault uses, its price over time and its history", async () => {
    const { page } = seen;
    await switchTo(page, "Delegator");
    const pools = page.getByRole("region", { name: "Pools of the vault" });
    await pools.getByRole("link", { name: "Pool 0", exact: true }).waitFor();
    await pools.getByText(/^7\d\.\d %$/).waitFor();
    await page.getByRole("figure", { name: /^Price of a share and high-water mark/ }).waitFor({ timeout: 60_000 });
    const history = page.getByRole("table", { name: "History of the vault" });
    await history.getByText("Delegated to a pool").first().waitFor({ timeout: 60_000 });
    await history.getByText("Higher fee announced").waitFor({ timeout: 60_000 });
  });

  it("earns with the vault", async () => {
    const { page } = seen;
    await page.getByRole("link", { name: "My delegation" }).click();
    const position = page.getByTestId(`vault-position-${vault}`);
    const worth = async () =>
      Number(/[\d,]+\.\d+/.exec((await position.getByTestId("worth").textContent()) ?? "")?.[0].replaceAll(",", ""));
    await expect.poll(worth, { timeout: 120_000 }).toBeGreaterThan(20_000);
  });

  it("sees the dates, and from which pools it is paid, before it leaves", async () => {
    const { page } = seen;
    const position = page.getByTestId(`vault-position-${vault}`);
    await emptyPool();
    await position.getByRole("button", { name: "Undelegate", exact: true }).click();
    await dialog().getByRole("textbox", { name: "Amount" }).fill("19500");
    const forecast = dialog().getByTestId("forecast");
    await forecast.getByText("Paid by").waitFor();
    expect(await forecast.textContent()).toMatch(
      /Paid at once.*Waits in the queue.*Deadline.*in \d.*From pool 0.*From pool 1/s,
    );
    await dialog().getByRole("button", { name: "Undelegate", exact: true }).click();
    await finalised(page);
    const requests = position.getByTestId("requests");
    await requests.getByText("waiting", { exact: true }).waitFor();
    await requests.getByRole("link", { name: "Pool 1", exact: true }).waitFor();
    await page
      .getByRole("table", { name: "Movements" })
      .getByRole("link", { name: `Vault ${vault}`, exact: true })
      .first()
      .waitFor({ timeout: 60_000 });
  });

  it("takes the request back", async () => {
    const { page } = seen;
    const requests = page.getByTestId(`vault-position-${vault}`).getByTestId("requests");
    await requests.getByRole("button", { name: "Cancel", exact: true }).click();
    await dialog().getByRole("button", { name: "Cancel the withdrawal", exact: true }).click();
    await finalised(page);
    await requests.waitFor({ state: "detached" });
  });
});

describe("the owner, in the end", () => {
  it("claims the fee that was earned, and has it as a delegation", async () => {
    const { page } = seen;
    await page.getByRole("link", { name: "My farm" }).click();
    await switchTo(page, "Owner");
    await ofVault().getByRole("button", { name: "Claim", exact: true }).click();
    await expect
      .poll(() => dialog().getByRole("button", { name: "Claim", exact: true }).getAttribute("aria-disabled"), {
        timeout: 120_000,
      })
      .toBeNull();
    await dialog().getByRole("button", { name: "Claim", exact: true }).click();
    await finalised(page);
    await page.getByRole("link", { name: "My delegation" }).click();
    await page.getByTestId(`vault-position-${vault}`).waitFor();
  });
});
