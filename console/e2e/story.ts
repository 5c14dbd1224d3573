import { join } from "node:path";
import { beforeEach, inject } from "vitest";
import { openPages } from "./visit";

/** The steps of this file are one story: what failed leaves nothing for the next ones to stand on, but a picture in the output. */
export function stepByStep(): void {
  const { output } = inject("site");
  let hasFailed = false;
  beforeEach((context) => {
    context.skip(hasFailed, "a step before has failed");
    context.onTestFailed(async () => {
      hasFailed = true;
      const name = context.task.name.replaceAll(/\W+/g, "-");
      for (const [index, page] of openPages().entries())
        await page.screenshot({ path: join(output, `failed-${name}-${index}.png`), fullPage: true });
    });
  });
}
