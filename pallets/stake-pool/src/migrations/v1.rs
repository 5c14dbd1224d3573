//! 0 to 1: queues and bounded commissions. Holdings are found by holder first, workers of a pool stand in one value in the order in which
//! stake is taken from them, and the pallet keeps the sum of what the pot holds.

use crate::{pallet::*, types::Workers, Holding, Pool};
use alloc::{collections::BTreeMap, vec::Vec};
use core::marker::PhantomData;
use frame_support::{
    migrations::VersionedMigration,
    traits::{Get, UncheckedOnRuntimeUpgrade},
    weights::Weight,
};
use khala_pallet_mining::{InTransit, PoolReward, SessionOf};
use khala_primitives::{Balance, PoolId, WorkerPublicKey};

/// The migration, which runs once, on a chain whose storage is of version 0.
pub type MigrateV0ToV1<T> = VersionedMigration<0, 1, InnerMigrateV0ToV1<T>, Pallet<T>, <T as frame_system::Config>::DbWeight>;

/// Storage of version 0.
#[allow(missing_docs)] // the macro makes items that nobody documents
pub mod v0 {
    use crate::pallet::{Config, Pallet};
    use codec::{Decode, Encode, MaxEncodedLen};
    use frame_support::{storage_alias, Blake2_128Concat, Twox64Concat};
    use khala_primitives::{Balance, PoolId, WorkerPublicKey};
    use scale_info::TypeInfo;
    use sp_runtime::Permill;

    /// A pool.
    #[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
    pub struct Pool<AccountId> {
        /// Who adds and starts workers, and takes the commission.
        pub owner: AccountId,
        /// The owner's part of every reward.
        pub commission: Permill,
        /// The value above which nobody may delegate.
        pub cap: Option<Balance>,
        /// Coins that no worker holds.
        pub free: Balance,
        /// Stakes of running sessions.
        pub staked: Balance,
        /// What cooling sessions will give back.
        pub cooling: Balance,
        /// Commission not yet claimed.
        pub commission_due: Balance,
        /// Shares of all delegators.
        pub shares: u128,
        /// Number of workers.
        pub workers: u32,
    }

    /// Pools by number.
    #[storage_alias]
    pub type Pools<T: Config> = CountedStorageMap<Pallet<T>, Twox64Concat, PoolId, Pool<<T as frame_system::Config>::AccountId>>;
    /// Shares of an account in a pool.
    #[storage_alias]
    pub type Delegations<T: Config> =
        StorageDoubleMap<Pallet<T>, Twox64Concat, PoolId, Blake2_128Concat, <T as frame_system::Config>::AccountId, u128>;
    /// Workers of a pool.
    #[storage_alias]
    pub type PoolWorkers<T: Config> = StorageDoubleMap<Pallet<T>, Twox64Concat, PoolId, Blake2_128Concat, WorkerPublicKey, ()>;
}

/// The work of [`MigrateV0ToV1`]; it does not look at the version.
pub struct InnerMigrateV0ToV1<T>(PhantomData<T>);

impl<T: Config> InnerMigrateV0ToV1<T> {
    /// Gives all pools the new form: how many there are, and their coins together, in planck.
    fn pools() -> (u64, Balance) {
        let (mut count, mut total): (u64, Balance) = (0, 0);
        Pools::<T>::translate_values(|old: v0::Pool<T::AccountId>| {
            count = count.saturating_add(1);
            // Nobody who delegated was told that the commission could rise: it cannot.
            let mut pool = Pool::new(old.owner, old.commission, old.commission, old.cap);
            (pool.free, pool.staked, pool.cooling) = (old.free, old.staked, old.cooling);
            (pool.commission_due, pool.shares) = (old.commission_due, old.shares);
            // Coins of a pool without shares were left by rounding.
            pool.give_rest()?;
            total = total.saturating_add(pool.coins()?);
            Some(pool)
        });
        (count, total)
    }

    fn holdings() -> u64 {
        let mut count = 0u64;
        for (id, who, shares) in v0::Delegations::<T>::drain() {
            count = count.saturating_add(1);
            if shares > 0 {
                let holding = Holding {
                    shares,
                    ..Holding::default()
                };
                Holdings::<T>::insert(who, id, holding);
            }
        }
        count
    }

    /// The newest worker stands first: the one whose session has the highest number.
    fn workers() -> u64 {
        let mut pools: BTreeMap<PoolId, Vec<(Option<u64>, WorkerPublicKey)>> = BTreeMap::new();
        let mut count = 0u64;
        for (id, worker, ()) in v0::PoolWorkers::<T>::drain() {
            count = count.saturating_add(1);
            pools.entry(id).or_default().push((SessionOf::<T>::get(worker), worker));
        }
        for (id, mut workers) in pools {
            workers.sort_unstable_by(|one, other| other.cmp(one));
            let workers = workers.into_iter().map(|(_, worker)| worker).collect();
            // Version 0 had the same bound.
            PoolWorkers::<T>::insert(id, Workers::truncate_from(workers));
        }
        count
    }
}

impl<T: Config> UncheckedOnRuntimeUpgrade for InnerMigrateV0ToV1<T> {
    fn on_runtime_upgrade() -> Weight {
        let (pools, coins) = Self::pools();
        let (holdings, workers) = (Self::holdings(), Self::workers());
        let rewards = PoolReward::<T>::iter_values().fold(0, Balance::saturating_add);
        let arrived = rewards.saturating_sub(InTransit::<T>::get().pot);
        PotTotal::<T>::put(coins.saturating_add(arrived));
        // One read and one write for each pool, two writes for each holding, three accesses for each worker.
        let reads = pools
            .saturating_mul(2)
            .saturating_add(holdings)
            .saturating_add(workers.saturating_mul(2));
        let writes = pools
            .saturating_add(holdings.saturating_mul(2))
            .saturating_add(workers.saturating_mul(2));
        <T as frame_system::Config>::DbWeight::get().reads_writes(reads.saturating_add(1), writes.saturating_add(1))
    }

    #[cfg(feature = "try-runtime")]
    fn pre_upgrade() -> Result<Vec<u8>, sp_runtime::TryRuntimeError> {
        use codec::Encode;
        let held: Vec<_> = v0::Delegations::<T>::iter().filter(|(_, _, shares)| *shares > 0).collect();
        Ok(held.encode())
    }

    #[cfg(feature = "try-runtime")]
    fn post_upgrade(state: Vec<u8>) -> Result<(), sp_runtime::TryRuntimeError> {
        use codec::Decode;
        let held = Vec::<(PoolId, T::AccountId, u128)>::decode(&mut &state[..]).map_err(|_| "the state before cannot be read")?;
        frame_support::ensure!(
            held.len() == Holdings::<T>::iter_keys().count(),
            "another number of accounts has shares than before"
        );
        for (id, who, shares) in held {
            frame_support::ensure!(
                Holdings::<T>::get(who, id).shares == shares,
                "an account has other shares than before"
            );
        }
        Pallet::<T>::do_try_state()
    }
}
