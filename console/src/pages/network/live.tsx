// What happens now, as it happens.
import { Anchor, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { Link } from "react-router";
import { useHeartbeats } from "@/api/queries";
import { useHeads } from "@/chain/connection";
import { DataTable } from "@/components/data-table";
import { Section } from "@/components/page";
import { Empty, Loaded, RowsSkeleton } from "@/components/state";
import { Status } from "@/components/states";
import { Code, Pha, When } from "@/components/values";
import { numberText } from "@/lib/amounts";

const ROWS = 8;

interface Seen {
  number: number;
  hash: string;
  atMs: number;
}

/** The newest blocks, as this page has seen them come in. */
export function NewestBlocks() {
  const { chain, finalized } = useHeads();
  const [seen, setSeen] = useState<Seen[]>([]);
  useEffect(() => {
    const [newest, oldest] = [chain?.at(0), chain?.at(-1)];
    if (!chain || !newest || !oldest) return;
    setSeen((seen) => {
      const atMs = new Map(seen.map((block) => [block.hash, block.atMs]));
      const now = Date.now();
      // What is not finalised is told anew each time: another branch may have become the best one.
      const live = chain.map((block) => ({ ...block, atMs: atMs.get(block.hash) ?? now }));
      return [...live, ...seen.filter(({ number }) => number < oldest.number)].slice(0, ROWS);
    });
  }, [chain]);
  return (
    <Section title="Newest blocks">
      <div style={{ minHeight: 8 * 46 }}>
        {seen.length === 0 ? (
          <RowsSkeleton rows={ROWS} />
        ) : (
          <DataTable
            label="Newest blocks"
            isSlim
            rows={seen}
            rowKey={({ hash }) => hash}
            columns={[
              {
                key: "number",
                label: "Block",
                cell: ({ number }) => (
                  <Anchor component={Link} to={`/blocks/${number}`} size="sm" className="num">
                    #{numberText(number)}
                  </Anchor>
                ),
              },
              {
                key: "hash",
                label: "Hash",
                isExtra: true,
                cell: ({ hash }) => <Code text={hash} label="the block's hash" />,
              },
              {
                key: "state",
                label: "State",
                term: "finalised",
                cell: ({ number }) =>
                  finalized && number <= finalized.number ? (
                    <Status tone="good">Finalised</Status>
                  ) : (
                    <Status tone="quiet">New</Status>
                  ),
              },
              {
                key: "seen",
                label: "Seen",
                isNumber: true,
                cell: ({ atMs }) => (
                  <Text span size="sm" c="dimmed">
                    <When ms={atMs} inline />
                  </Text>
                ),
              },
            ]}
          />
        )}
      </div>
    </Section>
  );
}

/** The newest heartbeats and what they paid. */
export function LiveHeartbeats() {
  const heartbeats = useHeartbeats({ limit: ROWS });
  return (
    <Section title="Newest rewards" term="heartbeats">
      <div style={{ minHeight: 8 * 46 }}>
        <Loaded
          query={heartbeats}
          what="The newest heartbeats"
          skeleton={<RowsSkeleton rows={ROWS} />}
          isEmpty={({ items }) => items.length === 0}
          empty={<Empty title="No heartbeats yet">The first ones come soon after the first worker was started.</Empty>}
        >
          {({ items }) => (
            <DataTable
              label="Newest heartbeats"
              isSlim
              rows={items}
              rowKey={({ worker, block, challengeBlock }) => `${worker}-${block}-${challengeBlock}`}
              columns={[
                {
                  key: "worker",
                  label: "Worker",
                  cell: ({ worker }) => <Code text={worker} to={`/workers/${worker}`} label="the worker's key" />,
                },
                {
                  key: "pool",
                  label: "Pool",
                  isExtra: true,
                  cell: ({ pool }) => (
                    <Anchor component={Link} to={`/pools/${pool}`} size="sm">
                      Pool {pool}
                    </Anchor>
                  ),
                },
                {
                  key: "paid",
                  label: "Paid",
                  isNumber: true,
                  cell: ({ paid }) => <Pha planck={BigInt(paid)} places={2} />,
                },
                {
                  key: "when",
                  label: "When",
                  isNumber: true,
                  cell: ({ timeMs }) => (
                    <Text span size="sm" c="dimmed">
                      <When ms={timeMs} inline />
                    </Text>
                  ),
                },
              ]}
            />
          )}
        </Loaded>
      </div>
    </Section>
  );
}
