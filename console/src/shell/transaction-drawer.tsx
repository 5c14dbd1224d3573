import { Drawer, Stack, Text } from "@mantine/core";
import { useTransactions } from "@/chain/transactions";
import { Empty } from "@/components/state";
import { TransactionView } from "@/components/transaction-view";

/** All transactions of this visit. */
export function TransactionDrawer() {
  const { all, isOpen, close } = useTransactions();
  return (
    <Drawer
      opened={isOpen}
      onClose={close}
      position="right"
      size="md"
      title={<Text fw={650}>Transactions of this visit</Text>}
    >
      {all.length === 0 ? (
        <Empty title="Nothing sent yet">What you sign appears here and is followed until it is finalised.</Empty>
      ) : (
        <Stack gap="xl">
          {all.map((transaction) => (
            <TransactionView key={transaction.id} transaction={transaction} isShort />
          ))}
        </Stack>
      )}
    </Drawer>
  );
}
