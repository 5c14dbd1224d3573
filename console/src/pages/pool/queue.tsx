import { Group, Progress, Text } from "@mantine/core";
import { useState } from "react";
import { useWithdrawals } from "@/api/queries";
import type { PoolStatus } from "@/chain/queries";
import { DataTable, Pages } from "@/components/data-table";
import { Fact, Section } from "@/components/page";
import { Empty, Loaded, RowsSkeleton } from "@/components/state";
import { Status } from "@/components/states";
import { Code, Pha, When } from "@/components/values";
import { isSameAccount } from "@/lib/addresses";
import { worth } from "@/lib/pools";
import { useWallet } from "@/wallet/wallet";

const LIMIT = 8;

/** Who waits to be paid, how much, and by when. */
export function WithdrawalQueue({ pool, status }: { pool: number; status: PoolStatus | undefined }) {
  const [offset, setOffset] = useState(0);
  const { address } = useWallet();
  const requests = useWithdrawals({ pool, waiting: true, sort: "deadline", order: "asc", offset, limit: LIMIT });
  const queued = status ? worth(status.queued_shares, status) : 0n;
  return (
    <Section title="Withdrawal queue" term="queue">
      {status && queued > 0n && (
        <Coverage queued={queued} free={status.free} cooling={status.cooling} need={status.need} />
      )}
      <Loaded
        query={requests}
        what="The withdrawal queue"
        skeleton={<RowsSkeleton rows={2} />}
        isEmpty={({ total }) => total === 0}
        empty={<Empty title="Nobody waits">Withdrawals are paid at once as long as the pool has free coins.</Empty>}
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
                  cell: ({ account }) => (
                    <Group gap={4} wrap="nowrap">
                      <Code text={account} label="the address" ends={4} />
                      {address && isSameAccount(account, address) && <Status tone="good">you</Status>}
                    </Group>
                  ),
                },
                {
                  key: "value",
                  label: "Value",
                  isNumber: true,
                  cell: ({ value }) => <Pha planck={BigInt(value)} places={2} />,
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
    </Section>
  );
}

function Coverage({ queued, free, cooling, need }: { queued: bigint; free: bigint; cooling: bigint; need: bigint }) {
  const covered = free + cooling;
  const part = Number(((covered > queued ? queued : covered) * 1000n) / queued) / 10;
  return (
    <div style={{ marginBottom: 12 }}>
      <Group justify="space-between" mb={6}>
        <Text size="sm">
          {covered >= queued
            ? "Covered by coins that are free or come back"
            : "The rest comes out of stakes at the deadlines"}
        </Text>
        <Text size="sm" className="num">
          {part} %
        </Text>
      </Group>
      <Progress
        value={part}
        color={covered >= queued ? "teal" : "orange"}
        aria-label="Part of the queue that is covered"
      />
      <Fact term="queue" label="Waiting in all">
        <Pha planck={queued} places={2} />
      </Fact>
      {need > 0n && (
        <Fact term="deadline" label="To be taken out of stakes now">
          <Pha planck={need} places={2} />
        </Fact>
      )}
    </div>
  );
}
