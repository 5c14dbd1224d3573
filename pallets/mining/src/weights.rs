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
    /// `heartbeat`, `n` from 1 to 64. At least 46.979 us.
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
    /// `authorize_heartbeat`, `n` from 1 to 64. At least 66.403 us.
    ///
    /// Storage:
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::Ring` (r:21 w:0)
    /// - `Mining::Sessions` (r:64 w:0)
    /// - `Mining::VoidBefore` (r:1 w:0)
    /// - `System::BlockHash` (r:1 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn authorize_heartbeat(n: u32) -> Weight;
    /// `report_offline`. At least 49.605 us.
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
    /// `authorize_report_offline`. At least 24.383 us.
    ///
    /// Storage:
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::Ring` (r:1 w:0)
    /// - `Mining::SessionOf` (r:1 w:0)
    /// - `Mining::Sessions` (r:1 w:0)
    /// - `Mining::VoidBefore` (r:1 w:0)
    fn authorize_report_offline() -> Weight;
    /// `on_poll`. At least 56.465 us.
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
    /// `release`. At least 36.815 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::ReleaseRange` (r:1 w:1)
    /// - `Mining::Releases` (r:2 w:1)
    /// - `Mining::Sessions` (r:1 w:1)
    /// - `StakePool::Pools` (r:1 w:1)
    fn release() -> Weight;
    /// `on_finalize`. At least 97.149 us.
    ///
    /// Storage:
    /// - `Mining::InTransit` (r:1 w:1)
    /// - `System::Account` (r:3 w:3)
    fn on_finalize() -> Weight;
    /// `on_runtime_upgrade`. At least 1.461 us.
    ///
    /// Storage:
    /// - `Mining::VoidBefore` (r:0 w:1)
    fn on_runtime_upgrade() -> Weight;
    /// `pause`.
    fn pause(b: u32) -> Weight;
    /// `resume`.
    fn resume() -> Weight;
    /// `set_mining`.
    fn set_mining() -> Weight;
    /// `set_economics`.
    fn set_economics() -> Weight;
    /// `cancel_parameters`.
    fn cancel_parameters() -> Weight;
    /// `apply_mining`.
    fn apply_mining(l: u32) -> Weight;
    /// `apply_economics`.
    fn apply_economics() -> Weight;
    /// `count_returned`.
    fn count_returned() -> Weight;
}

