import { Alert, Button, SimpleGrid, Skeleton, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link, useParams } from "react-router";
import { Delegate } from "@/actions/delegate";
import { useVault } from "@/api/queries";
import { useVaultStatus, type VaultStatus } from "@/chain/queries";
import { Delegators } from "@/components/delegators";
import { Page, Section, Stat, Stats } from "@/components/page";
import { QueueTable } from "@/components/queue-table";
import { Empty, Failed } from "@/components/state";
import { Code, Pha, When } from "@/components/values";
import { isSameAccount } from "@/lib/addresses";
import { fixed18Text, numberText, percentText, phaText, ppmText } from "@/lib/amounts";
import { useWallet } from "@/wallet/wallet";
import { VaultCharts } from "./charts";
import { VaultFacts } from "./facts";
import { VaultHistory } from "./history";
import { MyPosition } from "./my-position";
import { Places } from "./places";

export function VaultPage() {
  const { vault: text = "" } = useParams();
  const vault = /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  if (vault === undefined) return <NoVault />;
  // A page of its own for each vault: nothing of the one before is left.
  return <KnownVault key={vault} vault={vault} />;
}

function NoVault() {
  return (
    <Page title="Vault not found">
      <Empty
        title="There is no such vault"
        action={
          <Button component={Link} to="/vaults">
            All vaults
          </Button>
        }
      >
        The chain has no vault of this number. Vaults are numbered from 0 in the order of their creation.
      </Empty>
    </Page>
  );
}

function KnownVault({ vault }: { vault: number }) {
  const status = useVaultStatus(vault);
  if (status.data === null) return <NoVault />;
  if (status.error && !status.data) {
    return (
      <Page title={`Vault ${vault}`}>
        <Failed error={status.error} what="The vault" retry={() => void status.refetch()} />
      </Page>
    );
  }
  return <VaultContent vault={vault} status={status.data} />;
}

function VaultContent({ vault, status }: { vault: number; status: VaultStatus | undefined }) {
  const { address } = useWallet();
  const [isDelegating, { open, close }] = useDisclosure(false);
  const known = useVault(vault);
  const isOwner = status !== undefined && address !== undefined && isSameAccount(status.owner, address);
  return (
    <Page
      title={`Vault ${vault}`}
      subtitle={
        status ? (
          <>
            Owner <Code text={status.owner} label="the owner's address" />
          </>
        ) : (
          <Skeleton height={22} width={220} />
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
      {status && <Announcements status={status} />}
      <Stats>
        <Numbers status={status} known={known} />
      </Stats>
      <MyPosition vault={vault} status={status} />
      <Places vault={vault} status={status} />
      <VaultCharts vault={vault} />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <Stack gap="lg">
          <Section title="Withdrawal queue" term="vaultQueue">
            <QueueTable of={{ vault }} />
          </Section>
          <Delegators of={{ vault }} />
        </Stack>
        <Stack gap="lg">
          <VaultFacts status={status} />
          <VaultHistory vault={vault} />
        </Stack>
      </SimpleGrid>
      {status && isDelegating && <Delegate of={{ vault: status }} isOpen onClose={close} />}
    </Page>
  );
}

function Numbers({ status, known }: { status: VaultStatus | undefined; known: ReturnType<typeof useVault> }) {
  const indexed = known.data;
  return (
    <>
      <Stat
        term="apr"
        error={known.error}
        value={indexed ? (indexed.apr == null ? "—" : percentText(indexed.apr, 2)) : undefined}
        detail={indexed?.apr == null ? "known after some hours" : "at the pace of the last days"}
      />
      <Stat
        term="vaultValue"
        value={status && <Pha planck={status.value} places={2} />}
        detail={status && `${phaText(status.shares, 2)} shares`}
      />
      <Stat term="price" value={status && fixed18Text(status.price, 6)} detail="PHA for a share" />
      <Stat
        term="highWaterMark"
        value={status && fixed18Text(status.high_water_mark, 6)}
        detail="no fee below this price"
      />
      <Stat
        term="vaultFee"
        value={status && ppmText(status.fee_ppm)}
        detail={status && `of gains; never above ${ppmText(status.max_fee_ppm)}`}
      />
      <Stat
        term="capacity"
        value={status && (status.room === undefined ? "No limit" : <Pha planck={status.room} places={2} />)}
        detail={status && (status.cap === undefined ? "the owner set no cap" : `cap ${phaText(status.cap, 0)} PHA`)}
      />
      <Stat
        term="vaultFree"
        value={status && <Pha planck={status.free} places={2} />}
        detail={status && `${phaText(status.owed, 2)} PHA owed to leavers`}
      />
      <Stat
        term="delegated"
        label="Delegators"
        error={known.error}
        value={indexed && numberText(indexed.delegators)}
        detail={status && `in ${numberText(status.places.length)} ${status.places.length === 1 ? "pool" : "pools"}`}
      />
    </>
  );
}

/** What delegators should know before it happens. */
function Announcements({ status }: { status: VaultStatus }) {
  const { fee_rise: fee, commission_limit_rise: limit, late } = status;
  return (
    <>
      {fee && (
        <Notice title="A higher fee was announced">
          From {ppmText(status.fee_ppm)} to {ppmText(fee.commission_ppm)}, in force{" "}
          <When ms={Number(fee.due_secs) * 1000} inline />. Who does not agree can leave before.
        </Notice>
      )}
      {limit && (
        <Notice title="Dearer pools were announced">
          The vault will use pools up to {ppmText(limit.commission_ppm)} commission instead of{" "}
          {ppmText(status.commission_limit_ppm)}, <When ms={Number(limit.due_secs) * 1000} inline />.
        </Notice>
      )}
      {late && (
        <Notice title="A payment is late">
          The deadline of somebody who leaves has passed. Until it is paid the vault delegates nothing to pools.
        </Notice>
      )}
    </>
  );
}

function Notice({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Alert
      color="orange"
      variant="light"
      title={title}
      role="status"
      styles={{ title: { color: "var(--khala-warn)" } }}
    >
      <Text size="sm">{children}</Text>
    </Alert>
  );
}
