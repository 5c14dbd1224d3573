// What a delegator does with shares besides taking them out: send them, and take a request back; and coins that are in no fund.
import { Text } from "@mantine/core";
import { MultiAddress } from "@polkadot-api/descriptors";
import { useState } from "react";
import { useConnection } from "@/chain/connection";
import { Action, type Plan } from "@/components/action";
import { AmountField, readAmount, shown, TextField } from "@/components/fields";
import { Fact } from "@/components/page";
import { Pha, When } from "@/components/values";
import { isSameAccount, parseAddress, shortened } from "@/lib/addresses";
import { PHA, phaText } from "@/lib/amounts";
import { sharesWorth, worth } from "@/lib/pools";
import { useWallet } from "@/wallet/wallet";
import { type FundStatus, useFund } from "./fund";

interface TransferProps {
  of: FundStatus;
  shares: bigint;
  isOpen: boolean;
  onClose: () => void;
}

export function TransferShares({ of, shares, isOpen, onClose }: TransferProps) {
  const fund = useFund(of);
  const { address } = useWallet();
  const [to, setTo] = useState("");
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);

  const all = worth(shares, fund);
  const read = parseAddress(to);
  const target =
    read.ok && address && isSameAccount(read.value, address)
      ? ({ ok: false, problem: "These are your own shares already: enter another account." } as const)
      : read;
  const amount = readAmount(
    text,
    [(planck) => planck === 0n, "Enter an amount above zero."],
    [(planck) => planck < PHA && planck < all, "A holding is at least 1 PHA, or everything."],
    [(planck) => planck > all, `${fund.whose[1]} shares are worth ${phaText(all)} PHA.`],
    [(planck) => planck < all && all - planck < PHA, "Less than 1 PHA would stay with you: send less, or everything."],
  );
  const moved = amount.ok ? (amount.value === all ? shares : sharesWorth(amount.value, fund)) : undefined;
  const plan: Plan | undefined =
    target.ok && amount.ok && moved !== undefined
      ? {
          title: `Send shares worth ${phaText(amount.value)} PHA of ${fund.name} to ${shortened(target.value)}`,
          key: `transfer-${fund.name}-${target.value}-${moved}`,
          tx: fund.transfer(target.value, moved),
        }
      : undefined;

  return (
    <Action
      isOpen={isOpen}
      onClose={onClose}
      title={`Send shares of ${fund.name}`}
      verb="Send"
      plan={plan}
      onIncomplete={() => setTried(true)}
    >
      <Text size="sm" c="dimmed">
        The shares go to another account and stay in the {fund.kind}. Nothing is paid out.
      </Text>
      <TextField
        label="To"
        value={to}
        change={setTo}
        problem={shown(target, to, tried)}
        placeholder="Address of the new holder"
        isFirst
      />
      <AmountField
        label="Worth"
        term="shares"
        value={text}
        change={setText}
        problem={shown(amount, text, tried)}
        available={{ label: `${fund.whose[0]} in this ${fund.kind}`, planck: all }}
        most={all}
      />
    </Action>
  );
}

interface CancelProps {
  of: FundStatus;
  request: { id: bigint; value: bigint };
  /** Until when the chain allows it, in seconds since 1970. */
  untilSecs: number;
  isOpen: boolean;
  onClose: () => void;
}

export function CancelRequest({ of, request, untilSecs, isOpen, onClose }: CancelProps) {
  const fund = useFund(of);
  const plan: Plan = {
    title: `Cancel the withdrawal of ${phaText(request.value)} PHA from ${fund.name}`,
    key: `cancel-${fund.name}-${request.id}`,
    tx: fund.cancel(request.id),
  };
  return (
    <Action isOpen={isOpen} onClose={onClose} title="Cancel a withdrawal" verb="Cancel the withdrawal" plan={plan}>
      <Text size="sm">
        {fund.kind === "pool"
          ? "The shares leave the queue and are delegated as before. They keep earning."
          : "What waits goes back into the vault, for shares of it at the price of now."}
      </Text>
      <div>
        <Fact label="Worth now">
          <Pha planck={request.value} />
        </Fact>
        <Fact term="deadline" label="Can be cancelled until">
          <When ms={untilSecs * 1000} />
        </Fact>
      </div>
    </Action>
  );
}

/** Takes payments that could not be made before. */
export function ClaimUnclaimed({ amount, isOpen, onClose }: { amount: bigint; isOpen: boolean; onClose: () => void }) {
  const { api } = useConnection();
  const plan: Plan = {
    title: `Claim ${phaText(amount)} PHA of unclaimed payments`,
    key: `claim-unclaimed-${amount}`,
    tx: api.tx.StakePool.claim_unclaimed(),
  };
  return (
    <Action isOpen={isOpen} onClose={onClose} title="Claim payments" verb="Claim" plan={plan}>
      <Fact term="unclaimed">
        <Pha planck={amount} />
      </Fact>
    </Action>
  );
}

interface SendProps {
  isOpen: boolean;
  onClose: () => void;
  spendable: bigint;
}

/** Sends PHA to another account. */
export function SendCoins({ isOpen, onClose, spendable }: SendProps) {
  const { api } = useConnection();
  const [to, setTo] = useState("");
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const target = parseAddress(to);
  const amount = readAmount(
    text,
    [(planck) => planck === 0n, "Enter an amount above zero."],
    [(planck) => planck > spendable, `The account can spend ${phaText(spendable)} PHA.`],
  );
  const plan: Plan | undefined =
    target.ok && amount.ok
      ? {
          title: `Send ${phaText(amount.value)} PHA to ${shortened(target.value)}`,
          key: `send-${target.value}-${amount.value}`,
          spends: amount.value,
          tx: api.tx.Balances.transfer_keep_alive({ dest: MultiAddress.Id(target.value), value: amount.value }),
        }
      : undefined;
  return (
    <Action
      isOpen={isOpen}
      onClose={onClose}
      title="Send PHA"
      verb="Send"
      plan={plan}
      onIncomplete={() => setTried(true)}
    >
      <TextField
        label="To"
        value={to}
        change={setTo}
        problem={shown(target, to, tried)}
        placeholder="Address"
        isFirst
      />
      <AmountField
        label="Amount"
        term="balance"
        value={text}
        change={setText}
        problem={shown(amount, text, tried)}
        available={{ label: "You can spend", planck: spendable }}
      />
    </Action>
  );
}
