// The calculator's numbers are the chain's.
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { levelFromChain } from "@/economics/chain";
import { phaInput } from "@/lib/amounts";
import { OWNER } from "./cast";
import { account } from "./keys";
import { connect, until } from "./node";
import { closeBrowser, type Visit, visit } from "./visit";

const site = inject("site");
const chain = connect(site.node);
let seen: Visit;
beforeAll(async () => {
  seen = await visit(site);
});
afterAll(async () => {
  await seen.end();
  await closeBrowser();
  chain.client.destroy();
});

const shown = async (name: string) => Number((await seen.page.getByTestId(name).textContent())?.replace(/[^\d.]/g, ""));

it("bounds of the stake and the initial value are those that the chain uses for a mining worker", async () => {
  const { page } = seen;
  const { api } = chain;
  // Somebody else's worker that mines, with the score and level that it began with.
  const [status, needs] = await until("a mining worker", 120_000, async () => {
    for (const { keyArgs, value } of await api.query.Registry.Workers.getEntries({ at: "best" })) {
      if (value.info.operator === account(OWNER).address) continue;
      const status = await api.apis.KhalaApi.worker_status(keyArgs[0], { at: "best" });
      const needs = await api.apis.KhalaApi.start_needs(keyArgs[0], { at: "best" });
      if (status.session?.state.type === "Idle" && status.registration && needs && needs.score >= 1)
        return [status, needs] as const;
    }
  });
  const { session, registration } = status;
  if (!session || !registration) throw new Error("the worker has no session");
  await seen.go("/calculator");
  await page.getByRole("textbox", { name: "Score P" }).fill(String(session.p));
  await page.getByRole("textbox", { name: "Stake", exact: true }).fill(phaInput(session.stake));
  await page
    .locator("label")
    .filter({ hasText: new RegExp(`^${levelFromChain(registration.confidence_level)}$`) })
    .click();
  expect(await shown("v-e")).toBeCloseTo(Number(session.v_e) / 1e18, 5);
  // What a start needs goes by the newest score, which a renewal may have changed since the worker began.
  await page.getByRole("textbox", { name: "Score P" }).fill(String(needs.score));
  expect(await shown("s-min")).toBeCloseTo(Number(needs.minimum) / 1e12, 5);
  expect(await shown("s-max")).toBeCloseTo(Number(needs.maximum) / 1e12, 5);
});
