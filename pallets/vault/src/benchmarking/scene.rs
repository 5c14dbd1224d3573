//! Vaults that benchmarks play with: in as many pools as wanted, with rewards to take in and sessions that decay.

use crate::{pallet::*, MAX_POOLS};
use alloc::vec::Vec;
use khala_pallet_mining::{benchmarking::scene::STAKE, InTransit, PoolReward};
use khala_pallet_stake_pool::{
    benchmarking::scene::{decaying, delegator, earn, rich},
    NextPoolId, Pallet as Pools, PotTotal,
};
use khala_primitives::{Balance, PoolId, RequestId, VaultId, PHA};
use sp_runtime::Permill;

/// What the vault has in each pool, in planck.
pub const PART: Balance = 1_000 * PHA;

/// A vault with something in `pools` pools, in the first of which so many sessions decay: its owner, its number, its pools.
pub fn vault<T: Config + pallet_timestamp::Config<Moment = u64>>(pools: u32, decays: u32) -> (T::AccountId, VaultId, Vec<PoolId>) {
    let (owner, id, pools) = calm::<T>(pools);
    spoil::<T>(&owner, &pools, decays);
    (owner, id, pools)
}

/// The same while nothing decays and nothing was earned.
pub fn calm<T: Config + pallet_timestamp::Config<Moment = u64>>(pools: u32) -> (T::AccountId, VaultId, Vec<PoolId>) {
    let (owner, first) = khala_pallet_stake_pool::benchmarking::scene::pool::<T>();
    let half = Permill::from_percent(50);
    let id = NextVaultId::<T>::get();
    Pallet::<T>::do_create_vault(owner.clone(), half, half, half, Some(Balance::MAX)).unwrap();
    let more = (1..pools).map(|_| {
        let pool = NextPoolId::<T>::get();
        Pools::<T>::do_create_pool(owner.clone(), Permill::zero(), Permill::one(), None).unwrap();
        Pools::<T>::do_delegate(rich::<T>(delegator::<T>(0)), pool, STAKE, 0).unwrap();
        pool
    });
    let all: Vec<_> = core::iter::once(first).chain(more).take(pools as usize).collect();
    join::<T>(2, id, PART * Balance::from(MAX_POOLS + 1));
    for pool in &all {
        Pallet::<T>::do_invest(owner.clone(), id, *pool, PART, 0).unwrap();
    }
    (owner, id, all)
}

/// Sessions of the first pool decay, and all have earned.
pub fn spoil<T: Config + pallet_timestamp::Config<Moment = u64>>(owner: &T::AccountId, pools: &[PoolId], decays: u32) {
    if let Some(first) = pools.first() {
        decaying::<T>(owner, *first, decays);
    }
    all_earn::<T>(pools);
}

/// Every pool has rewards to take in.
pub fn all_earn<T: Config>(pools: &[PoolId]) {
    pools.iter().for_each(|pool| earn::<T>(*pool));
}

/// No pool has, and none has free coins: whatever is asked of them waits.
pub fn nothing_at_once<T: Config>(id: VaultId, pools: &[PoolId]) {
    nothing_free::<T>(id, pools);
    pools.iter().for_each(|pool| PoolReward::<T>::remove(pool));
    InTransit::<T>::kill();
}

/// A delegator with coins joins the vault.
pub fn join<T: Config>(number: u32, id: VaultId, amount: Balance) -> T::AccountId {
    let who = rich::<T>(delegator::<T>(number));
    Pallet::<T>::do_delegate(who.clone(), id, amount, 0).unwrap();
    who
}

/// The vault and its pools have no free coins: all are at stake.
pub fn nothing_free<T: Config>(id: VaultId, pools: &[PoolId]) {
    pools
        .iter()
        .for_each(|pool| khala_pallet_stake_pool::benchmarking::scene::nothing_free::<T>(*pool));
    Vaults::<T>::mutate(id, |vault| {
        let free = core::mem::take(&mut vault.as_mut().unwrap().free);
        PotTotal::<T>::mutate(|total| *total -= free);
    });
}

/// The vault has free coins.
pub fn free<T: Config>(id: VaultId, amount: Balance) {
    PotTotal::<T>::mutate(|total| *total += amount);
    Vaults::<T>::mutate(id, |vault| vault.as_mut().unwrap().free += amount);
    let pot = Pools::<T>::pot();
    <T::PoolCurrency as frame_support::traits::fungible::Mutate<_>>::mint_into(&pot, amount).unwrap();
}

/// Three requests of a delegator in the queue of the vault: the one in the middle.
pub fn queue<T: Config>(id: VaultId, who: &T::AccountId) -> RequestId {
    let before = Vaults::<T>::get(id).unwrap().queue.next_id;
    for _ in 0..3 {
        let shares = Holdings::<T>::get(who, id).shares / 8;
        Pallet::<T>::do_undelegate(who.clone(), id, shares, 0).unwrap();
    }
    before + 1
}
