import { Alert, Text } from "@mantine/core";
import { useState } from "react";
import { useBalance } from "@/chain/queries";
import { Action, type Plan } from "@/components/action";
import { AmountField, readAmount, shown } from "@/components/fields";
import { Fact } from "@/components/page";
import { Pha } from "@/components/values";
import { fixed18Text, least, PHA, phaText, ppmText } from "@/lib/amounts";
import { durationText } from "@/lib/dates";
import { atLeast, sharesFor, TOLERANCE_TEXT } from "@/lib/pools";
import { useWallet } from "@/wallet/wallet";
import { type FundStatus, useFund, useLongestWait } from "./fund";

/** Left in the account for fees to come, so that all of it can be delegated and still be taken back. */
const KEPT_FOR_FEES = PHA / 10n;

interface Props {
  of: FundStatus;
  isOpen: boolean;
  onClose: () => void;
}

export function Delegate({ of, isOpen, onClose }: Props) {
  const fund = useFund(of);
  const { address } = useWallet();
  const balance = useBalance(address).data;
  const longest = useLongestWait(fund.kind);
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);

  const spendable = balance?.spendable ?? 0n;
  const { room } = fund;
  const afterFees = spendable > KEPT_FOR_FEES ? spendable - KEPT_FOR_FEES : 0n;
  const most = room === undefined ? afterFees : least(room, afterFees);
  const parsed = readAmount(
    text,
    [(planck) => planck < PHA, "A delegation is at least 1 PHA."],
    [(planck) => room !== undefined && planck > room, `The ${fund.kind} has room for ${phaText(room ?? 0n)} PHA.`],
    [(planck) => address !== undefined && planck > spendable, `The account can spend ${phaText(spendable)} PHA.`],
  );
  const shares = parsed.ok ? sharesFor(parsed.value, fund) : undefined;
  const plan: Plan | undefined =
    parsed.ok && shares !== undefined
      ? {
          title: `Delegate ${phaText(parsed.value)} PHA to ${fund.name}`,
          key: `delegate-${fund.name}-${parsed.value}`,
          spends: parsed.value,
          tx: fund.delegate(parsed.value, atLeast(shares)),
        }
      : undefined;

  return (
    <Action
      isOpen={isOpen}
      onClose={onClose}
      title={`Delegate to ${fund.name}`}
      verb="Delegate"
      plan={plan}
      onIncomplete={() => setTried(true)}
    >
      {fund.cut.risePpm !== undefined && (
        <Alert color="orange" variant="light">
          <Text size="sm">
            A higher {fund.kind === "pool" ? "commission" : "fee"} of {ppmText(fund.cut.risePpm)} was announced for this{" "}
            {fund.kind}.
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
        <Fact term="price">{fixed18Text(fund.price, 6)} PHA</Fact>
        <Fact term={fund.cut.term}>{ppmText(fund.cut.ppm)}</Fact>
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
