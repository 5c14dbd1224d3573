import { useState } from "react";
import { usePoolSeries } from "@/api/queries";
import { HISTORY_HEIGHT, HistorySection } from "@/components/history-section";
import { ChartBox, type Range, TimeChart } from "@/components/time-chart";
import { compactNumber, fixed18Number, numberText, percentText, phaNumber } from "@/lib/amounts";

export function PoolCharts({ pool }: { pool: number }) {
  const [range, setRange] = useState<Range>("day");
  const series = usePoolSeries(pool, range);
  return (
    <HistorySection
      path={`/pools/${pool}/series`}
      file={`pool-${pool}`}
      what="The pool's history"
      range={range}
      setRange={setRange}
      series={series}
    >
      {(points) => (
        <>
          <ChartBox title="Price of a share, PHA">
            <TimeChart
              height={HISTORY_HEIGHT}
              label="Price of a share over time"
              points={points.map((point) => ({ time: point.timeMs, Price: fixed18Number(BigInt(point.price)) }))}
              lines={[{ name: "Price", color: "teal.6" }]}
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
              height={HISTORY_HEIGHT}
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
        </>
      )}
    </HistorySection>
  );
}
