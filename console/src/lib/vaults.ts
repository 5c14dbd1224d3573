// What follows from how the chain runs vaults.

/** Until when a withdrawal from a vault may be cancelled, in seconds since 1970: as long as its pools allow it. */
export function cancellableUntil(
  request: { deadline_secs: bigint; claims: readonly unknown[] },
  marginSecs: number,
): number {
  const deadline = Number(request.deadline_secs);
  // What no pool was asked for has no deadline before the vault's own.
  return request.claims.length > 0 ? deadline - marginSecs : deadline;
}

/** Most pools that a vault has shares of. */
const MOST_POOLS = 16;

/** Whether a vault's owner may delegate to a pool: not too dear, now or soon, and not one too many. */
export function canUse(
  vault: { commission_limit_ppm: number; places: readonly { pool: number }[] },
  pool: { id: number; commission_ppm: number; commission_rise?: { commission_ppm: number } },
): boolean {
  const dearest = Math.max(pool.commission_ppm, pool.commission_rise?.commission_ppm ?? 0);
  const isIn = vault.places.some((place) => place.pool === pool.id);
  return dearest <= vault.commission_limit_ppm && (isIn || vault.places.length < MOST_POOLS);
}

/** What part one amount is of another: 0.25 is a quarter. */
export function partOf(amount: bigint, whole: bigint): number {
  return whole === 0n ? 0 : Number((amount * 1_000_000n) / whole) / 1_000_000;
}
