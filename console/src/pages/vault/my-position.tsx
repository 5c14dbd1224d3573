import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { TransferShares } from "@/actions/position";
import { Undelegate } from "@/actions/undelegate";
import { useVaultPositions, type VaultStatus } from "@/chain/queries";
import { Section } from "@/components/page";
import { VaultRequests } from "@/components/requests";
import { Pha } from "@/components/values";
import { phaText } from "@/lib/amounts";
import { worth } from "@/lib/pools";
import { useWallet } from "@/wallet/wallet";

/** What the account that looks has in this vault. */
export function MyPosition({ vault, status }: { vault: number; status: VaultStatus | undefined }) {
  const { address } = useWallet();
  const positions = useVaultPositions(address).data;
  const [isUndelegating, undelegating] = useDisclosure(false);
  const [isSending, sending] = useDisclosure(false);
  const mine = positions?.find((position) => position.vault === vault);
  if (!status || !mine) return null;
  return (
    <Section
      title="My delegation in this vault"
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
        <Pha planck={worth(mine.shares, status)} places={6} />
      </Text>
      <Text size="sm" c="dimmed">
        {phaText(mine.shares, 4)} shares
      </Text>
      <VaultRequests vault={status} requests={mine.requests} />
      {isUndelegating && <Undelegate of={{ vault: status }} shares={mine.shares} isOpen onClose={undelegating.close} />}
      {isSending && <TransferShares of={{ vault: status }} shares={mine.shares} isOpen onClose={sending.close} />}
    </Section>
  );
}
