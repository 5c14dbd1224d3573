import { Anchor, Button, Group, SimpleGrid } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import { Delegate } from "@/actions/delegate";
import type { FundStatus } from "@/actions/fund";
import { TransferShares } from "@/actions/position";
import { Undelegate } from "@/actions/undelegate";
import { useDelegations } from "@/api/queries";
import { type PositionStatus, usePoolStatus, useVaultStatus, type VaultPositionStatus } from "@/chain/queries";
import { Small } from "@/components/page";
import { PoolRequests, VaultRequests } from "@/components/requests";
import { Status } from "@/components/states";
import { Pha } from "@/components/values";
import { fixed18Text, percentText, phaText, ppmText } from "@/lib/amounts";
import { useWallet } from "@/wallet/wallet";
import classes from "./position.module.css";

type Dialog = "delegate" | "undelegate" | "send";

/** What the account has in one pool, and what it can do with it. */
export function PoolPosition({ position }: { position: PositionStatus }) {
  const pool = usePoolStatus(position.pool).data ?? undefined;
  const { shares, value, requests } = position.delegation;
  return (
    <Position
      in={{ pool: position.pool }}
      of={pool && { pool }}
      shares={shares}
      value={value}
      queued={sum(requests)}
      price={pool?.price}
      rise={pool?.commission_rise && `commission will be ${ppmText(pool.commission_rise.commission_ppm)}`}
      requests={pool && <PoolRequests pool={pool} requests={requests} />}
    />
  );
}

/** What the account has in one vault, and what it can do with it. */
export function VaultPosition({ position }: { position: VaultPositionStatus }) {
  const vault = useVaultStatus(position.vault).data ?? undefined;
  const { shares, value, requests } = position;
  return (
    <Position
      in={{ vault: position.vault }}
      of={vault && { vault }}
      shares={shares}
      value={value}
      queued={sum(requests)}
      price={vault?.price}
      rise={vault?.fee_rise && `fee will be ${ppmText(vault.fee_rise.commission_ppm)}`}
      requests={vault && <VaultRequests vault={vault} requests={requests} />}
    />
  );
}

const sum = (requests: readonly { value: bigint }[]) => requests.reduce((sum, { value }) => sum + value, 0n);

interface Props {
  in: { pool: number } | { vault: number };
  /** Undefined until the chain has said. */
  of: FundStatus | undefined;
  shares: bigint;
  value: bigint;
  /** What waits to be paid, in planck. */
  queued: bigint;
  price: bigint | undefined;
  /** What was announced. */
  rise: string | undefined;
  requests: ReactNode;
}

function Position({ in: where, of, shares, value, queued, price, rise, requests }: Props) {
  const { address } = useWallet();
  const indexed = useDelegations({ ...where, account: address, limit: 1 }, address !== undefined).data?.items[0];
  const [dialog, setDialog] = useState<Dialog>();
  const close = () => setDialog(undefined);
  const gained = indexed ? value + queued + BigInt(indexed.takenOut) - BigInt(indexed.putIn) : undefined;
  const [kind, id] = "pool" in where ? (["pool", where.pool] as const) : (["vault", where.vault] as const);
  return (
    <article
      className={classes.position}
      aria-label={`Position in ${kind} ${id}`}
      data-testid={kind === "pool" ? `position-${id}` : `vault-position-${id}`}
    >
      <Group justify="space-between" mb="xs">
        <Group gap="xs">
          <Anchor component={Link} to={`/${kind}s/${id}`} fw={620}>
            {kind === "pool" ? "Pool" : "Vault"} {id}
          </Anchor>
          {rise && <Status tone="warn">{rise}</Status>}
        </Group>
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={() => setDialog("delegate")} disabled={!of}>
            Delegate more
          </Button>
          <Button size="xs" variant="default" onClick={() => setDialog("send")} disabled={!of || shares === 0n}>
            Send shares
          </Button>
          <Button size="xs" variant="default" onClick={() => setDialog("undelegate")} disabled={!of || shares === 0n}>
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
        <Small term="price">{price === undefined ? "—" : fixed18Text(price, 6)}</Small>
        <Small term="apr">{indexed?.apr == null ? "—" : percentText(indexed.apr, 1)}</Small>
      </SimpleGrid>
      {requests}
      {of && dialog === "delegate" && <Delegate of={of} isOpen onClose={close} />}
      {of && dialog === "undelegate" && <Undelegate of={of} shares={shares} isOpen onClose={close} />}
      {of && dialog === "send" && <TransferShares of={of} shares={shares} isOpen onClose={close} />}
    </article>
  );
}
