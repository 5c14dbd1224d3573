//! Weights of `khala_pallet_stake_pool`. Written by `scripts/weights`: change the benchmarks, not this file.
//!
//! Measured on 2026-11-22 in the runtime's Wasm, at up to 16 values of each component, 50 times at each. Times are
//! those of the computation; each key that is read or written adds the weight of the database. There are no proofs to size.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{constants::ParityDbWeight, Weight},
};

/// What each call and hook costs.
pub trait WeightInfo {
    /// `create_pool`. At least 61.679 us.
    ///
    /// Storage:
    /// - `Balances::Holds` (r:1 w:1)
    /// - `StakePool::CounterForPools` (r:1 w:1)
    /// - `StakePool::NextPoolId` (r:1 w:1)
    /// - `StakePool::Pools` (r:1 w:1)
    fn create_pool() -> Weight;
    /// `delegate`. At least 158.035 us.
    ///
    /// Storage:
    /// - `Mining::InTransit` (r:1 w:1)
    /// - `Mining::PoolReward` (r:1 w:1)
    /// - `StakePool::Delegations` (r:1 w:1)
    /// - `StakePool::Pools` (r:1 w:1)
    /// - `System::Account` (r:3 w:3)
    fn delegate() -> Weight;
    /// `add_worker`. At least 46.097 us.
    ///
    /// Storage:
    /// - `Mining::CounterForSessions` (r:1 w:1)
    /// - `Mining::NextSessionId` (r:1 w:1)
    /// - `Mining::SessionOf` (r:1 w:1)
    /// - `Mining::Sessions` (r:1 w:1)
    /// - `Registry::Workers` (r:1 w:0)
    /// - `StakePool::PoolWorkers` (r:0 w:1)
    /// - `StakePool::Pools` (r:1 w:1)
    fn add_worker() -> Weight;
    /// `remove_worker`. At least 43.922 us.
    ///
    /// Storage:
    /// - `Mining::CounterForSessions` (r:1 w:1)
    /// - `Mining::SessionOf` (r:1 w:1)
    /// - `Mining::Sessions` (r:1 w:1)
    /// - `StakePool::PoolWorkers` (r:0 w:1)
    /// - `StakePool::Pools` (r:1 w:1)
    fn remove_worker() -> Weight;
    /// `start_worker`. At least 157.631 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::IdleSessions` (r:1 w:1)
    /// - `Mining::InTransit` (r:1 w:1)
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::PoolReward` (r:1 w:1)
    /// - `Mining::SessionOf` (r:1 w:0)
    /// - `Mining::Sessions` (r:1 w:1)
    /// - `Mining::Shares` (r:1 w:1)
    /// - `Registry::Workers` (r:1 w:0)
    /// - `StakePool::Pools` (r:1 w:1)
    /// - `System::Account` (r:3 w:3)
    /// - `Timestamp::Now` (r:1 w:0)
    fn start_worker() -> Weight;
    /// `stop_worker`. At least 189.339 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::IdleSessions` (r:1 w:1)
    /// - `Mining::InTransit` (r:1 w:1)
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::PoolReward` (r:1 w:1)
    /// - `Mining::ReleaseRange` (r:1 w:1)
    /// - `Mining::Releases` (r:0 w:1)
    /// - `Mining::SessionOf` (r:1 w:0)
    /// - `Mining::Sessions` (r:1 w:1)
    /// - `Mining::Shares` (r:1 w:1)
    /// - `StakePool::Pools` (r:1 w:1)
    /// - `System::Account` (r:3 w:3)
    fn stop_worker() -> Weight;
    /// `claim_commission`. At least 151.011 us.
    ///
    /// Storage:
    /// - `Mining::InTransit` (r:1 w:1)
    /// - `Mining::PoolReward` (r:1 w:1)
    /// - `StakePool::Pools` (r:1 w:1)
    /// - `System::Account` (r:3 w:3)
    fn claim_commission() -> Weight;
    /// `add_stake`.
    fn add_stake() -> Weight;
    /// `reduce_stake`.
    fn reduce_stake() -> Weight;
}

/// As measured, on the runtime's database.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn create_pool() -> Weight {
        Weight::from_parts(63_698_000, 0)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn delegate() -> Weight {
        Weight::from_parts(170_322_000, 0)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    fn add_worker() -> Weight {
        Weight::from_parts(50_621_000, 0)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn remove_worker() -> Weight {
        Weight::from_parts(48_728_000, 0)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(5))
    }
    fn start_worker() -> Weight {
        Weight::from_parts(171_868_000, 0)
            .saturating_add(T::DbWeight::get().reads(15))
            .saturating_add(T::DbWeight::get().writes(9))
    }
    fn stop_worker() -> Weight {
        Weight::from_parts(197_958_000, 0)
            .saturating_add(T::DbWeight::get().reads(14))
            .saturating_add(T::DbWeight::get().writes(11))
    }
    fn claim_commission() -> Weight {
        Weight::from_parts(164_452_000, 0)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn add_stake() -> Weight {
        Weight::from_parts(60_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(14))
            .saturating_add(T::DbWeight::get().writes(8))
    }
    fn reduce_stake() -> Weight {
        Weight::from_parts(60_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(14))
            .saturating_add(T::DbWeight::get().writes(8))
    }
}

/// As measured, on ParityDB; for tests.
impl WeightInfo for () {
    fn create_pool() -> Weight {
        Weight::from_parts(63_698_000, 0)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(4))
    }
    fn delegate() -> Weight {
        Weight::from_parts(170_322_000, 0)
            .saturating_add(ParityDbWeight::get().reads(7))
            .saturating_add(ParityDbWeight::get().writes(7))
    }
    fn add_worker() -> Weight {
        Weight::from_parts(50_621_000, 0)
            .saturating_add(ParityDbWeight::get().reads(6))
            .saturating_add(ParityDbWeight::get().writes(6))
    }
    fn remove_worker() -> Weight {
        Weight::from_parts(48_728_000, 0)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(5))
    }
    fn start_worker() -> Weight {
        Weight::from_parts(171_868_000, 0)
            .saturating_add(ParityDbWeight::get().reads(15))
            .saturating_add(ParityDbWeight::get().writes(9))
    }
    fn stop_worker() -> Weight {
        Weight::from_parts(197_958_000, 0)
            .saturating_add(ParityDbWeight::get().reads(14))
            .saturating_add(ParityDbWeight::get().writes(11))
    }
    fn claim_commission() -> Weight {
        Weight::from_parts(164_452_000, 0)
            .saturating_add(ParityDbWeight::get().reads(6))
            .saturating_add(ParityDbWeight::get().writes(6))
    }
    fn add_stake() -> Weight {
        Weight::from_parts(60_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads(14))
            .saturating_add(ParityDbWeight::get().writes(8))
    }
    fn reduce_stake() -> Weight {
        Weight::from_parts(60_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads(14))
            .saturating_add(ParityDbWeight::get().writes(8))
    }
}
