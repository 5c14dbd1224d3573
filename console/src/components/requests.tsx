import { Anchor, Button, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import type { FundStatus } from "@/actions/fund";
import { CancelRequest } from "@/actions/position";
import {
  type PoolStatus,
  type PositionStatus,
  useChainParameters,
  useRequestForecast,
  useVaultRequestForecast,
  type VaultRequestStatus,
  type VaultStatus,
} from "@/chain/queries";
import { useNow } from "@/lib/now";
import { cancellableUntil } from "@/lib/vaults";
import { DataTable } from "./data-table";
import { Status } from "./states";
import { Pha, When } from "./values";

type PoolRequest = PositionStatus["delegation"]["requests"][number];

interface Row {
  id: bigint;
  value: bigint;
  /** Until when it may be cancelled, in seconds since 1970. */
  untilSecs: number;
  isCancellable: boolean;
  deadlineSecs: number;
  expected: ReactNode;
  promisedSecs: number;
  /** What it waits for, where that is not the pool itself. */
  from?: ReactNode;
}

/** Requests of an account in the queue of a pool, with their dates. */
export function PoolRequests({ pool, requests }: { pool: PoolStatus; requests: readonly PoolRequest[] }) {
  return (
    <Requests
      of={{ pool }}
      label={`My withdrawals from pool ${pool.id}`}
      rows={requests.map(({ id, value, deadline_secs, promised_secs, cancellable }) => ({
        id,
        value,
        untilSecs: Number(deadline_secs),
        isCancellable: cancellable,
        deadlineSecs: Number(deadline_secs),
        promisedSecs: Number(promised_secs),
        expected: <ExpectedOfPool pool={pool.id} request={id} />,
      }))}
    />
  );
}

/** Requests of an account in the queue of a vault, with their dates and the pools that will pay them. */
export function VaultRequests({ vault, requests }: { vault: VaultStatus; requests: readonly VaultRequestStatus[] }) {
  const margin = Number(useChainParameters().data?.vaults ?? 0n);
  const nowSecs = useNow() / 1000;
  return (
    <Requests
      of={{ vault }}
      label={`My withdrawals from vault ${vault.id}`}
      rows={requests.map((request) => {
        const untilSecs = cancellableUntil(request, margin);
        return {
          id: request.id,
          value: request.value,
          untilSecs,
          isCancellable: nowSecs < untilSecs,
          deadlineSecs: Number(request.deadline_secs),
          promisedSecs: Number(request.promised_secs),
          expected: <ExpectedOfVault vault={vault.id} request={request.id} />,
          from: <Claims request={request} />,
        };
      })}
    />
  );
}

function Requests({ of, label, rows }: { of: FundStatus; label: string; rows: Row[] }) {
  const [cancelled, setCancelled] = useState<Row>();
  if (rows.length === 0) return null;
  return (
    <div style={{ marginTop: 12 }} data-testid="requests">
      <Text size="sm" fw={600}>
        Waiting to be paid
      </Text>
      <DataTable
        label={label}
        rows={rows}
        rowKey={({ id }) => id.toString()}
        columns={[
          { key: "value", label: "Value", isNumber: true, cell: ({ value }) => <Pha planck={value} places={4} /> },
          ...(of.vault ? [{ key: "from", label: "From", cell: ({ from }: Row) => from }] : []),
          {
            key: "state",
            label: "State",
            cell: ({ isCancellable }) =>
              isCancellable ? (
                <Status tone="quiet" hint="It earns like before until it is paid.">
                  waiting
                </Status>
              ) : (
                <Status tone="warn" hint="The deadline has passed; stake is taken back from workers to pay it.">
                  being paid
                </Status>
              ),
          },
          {
            key: "deadline",
            label: "Deadline",
            term: "deadline",
            isNumber: true,
            cell: ({ deadlineSecs }) => <When ms={deadlineSecs * 1000} />,
          },
          { key: "expected", label: "Expected", term: "expected", isNumber: true, cell: ({ expected }) => expected },
          {
            key: "promised",
            label: "Paid by",
            term: "promised",
            isNumber: true,
            cell: ({ promisedSecs }) => <When ms={promisedSecs * 1000} />,
          },
          {
            key: "actions",
            label: "",
            isNumber: true,
            cell: (row) =>
              row.isCancellable && (
                <Button size="compact-sm" variant="default" onClick={() => setCancelled(row)}>
                  Cancel
                </Button>
              ),
          },
        ]}
      />
      {cancelled && (
        <CancelRequest
          of={of}
          request={cancelled}
          untilSecs={cancelled.untilSecs}
          isOpen
          onClose={() => setCancelled(undefined)}
        />
      )}
    </div>
  );
}

/** Which pools will pay for shares that were taken out of a vault. */
function Claims({ request }: { request: VaultRequestStatus }) {
  return (
    <>
      {request.claims.map(({ pool, request, value }) => (
        <div key={`${pool}-${request}`} style={{ whiteSpace: "nowrap" }}>
          <Anchor component={Link} to={`/pools/${pool}`} size="sm">
            Pool {pool}
          </Anchor>{" "}
          <Pha planck={value} places={2} />
        </div>
      ))}
      {request.shares > 0n && <div>coins on their way to the vault</div>}
    </>
  );
}

function ExpectedOfPool({ pool, request }: { pool: number; request: bigint }) {
  return <Expected secs={useRequestForecast(pool, request).data?.expected_secs} />;
}

function ExpectedOfVault({ vault, request }: { vault: number; request: bigint }) {
  return <Expected secs={useVaultRequestForecast(vault, request).data?.expected_secs} />;
}

function Expected({ secs }: { secs: bigint | undefined }) {
  return secs === undefined ? <>—</> : <When ms={Number(secs) * 1000} />;
}
