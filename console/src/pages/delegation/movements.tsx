import { Anchor, SimpleGrid } from "@mantine/core";
import { Link } from "react-router";
import { csvUrl } from "@/api/client";
import { useMovements, useTransactionsOf } from "@/api/queries";
import { DataTable } from "@/components/data-table";
import { Section } from "@/components/page";
import { Empty, Loaded, RowsSkeleton } from "@/components/state";
import { Status } from "@/components/states";
import { Code, Pha, When } from "@/components/values";
import { numberText } from "@/lib/amounts";
import { callText } from "@/lib/calls";

const KINDS: Record<string, string> = {
  delegated: "Delegated",
  undelegated: "Paid out at once",
  queued: "Into the queue",
  paid: "Paid out of the queue",
  cancelled: "Withdrawal cancelled",
  sent: "Shares sent",
  received: "Shares received",
  booked: "Payment booked",
  claimed: "Payment claimed",
  commission: "Commission claimed",
  fee: "Fee of a vault claimed",
  rest: "Rest taken",
};

/** What the account did, and what came of it. */
export function Movements({ address }: { address: string }) {
  const movements = useMovements({ account: address, limit: 10 });
  const transactions = useTransactionsOf({ account: address, limit: 10 });
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
      <Section
        title="Movements"
        actions={
          <Anchor href={csvUrl("/movements", { account: address })} download="movements.csv" size="sm">
            CSV
          </Anchor>
        }
      >
        <Loaded
          query={movements}
          what="Your movements"
          skeleton={<RowsSkeleton rows={4} />}
          isEmpty={({ items }) => items.length === 0}
          empty={<Empty title="Nothing moved yet">Delegations, payments and transfers are listed here.</Empty>}
        >
          {({ items }) => (
            <DataTable
              label="Movements"
              rows={items}
              rowKey={({ block, kind, amount, pool, vault, request }) =>
                `${block}-${kind}-${pool}-${vault}-${request}-${amount}`
              }
              columns={[
                { key: "what", label: "What", cell: ({ kind }) => KINDS[kind] ?? "Moved" },
                {
                  key: "where",
                  label: "Where",
                  cell: ({ pool, vault }) => <Place pool={pool} vault={vault} />,
                },
                {
                  key: "amount",
                  label: "Amount",
                  isNumber: true,
                  cell: ({ amount }) => <Pha planck={BigInt(amount)} places={4} />,
                },
                { key: "when", label: "When", isNumber: true, cell: ({ timeMs }) => <When ms={timeMs} /> },
              ]}
            />
          )}
        </Loaded>
      </Section>
      <Section title="Signed transactions">
        <Loaded
          query={transactions}
          what="Your transactions"
          skeleton={<RowsSkeleton rows={4} />}
          isEmpty={({ items }) => items.length === 0}
          empty={<Empty title="Nothing signed yet" />}
        >
          {({ items }) => (
            <DataTable
              label="Signed transactions"
              rows={items}
              rowKey={({ hash }) => hash}
              columns={[
                { key: "what", label: "What", cell: ({ pallet, call }) => callText(pallet, call) },
                {
                  key: "result",
                  label: "Result",
                  cell: ({ success, error }) =>
                    success ? (
                      <Status tone="good">done</Status>
                    ) : (
                      <Status tone="bad" hint={error ?? undefined}>
                        failed
                      </Status>
                    ),
                },
                {
                  key: "block",
                  label: "Block",
                  isNumber: true,
                  cell: ({ block }) => (
                    <Anchor component={Link} to={`/blocks/${block}`} size="sm">
                      #{numberText(block)}
                    </Anchor>
                  ),
                },
                {
                  key: "fee",
                  label: "Fee",
                  term: "fee",
                  isNumber: true,
                  cell: ({ fee }) => <Pha planck={BigInt(fee)} places={6} />,
                },
                {
                  key: "hash",
                  label: "Hash",
                  isNumber: true,
                  cell: ({ hash }) => <Code text={hash} label="the hash" ends={4} />,
                },
              ]}
            />
          )}
        </Loaded>
      </Section>
    </SimpleGrid>
  );
}

function Place({ pool, vault }: { pool?: number | null; vault?: number | null }) {
  if (pool == null && vault == null) return <>—</>;
  const [path, text] = pool == null ? [`/vaults/${vault}`, `Vault ${vault}`] : [`/pools/${pool}`, `Pool ${pool}`];
  return (
    <Anchor component={Link} to={path} size="sm">
      {text}
    </Anchor>
  );
}
