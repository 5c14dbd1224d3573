import { Anchor, Group, SimpleGrid } from "@mantine/core";
import { useState } from "react";
import { csvUrl } from "@/api/client";
import { usePoolSeries } from "@/api/queries";
import { Section } from "@/components/page";
import { Loaded } from "@/components/state";
import { ChartBox, ChartSkeleton, type Range, RangeSwitch, TimeChart } from "@/components/time-chart";
import { compactNumber, fixed18Number, numberText, percentText, phaNumber } from "@/lib/amounts";

const INTERVAL = { day: "sample", month: "hour", all: "day" } as const;

export function PoolCharts({ pool }: { pool: number }) {
  const [range, setRange] = useState<Range>("day");
  const series = usePoolSeries(pool, range);
  const what = "The pool's history";
  return (
    <Section
      title="Over time"
      actions={
        <Group gap="sm">
          <Anchor
            href={csvUrl(`/pools/${pool}/series`, { interval: INTERVAL[range], limit: 1000 })}
            download={`pool-${pool}.csv`}
            size="sm"
          >
            CSV
          </Anchor>
          <RangeSwitch value={range} change={setRange} />
        </Group>
      }
    >
      <SimpleGrid cols={{ base: 1, md: 2, xl: 4 }} spacing="xl" verticalSpacing="lg">
        <ChartBox title="Price of a share">
          <Loaded query={series} what={what} skeleton={<ChartSkeleton height={200} />}>
            {({ points }) => (
              <TimeChart
                height={200}
                label="Price of a share over time"
                points={points.map((point) => ({ time: point.timeMs, Price: fixed18Number(BigInt(point.price)) }))}
                lines={[{ name: "Price", color: "teal.6" }]}
                format={(value) => numberText(value, 4)}
                fromZero={false}
              />
            )}
          </Loaded>
        </ChartBox>
        <ChartBox title="APR">
          <Loaded query={series} what={what} skeleton={<ChartSkeleton height={200} />}>
            {({ points }) => (
              <TimeChart
                height={200}
                label="APR over time"
                kind="line"
                points={points.map((point) => ({ time: point.timeMs, APR: point.apr ?? null }))}
                lines={[{ name: "APR", color: "indigo.5" }]}
                format={(value) => percentText(value, 1)}
              />
            )}
          </Loaded>
        </ChartBox>
        <ChartBox title="Value">
          <Loaded query={series} what={what} skeleton={<ChartSkeleton height={200} />}>
            {({ points }) => (
              <TimeChart
                height={200}
                label="Value of the pool over time"
                points={points.map((point) => ({
                  time: point.timeMs,
                  Value: phaNumber(BigInt(point.value)),
                  Staked: phaNumber(BigInt(point.staked)),
                }))}
                lines={[
                  { name: "Value", color: "indigo.5" },
                  { name: "Staked", color: "teal.6" },
                ]}
                format={(value) => `${compactNumber(value)} PHA`}
              />
            )}
          </Loaded>
        </ChartBox>
        <ChartBox title="Workers">
          <Loaded query={series} what={what} skeleton={<ChartSkeleton height={200} />}>
            {({ points }) => (
              <TimeChart
                height={200}
                label="Workers of the pool over time"
                kind="line"
                points={points.map((point) => ({
                  time: point.timeMs,
                  Mining: point.idleWorkers,
                  "In the pool": point.workers,
                }))}
                lines={[
                  { name: "Mining", color: "teal.6" },
                  { name: "In the pool", color: "gray.6" },
                ]}
                format={(value) => numberText(value)}
              />
            )}
          </Loaded>
        </ChartBox>
      </SimpleGrid>
    </Section>
  );
}
