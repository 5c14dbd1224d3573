import { useState } from "react";
import { useVaultSeries } from "@/api/queries";
import { HISTORY_HEIGHT, HistorySection } from "@/components/history-section";
import { ChartBox, type Range, TimeChart } from "@/components/time-chart";
import { compactNumber, fixed18Number, numberText, percentText, phaNumber } from "@/lib/amounts";

export function VaultCharts({ vault }: { vault: number }) {
  const [range, setRange] = useState<Range>("day");
  const series = useVaultSeries(vault, range);
  return (
    <HistorySection
      path={`/vaults/${vault}/series`}
      file={`vault-${vault}`}
      what="The vault's history"
      range={range}
      setRange={setRange}
      series={series}
    >
      {(points) => (
        <>
          <ChartBox title="Price of a share, PHA">
            <TimeChart
              height={HISTORY_HEIGHT}
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
              height={HISTORY_HEIGHT}
              label="APR over time"
              kind="line"
              points={points.map((point) => ({ time: point.timeMs, APR: point.apr ?? null }))}
              lines={[{ name: "APR", color: "indigo.5" }]}
              format={(value) => percentText(value, 1)}
            />
          </ChartBox>
          <ChartBox title="Value, PHA">
            <TimeChart
              height={HISTORY_HEIGHT}
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
              height={HISTORY_HEIGHT}
              label="Delegators of the vault over time"
              isWhole
              kind="line"
              points={points.map((point) => ({ time: point.timeMs, Delegators: point.delegators }))}
              lines={[{ name: "Delegators", color: "grape.5" }]}
              format={(value) => numberText(value)}
            />
          </ChartBox>
        </>
      )}
    </HistorySection>
  );
}
