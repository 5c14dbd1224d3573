import { useCommissions } from "@/api/queries";
import { DataTable } from "@/components/data-table";
import { Section } from "@/components/page";
import { Empty, Loaded, RowsSkeleton } from "@/components/state";
import { When } from "@/components/values";
import { ppmText } from "@/lib/amounts";

const KINDS: Record<string, string> = {
  created: "Pool created",
  changed: "In force",
  riseAnnounced: "Rise announced",
  riseCancelled: "Announcement withdrawn",
};

/** What the commission was, is, and will be. */
export function Commission({ pool }: { pool: number }) {
  const changes = useCommissions(pool);
  return (
    <Section title="Commission" term="commission">
      <Loaded
        query={changes}
        what="The commission's history"
        skeleton={<RowsSkeleton rows={2} />}
        isEmpty={({ items }) => items.length === 0}
        empty={<Empty title="No history yet">It appears with the pool's first finalised block.</Empty>}
      >
        {({ items }) => (
          <DataTable
            label="History of the commission"
            rows={items}
            rowKey={({ block, kind, commissionPpm }) => `${block}-${kind}-${commissionPpm}`}
            columns={[
              { key: "when", label: "When", cell: ({ timeMs }) => <When ms={timeMs} /> },
              { key: "what", label: "What", cell: ({ kind }) => KINDS[kind] ?? "Changed" },
              { key: "rate", label: "Rate", isNumber: true, cell: ({ commissionPpm }) => ppmText(commissionPpm) },
              {
                key: "due",
                label: "In force from",
                isNumber: true,
                cell: ({ dueMs }) => (dueMs == null ? "—" : <When ms={dueMs} />),
              },
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}
