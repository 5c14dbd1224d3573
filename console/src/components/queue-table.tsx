import { Text } from "@mantine/core";
import { useState } from "react";
import { useWithdrawals } from "@/api/queries";
import { DataTable, Pages } from "./data-table";
import { Holder } from "./delegators";
import { Empty, Loaded, RowsSkeleton } from "./state";
import { Pha, When } from "./values";

const LIMIT = 8;

/** Who waits to be paid by a pool or a vault, how much, and by when. */
export function QueueTable({ of }: { of: { pool: number } | { vault: number } }) {
  const [offset, setOffset] = useState(0);
  const kind = "pool" in of ? "pool" : "vault";
  const requests = useWithdrawals({ ...of, waiting: true, sort: "deadline", order: "asc", offset, limit: LIMIT });
  return (
    <Loaded
      query={requests}
      what="The withdrawal queue"
      skeleton={<RowsSkeleton rows={2} />}
      isEmpty={({ total }) => total === 0}
      empty={<Empty title="Nobody waits">Withdrawals are paid at once as long as the {kind} has free coins.</Empty>}
    >
      {({ items, total }) => (
        <>
          <DataTable
            label="Open withdrawals"
            rows={items}
            rowKey={({ request }) => String(request)}
            isStale={requests.isPlaceholderData}
            columns={[
              {
                key: "account",
                label: "Account",
                cell: ({ account, accountVault }) => <Holder account={account} vault={accountVault} ends={4} />,
              },
              {
                key: "value",
                label: "Value",
                isNumber: true,
                cell: ({ value, claims }) => (
                  <>
                    <Pha planck={BigInt(value)} places={2} />
                    {claims.length > 0 && (
                      <Text size="xs" c="dimmed">
                        from {claims.length === 1 ? "pool" : "pools"} {claims.map(({ pool }) => pool).join(", ")}
                      </Text>
                    )}
                  </>
                ),
              },
              {
                key: "deadline",
                label: "Deadline",
                term: "deadline",
                isNumber: true,
                cell: ({ deadlineMs }) => <When ms={deadlineMs} />,
              },
              {
                key: "promised",
                label: "Paid by",
                term: "promised",
                isNumber: true,
                cell: ({ promisedMs }) => <When ms={promisedMs} />,
              },
            ]}
          />
          <Pages total={total} offset={offset} limit={LIMIT} change={setOffset} />
        </>
      )}
    </Loaded>
  );
}
