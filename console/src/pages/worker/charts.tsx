import { useState } from "react";
import { useWorkerSeries } from "@/api/queries";
import { HISTORY_HEIGHT, HistorySection } from "@/components/history-section";
import { ChartBox, type Range, TimeChart } from "@/components/time-chart";
import { compactNumber, fixed18Number, numberText, phaNumber } from "@/lib/amounts";
import { gains } from "@/lib/points";

export function WorkerCharts({ worker }: { worker: string }) {
  const [range, setRange] = useState<Range>("day");
  const series = useWorkerSeries(worker, range);
  return (
    <HistorySection
      path={`/workers/${worker}/series`}
      file="worker"
      what="The worker's history"
      range={range}
      setRange={setRange}
      series={series}
    >
      {(points) => (
        <>
          <ChartBox title="Value V, PHA">
            <TimeChart
              height={HISTORY_HEIGHT}
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
              height={HISTORY_HEIGHT}
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
              height={HISTORY_HEIGHT}
              label="Share of the worker over time"
              points={points.map((point) => ({ time: point.timeMs, Share: fixed18Number(BigInt(point.share)) }))}
              lines={[{ name: "Share", color: "grape.5" }]}
              format={(value) => compactNumber(value, 4)}
            />
          </ChartBox>
          <ChartBox title="Rewards, PHA">
            <TimeChart
              height={HISTORY_HEIGHT}
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
        </>
      )}
    </HistorySection>
  );
}
