// A dialog that makes a transaction: its fields, what it costs, and then how it goes.
import { Alert, Button, Divider, Group, Modal, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconInfoCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { Transaction } from "polkadot-api";
import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { useBalance } from "@/chain/queries";
import { useTransactions } from "@/chain/transactions";
import { useWallet } from "@/wallet/wallet";
import { Label } from "./info";
import { TransactionView } from "./transaction-view";
import { Pha } from "./values";

/** What shall be done: its name in the list of transactions, and the call. */
export interface Plan {
  title: string;
  tx: Transaction;
  /** Tells one plan from another, for the fee: all that it is made of. */
  key: string;
  /** Planck that leave the account besides the fee. */
  spends?: bigint;
}

interface Props {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  /** The word on the button. */
  verb: string;
  /** What shall be done; undefined while the fields are not complete. */
  plan: Plan | undefined;
  /** Shows what is wrong with the fields. Called when somebody submits what is not complete. */
  onIncomplete?: () => void;
  children?: ReactNode;
  isDangerous?: boolean;
}

export function Action({ isOpen, onClose, title, verb, plan, onIncomplete, children, isDangerous = false }: Props) {
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={<Text fw={650}>{title}</Text>}
      size="md"
      transitionProps={{ duration: 0 }}
    >
      <ActionBody {...{ onClose, verb, plan, onIncomplete, children, isDangerous }} />
    </Modal>
  );
}

function ActionBody({ onClose, verb, plan, onIncomplete, children, isDangerous }: Omit<Props, "isOpen" | "title">) {
  const { address, signer, pick } = useWallet();
  const { all, submit, watch } = useTransactions();
  const [sent, setSent] = useState<number>();
  const balance = useBalance(address).data;
  const fee = useFee(plan, address);
  const followed = all.find((each) => each.id === sent);
  const isShort =
    plan !== undefined && fee !== undefined && balance !== undefined && (plan.spends ?? 0n) + fee > balance.spendable;

  const isSent = followed?.hash !== undefined;
  useEffect(() => {
    // From here on it goes its way without the form, which may vanish with what it was about.
    if (!isSent || sent === undefined) return;
    watch(sent);
    onClose();
  }, [isSent, sent, watch, onClose]);

  if (followed) {
    return (
      <Stack>
        <TransactionView transaction={followed} />
        {followed.stage === "failed" && (
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setSent(undefined)} data-autofocus>
              Back to the form
            </Button>
          </Group>
        )}
      </Stack>
    );
  }

  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!plan) return onIncomplete?.();
    if (!signer || !address) return pick();
    if (isShort) return;
    setSent(submit({ title: plan.title, tx: plan.tx, signer, address }));
  };

  return (
    <form onSubmit={send} noValidate>
      <Stack>
        {children}
        <Divider />
        <Group justify="space-between">
          <Label term="fee" />
          <Text size="sm" component="div" className="num" data-testid="fee">
            {fee === undefined ? (
              <Text span c="dimmed">
                {plan ? "asking the chain…" : "—"}
              </Text>
            ) : (
              <Pha planck={fee} places={6} />
            )}
          </Text>
        </Group>
        {isShort && (
          <Alert color="red" variant="light" role="alert" icon={<IconInfoCircle size={16} aria-hidden />}>
            This and the fee are more than the <Pha planck={balance?.spendable ?? 0n} /> that the account can spend.
          </Alert>
        )}
        {address && !signer && (
          <Alert color="gray" variant="light" icon={<IconInfoCircle size={16} aria-hidden />}>
            You look at this account without its wallet. Connect the wallet to sign.
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color={isDangerous ? "red.8" : undefined} aria-disabled={!plan || isShort || undefined}>
            {signer ? verb : "Connect a wallet"}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** What the chain would take for a plan. Typing makes many plans; the chain is asked about the one that stays. */
function useFee(plan: Plan | undefined, address: string | undefined): bigint | undefined {
  const [key] = useDebouncedValue(plan?.key, 250);
  const isSettled = plan !== undefined && plan.key === key;
  const { data } = useQuery({
    queryKey: ["fee", address, key],
    queryFn: () => (plan && address ? plan.tx.getEstimatedFees(address) : 0n),
    enabled: isSettled && address !== undefined,
    staleTime: 30_000,
  });
  return isSettled ? data : undefined;
}
