import { Alert, Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link } from "react-router";
import { ClaimUnclaimed, SendCoins } from "@/actions/position";
import { useAccount } from "@/api/queries";
import { useBalance, usePositions, useUnclaimed } from "@/chain/queries";
import { Page, Section, Stat, Stats } from "@/components/page";
import { Empty, Loaded, RowsSkeleton } from "@/components/state";
import { Code, Pha } from "@/components/values";
import { phaText } from "@/lib/amounts";
import { useWallet } from "@/wallet/wallet";
import { DelegationChart } from "./chart";
import { Movements } from "./movements";
import { Position } from "./position";

export function Delegation() {
  const { address, name, pick } = useWallet();
  if (!address) {
    return (
      <Page title="My delegation" subtitle="What you have in stake pools, what it earned, and what is on its way back.">
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
  const positions = usePositions(address);
  const unclaimed = useUnclaimed(address).data ?? 0n;
  const [isClaiming, claiming] = useDisclosure(false);
  const [isSending, sending] = useDisclosure(false);
  const value = positions.data?.reduce((sum, { delegation }) => sum + delegation.value, 0n);
  const queued = positions.data
    ?.flatMap(({ delegation }) => delegation.requests)
    .reduce((sum, request) => sum + request.value, 0n);
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
          detail={positions.data && `in ${positions.data.length} ${positions.data.length === 1 ? "pool" : "pools"}`}
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
          detail={
            positions.data &&
            requestsText(positions.data.reduce((sum, { delegation }) => sum + delegation.requests.length, 0))
          }
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
          isEmpty={(all) => all.length === 0}
          empty={
            <Empty
              title="Nothing delegated yet"
              action={
                <Button component={Link} to="/pools">
                  Choose a pool
                </Button>
              }
            >
              Choose a pool, delegate at least 1 PHA, and watch its value rise with every reward.
            </Empty>
          }
        >
          {(all) => (
            <div>
              {all.map((position) => (
                <Position key={position.pool} position={position} />
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

const requestsText = (count: number) =>
  count === 0 ? "no open withdrawals" : `${count} open ${count === 1 ? "withdrawal" : "withdrawals"}`;
