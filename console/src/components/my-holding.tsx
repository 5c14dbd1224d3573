import { Button, Group, Skeleton, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import type { FundStatus } from "@/actions/fund";
import { TransferShares } from "@/actions/position";
import { Undelegate } from "@/actions/undelegate";
import { phaText } from "@/lib/amounts";
import { worth } from "@/lib/pools";
import { Section } from "./page";
import { Pha } from "./values";

interface Props {
  kind: "pool" | "vault";
  /** Undefined until the chain has said. */
  of: FundStatus | undefined;
  /** Shares of the account that looks; undefined until the chain has said. */
  shares: bigint | undefined;
  requests: ReactNode;
}

/** What the account that looks has in a pool or a vault. It has its place before that is known: nothing jumps. */
export function MyHolding({ kind, of, shares, requests }: Props) {
  const [dialog, setDialog] = useState<"undelegate" | "send">();
  const close = () => setDialog(undefined);
  const held = of && shares ? { of, shares } : undefined;
  return (
    <Section
      title={`My delegation in this ${kind}`}
      term="delegated"
      actions={
        <Group gap="xs">
          <Button variant="default" size="sm" onClick={() => setDialog("send")} disabled={!held}>
            Send shares
          </Button>
          <Button variant="default" size="sm" onClick={() => setDialog("undelegate")} disabled={!held}>
            Undelegate
          </Button>
        </Group>
      }
    >
      {of && shares !== undefined ? (
        <>
          <Text fw={620} size="xl" className="num" data-testid="my-worth">
            <Pha planck={worth(shares, of.pool ?? of.vault)} places={6} />
          </Text>
          <Text size="sm" c="dimmed">
            {shares === 0n ? "nothing delegated by this account" : `${phaText(shares, 4)} shares`}
          </Text>
        </>
      ) : (
        <>
          <Skeleton height={22} width={180} my={4.5} />
          <Skeleton height={12} width={120} my={4} />
        </>
      )}
      {requests}
      {held && dialog === "undelegate" && <Undelegate {...held} isOpen onClose={close} />}
      {held && dialog === "send" && <TransferShares {...held} isOpen onClose={close} />}
    </Section>
  );
}
