import { Anchor, Button, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { Link, useSearchParams } from "react-router";
import { csvUrl, type Schemas } from "@/api/client";
import { useVaults, type VaultsAsked } from "@/api/queries";
import { type Column, DataTable, Pages } from "@/components/data-table";
import { Page, Section } from "@/components/page";
import { Empty, Loaded, RowsSkeleton } from "@/components/state";
import { Rate } from "@/components/states";
import { Change, Pha } from "@/components/values";
import { shortened } from "@/lib/addresses";
import { numberText, percentText } from "@/lib/amounts";
import { type Filters, readFilters, VaultFilters, writeFilters } from "./filters";

type Vault = Schemas["Vault"];

const LIMIT = 20;

export function Vaults() {
  const [parameters, setParameters] = useSearchParams();
  const filters = readFilters(parameters);
  const change = (next: Filters) => setParameters(writeFilters(next), { replace: true });
  const query: VaultsAsked = {
    search: filters.search || undefined,
    minRoom: filters.hasRoom ? "1000000000000" : undefined,
    maxFeePpm: filters.maxFee === undefined ? undefined : filters.maxFee * 10_000,
    window: "week",
    sort: filters.sort,
    order: filters.order,
    offset: filters.offset,
    limit: LIMIT,
  };
  const vaults = useVaults(query);
  return (
    <Page
      title="Vaults"
      subtitle="A vault spreads your PHA over several stake pools. Its owner moves them, and can never take them out."
      actions={
        <Button
          component="a"
          href={csvUrl("/vaults", { ...query, offset: undefined, limit: undefined })}
          download="vaults.csv"
          variant="default"
          size="sm"
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          CSV
        </Button>
      }
    >
      <Section title="All vaults" term="vault">
        <VaultFilters filters={filters} change={change} />
        <Loaded
          query={vaults}
          what="The vaults"
          skeleton={<RowsSkeleton rows={4} height={56} />}
          isEmpty={({ total }) => total === 0}
          empty={
            <NoVaults
              isFiltered={writeFilters({ ...filters, sort: "value", order: "desc", offset: 0 }).size > 0}
              clear={() => setParameters({})}
            />
          }
        >
          {({ items, total }) => (
            <>
              <DataTable
                label="Vaults"
                columns={COLUMNS}
                rows={items}
                rowKey={({ vault }) => String(vault)}
                isStale={vaults.isPlaceholderData}
                sorting={{
                  by: filters.sort,
                  order: filters.order,
                  change: (sort, order) => change({ ...filters, sort: sort as Filters["sort"], order, offset: 0 }),
                }}
              />
              <Pages
                total={total}
                offset={filters.offset}
                limit={LIMIT}
                change={(offset) => change({ ...filters, offset })}
              />
            </>
          )}
        </Loaded>
      </Section>
    </Page>
  );
}

const COLUMNS: Column<Vault>[] = [
  {
    key: "vault",
    label: "Vault",
    sort: "vault",
    cell: ({ vault, owner }) => (
      <div>
        <Anchor component={Link} to={`/vaults/${vault}`} fw={600} size="sm" style={{ whiteSpace: "nowrap" }}>
          Vault {vault}
        </Anchor>
        <Text size="xs" c="dimmed" title={owner}>
          Owner {shortened(owner)}
        </Text>
      </div>
    ),
  },
  {
    key: "apr",
    label: "APR",
    term: "apr",
    sort: "apr",
    isNumber: true,
    cell: ({ apr }) => (
      <Text span fw={600} size="sm">
        {apr == null ? "—" : percentText(apr, 1)}
      </Text>
    ),
  },
  {
    key: "change",
    label: "In a week",
    term: "priceChange",
    sort: "change",
    isNumber: true,
    cell: ({ changeWeek }) => <Change part={changeWeek} />,
  },
  {
    key: "value",
    label: "Value",
    term: "vaultValue",
    sort: "value",
    isNumber: true,
    cell: ({ value }) => <Pha planck={BigInt(value)} places={0} />,
  },
  {
    key: "room",
    label: "Room",
    term: "capacity",
    sort: "room",
    isNumber: true,
    cell: ({ room }) => (room == null ? "no limit" : <Pha planck={BigInt(room)} places={0} />),
  },
  {
    key: "fee",
    label: "Fee",
    term: "vaultFee",
    sort: "fee",
    isNumber: true,
    cell: ({ feePpm, feeRisePpm }) => <Rate ppm={feePpm} risePpm={feeRisePpm} />,
  },
  {
    key: "pools",
    label: "Pools",
    term: "vaultPlaces",
    sort: "pools",
    isNumber: true,
    cell: ({ pools }) => numberText(pools),
  },
  {
    key: "delegators",
    label: "Delegators",
    sort: "delegators",
    isNumber: true,
    cell: ({ delegators }) => numberText(delegators),
  },
];

function NoVaults({ isFiltered, clear }: { isFiltered: boolean; clear: () => void }) {
  if (isFiltered) {
    return (
      <Empty
        title="No vault is like that"
        action={
          <Button variant="default" onClick={clear}>
            Clear the filters
          </Button>
        }
      >
        Take a filter away, or search for something else.
      </Empty>
    );
  }
  return (
    <Empty
      title="There are no vaults yet"
      action={
        <Button component={Link} to="/farm">
          Create the first one
        </Button>
      }
    >
      A vault collects PHA and delegates them to stake pools. Anybody can create one.
    </Empty>
  );
}
