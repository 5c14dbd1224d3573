import { Anchor, Text } from "@mantine/core";
import { Link } from "react-router";
import type { Schemas } from "@/api/client";
import { fixed18Text, numberText } from "@/lib/amounts";
import { type Column, DataTable, type Sorting } from "./data-table";
import { Level, WorkerStatusBadge } from "./states";
import { Code, Pha, When } from "./values";

type Worker = Schemas["Worker"];

interface Props {
  rows: Worker[];
  sorting?: Sorting;
  isStale?: boolean;
  withPool?: boolean;
  more?: Column<Worker>[];
}

export function WorkerTable({ rows, sorting, isStale, withPool = false, more = [] }: Props) {
  const columns: Column<Worker>[] = [
    {
      key: "worker",
      label: "Worker",
      cell: ({ worker }) => <Code text={worker} to={`/workers/${worker}`} label="the worker's key" />,
    },
    {
      key: "state",
      label: "State",
      term: "workerState",
      cell: ({ state, away }) => <WorkerStatusBadge state={state} away={away} />,
    },
    ...(withPool
      ? [
          {
            key: "pool",
            label: "Pool",
            cell: ({ pool }: Worker) =>
              pool == null ? (
                <Text span size="sm" c="dimmed">
                  none
                </Text>
              ) : (
                <Anchor component={Link} to={`/pools/${pool}`} size="sm" style={{ whiteSpace: "nowrap" }}>
                  Pool {pool}
                </Anchor>
              ),
          },
        ]
      : []),
    {
      key: "level",
      label: "Confidence",
      term: "confidence",
      sort: "level",
      cell: ({ level }) => <Level level={level} />,
    },
    {
      key: "stake",
      label: "Stake",
      term: "stake",
      sort: "stake",
      isNumber: true,
      cell: ({ stake }) => <Pha planck={BigInt(stake)} places={0} />,
    },
    { key: "v", label: "V", term: "v", sort: "v", isNumber: true, cell: ({ v }) => fixed18Text(BigInt(v), 2) },
    {
      key: "p",
      label: "P now / P",
      term: "pInstant",
      sort: "pInstant",
      isNumber: true,
      cell: ({ pInstant, p, score }) => (
        <span>
          {numberText(pInstant)}
          <Text span c="dimmed" size="sm">
            {" "}
            / {numberText(p || (score ?? 0))}
          </Text>
        </span>
      ),
    },
    {
      key: "paid",
      label: "Earned",
      term: "earned",
      sort: "paid",
      isNumber: true,
      cell: ({ paid }) => <Pha planck={BigInt(paid)} places={2} />,
    },
    {
      key: "last",
      label: "Last heartbeat",
      term: "lastAnswer",
      sort: "lastHeartbeat",
      isNumber: true,
      cell: ({ lastHeartbeatMs }) =>
        lastHeartbeatMs == null ? (
          <Text span c="dimmed" size="sm">
            none
          </Text>
        ) : (
          <When ms={lastHeartbeatMs} inline />
        ),
    },
    ...more,
  ];
  return (
    <DataTable
      label="Workers"
      columns={columns}
      rows={rows}
      rowKey={({ worker }) => worker}
      sorting={sorting}
      isStale={isStale}
    />
  );
}
