//! Weights of `khala_pallet_mining`. Written by `scripts/weights`: change the benchmarks, not this file.
//!
//! Measured on 2026-11-22 in the runtime's Wasm, at up to 6 values of each component, 20 times at each. Times are
//! those of the computation; each key that is read or written adds the weight of the database. There are no proofs to size.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{constants::ParityDbWeight, Weight},
};

/// What each call and hook costs.
pub trait WeightInfo {
    /// `heartbeat`, `n` from 1 to 64. At least 50.317 us.
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
    /// `authorize_heartbeat`, `n` from 1 to 64. At least 68.271 us.
    ///
    /// Storage:
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::Ring` (r:21 w:0)
    /// - `Mining::Sessions` (r:64 w:0)
    /// - `Mining::VoidBefore` (r:1 w:0)
    /// - `System::BlockHash` (r:1 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn authorize_heartbeat(n: u32) -> Weight;
    /// `report_offline`. At least 69.851 us.
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
    /// - `Timestamp::Now` (r:1 w:0)
    fn report_offline() -> Weight;
    /// `authorize_report_offline`. At least 20.663 us.
    ///
    /// Storage:
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::Ring` (r:1 w:0)
    /// - `Mining::SessionOf` (r:1 w:0)
    /// - `Mining::Sessions` (r:1 w:0)
    /// - `Mining::VoidBefore` (r:1 w:0)
    fn authorize_report_offline() -> Weight;
    /// `pause`, `b` from 3 to 2001. At least 51.511 us.
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
    /// `resume`. At least 22.673 us.
    ///
    /// Storage:
    /// - `Mining::SessionOf` (r:1 w:0)
    /// - `Mining::Sessions` (r:1 w:1)
    /// - `Registry::Workers` (r:1 w:0)
    fn resume() -> Weight;
    /// `set_mining`. At least 9.764 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::NextMining` (r:0 w:1)
    fn set_mining() -> Weight;
    /// `set_economics`. At least 10.940 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::NextEconomics` (r:0 w:1)
    fn set_economics() -> Weight;
    /// `cancel_parameters`. At least 9.733 us.
    ///
    /// Storage:
    /// - `Mining::NextEconomics` (r:1 w:1)
    /// - `Mining::NextMining` (r:1 w:1)
    fn cancel_parameters() -> Weight;
    /// `apply_mining`, `l` from 3 to 2001. At least 17.762 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Mining` (r:1 w:1)
    /// - `Mining::NextEconomics` (r:1 w:0)
    /// - `Mining::NextMining` (r:1 w:1)
    /// - `Mining::Ring` (r:0 w:2001)
    /// - `Mining::VoidBefore` (r:0 w:1)
    fn apply_mining(l: u32) -> Weight;
    /// `apply_economics`. At least 11.453 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:1)
    /// - `Mining::Economics` (r:0 w:1)
    /// - `Mining::NextEconomics` (r:1 w:1)
    /// - `Mining::NextMining` (r:1 w:0)
    fn apply_economics() -> Weight;
    /// `count_returned`. At least 22.547 us.
    ///
    /// Storage:
    /// - `Mining::Guard` (r:1 w:1)
    fn count_returned() -> Weight;
    /// `on_poll`. At least 121.519 us.
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
    /// `release`. At least 49.446 us.
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
    /// `on_finalize`. At least 88.337 us.
    ///
    /// Storage:
    /// - `Mining::InTransit` (r:1 w:1)
    /// - `StakePool::PotTotal` (r:1 w:1)
    /// - `System::Account` (r:3 w:3)
    fn on_finalize() -> Weight;
    /// `on_runtime_upgrade`. At least 1.511 us.
    ///
    /// Storage:
    /// - `Mining::VoidBefore` (r:0 w:1)
    fn on_runtime_upgrade() -> Weight;
}

