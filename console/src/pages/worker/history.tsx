import { Anchor, Group, Text, Timeline, Tooltip } from "@mantine/core";
import { Link } from "react-router";
import type { Schemas } from "@/api/client";
import { useHeartbeats, useSlashes, useWorkerEvents } from "@/api/queries";
import { DataTable } from "@/components/data-table";
import { Section } from "@/components/page";
import { Empty, Loaded, RowsSkeleton } from "@/components/state";
import { workerState } from "@/components/states";
import { Pha, When } from "@/components/values";
import { numberText, phaText } from "@/lib/amounts";
import { dateTextWithSeconds } from "@/lib/dates";
import classes from "./history.module.css";

/** Heartbeats of the strip. */
const STRIP = 60;
/** Heartbeats of the table. */
const ROWS = 6;

export function Heartbeats({ worker }: { worker: string }) {
  const heartbeats = useHeartbeats({ worker, limit: STRIP });
  return (
    <Section title="Heartbeats" term="heartbeats">
      <Loaded
        query={heartbeats}
        what="The heartbeats"
        skeleton={<RowsSkeleton rows={ROWS + 1} />}
        isEmpty={({ items }) => items.length === 0}
        empty={<Empty title="No heartbeats yet">The first one comes soon after the worker was started.</Empty>}
      >
        {({ items }) => (
          <>
            <Strip items={[...items].reverse()} />
            <DataTable
              label="Newest heartbeats"
              isSlim
              rows={items.slice(0, ROWS)}
              rowKey={({ block, challengeBlock }) => `${block}-${challengeBlock}`}
              columns={[
                {
                  key: "challenge",
                  label: "Challenge",
                  cell: ({ challengeBlock }) => (
                    <Anchor component={Link} to={`/blocks/${challengeBlock}`} size="sm" className="num">
                      #{numberText(challengeBlock)}
                    </Anchor>
                  ),
                },
                {
                  key: "answered",
                  isExtra: true,
                  label: "Delay",
                  isNumber: true,
                  cell: ({ block, challengeBlock }) =>
                    `${numberText(block - challengeBlock)} ${block - challengeBlock === 1 ? "block" : "blocks"}`,
                },
                {
                  key: "speed",
                  isExtra: true,
                  label: "Speed",
                  term: "pInstant",
                  isNumber: true,
                  cell: ({ pInstant }) => numberText(pInstant),
                },
                {
                  key: "paid",
                  label: "Paid",
                  isNumber: true,
                  cell: ({ paid }) => <Pha planck={BigInt(paid)} places={2} />,
                },
                { key: "when", label: "When", isNumber: true, cell: ({ timeMs }) => <When ms={timeMs} inline /> },
              ]}
            />
          </>
        )}
      </Loaded>
    </Section>
  );
}

/** Each heartbeat as a bar; its height is what it paid. */
function Strip({ items }: { items: Schemas["Heartbeat"][] }) {
  const amounts = items.map(({ paid }) => Number(BigInt(paid) / 1_000_000n));
  const most = Math.max(1, ...amounts);
  return (
    <Group
      gap={2}
      wrap="nowrap"
      align="flex-end"
      className={classes.strip}
      role="img"
      aria-label={`The last ${items.length} heartbeats; the height is what each paid`}
    >
      {items.map((item, index) => (
        <Tooltip
          key={`${item.block}-${item.challengeBlock}`}
          label={`${dateTextWithSeconds(item.timeMs)}: ${phaText(BigInt(item.paid), 4)} PHA`}
          events={{ hover: true, focus: false, touch: true }}
        >
          <span className={classes.bar} style={{ height: `${12 + 88 * ((amounts[index] ?? 0) / most)}%` }} />
        </Tooltip>
      ))}
    </Group>
  );
}

export function Losses({ worker }: { worker: string }) {
  const slashes = useSlashes({ worker, limit: 10 });
  return (
    <Section title="Lost stake" term="slash">
      <Loaded
        query={slashes}
        what="The losses"
        skeleton={<RowsSkeleton rows={2} />}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <Empty title="Nothing was lost">A stake loses only when a worker is stopped below its initial value.</Empty>
        }
      >
        {({ items }) => (
          <DataTable
            label="Losses of stake"
            rows={items}
            rowKey={({ block, kind }) => `${block}-${kind}`}
            columns={[
              { key: "when", label: "When", cell: ({ timeMs }) => <When ms={timeMs} /> },
              { key: "what", label: "At", cell: ({ kind }) => (kind === "stopped" ? "a stop" : "a reduction") },
              {
                key: "lost",
                label: "Lost",
                isNumber: true,
                cell: ({ lost }) => <Pha planck={BigInt(lost)} places={4} />,
              },
              {
                key: "returned",
                label: "Came back",
                isNumber: true,
                cell: ({ returned }) => <Pha planck={BigInt(returned)} places={2} />,
              },
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}

type WorkerEvent = Schemas["WorkerEvent"];

/** What became of the worker, newest first. */
export function Story({ worker }: { worker: string }) {
  const events = useWorkerEvents(worker);
  return (
    <Section title="What happened">
      <Loaded
        query={events}
        what="The worker's story"
        skeleton={<RowsSkeleton rows={4} />}
        isEmpty={({ items }) => items.length === 0}
        empty={<Empty title="Nothing yet" />}
      >
        {({ items }) => (
          <Timeline bulletSize={12} lineWidth={2} active={items.length}>
            {items.map((event) => (
              <Timeline.Item key={`${event.block}-${event.kind}`} title={<Text size="sm">{storyText(event)}</Text>}>
                <Text size="xs" c="dimmed">
                  <When ms={event.timeMs} inline /> · block{" "}
                  <Anchor component={Link} to={`/blocks/${event.block}`} size="xs" underline="always">
                    #{numberText(event.block)}
                  </Anchor>
                </Text>
              </Timeline.Item>
            ))}
          </Timeline>
        )}
      </Loaded>
    </Section>
  );
}

const pha = (planck: string | null | undefined) => `${phaText(BigInt(planck ?? "0"), 2)} PHA`;

function storyText(event: WorkerEvent): string {
  switch (event.kind) {
    case "registered":
      return "Registered";
    case "joined":
      return `Joined pool ${event.pool}`;
    case "left":
      return "Left its pool";
    case "started":
      return `Started with ${pha(event.stake)}`;
    case "unresponsive":
      return `Stopped earning: ${workerState("unresponsive", event.away).text.toLowerCase()}`;
    case "recovered":
      return "Came back";
    case "resumed":
      return "Maintenance ended";
    case "stakeAdded":
      return `Stake grew to ${pha(event.stake)}`;
    case "stakeReduced":
      return `Stake shrank to ${pha(event.stake)}`;
    case "stopped":
      return `Stopped; ${pha(event.returned)} come back`;
    case "released":
      return `${pha(event.returned)} came back from a cool-down`;
    case "benchmarkAsked":
      return "Benchmark asked for";
    case "benchmarkMeasured":
      return `Score ${numberText(event.score ?? 0)} measured`;
    case "operatorChanged":
      return "Went to another operator";
    case "rebound":
      return "Took the place of another key";
    case "replaced":
      return "Another key took its place";
    case "retired":
      return "Retired";
    default:
      return "Something that this console does not know yet";
  }
}
