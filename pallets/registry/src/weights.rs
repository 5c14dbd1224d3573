//! Weights of `khala_pallet_registry`. Written by `scripts/weights`: change the benchmarks, not this file.
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
    /// `register_worker`. At least 2233.737 us.
    ///
    /// Storage:
    /// - `Attestation::AllowedMeasurements` (r:1 w:0)
    /// - `Attestation::PckCrls` (r:1 w:0)
    /// - `Attestation::Policy` (r:1 w:0)
    /// - `Attestation::PolicyVersion` (r:1 w:0)
    /// - `Attestation::QeIdentities` (r:1 w:0)
    /// - `Attestation::RevokedByCa` (r:1 w:0)
    /// - `Attestation::RevokedByRoot` (r:3 w:0)
    /// - `Attestation::RootCrls` (r:1 w:0)
    /// - `Attestation::TcbInfos` (r:1 w:0)
    /// - `Attestation::TrustedRoots` (r:1 w:0)
    /// - `Balances::Holds` (r:1 w:1)
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::Ring` (r:1 w:0)
    /// - `Mining::SessionOf` (r:1 w:0)
    /// - `Registry::CounterForWorkers` (r:1 w:1)
    /// - `Registry::Params` (r:1 w:0)
    /// - `Registry::Platforms` (r:1 w:1)
    /// - `Registry::Refusals` (r:0 w:1)
    /// - `Registry::Registrars` (r:1 w:0)
    /// - `Registry::Tombstones` (r:1 w:0)
    /// - `Registry::Workers` (r:1 w:1)
    /// - `System::Account` (r:1 w:1)
    /// - `System::BlockHash` (r:2 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn register_worker() -> Weight;
    /// `register_worker_again`. At least 18.977 us.
    ///
    /// Storage:
    /// - `Registry::Registrars` (r:1 w:0)
    /// - `Registry::Workers` (r:1 w:0)
    fn register_worker_again() -> Weight;
    /// `set_registrar`. At least 6.657 us.
    ///
    /// Storage:
    /// - `Registry::Registrars` (r:0 w:1)
    fn set_registrar() -> Weight;
    /// `retire_worker`. At least 60.488 us.
    ///
    /// Storage:
    /// - `Balances::Holds` (r:1 w:1)
    /// - `Mining::SessionOf` (r:1 w:0)
    /// - `Registry::CounterForWorkers` (r:1 w:1)
    /// - `Registry::Platforms` (r:1 w:1)
    /// - `Registry::Refusals` (r:0 w:1)
    /// - `Registry::Workers` (r:1 w:1)
    /// - `System::Account` (r:1 w:1)
    fn retire_worker() -> Weight;
    /// `benchmark_result`. At least 26.725 us.
    ///
    /// Storage:
    /// - `Network::SlotMs` (r:1 w:0)
    /// - `Registry::Params` (r:1 w:0)
    /// - `Registry::Platforms` (r:1 w:1)
    /// - `Registry::Workers` (r:1 w:1)
    /// - `Timestamp::Now` (r:1 w:0)
    fn benchmark_result() -> Weight;
    /// `authorize_benchmark_result`. At least 56.403 us.
    ///
    /// Storage:
    /// - `Network::SlotMs` (r:1 w:0)
    /// - `Registry::Params` (r:1 w:0)
    /// - `Registry::Workers` (r:1 w:0)
    /// - `System::BlockHash` (r:1 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn authorize_benchmark_result() -> Weight;
    /// `renew_worker`. At least 2147.745 us.
    ///
    /// Storage:
    /// - `Attestation::AllowedMeasurements` (r:1 w:0)
    /// - `Attestation::Params` (r:1 w:0)
    /// - `Attestation::PckCrls` (r:1 w:0)
    /// - `Attestation::Policy` (r:1 w:0)
    /// - `Attestation::PolicyVersion` (r:1 w:0)
    /// - `Attestation::QeIdentities` (r:1 w:0)
    /// - `Attestation::RevokedByCa` (r:1 w:0)
    /// - `Attestation::RevokedByRoot` (r:3 w:0)
    /// - `Attestation::RootCrls` (r:1 w:0)
    /// - `Attestation::TcbInfos` (r:1 w:0)
    /// - `Attestation::TrustedRoots` (r:1 w:0)
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::Ring` (r:1 w:0)
    /// - `Mining::SessionOf` (r:1 w:0)
    /// - `Mining::Sessions` (r:1 w:1)
    /// - `Registry::Params` (r:1 w:0)
    /// - `Registry::Refusals` (r:0 w:1)
    /// - `Registry::Workers` (r:1 w:1)
    /// - `Timestamp::Now` (r:1 w:0)
    fn renew_worker() -> Weight;
    /// `renew_worker_known`. At least 770.550 us.
    ///
    /// Storage:
    /// - `Attestation::AllowedMeasurements` (r:1 w:0)
    /// - `Attestation::Params` (r:1 w:0)
    /// - `Attestation::PckCrls` (r:1 w:0)
    /// - `Attestation::Policy` (r:1 w:0)
    /// - `Attestation::PolicyVersion` (r:1 w:0)
    /// - `Attestation::QeIdentities` (r:1 w:0)
    /// - `Attestation::RevokedByCa` (r:1 w:0)
    /// - `Attestation::RevokedByRoot` (r:3 w:0)
    /// - `Attestation::RootCrls` (r:1 w:0)
    /// - `Attestation::TcbInfos` (r:1 w:0)
    /// - `Attestation::TrustedRoots` (r:1 w:0)
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::Ring` (r:1 w:0)
    /// - `Mining::SessionOf` (r:1 w:0)
    /// - `Mining::Sessions` (r:1 w:1)
    /// - `Registry::Params` (r:1 w:0)
    /// - `Registry::Refusals` (r:0 w:1)
    /// - `Registry::Workers` (r:1 w:1)
    /// - `Timestamp::Now` (r:1 w:0)
    fn renew_worker_known() -> Weight;
    /// `authorize_renew_worker`. At least 86.720 us.
    ///
    /// Storage:
    /// - `Registry::Params` (r:1 w:0)
    /// - `Registry::Workers` (r:1 w:0)
    /// - `System::BlockHash` (r:2 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn authorize_renew_worker() -> Weight;
    /// `reverify_worker`. At least 88.943 us.
    ///
    /// Storage:
    /// - `Attestation::AllowedMeasurements` (r:1 w:0)
    /// - `Attestation::Params` (r:1 w:0)
    /// - `Attestation::PckCrls` (r:1 w:0)
    /// - `Attestation::Policy` (r:1 w:0)
    /// - `Attestation::PolicyVersion` (r:1 w:0)
    /// - `Attestation::QeIdentities` (r:1 w:0)
    /// - `Attestation::RevokedByCa` (r:1 w:0)
    /// - `Attestation::RevokedByRoot` (r:3 w:0)
    /// - `Attestation::RootCrls` (r:1 w:0)
    /// - `Attestation::TcbInfos` (r:1 w:0)
    /// - `Attestation::TrustedRoots` (r:1 w:0)
    /// - `Mining::SessionOf` (r:1 w:0)
    /// - `Mining::Sessions` (r:1 w:1)
    /// - `Registry::Workers` (r:1 w:1)
    /// - `Timestamp::Now` (r:1 w:0)
    fn reverify_worker() -> Weight;
    /// `change_operator`. At least 2376.276 us.
    ///
    /// Storage:
    /// - `Attestation::AllowedMeasurements` (r:1 w:0)
    /// - `Attestation::Params` (r:1 w:0)
    /// - `Attestation::PckCrls` (r:1 w:0)
    /// - `Attestation::Policy` (r:1 w:0)
    /// - `Attestation::PolicyVersion` (r:1 w:0)
    /// - `Attestation::QeIdentities` (r:1 w:0)
    /// - `Attestation::RevokedByCa` (r:1 w:0)
    /// - `Attestation::RevokedByRoot` (r:3 w:0)
    /// - `Attestation::RootCrls` (r:1 w:0)
    /// - `Attestation::TcbInfos` (r:1 w:0)
    /// - `Attestation::TrustedRoots` (r:1 w:0)
    /// - `Balances::Holds` (r:2 w:2)
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::Ring` (r:1 w:0)
    /// - `Mining::SessionOf` (r:1 w:0)
    /// - `Registry::Params` (r:1 w:0)
    /// - `Registry::Refusals` (r:0 w:1)
    /// - `Registry::Registrars` (r:1 w:0)
    /// - `Registry::Workers` (r:1 w:1)
    /// - `System::Account` (r:2 w:2)
    /// - `System::BlockHash` (r:2 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn change_operator() -> Weight;
    /// `rebind_worker`. At least 2240.505 us.
    ///
    /// Storage:
    /// - `Attestation::AllowedMeasurements` (r:1 w:0)
    /// - `Attestation::PckCrls` (r:1 w:0)
    /// - `Attestation::Policy` (r:1 w:0)
    /// - `Attestation::PolicyVersion` (r:1 w:0)
    /// - `Attestation::QeIdentities` (r:1 w:0)
    /// - `Attestation::RevokedByCa` (r:1 w:0)
    /// - `Attestation::RevokedByRoot` (r:3 w:0)
    /// - `Attestation::RootCrls` (r:1 w:0)
    /// - `Attestation::TcbInfos` (r:1 w:0)
    /// - `Attestation::TrustedRoots` (r:1 w:0)
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::IdleSessions` (r:1 w:1)
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::Ring` (r:1 w:0)
    /// - `Mining::SessionOf` (r:2 w:2)
    /// - `Mining::Sessions` (r:1 w:1)
    /// - `Mining::Shares` (r:1 w:1)
    /// - `Registry::CounterForWorkers` (r:1 w:1)
    /// - `Registry::Params` (r:1 w:0)
    /// - `Registry::Platforms` (r:2 w:2)
    /// - `Registry::Refusals` (r:0 w:2)
    /// - `Registry::Registrars` (r:1 w:0)
    /// - `Registry::Tombstones` (r:1 w:1)
    /// - `Registry::Workers` (r:2 w:2)
    /// - `StakePool::PoolWorkers` (r:0 w:2)
    /// - `System::BlockHash` (r:2 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn rebind_worker() -> Weight;
    /// `remove_lapsed_worker`. At least 67.890 us.
    ///
    /// Storage:
    /// - `Balances::Holds` (r:1 w:1)
    /// - `Mining::SessionOf` (r:1 w:0)
    /// - `Registry::CounterForWorkers` (r:1 w:1)
    /// - `Registry::Params` (r:1 w:0)
    /// - `Registry::Platforms` (r:1 w:1)
    /// - `Registry::Refusals` (r:0 w:1)
    /// - `Registry::Workers` (r:1 w:1)
    /// - `System::Account` (r:1 w:1)
    /// - `Timestamp::Now` (r:1 w:0)
    fn remove_lapsed_worker() -> Weight;
}

