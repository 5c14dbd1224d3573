import { Anchor, Progress, Text } from "@mantine/core";
import { Link } from "react-router";
import { useVaultPools } from "@/api/queries";
import { type PoolStatus, useAllPools, type VaultPlace, type VaultStatus } from "@/chain/queries";
import { DataTable } from "@/components/data-table";
import { Section } from "@/components/page";
import { Empty, RowsSkeleton } from "@/components/state";
import { Pha } from "@/components/values";
import { percentText, ppmText } from "@/lib/amounts";
import { worth } from "@/lib/pools";
import { partOf } from "@/lib/vaults";

/** Where a vault's coins are. */
export function Places({ vault, status }: { vault: number; status: VaultStatus | undefined }) {
  return (
    <Section title="Pools of the vault" term="vaultPlaces">
      {!status ? (
        <div aria-busy="true" role="status" aria-label="The pools of the vault: loading">
          <RowsSkeleton rows={3} />
        </div>
      ) : status.places.length === 0 ? (
        <Empty title="In no pool yet">
          The owner has delegated nothing to pools. Coins that are in no pool earn nothing.
        </Empty>
      ) : (
        <PlaceTable vault={vault} status={status} />
      )}
    </Section>
  );
}

function PlaceTable({ vault, status }: { vault: number; status: VaultStatus }) {
  const indexed = useVaultPools(vault).data?.items;
  const pools = useAllPools().data;
  const found = ({ pool }: VaultPlace) => indexed?.find((each) => each.pool === pool);
  const poolOf = ({ pool }: VaultPlace) => pools?.find(({ id }) => id === pool);
  return (
    <DataTable<VaultPlace>
      label="Pools of the vault"
      rows={[...status.places].sort((one, other) => (one.value < other.value ? 1 : -1))}
      rowKey={({ pool }) => String(pool)}
      columns={[
        {
          key: "pool",
          label: "Pool",
          cell: ({ pool }) => (
            <Anchor component={Link} to={`/pools/${pool}`} fw={600} size="sm" style={{ whiteSpace: "nowrap" }}>
              Pool {pool}
            </Anchor>
          ),
        },
        { key: "value", label: "Value", isNumber: true, cell: ({ value }) => <Pha planck={value} places={2} /> },
        {
          key: "part",
          label: "Part of the vault",
          isNumber: true,
          cell: ({ value }) => <Part part={partOf(value, status.value)} />,
        },
        {
          key: "apr",
          label: "APR",
          term: "apr",
          isNumber: true,
          cell: (place) => {
            const apr = found(place)?.apr;
            return apr == null ? "—" : percentText(apr, 1);
          },
        },
        {
          key: "commission",
          label: "Commission",
          term: "commission",
          isNumber: true,
          cell: ({ commission_ppm }) => ppmText(commission_ppm),
        },
        {
          key: "returning",
          label: "On its way back",
          isNumber: true,
          cell: (place) => <Queued shares={place.returning} pool={poolOf(place)} />,
        },
        {
          key: "claimed",
          label: "For leavers",
          term: "vaultQueue",
          isNumber: true,
          cell: (place) => <Queued shares={place.claimed} pool={poolOf(place)} />,
        },
      ]}
    />
  );
}

/** What shares in a pool's queue are worth. */
export function Queued({ shares, pool }: { shares: bigint; pool: PoolStatus | undefined }) {
  if (shares === 0n || !pool) return <>—</>;
  return <Pha planck={worth(shares, pool)} places={2} />;
}

export function Part({ part }: { part: number }) {
  return (
    <div style={{ minWidth: 110 }}>
      <Text span size="sm" className="num">
        {percentText(part, 1)}
      </Text>
      <Progress value={part * 100} size={4} mt={2} color="teal" aria-hidden />
    </div>
  );
}
