// Every page, in both themes and at each width: nothing cut, nothing raw, accessible, still while it loads. Screenshots are kept.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { OPERATOR } from "./cast";
import { account } from "./keys";
import { connect, until } from "./node";
import { closeBrowser, type Visit, visit } from "./visit";

const site = inject("site");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const shots = join(site.output, "screenshots");
mkdirSync(shots, { recursive: true });

// The owner of the local network's first pool: all pages have something to show.
const owner = account(OPERATOR).address;
const remembered = { "khala.account": { kind: "readOnly", address: owner } };
let worker = "";
/** How old the network has to be, in blocks of a second: charts need something to show in pictures. */
const HISTORY_BLOCKS = Number(process.env.KHALA_HISTORY_BLOCKS ?? 0);

beforeAll(
  async () => {
    const { api, client } = connect(site.node);
    try {
      worker = await until("a worker of the operator", 60_000, async () => {
        const workers = await api.query.Registry.Workers.getEntries({ at: "best" });
        return workers.find(({ value }) => value.info.operator === owner)?.keyArgs[0];
      });
      await until("a network with a history", HISTORY_BLOCKS * 5_000, async () => {
        return (await api.query.System.Number.getValue({ at: "best" })) >= HISTORY_BLOCKS;
      });
    } finally {
      client.destroy();
    }
  },
  HISTORY_BLOCKS * 5_000 + 300_000,
);
afterAll(closeBrowser);

const PAGES: [name: string, path: () => string][] = [
  ["network", () => "/"],
  ["pools", () => "/pools"],
  ["pool", () => "/pools/0"],
  ["vaults", () => "/vaults"],
  ["vault", () => "/vaults/0"],
  ["workers", () => "/workers"],
  ["worker", () => `/workers/${worker}`],
  ["delegation", () => "/delegation"],
  ["farm", () => "/farm"],
  ["calculator", () => "/calculator"],
  ["wiki", () => "/wiki"],
  ["block", () => "/blocks/20"],
  ["not-found", () => "/nothing"],
];

/** Waits until nothing is being loaded any more. */
async function settled(page: Page): Promise<void> {
  await page.locator("h1").waitFor();
  await expect
    .poll(() => page.locator('[aria-busy="true"], .mantine-Skeleton-root').count(), { timeout: 60_000 })
    .toBe(0);
}

async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  return page.evaluate(async () => {
    const runner = (
      window as unknown as {
        axe: {
          run: (
            context: unknown,
            options: unknown,
          ) => Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
        };
      }
    ).axe;
    const { violations } = await runner.run(document, { resultTypes: ["violations"] });
    return violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} (${failureSummary?.slice(0, 200)})`).join(" | ")}`,
    );
  });
}

/** Waits until colours that change have changed. */
const still = (page: Page) =>
  page.evaluate(async () => {
    const ends = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity);
    await Promise.allSettled(ends.map(({ finished }) => finished));
  });

/** Pixels by which the page is wider than the window. */
const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Tables that are wider than their place: they can be moved, but what stands at their right is not seen. */
const cutTables = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("table")]
      .filter(({ parentElement: place }) => place && place.scrollWidth > place.clientWidth + 1)
      .map((table) => table.getAttribute("aria-label")),
  );

/** The whole page as WebP: a quarter of the size of PNG. The window is as high as the page: what stays at its edges stands there. */
async function picture(page: Page): Promise<Buffer> {
  const window = page.viewportSize() ?? { width: 0, height: 0 };
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ ...window, height: Math.max(height, window.height) });
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: 80 });
  await session.detach();
  await page.setViewportSize(window);
  return Buffer.from(data, "base64");
}

