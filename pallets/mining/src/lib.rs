#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::indexing_slicing,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic
    )
)]

extern crate alloc;

mod absences;
mod accrual;
mod allowance;
#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
mod books;
mod challenges;
mod clocks;
mod cool_downs;
mod governance;
mod guard;
mod heartbeats;
mod impairment;
pub mod migrations;
#[cfg(test)]
mod mock;
mod offline;
mod parameters;
mod present;
mod sessions;
mod status;
#[cfg(test)]
mod tests;
mod traits;
mod try_state;
mod types;
pub mod weights;
mod worker_changes;

pub use allowance::{Allowance, Measure};
pub use challenges::SeedOfThisBlock;
pub use clocks::Readings;
pub use guard::OutageGuard;
pub use impairment::{DecayingSessions, Holding, MAX_POOL_SESSIONS};
pub use khala_economics::Parameters as EconomicParameters;
pub use pallet::*;
pub use parameters::{MiningParameters, MAX_GUARD_POOLS, OUTAGE_SLOTS};
pub use sessions::MAX_OPEN_REDUCTIONS;
pub use traits::PoolLedger;
pub use types::{Announced, CoolDown, Payment, Release, Session, Stopped, Unmoved};
pub use weights::WeightInfo;

// FRAME's macros make items that nobody documents, and expect what they have generated themselves.
#[allow(missing_docs, clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use frame_support::{
        pallet_prelude::*,
        traits::{
            fungible::{Inspect, Mutate},
            Randomness, UnixTime,
        },
        weights::WeightMeter,
    };
    use frame_system::pallet_prelude::*;
    use khala_economics::Accumulator;
    use khala_pallet_registry::WorkerDirectory;
    use khala_primitives::{
        status::Absence, Balance, BlockNumber, Challenge, PoolId, SessionId, SignedHeartbeat, WorkerPublicKey, H256, MAX_BATCH,
    };

    /// Heartbeats of one transaction.
    pub type Batch = BoundedVec<SignedHeartbeat, ConstU32<MAX_BATCH>>;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// PHA.
        type Currency: Inspect<Self::AccountId, Balance = Balance> + Mutate<Self::AccountId>;
        /// Randomness that the consensus draws for each block; `None` where a block has none.
        type Randomness: Randomness<Option<Self::Hash>, BlockNumberFor<Self>>;
        /// The chain's time.
        type Time: UnixTime;
        /// Time between blocks, in milliseconds.
        type SlotMs: Get<u64>;
        /// Who changes the parameters.
        type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// The registered workers.
        type Workers: WorkerDirectory<Self::AccountId>;
        /// Who keeps the pools' money.
        type Pools: PoolLedger<Self::AccountId>;
        /// Who pays the rewards.
        type SubsidyAccount: Get<Self::AccountId>;
        /// Who receives the treasury's part of rewards and what workers lose of their principal.
        type TreasuryAccount: Get<Self::AccountId>;
        /// Weights of the calls and hooks.
        type WeightInfo: WeightInfo;
    }

    #[pallet::storage]
    pub type Mining<T> = StorageValue<_, MiningParameters, ValueQuery, DefaultMining>;
    #[pallet::storage]
    pub type Economics<T> = StorageValue<_, EconomicParameters, ValueQuery, DefaultEconomics>;
    /// Parameters that will be in force later.
    #[pallet::storage]
    pub type NextMining<T> = StorageValue<_, Announced<MiningParameters>>;
    #[pallet::storage]
    pub type NextEconomics<T> = StorageValue<_, Announced<EconomicParameters>>;
    #[pallet::storage]
    pub type ClockReadings<T> = StorageValue<_, Readings, ValueQuery>;

    /// The newest seed; the next one is drawn from it.
    #[pallet::storage]
    pub type NewestSeed<T> = StorageValue<_, H256, ValueQuery>;
    /// Challenges by block number modulo the ring's length; an entry carries its number.
    #[pallet::storage]
    pub type Ring<T> = StorageMap<_, Identity, BlockNumber, Challenge>;
    /// Challenges before this block count for nothing, for nobody: the chain stood still or was upgraded.
    #[pallet::storage]
    pub type VoidBefore<T> = StorageValue<_, BlockNumber, ValueQuery>;

    #[pallet::storage]
    pub type Sessions<T> = StorageMap<_, Twox64Concat, SessionId, Session>;
    /// The session of a worker that is in a pool.
    #[pallet::storage]
    pub type SessionOf<T> = StorageMap<_, Blake2_128Concat, WorkerPublicKey, SessionId>;
    #[pallet::storage]
    pub type NextSessionId<T> = StorageValue<_, SessionId, ValueQuery>;
    /// Number of sessions in state Idle.
    #[pallet::storage]
    pub type IdleSessions<T> = StorageValue<_, u32, ValueQuery>;

    /// Reward per share, the sum of the shares of all idle sessions, and the ledger of what was issued.
    #[pallet::storage]
    pub type Shares<T> = StorageValue<_, Accumulator, ValueQuery>;
    /// Rewards of a pool that it has not taken in yet, in planck.
    #[pallet::storage]
    pub type PoolReward<T> = StorageMap<_, Twox64Concat, PoolId, Balance, ValueQuery>;
    /// What the sessions of a pool would lose of their stakes if they were stopped, as of their last settlements, in planck.
    #[pallet::storage]
    pub type Impaired<T> = StorageMap<_, Twox64Concat, PoolId, Balance, ValueQuery>;
    /// Sessions of a pool whose value decays, or will once a grace is over.
    #[pallet::storage]
    pub type Decaying<T> = StorageMap<_, Twox64Concat, PoolId, DecayingSessions, ValueQuery>;
    /// Rewards of this block that are still in the subsidy.
    #[pallet::storage]
    pub type InTransit<T> = StorageValue<_, Unmoved, ValueQuery>;

    /// What is known of an outage.
    #[pallet::storage]
    pub type Guard<T> = StorageValue<_, OutageGuard, ValueQuery>;

    /// Principals in their cool-down: by session, and the number of the cool-down.
    #[pallet::storage]
    pub type CoolDowns<T> = StorageDoubleMap<_, Twox64Concat, SessionId, Twox64Concat, u32, CoolDown>;
    /// Cool-downs in the order in which they are due.
    #[pallet::storage]
    pub type Releases<T> = StorageMap<_, Twox64Concat, u64, Release>;
    /// Number of the first entry of [`Releases`] and of the one after the last.
    #[pallet::storage]
    pub type ReleaseRange<T> = StorageValue<_, (u64, u64), ValueQuery>;

    #[pallet::type_value]
    pub fn DefaultMining() -> MiningParameters {
        MiningParameters::khala()
    }
    #[pallet::type_value]
    pub fn DefaultEconomics() -> EconomicParameters {
        EconomicParameters::khala()
    }

    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// Windows, rates and caps.
        pub mining: MiningParameters,
        /// Constants of the formulas.
        pub economics: EconomicParameters,
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self {
                mining: MiningParameters::khala(),
                economics: EconomicParameters::khala(),
                _config: PhantomData,
            }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            // A genesis that is wrong must not start a chain.
            assert!(self.mining.validate().is_ok(), "mining: {:?}", self.mining.validate());
            assert!(self.economics.validate().is_ok(), "economics: {:?}", self.economics.validate());
            let readings = Readings::starting_with(self.economics.keep_per_sec);
            assert!(readings.is_ok(), "economics: {readings:?}");
            Mining::<T>::put(&self.mining);
            Economics::<T>::put(self.economics);
            ClockReadings::<T>::put(readings.unwrap_or_default());
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A worker joined a pool.
        SessionCreated {
            session: SessionId,
            worker: WorkerPublicKey,
            pool: PoolId,
        },
        /// A worker left its pool.
        SessionRemoved { session: SessionId, worker: WorkerPublicKey },
        /// A worker mines. `v` is its value, `share` its share, both with 18 decimals.
        Started {
            session: SessionId,
            worker: WorkerPublicKey,
            stake: Balance,
            v: u128,
            share: u128,
        },
        /// Heartbeats of a batch were accepted, and pay what their workers have earned. One event for all of them.
        Settled {
            payments: BoundedVec<Payment, ConstU32<MAX_BATCH>>,
        },
        /// A worker came back; what it may have earned in its absence stays in the subsidy. `v` is the value after it.
        Recovered {
            session: SessionId,
            worker: WorkerPublicKey,
            block: BlockNumber,
            forfeited: Balance,
            v: u128,
        },
        /// A worker stopped earning.
        BecameUnresponsive {
            session: SessionId,
            worker: WorkerPublicKey,
            absence: Absence,
            missed: BlockNumber,
            forfeited: Balance,
        },
        /// A worker was stopped; `returned` planck come back at `due_secs` of the credited clock, `lost` went to the treasury.
        Stopped {
            session: SessionId,
            worker: WorkerPublicKey,
            returned: Balance,
            lost: Balance,
            due_secs: u64,
        },
        /// A stake grew by `more` planck to `stake`; `v` and `v_e` are the value and the initial value after it, with 18 decimals.
        StakeAdded {
            session: SessionId,
            worker: WorkerPublicKey,
            more: Balance,
            stake: Balance,
            v: u128,
            v_e: u128,
        },
        /// A stake shrank to `stake` planck: `returned` planck come back at `due_secs` of the credited clock, `lost` went to the treasury.
        StakeReduced {
            session: SessionId,
            worker: WorkerPublicKey,
            stake: Balance,
            v: u128,
            v_e: u128,
            returned: Balance,
            lost: Balance,
            due_secs: u64,
        },
        /// The operator ended a maintenance; the worker comes back with its next sign of life.
        Resumed { session: SessionId, worker: WorkerPublicKey },
        /// A cool-down is over: `returned` planck are free again. `ended` when it was that of a stop.
        Released {
            session: SessionId,
            worker: WorkerPublicKey,
            returned: Balance,
            ended: bool,
        },
        /// The chain stood still or was upgraded: challenges before `block` count for nothing.
        ChallengesVoided { block: BlockNumber },
        /// A large part of the network was reported at once: no value decays until this has ended.
        OutageBegan,
        /// Values of workers that are offline decay again.
        OutageEnded,
        /// Other mining parameters will be in force at `due_secs` of the credited clock.
        MiningAnnounced { due_secs: u64 },
        /// Other economic parameters will be in force at `due_secs` of the credited clock.
        EconomicsAnnounced { due_secs: u64 },
        /// Announced parameters will not be in force.
        ParametersCancelled { mining: bool, economics: bool },
        /// Other mining parameters are in force.
        MiningChanged { parameters: MiningParameters },
        /// Other economic parameters are in force.
        EconomicsChanged { parameters: EconomicParameters },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The worker is not registered: register it with evidence first.
        NotRegistered,
        /// The worker's evidence has expired: let its relayer renew it first.
        LeaseLapsed,
        /// The worker has no score yet: wait for its benchmark.
        NoScore,
        /// The worker's score is below what mining needs: grant it more cores.
        ScoreTooLow,
        /// The worker is in a pool already: remove it there first.
        AlreadyInPool,
        /// The worker is in no pool: add it to one first.
        NotInPool,
        /// The session is not in state Ready: it mines already, or is in its cool-down.
        NotReady,
        /// The session is not running: there is nothing to stop.
        NotRunning,
        /// The stake is below the minimum of this worker's score, 50 x sqrt(score) PHA.
        StakeTooSmall,
        /// The stake is above the maximum: the worker's value would exceed its limit.
        StakeTooLarge,
        /// There is nothing to add or to take away: name an amount above zero.
        NothingToMove,
        /// Eight reductions of this worker's stake are in their cool-down: wait for the first to end.
        TooManyReductions,
        /// Only the worker's registered operator may pause or resume it.
        NotOperator,
        /// The worker does not mine now: only a mining worker can be paused.
        NotIdle,
        /// The worker has not answered a challenge that may still be answered or reported: pause it after its next answer.
        ChallengeOpen,
        /// The worker is not paused, or was resumed already: it comes back with its next sign of life.
        NotPaused,
        /// A parameter is out of its bounds: the node's log says which, the parameters' documentation says the bounds.
        InvalidParameters,
        /// No other parameters are announced: there is nothing to cancel.
        NothingAnnounced,
        /// A number left its range; nothing was changed.
        Overflow,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_runtime_upgrade() -> Weight {
            // The upgrade grace: what was asked before it cannot be answered or held against anybody.
            VoidBefore::<T>::put(Self::now_block());
            T::WeightInfo::on_runtime_upgrade()
        }

        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            T::WeightInfo::on_finalize()
        }

        /// After the inherents, so that the block's time is known; not while a multi-block migration runs.
        fn on_poll(_: BlockNumberFor<T>, meter: &mut WeightMeter) {
            if meter.try_consume(T::WeightInfo::on_poll()).is_err() {
                return;
            }
            Self::advance_clocks();
            Self::accrue();
            Self::apply_parameters(meter);
            Self::turn_guard();
            Self::draw_challenge();
            Self::release_due(meter);
        }

        fn on_finalize(_: BlockNumberFor<T>) {
            Self::move_rewards();
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }

        fn integrity_test() {
            assert!(MiningParameters::khala().validate().is_ok());
            assert!(MiningParameters::local().validate().is_ok());
        }
    }

    #[pallet::call(weight = T::WeightInfo)]
    impl<T: Config> Pallet<T> {
        /// Answers of workers to challenges, at most 64, from anybody, without a fee.
        ///
        /// The batch is refused as a whole when a worker stands in it twice, when no entry is live, or at the first bad signature of a live
        /// entry. Entries that are not live are skipped.
        #[pallet::call_index(0)]
        #[pallet::weight((Pallet::<T>::heartbeat_weight(batch.len() as u64, batch.len() as u64), DispatchClass::Operational))]
        #[pallet::weight_of_authorize(T::WeightInfo::authorize_heartbeat(batch.len() as u32))]
        #[pallet::authorize(Self::authorize_heartbeat)]
        pub fn heartbeat(origin: OriginFor<T>, batch: Batch) -> DispatchResultWithPostInfo {
            ensure_authorized(origin)?;
            let judged = Self::do_heartbeats(&batch)?;
            Ok(Some(Self::heartbeat_weight(batch.len() as u64, judged)).into())
        }

        /// A worker did not answer the challenge of `block` in time. From anybody, without a fee; the chain checks the claim by itself.
        #[pallet::call_index(1)]
        #[pallet::weight((T::WeightInfo::report_offline(), DispatchClass::Operational))]
        #[pallet::weight_of_authorize(T::WeightInfo::authorize_report_offline())]
        #[pallet::authorize(Self::authorize_report_offline)]
        pub fn report_offline(origin: OriginFor<T>, worker: WorkerPublicKey, block: BlockNumber) -> DispatchResult {
            ensure_authorized(origin)?;
            Self::do_report_offline(&worker, block)
        }

        /// Sends a worker into maintenance: it earns nothing and cannot be reported. Its value stays for the allowance of maintenance and
        /// decays beyond it. By the worker's operator; not while a challenge is open.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::pause(Mining::<T>::get().ring_length()))]
        pub fn pause(origin: OriginFor<T>, worker: WorkerPublicKey) -> DispatchResult {
            Self::do_pause(&ensure_signed(origin)?, &worker)
        }

        /// Ends a worker's maintenance: it is back with its next sign of life. By the worker's operator.
        #[pallet::call_index(3)]
        pub fn resume(origin: OriginFor<T>, worker: WorkerPublicKey) -> DispatchResult {
            Self::do_resume(&ensure_signed(origin)?, &worker)
        }

        /// Announces other mining parameters; those announced before are forgotten. They are in force after the delay of parameters.
        #[pallet::call_index(4)]
        pub fn set_mining(origin: OriginFor<T>, parameters: MiningParameters) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_set_mining(parameters)
        }

        /// Announces other economic parameters; those announced before are forgotten. They are in force after the delay of parameters,
        /// for each worker from its next settlement on.
        #[pallet::call_index(5)]
        pub fn set_economics(origin: OriginFor<T>, parameters: EconomicParameters) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_set_economics(parameters)
        }

        /// Withdraws the announced parameters of both kinds.
        #[pallet::call_index(6)]
        pub fn cancel_parameters(origin: OriginFor<T>) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_cancel_parameters()
        }
    }
}
