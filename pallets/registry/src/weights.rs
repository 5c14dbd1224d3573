//! Weights of `khala_pallet_registry`. Written by `scripts/weights`: change the benchmarks, not this file.
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
    /// `register_worker`. At least 2271.965 us.
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
    /// - `Registry::FormerChanges` (r:1 w:0)
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
    /// `register_worker_again`. At least 22.676 us.
    ///
    /// Storage:
    /// - `Registry::Registrars` (r:1 w:0)
    /// - `Registry::Workers` (r:1 w:0)
    fn register_worker_again() -> Weight;
    /// `set_registrar`. At least 7.212 us.
    ///
    /// Storage:
    /// - `Registry::Registrars` (r:0 w:1)
    fn set_registrar() -> Weight;
    /// `retire_worker`. At least 68.178 us.
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
    /// `benchmark_result`. At least 30.293 us.
    ///
    /// Storage:
    /// - `Mining::SessionOf` (r:1 w:0)
    /// - `Network::SlotMs` (r:1 w:0)
    /// - `Registry::Params` (r:1 w:0)
    /// - `Registry::Platforms` (r:1 w:1)
    /// - `Registry::Workers` (r:1 w:1)
    /// - `Timestamp::Now` (r:1 w:0)
    fn benchmark_result() -> Weight;
    /// `authorize_benchmark_result`. At least 57.146 us.
    ///
    /// Storage:
    /// - `Network::SlotMs` (r:1 w:0)
    /// - `Registry::Params` (r:1 w:0)
    /// - `Registry::Workers` (r:1 w:0)
    /// - `System::BlockHash` (r:1 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn authorize_benchmark_result() -> Weight;
    /// `renew_worker`. At least 2187.276 us.
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
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::IdleSessions` (r:1 w:1)
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::Ring` (r:1 w:0)
    /// - `Mining::SessionOf` (r:1 w:0)
    /// - `Mining::Sessions` (r:1 w:1)
    /// - `Mining::Shares` (r:1 w:1)
    /// - `Registry::Params` (r:1 w:0)
    /// - `Registry::Refusals` (r:0 w:1)
    /// - `Registry::Workers` (r:1 w:1)
    /// - `Timestamp::Now` (r:1 w:0)
    fn renew_worker() -> Weight;
    /// `renew_worker_known`. At least 779.111 us.
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
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::IdleSessions` (r:1 w:1)
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::Ring` (r:1 w:0)
    /// - `Mining::SessionOf` (r:1 w:0)
    /// - `Mining::Sessions` (r:1 w:1)
    /// - `Mining::Shares` (r:1 w:1)
    /// - `Registry::Params` (r:1 w:0)
    /// - `Registry::Refusals` (r:0 w:1)
    /// - `Registry::Workers` (r:1 w:1)
    /// - `Timestamp::Now` (r:1 w:0)
    fn renew_worker_known() -> Weight;
    /// `authorize_renew_worker`. At least 87.084 us.
    ///
    /// Storage:
    /// - `Registry::Params` (r:1 w:0)
    /// - `Registry::Workers` (r:1 w:0)
    /// - `System::BlockHash` (r:2 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn authorize_renew_worker() -> Weight;
    /// `reverify_worker`. At least 86.834 us.
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
    /// `change_operator`. At least 2388.279 us.
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
    /// `rebind_worker`. At least 2287.663 us.
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
    /// - `Mining::Decaying` (r:1 w:1)
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
    /// - `StakePool::PoolWorkers` (r:1 w:1)
    /// - `System::BlockHash` (r:2 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn rebind_worker() -> Weight;
    /// `remove_lapsed_worker`. At least 69.848 us.
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
        Weight::from_parts(6_334_121_000, 0)
            .saturating_add(T::DbWeight::get().reads(27))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn register_worker_again() -> Weight {
        Weight::from_parts(24_640_000, 0).saturating_add(T::DbWeight::get().reads(2))
    }
    fn set_registrar() -> Weight {
        Weight::from_parts(8_764_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }
    fn retire_worker() -> Weight {
        Weight::from_parts(80_876_000, 0)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn benchmark_result() -> Weight {
        Weight::from_parts(35_052_000, 0)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn authorize_benchmark_result() -> Weight {
        Weight::from_parts(72_556_000, 0).saturating_add(T::DbWeight::get().reads(5))
    }
    fn renew_worker() -> Weight {
        Weight::from_parts(2_276_062_000, 0)
            .saturating_add(T::DbWeight::get().reads(24))
            .saturating_add(T::DbWeight::get().writes(5))
    }
    fn renew_worker_known() -> Weight {
        Weight::from_parts(801_087_000, 0)
            .saturating_add(T::DbWeight::get().reads(24))
            .saturating_add(T::DbWeight::get().writes(5))
    }
    fn authorize_renew_worker() -> Weight {
        Weight::from_parts(96_689_000, 0).saturating_add(T::DbWeight::get().reads(5))
    }
    fn reverify_worker() -> Weight {
        Weight::from_parts(100_113_000, 0)
            .saturating_add(T::DbWeight::get().reads(17))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn change_operator() -> Weight {
        Weight::from_parts(2_480_523_000, 0)
            .saturating_add(T::DbWeight::get().reads(26))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn rebind_worker() -> Weight {
        Weight::from_parts(2_839_571_000, 0)
            .saturating_add(T::DbWeight::get().reads(34))
            .saturating_add(T::DbWeight::get().writes(15))
    }
    fn remove_lapsed_worker() -> Weight {
        Weight::from_parts(83_144_000, 0)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(6))
    }
}

/// As measured, on ParityDB; for tests.
impl WeightInfo for () {
    fn register_worker() -> Weight {
        Weight::from_parts(6_334_121_000, 0)
            .saturating_add(ParityDbWeight::get().reads(27))
            .saturating_add(ParityDbWeight::get().writes(6))
    }
    fn register_worker_again() -> Weight {
        Weight::from_parts(24_640_000, 0).saturating_add(ParityDbWeight::get().reads(2))
    }
    fn set_registrar() -> Weight {
        Weight::from_parts(8_764_000, 0).saturating_add(ParityDbWeight::get().writes(1))
    }
    fn retire_worker() -> Weight {
        Weight::from_parts(80_876_000, 0)
            .saturating_add(ParityDbWeight::get().reads(6))
            .saturating_add(ParityDbWeight::get().writes(6))
    }
    fn benchmark_result() -> Weight {
        Weight::from_parts(35_052_000, 0)
            .saturating_add(ParityDbWeight::get().reads(6))
            .saturating_add(ParityDbWeight::get().writes(2))
    }
    fn authorize_benchmark_result() -> Weight {
        Weight::from_parts(72_556_000, 0).saturating_add(ParityDbWeight::get().reads(5))
    }
    fn renew_worker() -> Weight {
        Weight::from_parts(2_276_062_000, 0)
            .saturating_add(ParityDbWeight::get().reads(24))
            .saturating_add(ParityDbWeight::get().writes(5))
    }
    fn renew_worker_known() -> Weight {
        Weight::from_parts(801_087_000, 0)
            .saturating_add(ParityDbWeight::get().reads(24))
            .saturating_add(ParityDbWeight::get().writes(5))
    }
    fn authorize_renew_worker() -> Weight {
        Weight::from_parts(96_689_000, 0).saturating_add(ParityDbWeight::get().reads(5))
    }
    fn reverify_worker() -> Weight {
        Weight::from_parts(100_113_000, 0)
            .saturating_add(ParityDbWeight::get().reads(17))
            .saturating_add(ParityDbWeight::get().writes(2))
    }
    fn change_operator() -> Weight {
        Weight::from_parts(2_480_523_000, 0)
            .saturating_add(ParityDbWeight::get().reads(26))
            .saturating_add(ParityDbWeight::get().writes(6))
    }
    fn rebind_worker() -> Weight {
        Weight::from_parts(2_839_571_000, 0)
            .saturating_add(ParityDbWeight::get().reads(34))
            .saturating_add(ParityDbWeight::get().writes(15))
    }
    fn remove_lapsed_worker() -> Weight {
        Weight::from_parts(83_144_000, 0)
            .saturating_add(ParityDbWeight::get().reads(8))
            .saturating_add(ParityDbWeight::get().writes(6))
    }
}
