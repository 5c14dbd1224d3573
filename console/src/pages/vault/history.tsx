import { Anchor, Text } from "@mantine/core";
import { Link } from "react-router";
import { csvUrl, type Schemas } from "@/api/client";
import { useVaultEvents } from "@/api/queries";
import { DataTable } from "@/components/data-table";
import { Section } from "@/components/page";
import { Empty, Loaded, RowsSkeleton } from "@/components/state";
import { Pha, When } from "@/components/values";
import { phaText, ppmText } from "@/lib/amounts";

type Event = Schemas["VaultEvent"];

const LIMIT = 12;

const KINDS: Record<Event["kind"], string> = {
  created: "Created",
  feeTaken: "Fee taken",
  feeClaimed: "Fee claimed",
  feeChanged: "Fee in force",
  feeRiseAnnounced: "Higher fee announced",
  feeRiseCancelled: "Higher fee withdrawn",
  limitChanged: "Commission limit in force",
  limitRiseAnnounced: "Higher limit announced",
  limitRiseCancelled: "Higher limit withdrawn",
  capChanged: "Cap changed",
  invested: "Delegated to a pool",
  divested: "Taken back from a pool",
  divestCancelled: "Kept in a pool",
  coinsReturned: "Paid by a pool",
  poolLeft: "Pool left: too dear",
  restTaken: "Rest paid to the owner",
};

/** What the owner did with a vault, and what came of it. */
export function VaultHistory({ vault }: { vault: number }) {
  const events = useVaultEvents(vault, LIMIT);
  return (
    <Section
      title="History"
      actions={
        <Anchor href={csvUrl(`/vaults/${vault}/events`, {})} download={`vault-${vault}-history.csv`} size="sm">
          CSV
        </Anchor>
      }
    >
      <Loaded
        query={events}
        what="The vault's history"
        skeleton={<RowsSkeleton rows={4} />}
        isEmpty={({ items }) => items.length === 0}
        empty={<Empty title="No history yet">It appears with the vault's first finalised block.</Empty>}
      >
        {({ items }) => (
          <DataTable
            label="History of the vault"
            rows={items}
            rowKey={({ block, kind, pool, shares, amount, ppm }) =>
              `${block}-${kind}-${pool}-${shares}-${amount}-${ppm}`
            }
            columns={[
              {
                key: "what",
                label: "What",
                cell: ({ kind, pool }) => (
                  <>
                    {KINDS[kind] ?? "Changed"}
                    {pool != null && (
                      <Text size="xs" c="dimmed">
                        <Anchor component={Link} to={`/pools/${pool}`} size="xs">
                          Pool {pool}
                        </Anchor>
                      </Text>
                    )}
                  </>
                ),
              },
              { key: "amount", label: "How much", isNumber: true, cell: (event) => <Extent event={event} /> },
              { key: "when", label: "When", isNumber: true, cell: ({ timeMs }) => <When ms={timeMs} /> },
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}

function Extent({ event: { kind, ppm, dueMs, amount, shares } }: { event: Event }) {
  if (ppm != null) {
    return (
      <>
        {ppmText(ppm)}
        {dueMs != null && (
          <Text size="xs" c="dimmed">
            in force <When ms={dueMs} inline />
          </Text>
        )}
      </>
    );
  }
  if (amount != null) return <Pha planck={BigInt(amount)} places={4} />;
  if (kind === "capChanged") return <>no limit</>;
  return <>{shares == null ? "—" : `${phaText(BigInt(shares), 2)} shares`}</>;
}
