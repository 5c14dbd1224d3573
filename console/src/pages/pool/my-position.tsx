import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { TransferShares } from "@/actions/position";
import { Undelegate } from "@/actions/undelegate";
import { type PoolStatus, usePositions } from "@/chain/queries";
import { Section } from "@/components/page";
import { PoolRequests } from "@/components/requests";
import { Pha } from "@/components/values";
import { phaText } from "@/lib/amounts";
import { worth } from "@/lib/pools";
import { useWallet } from "@/wallet/wallet";

/** What the account that looks has in this pool. */
export function MyPosition({ pool, status }: { pool: number; status: PoolStatus | undefined }) {
  const { address } = useWallet();
  const positions = usePositions(address).data;
  const [isUndelegating, undelegating] = useDisclosure(false);
  const [isSending, sending] = useDisclosure(false);
  const mine = positions?.find((position) => position.pool === pool)?.delegation;
  if (!status || !mine) return null;
  const value = worth(mine.shares, status);
  return (
    <Section
      title="My delegation in this pool"
      term="delegated"
      actions={
        mine.shares > 0n && (
          <Group gap="xs">
            <Button variant="default" size="sm" onClick={sending.open}>
              Send shares
            </Button>
            <Button variant="default" size="sm" onClick={undelegating.open}>
              Undelegate
            </Button>
          </Group>
        )
      }
    >
      <Text fw={620} size="xl" className="num">
        <Pha planck={value} places={6} />
      </Text>
      <Text size="sm" c="dimmed">
        {phaText(mine.shares, 4)} shares
      </Text>
      <PoolRequests pool={status} requests={mine.requests} />
      {isUndelegating && <Undelegate of={{ pool: status }} shares={mine.shares} isOpen onClose={undelegating.close} />}
      {isSending && <TransferShares of={{ pool: status }} shares={mine.shares} isOpen onClose={sending.close} />}
    </Section>
  );
}
