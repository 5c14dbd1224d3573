import { Alert, Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link } from "react-router";
import { ClaimUnclaimed, SendCoins } from "@/actions/position";
import { useAccount } from "@/api/queries";
import { useBalance, usePositions, useUnclaimed, useVaultPositions } from "@/chain/queries";
import { Page, Section, Stat, Stats } from "@/components/page";
import { Empty, Loaded, RowsSkeleton } from "@/components/state";
import { Code, Pha } from "@/components/values";
import { phaText } from "@/lib/amounts";
import { useWallet } from "@/wallet/wallet";
import { DelegationChart } from "./chart";
import { Movements } from "./movements";
import { PoolPosition, VaultPosition } from "./position";

export function Delegation() {
  const { address, name, pick } = useWallet();
  if (!address) {
    return (
      <Page
        title="My delegation"
        subtitle="What you have in stake pools and vaults, what it earned, and what is on its way back."
      >
        <Section title="Delegation">
          <Empty title="Whose delegation?" action={<Button onClick={pick}>Connect</Button>}>
            Connect a wallet to delegate, or look at any address without one.
          </Empty>
        </Section>
      </Page>
    );
  }
  return <Mine key={address} address={address} name={name} />;
}

function Mine({ address, name }: { address: string; name: string | undefined }) {
  const balance = useBalance(address).data;
  const known = useAccount(address);
  const account = known.data;
  const pools = usePositions(address);
  const vaults = useVaultPositions(address);
  const positions = {
    data: pools.data && vaults.data && { pools: pools.data, vaults: vaults.data },
    error: pools.error ?? vaults.error,
    isPending: pools.isPending || vaults.isPending,
    refetch: () => Promise.all([pools.refetch(), vaults.refetch()]),
  };
  const holdings = positions.data && [
    ...positions.data.pools.map(({ delegation }) => delegation),
    ...positions.data.vaults.map(({ value, requests }) => ({ value, requests })),
  ];
  const unclaimed = useUnclaimed(address).data ?? 0n;
  const [isClaiming, claiming] = useDisclosure(false);
  const [isSending, sending] = useDisclosure(false);
  const value = holdings?.reduce((sum, holding) => sum + holding.value, 0n);
  const requests = holdings?.flatMap(({ requests }): { value: bigint }[] => [...requests]);
  const queued = requests?.reduce((sum, request) => sum + request.value, 0n);
  const total = value === undefined || queued === undefined ? undefined : value + queued;
  // What came in and went out is the indexer's, what it is worth now the chain's: the gain ticks with every block.
  const gained = account && total !== undefined ? total + BigInt(account.takenOut) - BigInt(account.putIn) : undefined;
  return (
    <Page
      title="My delegation"
      subtitle={
        <>
          {name && `${name} · `}
          <Code text={address} label="your address" />
        </>
      }
      actions={
        <>
          <Button variant="default" onClick={sending.open} disabled={!balance}>
            Send PHA
          </Button>
          <Button component={Link} to="/pools">
            Find a pool
          </Button>
        </>
      }
    >
      {unclaimed > 0n && (
        <Alert color="orange" title="A payment waits for you" styles={{ title: { color: "var(--khala-warn)" } }}>
          <Group justify="space-between">
            <Text size="sm">
              <Pha planck={unclaimed} /> could not be paid to this account before.
            </Text>
            <Button size="xs" onClick={claiming.open}>
              Claim
            </Button>
          </Group>
        </Alert>
      )}
      <Stats>
        <Stat
          term="delegated"
          value={total === undefined ? undefined : <Pha planck={total} places={4} />}
          detail={positions.data && whereText(positions.data.pools.length, positions.data.vaults.length)}
        />
        <Stat
          term="rewardSplit"
          label="Earned so far"
          error={known.error}
          value={
            account === undefined ? undefined : gained === undefined ? (
              "—"
            ) : (
              <span data-testid="gained">
                <Pha planck={gained} places={6} />
              </span>
            )
          }
          detail={
            account === undefined
              ? undefined
              : account
                ? `${phaText(BigInt(account.putIn), 2)} PHA put in`
                : "nothing put in yet"
          }
        />
        <Stat
          term="queue"
          label="On its way back"
          value={queued === undefined ? undefined : <Pha planck={queued} places={4} />}
          detail={requests && requestsText(requests.length)}
        />
        <Stat
          term="balance"
          value={balance && <Pha planck={balance.spendable} places={4} />}
          detail={
            balance && balance.reserved > 0n ? `${phaText(balance.reserved)} PHA held for deposits` : "free to spend"
          }
        />
      </Stats>
      <Section title="Positions">
        <Loaded
          query={positions}
          what="Your positions"
          skeleton={<RowsSkeleton rows={3} height={72} />}
          isEmpty={({ pools, vaults }) => pools.length === 0 && vaults.length === 0}
          empty={
            <Empty
              title="Nothing delegated yet"
              action={
                <Button component={Link} to="/pools">
                  Choose a pool
                </Button>
              }
            >
              Choose a pool or a vault, delegate at least 1 PHA, and watch its value rise with every reward.
            </Empty>
          }
        >
          {({ pools, vaults }) => (
            <div>
              {pools.map((position) => (
                <PoolPosition key={position.pool} position={position} />
              ))}
              {vaults.map((position) => (
                <VaultPosition key={position.vault} position={position} />
              ))}
            </div>
          )}
        </Loaded>
      </Section>
      <DelegationChart address={address} />
      <Movements address={address} />
      {isClaiming && <ClaimUnclaimed amount={unclaimed} isOpen onClose={claiming.close} />}
      {isSending && <SendCoins spendable={balance?.spendable ?? 0n} isOpen onClose={sending.close} />}
    </Page>
  );
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;

const whereText = (pools: number, vaults: number) =>
  vaults === 0 ? `in ${counted(pools, "pool")}` : `in ${counted(pools, "pool")} and ${counted(vaults, "vault")}`;

const requestsText = (count: number) => (count === 0 ? "no open withdrawals" : counted(count, "open withdrawal"));
