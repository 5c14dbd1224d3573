import { Text } from "@mantine/core";
import { useEndpoint, useHeads } from "@/chain/connection";
import { durationText } from "@/lib/dates";
import { useNow } from "@/lib/now";
import { useChainHealth } from "./chain-status";
import classes from "./shell.module.css";

/** A node that has not answered for so long is worth a word. */
const PATIENCE_MS = 6_000;
const pageStartedMs = Date.now();

/** Says that what is shown is old, and that nobody has to do anything. */
export function ConnectionBanner() {
  const { link, seenMs } = useHeads();
  const { endpoint } = useEndpoint();
  const { isSilent } = useChainHealth();
  const now = useNow();
  const isWaiting = link === "connecting" && seenMs === undefined && now - pageStartedMs > PATIENCE_MS;
  if (link !== "lost" && !isSilent && !isWaiting) return null;
  const age = seenMs ? ` What you see is ${durationText((now - seenMs) / 1000)} old.` : "";
  return (
    <div className={classes.banner} role="status" data-testid="connection-banner">
      <Text size="sm">
        {isSilent
          ? `The chain has made no block for a while.${age} It goes on by itself when blocks come again.`
          : isWaiting
            ? `The node at ${endpoint} does not answer. This page keeps trying; another endpoint can be chosen at the dot above.`
            : `The connection to the node is lost.${age} This page keeps trying and goes on by itself.`}
      </Text>
    </div>
  );
}
