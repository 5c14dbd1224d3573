import { Alert, Anchor, Button, Group, Menu, SimpleGrid, Text } from "@mantine/core";
import { IconChevronDown, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router";
import { ClaimCommission, SetAllowed, SetCommission, SetPoolCap, SetProfile } from "@/actions/pool-owner";
import { AddWorker } from "@/actions/workers";
import { type PoolStatus, usePoolStatus, useWorkerStatuses, type WorkerStatus } from "@/chain/queries";
import { sessionStateName } from "@/chain/sessions";
import { DataTable } from "@/components/data-table";
import { Section, Small } from "@/components/page";
import { Empty, Loaded, RowsSkeleton } from "@/components/state";
import { Level, Status, WorkerStatusBadge } from "@/components/states";
import { Code, Pha, When } from "@/components/values";
import { levelFromChain } from "@/economics/chain";
import { fixed18Text, numberText, ppmText } from "@/lib/amounts";
import { WorkerActions } from "@/pages/worker/worker-actions";

type Dialog = "commission" | "cap" | "allow" | "profile" | "claim" | "add";

/** A pool of the account that looks, live from the chain. */
export function OwnedPool({ pool, candidates }: { pool: number; candidates: string[] }) {
  const status = usePoolStatus(pool);
  return (
    <Loaded query={status} what={`Pool ${pool}`} skeleton={<RowsSkeleton rows={1} height={240} />}>
      {(found) => found && <Owned pool={found} candidates={candidates} />}
    </Loaded>
  );
}

function Owned({ pool, candidates }: { pool: PoolStatus; candidates: string[] }) {
  const [dialog, setDialog] = useState<Dialog>();
  const common = { pool, isOpen: true, onClose: () => setDialog(undefined) };
  return (
    <Section
      title={`Pool ${pool.id}`}
      description={pool.description || undefined}
      actions={
        <Group gap="xs">
          <Anchor component={Link} to={`/pools/${pool.id}`} size="sm">
            See it as delegators do
          </Anchor>
          <Button
            size="sm"
            variant="default"
            onClick={() => setDialog("add")}
            leftSection={<IconPlus size={15} aria-hidden />}
          >
            Add a worker
          </Button>
          <Button size="sm" variant="default" onClick={() => setDialog("claim")} disabled={pool.commission === 0n}>
            Claim
          </Button>
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <Button size="sm" variant="default" rightSection={<IconChevronDown size={14} aria-hidden />}>
                Terms
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => setDialog("commission")}>Commission</Menu.Item>
              <Menu.Item onClick={() => setDialog("cap")}>Cap</Menu.Item>
              <Menu.Item onClick={() => setDialog("allow")}>Allow-list</Menu.Item>
              <Menu.Item onClick={() => setDialog("profile")}>Description</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      }
    >
      {pool.commission_rise && (
        <Alert color="orange" variant="light" mb="sm" data-testid="announced">
          <Text size="sm">
            {ppmText(pool.commission_rise.commission_ppm)} commission is announced and in force{" "}
            <When ms={Number(pool.commission_rise.due_secs) * 1000} inline />.
          </Text>
        </Alert>
      )}
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="sm" mb="md">
        <Small term="poolValue">
          <Pha planck={pool.value} places={2} />
        </Small>
        <Small term="free" label="Free for workers">
          <Pha planck={pool.spare} places={2} />
        </Small>
        <Small term="ownerReward">
          <Pha planck={pool.commission} places={4} />
        </Small>
        <Small term="commission">
          {ppmText(pool.commission_ppm)}{" "}
          <Text span size="xs" c="dimmed">
            of at most {ppmText(pool.max_commission_ppm)}
          </Text>
        </Small>
        <Small term="cap">{pool.cap === undefined ? "no limit" : <Pha planck={pool.cap} places={0} />}</Small>
        <Small term="restricted" label="Who may delegate">
          {pool.restricted ? <Status tone="quiet">by invitation</Status> : "everybody"}
        </Small>
      </SimpleGrid>
      <OwnedWorkers pool={pool} add={() => setDialog("add")} />
      {dialog === "commission" && <SetCommission {...common} />}
      {dialog === "cap" && <SetPoolCap {...common} />}
      {dialog === "allow" && <SetAllowed {...common} />}
      {dialog === "profile" && <SetProfile {...common} />}
      {dialog === "claim" && <ClaimCommission {...common} />}
      {dialog === "add" && <AddWorker {...common} candidates={candidates} />}
    </Section>
  );
}

function OwnedWorkers({ pool, add }: { pool: PoolStatus; add: () => void }) {
  const statuses = useWorkerStatuses(pool.workers);
  if (pool.workers.length === 0) {
    return (
      <Empty
        title="No workers yet"
        action={
          <Button size="sm" variant="default" onClick={add}>
            Add a worker
          </Button>
        }
      >
        A relayer registers your machines with this account as their operator. Add one here, then start it with a stake.
      </Empty>
    );
  }
  return (
    <Loaded query={statuses} what="The workers" skeleton={<RowsSkeleton rows={pool.workers.length} />}>
      {(all) => (
        <DataTable<WorkerStatus>
          label={`Workers of pool ${pool.id}`}
          rows={all}
          rowKey={({ worker }) => worker}
          columns={[
            {
              key: "worker",
              label: "Worker",
              cell: ({ worker }) => <Code text={worker} to={`/workers/${worker}`} label="the worker's key" />,
            },
            {
              key: "state",
              label: "State",
              term: "workerState",
              cell: ({ session }) => {
                const { state, away } = sessionStateName(session?.state);
                return <WorkerStatusBadge state={state} away={away} />;
              },
            },
            {
              key: "level",
              label: "Confidence",
              term: "confidence",
              cell: ({ registration }) =>
                registration ? <Level level={levelFromChain(registration.confidence_level)} /> : "—",
            },
            {
              key: "score",
              label: "P",
              term: "p",
              isNumber: true,
              cell: ({ registration, session }) => numberText(session?.p || registration?.score || 0),
            },
            {
              key: "stake",
              label: "Stake",
              term: "stake",
              isNumber: true,
              cell: ({ session }) => <Pha planck={session?.stake ?? 0n} places={2} />,
            },
            {
              key: "v",
              label: "V",
              term: "v",
              isNumber: true,
              cell: ({ session }) => fixed18Text(session?.v ?? 0n, 2),
            },
            {
              key: "paid",
              label: "Earned",
              term: "earned",
              isNumber: true,
              cell: ({ session }) => <Pha planck={session?.paid ?? 0n} places={4} />,
            },
            {
              key: "actions",
              label: "",
              isNumber: true,
              cell: (status) => (
                <Group gap={6} justify="flex-end" wrap="nowrap">
                  <WorkerActions status={status} compact />
                </Group>
              ),
            },
          ]}
        />
      )}
    </Loaded>
  );
}
