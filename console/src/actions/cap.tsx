// The largest value of a pool or a vault.
import { Radio, Stack, Text } from "@mantine/core";
import type { Transaction } from "polkadot-api";
import { useState } from "react";
import { Action, type Plan } from "@/components/action";
import { AmountField, readAmount, shown } from "@/components/fields";
import { Label } from "@/components/info";
import { Fact } from "@/components/page";
import { Pha } from "@/components/values";
import { PHA, phaInput, phaText } from "@/lib/amounts";

type Kind = "pool" | "vault";

export const readCap = (text: string) =>
  readAmount(text, [(planck) => planck < PHA, "A cap below 1 PHA lets nobody in."]);

interface FieldsProps {
  kind: Kind;
  isCapped: boolean;
  setCapped: (isCapped: boolean) => void;
  cap: string;
  setCap: (cap: string) => void;
  problem: string | undefined;
}

export function CapFields({ kind, isCapped, setCapped, cap, setCap, problem }: FieldsProps) {
  return (
    <Stack gap="xs">
      <Radio.Group
        value={isCapped ? "cap" : "open"}
        onChange={(value) => setCapped(value === "cap")}
        label={<Label term="cap" />}
        aria-label="Cap"
      >
        <Stack gap={6} mt={4}>
          <Radio value="open" label="No limit" />
          <Radio value="cap" label="A limit" />
        </Stack>
      </Radio.Group>
      {isCapped && <AmountField label={`Largest value of the ${kind}`} value={cap} change={setCap} problem={problem} />}
    </Stack>
  );
}

interface Props {
  kind: Kind;
  id: number;
  /** In force, in planck; undefined is no limit. */
  cap: bigint | undefined;
  /** What the pool or the vault is worth now. */
  value: bigint;
  change: (cap: bigint | undefined) => Transaction;
  isOpen: boolean;
  onClose: () => void;
}

export function SetCap({ kind, id, cap: before, value, change, isOpen, onClose }: Props) {
  const [isCapped, setCapped] = useState(before !== undefined);
  const [cap, setCap] = useState(before === undefined ? "" : phaInput(before));
  const [tried, setTried] = useState(false);
  const limit = readCap(cap);
  const chosen = isCapped && limit.ok ? limit.value : undefined;
  const plan: Plan | undefined =
    !isCapped || limit.ok
      ? {
          title:
            chosen === undefined
              ? `Remove the cap of ${kind} ${id}`
              : `Set a cap of ${phaText(chosen)} PHA for ${kind} ${id}`,
          key: `cap-${kind}-${id}-${chosen ?? "open"}`,
          tx: change(chosen),
        }
      : undefined;
  return (
    <Action
      isOpen={isOpen}
      onClose={onClose}
      title={`Cap of ${kind} ${id}`}
      verb="Set the cap"
      plan={plan}
      onIncomplete={() => setTried(true)}
    >
      <CapFields {...{ kind, isCapped, setCapped, cap, setCap, problem: shown(limit, cap, tried) }} />
      <Fact term={kind === "pool" ? "poolValue" : "vaultValue"}>
        <Pha planck={value} />
      </Fact>
      <Text size="sm" c="dimmed">
        A cap below the value of the {kind} is allowed: nobody has to leave, but nobody can join until the value is
        below it.
      </Text>
    </Action>
  );
}
