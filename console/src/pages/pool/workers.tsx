import { useState } from "react";
import { useWorkers, type WorkersAsked } from "@/api/queries";
import { Pages } from "@/components/data-table";
import { Section } from "@/components/page";
import { Empty, Loaded, RowsSkeleton } from "@/components/state";
import { WorkerTable } from "@/components/worker-table";

const LIMIT = 10;

export function PoolWorkers({ pool }: { pool: number }) {
  const [sorting, setSorting] = useState<{ by: NonNullable<WorkersAsked["sort"]>; order: "asc" | "desc" }>({
    by: "share",
    order: "desc",
  });
  const [offset, setOffset] = useState(0);
  const workers = useWorkers({ pool, sort: sorting.by, order: sorting.order, offset, limit: LIMIT });
  return (
    <Section title="Workers" term="worker">
      <Loaded
        query={workers}
        what="The pool's workers"
        skeleton={<RowsSkeleton rows={3} />}
        isEmpty={({ total }) => total === 0}
        empty={<Empty title="No workers yet">Without workers the pool earns nothing. Its owner can add some.</Empty>}
      >
        {({ items, total }) => (
          <>
            <WorkerTable
              rows={items}
              isStale={workers.isPlaceholderData}
              sorting={{
                ...sorting,
                change: (by, order) => {
                  setSorting({ by: by as NonNullable<WorkersAsked["sort"]>, order });
                  setOffset(0);
                },
              }}
            />
            <Pages total={total} offset={offset} limit={LIMIT} change={setOffset} />
          </>
        )}
      </Loaded>
    </Section>
  );
}
