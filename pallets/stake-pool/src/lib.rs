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

mod access;
mod agenda;
#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
mod commission;
pub mod cover;
mod delegation;
mod forecast;
mod holdings;
mod ledger;
pub mod list;
pub mod migrations;
#[cfg(test)]
mod mock;
mod parameters;
mod pot;
mod queue;
pub mod rate;
mod ring;
mod samples;
mod service;
pub mod shares;
mod status;
mod sweep;
#[cfg(test)]
mod tests;
mod traits;
mod try_state;
mod types;
pub mod value;
pub mod weights;
mod withdrawal;
mod workers;

pub use access::MAX_ALLOWED;
use khala_primitives::{Balance, PHA};
pub use pallet::*;
pub use parameters::PoolParameters;
pub use rate::{Rate, RateChange, RateError, MAX_RISE};
pub use ring::ServiceRing;
pub use samples::{Samples, MAX_SAMPLES, SAMPLE_SECS};
pub use service::{MAX_PAYMENTS, MAX_REDUCTIONS, SERVICE_PART};
pub use sweep::SWEEP_PART;
pub use traits::{Holders, Paid};
pub use types::{
    Appointment, CommissionRise, Description, Holding, Links, Pool, Profile, Queue, Request, Sample, Sweep, Workers, MAX_DESCRIPTION,
    MAX_LINK, MAX_LINKS,
};
pub use value::Settled;
pub use weights::WeightInfo;
pub use withdrawal::Undelegated;

/// Smallest delegation, holding and request, in planck; a holding that is worth less goes as a whole.
pub const MIN_DELEGATION: Balance = PHA;
/// A pool has no shares, or at least so many, and so has each holding and request: below that a price could not be told from its rounding.
pub const MIN_SHARES: u128 = 10_000_000_000;
/// Most workers of a pool.
pub const MAX_WORKERS: u32 = khala_pallet_mining::MAX_POOL_SESSIONS;
/// Most requests of a holder in the queue of a pool.
pub const MAX_OPEN_REQUESTS: u32 = 8;

