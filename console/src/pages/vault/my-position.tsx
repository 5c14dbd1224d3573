import { useVaultPositions, type VaultStatus } from "@/chain/queries";
import { MyHolding } from "@/components/my-holding";
import { VaultRequests } from "@/components/requests";
import { useWallet } from "@/wallet/wallet";

/** What the account that looks has in this vault. */
export function MyPosition({ vault, status }: { vault: number; status: VaultStatus | undefined }) {
  const { address } = useWallet();
  const positions = useVaultPositions(address).data;
  if (!address) return null;
  const mine = positions?.find((position) => position.vault === vault);
  return (
    <MyHolding
      kind="vault"
      of={status && { vault: status }}
      shares={positions && (mine?.shares ?? 0n)}
      requests={status && mine && <VaultRequests vault={status} requests={mine.requests} />}
    />
  );
}
