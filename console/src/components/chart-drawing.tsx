// Draws a chart: lines, areas or bars over time, with a cursor that a pointer or the arrow keys move.
import { getThemeColor, useMantineTheme } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { compactNumber } from "@/lib/amounts";
import { type Grain, nearest, timeMarks, valueAxis } from "@/lib/axes";
import { clockText, dateText, dateTextWithSeconds, dayText, monthText, secondsText } from "@/lib/dates";
import classes from "./chart-drawing.module.css";
import type { ChartProps, Line, Point } from "./time-chart";

const MARK_TEXTS: Record<Grain, (ms: number) => string> = {
  second: secondsText,
  minute: clockText,
  day: dayText,
  month: monthText,
};
const QUARTER_MS = 15 * 60_000;
/** Room around the plot, in pixels: for the names of the marks. */
const [LEFT, RIGHT, TOP, BOTTOM] = [56, 12, 10, 26];
const LEGEND = 28;
const VALUE_MARKS = 4;
/** Room that the name of a mark of time takes. */
const MARK_WIDTH = 84;
const MOST_BAR = 28;

export function ChartDrawing({
  label,
  points,
  lines,
  format,
  kind = "area",
  height = 220,
  fromZero = true,
  isWhole = false,
}: ChartProps) {
  const { ref, width } = useElementSize();
  const [cursor, setCursor] = useState<number>();
  const plotHeight = height - (lines.length > 1 ? LEGEND : 0);
  const times = points.map(({ time }) => time);
  const [first, last] = [times[0] ?? 0, times.at(-1) ?? 0];
  const values = points.flatMap((point) => lines.map(({ name }) => point[name])).filter((value) => value != null);
  const axis = valueAxis(values, VALUE_MARKS, fromZero, isWhole);

  const innerWidth = Math.max(1, width - LEFT - RIGHT);
  const band = kind === "bar" ? innerWidth / points.length : 0;
  const x = (time: number) => LEFT + band / 2 + ((time - first) / (last - first || 1)) * (innerWidth - band);
  const y = (value: number) => TOP + (1 - (value - axis.low) / (axis.high - axis.low)) * (plotHeight - TOP - BOTTOM);

  const at = cursor === undefined ? undefined : points[Math.min(cursor, points.length - 1)];
  const timeText = last - first < QUARTER_MS ? dateTextWithSeconds : dateText;
  const describe = (point: Point) => lines.map(({ name }) => `${name} ${valueText(point[name], format)}`).join(", ");

  const point = (event: PointerEvent<HTMLDivElement>) => {
    const from = event.currentTarget.getBoundingClientRect().left;
    const time = first + ((event.clientX - from - LEFT - band / 2) / (innerWidth - band)) * (last - first);
    setCursor(nearest(times, time));
  };
  const move = (event: KeyboardEvent) => {
    const now = cursor ?? points.length - 1;
    const to = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: points.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    setCursor(Math.max(0, Math.min(points.length - 1, to)));
  };

  const drawn = { points, lines, x, y, low: y(Math.max(axis.low, Math.min(0, axis.high))) };
  return (
    <div style={{ height }}>
      <div
        ref={ref}
        className={classes.plot}
        style={{ height: plotHeight }}
        role="slider"
        tabIndex={0}
        aria-label={`${label}: move through it with the arrow keys`}
        aria-valuemin={0}
        aria-valuemax={points.length - 1}
        aria-valuenow={cursor ?? points.length - 1}
        aria-valuetext={at ? `${timeText(at.time)}: ${describe(at)}` : "the newest point"}
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={() => setCursor(undefined)}
        onBlur={() => setCursor(undefined)}
        onKeyDown={move}
      >
        {width > 0 && (
          <svg width={width} height={plotHeight} aria-hidden className={classes.drawing}>
            <ValueMarks marks={axis.marks} format={format} y={y} right={width - RIGHT} />
            <TimeMarks first={first} last={last} x={x} bottom={plotHeight} width={width} />
            {kind === "bar" ? (
              <Bars {...drawn} size={Math.min(MOST_BAR, Math.max(1, band * 0.7))} />
            ) : (
              <Curves {...drawn} isFilled={kind === "area"} />
            )}
            {at && <Cursor point={at} lines={lines} x={x} y={y} bottom={plotHeight - BOTTOM} isBar={kind === "bar"} />}
          </svg>
        )}
        {at && width > 0 && (
          <Reading
            title={timeText(at.time)}
            rows={lines.map(({ name, color }) => ({ name, color, text: valueText(at[name], format) }))}
            x={x(at.time)}
            width={width}
          />
        )}
      </div>
      {lines.length > 1 && <Legend lines={lines} />}
    </div>
  );
}

const valueText = (value: number | null | undefined, format: (value: number) => string) =>
  value == null ? "—" : format(value);

/** Characters that fit beside the plot. */
const MOST_CHARACTERS = 7;

/** Names of the marks: the unit stands in the chart's name, and what is too long is shortened. */
function markTexts(marks: number[], format: (value: number) => string): string[] {
  const texts = marks.map((mark) => format(mark).replace(/ (PHA|€)$/, ""));
  return texts.some(({ length }) => length > MOST_CHARACTERS) ? marks.map((mark) => compactNumber(mark)) : texts;
}

