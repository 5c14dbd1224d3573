import { Anchor, Group, SimpleGrid } from "@mantine/core";
import { useState } from "react";
import { csvUrl } from "@/api/client";
import { useVaultSeries } from "@/api/queries";
import { Section } from "@/components/page";
import { Loaded } from "@/components/state";
import { ChartBox, ChartsSkeleton, type Range, RangeSwitch, TimeChart } from "@/components/time-chart";
import { compactNumber, fixed18Number, numberText, percentText, phaNumber } from "@/lib/amounts";

const COLUMNS = { base: 1, md: 2, xl: 4 };
const INTERVAL = { day: "sample", month: "hour", all: "day" } as const;
const HEIGHT = 200;

export function VaultCharts({ vault }: { vault: number }) {
  const [range, setRange] = useState<Range>("day");
  const series = useVaultSeries(vault, range);
  return (
    <Section
      title="Over time"
      actions={
        <Group gap="sm">
          <Anchor
            href={csvUrl(`/vaults/${vault}/series`, { interval: INTERVAL[range], limit: 1000 })}
            download={`vault-${vault}.csv`}
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
        what="The vault's history"
        skeleton={<ChartsSkeleton count={4} cols={COLUMNS} height={HEIGHT} />}
      >
        {({ points }) => (
          <SimpleGrid cols={COLUMNS} spacing="xl" verticalSpacing="lg">
            <ChartBox title="Price of a share, PHA">
              <TimeChart
                height={HEIGHT}
                label="Price of a share and high-water mark over time"
                kind="line"
                points={points.map((point) => ({
                  time: point.timeMs,
                  Price: fixed18Number(BigInt(point.price)),
                  Mark: fixed18Number(BigInt(point.mark)),
                }))}
                lines={[
                  { name: "Mark", color: "gray.6" },
                  { name: "Price", color: "teal.6" },
                ]}
                format={(value) => numberText(value, 4)}
                fromZero={false}
              />
            </ChartBox>
            <ChartBox title="APR">
              <TimeChart
                height={HEIGHT}
                label="APR over time"
                kind="line"
                points={points.map((point) => ({ time: point.timeMs, APR: point.apr ?? null }))}
                lines={[{ name: "APR", color: "indigo.5" }]}
                format={(value) => percentText(value, 1)}
              />
            </ChartBox>
            <ChartBox title="Value, PHA">
              <TimeChart
                height={HEIGHT}
                label="Value of the vault over time"
                points={points.map((point) => ({
                  time: point.timeMs,
                  Value: phaNumber(BigInt(point.value)),
                  Free: phaNumber(BigInt(point.free)),
                }))}
                lines={[
                  { name: "Value", color: "indigo.5" },
                  { name: "Free", color: "teal.6" },
                ]}
                format={(value) => `${compactNumber(value)} PHA`}
              />
            </ChartBox>
            <ChartBox title="Delegators">
              <TimeChart
                height={HEIGHT}
                label="Delegators of the vault over time"
                isWhole
                kind="line"
                points={points.map((point) => ({ time: point.timeMs, Delegators: point.delegators }))}
                lines={[{ name: "Delegators", color: "grape.5" }]}
                format={(value) => numberText(value)}
              />
            </ChartBox>
          </SimpleGrid>
        )}
      </Loaded>
    </Section>
  );
}
