// What is typed into the calculator, read and held against its bounds.
import { maximalStake, minimalStake } from "@/economics/formulas";
import type { ConfidenceLevel, EconomicParameters } from "@/economics/parameters";
import type { Preset } from "@/economics/presets";
import { numberText } from "@/lib/amounts";

export interface Fields {
  score: string;
  level: string;
  stake: string;
  own: string;
  commission: string;
  watts: string;
  kwh: string;
  machine: string;
  pha: string;
}

export interface Inputs {
  score: number;
  level: ConfidenceLevel;
  stake: number;
  own: number;
  commission: number;
  watts: number;
  kwh: number;
  machine: number;
  pha: number;
}

/** Largest score of a platform. */
const MAX_SCORE = 20_000;
/** Score below which a worker cannot mine, where the chain has not said it yet. */
export const MIN_SCORE = 50;

export function fieldsOf(preset: Preset | undefined): Fields {
  return {
    score: String(preset?.score ?? 2_000),
    level: String(preset?.level ?? 1),
    stake: "5000",
    own: "100",
    commission: "10",
    watts: String(preset?.watts ?? 95),
    kwh: "0.30",
    machine: "800",
    pha: "0.10",
  };
}

const BOUNDS: Record<Exclude<keyof Fields, "level" | "stake">, [least: number, most: number]> = {
  score: [1, MAX_SCORE],
  own: [0, 100],
  commission: [0, 100],
  watts: [0, 10_000],
  kwh: [0, 100],
  machine: [0, 10_000_000],
  pha: [0, 1_000_000],
};

function parse(text: string): number | undefined {
  const clean = text.trim().replace(/[\s,]/g, "");
  return /^(\d+\.?\d*|\.\d+)$/.test(clean) ? Number(clean) : undefined;
}

const isLevel = (level: number): level is ConfidenceLevel => [1, 2, 3, 4, 5].includes(level);

/** The numbers, or what is wrong with each field. */
export function read(
  fields: Fields,
  economics: EconomicParameters,
  minimalScore = MIN_SCORE,
): { values?: Inputs; problems: Partial<Record<keyof Fields, string>> } {
  const problems: Partial<Record<keyof Fields, string>> = {};
  const numbers: Partial<Record<keyof Fields, number>> = {};
  const bounds = { ...BOUNDS, score: [minimalScore, MAX_SCORE] };
  for (const [name, [least, most]] of Object.entries(bounds) as [keyof typeof BOUNDS, [number, number]][]) {
    const value = parse(fields[name]);
    if (value === undefined) problems[name] = "Enter a number.";
    else if (value < least || value > most)
      problems[name] = `Enter a number from ${numberText(least)} to ${numberText(most)}.`;
    else numbers[name] = value;
  }
  const level = Number(fields.level);
  const stake = parse(fields.stake);
  const { score } = numbers;
  if (stake === undefined) problems.stake = "Enter an amount of PHA.";
  else if (score !== undefined && isLevel(level)) {
    const [least, most] = [minimalStake(economics, score), maximalStake(economics, score, level)];
    if (stake < least || stake > most) {
      problems.stake = `For this machine a stake is ${numberText(Math.ceil(least * 100) / 100, 2)} to ${numberText(Math.floor(most * 100) / 100, 2)} PHA.`;
    }
  }
  if (Object.keys(problems).length > 0 || stake === undefined || !isLevel(level)) return { problems };
  return { values: { ...(numbers as Omit<Inputs, "level" | "stake">), level, stake }, problems };
}
