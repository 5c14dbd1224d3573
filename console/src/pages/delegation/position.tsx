import { Anchor, Button, Group, SimpleGrid, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useState } from "react";
import { Link } from "react-router";
import { Delegate } from "@/actions/delegate";
import { TransferShares } from "@/actions/position";
import { Undelegate } from "@/actions/undelegate";
import { useDelegations } from "@/api/queries";
import { type PositionStatus, usePoolStatus } from "@/chain/queries";
import { Label } from "@/components/info";
import { Requests } from "@/components/requests";
import { Status } from "@/components/states";
import { Pha } from "@/components/values";
import { fixed18Text, percentText, phaText, ppmText } from "@/lib/amounts";
import { useWallet } from "@/wallet/wallet";
import type { Term } from "@/wiki/entries";
import classes from "./position.module.css";

type Dialog = "delegate" | "undelegate" | "send";

/** What the account has in one pool, and what it can do with it. */
export function Position({ position }: { position: PositionStatus }) {
  const { address } = useWallet();
  const pool = usePoolStatus(position.pool).data;
  const indexed = useDelegations({ pool: position.pool, account: address, limit: 1 }, address !== undefined).data
    ?.items[0];
  const [dialog, setDialog] = useState<Dialog>();
  const { shares, value, requests } = position.delegation;
  const close = () => setDialog(undefined);
  const queued = requests.reduce((sum, request) => sum + request.value, 0n);
  const gained = indexed ? value + queued + BigInt(indexed.takenOut) - BigInt(indexed.putIn) : undefined;
  return (
    <article
      className={classes.position}
      aria-label={`Position in pool ${position.pool}`}
      data-testid={`position-${position.pool}`}
    >
      <Group justify="space-between" mb="xs">
        <Group gap="xs">
          <Anchor component={Link} to={`/pools/${position.pool}`} fw={620}>
            Pool {position.pool}
          </Anchor>
          {pool?.commission_rise && (
            <Status tone="warn">{`commission will be ${ppmText(pool.commission_rise.commission_ppm)}`}</Status>
          )}
        </Group>
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={() => setDialog("delegate")} disabled={!pool}>
            Delegate more
          </Button>
          <Button size="xs" variant="default" onClick={() => setDialog("send")} disabled={!pool || shares === 0n}>
            Send shares
          </Button>
          <Button size="xs" variant="default" onClick={() => setDialog("undelegate")} disabled={!pool || shares === 0n}>
            Undelegate
          </Button>
        </Group>
      </Group>
      <SimpleGrid cols={{ base: 2, sm: 5 }} spacing="sm">
        <Small term="delegated" label="Worth">
          <span data-testid="worth">
            <Pha planck={value} places={6} />
          </span>
        </Small>
        <Small term="rewardSplit" label="Earned">
          {gained === undefined ? "—" : <Pha planck={gained} places={6} />}
        </Small>
        <Small term="shares">{phaText(shares, 2)}</Small>
        <Small term="price">{pool ? fixed18Text(pool.price, 6) : "—"}</Small>
        <Small term="apr">{indexed?.apr == null ? "—" : percentText(indexed.apr, 1)}</Small>
      </SimpleGrid>
      <Requests pool={position.pool} requests={requests} />
      {pool && dialog === "delegate" && <Delegate pool={pool} isOpen onClose={close} />}
      {pool && dialog === "undelegate" && <Undelegate pool={pool} shares={shares} isOpen onClose={close} />}
      {pool && dialog === "send" && <TransferShares pool={pool} shares={shares} isOpen onClose={close} />}
    </article>
  );
}

function Small({ term, label, children }: { term: Term; label?: string; children: ReactNode }) {
  return (
    <div>
      <Label term={term} size="xs">
        {label}
      </Label>
      <Text size="sm" fw={600} className="num" component="div">
        {children}
      </Text>
    </div>
  );
}
