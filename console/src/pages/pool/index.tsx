import { Alert, Button, SimpleGrid, Skeleton, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { Link, useParams } from "react-router";
import { Delegate } from "@/actions/delegate";
import { usePool } from "@/api/queries";
import { type PoolStatus, usePoolStatus } from "@/chain/queries";
import { Delegators } from "@/components/delegators";
import { Page, Stat, Stats } from "@/components/page";
import { Empty, Failed } from "@/components/state";
import { Status } from "@/components/states";
import { Code, Pha, When } from "@/components/values";
import { isSameAccount } from "@/lib/addresses";
import { fixed18Text, numberText, percentText, phaText, ppmText } from "@/lib/amounts";
import { useWallet } from "@/wallet/wallet";
import { PoolCharts } from "./charts";
import { Commission } from "./commission";
import { PoolFacts } from "./facts";
import { Members } from "./members";
import { MyPosition } from "./my-position";
import { WithdrawalQueue } from "./queue";
import { PoolWorkers } from "./workers";

export function PoolPage() {
  const { pool: text = "" } = useParams();
  const pool = /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  if (pool === undefined) return <NoPool />;
  // A page of its own for each pool: nothing of the one before is left.
  return <KnownPool key={pool} pool={pool} />;
}

function NoPool() {
  return (
    <Page title="Pool not found">
      <Empty
        title="There is no such pool"
        action={
          <Button component={Link} to="/pools">
            All pools
          </Button>
        }
      >
        The chain has no pool of this number. Pools are numbered from 0 in the order of their creation.
      </Empty>
    </Page>
  );
}

function KnownPool({ pool }: { pool: number }) {
  const status = usePoolStatus(pool);
  if (status.data === null) return <NoPool />;
  if (status.error && !status.data) {
    return (
      <Page title={`Pool ${pool}`}>
        <Failed error={status.error} what="The pool" retry={() => void status.refetch()} />
      </Page>
    );
  }
  return <PoolContent pool={pool} status={status.data} />;
}

function PoolContent({ pool, status }: { pool: number; status: PoolStatus | undefined }) {
  const { address } = useWallet();
  const [isDelegating, { open, close }] = useDisclosure(false);
  const known = usePool(pool);
  const indexed = known.data;
  const isOwner = status !== undefined && address !== undefined && isSameAccount(status.owner, address);
  return (
    <Page
      title={`Pool ${pool}`}
      heading={
        <>
          Pool {pool} {status?.restricted && <Status tone="quiet">by invitation</Status>}
        </>
      }
      subtitle={
        status ? (
          <>
            {status.description && <Text size="sm">{status.description}</Text>}
            Owner <Code text={status.owner} label="the owner's address" />
          </>
        ) : (
          <Skeleton height={14} width={220} mt={6} />
        )
      }
      actions={
        <>
          {isOwner && (
            <Button component={Link} to="/farm" variant="default">
              Manage
            </Button>
          )}
          <Button onClick={open} disabled={!status} leftSection={<IconPlus size={16} aria-hidden />}>
            Delegate
          </Button>
        </>
      }
    >
      {status?.commission_rise && (
        <Alert
          color="orange"
          variant="light"
          title="A higher commission was announced"
          role="status"
          styles={{ title: { color: "var(--khala-warn)" } }}
        >
          <Text size="sm">
            From {ppmText(status.commission_ppm)} to {ppmText(status.commission_rise.commission_ppm)}, in force{" "}
            <When ms={Number(status.commission_rise.due_secs) * 1000} inline />. Who does not agree can leave before.
          </Text>
        </Alert>
      )}
      <Stats>
        <Stat
          term="apr"
          error={known.error}
          value={indexed ? (indexed.apr == null ? "—" : percentText(indexed.apr, 2)) : undefined}
          detail={indexed?.apr == null ? "known after some hours" : "at the pace of the last days"}
        />
        <Stat
          term="poolValue"
          value={status && <Pha planck={status.value} places={2} />}
          detail={status && `${phaText(status.shares, 2)} shares`}
        />
        <Stat term="price" value={status && fixed18Text(status.price, 6)} detail="PHA for a share" />
        <Stat
          term="capacity"
          value={status && (status.room === undefined ? "No limit" : <Pha planck={status.room} places={2} />)}
          detail={status && (status.cap === undefined ? "the owner set no cap" : `cap ${phaText(status.cap, 0)} PHA`)}
        />
        <Stat
          term="commission"
          value={status && ppmText(status.commission_ppm)}
          detail={status && `never above ${ppmText(status.max_commission_ppm)}`}
        />
        <Stat
          term="worker"
          label="Workers"
          value={
            status &&
            (indexed
              ? `${numberText(indexed.idleWorkers)} / ${numberText(status.workers.length)}`
              : numberText(status.workers.length))
          }
          detail="mining / in the pool"
        />
        <Stat
          term="free"
          value={status && <Pha planck={status.free} places={2} />}
          detail={status && `${phaText(status.cooling, 2)} PHA cooling down`}
        />
        <Stat
          term="delegated"
          label="Delegators"
          error={known.error}
          value={indexed && numberText(indexed.delegators)}
          detail={indexed && `${phaText(BigInt(indexed.paidToDelegators), 2)} PHA earned so far`}
        />
      </Stats>
      <MyPosition pool={pool} status={status} />
      <PoolCharts pool={pool} />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <Stack gap="lg">
          <WithdrawalQueue pool={pool} status={status} />
          <Delegators of={{ pool }} />
        </Stack>
        <Stack gap="lg">
          <PoolFacts status={status} />
          <Commission pool={pool} />
          {status?.restricted && <Members pool={pool} />}
        </Stack>
      </SimpleGrid>
      <PoolWorkers pool={pool} />
      {status && isDelegating && <Delegate of={{ pool: status }} isOpen onClose={close} />}
    </Page>
  );
}
