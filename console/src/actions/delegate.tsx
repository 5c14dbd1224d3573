import { Alert, Text } from "@mantine/core";
import { useState } from "react";
import { useConnection } from "@/chain/connection";
import { type PoolStatus, useBalance, useChainParameters } from "@/chain/queries";
import { Action, type Plan } from "@/components/action";
import { AmountField, readAmount, shown } from "@/components/fields";
import { Fact } from "@/components/page";
import { Pha } from "@/components/values";
import { fixed18Text, least, PHA, phaText, ppmText } from "@/lib/amounts";
import { durationText } from "@/lib/dates";
import { atLeast, sharesFor, TOLERANCE_TEXT } from "@/lib/pools";
import { useWallet } from "@/wallet/wallet";

/** Left in the account for fees to come, so that all of it can be delegated and still be taken back. */
const KEPT_FOR_FEES = PHA / 10n;

interface Props {
  pool: PoolStatus;
  isOpen: boolean;
  onClose: () => void;
}

export function Delegate({ pool, isOpen, onClose }: Props) {
  const { api } = useConnection();
  const { address } = useWallet();
  const balance = useBalance(address).data;
  const times = useChainParameters().data;
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);

  const spendable = balance?.spendable ?? 0n;
  const room = pool.room;
  const afterFees = spendable > KEPT_FOR_FEES ? spendable - KEPT_FOR_FEES : 0n;
  const most = room === undefined ? afterFees : least(room, afterFees);
  const parsed = readAmount(
    text,
    [(planck) => planck < PHA, "A delegation is at least 1 PHA."],
    [(planck) => room !== undefined && planck > room, `The pool has room for ${phaText(room ?? 0n)} PHA.`],
    [(planck) => address !== undefined && planck > spendable, `The account can spend ${phaText(spendable)} PHA.`],
  );
  const shares = parsed.ok ? sharesFor(parsed.value, pool) : undefined;
  const plan: Plan | undefined =
    parsed.ok && shares !== undefined
      ? {
          title: `Delegate ${phaText(parsed.value)} PHA to pool ${pool.id}`,
          key: `delegate-${pool.id}-${parsed.value}`,
          spends: parsed.value,
          tx: api.tx.StakePool.delegate({ pool: pool.id, amount: parsed.value, min_shares: atLeast(shares) }),
        }
      : undefined;
  const longest = times ? Number(times.pools.grace_secs + times.mining.cool_down_secs) : undefined;

  return (
    <Action
      isOpen={isOpen}
      onClose={onClose}
      title={`Delegate to pool ${pool.id}`}
      verb="Delegate"
      plan={plan}
      onIncomplete={() => setTried(true)}
    >
      {pool.commission_rise && (
        <Alert color="orange" variant="light">
          <Text size="sm">
            A higher commission of {ppmText(pool.commission_rise.commission_ppm)} was announced for this pool.
          </Text>
        </Alert>
      )}
      <AmountField
        label="Amount"
        term="delegate"
        value={text}
        change={setText}
        problem={shown(parsed, text, tried)}
        available={address ? { label: "You can spend", planck: spendable } : undefined}
        most={most}
        isFirst
      />
      <div>
        <Fact term="shares" label="You get about">
          {shares === undefined ? "—" : `${phaText(shares, 4)} shares`}
        </Fact>
        <Fact term="price">{fixed18Text(pool.price, 6)} PHA</Fact>
        <Fact term="commission">{ppmText(pool.commission_ppm)}</Fact>
        <Fact term="minReceived" label="Protected against a price move above">
          {TOLERANCE_TEXT}
        </Fact>
        <Fact term="promised" label="When you leave, you are paid">
          {longest === undefined ? "—" : `at once to ${durationText(longest)}`}
        </Fact>
        {room !== undefined && (
          <Fact term="capacity">
            <Pha planck={room} />
          </Fact>
        )}
      </div>
    </Action>
  );
}
