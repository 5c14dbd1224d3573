// Every page, in both themes and at each width: nothing cut, nothing raw, accessible, still while it loads. Screenshots are kept.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { account } from "./keys";
import { connect } from "./node";
import { OWNER } from "./setup";
import { closeBrowser, type Visit, visit } from "./visit";

const site = inject("site");
const chain = connect(site.node);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const shots = join(site.output, "screenshots");
mkdirSync(shots, { recursive: true });

// The owner of the local network's first pool: all pages have something to show.
let owner = account("//Operator//1").address;
let pages: [name: string, path: string][] = [];

beforeAll(async () => {
  const workers = await chain.api.query.Registry.Workers.getEntries({ at: "best" });
  const mine = workers.find(({ value }) => value.info.operator === owner) ?? workers[0];
  owner = mine?.value.info.operator ?? account(OWNER).address;
  pages = [
    ["network", "/"],
    ["pools", "/pools"],
    ["pool", "/pools/0"],
    ["workers", "/workers"],
    ["worker", `/workers/${mine?.keyArgs[0]}`],
    ["delegation", "/delegation"],
    ["farm", "/farm"],
    ["calculator", "/calculator"],
    ["wiki", "/wiki"],
    ["block", "/blocks/60"],
    ["not-found", "/nothing"],
  ];
});
afterAll(async () => {
  await closeBrowser();
  chain.client.destroy();
});

const NAMES = [
  "network",
  "pools",
  "pool",
  "workers",
  "worker",
  "delegation",
  "farm",
  "calculator",
  "wiki",
  "block",
  "not-found",
];
const pathOf = (name: string) => pages.find(([each]) => each === name)?.[1] ?? "/";

/** Waits until nothing is being loaded any more. */
async function settled(page: Page): Promise<void> {
  await page.locator("h1").waitFor();
  await expect
    .poll(() => page.locator('[aria-busy="true"], .mantine-Skeleton-root').count(), { timeout: 60_000 })
    .toBe(0);
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
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

const RAW = /undefined|\bNaN\b|\[object|Infinity|\bnull\b|LeaseLapsed|CoolingDown|SWHardening|UpToDate|coolingDown/;

for (const scheme of ["light", "dark"] as const) {
  for (const width of [1440, 390]) {
    describe(`at ${width} px, ${scheme}`, () => {
      let seen: Visit;
      beforeAll(async () => {
        seen = await visit({
          ...site,
          width,
          height: width < 500 ? 844 : 900,
          scheme,
          remembered: { "khala.account": { kind: "readOnly", address: owner } },
        });
      });
      afterAll(() => seen.end());

      it.each(NAMES)("%s is right", async (name) => {
        const { page } = seen;
        await page.addInitScript(() => {
          const shifts = window as unknown as { __shift: number };
          shifts.__shift = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries() as (PerformanceEntry & {
              value: number;
              hadRecentInput: boolean;
            })[]) {
              if (!entry.hadRecentInput) shifts.__shift += entry.value;
            }
          }).observe({ type: "layout-shift", buffered: true });
        });
        await seen.go(pathOf(name));
        await settled(page);
        const shift = await page.evaluate(() => (window as unknown as { __shift: number }).__shift);
        expect(shift, "the page jumps while it loads").toBeLessThan(0.1);
        const text = (await page.locator("main").textContent()) ?? "";
        expect(RAW.exec(text)?.[0], "raw values").toBeUndefined();
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow, "wider than the window").toBeLessThanOrEqual(0);
        await page.screenshot({ path: join(shots, `${name}-${width}-${scheme}.png`), fullPage: true });
        expect(await violations(page)).toEqual([]);
      });
    });
  }
}

describe("at widths between and beyond", () => {
  it.each([768, 1024, 1920])("%i px: nothing is wider than the window", async (width) => {
    const seen = await visit({ ...site, width, remembered: { "khala.account": { kind: "readOnly", address: owner } } });
    for (const name of NAMES) {
      await seen.go(pathOf(name));
      await settled(seen.page);
      const overflow = await seen.page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, name).toBeLessThanOrEqual(0);
    }
    await seen.end();
  });
});

describe("by keyboard", () => {
  it("the content, the pages, explanations and the wallet dialog are reached and left", async () => {
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
    await page.getByRole("button", { name: "Connect", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await expect.poll(focused).toBe("Connect");
    await page.getByRole("link", { name: "Pools" }).focus();
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
    const seen = await visit({ ...site, remembered: { "khala.account": { kind: "readOnly", address: owner } } });
    const { page } = seen;
    for (const [path, button] of [
      ["/pools/0", "Delegate"],
      ["/farm", "Create a pool"],
      ["/", "Transactions"],
    ] as const) {
      await seen.go(path);
      await settled(page);
      await page.getByRole("button", { name: button, exact: true }).first().click();
      await page.getByRole("dialog").waitFor();
      expect(await violations(page), path).toEqual([]);
    }
    await seen.end();
  });
});