/// As measured, on the runtime's database.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn heartbeat(n: u32) -> Weight {
        Weight::from_parts(50_447_188, 0)
            .saturating_add(Weight::from_parts(23_349_113, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(29))
            .saturating_add(T::DbWeight::get().reads(2_u64.saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(T::DbWeight::get().writes(2_u64.saturating_mul(n.into())))
    }
    fn authorize_heartbeat(n: u32) -> Weight {
        Weight::from_parts(33_453_950, 0)
            .saturating_add(Weight::from_parts(58_565_161, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(25))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(n.into())))
    }
    fn report_offline() -> Weight {
        Weight::from_parts(55_460_000, 0)
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn authorize_report_offline() -> Weight {
        Weight::from_parts(25_944_000, 0).saturating_add(T::DbWeight::get().reads(5))
    }
    fn on_poll() -> Weight {
        Weight::from_parts(61_407_000, 0)
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().writes(5))
    }
    fn release() -> Weight {
        Weight::from_parts(40_677_000, 0)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn on_finalize() -> Weight {
        Weight::from_parts(99_209_000, 0)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn on_runtime_upgrade() -> Weight {
        Weight::from_parts(1_636_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }
    fn pause(b: u32) -> Weight {
        Weight::from_parts(60_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(14))
            .saturating_add(T::DbWeight::get().writes(u64::from(b).saturating_add(8)))
    }
    fn resume() -> Weight {
        Weight::from_parts(60_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(14))
            .saturating_add(T::DbWeight::get().writes(8))
    }
    fn set_mining() -> Weight {
        Weight::from_parts(60_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(14))
            .saturating_add(T::DbWeight::get().writes(8))
    }
    fn set_economics() -> Weight {
        Weight::from_parts(60_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(14))
            .saturating_add(T::DbWeight::get().writes(8))
    }
    fn cancel_parameters() -> Weight {
        Weight::from_parts(60_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(14))
            .saturating_add(T::DbWeight::get().writes(8))
    }
    fn apply_mining(l: u32) -> Weight {
        Weight::from_parts(60_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(14))
            .saturating_add(T::DbWeight::get().writes(u64::from(l).saturating_add(8)))
    }
    fn apply_economics() -> Weight {
        Weight::from_parts(60_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(14))
            .saturating_add(T::DbWeight::get().writes(8))
    }
    fn count_returned() -> Weight {
        Weight::from_parts(10_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
}

/// As measured, on ParityDB; for tests.
impl WeightInfo for () {
    fn heartbeat(n: u32) -> Weight {
        Weight::from_parts(50_447_188, 0)
            .saturating_add(Weight::from_parts(23_349_113, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(29))
            .saturating_add(ParityDbWeight::get().reads(2_u64.saturating_mul(n.into())))
            .saturating_add(ParityDbWeight::get().writes(2))
            .saturating_add(ParityDbWeight::get().writes(2_u64.saturating_mul(n.into())))
    }
    fn authorize_heartbeat(n: u32) -> Weight {
        Weight::from_parts(33_453_950, 0)
            .saturating_add(Weight::from_parts(58_565_161, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(25))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(n.into())))
    }
    fn report_offline() -> Weight {
        Weight::from_parts(55_460_000, 0)
            .saturating_add(ParityDbWeight::get().reads(10))
            .saturating_add(ParityDbWeight::get().writes(3))
    }
    fn authorize_report_offline() -> Weight {
        Weight::from_parts(25_944_000, 0).saturating_add(ParityDbWeight::get().reads(5))
    }
    fn on_poll() -> Weight {
        Weight::from_parts(61_407_000, 0)
            .saturating_add(ParityDbWeight::get().reads(13))
            .saturating_add(ParityDbWeight::get().writes(5))
    }
    fn release() -> Weight {
        Weight::from_parts(40_677_000, 0)
            .saturating_add(ParityDbWeight::get().reads(6))
            .saturating_add(ParityDbWeight::get().writes(4))
    }
    fn on_finalize() -> Weight {
        Weight::from_parts(99_209_000, 0)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(4))
    }
    fn on_runtime_upgrade() -> Weight {
        Weight::from_parts(1_636_000, 0).saturating_add(ParityDbWeight::get().writes(1))
    }
    fn pause(b: u32) -> Weight {
        Weight::from_parts(60_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads(14))
            .saturating_add(ParityDbWeight::get().writes(u64::from(b).saturating_add(8)))
    }
    fn resume() -> Weight {
        Weight::from_parts(60_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads(14))
            .saturating_add(ParityDbWeight::get().writes(8))
    }
    fn set_mining() -> Weight {
        Weight::from_parts(60_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads(14))
            .saturating_add(ParityDbWeight::get().writes(8))
    }
    fn set_economics() -> Weight {
        Weight::from_parts(60_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads(14))
            .saturating_add(ParityDbWeight::get().writes(8))
    }
    fn cancel_parameters() -> Weight {
        Weight::from_parts(60_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads(14))
            .saturating_add(ParityDbWeight::get().writes(8))
    }
    fn apply_mining(l: u32) -> Weight {
        Weight::from_parts(60_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads(14))
            .saturating_add(ParityDbWeight::get().writes(u64::from(l).saturating_add(8)))
    }
    fn apply_economics() -> Weight {
        Weight::from_parts(60_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads(14))
            .saturating_add(ParityDbWeight::get().writes(8))
    }
    fn count_returned() -> Weight {
        Weight::from_parts(10_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads(1))
            .saturating_add(ParityDbWeight::get().writes(1))
    }
}
