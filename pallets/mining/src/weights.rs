//! Weights of `khala_pallet_mining`. Written by `scripts/weights`: change the benchmarks, not this file.
//!
//! Measured on 2026-11-30 in the runtime's Wasm, at up to 5 values of each component, 16 times at each. Times are
//! those of the computation; each key that is read or written adds the weight of the database. There are no proofs to size.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{constants::ParityDbWeight, Weight},
};

/// What each call and hook costs.
pub trait WeightInfo {
    /// `heartbeat`, `n` from 1 to 64. At least 37.676 us.
    ///
    /// Storage:
    /// - `Attestation::PolicyVersion` (r:1 w:0)
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::IdleSessions` (r:1 w:0)
    /// - `Mining::InTransit` (r:1 w:1)
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::PoolReward` (r:64 w:64)
    /// - `Mining::Ring` (r:21 w:0)
    /// - `Mining::Sessions` (r:64 w:64)
    /// - `Mining::Shares` (r:1 w:1)
    /// - `Mining::VoidBefore` (r:1 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn heartbeat(n: u32) -> Weight;
    /// `authorize_heartbeat`, `n` from 1 to 64. At least 61.541 us.
    ///
    /// Storage:
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::Ring` (r:21 w:0)
    /// - `Mining::Sessions` (r:64 w:0)
    /// - `Mining::VoidBefore` (r:1 w:0)
    /// - `System::BlockHash` (r:1 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn authorize_heartbeat(n: u32) -> Weight;
    /// `report_offline`. At least 61.812 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Decaying` (r:1 w:1)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::Guard` (r:1 w:1)
    /// - `Mining::IdleSessions` (r:1 w:1)
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::Ring` (r:1 w:0)
    /// - `Mining::SessionOf` (r:1 w:0)
    /// - `Mining::Sessions` (r:1 w:1)
    /// - `Mining::Shares` (r:1 w:1)
    /// - `Mining::VoidBefore` (r:1 w:0)
    /// - `Network::SlotMs` (r:1 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn report_offline() -> Weight;
    /// `authorize_report_offline`. At least 16.174 us.
    ///
    /// Storage:
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::Ring` (r:1 w:0)
    /// - `Mining::SessionOf` (r:1 w:0)
    /// - `Mining::Sessions` (r:1 w:0)
    /// - `Mining::VoidBefore` (r:1 w:0)
    fn authorize_report_offline() -> Weight;
    /// `pause`, `b` from 3 to 2001. At least 40.510 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Decaying` (r:1 w:1)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::IdleSessions` (r:1 w:1)
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::Ring` (r:2001 w:0)
    /// - `Mining::SessionOf` (r:1 w:0)
    /// - `Mining::Sessions` (r:1 w:1)
    /// - `Mining::Shares` (r:1 w:1)
    /// - `Mining::VoidBefore` (r:1 w:0)
    /// - `Registry::Workers` (r:1 w:0)
    fn pause(b: u32) -> Weight;
    /// `resume`. At least 17.506 us.
    ///
    /// Storage:
    /// - `Mining::SessionOf` (r:1 w:0)
    /// - `Mining::Sessions` (r:1 w:1)
    /// - `Registry::Workers` (r:1 w:0)
    fn resume() -> Weight;
    /// `set_mining`. At least 7.681 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::NextMining` (r:0 w:1)
    fn set_mining() -> Weight;
    /// `set_economics`. At least 8.463 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::NextEconomics` (r:0 w:1)
    fn set_economics() -> Weight;
    /// `cancel_parameters`. At least 7.661 us.
    ///
    /// Storage:
    /// - `Mining::NextEconomics` (r:1 w:1)
    /// - `Mining::NextMining` (r:1 w:1)
    fn cancel_parameters() -> Weight;
    /// `apply_mining`, `l` from 3 to 2001. At least 13.470 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Mining` (r:1 w:1)
    /// - `Mining::NextEconomics` (r:1 w:0)
    /// - `Mining::NextMining` (r:1 w:1)
    /// - `Mining::Ring` (r:0 w:2001)
    /// - `Mining::VoidBefore` (r:0 w:1)
    fn apply_mining(l: u32) -> Weight;
    /// `apply_economics`. At least 8.493 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:1)
    /// - `Mining::Economics` (r:0 w:1)
    /// - `Mining::NextEconomics` (r:1 w:1)
    /// - `Mining::NextMining` (r:1 w:0)
    fn apply_economics() -> Weight;
    /// `count_returned`. At least 19.249 us.
    ///
    /// Storage:
    /// - `Mining::Guard` (r:1 w:1)
    fn count_returned() -> Weight;
    /// `on_poll`. At least 110.475 us.
    ///
    /// Storage:
    /// - `Babe::AuthorVrfRandomness` (r:1 w:0)
    /// - `Mining::ClockReadings` (r:1 w:1)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::Guard` (r:1 w:1)
    /// - `Mining::IdleSessions` (r:1 w:0)
    /// - `Mining::InTransit` (r:1 w:0)
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::NewestSeed` (r:1 w:1)
    /// - `Mining::NextEconomics` (r:1 w:0)
    /// - `Mining::NextMining` (r:1 w:0)
    /// - `Mining::ReleaseRange` (r:1 w:0)
    /// - `Mining::Releases` (r:1 w:0)
    /// - `Mining::Ring` (r:0 w:1)
    /// - `Mining::Shares` (r:1 w:1)
    /// - `Mining::VoidBefore` (r:0 w:1)
    /// - `Network::SlotMs` (r:1 w:0)
    /// - `System::Account` (r:1 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn on_poll() -> Weight;
    /// `release`. At least 35.593 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::CoolDowns` (r:1 w:1)
    /// - `Mining::Impaired` (r:1 w:0)
    /// - `Mining::ReleaseRange` (r:1 w:1)
    /// - `Mining::Releases` (r:2 w:1)
    /// - `Mining::Sessions` (r:1 w:1)
    /// - `StakePool::Pools` (r:1 w:1)
    /// - `StakePool::Ring` (r:0 w:1)
    /// - `StakePool::RingRange` (r:1 w:1)
    fn release() -> Weight;
    /// `on_finalize`. At least 75.653 us.
    ///
    /// Storage:
    /// - `Mining::InTransit` (r:1 w:1)
    /// - `StakePool::PotTotal` (r:1 w:1)
    /// - `System::Account` (r:3 w:3)
    fn on_finalize() -> Weight;
    /// `on_runtime_upgrade`. At least 0.791 us.
    ///
    /// Storage:
    /// - `Mining::VoidBefore` (r:0 w:1)
    fn on_runtime_upgrade() -> Weight;
}

