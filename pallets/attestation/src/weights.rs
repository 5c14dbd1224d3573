//! Weights of `khala_pallet_attestation`. Written by `scripts/weights`: change the benchmarks, not this file.
//!
//! Measured on 2026-11-22 in the runtime's Wasm, at up to 3 values of each component, 3 times at each. Times are
//! those of the computation; each key that is read or written adds the weight of the database. There are no proofs to size.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{constants::ParityDbWeight, Weight},
};

/// What each call and hook costs.
pub trait WeightInfo {
    /// `set_policy`. At least 63.427 us.
    ///
    /// Storage:
    /// - `Attestation::NextPolicy` (r:0 w:1)
    /// - `Attestation::Params` (r:1 w:0)
    /// - `Attestation::Policy` (r:1 w:1)
    /// - `Attestation::PolicyVersion` (r:1 w:1)
    /// - `Timestamp::Now` (r:1 w:0)
    fn set_policy() -> Weight;
    /// `allow_measurement`. At least 21.813 us.
    ///
    /// Storage:
    /// - `Attestation::AllowedMeasurements` (r:1 w:1)
    /// - `Attestation::Params` (r:1 w:0)
    /// - `Attestation::PolicyVersion` (r:1 w:1)
    /// - `Timestamp::Now` (r:1 w:0)
    fn allow_measurement() -> Weight;
    /// `deprecate_measurement`. At least 15.022 us.
    ///
    /// Storage:
    /// - `Attestation::AllowedMeasurements` (r:1 w:1)
    /// - `Attestation::PolicyVersion` (r:1 w:1)
    fn deprecate_measurement() -> Weight;
    /// `add_trusted_root`. At least 57.478 us.
    ///
    /// Storage:
    /// - `Attestation::Params` (r:1 w:0)
    /// - `Attestation::PolicyVersion` (r:1 w:1)
    /// - `Attestation::TrustedRoots` (r:1 w:1)
    /// - `Timestamp::Now` (r:1 w:0)
    fn add_trusted_root() -> Weight;
    /// `remove_trusted_root`. At least 47.314 us.
    ///
    /// Storage:
    /// - `Attestation::PolicyVersion` (r:1 w:1)
    /// - `Attestation::TrustedRoots` (r:1 w:1)
    fn remove_trusted_root() -> Weight;
    /// `upsert_root_crl`, `n` from 0 to 2048. At least 753.020 us.
    ///
    /// Storage:
    /// - `Attestation::RevokedByRoot` (r:2048 w:4096)
    /// - `Attestation::RootCrls` (r:1 w:1)
    /// - `Attestation::TrustedRoots` (r:1 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn upsert_root_crl(n: u32) -> Weight;
    /// `upsert_pck_crl`, `n` from 0 to 2048. At least 1422.204 us.
    ///
    /// Storage:
    /// - `Attestation::PckCrls` (r:1 w:1)
    /// - `Attestation::RevokedByCa` (r:2048 w:4096)
    /// - `Attestation::RevokedByRoot` (r:1 w:0)
    /// - `Attestation::TrustedRoots` (r:1 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn upsert_pck_crl(n: u32) -> Weight;
    /// `upsert_tcb_info`. At least 2540.231 us.
    ///
    /// Storage:
    /// - `Attestation::Policy` (r:1 w:0)
    /// - `Attestation::RevokedByRoot` (r:1 w:0)
    /// - `Attestation::TcbInfos` (r:4 w:3)
    /// - `Attestation::TrustedRoots` (r:1 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn upsert_tcb_info() -> Weight;
    /// `upsert_qe_identity`. At least 1581.352 us.
    ///
    /// Storage:
    /// - `Attestation::Policy` (r:1 w:0)
    /// - `Attestation::QeIdentities` (r:4 w:3)
    /// - `Attestation::RevokedByRoot` (r:1 w:0)
    /// - `Attestation::TrustedRoots` (r:1 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn upsert_qe_identity() -> Weight;
    /// `on_poll`. At least 13.674 us.
    ///
    /// Storage:
    /// - `Attestation::NextPolicy` (r:1 w:1)
    /// - `Attestation::Policy` (r:0 w:1)
    /// - `Attestation::PolicyVersion` (r:1 w:1)
    /// - `Timestamp::Now` (r:1 w:0)
    fn on_poll() -> Weight;
}

