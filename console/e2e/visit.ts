// A visit of the console in a real browser.
import { type Browser, chromium, type Page } from "playwright-core";
import { expect } from "vitest";
import type { Wallet } from "./wallet";

let browser: Browser | undefined;

async function launched(): Promise<Browser> {
  browser ??= await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--font-render-hinting=none"],
  });
  return browser;
}

export async function closeBrowser(): Promise<void> {
  await browser?.close();
  browser = undefined;
}

/** The pages of all visits that have not ended. */
export const openPages = (): Page[] => browser?.contexts().flatMap((context) => context.pages()) ?? [];

export interface Visit {
  page: Page;
  /** What the page asked of other hosts than the console's and the node's. */
  outside: string[];
  /** Errors of the page's own program. */
  errors: string[];
  /** Opens a page of the console. */
  go: (path: string) => Promise<void>;
  end: () => Promise<void>;
}

interface Options {
  console: string;
  node: string;
  wallet?: Wallet;
  width?: number;
  height?: number;
  scheme?: "light" | "dark";
  /** Remembered from a visit before. */
  remembered?: Record<string, unknown>;
}

export async function visit({
  console: base,
  node,
  wallet,
  width = 1440,
  height = 900,
  scheme = "light",
  remembered = {},
}: Options): Promise<Visit> {
  const context = await (await launched()).newContext({
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(90_000);
  const [outside, errors]: [string[], string[]] = [[], []];
  const allowed = new Set([new URL(base).host, new URL(node).host]);
  const isOutside = (url: string) => /^(https?|wss?):/.test(url) && !allowed.has(new URL(url).host);
  page.on("request", (request) => {
    if (isOutside(request.url())) outside.push(request.url());
  });
  page.on("websocket", (socket) => {
    if (isOutside(socket.url())) outside.push(socket.url());
  });
  page.on("pageerror", (error) => errors.push(error.message));
  await page.addInitScript((all) => {
    for (const [key, value] of Object.entries(all))
      if (localStorage.getItem(key) === null) localStorage.setItem(key, JSON.stringify(value));
  }, remembered);
  if (wallet) await wallet.install(page);
  return {
    page,
    outside,
    errors,
    go: async (path) => {
      await page.goto(`${base}${path}`);
      await page.getByTestId("chain-status").waitFor();
    },
    end: async () => {
      expect(outside, "requests to other hosts").toEqual([]);
      expect(errors, "errors of the page").toEqual([]);
      await context.close();
    },
  };
}

/** Connects the test wallet and chooses one of its accounts. */
export async function connectAs(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "Connect", exact: true }).first().click();
  await page.getByRole("button", { name: "test-wallet" }).click();
  await page.getByTestId("wallet-account").filter({ hasText: name }).click();
  await page.getByTestId("account").filter({ hasText: name }).waitFor();
}

/** Goes over to another account of the connected wallet. */
export async function switchTo(page: Page, name: string): Promise<void> {
  await page.getByTestId("account").click();
  await page.getByTestId("wallet-account").filter({ hasText: name }).click();
  await page.getByTestId("account").filter({ hasText: name }).waitFor();
}

/** Waits until the transaction of the open dialog is final, and closes it. */
export async function finalised(page: Page): Promise<void> {
  const dialog = page.getByRole("dialog");
  const transaction = dialog.getByTestId("transaction");
  await transaction.and(page.locator('[data-stage="finalised"], [data-stage="failed"]')).waitFor({ timeout: 60_000 });
  if ((await transaction.getAttribute("data-stage")) === "failed")
    throw new Error(`the transaction failed: ${await dialog.textContent()}`);
  await dialog.getByText("Fee paid").waitFor();
  await dialog.getByRole("button", { name: "Done" }).click();
  await dialog.waitFor({ state: "detached" });
}
