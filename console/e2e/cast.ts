// Who acts in the stories: each has accounts of its own, so that they can be told at the same time.

/** Delegates to the local network's first pool. */
export const DELEGATOR = "//ConsoleDelegator";
/** Creates a pool and runs a worker in it. */
export const OWNER = "//ConsoleOwner";
/** Delegates to that pool, and leaves it. */
export const LEAVER = "//ConsoleLeaver";
/** Owns a pool that nothing happens in. */
export const IDLE_OWNER = "//ConsoleIdleOwner";
/** Has a delegation that nothing happens to. */
export const IDLE_DELEGATOR = "//ConsoleIdleDelegator";
/** Creates a vault. */
export const VAULT_OWNER = "//ConsoleVaultOwner";
/** Delegates to that vault, and leaves it. */
export const VAULT_DELEGATOR = "//ConsoleVaultDelegator";
/** Registers the owner's worker. */
export const REGISTRAR = "//ConsoleRegistrar";
/** Owner of one of the local network's two pools, and of a vault that the pages show. */
export const OPERATOR = "//Operator//1";
/** Owners of both pools. */
export const OPERATORS = [OPERATOR, "//Operator//2"];
/** Delegated most of what the local network's two pools have. */
export const LARGEST = "//Delegator";

/** What each has in the beginning, in PHA. */
export const PURSES: [path: string, pha: bigint][] = [
  [DELEGATOR, 50_000n],
  [OWNER, 1_000n],
  [LEAVER, 50_000n],
  [IDLE_OWNER, 1_000n],
  [IDLE_DELEGATOR, 50_000n],
  [VAULT_OWNER, 1_000n],
  [VAULT_DELEGATOR, 50_000n],
  [REGISTRAR, 1_000n],
  [OPERATOR, 20_000n],
];
