import { Anchor, Group, SimpleGrid } from "@mantine/core";
import { useState } from "react";
import { csvUrl } from "@/api/client";
import { usePoolSeries } from "@/api/queries";
import { Section } from "@/components/page";
import { Loaded } from "@/components/state";
import { ChartBox, ChartsSkeleton, type Range, RangeSwitch, TimeChart } from "@/components/time-chart";
import { compactNumber, fixed18Number, numberText, percentText, phaNumber } from "@/lib/amounts";

const COLUMNS = { base: 1, md: 2, xl: 4 };
const INTERVAL = { day: "sample", month: "hour", all: "day" } as const;

export function PoolCharts({ pool }: { pool: number }) {
  const [range, setRange] = useState<Range>("day");
  const series = usePoolSeries(pool, range);
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
      <Loaded
        query={series}
        what="The pool's history"
        skeleton={<ChartsSkeleton count={4} cols={COLUMNS} height={200} />}
      >
        {({ points }) => (
          <SimpleGrid cols={COLUMNS} spacing="xl" verticalSpacing="lg">
            <ChartBox title="Price of a share, PHA">
              <TimeChart
                height={200}
                label="Price of a share over time"
                points={points.map((point) => ({ time: point.timeMs, Price: fixed18Number(BigInt(point.price)) }))}
                lines={[{ name: "Price", color: "teal.6" }]}
                format={(value) => numberText(value, 4)}
                fromZero={false}
              />
            </ChartBox>
            <ChartBox title="APR">
              <TimeChart
                height={200}
                label="APR over time"
                kind="line"
                points={points.map((point) => ({ time: point.timeMs, APR: point.apr ?? null }))}
                lines={[{ name: "APR", color: "indigo.5" }]}
                format={(value) => percentText(value, 1)}
              />
            </ChartBox>
            <ChartBox title="Value, PHA">
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
            </ChartBox>
            <ChartBox title="Workers">
              <TimeChart
                height={200}
                label="Workers of the pool over time"
                isWhole
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
            </ChartBox>
          </SimpleGrid>
        )}
      </Loaded>
    </Section>
  );
}
