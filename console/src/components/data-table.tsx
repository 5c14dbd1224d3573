import { Group, Pagination, Text, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { IconArrowDown, IconArrowsSort, IconArrowUp } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { numberText } from "@/lib/amounts";
import type { Term } from "@/wiki/entries";
import classes from "./data-table.module.css";
import { Info } from "./info";

export interface Column<T> {
  key: string;
  label: string;
  term?: Term;
  /** Numbers stand on the right. */
  isNumber?: boolean;
  /** Left out on phones. */
  isExtra?: boolean;
  /** The service's or the page's name of the order, where the table can be sorted by it. */
  sort?: string;
  cell: (row: T) => ReactNode;
}

export interface Sorting {
  by: string;
  order: "asc" | "desc";
  change: (by: string, order: "asc" | "desc") => void;
}

interface Props<T> {
  label: string;
  columns: Column<T>[];
  rows: T[];
  rowKey: (row: T) => string;
  sorting?: Sorting;
  /** Whether the rows belong to a question that has been changed since. */
  isStale?: boolean;
  /** Few and short columns: stays a table on phones. */
  isSlim?: boolean;
}

/** A table; on narrow screens each row is a card with its names beside its values. */
export function DataTable<T>({ label, columns, rows, rowKey, sorting, isStale = false, isSlim = false }: Props<T>) {
  return (
    <div className={classes.scroll}>
      <table
        className={classes.table}
        aria-label={label}
        data-stale={isStale || undefined}
        data-slim={isSlim || undefined}
      >
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                data-number={column.isNumber || undefined}
                data-extra={column.isExtra || undefined}
                aria-sort={
                  sorting && column.sort === sorting.by
                    ? sorting.order === "asc"
                      ? "ascending"
                      : "descending"
                    : undefined
                }
              >
                <Group gap={2} wrap="nowrap" justify={column.isNumber ? "flex-end" : "flex-start"}>
                  <Heading column={column} sorting={sorting} />
                  {column.term && <Info term={column.term} />}
                </Group>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <td
                  key={column.key}
                  data-label={column.label}
                  data-number={column.isNumber || undefined}
                  data-extra={column.isExtra || undefined}
                >
                  <div className={classes.cell}>{column.cell(row)}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Heading<T>({ column, sorting }: { column: Column<T>; sorting?: Sorting }) {
  const by = column.sort;
  if (column.label === "")
    return (
      <span className={classes.unnamed}>
        <VisuallyHidden>Actions</VisuallyHidden>
      </span>
    );
  if (!by || !sorting) {
    return (
      <Text span size="xs" fw={600} c="dimmed">
        {column.label}
      </Text>
    );
  }
  const isActive = sorting.by === by;
  const Icon = !isActive ? IconArrowsSort : sorting.order === "asc" ? IconArrowUp : IconArrowDown;
  const next = isActive && sorting.order === "desc" ? "asc" : "desc";
  return (
    <UnstyledButton
      onClick={() => sorting.change(by, next)}
      className={classes.sort}
      data-active={isActive || undefined}
    >
      <Text span size="xs" fw={600} c={isActive ? undefined : "dimmed"}>
        {column.label}
      </Text>
      <Icon size={13} aria-hidden />
    </UnstyledButton>
  );
}

/** The pages of a list, and how much there is. */
export function Pages({
  total,
  offset,
  limit,
  change,
}: {
  total: number;
  offset: number;
  limit: number;
  change: (offset: number) => void;
}) {
  const pages = Math.max(1, Math.ceil(total / limit));
  const first = total === 0 ? 0 : offset + 1;
  return (
    <Group justify="space-between" mt="md" gap="xs">
      <Text size="sm" c="dimmed" className="num">
        {numberText(first)}–{numberText(Math.min(offset + limit, total))} of {numberText(total)}
      </Text>
      {pages > 1 && (
        <Pagination
          size="sm"
          total={pages}
          value={Math.floor(offset / limit) + 1}
          onChange={(page) => change((page - 1) * limit)}
          getControlProps={(control) => ({ "aria-label": `${control} page` })}
          getItemProps={(page) => ({ "aria-label": `Page ${page}` })}
        />
      )}
    </Group>
  );
}
