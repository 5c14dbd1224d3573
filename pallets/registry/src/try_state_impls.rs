//! What always holds.
#![cfg(any(feature = "try-runtime", test))]

use crate::{Config, FormerChanges, HoldReason, Pallet, Params, PlatformLoad, Platforms, Refusals, Tombstones, Workers};
use alloc::collections::BTreeMap;
use frame_support::{ensure, traits::fungible::InspectHold};
use khala_primitives::{AccountId32, Balance, PlatformId};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks every worker against the counts, the platforms and the deposits.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let parameters = Params::<T>::get();
        ensure!(parameters.are_valid(), "a period or limit is zero");
        let block = Self::block_number();
        let mut workers = 0u32;
        let mut platforms = BTreeMap::<PlatformId, PlatformLoad>::new();
        let mut deposits = BTreeMap::<AccountId32, Balance>::new();
        for (key, state) in Workers::<T>::iter() {
            ensure!(state.info.identity_key == key, "a worker is stored under another key");
            ensure!(state.info.genesis_hash == Self::genesis_hash(), "a worker is of another chain");
            ensure!(
                state.info.freshness.number < state.renewed_at,
                "evidence is newer than its registration"
            );
            ensure!(
                state.registered_at <= state.renewed_at && state.renewed_at <= block,
                "a worker was registered in the future"
            );
            ensure!(
                state.lease_end_secs <= state.verdict.expires_at_secs,
                "a lease outlives its evidence"
            );
            ensure!(
                state
                    .benchmark
                    .is_none_or(|pending| (state.registered_at..=state.renewed_at).contains(&pending.block)),
                "a benchmark is of another registration"
            );
            ensure!(
                state.score.is_some() || state.benchmark.is_some(),
                "a worker has no score and none is asked for"
            );
            ensure!(
                state.renewals.left <= parameters.renewal_tokens,
                "a worker has more renewals than it can save up"
            );
            ensure!(!Tombstones::<T>::contains_key(key), "a worker has a key that was given up");
            workers = workers.saturating_add(1);
            let load = platforms.entry(state.verdict.platform_id()).or_default();
            load.workers = load.workers.saturating_add(1);
            load.score = load.score.saturating_add(state.score.map_or(0, |score| score.value));
            let deposit = deposits.entry(state.info.operator).or_default();
            *deposit = deposit.saturating_add(state.deposit);
        }
        for (worker, changes) in FormerChanges::<T>::iter() {
            ensure!(
                changes > 0 && !Workers::<T>::contains_key(worker),
                "a worker that is here counts as one that has left"
            );
        }
        for worker in Refusals::<T>::iter_keys() {
            ensure!(Workers::<T>::contains_key(worker), "evidence of nobody was refused");
        }
        ensure!(Workers::<T>::count() == workers, "the number of workers is wrong");
        ensure!(
            Platforms::<T>::iter().collect::<BTreeMap<_, _>>() == platforms,
            "the loads of the platforms are not those of their workers"
        );
        ensure!(
            platforms.values().all(|load| load.score <= parameters.max_platform_score),
            "a platform has more score than it may"
        );
        for (operator, deposit) in deposits {
            let held = T::Currency::balance_on_hold(&HoldReason::WorkerDeposit.into(), &operator);
            ensure!(held == deposit, "the deposit held from an operator is not that of its workers");
        }
        Ok(())
    }
}
