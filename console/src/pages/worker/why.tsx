import { Alert, Skeleton, Text } from "@mantine/core";
import { useNetworkStatus, type WorkerStatus } from "@/chain/queries";
import { When } from "@/components/values";
import { numberText, phaText } from "@/lib/amounts";
import { durationText } from "@/lib/dates";

import classes from "./why.module.css";

type Reason = WorkerStatus["explanation"]["reason"];

/** Why the worker earns or does not, since when, and what to do. */
export function Why({ status }: { status: WorkerStatus | undefined }) {
  const network = useNetworkStatus().data;
  if (!status) return <Skeleton className={classes.why} radius="lg" />;
  const { reason, since_block, advice } = status.explanation;
  const isEarning = reason.type === "Idle";
  const isWaiting = ["Ready", "NotInPool", "NoScore", "CoolingDown", "Maintenance", "OutageGuard"].includes(
    reason.type,
  );
  // Blocks have no date of their own in the answer; the newest one and the time between blocks tell about when.
  const sinceMs =
    since_block !== undefined && network
      ? Number(network.now_ms) - (network.block - since_block) * Number(network.slot_ms)
      : undefined;
  return (
    <Alert
      color={isEarning ? "teal" : isWaiting ? "gray" : "orange"}
      variant="light"
      radius="lg"
      className={classes.why}
      title={isEarning ? "It earns" : "Why it is not earning"}
      styles={{ title: { color: isEarning ? "var(--khala-good)" : isWaiting ? "inherit" : "var(--khala-warn)" } }}
      data-testid="why"
    >
      <Text size="sm">
        {reasonText(reason)}
        {sinceMs !== undefined && (
          <>
            {" Since about "}
            <When ms={sinceMs} inline />.
          </>
        )}
      </Text>
      <Text size="sm" mt={4}>
        What to do: {advice.charAt(0).toLowerCase() + advice.slice(1)}
      </Text>
    </Alert>
  );
}

function reasonText(reason: Reason): string {
  switch (reason.type) {
    case "NotRegistered":
      return "The chain does not know this worker.";
    case "LeaseLapsed":
      return "Its lease is over: the evidence of its hardware and code has expired.";
    case "NoScore":
      return "Its speed was not measured yet.";
    case "ScoreTooLow":
      return `Its score is ${numberText(reason.value.score)}; mining needs ${numberText(reason.value.minimum)}.`;
    case "NotInPool":
      return "It is in no stake pool.";
    case "Ready":
      return "It is in a pool and waits to be started with a stake.";
    case "Idle":
      return "It answers the chain's challenges; each answer pays what it has earned since the one before.";
    case "Offline":
      return `It is offline: it did not answer the challenge of block ${numberText(reason.value.missed_block)}.`;
    case "CoolingDown":
      return "It was stopped. Its stake comes back to the pool when the cool-down is over.";
    case "SubsidyEmpty":
      return "The network has nothing left to pay with.";
    case "MeasurementDeprecated":
      return "The program that it runs is no longer allowed.";
    case "EvidenceRefused":
      return `Its newest evidence was refused: ${reason.value.why}`;
    case "PolicyDenied":
      return `Its evidence is genuine, but the network does not accept the platform: ${reason.value.what}`;
    case "Rebinding":
      return "It has another key and was not heard of with it yet.";
    case "Maintenance":
      return `It is paused by its operator. Its value stays for another ${durationText(Number(reason.value.left_secs))}.`;
    case "NoStake":
      return `Its pool has ${phaText(reason.value.free)} PHA free; the smallest stake for its score is ${phaText(reason.value.minimum)} PHA.`;
    case "StakeOutOfBounds":
      return `No stake fits its score: the smallest would be ${phaText(reason.value.minimum)} PHA, the largest ${phaText(reason.value.maximum)} PHA.`;
    case "OutageGuard":
      return "It missed a challenge, as many others did at once. The outage guard is on: its value does not shrink.";
    default:
      return "The chain gives a reason that this console does not know yet.";
  }
}