/// As measured, on the runtime's database.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn register_worker() -> Weight {
        Weight::from_parts(2_348_674_000, 0)
            .saturating_add(T::DbWeight::get().reads(26))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn register_worker_again() -> Weight {
        Weight::from_parts(23_245_000, 0).saturating_add(T::DbWeight::get().reads(2))
    }
    fn set_registrar() -> Weight {
        Weight::from_parts(7_525_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }
    fn retire_worker() -> Weight {
        Weight::from_parts(67_067_000, 0)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn benchmark_result() -> Weight {
        Weight::from_parts(29_212_000, 0)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn authorize_benchmark_result() -> Weight {
        Weight::from_parts(58_826_000, 0).saturating_add(T::DbWeight::get().reads(5))
    }
    fn renew_worker() -> Weight {
        Weight::from_parts(2_250_205_000, 0)
            .saturating_add(T::DbWeight::get().reads(20))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn renew_worker_known() -> Weight {
        Weight::from_parts(804_895_000, 0)
            .saturating_add(T::DbWeight::get().reads(20))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn authorize_renew_worker() -> Weight {
        Weight::from_parts(92_162_000, 0).saturating_add(T::DbWeight::get().reads(5))
    }
    fn reverify_worker() -> Weight {
        Weight::from_parts(103_165_000, 0)
            .saturating_add(T::DbWeight::get().reads(17))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn change_operator() -> Weight {
        Weight::from_parts(2_450_504_000, 0)
            .saturating_add(T::DbWeight::get().reads(26))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn rebind_worker() -> Weight {
        Weight::from_parts(2_373_139_000, 0)
            .saturating_add(T::DbWeight::get().reads(32))
            .saturating_add(T::DbWeight::get().writes(15))
    }
    fn remove_lapsed_worker() -> Weight {
        Weight::from_parts(73_766_000, 0)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(6))
    }
}

/// As measured, on ParityDB; for tests.
impl WeightInfo for () {
    fn register_worker() -> Weight {
        Weight::from_parts(2_348_674_000, 0)
            .saturating_add(ParityDbWeight::get().reads(26))
            .saturating_add(ParityDbWeight::get().writes(6))
    }
    fn register_worker_again() -> Weight {
        Weight::from_parts(23_245_000, 0).saturating_add(ParityDbWeight::get().reads(2))
    }
    fn set_registrar() -> Weight {
        Weight::from_parts(7_525_000, 0).saturating_add(ParityDbWeight::get().writes(1))
    }
    fn retire_worker() -> Weight {
        Weight::from_parts(67_067_000, 0)
            .saturating_add(ParityDbWeight::get().reads(6))
            .saturating_add(ParityDbWeight::get().writes(6))
    }
    fn benchmark_result() -> Weight {
        Weight::from_parts(29_212_000, 0)
            .saturating_add(ParityDbWeight::get().reads(5))
            .saturating_add(ParityDbWeight::get().writes(2))
    }
    fn authorize_benchmark_result() -> Weight {
        Weight::from_parts(58_826_000, 0).saturating_add(ParityDbWeight::get().reads(5))
    }
    fn renew_worker() -> Weight {
        Weight::from_parts(2_250_205_000, 0)
            .saturating_add(ParityDbWeight::get().reads(20))
            .saturating_add(ParityDbWeight::get().writes(3))
    }
    fn renew_worker_known() -> Weight {
        Weight::from_parts(804_895_000, 0)
            .saturating_add(ParityDbWeight::get().reads(20))
            .saturating_add(ParityDbWeight::get().writes(3))
    }
    fn authorize_renew_worker() -> Weight {
        Weight::from_parts(92_162_000, 0).saturating_add(ParityDbWeight::get().reads(5))
    }
    fn reverify_worker() -> Weight {
        Weight::from_parts(103_165_000, 0)
            .saturating_add(ParityDbWeight::get().reads(17))
            .saturating_add(ParityDbWeight::get().writes(2))
    }
    fn change_operator() -> Weight {
        Weight::from_parts(2_450_504_000, 0)
            .saturating_add(ParityDbWeight::get().reads(26))
            .saturating_add(ParityDbWeight::get().writes(6))
    }
    fn rebind_worker() -> Weight {
        Weight::from_parts(2_373_139_000, 0)
            .saturating_add(ParityDbWeight::get().reads(32))
            .saturating_add(ParityDbWeight::get().writes(15))
    }
    fn remove_lapsed_worker() -> Weight {
        Weight::from_parts(73_766_000, 0)
            .saturating_add(ParityDbWeight::get().reads(8))
            .saturating_add(ParityDbWeight::get().writes(6))
    }
}
