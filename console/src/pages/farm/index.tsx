import { Anchor, Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router";
import { CreatePool } from "@/actions/pool-owner";
import { CreateVault } from "@/actions/vault-owner";
import { csvUrl } from "@/api/client";
import { usePools, useRewards, useVaults, useWorkers } from "@/api/queries";
import { DataTable } from "@/components/data-table";
import { Page, Section, Stat, Stats } from "@/components/page";
import { Empty, Loaded, RowsSkeleton } from "@/components/state";
import { Code, Pha, When } from "@/components/values";
import { numberText, phaText } from "@/lib/amounts";
import { useWallet } from "@/wallet/wallet";
import { OwnedPool } from "./owned-pool";
import { OwnedVault } from "./owned-vault";

/** Pools, and vaults, of one owner that are shown at once. */
const MOST = 20;

export function Farm() {
  const { address, pick } = useWallet();
  if (!address) {
    return (
      <Page
        title="My farm"
        subtitle="Run stake pools and vaults: their terms, their workers, and what you earn with them."
      >
        <Section title="Pools">
          <Empty title="Whose farm?" action={<Button onClick={pick}>Connect</Button>}>
            Connect the wallet of an owner to manage pools and vaults, or look at any address without one.
          </Empty>
        </Section>
      </Page>
    );
  }
  return <Mine key={address} address={address} />;
}

function Mine({ address }: { address: string }) {
  const pools = usePools({ owner: address, sort: "pool", order: "asc", limit: MOST });
  const workers = useWorkers({ operator: address, limit: 100, sort: "registered", order: "asc" });
  const vaults = useVaults({ owner: address, sort: "vault", order: "asc", limit: MOST });
  const [isCreating, creating] = useDisclosure(false);
  const [isCreatingVault, creatingVault] = useDisclosure(false);
  const [created, setCreated] = useState(0);
  const owned = pools.data?.items;
  const sum = (amount: (pool: NonNullable<typeof owned>[number]) => string) =>
    owned?.reduce((total, pool) => total + BigInt(amount(pool)), 0n);
  const [value, commission, earned] = [
    sum((pool) => pool.value),
    sum((pool) => pool.commission),
    sum((pool) => pool.paidToOwner),
  ];
  const fees = vaults.data?.items.reduce((total, { feeValue }) => total + BigInt(feeValue), 0n) ?? 0n;
  const mining = workers.data?.items.filter(({ state }) => state === "idle").length;
  const idle = workers.data?.items.filter(({ state }) => state === "registered").map(({ worker }) => worker) ?? [];
  return (
    <Page
      title="My farm"
      subtitle={<Code text={address} label="your address" />}
      actions={
        <>
          <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={creatingVault.open}>
            Create a vault
          </Button>
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={creating.open}>
            Create a pool
          </Button>
        </>
      }
    >
      <Stats>
        <Stat
          term="poolValue"
          label="Value of my pools"
          error={pools.error}
          value={value === undefined ? undefined : <Pha planck={value} places={2} />}
          detail={owned && `${pools.data?.total} ${pools.data?.total === 1 ? "pool" : "pools"}`}
        />
        <Stat
          term="ownerReward"
          error={pools.error}
          value={commission === undefined ? undefined : <Pha planck={commission} places={4} />}
          detail={owned && (fees > 0n ? `and ${phaText(fees, 2)} PHA fees of vaults` : "ready to be claimed")}
        />
        <Stat
          term="commission"
          label="Commission so far"
          error={pools.error}
          value={earned === undefined ? undefined : <Pha planck={earned} places={4} />}
          detail={owned && "since the pools were created"}
        />
        <Stat
          term="onlineWorkers"
          label="Workers mining"
          error={workers.error}
          value={workers.data && `${numberText(mining ?? 0)} / ${numberText(workers.data.total)}`}
          detail={workers.data && (idle.length > 0 ? `${idle.length} in no pool` : "of all that you operate")}
        />
      </Stats>
      <Loaded
        query={pools}
        what="Your pools"
        skeleton={<RowsSkeleton rows={2} height={240} />}
        isEmpty={({ total }) => total === 0}
        empty={
          <Section title="Pools">
            <Empty title="You own no pool yet" action={<Button onClick={creating.open}>Create a pool</Button>}>
              A pool holds the stake of your workers. It takes a deposit of 10 PHA. A new one appears here when its
              block is final.
            </Empty>
          </Section>
        }
      >
        {({ items }) => items.map(({ pool }) => <OwnedPool key={pool} pool={pool} candidates={idle} />)}
      </Loaded>
      {vaults.data?.items.map(({ vault }) => (
        <OwnedVault key={vault} vault={vault} />
      ))}
      <OwnerRewards address={address} />
      {isCreating && (
        <CreatePool
          key={created}
          isOpen
          onClose={() => {
            creating.close();
            setCreated(created + 1);
          }}
        />
      )}
      {isCreatingVault && (
        <CreateVault
          key={created}
          isOpen
          onClose={() => {
            creatingVault.close();
            setCreated(created + 1);
          }}
        />
      )}
    </Page>
  );
}

function OwnerRewards({ address }: { address: string }) {
  const rewards = useRewards({ owner: address, limit: 10 });
  return (
    <Section
      title="Rewards of my pools"
      term="rewardSplit"
      actions={
        <Anchor href={csvUrl("/rewards", { owner: address })} download="rewards.csv" size="sm">
          CSV
        </Anchor>
      }
    >
      <Loaded
        query={rewards}
        what="The rewards"
        skeleton={<RowsSkeleton rows={4} />}
        isEmpty={({ items }) => items.length === 0}
        empty={<Empty title="No rewards yet">They come with the heartbeats of the workers in your pools.</Empty>}
      >
        {({ items }) => (
          <DataTable
            label="Rewards"
            rows={items}
            rowKey={({ block, pool }) => `${block}-${pool}`}
            columns={[
              {
                key: "pool",
                label: "Pool",
                cell: ({ pool }) => (
                  <Anchor component={Link} to={`/pools/${pool}`} size="sm">
                    Pool {pool}
                  </Anchor>
                ),
              },
              {
                key: "amount",
                label: "Reward",
                isNumber: true,
                cell: ({ amount }) => <Pha planck={BigInt(amount)} places={4} />,
              },
              {
                key: "commission",
                label: "Commission",
                term: "commission",
                isNumber: true,
                cell: ({ commission }) => <Pha planck={BigInt(commission)} places={4} />,
              },
              {
                key: "rest",
                label: "For delegators",
                isNumber: true,
                cell: ({ rest }) => <Pha planck={BigInt(rest)} places={4} />,
              },
              { key: "when", label: "When", isNumber: true, cell: ({ timeMs }) => <When ms={timeMs} /> },
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}
