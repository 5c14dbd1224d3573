// Amounts of PHA: planck (whole numbers, 12 decimals) on the chain, text for people. No floating point on the way to a transaction.

/** Planck of one PHA. */
export const PHA = 1_000_000_000_000n;
const DECIMALS = 12;
/** One in the chain's fixed-point numbers. */
export const FIXED_ONE = 1_000_000_000_000_000_000n;
const FIXED_DECIMALS = 18;
/** The largest balance of the chain. */
const MAX_BALANCE = (1n << 128n) - 1n;

const grouped = (whole: bigint) => whole.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ",");

/** A whole number of 10^-decimals as text with `places` places, cut off, never rounded up: nobody is shown more than there is. */
function fixedText(units: bigint, decimals: number, places: number): string {
  const negative = units < 0n;
  const one = 10n ** BigInt(decimals);
  const size = negative ? -units : units;
  const fraction = (size % one).toString().padStart(decimals, "0").slice(0, places);
  return `${negative ? "−" : ""}${grouped(size / one)}${places > 0 ? `.${fraction}` : ""}`;
}

/** Planck as PHA, without the unit. */
export function phaText(planck: bigint, places = 2): string {
  return fixedText(planck, DECIMALS, places);
}

/** Planck as PHA with as many places as they need to be told from zero, at most `most`. */
export function phaTextAdaptive(planck: bigint, most = 6): string {
  const size = planck < 0n ? -planck : planck;
  if (size === 0n || size >= 100n * PHA) return phaText(planck, 2);
  return phaText(planck, size >= PHA ? Math.min(4, most) : most);
}

/** All places that are not zero: what stands in a field. */
export function phaInput(planck: bigint): string {
  const whole = planck / PHA;
  const fraction = (planck % PHA).toString().padStart(DECIMALS, "0").replace(/0+$/, "");
  return fraction ? `${whole}.${fraction}` : whole.toString();
}

/** A fixed-point number of the chain (18 decimals) as text. */
export function fixed18Text(value: bigint, places = 4): string {
  return fixedText(value, FIXED_DECIMALS, places);
}

/** A fixed-point number of the chain as a number for charts and estimates. */
export function fixed18Number(value: bigint): number {
  return Number(value) / 1e18;
}

/** Planck as a number of PHA for charts and estimates. */
export function phaNumber(planck: bigint): number {
  return Number(planck / 1_000_000n) / 1e6;
}

/** A short form for tiles and axes: 12.3 k, 4.56 M. */
export function compactNumber(value: number, digits = 3): string {
  return new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: digits }).format(value);
}

export function numberText(value: number, places = 0): string {
  return new Intl.NumberFormat("en-GB", { minimumFractionDigits: places, maximumFractionDigits: places }).format(value);
}

/** The smaller one. */
export const least = (one: bigint, other: bigint) => (one < other ? one : other);

/** Millionths as per cent. */
export function ppmText(ppm: number): string {
  return `${numberText(ppm / 10_000, ppm % 10_000 === 0 ? 0 : 2)} %`;
}

export function percentText(part: number, places = 2): string {
  if (!Number.isFinite(part)) return "—";
  return Math.abs(part) >= 100 ? `${compactNumber(part * 100)} %` : `${numberText(part * 100, places)} %`;
}

/** What was typed, or what is wrong with it. */
export type Parsed<T> = { ok: true; value: T } | { ok: false; problem: string };

/** Reads an amount of PHA that somebody typed. */
export function parsePha(text: string): Parsed<bigint> {
  const clean = text.trim().replace(/[\s,_]/g, "");
  if (clean === "") return { ok: false, problem: "Enter an amount of PHA." };
  if (/^-/.test(clean)) return { ok: false, problem: "The amount cannot be negative." };
  if (!/^(\d+\.?\d*|\.\d+)$/.test(clean)) return { ok: false, problem: "Use digits and one point, like 1250.5." };
  const [whole = "", fraction = ""] = clean.split(".");
  if (fraction.length > DECIMALS) return { ok: false, problem: "PHA has 12 places after the point." };
  const value = BigInt(whole || "0") * PHA + BigInt(fraction.padEnd(DECIMALS, "0"));
  if (value > MAX_BALANCE) return { ok: false, problem: "That is more PHA than can exist." };
  return { ok: true, value };
}

/** Reads a percentage from 0 to 100 as millionths. */
export function parsePercent(text: string): Parsed<number> {
  const clean = text.trim().replace(/\s*%$/, "");
  if (clean === "") return { ok: false, problem: "Enter a percentage." };
  if (!/^\d{1,3}(\.\d{0,4})?$/.test(clean))
    return { ok: false, problem: "Use a number from 0 to 100 with at most four places." };
  const ppm = Math.round(Number(clean) * 10_000);
  if (ppm > 1_000_000) return { ok: false, problem: "At most 100 %." };
  return { ok: true, value: ppm };
}
