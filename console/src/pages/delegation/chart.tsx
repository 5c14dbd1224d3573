import { SimpleGrid } from "@mantine/core";
import { useState } from "react";
import { useAccountSeries } from "@/api/queries";
import { HistoryActions } from "@/components/history-section";
import { Section } from "@/components/page";
import { Empty, Loaded } from "@/components/state";
import { ChartBox, ChartSkeleton, type Range, TimeChart } from "@/components/time-chart";
import { compactNumber, numberText, phaNumber } from "@/lib/amounts";

export function DelegationChart({ address }: { address: string }) {
  const [range, setRange] = useState<Range>("day");
  const series = useAccountSeries(address, range);
  return (
    <Section
      title="Over time"
      actions={
        <HistoryActions path={`/accounts/${address}/series`} file="delegation" range={range} setRange={setRange} />
      }
    >
      <Loaded
        query={series}
        what="Your history"
        skeleton={<ChartSkeleton />}
        isEmpty={({ points }) => points.length === 0}
        empty={<Empty title="No history yet">It begins with your first delegation.</Empty>}
      >
        {({ points }) => (
          <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl" verticalSpacing="lg">
            <ChartBox title="Value, PHA">
              <TimeChart
                label="Value of your delegation over time"
                points={points.map((point) => ({ time: point.timeMs, Value: phaNumber(BigInt(point.value)) }))}
                lines={[{ name: "Value", color: "indigo.5" }]}
                format={(value) => `${compactNumber(value)} PHA`}
              />
            </ChartBox>
            <ChartBox title="Earned so far, PHA">
              <TimeChart
                label="What your delegation has earned over time"
                points={points.map((point) => ({ time: point.timeMs, Earned: phaNumber(BigInt(point.gained)) }))}
                lines={[{ name: "Earned", color: "teal.6" }]}
                format={(value) => `${numberText(value, 2)} PHA`}
              />
            </ChartBox>
          </SimpleGrid>
        )}
      </Loaded>
    </Section>
  );
}