/// As measured, on the runtime's database.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn heartbeat(n: u32) -> Weight {
        Weight::from_parts(27_920_024, 0)
            .saturating_add(Weight::from_parts(15_351_534, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(30))
            .saturating_add(T::DbWeight::get().reads(2_u64.saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(T::DbWeight::get().writes(2_u64.saturating_mul(n.into())))
    }
    fn authorize_heartbeat(n: u32) -> Weight {
        Weight::from_parts(73_004_000, 0)
            .saturating_add(Weight::from_parts(66_032_057, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(25))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(n.into())))
    }
    fn report_offline() -> Weight {
        Weight::from_parts(82_724_000, 0)
            .saturating_add(T::DbWeight::get().reads(12))
            .saturating_add(T::DbWeight::get().writes(5))
    }
    fn authorize_report_offline() -> Weight {
        Weight::from_parts(28_468_000, 0).saturating_add(T::DbWeight::get().reads(5))
    }
    fn pause(b: u32) -> Weight {
        Weight::from_parts(55_761_000, 0)
            .saturating_add(Weight::from_parts(9_169_479, 0).saturating_mul(b.into()))
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(b.into())))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn resume() -> Weight {
        Weight::from_parts(26_249_000, 0)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn set_mining() -> Weight {
        Weight::from_parts(10_570_000, 0)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn set_economics() -> Weight {
        Weight::from_parts(11_276_000, 0)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn cancel_parameters() -> Weight {
        Weight::from_parts(10_547_000, 0)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn apply_mining(l: u32) -> Weight {
        Weight::from_parts(18_518_000, 0)
            .saturating_add(Weight::from_parts(1_835_670, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(l.into())))
    }
    fn apply_economics() -> Weight {
        Weight::from_parts(12_066_000, 0)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn count_returned() -> Weight {
        Weight::from_parts(27_256_000, 0)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn on_poll() -> Weight {
        Weight::from_parts(157_356_000, 0)
            .saturating_add(T::DbWeight::get().reads(16))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn release() -> Weight {
        Weight::from_parts(63_506_000, 0)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    fn on_finalize() -> Weight {
        Weight::from_parts(94_998_000, 0)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(5))
    }
    fn on_runtime_upgrade() -> Weight {
        Weight::from_parts(1_715_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }
}

/// As measured, on ParityDB; for tests.
impl WeightInfo for () {
    fn heartbeat(n: u32) -> Weight {
        Weight::from_parts(27_920_024, 0)
            .saturating_add(Weight::from_parts(15_351_534, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(30))
            .saturating_add(ParityDbWeight::get().reads(2_u64.saturating_mul(n.into())))
            .saturating_add(ParityDbWeight::get().writes(2))
            .saturating_add(ParityDbWeight::get().writes(2_u64.saturating_mul(n.into())))
    }
    fn authorize_heartbeat(n: u32) -> Weight {
        Weight::from_parts(73_004_000, 0)
            .saturating_add(Weight::from_parts(66_032_057, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(25))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(n.into())))
    }
    fn report_offline() -> Weight {
        Weight::from_parts(82_724_000, 0)
            .saturating_add(ParityDbWeight::get().reads(12))
            .saturating_add(ParityDbWeight::get().writes(5))
    }
    fn authorize_report_offline() -> Weight {
        Weight::from_parts(28_468_000, 0).saturating_add(ParityDbWeight::get().reads(5))
    }
    fn pause(b: u32) -> Weight {
        Weight::from_parts(55_761_000, 0)
            .saturating_add(Weight::from_parts(9_169_479, 0).saturating_mul(b.into()))
            .saturating_add(ParityDbWeight::get().reads(10))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(b.into())))
            .saturating_add(ParityDbWeight::get().writes(4))
    }
    fn resume() -> Weight {
        Weight::from_parts(26_249_000, 0)
            .saturating_add(ParityDbWeight::get().reads(3))
            .saturating_add(ParityDbWeight::get().writes(1))
    }
    fn set_mining() -> Weight {
        Weight::from_parts(10_570_000, 0)
            .saturating_add(ParityDbWeight::get().reads(2))
            .saturating_add(ParityDbWeight::get().writes(1))
    }
    fn set_economics() -> Weight {
        Weight::from_parts(11_276_000, 0)
            .saturating_add(ParityDbWeight::get().reads(2))
            .saturating_add(ParityDbWeight::get().writes(1))
    }
    fn cancel_parameters() -> Weight {
        Weight::from_parts(10_547_000, 0)
            .saturating_add(ParityDbWeight::get().reads(2))
            .saturating_add(ParityDbWeight::get().writes(2))
    }
    fn apply_mining(l: u32) -> Weight {
        Weight::from_parts(18_518_000, 0)
            .saturating_add(Weight::from_parts(1_835_670, 0).saturating_mul(l.into()))
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(3))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(l.into())))
    }
    fn apply_economics() -> Weight {
        Weight::from_parts(12_066_000, 0)
            .saturating_add(ParityDbWeight::get().reads(3))
            .saturating_add(ParityDbWeight::get().writes(3))
    }
    fn count_returned() -> Weight {
        Weight::from_parts(27_256_000, 0)
            .saturating_add(ParityDbWeight::get().reads(1))
            .saturating_add(ParityDbWeight::get().writes(1))
    }
    fn on_poll() -> Weight {
        Weight::from_parts(157_356_000, 0)
            .saturating_add(ParityDbWeight::get().reads(16))
            .saturating_add(ParityDbWeight::get().writes(6))
    }
    fn release() -> Weight {
        Weight::from_parts(63_506_000, 0)
            .saturating_add(ParityDbWeight::get().reads(9))
            .saturating_add(ParityDbWeight::get().writes(7))
    }
    fn on_finalize() -> Weight {
        Weight::from_parts(94_998_000, 0)
            .saturating_add(ParityDbWeight::get().reads(5))
            .saturating_add(ParityDbWeight::get().writes(5))
    }
    fn on_runtime_upgrade() -> Weight {
        Weight::from_parts(1_715_000, 0).saturating_add(ParityDbWeight::get().writes(1))
    }
}
