import { Anchor, Checkbox, Group, Text } from "@mantine/core";
import { Link } from "react-router";
import type { Schemas } from "@/api/client";
import type { Column } from "@/components/data-table";
import { Level, Rate, Status } from "@/components/states";
import { Pha } from "@/components/values";
import { shortened } from "@/lib/addresses";
import { numberText, percentText } from "@/lib/amounts";

export type Pool = Schemas["Pool"];

export function columns(compared: number[], toggle: (pool: number) => void): Column<Pool>[] {
  return [
    {
      key: "pool",
      label: "Pool",
      sort: "pool",
      cell: (pool) => <PoolName pool={pool} />,
    },
    {
      key: "apr",
      label: "APR",
      term: "apr",
      sort: "apr",
      isNumber: true,
      cell: ({ apr }) => (
        <Text span fw={600} size="sm">
          {apr == null ? "—" : percentText(apr, 1)}
        </Text>
      ),
    },
    {
      key: "value",
      label: "Value",
      term: "poolValue",
      sort: "value",
      isNumber: true,
      cell: ({ value }) => <Pha planck={BigInt(value)} places={0} />,
    },
    {
      key: "room",
      label: "Room",
      term: "capacity",
      sort: "room",
      isNumber: true,
      cell: ({ room }) => (room == null ? "no limit" : <Pha planck={BigInt(room)} places={0} />),
    },
    {
      key: "commission",
      label: "Commission",
      term: "commission",
      sort: "commission",
      isNumber: true,
      cell: ({ commissionPpm, risePpm }) => <Rate ppm={commissionPpm} risePpm={risePpm} />,
    },
    {
      key: "workers",
      label: "Workers",
      term: "worker",
      sort: "workers",
      isNumber: true,
      cell: ({ idleWorkers, workers }) => (
        <span>
          {numberText(idleWorkers)}
          <Text span c="dimmed" size="sm">
            {" "}
            / {numberText(workers)}
          </Text>
        </span>
      ),
    },
    {
      key: "level",
      label: "Evidence",
      term: "verified",
      isNumber: true,
      cell: ({ worstLevel }) => (worstLevel == null ? "—" : <Level level={worstLevel} />),
    },
    {
      key: "delegators",
      label: "Delegators",
      sort: "delegators",
      isNumber: true,
      cell: ({ delegators }) => numberText(delegators),
    },
    {
      key: "compare",
      label: "Compare",
      isNumber: true,
      cell: ({ pool }) => (
        <Checkbox
          aria-label={`Compare pool ${pool}`}
          checked={compared.includes(pool)}
          onChange={() => toggle(pool)}
          styles={{ root: { display: "inline-block" } }}
        />
      ),
    },
  ];
}

function PoolName({ pool }: { pool: Pool }) {
  return (
    <div style={{ maxWidth: 320 }}>
      <Group gap={6} wrap="nowrap">
        <Anchor component={Link} to={`/pools/${pool.pool}`} fw={600} size="sm" style={{ whiteSpace: "nowrap" }}>
          Pool {pool.pool}
        </Anchor>
        {pool.restricted && (
          <Status tone="quiet" hint="Only accounts on the owner's list may delegate.">
            by invitation
          </Status>
        )}
      </Group>
      <Text size="xs" c="dimmed" truncate title={pool.description || pool.owner}>
        {pool.description || `Owner ${shortened(pool.owner)}`}
      </Text>
    </div>
  );
}
