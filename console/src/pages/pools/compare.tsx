import { Anchor, Modal, Table, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { usePoolsById } from "@/api/queries";
import { Label } from "@/components/info";
import { Loaded, RowsSkeleton } from "@/components/state";
import { Pha } from "@/components/values";
import { fixed18Text, numberText, percentText, ppmText } from "@/lib/amounts";
import type { Term } from "@/wiki/entries";
import type { Pool } from "./columns";

/** Pools beside each other. */
export function Compare({ pools, isOpen, onClose }: { pools: number[]; isOpen: boolean; onClose: () => void }) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={<Text fw={650}>Compare pools</Text>} size="xl">
      {isOpen && <Comparison pools={pools} />}
    </Modal>
  );
}

const ROWS: { term: Term; label?: string; cell: (pool: Pool) => ReactNode }[] = [
  { term: "apr", cell: ({ apr }) => (apr == null ? "—" : percentText(apr, 2)) },
  { term: "commission", cell: ({ commissionPpm }) => ppmText(commissionPpm) },
  { term: "maxCommission", cell: ({ maxCommissionPpm }) => ppmText(maxCommissionPpm) },
  { term: "poolValue", cell: ({ value }) => <Pha planck={BigInt(value)} places={0} /> },
  { term: "capacity", cell: ({ room }) => (room == null ? "no limit" : <Pha planck={BigInt(room)} places={0} />) },
  { term: "price", cell: ({ price }) => `${fixed18Text(BigInt(price), 6)} PHA` },
  { term: "staked", cell: ({ staked }) => <Pha planck={BigInt(staked)} places={0} /> },
  { term: "free", cell: ({ free }) => <Pha planck={BigInt(free)} places={0} /> },
  { term: "queue", cell: ({ queuedValue }) => <Pha planck={BigInt(queuedValue)} places={0} /> },
  { term: "impaired", cell: ({ impaired }) => <Pha planck={BigInt(impaired)} places={0} /> },
  {
    term: "onlineWorkers",
    label: "Workers mining",
    cell: ({ idleWorkers, workers }) => `${numberText(idleWorkers)} / ${numberText(workers)}`,
  },
  { term: "delegated", label: "Delegators", cell: ({ delegators }) => numberText(delegators) },
];

function Comparison({ pools }: { pools: number[] }) {
  const found = usePoolsById(pools);
  return (
    <Loaded query={found} what="The pools" skeleton={<RowsSkeleton rows={ROWS.length} />}>
      {(chosen) => (
        <Table.ScrollContainer minWidth={160 + chosen.length * 130}>
          <Table verticalSpacing="xs" aria-label="Comparison of pools">
            <Table.Thead>
              <Table.Tr>
                <Table.Td />
                {chosen.map(({ pool }) => (
                  <Table.Th key={pool} ta="right" scope="col">
                    <Anchor component={Link} to={`/pools/${pool}`}>
                      Pool {pool}
                    </Anchor>
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {ROWS.map(({ term, label, cell }) => (
                <Table.Tr key={term}>
                  <Table.Th scope="row" fw={400}>
                    <Label term={term}>{label}</Label>
                  </Table.Th>
                  {chosen.map((pool) => (
                    <Table.Td key={pool.pool} ta="right">
                      {cell(pool)}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Loaded>
  );
}
