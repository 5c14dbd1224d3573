import { Group, Progress, Text } from "@mantine/core";
import type { PoolStatus } from "@/chain/queries";
import { Fact, Section } from "@/components/page";
import { QueueTable } from "@/components/queue-table";
import { Pha } from "@/components/values";
import { worth } from "@/lib/pools";

/** Who waits to be paid, how much, and by when. */
export function WithdrawalQueue({ pool, status }: { pool: number; status: PoolStatus | undefined }) {
  const queued = status ? worth(status.queued_shares, status) : 0n;
  return (
    <Section title="Withdrawal queue" term="queue">
      {status && queued > 0n && (
        <Coverage queued={queued} free={status.free} cooling={status.cooling} need={status.need} />
      )}
      <QueueTable of={{ pool }} />
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
