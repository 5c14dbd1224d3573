import { Alert, Anchor, Group, Loader, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { Link } from "react-router";
import type { Followed, Stage } from "@/chain/transactions";
import { Info } from "./info";
import classes from "./transaction-view.module.css";
import { Code, Pha, When } from "./values";

const STEPS: { stage: Stage; done: string; doing: string }[] = [
  { stage: "sent", done: "Signed and sent", doing: "Waiting for your signature in the wallet" },
  { stage: "inBlock", done: "In a block", doing: "Waiting for a block" },
  { stage: "finalised", done: "Finalised: it can never be undone", doing: "Waiting for finality" },
];
const REACHED: Record<Stage, number> = { signing: 0, sent: 1, inBlock: 2, finalised: 3, failed: 0 };

/** How far a transaction is, step by step, and what went wrong. */
export function TransactionView({ transaction, isShort = false }: { transaction: Followed; isShort?: boolean }) {
  const { stage, problem, isRefusedByChain, block, fee, hash } = transaction;
  const reached = stage === "failed" ? (isRefusedByChain ? 3 : hash ? 1 : 0) : REACHED[stage];
  return (
    <Stack gap="xs" data-testid="transaction" data-stage={stage}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text fw={600} size="sm">
          {transaction.title}
        </Text>
        <Text size="xs" c="dimmed">
          <When ms={transaction.startedMs} inline />
        </Text>
      </Group>
      {(stage !== "failed" || !isShort) && (
        <ol className={classes.steps} aria-live="polite">
          {STEPS.map((step, index) => {
            const isDone = index < reached;
            const isDoing = index === reached && stage !== "failed";
            return (
              <li key={step.stage} className={classes.step} data-state={isDone ? "done" : isDoing ? "doing" : "later"}>
                {isDone ? (
                  <ThemeIcon size={20} radius="xl" color="teal">
                    <IconCheck size={13} aria-hidden />
                  </ThemeIcon>
                ) : isDoing ? (
                  <Loader size={18} aria-label="in progress" />
                ) : (
                  <span className={classes.dot} aria-hidden />
                )}
                <Text size="sm" component="span">
                  {isDone ? step.done : isDoing ? step.doing : step.done.split(":")[0]}
                </Text>
                {index === 1 && isDone && block && (
                  <Anchor component={Link} to={`/blocks/${block.number}`} size="sm" className="num">
                    #{block.number.toLocaleString("en-GB")}
                  </Anchor>
                )}
                {index === 2 && <Info term="finalised" />}
              </li>
            );
          })}
        </ol>
      )}
      {problem && (
        <Alert
          color="red"
          variant="light"
          icon={<IconX size={16} aria-hidden />}
          role="alert"
          title={isRefusedByChain ? "The chain refused it; nothing changed but the fee" : "It was not sent"}
          styles={{ title: { color: "var(--khala-bad)" } }}
        >
          <Text size="sm">{problem}</Text>
        </Alert>
      )}
      {(fee !== undefined || hash) && (
        <Group gap="md">
          {fee !== undefined && (
            <Text size="xs" c="dimmed">
              Fee paid: <Pha planck={fee} places={6} />
            </Text>
          )}
          {hash && (
            <Group gap={4}>
              <Text size="xs" c="dimmed">
                Transaction
              </Text>
              <Code text={hash} label="the transaction's hash" />
            </Group>
          )}
        </Group>
      )}
    </Stack>
  );
}
