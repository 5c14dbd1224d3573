// A part that an owner takes or allows: it falls at once, and rises after an announcement.
import { Alert, Text } from "@mantine/core";
import type { Transaction } from "polkadot-api";
import { useState } from "react";
import { useChainParameters } from "@/chain/queries";
import { Action, type Plan } from "@/components/action";
import { TextField } from "@/components/fields";
import { Fact } from "@/components/page";
import { type Parsed, parsePercent, ppmText } from "@/lib/amounts";
import { durationText } from "@/lib/dates";
import type { Term } from "@/wiki/entries";

/** Most points, in millionths, by which an announced rate may be above the one in force. */
const MAX_RISE_PPM = 100_000;

interface Props {
  /** What it is, as in a sentence: `commission`. */
  noun: string;
  /** Whose it is: `pool 3`. */
  owner: string;
  label: string;
  term: Term;
  /** In force, in millionths. */
  ppm: number;
  /** What it never exceeds, with its term. */
  highest?: { ppm: number; term: Term };
  risePpm: number | undefined;
  change: (ppm: number) => Transaction;
  isOpen: boolean;
  onClose: () => void;
}

export function SetRate({ noun, owner, label, term, ppm, highest, risePpm, change, isOpen, onClose }: Props) {
  const times = useChainParameters().data;
  const [text, setText] = useState(String(ppm / 10_000));
  const rate = bounded(parsePercent(text), { noun, ppm, highest: highest?.ppm, isRising: risePpm !== undefined });
  const isRise = rate.ok && rate.value > ppm;
  const wait = times ? Number(times.pools.grace_secs + times.mining.cool_down_secs) : undefined;
  const plan: Plan | undefined = rate.ok
    ? {
        title: isRise
          ? `Announce ${ppmText(rate.value)} ${noun} for ${owner}`
          : `Set ${ppmText(rate.value)} ${noun} for ${owner}`,
        key: `${noun}-${owner}-${rate.value}`,
        tx: change(rate.value),
      }
    : undefined;
  return (
    <Action
      isOpen={isOpen}
      onClose={onClose}
      title={`${label} of ${owner}`}
      verb={isRise ? "Announce the rise" : `Set the ${noun}`}
      plan={plan}
    >
      <TextField
        label={label}
        term={term}
        unit="%"
        isNumber
        isFirst
        value={text}
        change={setText}
        problem={rate.ok ? undefined : rate.problem}
      />
      <div>
        <Fact label="In force">{ppmText(ppm)}</Fact>
        {highest && <Fact term={highest.term}>{ppmText(highest.ppm)}</Fact>}
        <Fact label="It changes">
          {isRise ? (wait === undefined ? "later" : `${durationText(wait)} after the announcement`) : "at once"}
        </Fact>
      </div>
      {risePpm !== undefined && (
        <Alert color="orange" variant="light">
          <Text size="sm">
            {ppmText(risePpm)} is announced already. Another announcement takes its place and starts the wait anew; a
            lower {noun} withdraws it.
          </Text>
        </Alert>
      )}
    </Action>
  );
}

/** What the chain allows of a rate that was typed. */
export function bounded(
  rate: Parsed<number>,
  { noun, ppm, highest, isRising }: { noun: string; ppm: number; highest: number | undefined; isRising: boolean },
): Parsed<number> {
  if (!rate.ok) return rate;
  if (rate.value === ppm && !isRising) return { ok: false, problem: `This is the ${noun} in force.` };
  if (highest !== undefined && rate.value > highest)
    return { ok: false, problem: `The ${noun} never exceeds ${ppmText(highest)}.` };
  if (rate.value > ppm + MAX_RISE_PPM)
    return { ok: false, problem: `A rise is at most ten points: to ${ppmText(ppm + MAX_RISE_PPM)}.` };
  return rate;
}
