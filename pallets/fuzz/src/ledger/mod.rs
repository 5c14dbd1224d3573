//! A ledger of its own: what should be true after every call, computed without the pallets' code.
//!
//! It does things the long way. Rewards are shared out to every idle session in every block, values are floating-point numbers,
//! states follow the design's table. After every call [`compare`] demands that the chain agrees: states, coins and counters to the
//! last unit, values and shares to 1e-9.

pub(crate) mod blocks;
pub(crate) mod clock;
mod coins;
mod compare;
mod compare_pools;
mod cover;
mod delegation;
mod heartbeats;
mod moves;
pub(crate) mod pools;
pub(crate) mod rates;
pub(crate) mod service;
pub(crate) mod session;
mod terms;
pub(crate) mod vaults;

use crate::runtime::{RuntimeEvent, Subsidy, Test};
use clock::Clock;
use khala_pallet_mining::{EconomicParameters, MiningParameters};
use khala_pallet_stake_pool::PoolParameters;
use khala_primitives::{AccountId32, Balance, BlockNumber, Challenge, PoolId, SessionId, VaultId, WorkerPublicKey};
use pools::PoolEntry;
use rates::Rates;
use session::{Effect, Entry, Moment};
use sp_runtime::DispatchError;
use std::collections::{BTreeMap, VecDeque};
use vaults::VaultEntry;

/// What was found to be wrong.
pub(crate) type Check<T = ()> = Result<T, String>;

/// Fails with a message unless a condition holds.
macro_rules! check {
    ($condition:expr, $($message:tt)+) => {
        let holds: bool = $condition;
        if !holds {
            return Err(format!($($message)+));
        }
    };
}
pub(crate) use check;

pub(crate) type MiningEvent = khala_pallet_mining::Event<Test>;
pub(crate) type MiningError = khala_pallet_mining::Error<Test>;
pub(crate) type PoolEvent = khala_pallet_stake_pool::Event<Test>;
pub(crate) type PoolError = khala_pallet_stake_pool::Error<Test>;
pub(crate) type VaultEvent = khala_pallet_vault::Event<Test>;
pub(crate) type VaultError = khala_pallet_vault::Error<Test>;

/// Events of mining, oldest first.
pub(crate) type Events = VecDeque<MiningEvent>;

/// What pools and vaults tell, oldest first.
pub(crate) type Told = Vec<RuntimeEvent>;

/// What a call will do: what the pools tell of it, or why it is refused. What is refused has changed nothing of the ledger.
pub(crate) type Foreseen<T = Vec<PoolEvent>> = Result<T, DispatchError>;

/// How much is known beforehand of a call that is not refused for sure.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sure {
    Yes,
    /// A bound is nearer than floating-point numbers can tell.
    Unknown,
}

/// A principal on its way back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct CoolDown {
    pub(crate) due: u64,
    pub(crate) session: SessionId,
    pub(crate) part: u32,
    pub(crate) amount: Balance,
}

/// Where the coins are, in planck, and what was issued, in PHA.
#[derive(Clone, Debug, Default)]
pub(crate) struct Money {
    subsidy: Balance,
    treasury: Balance,
    pot: Balance,
    issuance: Balance,
    /// Paid to pools and to the treasury since genesis.
    paid: Balance,
    to_treasury: Balance,
    issued: f64,
    forfeited: f64,
    payouts: u64,
    /// Whether the subsidy was ever too small for the budget.
    scarce: bool,
}

/// See the module's documentation.
#[derive(Clone)]
pub(crate) struct Ledger {
    pub(crate) mining: MiningParameters,
    pub(crate) economics: EconomicParameters,
    pub(crate) rates: Rates,
    next_mining: Option<(u64, MiningParameters)>,
    next_economics: Option<(u64, EconomicParameters)>,
    pub(crate) clock: Clock,
    unread_secs: u64,
    pub(crate) void_before: BlockNumber,
    pub(crate) challenges: BTreeMap<BlockNumber, Challenge>,
    pub(crate) sessions: BTreeMap<SessionId, Entry>,
    next_session: SessionId,
    pub(crate) pools: BTreeMap<PoolId, PoolEntry>,
    queue: VecDeque<CoolDown>,
    pub(crate) times: PoolParameters,
    /// Deadlines to come: when, whose queue, which request; and how many came before.
    agenda: VecDeque<(u64, PoolId, u64)>,
    deadlines: u64,
    /// Pools to be visited, and how many were.
    ring: VecDeque<PoolId>,
    visits: u64,
    /// Time slot of the last sweep, and the pool that is next in it.
    swept: (u64, PoolId),
    pub(crate) vaults: BTreeMap<VaultId, VaultEntry>,
    /// What a vault's request may take beyond those in its pools, in seconds.
    pub(crate) margin_secs: u64,
    /// Vaults to be visited, and how many were.
    vault_ring: VecDeque<VaultId>,
    vault_visits: u64,
    /// Time slot of the last look at all vaults, and the vault that is next in it.
    looked: (u64, VaultId),
    /// Payments that could not be made.
    pub(crate) unclaimed: BTreeMap<AccountId32, Balance>,
    /// Coins in the pot that were sent there by hand.
    stray: Balance,
    money: Money,
    /// What a call to a vault, or a visit of one, tells, until it is compared.
    told: Told,
    /// Total balances of the accounts.
    pub(crate) accounts: BTreeMap<AccountId32, Balance>,
    /// Reading of the credited clock at which the outage began, while there is one.
    outage: Option<u64>,
    /// Reports that count for the guard: block, session, share, pool.
    reports: VecDeque<(BlockNumber, SessionId, f64, PoolId)>,
}