/// As measured, on the runtime's database.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn heartbeat(n: u32) -> Weight {
        Weight::from_parts(51_781_273, 0)
            .saturating_add(Weight::from_parts(11_843_993, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(30))
            .saturating_add(T::DbWeight::get().reads(2_u64.saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(T::DbWeight::get().writes(2_u64.saturating_mul(n.into())))
    }
    fn authorize_heartbeat(n: u32) -> Weight {
        Weight::from_parts(51_959_490, 0)
            .saturating_add(Weight::from_parts(40_571_720, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(25))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(n.into())))
    }
    fn report_offline() -> Weight {
        Weight::from_parts(66_179_000, 0)
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().writes(5))
    }
    fn authorize_report_offline() -> Weight {
        Weight::from_parts(18_077_000, 0).saturating_add(T::DbWeight::get().reads(5))
    }
    fn pause(b: u32) -> Weight {
        Weight::from_parts(16_491_355, 0)
            .saturating_add(Weight::from_parts(4_229_543, 0).saturating_mul(b.into()))
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(b.into())))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn resume() -> Weight {
        Weight::from_parts(17_907_000, 0)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn set_mining() -> Weight {
        Weight::from_parts(7_942_000, 0)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn set_economics() -> Weight {
        Weight::from_parts(8_823_000, 0)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn cancel_parameters() -> Weight {
        Weight::from_parts(7_982_000, 0)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn apply_mining(l: u32) -> Weight {
        Weight::from_parts(13_631_000, 0)
            .saturating_add(Weight::from_parts(978_104, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(l.into())))
    }
    fn apply_economics() -> Weight {
        Weight::from_parts(8_723_000, 0)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn count_returned() -> Weight {
        Weight::from_parts(19_780_000, 0)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn on_poll() -> Weight {
        Weight::from_parts(123_664_000, 0)
            .saturating_add(T::DbWeight::get().reads(16))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn release() -> Weight {
        Weight::from_parts(41_562_000, 0)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    fn on_finalize() -> Weight {
        Weight::from_parts(77_266_000, 0)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(5))
    }
    fn on_runtime_upgrade() -> Weight {
        Weight::from_parts(902_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }
}

/// As measured, on ParityDB; for tests.
impl WeightInfo for () {
    fn heartbeat(n: u32) -> Weight {
        Weight::from_parts(51_781_273, 0)
            .saturating_add(Weight::from_parts(11_843_993, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(30))
            .saturating_add(ParityDbWeight::get().reads(2_u64.saturating_mul(n.into())))
            .saturating_add(ParityDbWeight::get().writes(2))
            .saturating_add(ParityDbWeight::get().writes(2_u64.saturating_mul(n.into())))
    }
    fn authorize_heartbeat(n: u32) -> Weight {
        Weight::from_parts(51_959_490, 0)
            .saturating_add(Weight::from_parts(40_571_720, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(25))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(n.into())))
    }
    fn report_offline() -> Weight {
        Weight::from_parts(66_179_000, 0)
            .saturating_add(ParityDbWeight::get().reads(13))
            .saturating_add(ParityDbWeight::get().writes(5))
    }
    fn authorize_report_offline() -> Weight {
        Weight::from_parts(18_077_000, 0).saturating_add(ParityDbWeight::get().reads(5))
    }
    fn pause(b: u32) -> Weight {
        Weight::from_parts(16_491_355, 0)
            .saturating_add(Weight::from_parts(4_229_543, 0).saturating_mul(b.into()))
            .saturating_add(ParityDbWeight::get().reads(10))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(b.into())))
            .saturating_add(ParityDbWeight::get().writes(4))
    }
    fn resume() -> Weight {
        Weight::from_parts(17_907_000, 0)
            .saturating_add(ParityDbWeight::get().reads(3))
            .saturating_add(ParityDbWeight::get().writes(1))
    }
    fn set_mining() -> Weight {
        Weight::from_parts(7_942_000, 0)
            .saturating_add(ParityDbWeight::get().reads(2))
            .saturating_add(ParityDbWeight::get().writes(1))
    }
    fn set_economics() -> Weight {
        Weight::from_parts(8_823_000, 0)
            .saturating_add(ParityDbWeight::get().reads(2))
            .saturating_add(ParityDbWeight::get().writes(1))
    }
    fn cancel_parameters() -> Weight {
        Weight::from_parts(7_982_000, 0)
            .saturating_add(ParityDbWeight::get().reads(2))
            .saturating_add(ParityDbWeight::get().writes(2))
    }
    fn apply_mining(l: u32) -> Weight {
        Weight::from_parts(13_631_000, 0)
            .saturating_add(Weight::from_parts(978_104, 0).saturating_mul(l.into()))
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(3))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(l.into())))
    }
    fn apply_economics() -> Weight {
        Weight::from_parts(8_723_000, 0)
            .saturating_add(ParityDbWeight::get().reads(3))
            .saturating_add(ParityDbWeight::get().writes(3))
    }
    fn count_returned() -> Weight {
        Weight::from_parts(19_780_000, 0)
            .saturating_add(ParityDbWeight::get().reads(1))
            .saturating_add(ParityDbWeight::get().writes(1))
    }
    fn on_poll() -> Weight {
        Weight::from_parts(123_664_000, 0)
            .saturating_add(ParityDbWeight::get().reads(16))
            .saturating_add(ParityDbWeight::get().writes(6))
    }
    fn release() -> Weight {
        Weight::from_parts(41_562_000, 0)
            .saturating_add(ParityDbWeight::get().reads(9))
            .saturating_add(ParityDbWeight::get().writes(7))
    }
    fn on_finalize() -> Weight {
        Weight::from_parts(77_266_000, 0)
            .saturating_add(ParityDbWeight::get().reads(5))
            .saturating_add(ParityDbWeight::get().writes(5))
    }
    fn on_runtime_upgrade() -> Weight {
        Weight::from_parts(902_000, 0).saturating_add(ParityDbWeight::get().writes(1))
    }
}
