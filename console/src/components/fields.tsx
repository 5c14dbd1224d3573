import { Button, Group, Text, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { type Parsed, parsePha, phaInput } from "@/lib/amounts";
import type { Term } from "@/wiki/entries";
import { Label } from "./info";
import { Pha } from "./values";

interface TextProps {
  label: string;
  term?: Term;
  value: string;
  change: (value: string) => void;
  /** What is wrong; shown as soon as it is there. */
  problem?: string;
  placeholder?: string;
  description?: ReactNode;
  unit?: string;
  isNumber?: boolean;
  isFirst?: boolean;
}

export function TextField({
  label,
  term,
  value,
  change,
  problem,
  placeholder,
  description,
  unit,
  isNumber,
  isFirst,
}: TextProps) {
  return (
    <TextInput
      label={<Label term={term}>{label}</Label>}
      aria-label={label}
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
      error={problem}
      placeholder={placeholder}
      description={description}
      inputMode={isNumber ? "decimal" : undefined}
      autoComplete="off"
      spellCheck={false}
      data-autofocus={isFirst || undefined}
      rightSection={
        unit ? (
          <Text size="sm" c="dimmed" component="span">
            {unit}
          </Text>
        ) : undefined
      }
      rightSectionWidth={unit ? Math.max(36, unit.length * 9 + 20) : undefined}
      inputWrapperOrder={["label", "input", "description", "error"]}
    />
  );
}

interface AmountProps {
  label: string;
  term?: Term;
  value: string;
  change: (value: string) => void;
  problem?: string;
  /** What there is to choose from, with its name. */
  available?: { label: string; planck: bigint };
  /** The most that can be entered; a button fills it in. */
  most?: bigint;
  description?: ReactNode;
  isFirst?: boolean;
}

/** An amount of PHA, with what there is and a button for all of it. */
export function AmountField({
  label,
  term,
  value,
  change,
  problem,
  available,
  most,
  description,
  isFirst,
}: AmountProps) {
  return (
    <div>
      <TextField
        {...{ label, term, value, change, problem, description, isFirst }}
        unit="PHA"
        placeholder="0.0"
        isNumber
      />
      {available && (
        <Group justify="space-between" mt={4} gap="xs">
          <Text size="xs" c="dimmed">
            {available.label}: <Pha planck={available.planck} />
          </Text>
          {most !== undefined && (
            <Button size="compact-xs" variant="subtle" onClick={() => change(phaInput(most))}>
              Use the most
            </Button>
          )}
        </Group>
      )}
    </div>
  );
}

/** Reads an amount and holds it against bounds. Each bound says what is wrong. */
export function readAmount(
  text: string,
  ...bounds: [isWrong: (planck: bigint) => boolean, problem: string][]
): Parsed<bigint> {
  const parsed = parsePha(text);
  if (!parsed.ok) return parsed;
  for (const [isWrong, problem] of bounds) if (isWrong(parsed.value)) return { ok: false, problem };
  return parsed;
}

/** The problem of what was typed, once it is worth showing: something was typed, or somebody tried to go on. */
export function shown(parsed: Parsed<unknown>, text: string, tried: boolean): string | undefined {
  return parsed.ok || (text === "" && !tried) ? undefined : parsed.problem;
}
