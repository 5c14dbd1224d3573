//! Weights of `khala_pallet_mining`. Written by `scripts/weights`: change the benchmarks, not this file.
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
    /// `heartbeat`, `n` from 1 to 64. At least 54.849 us.
    ///
    /// Storage:
    /// - `Attestation::PolicyVersion` (r:1 w:0)
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::InTransit` (r:1 w:1)
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::PoolReward` (r:64 w:64)
    /// - `Mining::Ring` (r:21 w:0)
    /// - `Mining::Sessions` (r:64 w:64)
    /// - `Mining::Shares` (r:1 w:1)
    /// - `Mining::VoidBefore` (r:1 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn heartbeat(n: u32) -> Weight;
    /// `authorize_heartbeat`, `n` from 1 to 64. At least 71.175 us.
    ///
    /// Storage:
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::Ring` (r:21 w:0)
    /// - `Mining::Sessions` (r:64 w:0)
    /// - `Mining::VoidBefore` (r:1 w:0)
    /// - `System::BlockHash` (r:1 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn authorize_heartbeat(n: u32) -> Weight;
    /// `report_offline`. At least 43.079 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::IdleSessions` (r:1 w:1)
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::Ring` (r:1 w:0)
    /// - `Mining::SessionOf` (r:1 w:0)
    /// - `Mining::Sessions` (r:1 w:1)
    /// - `Mining::Shares` (r:1 w:1)
    /// - `Mining::VoidBefore` (r:1 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn report_offline() -> Weight;
    /// `authorize_report_offline`. At least 20.438 us.
    ///
    /// Storage:
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::Ring` (r:1 w:0)
    /// - `Mining::SessionOf` (r:1 w:0)
    /// - `Mining::Sessions` (r:1 w:0)
    /// - `Mining::VoidBefore` (r:1 w:0)
    fn authorize_report_offline() -> Weight;
    /// `on_poll`. At least 47.817 us.
    ///
    /// Storage:
    /// - `Babe::AuthorVrfRandomness` (r:1 w:0)
    /// - `Mining::ClockReadings` (r:1 w:1)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::IdleSessions` (r:1 w:0)
    /// - `Mining::InTransit` (r:1 w:0)
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::NewestSeed` (r:1 w:1)
    /// - `Mining::ReleaseRange` (r:1 w:0)
    /// - `Mining::Releases` (r:1 w:0)
    /// - `Mining::Ring` (r:0 w:1)
    /// - `Mining::Shares` (r:1 w:1)
    /// - `Mining::VoidBefore` (r:0 w:1)
    /// - `Network::SlotMs` (r:1 w:0)
    /// - `System::Account` (r:1 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn on_poll() -> Weight;
    /// `release`. At least 32.189 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::ReleaseRange` (r:1 w:1)
    /// - `Mining::Releases` (r:2 w:1)
    /// - `Mining::Sessions` (r:1 w:1)
    /// - `StakePool::Pools` (r:1 w:1)
    fn release() -> Weight;
    /// `on_finalize`. At least 81.178 us.
    ///
    /// Storage:
    /// - `Mining::InTransit` (r:1 w:1)
    /// - `System::Account` (r:3 w:3)
    fn on_finalize() -> Weight;
    /// `on_runtime_upgrade`. At least 1.268 us.
    ///
    /// Storage:
    /// - `Mining::VoidBefore` (r:0 w:1)
    fn on_runtime_upgrade() -> Weight;
}

/// As measured, on the runtime's database.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn heartbeat(n: u32) -> Weight {
        Weight::from_parts(55_615_868, 0)
            .saturating_add(Weight::from_parts(26_147_054, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(29))
            .saturating_add(T::DbWeight::get().reads(2_u64.saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(T::DbWeight::get().writes(2_u64.saturating_mul(n.into())))
    }
    fn authorize_heartbeat(n: u32) -> Weight {
        Weight::from_parts(69_572_925, 0)
            .saturating_add(Weight::from_parts(57_209_464, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(25))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(n.into())))
    }
    fn report_offline() -> Weight {
        Weight::from_parts(50_485_000, 0)
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn authorize_report_offline() -> Weight {
        Weight::from_parts(23_100_000, 0).saturating_add(T::DbWeight::get().reads(5))
    }
    fn on_poll() -> Weight {
        Weight::from_parts(53_301_000, 0)
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().writes(5))
    }
    fn release() -> Weight {
        Weight::from_parts(34_450_000, 0)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn on_finalize() -> Weight {
        Weight::from_parts(83_704_000, 0)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn on_runtime_upgrade() -> Weight {
        Weight::from_parts(1_486_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }
}

/// As measured, on ParityDB; for tests.
impl WeightInfo for () {
    fn heartbeat(n: u32) -> Weight {
        Weight::from_parts(55_615_868, 0)
            .saturating_add(Weight::from_parts(26_147_054, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(29))
            .saturating_add(ParityDbWeight::get().reads(2_u64.saturating_mul(n.into())))
            .saturating_add(ParityDbWeight::get().writes(2))
            .saturating_add(ParityDbWeight::get().writes(2_u64.saturating_mul(n.into())))
    }
    fn authorize_heartbeat(n: u32) -> Weight {
        Weight::from_parts(69_572_925, 0)
            .saturating_add(Weight::from_parts(57_209_464, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(25))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(n.into())))
    }
    fn report_offline() -> Weight {
        Weight::from_parts(50_485_000, 0)
            .saturating_add(ParityDbWeight::get().reads(10))
            .saturating_add(ParityDbWeight::get().writes(3))
    }
    fn authorize_report_offline() -> Weight {
        Weight::from_parts(23_100_000, 0).saturating_add(ParityDbWeight::get().reads(5))
    }
    fn on_poll() -> Weight {
        Weight::from_parts(53_301_000, 0)
            .saturating_add(ParityDbWeight::get().reads(13))
            .saturating_add(ParityDbWeight::get().writes(5))
    }
    fn release() -> Weight {
        Weight::from_parts(34_450_000, 0)
            .saturating_add(ParityDbWeight::get().reads(6))
            .saturating_add(ParityDbWeight::get().writes(4))
    }
    fn on_finalize() -> Weight {
        Weight::from_parts(83_704_000, 0)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(4))
    }
    fn on_runtime_upgrade() -> Weight {
        Weight::from_parts(1_486_000, 0).saturating_add(ParityDbWeight::get().writes(1))
    }
}
