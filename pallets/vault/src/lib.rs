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

mod account;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod delegation;
mod fee;
pub mod filing;
mod forecast;
mod holders;
mod ledger;
#[cfg(test)]
mod mock;
mod moves;
mod parameters;
mod queue;
mod refusals;
mod ring;
mod service;
mod status;
#[cfg(test)]
mod tests;
mod try_state;
mod types;
mod value;
pub mod weights;
mod withdrawal;

use khala_primitives::Balance;
pub use pallet::*;
pub use parameters::VaultParameters;
pub use service::{Load, MAX_PAYMENTS, SERVICE_PART};
pub use types::{Claim, Claims, Place, Places, Request, Vault, MAX_POOLS};
pub use value::{Stake, Valued};
pub use weights::WeightInfo;

// FRAME's macros make items that nobody documents, and expect what they have generated themselves.
#[allow(missing_docs, clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use frame_support::{pallet_prelude::*, weights::WeightMeter, PalletId};
    use frame_system::pallet_prelude::*;
    use khala_pallet_stake_pool::{Holding, Sweep, MAX_WORKERS};
    use khala_primitives::{PoolId, RequestId, VaultId};
    use sp_runtime::Permill;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config:
        frame_system::Config<RuntimeEvent: From<Event<Self>>> + khala_pallet_stake_pool::Config<RuntimeHoldReason: From<HoldReason>>
    {
        /// Names the accounts of vaults.
        #[pallet::constant]
        type VaultsId: Get<PalletId>;
        /// Held from a vault's owner while the vault exists, in planck.
        #[pallet::constant]
        type VaultDeposit: Get<Balance>;
        /// Weights of the calls and hooks.
        type WeightInfo: WeightInfo;
    }

    /// Becomes `RuntimeHoldReason::Vault(..)`.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// The deposit of a vault.
        #[codec(index = 0)]
        VaultDeposit,
    }

    #[pallet::storage]
    pub type Vaults<T: Config> = CountedStorageMap<_, Twox64Concat, VaultId, Vault<T::AccountId>>;
    #[pallet::storage]
    pub type NextVaultId<T> = StorageValue<_, VaultId, ValueQuery>;
    /// What an account has in a vault. Its queued shares are those that wait for coins.
    #[pallet::storage]
    pub type Holdings<T: Config> = StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, VaultId, Holding, ValueQuery>;
    /// The queues of all vaults.
    #[pallet::storage]
    pub type Requests<T: Config> = StorageDoubleMap<_, Twox64Concat, VaultId, Twox64Concat, RequestId, Request<T::AccountId>>;
    /// Requests of vaults in the queues of pools, and the vault's request that waits for each.
    #[pallet::storage]
    pub type Backed<T> = StorageDoubleMap<_, Twox64Concat, PoolId, Twox64Concat, RequestId, RequestId>;
    #[pallet::storage]
    pub type Parameters<T> = StorageValue<_, VaultParameters, ValueQuery, DefaultParameters>;
    /// Vaults to be served, in the order in which they are.
    #[pallet::storage]
    pub type Ring<T> = StorageMap<_, Twox64Concat, u64, VaultId>;
    /// Number of the first entry of [`Ring`] and of the one after the last.
    #[pallet::storage]
    pub type RingRange<T> = StorageValue<_, (u64, u64), ValueQuery>;
    /// Where the look at all vaults stands.
    #[pallet::storage]
    pub type LookedAt<T> = StorageValue<_, Sweep, ValueQuery>;

    #[pallet::type_value]
    pub fn DefaultParameters() -> VaultParameters {
        VaultParameters::khala()
    }

    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// Times of the vaults.
        pub parameters: VaultParameters,
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self {
                parameters: VaultParameters::khala(),
                _config: PhantomData,
            }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            // A genesis that is wrong must not start a chain.
            assert!(self.parameters.validate().is_ok(), "vaults: {:?}", self.parameters.validate());
            Parameters::<T>::put(self.parameters);
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A vault was created.
        VaultCreated {
            vault: VaultId,
            owner: T::AccountId,
            fee: Permill,
            max_fee: Permill,
            commission_limit: Permill,
            cap: Option<Balance>,
        },
        /// `amount` planck bought `shares`.
        Delegated {
            vault: VaultId,
            who: T::AccountId,
            amount: Balance,
            shares: u128,
        },
        /// `amount` planck were paid at once for `shares`, which are gone.
        Undelegated {
            vault: VaultId,
            who: T::AccountId,
            shares: u128,
            amount: Balance,
        },
        /// Somebody waits for `claims` to be paid by pools, for which `burned` shares are gone, and with `shares` of the vault for coins
        /// that are on their way.
        RequestQueued {
            vault: VaultId,
            request: RequestId,
            who: T::AccountId,
            burned: u128,
            shares: u128,
            claims: Claims,
            deadline_secs: u64,
        },
        /// A request was paid `amount` planck, for which `shares` of those that wait are gone; it has ended, or waits for more.
        RequestPaid {
            vault: VaultId,
            request: RequestId,
            who: T::AccountId,
            shares: u128,
            amount: Balance,
            ended: bool,
        },
        /// A request was cancelled; the account has `shares` for what it waited for.
        RequestCancelled {
            vault: VaultId,
            request: RequestId,
            who: T::AccountId,
            shares: u128,
        },
        /// Shares went from one account to another.
        SharesTransferred {
            vault: VaultId,
            from: T::AccountId,
            to: T::AccountId,
            shares: u128,
        },
        /// The owner earned `shares`, worth `amount` planck, for a gain over the high-water mark.
        FeeTaken { vault: VaultId, shares: u128, amount: Balance },
        /// The owner holds the shares that it has earned.
        FeeClaimed { vault: VaultId, owner: T::AccountId, shares: u128 },
        /// Another fee is in force.
        FeeChanged { vault: VaultId, fee: Permill },
        /// A higher fee will be in force at `due_secs` of the credited clock.
        FeeRiseAnnounced { vault: VaultId, fee: Permill, due_secs: u64 },
        /// An announced fee will not be in force.
        FeeRiseCancelled { vault: VaultId, fee: Permill },
        /// The vault uses pools up to another commission.
        CommissionLimitChanged { vault: VaultId, limit: Permill },
        /// The vault will use pools up to a higher commission from `due_secs` of the credited clock on.
        CommissionLimitRiseAnnounced { vault: VaultId, limit: Permill, due_secs: u64 },
        /// An announced limit will not be in force.
        CommissionLimitRiseCancelled { vault: VaultId, limit: Permill },
        /// Another cap is in force.
        CapChanged { vault: VaultId, cap: Option<Balance> },
        /// `amount` planck of the vault bought `shares` of a pool.
        Invested {
            vault: VaultId,
            pool: PoolId,
            amount: Balance,
            shares: u128,
        },
        /// `shares` of a pool were taken back: `paid` planck at once, the rest by a request in the pool's queue.
        Divested {
            vault: VaultId,
            pool: PoolId,
            shares: u128,
            paid: Balance,
            request: Option<RequestId>,
        },
        /// A request in a pool's queue was cancelled; its `shares` are held again.
        DivestCancelled {
            vault: VaultId,
            pool: PoolId,
            request: RequestId,
            shares: u128,
        },
        /// A pool paid `amount` planck that nobody waited for: they are free in the vault.
        CoinsReturned { vault: VaultId, pool: PoolId, amount: Balance },
        /// A pool's commission, in force or announced, is above what the vault uses: the vault leaves it.
        PoolLeft { vault: VaultId, pool: PoolId },
        /// The vault has no shares: `amount` planck that were left of it are the owner's.
        RestTaken { vault: VaultId, amount: Balance },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// There is no vault of this number.
        VaultNotFound,
        /// Only the vault's owner may do this.
        NotOwner,
        /// A delegation is at least 1 PHA.
        DelegationTooSmall,
        /// The vault's value would exceed its cap: delegate less, or to another vault.
        CapExceeded,
        /// The vault's shares are worth nothing after a loss: nobody can join it.
        VaultWorthless,
        /// The vault has no shares, and coins in pools that its owner gets back: wait until they have come.
        VaultUnwinding,
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
        /// A vault cannot hold shares of a vault.
        VaultInVault,
        /// The account has 8 requests in the queue of this vault: wait for the first to be paid, or cancel one.
        TooManyRequests,
        /// The vault's queue has no request of this number: it was paid or cancelled.
        RequestNotFound,
        /// Only the account that made a request may cancel it.
        NotRequester,
        /// The deadline of the request has passed: it cannot be cancelled.
        DeadlinePassed,
        /// Somebody waits for coins that the owner is moving out of pools: what comes back has to come back until it is paid.
        CoinsAwaited,
        /// The deadline of somebody who waits has passed: the vault delegates no further until it is paid.
        VaultLate,
        /// The vault has less free than this, beyond what those who wait are owed.
        NotEnoughFree,
        /// The pool's commission, in force or announced, is above what the vault uses.
        CommissionTooHigh,
        /// The vault has shares in 16 pools: leave one of them first.
        TooManyPools,
        /// The vault has no shares in this pool.
        PoolNotUsed,
        /// Somebody who leaves the vault waits for this request.
        RequestBacked,
        /// The fee would exceed the maximum that was promised when the vault was created.
        FeeAboveMaximum,
        /// A fee rises by at most ten points at a time: announce less.
        FeeRiseTooLarge,
        /// This fee is in force already, and no rise is announced.
        FeeUnchanged,
        /// The limit of commissions rises by at most ten points at a time: announce less.
        LimitRiseTooLarge,
        /// This limit is in force already, and no rise is announced.
        LimitUnchanged,
        /// No fee was earned since it was last claimed.
        NothingToClaim,
        /// The fee would make a holding of less than 1 PHA: claim it later.
        FeeTooSmall,
        /// The owner cannot pay the vault's deposit.
        CannotPayDeposit,
        /// A number left its range; nothing was changed.
        Overflow,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// After the pools': what they have paid in this block is passed on in it. Not while a multi-block migration runs.
        fn on_poll(_: BlockNumberFor<T>, meter: &mut WeightMeter) {
            Self::serve(meter);
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }

        fn integrity_test() {
            // Else a vault could never be served.
            let load = Load {
                pools: MAX_POOLS,
                decaying: MAX_POOLS.saturating_mul(MAX_WORKERS),
            };
            let visit = Self::dearest_visit(load);
            let part = Self::part_of_block();
            assert!(
                visit.all_lte(part),
                "a visit of {visit} does not fit into {part}, its part of a block"
            );
        }
    }

    #[pallet::call(weight = <T as Config>::WeightInfo)]
    impl<T: Config> Pallet<T> {
        /// Creates a vault and holds its deposit from the caller, its owner. The fee, a part of gains over the high-water mark, never
        /// exceeds `max_fee`; pools whose commission is above `commission_limit` are not used; `cap` is in planck.
        #[pallet::call_index(0)]
        pub fn create_vault(
            origin: OriginFor<T>,
            fee: Permill,
            max_fee: Permill,
            commission_limit: Permill,
            cap: Option<Balance>,
        ) -> DispatchResult {
            Self::do_create_vault(ensure_signed(origin)?, fee, max_fee, commission_limit, cap)
        }

        /// Gives `amount` planck to a vault for at least `min_shares` of it.
        #[pallet::call_index(1)]
        #[pallet::weight({ let load = Pallet::<T>::load(*vault); <T as Config>::WeightInfo::delegate(load.pools, load.decaying) })]
        pub fn delegate(origin: OriginFor<T>, vault: VaultId, amount: Balance, min_shares: u128) -> DispatchResult {
            Self::do_delegate(ensure_signed(origin)?, vault, amount, min_shares)
        }

        /// Takes `shares` of the caller back, worth at least `min_amount` planck now: at once as far as the vault has free coins and nobody
        /// waits; for the rest shares of its pools are taken back. All shares of the caller go if less than a smallest holding would be left.
        #[pallet::call_index(2)]
        #[pallet::weight({ let load = Pallet::<T>::load(*vault); <T as Config>::WeightInfo::undelegate(load.pools, load.decaying) })]
        pub fn undelegate(origin: OriginFor<T>, vault: VaultId, shares: u128, min_amount: Balance) -> DispatchResult {
            Self::do_undelegate(ensure_signed(origin)?, vault, shares, min_amount)
        }

        /// Takes a request of the caller out of the queue, before the deadline of its pools.
        #[pallet::call_index(3)]
        #[pallet::weight({ let load = Pallet::<T>::load(*vault); <T as Config>::WeightInfo::cancel_request(load.pools, load.decaying) })]
        pub fn cancel_request(origin: OriginFor<T>, vault: VaultId, request: RequestId) -> DispatchResult {
            Self::do_cancel_request(ensure_signed(origin)?, vault, request)
        }

        /// Gives shares of the caller that are not queued to another account.
        #[pallet::call_index(4)]
        #[pallet::weight({ let load = Pallet::<T>::load(*vault); <T as Config>::WeightInfo::transfer_shares(load.pools, load.decaying) })]
        pub fn transfer_shares(origin: OriginFor<T>, vault: VaultId, to: T::AccountId, shares: u128) -> DispatchResult {
            Self::do_transfer_shares(ensure_signed(origin)?, vault, to, shares)
        }

        /// Delegates `amount` planck that are free, beyond what those who wait are owed, to a pool for at least `min_shares` of it.
        #[pallet::call_index(5)]
        #[pallet::weight({ let load = Pallet::<T>::load_with(*vault, *pool); <T as Config>::WeightInfo::invest(load.pools, load.decaying) })]
        pub fn invest(origin: OriginFor<T>, vault: VaultId, pool: PoolId, amount: Balance, min_shares: u128) -> DispatchResult {
            Self::do_invest(ensure_signed(origin)?, vault, pool, amount, min_shares)
        }

        /// Takes `shares` of the vault back from a pool, worth at least `min_amount` planck now. What the pool pays for them is free in the
        /// vault.
        #[pallet::call_index(6)]
        #[pallet::weight(<T as Config>::WeightInfo::divest(khala_pallet_mining::Pallet::<T>::decaying_sessions(*pool)))]
        pub fn divest(origin: OriginFor<T>, vault: VaultId, pool: PoolId, shares: u128, min_amount: Balance) -> DispatchResult {
            Self::do_divest(ensure_signed(origin)?, vault, pool, shares, min_amount)
        }

        /// Takes a request of the vault out of a pool's queue, if nobody waits for it.
        #[pallet::call_index(7)]
        #[pallet::weight(<T as Config>::WeightInfo::cancel_divest(khala_pallet_mining::Pallet::<T>::decaying_sessions(*pool)))]
        pub fn cancel_divest(origin: OriginFor<T>, vault: VaultId, pool: PoolId, request: RequestId) -> DispatchResult {
            Self::do_cancel_divest(ensure_signed(origin)?, vault, pool, request)
        }

        /// Lowers the fee at once, or announces a rise: by at most ten points, in force after the grace and a cool-down. A rise that was
        /// announced before is forgotten.
        #[pallet::call_index(8)]
        #[pallet::weight({ let load = Pallet::<T>::load(*vault); <T as Config>::WeightInfo::set_fee(load.pools, load.decaying) })]
        pub fn set_fee(origin: OriginFor<T>, vault: VaultId, fee: Permill) -> DispatchResult {
            Self::do_set_fee(ensure_signed(origin)?, vault, fee)
        }

        /// Gives the owner the shares that its fee was paid in.
        #[pallet::call_index(9)]
        #[pallet::weight({ let load = Pallet::<T>::load(*vault); <T as Config>::WeightInfo::claim_fee(load.pools, load.decaying) })]
        pub fn claim_fee(origin: OriginFor<T>, vault: VaultId) -> DispatchResult {
            Self::do_claim_fee(ensure_signed(origin)?, vault)
        }

        /// Lowers the highest commission of pools that the vault uses, and leaves those above; or announces a rise, like one of the fee.
        #[pallet::call_index(10)]
        pub fn set_commission_limit(origin: OriginFor<T>, vault: VaultId, limit: Permill) -> DispatchResult {
            Self::do_set_commission_limit(ensure_signed(origin)?, vault, limit)
        }

        /// Sets the value above which nobody may delegate; in planck.
        #[pallet::call_index(11)]
        pub fn set_cap(origin: OriginFor<T>, vault: VaultId, cap: Option<Balance>) -> DispatchResult {
            Self::do_set_cap(ensure_signed(origin)?, vault, cap)
        }
    }
}
