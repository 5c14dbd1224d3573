import { beforeEach } from "vitest";

/** The steps of this file are one story: what failed leaves nothing for the next ones to stand on. */
export function stepByStep(): void {
  let hasFailed = false;
  beforeEach((context) => {
    context.skip(hasFailed, "a step before has failed");
    context.onTestFailed(() => {
      hasFailed = true;
    });
  });
}
