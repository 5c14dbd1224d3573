import { Anchor, Group, SimpleGrid } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { csvUrl } from "@/api/client";
import { Section } from "./page";
import { Loaded } from "./state";
import { ChartsSkeleton, type Range, RangeSwitch } from "./time-chart";

const COLUMNS = { base: 1, md: 2, xl: 4 };
const INTERVAL = { day: "sample", month: "hour", all: "day" } as const;

/** Height of a chart of such a section, in pixels. */
export const HISTORY_HEIGHT = 200;

interface Ranged {
  /** Where the indexer has the points. */
  path: string;
  /** What a download of them is called, without its ending. */
  file: string;
  range: Range;
  setRange: (range: Range) => void;
}

/** The points as a table, and the choice of their range. */
export function HistoryActions({ path, file, range, setRange }: Ranged) {
  return (
    <Group gap="sm">
      <Anchor href={csvUrl(path, { interval: INTERVAL[range], limit: 1000 })} download={`${file}.csv`} size="sm">
        CSV
      </Anchor>
      <RangeSwitch value={range} change={setRange} />
    </Group>
  );
}

/** Four charts of a pool, a vault or a worker over time, for a range that the reader chooses. */
export function HistorySection<Series extends { points: unknown[] }>(
  props: Ranged & { what: string; series: UseQueryResult<Series>; children: (points: Series["points"]) => ReactNode },
) {
  const { what, series, children, ...ranged } = props;
  return (
    <Section title="Over time" actions={<HistoryActions {...ranged} />}>
      <Loaded query={series} what={what} skeleton={<ChartsSkeleton count={4} cols={COLUMNS} height={HISTORY_HEIGHT} />}>
        {({ points }) => (
          <SimpleGrid cols={COLUMNS} spacing="xl" verticalSpacing="lg">
            {children(points)}
          </SimpleGrid>
        )}
      </Loaded>
    </Section>
  );
}
