// Draws a chart. Apart from the rest, as the library of charts is large.
import { AreaChart, BarChart, LineChart } from "@mantine/charts";
import "@mantine/charts/styles.css";
import { clockText, dateText, dayText } from "@/lib/dates";
import type { ChartProps } from "./time-chart";

const TWO_DAYS_MS = 2 * 86_400_000;

export default function ChartDrawing({
  points,
  lines,
  format,
  kind = "area",
  height = 220,
  fromZero = true,
}: ChartProps) {
  const [first, last] = [points[0], points.at(-1)];
  const isShort = first !== undefined && last !== undefined && last.time - first.time < TWO_DAYS_MS;
  const tick = isShort ? clockText : dayText;
  const series = lines.map(({ name, color }) => ({ name, color, label: name }));
  const domain: [number | "auto", "auto"] = fromZero ? [0, "auto"] : ["auto", "auto"];
  const common = {
    h: height,
    data: points as Record<string, unknown>[],
    dataKey: "time",
    series,
    valueFormatter: format,
    withLegend: lines.length > 1,
    legendProps: { verticalAlign: "bottom" as const, height: 36 },
    tickLine: "none" as const,
    gridAxis: "y" as const,
    strokeDasharray: "2 4",
    xAxisProps: { tickFormatter: (time: number) => tick(time), minTickGap: 48, tickMargin: 8 },
    yAxisProps: { width: 64, tickCount: 5, domain },
    tooltipProps: {
      // A tooltip that points at nothing has no label.
      labelFormatter: (time: unknown) => (typeof time === "number" ? dateText(time) : ""),
      isAnimationActive: false,
    },
  };
  if (kind === "bar")
    return <BarChart {...common} maxBarWidth={28} barProps={{ isAnimationActive: false, radius: 2 }} />;
  if (kind === "line") {
    return (
      <LineChart
        {...common}
        curveType="monotone"
        strokeWidth={2}
        withDots={false}
        connectNulls
        lineProps={{ isAnimationActive: false }}
      />
    );
  }
  return (
    <AreaChart
      {...common}
      type={kind === "stacked" ? "stacked" : "default"}
      curveType="monotone"
      strokeWidth={2}
      withDots={false}
      connectNulls
      fillOpacity={0.15}
      areaProps={{ isAnimationActive: false }}
    />
  );
}
