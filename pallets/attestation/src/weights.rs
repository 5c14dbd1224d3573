//! Weights of `khala_pallet_attestation`. Written by `scripts/weights`: change the benchmarks, not this file.
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
    /// `set_policy`. At least 50.875 us.
    ///
    /// Storage:
    /// - `Attestation::NextPolicy` (r:0 w:1)
    /// - `Attestation::Params` (r:1 w:0)
    /// - `Attestation::Policy` (r:1 w:1)
    /// - `Attestation::PolicyVersion` (r:1 w:1)
    /// - `Timestamp::Now` (r:1 w:0)
    fn set_policy() -> Weight;
    /// `allow_measurement`. At least 19.811 us.
    ///
    /// Storage:
    /// - `Attestation::AllowedMeasurements` (r:1 w:1)
    /// - `Attestation::Params` (r:1 w:0)
    /// - `Attestation::PolicyVersion` (r:1 w:1)
    /// - `Timestamp::Now` (r:1 w:0)
    fn allow_measurement() -> Weight;
    /// `deprecate_measurement`. At least 11.516 us.
    ///
    /// Storage:
    /// - `Attestation::AllowedMeasurements` (r:1 w:1)
    /// - `Attestation::PolicyVersion` (r:1 w:1)
    fn deprecate_measurement() -> Weight;
    /// `add_trusted_root`. At least 42.199 us.
    ///
    /// Storage:
    /// - `Attestation::Params` (r:1 w:0)
    /// - `Attestation::PolicyVersion` (r:1 w:1)
    /// - `Attestation::TrustedRoots` (r:1 w:1)
    /// - `Timestamp::Now` (r:1 w:0)
    fn add_trusted_root() -> Weight;
    /// `remove_trusted_root`. At least 37.899 us.
    ///
    /// Storage:
    /// - `Attestation::PolicyVersion` (r:1 w:1)
    /// - `Attestation::TrustedRoots` (r:1 w:1)
    fn remove_trusted_root() -> Weight;
    /// `upsert_root_crl`, `n` from 0 to 2048. At least 671.944 us.
    ///
    /// Storage:
    /// - `Attestation::RevokedByRoot` (r:2048 w:4096)
    /// - `Attestation::RootCrls` (r:1 w:1)
    /// - `Attestation::TrustedRoots` (r:1 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn upsert_root_crl(n: u32) -> Weight;
    /// `upsert_pck_crl`, `n` from 0 to 2048. At least 1359.026 us.
    ///
    /// Storage:
    /// - `Attestation::PckCrls` (r:1 w:1)
    /// - `Attestation::RevokedByCa` (r:2048 w:4096)
    /// - `Attestation::RevokedByRoot` (r:1 w:0)
    /// - `Attestation::TrustedRoots` (r:1 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn upsert_pck_crl(n: u32) -> Weight;
    /// `upsert_tcb_info`. At least 2468.456 us.
    ///
    /// Storage:
    /// - `Attestation::Policy` (r:1 w:0)
    /// - `Attestation::RevokedByRoot` (r:1 w:0)
    /// - `Attestation::TcbInfos` (r:4 w:3)
    /// - `Attestation::TrustedRoots` (r:1 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn upsert_tcb_info() -> Weight;
    /// `upsert_qe_identity`. At least 1522.506 us.
    ///
    /// Storage:
    /// - `Attestation::Policy` (r:1 w:0)
    /// - `Attestation::QeIdentities` (r:4 w:3)
    /// - `Attestation::RevokedByRoot` (r:1 w:0)
    /// - `Attestation::TrustedRoots` (r:1 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn upsert_qe_identity() -> Weight;
    /// `on_poll`. At least 13.070 us.
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
        Weight::from_parts(52_668_000, 0)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn allow_measurement() -> Weight {
        Weight::from_parts(20_879_000, 0)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn deprecate_measurement() -> Weight {
        Weight::from_parts(12_256_000, 0)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn add_trusted_root() -> Weight {
        Weight::from_parts(43_509_000, 0)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn remove_trusted_root() -> Weight {
        Weight::from_parts(38_731_000, 0)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn upsert_root_crl(n: u32) -> Weight {
        Weight::from_parts(379_323_272, 0)
            .saturating_add(Weight::from_parts(6_802_400, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes(2_u64.saturating_mul(n.into())))
    }
    fn upsert_pck_crl(n: u32) -> Weight {
        Weight::from_parts(1_489_456_914, 0)
            .saturating_add(Weight::from_parts(5_491_902, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes(2_u64.saturating_mul(n.into())))
    }
    fn upsert_tcb_info() -> Weight {
        Weight::from_parts(2_594_954_000, 0)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn upsert_qe_identity() -> Weight {
        Weight::from_parts(1_651_379_000, 0)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn on_poll() -> Weight {
        Weight::from_parts(13_872_000, 0)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
}

/// As measured, on ParityDB; for tests.
impl WeightInfo for () {
    fn set_policy() -> Weight {
        Weight::from_parts(52_668_000, 0)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(3))
    }
    fn allow_measurement() -> Weight {
        Weight::from_parts(20_879_000, 0)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(2))
    }
    fn deprecate_measurement() -> Weight {
        Weight::from_parts(12_256_000, 0)
            .saturating_add(ParityDbWeight::get().reads(2))
            .saturating_add(ParityDbWeight::get().writes(2))
    }
    fn add_trusted_root() -> Weight {
        Weight::from_parts(43_509_000, 0)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(2))
    }
    fn remove_trusted_root() -> Weight {
        Weight::from_parts(38_731_000, 0)
            .saturating_add(ParityDbWeight::get().reads(2))
            .saturating_add(ParityDbWeight::get().writes(2))
    }
    fn upsert_root_crl(n: u32) -> Weight {
        Weight::from_parts(379_323_272, 0)
            .saturating_add(Weight::from_parts(6_802_400, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(3))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(n.into())))
            .saturating_add(ParityDbWeight::get().writes(1))
            .saturating_add(ParityDbWeight::get().writes(2_u64.saturating_mul(n.into())))
    }
    fn upsert_pck_crl(n: u32) -> Weight {
        Weight::from_parts(1_489_456_914, 0)
            .saturating_add(Weight::from_parts(5_491_902, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(n.into())))
            .saturating_add(ParityDbWeight::get().writes(1))
            .saturating_add(ParityDbWeight::get().writes(2_u64.saturating_mul(n.into())))
    }
    fn upsert_tcb_info() -> Weight {
        Weight::from_parts(2_594_954_000, 0)
            .saturating_add(ParityDbWeight::get().reads(8))
            .saturating_add(ParityDbWeight::get().writes(3))
    }
    fn upsert_qe_identity() -> Weight {
        Weight::from_parts(1_651_379_000, 0)
            .saturating_add(ParityDbWeight::get().reads(8))
            .saturating_add(ParityDbWeight::get().writes(3))
    }
    fn on_poll() -> Weight {
        Weight::from_parts(13_872_000, 0)
            .saturating_add(ParityDbWeight::get().reads(3))
            .saturating_add(ParityDbWeight::get().writes(3))
    }
}
