import { Button, Text } from "@mantine/core";
import { useState } from "react";
import { CancelRequest } from "@/actions/position";
import { type PositionStatus, useRequestForecast } from "@/chain/queries";
import { DataTable } from "./data-table";
import { Status } from "./states";
import { Pha, When } from "./values";

type Request = PositionStatus["delegation"]["requests"][number];

/** Requests of an account in the queue of a pool, with their dates. */
export function Requests({ pool, requests }: { pool: number; requests: readonly Request[] }) {
  const [cancelled, setCancelled] = useState<Request>();
  if (requests.length === 0) return null;
  return (
    <div style={{ marginTop: 12 }} data-testid="requests">
      <Text size="sm" fw={600}>
        Waiting to be paid
      </Text>
      <DataTable
        label={`My withdrawals from pool ${pool}`}
        rows={[...requests]}
        rowKey={({ id }) => id.toString()}
        columns={[
          { key: "value", label: "Value", isNumber: true, cell: ({ value }) => <Pha planck={value} places={4} /> },
          {
            key: "state",
            label: "State",
            cell: ({ cancellable }) =>
              cancellable ? (
                <Status tone="quiet" hint="It earns like before until it is paid.">
                  waiting
                </Status>
              ) : (
                <Status tone="warn" hint="The deadline has passed; the pool takes stake back to pay it.">
                  being paid
                </Status>
              ),
          },
          {
            key: "deadline",
            label: "Deadline",
            term: "deadline",
            isNumber: true,
            cell: ({ deadline_secs }) => <When ms={Number(deadline_secs) * 1000} />,
          },
          {
            key: "expected",
            label: "Expected",
            term: "expected",
            isNumber: true,
            cell: ({ id }) => <Expected pool={pool} request={id} />,
          },
          {
            key: "promised",
            label: "Paid by",
            term: "promised",
            isNumber: true,
            cell: ({ promised_secs }) => <When ms={Number(promised_secs) * 1000} />,
          },
          {
            key: "actions",
            label: "",
            isNumber: true,
            cell: (request) =>
              request.cancellable && (
                <Button size="compact-sm" variant="default" onClick={() => setCancelled(request)}>
                  Cancel
                </Button>
              ),
          },
        ]}
      />
      {cancelled && <CancelRequest pool={pool} request={cancelled} isOpen onClose={() => setCancelled(undefined)} />}
    </div>
  );
}

function Expected({ pool, request }: { pool: number; request: bigint }) {
  const forecast = useRequestForecast(pool, request).data;
  return forecast ? <When ms={Number(forecast.expected_secs) * 1000} /> : <>—</>;
}
