// A value over time.
import { Group, SegmentedControl, SimpleGrid, Skeleton, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { ChartDrawing } from "./chart-drawing";
import { Empty } from "./state";
import classes from "./time-chart.module.css";

export interface Line {
  name: string;
  color: string;
}

export interface Point {
  time: number;
  [line: string]: number | null;
}

export interface ChartProps {
  /** What it shows, for who does not see it. */
  label: string;
  points: Point[];
  lines: Line[];
  format: (value: number) => string;
  kind?: "area" | "line" | "bar";
  height?: number;
  /** The axis begins at zero unless small changes matter. */
  fromZero?: boolean;
  /** Things that are counted: the axis has no halves. */
  isWhole?: boolean;
}

export function TimeChart(chart: ChartProps) {
  const { label, points, lines, format, height = 220 } = chart;
  if (points.length < 2) {
    return (
      <div style={{ minHeight: height, display: "grid", placeItems: "center" }}>
        <Empty title="Not enough history yet">The first points appear within a few minutes.</Empty>
      </div>
    );
  }
  return (
    <figure className={classes.figure} aria-label={`${label}: ${summary(points, lines, format)}`}>
      <ChartDrawing {...chart} />
    </figure>
  );
}

function summary(points: Point[], lines: Line[], format: (value: number) => string): string {
  return lines
    .map(({ name }) => {
      const values = points.map((point) => point[name]).filter((value): value is number => value != null);
      const [from, to] = [values[0], values.at(-1)];
      return from === undefined || to === undefined
        ? `${name} without values`
        : `${name} from ${format(from)} to ${format(to)}`;
    })
    .join("; ");
}

export type Range = "day" | "month" | "all";

/** Which stretch of time charts show. */
export function RangeSwitch({ value, change }: { value: Range; change: (range: Range) => void }) {
  return (
    <SegmentedControl
      size="xs"
      value={value}
      onChange={(next) => change(next as Range)}
      data={[
        { value: "day", label: "2 days" },
        { value: "month", label: "35 days" },
        { value: "all", label: "All" },
      ]}
      aria-label="Stretch of time"
    />
  );
}

export function ChartSkeleton({ height = 220 }: { height?: number }) {
  return (
    <Group h={height} align="flex-end" gap={6} wrap="nowrap">
      {[40, 55, 48, 62, 70, 64, 78, 72, 85, 80, 90, 88].map((part) => (
        <Skeleton key={part} height={`${part}%`} style={{ flex: 1 }} />
      ))}
    </Group>
  );
}

/** A chart with its name. */
export function ChartBox({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div style={{ minWidth: 0 }}>
      <Text size="sm" fw={600} mb="xs">
        {title}
      </Text>
      {children}
    </div>
  );
}

/** Skeleton of several charts with their names. */
export function ChartsSkeleton({
  count,
  cols,
  height,
}: {
  count: number;
  cols: Record<string, number>;
  height?: number;
}) {
  return (
    <SimpleGrid cols={cols} spacing="xl" verticalSpacing="lg">
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the skeletons are all alike and never move
        <div key={index}>
          <Skeleton height={14} width={110} mb="sm" />
          <ChartSkeleton height={height} />
        </div>
      ))}
    </SimpleGrid>
  );
}
