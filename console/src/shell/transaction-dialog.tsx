import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useTransactions } from "@/chain/transactions";
import { TransactionView } from "@/components/transaction-view";

/** Follows a transaction that was just sent, whatever becomes of the page behind it. */
export function TransactionDialog() {
  const { all, watched, watch } = useTransactions();
  const transaction = all.find(({ id }) => id === watched);
  const isOver = transaction?.stage === "finalised" || transaction?.stage === "failed";
  const close = () => watch(undefined);
  return (
    <Modal
      opened={transaction !== undefined}
      onClose={close}
      title={<Text fw={650}>Transaction</Text>}
      size="md"
      transitionProps={{ duration: 0 }}
    >
      {transaction && (
        <Stack>
          <TransactionView transaction={transaction} />
          <Group justify="flex-end">
            <Button variant={isOver ? "filled" : "default"} onClick={close} data-autofocus>
              {isOver ? "Done" : "Close; it goes on"}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