/** Adds up how far things jump in every page that is opened from now on; `moved` says it. */
const watchJumps = (page: Page) =>
  page.addInitScript(() => {
    const jumps = window as unknown as { __jumps: { value: number; nodes: string[] }[] };
    jumps.__jumps = [];
    type Jump = PerformanceEntry & { value: number; hadRecentInput: boolean; sources: { node: Node | null }[] };
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput, sources } of list.getEntries() as Jump[]) {
        const nodes = sources.map(({ node }) => node?.textContent?.slice(0, 60) ?? "");
        if (!hadRecentInput) jumps.__jumps.push({ value, nodes });
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
const jumps = (page: Page) =>
  page.evaluate(() => (window as unknown as { __jumps: { value: number; nodes: string[] }[] }).__jumps);
/** What people notice, by the usual measure of layout shift. */
const NOTICED = 0.1;

const RAW = /undefined|\bNaN\b|\[object|Infinity|\bnull\b|LeaseLapsed|CoolingDown|SWHardening|UpToDate|coolingDown/;

describe.each([
  [1440, 900, [768, 1024, 1920]],
  [390, 844, []],
] as const)("at %i px", (width, height, others) => {
  let seen: Visit;
  beforeAll(async () => {
    seen = await visit({ ...site, width, height, remembered });
    await watchJumps(seen.page);
  });
  afterAll(() => seen.end());

  it.each(PAGES)("%s is right in both themes", async (name, path) => {
    const { page } = seen;
    await page.emulateMedia({ colorScheme: "light" });
    await seen.go(path());
    await settled(page);
    const moved = await jumps(page);
    const sum = moved.reduce((sum, { value }) => sum + value, 0);
    expect(sum, `the page jumps while it loads: ${JSON.stringify(moved)}`).toBeLessThan(NOTICED);
    expect(RAW.exec((await page.locator("main").textContent()) ?? "")?.[0], "raw values").toBeUndefined();
    expect(await overflow(page), "wider than the window").toBeLessThanOrEqual(0);
    expect(await cutTables(page), "tables that are cut").toEqual([]);
    for (const scheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.locator(`html[data-mantine-color-scheme="${scheme}"]`).waitFor({ state: "attached" });
      await still(page);
      writeFileSync(join(shots, `${name}-${width}-${scheme}.webp`), await picture(page));
      expect(await violations(page), scheme).toEqual([]);
    }
    for (const other of others) {
      await page.setViewportSize({ width: other, height });
      await expect.poll(() => overflow(page), { message: `wider than a window of ${other} px` }).toBeLessThanOrEqual(0);
    }
    await page.setViewportSize({ width, height });
  });
});

it("a first visit loads less than 500 kB from the host, compressed", async () => {
  const seen = await visit({ ...site, remembered });
  const session = await seen.page.context().newCDPSession(seen.page);
  await session.send("Network.enable");
  let bytes = 0;
  session.on("Network.loadingFinished", ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await seen.go("/");
  await settled(seen.page);
  console.log(`a first visit of the Network page loads ${Math.round(bytes / 1000)} kB`);
  expect(bytes).toBeGreaterThan(100_000);
  expect(bytes).toBeLessThan(500_000);
  await seen.end();
});

describe("by keyboard", () => {
  it("the content, the pages, explanations, charts and the wallet dialog are reached and left", async () => {
    const seen = await visit(site);
    const { page } = seen;
    await seen.go("/");
    await settled(page);
    const focused = () =>
      page.evaluate(
        () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "",
      );
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Skip to the content");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    expect(await focused()).toMatch(/^What is/);
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Read more in the wiki" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "Read more in the wiki" }).waitFor({ state: "detached" });
    const chart = page.getByRole("slider", { name: /^Workers over time/ });
    await chart.waitFor({ timeout: 60_000 });
    await chart.focus();
    await page.keyboard.press("Home");
    expect(await chart.getAttribute("aria-valuetext")).toMatch(/\d{4}.*: Mining \d+, Registered \d+/);
    await page.getByRole("button", { name: "Connect", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await expect.poll(focused).toBe("Connect");
    await page.getByRole("link", { name: "Pools", exact: true }).focus();
    await page.keyboard.press("Enter");
    const heading = page
      .getByRole("columnheader", { name: "Commission" })
      .getByRole("button", { name: "Commission", exact: true });
    await heading.focus();
    await page.keyboard.press("Enter");
    await expect
      .poll(() => page.getByRole("columnheader", { name: "Commission" }).getAttribute("aria-sort"))
      .toBe("descending");
    await seen.end();
  });
});

describe("dialogs", () => {
  it("have no violations", async () => {
    const seen = await visit({ ...site, remembered });
    const { page } = seen;
    for (const [path, button] of [
      ["/pools/0", "Delegate"],
      ["/vaults/0", "Undelegate"],
      ["/farm", "Create a pool"],
      ["/farm", "Create a vault"],
      ["/farm", "Delegate to a pool"],
      ["/", "Transactions"],
    ] as const) {
      await seen.go(path);
      await settled(page);
      await page.getByRole("button", { name: button, exact: true }).first().click();
      await page.getByRole("dialog").waitFor();
      expect(await violations(page), `${path}: ${button}`).toEqual([]);
    }
    await seen.end();
  });
});