// FRAME's macros make items that nobody documents, and expect what they have generated themselves.
#[allow(missing_docs, clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use frame_support::{
        pallet_prelude::*,
        traits::fungible::{Inspect, Mutate, MutateHold},
        weights::WeightMeter,
        PalletId,
    };
    use frame_system::pallet_prelude::*;
    use khala_pallet_mining::Pallet as MiningPallet;
    use khala_primitives::{PoolId, RequestId, WorkerPublicKey};
    use sp_runtime::Permill;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> + khala_pallet_mining::Config {
        /// PHA, with holds for the pools' deposits.
        type PoolCurrency: Inspect<Self::AccountId, Balance = Balance>
            + Mutate<Self::AccountId>
            + MutateHold<Self::AccountId, Reason = Self::RuntimeHoldReason>;
        /// The runtime's reasons for holds.
        type RuntimeHoldReason: From<HoldReason>;
        /// Names the pot account.
        #[pallet::constant]
        type PotId: Get<PalletId>;
        /// Held from a pool's owner while the pool exists, in planck.
        #[pallet::constant]
        type PoolDeposit: Get<Balance>;
        /// Holders whose coins lie in the pot: vaults.
        type Holders: Holders<Self::AccountId>;
        /// Weights of the calls and hooks.
        type WeightInfo: WeightInfo;
    }

    /// Becomes `RuntimeHoldReason::StakePool(..)`.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// The deposit of a pool.
        #[codec(index = 0)]
        PoolDeposit,
    }

    #[pallet::storage]
    pub type Pools<T: Config> = CountedStorageMap<_, Twox64Concat, PoolId, Pool<T::AccountId>>;
    #[pallet::storage]
    pub type NextPoolId<T> = StorageValue<_, PoolId, ValueQuery>;
    /// What an account has in a pool.
    #[pallet::storage]
    pub type Holdings<T: Config> = StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, PoolId, Holding, ValueQuery>;
    /// The workers of a pool, in the order in which the chain takes stake from them.
    #[pallet::storage]
    pub type PoolWorkers<T> = StorageMap<_, Twox64Concat, PoolId, Workers, ValueQuery>;
    /// Who may delegate to a pool that is not open to everybody.
    #[pallet::storage]
    pub type Allowed<T: Config> = StorageDoubleMap<_, Twox64Concat, PoolId, Blake2_128Concat, T::AccountId, ()>;
    /// What owners say of their pools.
    #[pallet::storage]
    pub type Profiles<T> = StorageMap<_, Twox64Concat, PoolId, Profile, ValueQuery>;
    #[pallet::storage]
    pub type Parameters<T> = StorageValue<_, PoolParameters, ValueQuery, DefaultParameters>;

    /// The queues of all pools.
    #[pallet::storage]
    pub type Requests<T: Config> = StorageDoubleMap<_, Twox64Concat, PoolId, Twox64Concat, RequestId, Request<T::AccountId>>;
    /// Deadlines in the order in which they come.
    #[pallet::storage]
    pub type Agenda<T> = StorageMap<_, Twox64Concat, u64, Appointment>;
    /// Number of the first entry of [`Agenda`] and of the one after the last.
    #[pallet::storage]
    pub type AgendaRange<T> = StorageValue<_, (u64, u64), ValueQuery>;
    /// Pools to be served, in the order in which they are.
    #[pallet::storage]
    pub type Ring<T> = StorageMap<_, Twox64Concat, u64, PoolId>;
    /// Number of the first entry of [`Ring`] and of the one after the last.
    #[pallet::storage]
    pub type RingRange<T> = StorageValue<_, (u64, u64), ValueQuery>;

    /// What the pot holds for somebody, in planck: for pools, with their rewards, for whom a payment is booked, and for vaults.
    #[pallet::storage]
    pub type PotTotal<T> = StorageValue<_, Balance, ValueQuery>;
    /// Payments that could not be made, in planck.
    #[pallet::storage]
    pub type Unclaimed<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Balance, ValueQuery>;
    /// Where the sweep through all pools stands.
    #[pallet::storage]
    pub type SweepAt<T> = StorageValue<_, Sweep, ValueQuery>;
    /// Prices of a pool on the last days.
    #[pallet::storage]
    pub type PriceSamples<T> = StorageMap<_, Twox64Concat, PoolId, Samples, ValueQuery>;

    #[pallet::type_value]
    pub fn DefaultParameters() -> PoolParameters {
        PoolParameters::khala()
    }

    /// Gives the pot its existential deposit, so that no payment into it can fail.
    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// Times of the pools.
        pub parameters: PoolParameters,
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self {
                parameters: PoolParameters::khala(),
                _config: PhantomData,
            }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            let pot = Pallet::<T>::pot();
            let minted = T::PoolCurrency::mint_into(&pot, T::PoolCurrency::minimum_balance());
            // A genesis that is wrong must not start a chain.
            assert!(minted.is_ok(), "the pot cannot be given its existential deposit");
            assert!(self.parameters.validate().is_ok(), "stake pools: {:?}", self.parameters.validate());
            Parameters::<T>::put(self.parameters);
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A pool was created.
        PoolCreated {
            pool: PoolId,
            owner: T::AccountId,
            commission: Permill,
            max_commission: Permill,
            cap: Option<Balance>,
        },
        /// `amount` planck bought `shares`.
        Delegated {
            pool: PoolId,
            who: T::AccountId,
            amount: Balance,
            shares: u128,
        },
        /// `shares` were bought back at once for `amount` planck.
        Undelegated {
            pool: PoolId,
            who: T::AccountId,
            shares: u128,
            amount: Balance,
        },
        /// Shares went from one account to another.
        SharesTransferred {
            pool: PoolId,
            from: T::AccountId,
            to: T::AccountId,
            shares: u128,
        },
        /// `shares` wait to be paid; from `deadline_secs` of the credited clock on the pool takes stakes back for them.
        RequestQueued {
            pool: PoolId,
            request: RequestId,
            who: T::AccountId,
            shares: u128,
            deadline_secs: u64,
        },
        /// The deadline of a request has passed.
        RequestDue { pool: PoolId, request: RequestId },
        /// `shares` of a request were bought back for `amount` planck; `left` shares go on waiting, none if it has ended.
        RequestPaid {
            pool: PoolId,
            request: RequestId,
            who: T::AccountId,
            shares: u128,
            amount: Balance,
            left: u128,
        },
        /// A request was cancelled; its `shares` are held again.
        RequestCancelled {
            pool: PoolId,
            request: RequestId,
            who: T::AccountId,
            shares: u128,
        },
        /// A payment could not be made, and waits to be claimed.
        PaymentBooked { who: T::AccountId, amount: Balance },
        /// A payment that had been booked was claimed.
        PaymentClaimed { who: T::AccountId, amount: Balance },
        /// What was in the pot and belonged to nobody went to the treasury.
        PotSwept { amount: Balance },
        /// Another commission is in force.
        CommissionChanged { pool: PoolId, commission: Permill },
        /// A higher commission will be in force at `due_secs` of the credited clock.
        CommissionRiseAnnounced { pool: PoolId, commission: Permill, due_secs: u64 },
        /// An announced commission will not be in force.
        CommissionRiseCancelled { pool: PoolId, commission: Permill },
        /// Another cap is in force.
        CapChanged { pool: PoolId, cap: Option<Balance> },
        /// A delegator was put on the allow-list of a pool, or taken off.
        AllowListChanged {
            pool: PoolId,
            delegator: T::AccountId,
            allowed: bool,
        },
        /// The owner says something else of its pool.
        ProfileChanged { pool: PoolId, profile: Profile },
        /// The pool has no shares: `amount` planck that were left of it are the owner's.
        RestTaken { pool: PoolId, amount: Balance },
        /// The pool's workers stand in another order.
        WorkersOrdered { pool: PoolId },
        /// A worker joined the pool.
        WorkerAdded { pool: PoolId, worker: WorkerPublicKey },
        /// A worker left the pool.
        WorkerRemoved { pool: PoolId, worker: WorkerPublicKey },
        /// A worker mines with `stake` planck of the pool.
        WorkerStarted {
            pool: PoolId,
            worker: WorkerPublicKey,
            stake: Balance,
        },
        /// `more` planck were put on top of a worker's stake.
        StakeAdded {
            pool: PoolId,
            worker: WorkerPublicKey,
            more: Balance,
        },
        /// A worker's stake was reduced: `returned` planck come back after a cool-down, `lost` planck went to the treasury.
        StakeReduced {
            pool: PoolId,
            worker: WorkerPublicKey,
            returned: Balance,
            lost: Balance,
        },
        /// A worker was stopped: `returned` planck come back after the cool-down, `lost` planck went to the treasury.
        WorkerStopped {
            pool: PoolId,
            worker: WorkerPublicKey,
            returned: Balance,
            lost: Balance,
        },
        /// Stake of a stopped or reduced worker is free again.
        StakeReleased { pool: PoolId, amount: Balance },
        /// The pool took rewards in: `commission` planck for the owner, `rest` planck raised the price.
        RewardTaken { pool: PoolId, commission: Balance, rest: Balance },
        /// The owner took the commission.
        CommissionClaimed {
            pool: PoolId,
            owner: T::AccountId,
            amount: Balance,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// There is no pool of this number.
        PoolNotFound,
        /// Only the pool's owner may do this.
        NotOwner,
        /// Only a worker whose registered operator owns the pool may be added.
        NotOperator,
        /// The worker is not registered: register it with evidence first.
        WorkerNotRegistered,
        /// The worker is not in a pool of yours.
        WorkerNotInPool,
        /// The pool has 200 workers already: create another pool.
        TooManyWorkers,
        /// A delegation is at least 1 PHA.
        DelegationTooSmall,
        /// The pool's value, less what is queued, would exceed its cap: delegate less, or to another pool.
        CapExceeded,
        /// The pool's owner has made a list of those who may hold its shares, and the account is not on it.
        NotAllowed,
        /// The pool's shares are worth nothing after a loss: nobody can join it.
        PoolWorthless,
        /// The pool has no shares, and stakes that its owner gets back: wait until they have come.
        PoolUnwinding,
        /// The price has risen: the amount buys fewer shares than asked for.
        TooFewShares,
        /// A share is so dear that the holding would have fewer than 10^10 of them: delegate more.
        SharesTooDear,
        /// There is nothing to move: name a number of shares above zero.
        NothingToMove,
        /// The account has fewer shares that are not queued.
        NotEnoughShares,
        /// The price has fallen: the shares are worth less than asked for.
        TooLittleWorth,
        /// A request is worth at least 1 PHA, or is everything.
        RequestTooSmall,
        /// A holding is worth at least 1 PHA: transfer more, less, or everything.
        HoldingTooSmall,
        /// Shares cannot be transferred to the account that has them.
        TransferToSelf,
        /// Shares of a vault cannot be transferred, nor to one.
        NotTransferable,
        /// The account has 8 requests in the queue of this pool: wait for the first to be paid, or cancel one.
        TooManyRequests,
        /// The pool's queue has no request of this number: it was paid or cancelled.
        RequestNotFound,
        /// Only the account that made a request may cancel it.
        NotRequester,
        /// The deadline of the request has passed: stakes are taken back for it, and it cannot be cancelled.
        DeadlinePassed,
        /// The pool has less free than this stake, beyond what its queue is owed.
        NotEnoughFree,
        /// The commission would exceed the maximum that was promised when the pool was created.
        CommissionAboveMaximum,
        /// A commission rises by at most ten points at a time: announce less.
        CommissionRiseTooLarge,
        /// This commission is in force already, and no rise is announced.
        CommissionUnchanged,
        /// There is no commission to claim.
        NothingToClaim,
        /// No payment is booked for the account.
        NothingBooked,
        /// The delegator is on the allow-list already, or not on it.
        NothingToChange,
        /// The allow-list has 1,000 delegators already.
        TooManyAllowed,
        /// A description or a link is not UTF-8.
        NotText,
        /// The order must name each of the pool's workers once.
        NotAllWorkers,
        /// The owner cannot pay the pool's deposit.
        CannotPayDeposit,
        /// A number left its range; nothing was changed.
        Overflow,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// After mining's: what was released in this block is paid in it. Not while a multi-block migration runs.
        fn on_poll(_: BlockNumberFor<T>, meter: &mut WeightMeter) {
            let mut service = WeightMeter::with_limit(Self::part_of_block(SERVICE_PART).min(meter.remaining()));
            Self::serve_agenda(&mut service);
            Self::serve_ring(&mut service);
            meter.consume(service.consumed());
        }

        fn on_idle(_: BlockNumberFor<T>, remaining: Weight) -> Weight {
            let mut meter = WeightMeter::with_limit(Self::part_of_block(SWEEP_PART).min(remaining));
            Self::sweep(&mut meter);
            meter.consumed()
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }

        fn integrity_test() {
            // Else a pool could never be served.
            let visit = Self::visit_weight(MAX_WORKERS, MAX_WORKERS);
            assert!(
                visit.all_lte(Self::part_of_block(SERVICE_PART)),
                "a visit does not fit into its part of a block"
            );
            let sweep = <T as Config>::WeightInfo::sweep_pool(MAX_WORKERS);
            assert!(
                sweep.all_lte(Self::part_of_block(SWEEP_PART)),
                "a sweep does not fit into its part of a block"
            );
        }
    }

    #[pallet::call(weight = <T as Config>::WeightInfo)]
    impl<T: Config> Pallet<T> {
        /// Creates a pool and holds its deposit from the caller, its owner. The commission never exceeds `max_commission`; `cap` is in
        /// planck.
        #[pallet::call_index(0)]
        pub fn create_pool(origin: OriginFor<T>, commission: Permill, max_commission: Permill, cap: Option<Balance>) -> DispatchResult {
            Self::do_create_pool(ensure_signed(origin)?, commission, max_commission, cap)
        }

        /// Gives `amount` planck to a pool for at least `min_shares` of it.
        #[pallet::call_index(1)]
        #[pallet::weight(<T as Config>::WeightInfo::delegate(MiningPallet::<T>::decaying_sessions(*pool)))]
        pub fn delegate(origin: OriginFor<T>, pool: PoolId, amount: Balance, min_shares: u128) -> DispatchResult {
            Self::do_delegate(ensure_signed(origin)?, pool, amount, min_shares).map(|_| ())
        }

        /// Adds a worker whose registered operator is the caller to a pool of the caller.
        #[pallet::call_index(2)]
        pub fn add_worker(origin: OriginFor<T>, pool: PoolId, worker: WorkerPublicKey) -> DispatchResult {
            Self::do_add_worker(ensure_signed(origin)?, pool, worker)
        }

        /// Takes a worker that does not run out of its pool.
        #[pallet::call_index(3)]
        pub fn remove_worker(origin: OriginFor<T>, worker: WorkerPublicKey) -> DispatchResult {
            Self::do_remove_worker(ensure_signed(origin)?, worker)
        }

        /// Lets a worker mine with `stake` planck of the pool's coins that are free beyond what its queue is owed.
        #[pallet::call_index(4)]
        #[pallet::weight(<T as Config>::WeightInfo::start_worker(Pallet::<T>::decaying_of(worker)).saturating_add(Pallet::<T>::judge_weight()))]
        pub fn start_worker(origin: OriginFor<T>, worker: WorkerPublicKey, stake: Balance) -> DispatchResult {
            Self::do_start_worker(ensure_signed(origin)?, worker, stake)
        }

        /// Ends a worker's mining. Its principal comes back to the pool after the cool-down, by itself.
        #[pallet::call_index(5)]
        #[pallet::weight(<T as Config>::WeightInfo::stop_worker(Pallet::<T>::decaying_of(worker)))]
        pub fn stop_worker(origin: OriginFor<T>, worker: WorkerPublicKey) -> DispatchResult {
            Self::do_stop_worker(ensure_signed(origin)?, worker)
        }

        /// Pays the commission to the pool's owner.
        #[pallet::call_index(6)]
        #[pallet::weight(<T as Config>::WeightInfo::claim_commission(MiningPallet::<T>::decaying_sessions(*pool)))]
        pub fn claim_commission(origin: OriginFor<T>, pool: PoolId) -> DispatchResult {
            Self::do_claim_commission(ensure_signed(origin)?, pool)
        }

        /// Puts `more` planck of the pool's free coins on top of a worker's stake, without stopping it.
        #[pallet::call_index(7)]
        #[pallet::weight(<T as Config>::WeightInfo::add_stake(Pallet::<T>::decaying_of(worker)))]
        pub fn add_stake(origin: OriginFor<T>, worker: WorkerPublicKey, more: Balance) -> DispatchResult {
            Self::do_add_stake(ensure_signed(origin)?, worker, more)
        }

        /// Takes `less` planck out of a worker's stake, without stopping it. They come back to the pool after a cool-down, by itself.
        #[pallet::call_index(8)]
        #[pallet::weight(<T as Config>::WeightInfo::reduce_stake(Pallet::<T>::decaying_of(worker)))]
        pub fn reduce_stake(origin: OriginFor<T>, worker: WorkerPublicKey, less: Balance) -> DispatchResult {
            Self::do_reduce_stake(ensure_signed(origin)?, worker, less)
        }

        /// Takes `shares` of the caller back, worth at least `min_amount` planck now: at once as far as the pool has free coins and nobody
        /// waits, else through the queue. All shares of the caller go if less than a smallest holding would be left.
        #[pallet::call_index(9)]
        #[pallet::weight(<T as Config>::WeightInfo::undelegate(MiningPallet::<T>::decaying_sessions(*pool)))]
        pub fn undelegate(origin: OriginFor<T>, pool: PoolId, shares: u128, min_amount: Balance) -> DispatchResult {
            Self::do_undelegate(ensure_signed(origin)?, pool, shares, min_amount).map(|_| ())
        }

        /// Takes a request of the caller out of the queue, before its deadline.
        #[pallet::call_index(10)]
        #[pallet::weight(<T as Config>::WeightInfo::cancel_request(MiningPallet::<T>::decaying_sessions(*pool)))]
        pub fn cancel_request(origin: OriginFor<T>, pool: PoolId, request: RequestId) -> DispatchResult {
            Self::do_cancel_request(ensure_signed(origin)?, pool, request).map(|_| ())
        }

        /// Gives shares of the caller that are not queued to another account.
        #[pallet::call_index(11)]
        #[pallet::weight(<T as Config>::WeightInfo::transfer_shares(MiningPallet::<T>::decaying_sessions(*pool)))]
        pub fn transfer_shares(origin: OriginFor<T>, pool: PoolId, to: T::AccountId, shares: u128) -> DispatchResult {
            Self::do_transfer_shares(ensure_signed(origin)?, pool, to, shares)
        }

        /// Lowers the commission at once, or announces a rise: by at most ten points, in force after the grace and a cool-down. A rise that
        /// was announced before is forgotten.
        #[pallet::call_index(12)]
        #[pallet::weight(<T as Config>::WeightInfo::set_commission(MiningPallet::<T>::decaying_sessions(*pool)))]
        pub fn set_commission(origin: OriginFor<T>, pool: PoolId, commission: Permill) -> DispatchResult {
            Self::do_set_commission(ensure_signed(origin)?, pool, commission)
        }

        /// Sets the value, less what is queued, above which nobody may delegate; in planck.
        #[pallet::call_index(13)]
        pub fn set_cap(origin: OriginFor<T>, pool: PoolId, cap: Option<Balance>) -> DispatchResult {
            Self::do_set_cap(ensure_signed(origin)?, pool, cap)
        }

        /// Puts an account on the list of those who may hold the pool's shares, or takes it off. The pool is open while nobody is on it.
        #[pallet::call_index(14)]
        pub fn allow(origin: OriginFor<T>, pool: PoolId, delegator: T::AccountId, allowed: bool) -> DispatchResult {
            Self::do_allow(ensure_signed(origin)?, pool, delegator, allowed)
        }

        /// Says what the pool is about.
        #[pallet::call_index(15)]
        pub fn set_profile(origin: OriginFor<T>, pool: PoolId, description: Description, links: Links) -> DispatchResult {
            Self::do_set_profile(ensure_signed(origin)?, pool, description, links)
        }

        /// Sets the order in which the chain takes stake from the pool's workers; it must name all of them.
        #[pallet::call_index(16)]
        pub fn order_workers(origin: OriginFor<T>, pool: PoolId, order: Workers) -> DispatchResult {
            Self::do_order_workers(ensure_signed(origin)?, pool, order)
        }

        /// Pays what was booked for the caller when it could not be paid.
        #[pallet::call_index(17)]
        pub fn claim_unclaimed(origin: OriginFor<T>) -> DispatchResult {
            Self::do_claim_unclaimed(ensure_signed(origin)?)
        }
    }
}
