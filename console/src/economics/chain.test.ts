import { expect, it } from "vitest";
import { parametersFromChain } from "./chain";
import { KHALA } from "./parameters";

it("the chain's stored parameters are those of the production network", () => {
  const PLACES = 10n ** 18n;
  // As the economics crate stores them.
  const read = parametersFromChain({
    growth_per_sec: 4_401_124_608_587_346_522_328n,
    keep_per_sec: 79_228_140_495_433_223_758_147_691_174n,
    cost_k_per_year: 3_292_920_504_499_111_531_231_670_436n,
    cost_b_per_year: 7_019_120_022_748_106_158_678_034_350_080n,
    v_max: 30_000n << 96n,
    treasury_ratio: PLACES / 5n,
    rig_k: (PLACES * 3n) / 10n,
    re: (PLACES * 3n) / 2n,
    k: 50n * PLACES,
    max_principal_slash: PLACES / 10n,
    share_floor: 0n,
  });
  for (const [name, value] of Object.entries(read)) {
    const expected = KHALA[name as keyof typeof KHALA];
    if (expected === 0) expect(value).toBe(0);
    else expect(Math.abs(value / expected - 1), name).toBeLessThan(1e-9);
  }
});
