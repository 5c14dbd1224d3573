import { type PoolStatus, usePositions } from "@/chain/queries";
import { MyHolding } from "@/components/my-holding";
import { PoolRequests } from "@/components/requests";
import { useWallet } from "@/wallet/wallet";

/** What the account that looks has in this pool. */
export function MyPosition({ pool, status }: { pool: number; status: PoolStatus | undefined }) {
  const { address } = useWallet();
  const positions = usePositions(address).data;
  if (!address) return null;
  const mine = positions?.find((position) => position.pool === pool)?.delegation;
  return (
    <MyHolding
      kind="pool"
      of={status && { pool: status }}
      shares={positions && (mine?.shares ?? 0n)}
      requests={status && mine && <PoolRequests pool={status} requests={mine.requests} />}
    />
  );
}