/// As measured, on the runtime's database.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn set_policy() -> Weight {
        Weight::from_parts(65_141_000, 0)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn allow_measurement() -> Weight {
        Weight::from_parts(22_749_000, 0)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn deprecate_measurement() -> Weight {
        Weight::from_parts(17_575_000, 0)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn add_trusted_root() -> Weight {
        Weight::from_parts(61_788_000, 0)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn remove_trusted_root() -> Weight {
        Weight::from_parts(48_546_000, 0)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn upsert_root_crl(n: u32) -> Weight {
        Weight::from_parts(1_003_825_111, 0)
            .saturating_add(Weight::from_parts(8_636_830, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes(2_u64.saturating_mul(n.into())))
    }
    fn upsert_pck_crl(n: u32) -> Weight {
        Weight::from_parts(1_405_805_777, 0)
            .saturating_add(Weight::from_parts(5_591_899, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes(2_u64.saturating_mul(n.into())))
    }
    fn upsert_tcb_info() -> Weight {
        Weight::from_parts(2_556_396_000, 0)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn upsert_qe_identity() -> Weight {
        Weight::from_parts(1_589_124_000, 0)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn on_poll() -> Weight {
        Weight::from_parts(14_887_000, 0)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
}

/// As measured, on ParityDB; for tests.
impl WeightInfo for () {
    fn set_policy() -> Weight {
        Weight::from_parts(65_141_000, 0)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(3))
    }
    fn allow_measurement() -> Weight {
        Weight::from_parts(22_749_000, 0)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(2))
    }
    fn deprecate_measurement() -> Weight {
        Weight::from_parts(17_575_000, 0)
            .saturating_add(ParityDbWeight::get().reads(2))
            .saturating_add(ParityDbWeight::get().writes(2))
    }
    fn add_trusted_root() -> Weight {
        Weight::from_parts(61_788_000, 0)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(2))
    }
    fn remove_trusted_root() -> Weight {
        Weight::from_parts(48_546_000, 0)
            .saturating_add(ParityDbWeight::get().reads(2))
            .saturating_add(ParityDbWeight::get().writes(2))
    }
    fn upsert_root_crl(n: u32) -> Weight {
        Weight::from_parts(1_003_825_111, 0)
            .saturating_add(Weight::from_parts(8_636_830, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(3))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(n.into())))
            .saturating_add(ParityDbWeight::get().writes(1))
            .saturating_add(ParityDbWeight::get().writes(2_u64.saturating_mul(n.into())))
    }
    fn upsert_pck_crl(n: u32) -> Weight {
        Weight::from_parts(1_405_805_777, 0)
            .saturating_add(Weight::from_parts(5_591_899, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(n.into())))
            .saturating_add(ParityDbWeight::get().writes(1))
            .saturating_add(ParityDbWeight::get().writes(2_u64.saturating_mul(n.into())))
    }
    fn upsert_tcb_info() -> Weight {
        Weight::from_parts(2_556_396_000, 0)
            .saturating_add(ParityDbWeight::get().reads(8))
            .saturating_add(ParityDbWeight::get().writes(3))
    }
    fn upsert_qe_identity() -> Weight {
        Weight::from_parts(1_589_124_000, 0)
            .saturating_add(ParityDbWeight::get().reads(8))
            .saturating_add(ParityDbWeight::get().writes(3))
    }
    fn on_poll() -> Weight {
        Weight::from_parts(14_887_000, 0)
            .saturating_add(ParityDbWeight::get().reads(3))
            .saturating_add(ParityDbWeight::get().writes(3))
    }
}
