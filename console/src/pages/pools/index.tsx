import { Button, Group } from "@mantine/core";
import { IconDownload, IconScale } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";
import { csvUrl } from "@/api/client";
import { type PoolsAsked, usePools } from "@/api/queries";
import { DataTable, Pages } from "@/components/data-table";
import { Page, Section } from "@/components/page";
import { Empty, Loaded, RowsSkeleton } from "@/components/state";
import { columns } from "./columns";
import { Compare } from "./compare";
import { type Filters, PoolFilters, readFilters, writeFilters } from "./filters";

const LIMIT = 20;
/** The lowest confidence level that counts in full. */
const FULL_LEVEL = 3;
/** Pools that fit beside each other. */
const MOST_COMPARED = 4;

export function Pools() {
  const [parameters, setParameters] = useSearchParams();
  const filters = readFilters(parameters);
  const [compared, setCompared] = useState<number[]>([]);
  const [isComparing, setComparing] = useState(false);
  const change = (next: Filters) => setParameters(writeFilters(next), { replace: true });

  const query: PoolsAsked = {
    search: filters.search || undefined,
    mining: filters.isMining || undefined,
    restricted: filters.isOpen ? false : undefined,
    maxLevel: filters.isVerified ? FULL_LEVEL : undefined,
    minRoom: filters.hasRoom ? "1000000000000" : undefined,
    maxCommissionPpm: filters.maxCommission === undefined ? undefined : filters.maxCommission * 10_000,
    minApr: filters.minApr === undefined ? undefined : filters.minApr / 100,
    sort: filters.sort,
    order: filters.order,
    offset: filters.offset,
    limit: LIMIT,
  };
  const pools = usePools(query);
  const toggle = (pool: number) =>
    setCompared((all) =>
      all.includes(pool) ? all.filter((each) => each !== pool) : [...all, pool].slice(-MOST_COMPARED),
    );

  return (
    <Page
      title="Pools"
      subtitle="Delegate to a stake pool and earn with its workers. Open a pool to see everything about it."
      actions={
        <>
          <Button
            variant="default"
            size="sm"
            leftSection={<IconScale size={16} aria-hidden />}
            disabled={compared.length < 2}
            onClick={() => setComparing(true)}
          >
            Compare {compared.length > 0 ? compared.length : ""}
          </Button>
          <Button
            component="a"
            href={csvUrl("/pools", { ...query, offset: undefined, limit: undefined })}
            download="pools.csv"
            variant="default"
            size="sm"
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            CSV
          </Button>
        </>
      }
    >
      <Section title="All pools">
        <PoolFilters filters={filters} change={change} />
        <Loaded
          query={pools}
          what="The pools"
          skeleton={<RowsSkeleton rows={6} height={56} />}
          isEmpty={({ total }) => total === 0}
          empty={
            <NoPools
              isFiltered={writeFilters({ ...filters, sort: "value", order: "desc", offset: 0 }).size > 0}
              clear={() => setParameters({})}
            />
          }
        >
          {({ items, total }) => (
            <>
              <DataTable
                label="Stake pools"
                columns={columns(compared, toggle)}
                rows={items}
                rowKey={({ pool }) => String(pool)}
                isStale={pools.isPlaceholderData}
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
      <Compare pools={compared} isOpen={isComparing} onClose={() => setComparing(false)} />
    </Page>
  );
}

function NoPools({ isFiltered, clear }: { isFiltered: boolean; clear: () => void }) {
  if (isFiltered) {
    return (
      <Empty
        title="No pool is like that"
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
      title="There are no pools yet"
      action={
        <Group>
          <Button component={Link} to="/farm">
            Create the first one
          </Button>
        </Group>
      }
    >
      A pool collects PHA and lets workers mine with it. Anybody can create one.
    </Empty>
  );
}
