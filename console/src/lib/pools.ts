// Arithmetic of shares, as the chain does it: whole numbers, rounded in the pool's favour.

/** What shares are worth, in planck. */
export function worth(shares: bigint, pool: { value: bigint; shares: bigint }): bigint {
  return pool.shares === 0n ? 0n : (shares * pool.value) / pool.shares;
}

/** How many shares an amount buys. A pool without shares sells them at one. */
export function sharesFor(planck: bigint, pool: { value: bigint; shares: bigint }): bigint {
  return pool.shares === 0n || pool.value === 0n ? planck : (planck * pool.shares) / pool.value;
}

/** The smallest number of shares that is worth an amount. */
export function sharesWorth(planck: bigint, pool: { value: bigint; shares: bigint }): bigint {
  return pool.value === 0n ? 0n : (planck * pool.shares + pool.value - 1n) / pool.value;
}

/** Price moves that a transaction survives, in thousandths. */
const TOLERANCE = 5n;
export const TOLERANCE_TEXT = "0.5 %";

/** The least that is accepted of something expected. */
export const atLeast = (expected: bigint) => (expected * (1_000n - TOLERANCE)) / 1_000n;
