// Names of the chain's calls and events for people.

const KNOWN: Record<string, string> = {
  "StakePool.create_pool": "Create a pool",
  "StakePool.delegate": "Delegate",
  "StakePool.undelegate": "Undelegate",
  "StakePool.cancel_request": "Cancel a withdrawal",
  "StakePool.transfer_shares": "Send shares",
  "StakePool.set_commission": "Set the commission",
  "StakePool.set_cap": "Set the cap",
  "StakePool.allow": "Change the allow-list",
  "StakePool.set_profile": "Describe a pool",
  "StakePool.claim_commission": "Claim commission",
  "StakePool.claim_unclaimed": "Claim payments",
  "StakePool.add_worker": "Add a worker",
  "StakePool.remove_worker": "Remove a worker",
  "StakePool.start_worker": "Start a worker",
  "StakePool.stop_worker": "Stop a worker",
  "StakePool.add_stake": "Add stake",
  "StakePool.reduce_stake": "Reduce a stake",
  "Vault.create_vault": "Create a vault",
  "Vault.delegate": "Delegate to a vault",
  "Vault.undelegate": "Undelegate from a vault",
  "Vault.cancel_request": "Cancel a withdrawal from a vault",
  "Vault.transfer_shares": "Send shares of a vault",
  "Vault.invest": "Delegate a vault's coins to a pool",
  "Vault.divest": "Take a vault's coins back from a pool",
  "Vault.cancel_divest": "Keep a vault's coins in a pool",
  "Vault.set_fee": "Set a vault's fee",
  "Vault.claim_fee": "Claim a vault's fee",
  "Vault.set_commission_limit": "Set a vault's commission limit",
  "Vault.set_cap": "Set a vault's cap",
  "Mining.heartbeat": "Heartbeats",
  "Mining.report_offline": "Report of a missed challenge",
  "Mining.pause": "Pause a worker",
  "Mining.resume": "Resume a worker",
  "Mining.Settled": "Heartbeats paid",
  "Utility.batch_all": "Several calls in one",
  "Balances.transfer_keep_alive": "Send PHA",
  "Timestamp.set": "Set the time of the block",
};

/** `start_worker`, `WorkerStarted` and `StakePool` as words. */
export function words(name: string): string {
  const spaced = name
    .replace(/_/g, " ")
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

export function callText(pallet: string, call: string): string {
  return KNOWN[`${pallet}.${call}`] ?? `${words(pallet)}: ${words(call).toLowerCase()}`;
}
