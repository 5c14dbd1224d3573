import { Anchor, Button, Group, Popover, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useIndexerStatus } from "@/api/queries";
import { isEndpoint, useEndpoint, useHeads } from "@/chain/connection";
import { Fact } from "@/components/page";
import { numberText } from "@/lib/amounts";
import { durationText } from "@/lib/dates";
import { useNow } from "@/lib/now";
import classes from "./shell.module.css";

export type Health = "good" | "behind" | "bad";

/** Without a new block for so long, the chain stands still. */
const SILENCE_MS = 30_000;
const FINALITY_IS_FAR = 20;
const INDEXER_IS_FAR = 10;

/** How the chain and its services are, and what to say about it. */
export function useChainHealth(): { health: Health; words: string; isSilent: boolean } {
  const { link, best, finalized, seenMs } = useHeads();
  const status = useIndexerStatus();
  const now = useNow();
  const isSilent = link === "connected" && seenMs !== undefined && now - seenMs > SILENCE_MS;
  if (link === "connecting") return { health: "behind", words: "Connecting", isSilent: false };
  if (link === "lost") return { health: "bad", words: "Connection lost", isSilent: false };
  if (!best || !finalized) return { health: "behind", words: "Waiting for blocks", isSilent: false };
  if (isSilent) return { health: "bad", words: "No new blocks", isSilent };
  if (best.number - finalized.number > FINALITY_IS_FAR)
    return { health: "behind", words: "Finality is behind", isSilent };
  if (status.error && !status.data) return { health: "behind", words: "History is not available", isSilent };
  if ((status.data?.lagBlocks ?? 0) > INDEXER_IS_FAR) return { health: "behind", words: "History is behind", isSilent };
  return { health: "good", words: "Live", isSilent };
}

export function ChainStatus() {
  const { health, words } = useChainHealth();
  const { link, best, finalized, blockMs, seenMs } = useHeads();
  const indexer = useIndexerStatus();
  const now = useNow();
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover
      width={340}
      position="bottom-end"
      shadow="md"
      withArrow
      opened={isOpen}
      onChange={setOpen}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <UnstyledButton
          className={classes.status}
          aria-label={`Chain status: ${words}${best ? `, block #${numberText(best.number)}` : ""}`}
          onClick={() => setOpen(!isOpen)}
          data-testid="chain-status"
          data-health={health}
        >
          <span className={classes.dot} data-health={health} aria-hidden />
          <Text size="sm" component="span" className="num" visibleFrom="xs" miw={64}>
            {best ? `#${numberText(best.number)}` : words}
          </Text>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <Text fw={600} size="sm" mb={4}>
          {words}
        </Text>
        <Fact label="Node">
          {link === "connected" ? "connected" : link === "lost" ? "lost, trying again" : "connecting"}
        </Fact>
        <Fact label="Newest block">{best ? `#${numberText(best.number)}` : "—"}</Fact>
        <Fact label="Seen">{seenMs ? `${durationText((now - seenMs) / 1000)} ago` : "—"}</Fact>
        <Fact term="finalityLag">{best && finalized ? blocks(best.number - finalized.number) : "—"}</Fact>
        <Fact term="blockTime">{blockMs ? `${numberText(blockMs / 1000, 1)} s` : "—"}</Fact>
        <Fact term="indexerLag">
          {indexer.data?.lagBlocks != null ? blocks(indexer.data.lagBlocks) : indexer.error ? "not reachable" : "—"}
        </Fact>
        <EndpointForm />
      </Popover.Dropdown>
    </Popover>
  );
}

const blocks = (count: number) => `${numberText(count)} ${count === 1 ? "block" : "blocks"}`;

function EndpointForm() {
  const { endpoint, preset, choose } = useEndpoint();
  const [text, setText] = useState(endpoint);
  const [problem, setProblem] = useState<string>();
  const apply = (event: FormEvent) => {
    event.preventDefault();
    const asked = text.trim();
    if (!isEndpoint(asked)) return setProblem("Enter an address that begins with ws:// or wss://.");
    setProblem(undefined);
    choose(asked);
  };
  return (
    <form onSubmit={apply} noValidate>
      <Stack gap={6} mt="sm">
        <TextInput
          label="Endpoint"
          size="sm"
          value={text}
          error={problem}
          onChange={(event) => setText(event.currentTarget.value)}
          spellCheck={false}
          autoComplete="off"
        />
        <Group justify="space-between">
          {endpoint !== preset ? (
            <Anchor
              component="button"
              type="button"
              size="sm"
              onClick={() => {
                choose("");
                setText(preset);
              }}
            >
              Back to the usual one
            </Anchor>
          ) : (
            <span />
          )}
          <Button type="submit" size="xs" variant="default" disabled={text.trim() === endpoint}>
            Switch
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
