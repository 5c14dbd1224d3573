import { Anchor, Group, SimpleGrid } from "@mantine/core";
import { useState } from "react";
import { csvUrl } from "@/api/client";
import { useWorkerSeries } from "@/api/queries";
import { Section } from "@/components/page";
import { Loaded } from "@/components/state";
import { ChartBox, ChartSkeleton, type Range, RangeSwitch, TimeChart } from "@/components/time-chart";
import { compactNumber, fixed18Number, numberText, phaNumber } from "@/lib/amounts";
import { gains } from "@/lib/points";

const INTERVAL = { day: "sample", month: "hour", all: "day" } as const;
const HEIGHT = 200;

export function WorkerCharts({ worker }: { worker: string }) {
  const [range, setRange] = useState<Range>("day");
  const series = useWorkerSeries(worker, range);
  const what = "The worker's history";
  const skeleton = <ChartSkeleton height={HEIGHT} />;
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
      <SimpleGrid cols={{ base: 1, md: 2, xl: 4 }} spacing="xl" verticalSpacing="lg">
        <ChartBox title="Value V and initial value">
          <Loaded query={series} what={what} skeleton={skeleton}>
            {({ points }) => (
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
            )}
          </Loaded>
        </ChartBox>
        <ChartBox title="Speed">
          <Loaded query={series} what={what} skeleton={skeleton}>
            {({ points }) => (
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
            )}
          </Loaded>
        </ChartBox>
        <ChartBox title="Share">
          <Loaded query={series} what={what} skeleton={skeleton}>
            {({ points }) => (
              <TimeChart
                height={HEIGHT}
                label="Share of the worker over time"
                points={points.map((point) => ({ time: point.timeMs, Share: fixed18Number(BigInt(point.share)) }))}
                lines={[{ name: "Share", color: "grape.5" }]}
                format={(value) => compactNumber(value, 4)}
              />
            )}
          </Loaded>
        </ChartBox>
        <ChartBox title="Rewards">
          <Loaded query={series} what={what} skeleton={skeleton}>
            {({ points }) => (
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
            )}
          </Loaded>
        </ChartBox>
      </SimpleGrid>
    </Section>
  );
}