function ValueMarks({
  marks,
  format,
  y,
  right,
}: {
  marks: number[];
  format: (value: number) => string;
  y: (value: number) => number;
  right: number;
}) {
  const texts = markTexts(marks, format);
  return marks.map((mark, index) => (
    <g key={mark}>
      <line x1={LEFT} x2={right} y1={y(mark)} y2={y(mark)} className={classes.grid} />
      {/* Marks so close that they read alike are named once. */}
      {texts[index] !== texts[index - 1] && (
        <text x={LEFT - 8} y={y(mark)} dy="0.32em" textAnchor="end" className={classes.mark}>
          {texts[index]}
        </text>
      )}
    </g>
  ));
}

function TimeMarks({
  first,
  last,
  x,
  bottom,
  width,
}: {
  first: number;
  last: number;
  x: (time: number) => number;
  bottom: number;
  width: number;
}) {
  return timeMarks(first, last, (x(last) - x(first)) / MARK_WIDTH).map(({ at, grain }) => {
    const isLast = x(at) > width - MARK_WIDTH / 2;
    return (
      <text
        key={at}
        x={isLast ? width : x(at)}
        y={bottom - 6}
        textAnchor={isLast ? "end" : "middle"}
        className={classes.mark}
      >
        {MARK_TEXTS[grain](at)}
      </text>
    );
  });
}

interface Drawn {
  points: Point[];
  lines: Line[];
  x: (time: number) => number;
  y: (value: number) => number;
  /** Where the value is zero, or the least. */
  low: number;
}

function Curves({ points, lines, x, y, low, isFilled }: Drawn & { isFilled: boolean }) {
  const color = useColor();
  return lines.map((line) => {
    const path = points
      .flatMap((point) => {
        const value = point[line.name];
        return value == null ? [] : [{ x: x(point.time).toFixed(1), y: y(value).toFixed(1) }];
      })
      .map(({ x, y }, index, all) => ({
        text: `${index === 0 ? "M" : "L"}${x} ${y}`,
        from: all[0]?.x,
        to: all.at(-1)?.x,
      }));
    const text = path.map(({ text }) => text).join("");
    const [begin] = path;
    return (
      <g key={line.name} style={{ color: color(line) }}>
        {isFilled && begin && <path d={`${text}L${begin.to} ${low}L${begin.from} ${low}Z`} className={classes.area} />}
        <path d={text} className={classes.curve} />
      </g>
    );
  });
}

function Bars({ points, lines, x, y, low, size }: Drawn & { size: number }) {
  const color = useColor();
  return lines.map((line) => (
    <g key={line.name} style={{ color: color(line) }}>
      {points.map((point) => {
        const value = point[line.name];
        if (value == null || value === 0) return null;
        const top = y(value);
        return (
          <rect
            key={point.time}
            x={x(point.time) - size / 2}
            y={Math.min(top, low)}
            width={size}
            height={Math.max(1, Math.abs(low - top))}
            rx={Math.min(2, size / 2)}
            fill="currentColor"
          />
        );
      })}
    </g>
  ));
}

function Cursor({
  point,
  lines,
  x,
  y,
  bottom,
  isBar,
}: {
  point: Point;
  lines: Line[];
  x: (time: number) => number;
  y: (value: number) => number;
  bottom: number;
  isBar: boolean;
}) {
  const color = useColor();
  const where = x(point.time);
  return (
    <g>
      <line x1={where} x2={where} y1={TOP} y2={bottom} className={classes.cursor} />
      {!isBar &&
        lines.map((line) => {
          const value = point[line.name];
          return value == null ? null : (
            <circle key={line.name} cx={where} cy={y(value)} r={4} fill={color(line)} className={classes.dot} />
          );
        })}
    </g>
  );
}

/** What the chart says where the cursor stands. */
function Reading({
  title,
  rows,
  x,
  width,
}: {
  title: string;
  rows: { name: string; color: string; text: string }[];
  x: number;
  width: number;
}) {
  const color = useColor();
  const isLeft = x > width / 2;
  return (
    <div className={classes.reading} style={isLeft ? { right: width - x + 10 } : { left: x + 10 }} aria-hidden>
      <div className={classes.title}>{title}</div>
      {rows.map((row) => (
        <div key={row.name} className={classes.row}>
          <span className={classes.swatch} style={{ background: color(row) }} />
          <span>{row.name}</span>
          <span className={classes.value}>{row.text}</span>
        </div>
      ))}
    </div>
  );
}

function Legend({ lines }: { lines: Line[] }) {
  const color = useColor();
  return (
    <div className={classes.legend} style={{ height: LEGEND }}>
      {lines.map((line) => (
        <span key={line.name} className={classes.row}>
          <span className={classes.swatch} style={{ background: color(line) }} />
          {line.name}
        </span>
      ))}
    </div>
  );
}

/** A line's colour for the style sheet. */
function useColor(): (line: { color: string }) => string {
  const theme = useMantineTheme();
  return ({ color }) => getThemeColor(color, theme);
}
