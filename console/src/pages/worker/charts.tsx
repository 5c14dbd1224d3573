import { Anchor, Group, SimpleGrid } from "@mantine/core";
import { useState } from "react";
import { csvUrl } from "@/api/client";
import { useWorkerSeries } from "@/api/queries";
import { Section } from "@/components/page";
import { Loaded } from "@/components/state";
import { ChartBox, ChartsSkeleton, type Range, RangeSwitch, TimeChart } from "@/components/time-chart";
import { compactNumber, fixed18Number, numberText, phaNumber } from "@/lib/amounts";
import { gains } from "@/lib/points";

const COLUMNS = { base: 1, md: 2, xl: 4 };
const INTERVAL = { day: "sample", month: "hour", all: "day" } as const;
const HEIGHT = 200;

export function WorkerCharts({ worker }: { worker: string }) {
  const [range, setRange] = useState<Range>("day");
  const series = useWorkerSeries(worker, range);
  return (
    <Section
      title="Over time"
      actions={
        <Group gap="sm">
          <Anchor
            href={csvUrl(`/workers/${worker}/series`, { interval: INTERVAL[range], limit: 1000 })}
            download="worker.csv"
            size="sm"
          >
            CSV
          </Anchor>
          <RangeSwitch value={range} change={setRange} />
        </Group>
      }
    >
      <Loaded
        query={series}
        what="The worker's history"
        skeleton={<ChartsSkeleton count={4} cols={COLUMNS} height={200} />}
      >
        {({ points }) => (
          <SimpleGrid cols={COLUMNS} spacing="xl" verticalSpacing="lg">
            <ChartBox title="Value V, PHA">
              <TimeChart
                height={HEIGHT}
                label="Value of the worker over time"
                kind="line"
                fromZero={false}
                points={points.map((point) => ({
                  time: point.timeMs,
                  V: fixed18Number(BigInt(point.v)),
                  "V at the start": fixed18Number(BigInt(point.vE)),
                }))}
                lines={[
                  { name: "V", color: "teal.6" },
                  { name: "V at the start", color: "gray.6" },
                ]}
                format={(value) => numberText(value, 1)}
              />
            </ChartBox>
            <ChartBox title="Speed">
              <TimeChart
                height={HEIGHT}
                label="Speed of the worker over time"
                kind="line"
                points={points.map((point) => ({ time: point.timeMs, "P now": point.pInstant, "Score P": point.p }))}
                lines={[
                  { name: "P now", color: "indigo.5" },
                  { name: "Score P", color: "gray.6" },
                ]}
                format={(value) => numberText(value)}
              />
            </ChartBox>
            <ChartBox title="Share">
              <TimeChart
                height={HEIGHT}
                label="Share of the worker over time"
                points={points.map((point) => ({ time: point.timeMs, Share: fixed18Number(BigInt(point.share)) }))}
                lines={[{ name: "Share", color: "grape.5" }]}
                format={(value) => compactNumber(value, 4)}
              />
            </ChartBox>
            <ChartBox title="Rewards, PHA">
              <TimeChart
                height={HEIGHT}
                label="Rewards of the worker between two points"
                kind="bar"
                points={gains(points, (point) => phaNumber(BigInt(point.paid))).map(({ time, gained }) => ({
                  time,
                  Rewards: gained,
                }))}
                lines={[{ name: "Rewards", color: "teal.6" }]}
                format={(value) => `${compactNumber(value)} PHA`}
              />
            </ChartBox>
          </SimpleGrid>
        )}
      </Loaded>
    </Section>
  );
}