impl Ledger {
    pub(crate) fn new(
        mining: MiningParameters,
        economics: EconomicParameters,
        times: PoolParameters,
        margin_secs: u64,
        accounts: BTreeMap<AccountId32, Balance>,
        now_secs: u64,
    ) -> Self {
        use crate::runtime::{ExistentialDeposit, StakePool, Treasury};
        use frame_support::traits::fungible::Inspect;
        let balance = |who: &AccountId32| <crate::runtime::Balances as Inspect<AccountId32>>::balance(who);
        let rates = Rates::new(&economics);
        let default = Rates::new(&EconomicParameters::khala());
        debug_assert_eq!(balance(&StakePool::pot()), ExistentialDeposit::get());
        Self {
            rates,
            next_mining: None,
            next_economics: None,
            clock: Clock::new(now_secs, rates.ln_keep, default.ln_keep),
            unread_secs: 0,
            void_before: 0,
            challenges: BTreeMap::new(),
            sessions: BTreeMap::new(),
            next_session: 0,
            pools: BTreeMap::new(),
            queue: VecDeque::new(),
            times,
            agenda: VecDeque::new(),
            deadlines: 0,
            ring: VecDeque::new(),
            visits: 0,
            swept: (0, 0),
            vaults: BTreeMap::new(),
            margin_secs,
            vault_ring: VecDeque::new(),
            vault_visits: 0,
            looked: (0, 0),
            unclaimed: BTreeMap::new(),
            stray: 0,
            money: Money {
                subsidy: balance(&Subsidy::get()),
                treasury: balance(&Treasury::get()),
                pot: balance(&StakePool::pot()),
                issuance: crate::runtime::Balances::total_issuance(),
                ..Money::default()
            },
            told: Told::new(),
            accounts,
            outage: None,
            reports: VecDeque::new(),
            mining,
            economics,
        }
    }

    pub(crate) fn moment(&self) -> Moment<'_> {
        Moment {
            rates: &self.rates,
            mining: &self.mining,
            clock: &self.clock,
        }
    }

    /// The session of a worker.
    pub(crate) fn session_of(&self, worker: &WorkerPublicKey) -> Option<SessionId> {
        let found = self.sessions.iter().find(|(_, entry)| entry.worker == *worker);
        found.map(|(id, _)| *id)
    }

    /// Changes a session, as of now.
    fn with<R>(&mut self, id: SessionId, change: impl FnOnce(&mut Entry, &Moment<'_>) -> R) -> Check<R> {
        let now = Moment {
            rates: &self.rates,
            mining: &self.mining,
            clock: &self.clock,
        };
        let entry = self.sessions.get_mut(&id).ok_or_else(|| format!("session {id} is unknown"))?;
        Ok(change(entry, &now))
    }

    /// The challenge of a block, if it may be answered or held against somebody.
    pub(crate) fn challenge(&self, block: BlockNumber) -> Option<&Challenge> {
        self.challenges.get(&block).filter(|_| block >= self.void_before)
    }

    /// May this miss be reported now?
    pub(crate) fn may_report(&self, worker: &WorkerPublicKey, block: BlockNumber) -> bool {
        let Some(age) = self.clock.block.checked_sub(block) else {
            return false;
        };
        let (window, report) = (self.mining.heartbeat_window, self.mining.report_window);
        let entry = self.session_of(worker).and_then(|id| self.sessions.get(&id));
        age > window
            && age <= window + report
            && self
                .challenge(block)
                .zip(entry)
                .is_some_and(|(challenge, entry)| entry.is_asked(challenge))
    }

    /// What is earned and not paid, in PHA.
    fn outstanding(&self) -> f64 {
        self.sessions
            .values()
            .filter_map(|entry| entry.stake.as_ref())
            .map(|stake| stake.earned)
            .sum()
    }

    fn total_share(&self) -> f64 {
        self.sessions.values().map(Entry::share).sum()
    }
}
