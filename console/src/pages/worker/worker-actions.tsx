import { Button, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useState } from "react";
import { AddStake, Maintenance, ReduceStake, RemoveWorker, StartWorker, StopWorker } from "@/actions/workers";
import { usePoolStatus, type WorkerStatus } from "@/chain/queries";
import { isSameAccount } from "@/lib/addresses";
import { useWallet } from "@/wallet/wallet";

type Dialog = "start" | "add" | "reduce" | "stop" | "remove" | "maintenance";

/** What the owner of the worker's pool can do with it now. Nothing for anybody else. */
export function WorkerActions({ status, compact = false }: { status: WorkerStatus; compact?: boolean }) {
  const { session } = status;
  if (!session) return null;
  return <OfPool status={status} pool={session.pool} compact={compact} />;
}

function OfPool({ status, pool: id, compact }: { status: WorkerStatus; pool: number; compact: boolean }) {
  const pool = usePoolStatus(id).data;
  const { address } = useWallet();
  const [dialog, setDialog] = useState<Dialog>();
  const { session, worker } = status;
  if (!pool || !session || !address || !isSameAccount(pool.owner, address)) return null;
  const state = session.state;
  const isPaused = state.type === "Unresponsive" && state.value.cause.type === "Maintenance";
  const isRunning = state.type === "Idle" || state.type === "Unresponsive";
  const common = { worker, pool, session, isOpen: true, onClose: () => setDialog(undefined) };
  return (
    <>
      {state.type === "Ready" && (
        <Button size={compact ? "compact-sm" : "sm"} onClick={() => setDialog("start")}>
          Start
        </Button>
      )}
      {state.type !== "Ready" && state.type !== "CoolingDown" && isPaused && !session.resumed && (
        <Button size={compact ? "compact-sm" : "sm"} onClick={() => setDialog("maintenance")}>
          Resume
        </Button>
      )}
      {(isRunning || state.type === "Ready") && (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <Button
              size={compact ? "compact-sm" : "sm"}
              variant="default"
              rightSection={<IconChevronDown size={14} aria-hidden />}
            >
              Actions
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {isRunning && <Menu.Item onClick={() => setDialog("add")}>Add stake</Menu.Item>}
            {isRunning && <Menu.Item onClick={() => setDialog("reduce")}>Reduce the stake</Menu.Item>}
            {state.type === "Idle" && (
              <Menu.Item onClick={() => setDialog("maintenance")}>Pause for maintenance</Menu.Item>
            )}
            {isRunning && (
              <Menu.Item color="var(--khala-bad)" onClick={() => setDialog("stop")}>
                Stop
              </Menu.Item>
            )}
            {state.type === "Ready" && <Menu.Item onClick={() => setDialog("remove")}>Remove from the pool</Menu.Item>}
          </Menu.Dropdown>
        </Menu>
      )}
      {dialog === "start" && <StartWorker {...common} />}
      {dialog === "add" && <AddStake {...common} />}
      {dialog === "reduce" && <ReduceStake {...common} />}
      {dialog === "stop" && <StopWorker {...common} />}
      {dialog === "remove" && <RemoveWorker {...common} />}
      {dialog === "maintenance" && (
        <Maintenance {...common} isPaused={isPaused} leftSecs={session.maintenance_left_secs} />
      )}
    </>
  );
}
