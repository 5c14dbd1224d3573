import type { SessionStatus } from "./queries";

const STATES: Record<string, string> = { Ready: "ready", Idle: "idle", CoolingDown: "coolingDown" };
const ABSENCES: Record<string, string> = {
  Offline: "offline",
  LeaseLapsed: "leaseLapsed",
  Rebinding: "rebinding",
  Maintenance: "maintenance",
};

/** The chain's state of a session in the indexer's words. */
export function sessionStateName(state: SessionStatus["state"] | undefined): { state: string; away?: string } {
  if (!state) return { state: "registered" };
  if (state.type === "Unresponsive") return { state: "unresponsive", away: ABSENCES[state.value.cause.type] };
  return { state: STATES[state.type] ?? "registered" };
}
