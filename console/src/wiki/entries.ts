// The glossary: one entry for each number and word of the console, shown in popovers and on the wiki page.

export interface Entry {
  title: string;
  /** In one or two sentences: what the popover says. */
  short: string;
  /** More, for the wiki page. */
  more?: string;
  group: Group;
}

export const GROUPS = [
  "Network",
  "Pools and delegation",
  "Vaults",
  "Workers",
  "Rewards",
  "Attestation",
  "Wallet and transactions",
] as const;
export type Group = (typeof GROUPS)[number];

const entry = (group: Group, title: string, short: string, more?: string): Entry => ({ group, title, short, more });

export const ENTRIES = {
  onlineWorkers: entry(
    "Network",
    "Online workers",
    "Workers that mine now: they answer the chain's challenges and earn. The second number is all registered workers.",
  ),
  totalStake: entry(
    "Network",
    "Total stake",
    "All PHA that stake pools have put behind mining workers.",
    "Coins that are free in pools, or cool down after a stop, are not part of it.",
  ),
  totalValue: entry(
    "Network",
    "Value in pools",
    "What all stake pools together are worth: free, staked and cooling coins, with rewards that were not taken in yet.",
  ),
  dailyRewards: entry(
    "Network",
    "Rewards a day",
    "What workers can earn together in a day at the rate in force. A fifth goes to the treasury, the rest to the pools.",
    "The budget shrinks by a quarter every 180 days. It is paid in proportion to the workers' shares.",
  ),
  meanApr: entry(
    "Network",
    "Mean APR",
    "What delegators of all pools together earn in a year for each 100 PHA, after commission, at the present pace.",
    "It moves with the number of workers and the total stake. It promises nothing.",
  ),
  heartbeats: entry(
    "Network",
    "Heartbeats",
    "Answers of workers to challenges. Each shows that a worker was reachable, and pays what it has earned since the one before.",
  ),
  blockTime: entry(
    "Network",
    "Block time",
    "The mean time between the newest blocks, as this console saw them come in.",
  ),
  finalityLag: entry(
    "Network",
    "Finality lag",
    "How many blocks the finalised chain is behind the newest block. What is finalised can never be undone. 2 to 4 are usual.",
  ),
  indexerLag: entry(
    "Network",
    "Indexer lag",
    "How many blocks the service that keeps lists and history is behind the chain. Live numbers do not depend on it.",
  ),
  outageGuard: entry(
    "Network",
    "Outage guard",
    "When a large part of the network goes offline at once, the chain assumes a fault that is nobody's own and stops the loss of value for a while.",
  ),
  subsidy: entry(
    "Network",
    "Subsidy",
    "The account that all rewards are paid from. When it is empty, mining pays nothing.",
  ),

  pool: entry(
    "Pools and delegation",
    "Stake pool",
    "A pool collects PHA of many delegators. Its owner runs workers with them; rewards raise the price of the pool's shares.",
  ),
  poolValue: entry(
    "Pools and delegation",
    "Pool value",
    "What the pool is worth: free, staked and cooling coins, less what workers would lose if they were stopped, with rewards that were not taken in yet.",
  ),
  price: entry(
    "Pools and delegation",
    "Price of a share",
    "The value of a pool or a vault divided by its shares. It begins at 1 PHA and rises with each reward.",
  ),
  shares: entry(
    "Pools and delegation",
    "Shares",
    "Your part of a pool or a vault. Their number stays the same; their price changes with rewards and losses.",
  ),
  apr: entry(
    "Pools and delegation",
    "APR",
    "How much the price of a share would rise in a year at the pace of the last days, after commission. The past is no promise.",
  ),
  priceChange: entry(
    "Pools and delegation",
    "Gain",
    "By how much the price of a share has changed in that time, or since it began when it is younger.",
  ),
  commission: entry(
    "Pools and delegation",
    "Commission",
    "The owner's part of each reward. Lowering it works at once. A rise is announced, waits, and never goes above the maximum.",
    "A rise is in force after the grace and the cool-down of pools together, so whoever disagrees can leave before. It adds ten points at most.",
  ),
  maxCommission: entry(
    "Pools and delegation",
    "Maximum commission",
    "The commission never exceeds this. It was fixed when the pool was created.",
  ),
  capacity: entry(
    "Pools and delegation",
    "Room",
    "How much may still be delegated before the cap of the pool or the vault is reached.",
  ),
  cap: entry(
    "Pools and delegation",
    "Cap",
    "The owner's limit of the value of a pool or a vault. Above it nobody can delegate.",
  ),
  free: entry(
    "Pools and delegation",
    "Free",
    "Coins of the pool that no worker holds. Withdrawals are paid from them first.",
  ),
  staked: entry("Pools and delegation", "Staked", "Coins of the pool that mining workers hold."),
  cooling: entry(
    "Pools and delegation",
    "Cooling down",
    "Coins of stopped or reduced workers. They come back to the pool by themselves when the cool-down is over.",
  ),
  impaired: entry(
    "Pools and delegation",
    "Impaired",
    "What the pool's workers would lose of their stakes if they were stopped now. The pool's value is less by it.",
  ),
  queue: entry(
    "Pools and delegation",
    "Withdrawal queue",
    "Who leaves while the pool has too few free coins waits here. Everybody is paid in turn, at the latest by the date that was promised on entry.",
    "Queued shares still earn and lose like others. Until the deadline a request can be cancelled. From the deadline on the chain takes stake back from workers by itself; nobody has to do anything.",
  ),
  deadline: entry(
    "Pools and delegation",
    "Deadline",
    "Until then a request can be cancelled. From then on the pool takes stake back from its workers to pay it.",
  ),
  promised: entry(
    "Pools and delegation",
    "Paid by",
    "By then the request is paid, whatever happens: the deadline, a cool-down and a margin.",
  ),
  expected: entry("Pools and delegation", "Expected", "When the request is paid if nothing else comes in or leaves."),
  restricted: entry(
    "Pools and delegation",
    "Allow-list",
    "Only accounts on the owner's list may delegate to this pool. A pool without a list is open to everybody.",
  ),
  delegated: entry(
    "Pools and delegation",
    "Delegated value",
    "What your shares are worth now, those in queues included.",
  ),
  delegate: entry(
    "Pools and delegation",
    "Delegate",
    "You give PHA to a pool or a vault and get shares of it. At least 1 PHA. You can leave whenever you want; the date of the payment is shown before.",
  ),
  undelegate: entry(
    "Pools and delegation",
    "Undelegate",
    "You give shares back. Free coins of the pool or the vault pay at once; the rest waits in its queue with a date.",
  ),
  minReceived: entry(
    "Pools and delegation",
    "Protection",
    "The transaction fails, and changes nothing, if the price has moved against you by more than this since you looked.",
  ),
  unclaimed: entry(
    "Pools and delegation",
    "Unclaimed payments",
    "Payments that could not be made, for instance to an account that had ceased to exist. They wait for you.",
  ),
  ownerReward: entry(
    "Pools and delegation",
    "Unclaimed commission",
    "Commission that the owner can claim at any time. It is apart from the delegators' coins.",
  ),
  description: entry("Pools and delegation", "Description", "What the owner says of the pool. Nobody checks it."),

  vault: entry(
    "Vaults",
    "Vault",
    "A vault collects PHA like a pool, and its owner spreads them over up to 16 stake pools. The owner can move the coins between pools and never take them out.",
    "No vault holds shares of another vault.",
  ),
  vaultValue: entry(
    "Vaults",
    "Vault value",
    "What the vault is worth: its free coins, and its own shares of pools at their prices of now.",
  ),
  vaultFee: entry(
    "Vaults",
    "Fee",
    "The owner's part of gains above the high-water mark, taken in shares of the vault. Lowering it works at once. A rise is announced and waits, so that whoever disagrees can leave before.",
    "It is taken before anybody comes or leaves, so nobody pays for gains that others had. A rise adds ten points at most and never goes above the maximum.",
  ),
  maxFee: entry("Vaults", "Maximum fee", "The fee never exceeds this. It was fixed when the vault was created."),
  highWaterMark: entry(
    "Vaults",
    "High-water mark",
    "The highest price of a share for which a fee was taken. After a loss the price has to come above it again before there is another fee.",
  ),
  feeShares: entry(
    "Vaults",
    "Unclaimed fee",
    "Shares that the owner has earned as a fee and not claimed. Once claimed they are a delegation like any other.",
  ),
  commissionLimit: entry(
    "Vaults",
    "Commission limit",
    "The vault uses no pool with a higher commission, in force or announced. It leaves a pool that goes above. Raising the limit is announced and waits.",
  ),
  vaultFree: entry("Vaults", "Free", "Coins of the vault that are in no pool. Who leaves is paid from them first."),
  spare: entry(
    "Vaults",
    "Free for pools",
    "Free coins beyond what those who wait are owed. The owner can delegate them to pools.",
  ),
  owed: entry(
    "Vaults",
    "Owed to leavers",
    "What those who wait to be paid by the vault are owed, at the prices of now.",
  ),
  vaultPlaces: entry(
    "Vaults",
    "Pools of the vault",
    "Where the vault's coins are. On their way: shares that its owner takes back. For leavers: shares in the pools' queues that belong to those who wait.",
  ),
  vaultQueue: entry(
    "Vaults",
    "Leaving a vault",
    "Free coins of the vault pay at once. For the rest it takes shares back from its pools: from then on these are yours, with their gains and losses, and what the pools pay for them is paid on to you.",
    "The deadline is that of the pools and the vault's margin. As long as the pools' own deadline has not passed, the request can be cancelled.",
  ),
  late: entry(
    "Vaults",
    "Late",
    "The deadline of somebody who waits has passed. Until it is paid the vault delegates nothing to pools.",
  ),

  worker: entry(
    "Workers",
    "Worker",
    "A machine with a trusted execution environment that runs pRuntime. It has a public key that is made inside it.",
  ),
  workerState: entry(
    "Workers",
    "State",
    "Ready: in a pool, without a stake. Mining: answers challenges and earns. Offline and other absences: earns nothing until its next sign of life. Cooling down: stopped, the stake comes back.",
  ),
  operator: entry(
    "Workers",
    "Operator",
    "The account that the worker was registered for. Only its owner can add the worker to a pool.",
  ),
  stake: entry("Workers", "Stake", "The PHA that the pool has put behind this worker."),
  minStake: entry(
    "Workers",
    "Smallest stake",
    "S_min = 50 × √P, with P the worker's score. With less a worker cannot be started.",
  ),
  maxStake: entry(
    "Workers",
    "Largest stake",
    "S_max: with more the worker's value would exceed its limit of 30,000 PHA.",
  ),
  v: entry(
    "Workers",
    "Value V",
    "What the worker counts when rewards are split. It grows while it mines, falls by what is paid out, and decays while it is offline.",
    "V never falls below V_e by payments. After an absence it heals by growing.",
  ),
  ve: entry(
    "Workers",
    "Initial value V_e",
    "The value at the start: (1 + c × 0.5) × (stake + 0.3 × P), where c depends on the confidence level.",
  ),
  p: entry(
    "Workers",
    "Score P",
    "The speed measured by the chain's benchmark under the current lease. It is measured again at every renewal; the lower one counts.",
  ),
  pInstant: entry(
    "Workers",
    "Present speed",
    "P_t: the speed that the worker reported with its last heartbeat, at most 1.2 × P.",
  ),
  share: entry(
    "Workers",
    "Share",
    "The worker's weight when rewards are split: √(V² + (2 × P_t × c)²). Its part of the budget is its share divided by all shares.",
  ),
  earned: entry(
    "Workers",
    "Earned",
    "What was paid to the pool for this worker since its session began, before commission.",
  ),
  outstanding: entry(
    "Workers",
    "Not paid yet",
    "Earned since the last heartbeat. It is paid with the next one, and lost if the worker goes offline before.",
  ),
  hearts: entry("Workers", "Heartbeats", "Challenges that the worker has answered since its session began."),
  lastAnswer: entry("Workers", "Last answer", "The newest challenge that the worker answered."),
  maintenance: entry(
    "Workers",
    "Maintenance",
    "A pause by the operator: no reward, no report, and no loss of value while the allowance lasts.",
  ),
  slash: entry(
    "Workers",
    "Loss of value",
    "While a worker is offline its value shrinks by 0.1 % an hour. Of the stake at most a tenth can be lost, and only if the worker is stopped below its initial value.",
  ),
  coolDown: entry(
    "Workers",
    "Cool-down",
    "The time between a stop and the return of the stake to the pool. It ends by itself.",
  ),

  rewardSplit: entry(
    "Rewards",
    "How a reward is split",
    "First the treasury's fifth, then the owner's commission; the rest raises the price of the pool's shares for all delegators alike.",
  ),
  payback: entry(
    "Rewards",
    "Pay-back",
    "After how many days the income less power has paid for the machine, at the present pace.",
  ),
  budget: entry(
    "Rewards",
    "Budget",
    "What the chain sets aside for mining in a day. It shrinks by a quarter every 180 days.",
  ),
  halving: entry(
    "Rewards",
    "Shrinking budget",
    "Every 180 days the daily budget falls to three quarters of what it was.",
  ),
  power: entry(
    "Rewards",
    "Power",
    "What the machine draws, and what a kilowatt-hour costs you. The result is in PHA and in your currency at the price of PHA that you enter.",
  ),
  netIncome: entry(
    "Rewards",
    "Income a day",
    "What the pool gets for the worker in a day after the treasury's fifth, as if it started now: with its initial value and the network as it is.",
  ),
  ownStake: entry(
    "Rewards",
    "Own stake",
    "How much of the stake is your own. The rest comes from delegators, who pay commission to you.",
  ),

  tee: entry(
    "Attestation",
    "TEE",
    "Trusted execution environment: the processor protects the program and its memory from everybody on the machine. SGX and TDX are Intel's.",
  ),
  confidence: entry(
    "Attestation",
    "Confidence level",
    "What the worker's evidence is worth, from 1 (best) to 5. Levels 1 to 3 count in full, 4 counts 0.8, 5 counts 0.7.",
  ),
  verified: entry(
    "Attestation",
    "Evidence of a pool",
    "The worst confidence level among the pool's workers that mine. Levels 1 to 3 count in full: everything about the machines is verified, or allowed by name.",
  ),
  tcb: entry(
    "Attestation",
    "TCB status",
    "Intel's judgement of the platform's firmware and microcode: up to date, or what is missing.",
  ),
  advisories: entry("Attestation", "Advisories", "Intel's security notices that apply to this platform."),
  lease: entry(
    "Attestation",
    "Lease",
    "How long the worker's evidence counts. The relayer renews it by itself from half of it on. When it is over, the worker earns nothing until it is renewed; its value stays.",
  ),
  measurement: entry(
    "Attestation",
    "Measurement",
    "The fingerprint of the program inside the TEE. Only programs that governance allows can register.",
  ),
  platform: entry(
    "Attestation",
    "Platform",
    "An anonymous number of the machine. It is made of the processor's identity and cannot be led back to it.",
  ),
  renewals: entry(
    "Attestation",
    "Renewals left",
    "How many free renewals the worker can make now. One comes back after a while.",
  ),
  version: entry("Attestation", "pRuntime version", "The version of the program in the worker."),

  balance: entry(
    "Wallet and transactions",
    "Balance",
    "What your account holds and can spend. 0.01 PHA stay behind so that the account continues to exist.",
  ),
  fee: entry("Wallet and transactions", "Fee", "What the chain takes for the transaction, whether it succeeds or not."),
  finalised: entry(
    "Wallet and transactions",
    "Finalised",
    "In a block that can never be undone. Until then a transaction may still move to another block.",
  ),
  readOnly: entry(
    "Wallet and transactions",
    "Read-only",
    "You look at an account without its wallet. Everything is shown; nothing can be signed.",
  ),
  endpoint: entry(
    "Wallet and transactions",
    "Endpoint",
    "The node that this console asks. Use your own if you trust nobody else's.",
  ),
  deposit: entry(
    "Wallet and transactions",
    "Deposit",
    "Held while something exists on the chain, and given back when it goes. A pool or a vault takes 10 PHA, a worker 1 PHA.",
  ),
} satisfies Record<string, Entry>;

export type Term = keyof typeof ENTRIES;
