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

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod delegation;
mod ledger;
#[cfg(test)]
mod mock;
pub mod shares;
mod status;
#[cfg(test)]
mod tests;
mod try_state;
mod types;
pub mod weights;
mod workers;

use khala_primitives::{Balance, PHA};
pub use pallet::*;
pub use types::Pool;
pub use weights::WeightInfo;

/// Smallest delegation, in planck.
pub const MIN_DELEGATION: Balance = PHA;
/// A pool has no shares, or at least so many: below that a price could not be told from its rounding.
pub const MIN_SHARES: u128 = 10_000_000_000;
/// Most workers of a pool.
pub const MAX_WORKERS: u32 = 200;

// FRAME's macros make items that nobody documents, and expect what they have generated themselves.
#[allow(missing_docs, clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use frame_support::{
        pallet_prelude::*,
        traits::fungible::{Inspect, Mutate, MutateHold},
        PalletId,
    };
    use frame_system::pallet_prelude::*;
    use khala_primitives::{PoolId, WorkerPublicKey};
    use sp_runtime::Permill;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

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
        /// Weights of the calls.
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
    /// Shares of an account in a pool.
    #[pallet::storage]
    pub type Delegations<T: Config> = StorageDoubleMap<_, Twox64Concat, PoolId, Blake2_128Concat, T::AccountId, u128, ValueQuery>;
    #[pallet::storage]
    pub type PoolWorkers<T> = StorageDoubleMap<_, Twox64Concat, PoolId, Blake2_128Concat, WorkerPublicKey, ()>;

    /// Gives the pot its existential deposit, so that no payment into it can fail.
    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self { _config: PhantomData }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            let pot = Pallet::<T>::pot();
            let minted = T::PoolCurrency::mint_into(&pot, T::PoolCurrency::minimum_balance());
            // A genesis that is wrong must not start a chain.
            assert!(minted.is_ok(), "the pot cannot be given its existential deposit");
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
            cap: Option<Balance>,
        },
        /// `amount` planck bought `shares`.
        Delegated {
            pool: PoolId,
            who: T::AccountId,
            amount: Balance,
            shares: u128,
        },
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
        /// The stake of a stopped worker is free again.
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
        /// The pool's value would exceed its cap.
        CapExceeded,
        /// The pool's shares are worth nothing after a loss: nobody can join it.
        PoolWorthless,
        /// The price has risen: the amount buys fewer shares than asked for.
        TooFewShares,
        /// The pool has fewer free coins than this stake.
        NotEnoughFree,
        /// There is no commission to claim.
        NothingToClaim,
        /// The owner cannot pay the pool's deposit.
        CannotPayDeposit,
        /// A number left its range; nothing was changed.
        Overflow,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call(weight = <T as Config>::WeightInfo)]
    impl<T: Config> Pallet<T> {
        /// Creates a pool and holds its deposit from the caller, its owner. `cap` is in planck.
        #[pallet::call_index(0)]
        pub fn create_pool(origin: OriginFor<T>, commission: Permill, cap: Option<Balance>) -> DispatchResult {
            Self::do_create_pool(ensure_signed(origin)?, commission, cap)
        }

        /// Gives `amount` planck to a pool for at least `min_shares` of it.
        #[pallet::call_index(1)]
        pub fn delegate(origin: OriginFor<T>, pool: PoolId, amount: Balance, min_shares: u128) -> DispatchResult {
            Self::do_delegate(ensure_signed(origin)?, pool, amount, min_shares)
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

        /// Lets a worker mine with `stake` planck of the pool's free coins.
        #[pallet::call_index(4)]
        #[pallet::weight(<T as Config>::WeightInfo::start_worker().saturating_add(Pallet::<T>::judge_weight()))]
        pub fn start_worker(origin: OriginFor<T>, worker: WorkerPublicKey, stake: Balance) -> DispatchResult {
            Self::do_start_worker(ensure_signed(origin)?, worker, stake)
        }

        /// Ends a worker's mining. Its principal comes back to the pool after the cool-down, by itself.
        #[pallet::call_index(5)]
        pub fn stop_worker(origin: OriginFor<T>, worker: WorkerPublicKey) -> DispatchResult {
            Self::do_stop_worker(ensure_signed(origin)?, worker)
        }

        /// Pays the commission to the pool's owner.
        #[pallet::call_index(6)]
        pub fn claim_commission(origin: OriginFor<T>, pool: PoolId) -> DispatchResult {
            Self::do_claim_commission(ensure_signed(origin)?, pool)
        }

        /// Puts `more` planck of the pool's free coins on top of a worker's stake, without stopping it.
        #[pallet::call_index(7)]
        pub fn add_stake(origin: OriginFor<T>, worker: WorkerPublicKey, more: Balance) -> DispatchResult {
            Self::do_add_stake(ensure_signed(origin)?, worker, more)
        }

        /// Takes `less` planck out of a worker's stake, without stopping it. They come back to the pool after a cool-down, by itself.
        #[pallet::call_index(8)]
        pub fn reduce_stake(origin: OriginFor<T>, worker: WorkerPublicKey, less: Balance) -> DispatchResult {
            Self::do_reduce_stake(ensure_signed(origin)?, worker, less)
        }
    }
}
