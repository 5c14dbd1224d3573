// Draws a chart. Apart from the rest, as the library of charts is large.
import { AreaChart, BarChart, LineChart } from "@mantine/charts";
import "@mantine/charts/styles.css";
import { clockText, dateText, dayText, secondsText } from "@/lib/dates";
import type { ChartProps } from "./time-chart";

const QUARTER_MS = 15 * 60_000;
const TWO_DAYS_MS = 2 * 86_400_000;

export default function ChartDrawing({
  points,
  lines,
  format,
  kind = "area",
  height = 220,
  fromZero = true,
  isWhole = false,
}: ChartProps) {
  const [first, last] = [points[0], points.at(-1)];
  const span = first !== undefined && last !== undefined ? last.time - first.time : 0;
  const tick = span < QUARTER_MS ? secondsText : span < TWO_DAYS_MS ? clockText : dayText;
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
    gridAxis: "x" as const,
    strokeDasharray: "2 4",
    xAxisProps: { tickFormatter: (time: number) => tick(time), minTickGap: 48, tickMargin: 8 },
    yAxisProps: {
      width: 56,
      tickCount: 5,
      domain,
      allowDecimals: !isWhole,
      // The unit stands in the chart's name.
      tickFormatter: (value: number) => format(value).replace(/ (PHA|€)$/, ""),
    },
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
