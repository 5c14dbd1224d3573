import { useState } from "react";
import { useMembers } from "@/api/queries";
import { DataTable, Pages } from "@/components/data-table";
import { Section } from "@/components/page";
import { Empty, Loaded, RowsSkeleton } from "@/components/state";
import { Code, When } from "@/components/values";

/** Who may delegate to a pool that is not open to everybody. */
export function Members({ pool }: { pool: number }) {
  const [offset, setOffset] = useState(0);
  const members = useMembers(pool, offset, true);
  return (
    <Section title="Allow-list" term="restricted">
      <Loaded
        query={members}
        what="The allow-list"
        skeleton={<RowsSkeleton rows={2} />}
        isEmpty={({ total }) => total === 0}
        empty={<Empty title="Nobody is on the list yet" />}
      >
        {({ items, total }) => (
          <>
            <DataTable
              label="Accounts that may delegate"
              rows={items}
              rowKey={({ account }) => account}
              columns={[
                {
                  key: "account",
                  label: "Account",
                  cell: ({ account }) => <Code text={account} label="the address" />,
                },
                { key: "since", label: "Since", isNumber: true, cell: ({ sinceMs }) => <When ms={sinceMs} inline /> },
              ]}
            />
            <Pages total={total} offset={offset} limit={10} change={setOffset} />
          </>
        )}
      </Loaded>
    </Section>
  );
}
