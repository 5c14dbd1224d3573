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
    /// `set_policy`. At least 55.575 us.
    ///
    /// Storage:
    /// - `Attestation::NextPolicy` (r:0 w:1)
    /// - `Attestation::Params` (r:1 w:0)
    /// - `Attestation::Policy` (r:1 w:1)
    /// - `Attestation::PolicyVersion` (r:1 w:1)
    /// - `Timestamp::Now` (r:1 w:0)
    fn set_policy() -> Weight;
    /// `allow_measurement`. At least 17.476 us.
    ///
    /// Storage:
    /// - `Attestation::AllowedMeasurements` (r:1 w:1)
    /// - `Attestation::Params` (r:1 w:0)
    /// - `Attestation::PolicyVersion` (r:1 w:1)
    /// - `Timestamp::Now` (r:1 w:0)
    fn allow_measurement() -> Weight;
    /// `deprecate_measurement`. At least 13.774 us.
    ///
    /// Storage:
    /// - `Attestation::AllowedMeasurements` (r:1 w:1)
    /// - `Attestation::PolicyVersion` (r:1 w:1)
    fn deprecate_measurement() -> Weight;
    /// `add_trusted_root`. At least 46.990 us.
    ///
    /// Storage:
    /// - `Attestation::Params` (r:1 w:0)
    /// - `Attestation::PolicyVersion` (r:1 w:1)
    /// - `Attestation::TrustedRoots` (r:1 w:1)
    /// - `Timestamp::Now` (r:1 w:0)
    fn add_trusted_root() -> Weight;
    /// `remove_trusted_root`. At least 37.041 us.
    ///
    /// Storage:
    /// - `Attestation::PolicyVersion` (r:1 w:1)
    /// - `Attestation::TrustedRoots` (r:1 w:1)
    fn remove_trusted_root() -> Weight;
    /// `upsert_root_crl`, `n` from 0 to 2048. At least 668.463 us.
    ///
    /// Storage:
    /// - `Attestation::RevokedByRoot` (r:2048 w:4096)
    /// - `Attestation::RootCrls` (r:1 w:1)
    /// - `Attestation::TrustedRoots` (r:1 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn upsert_root_crl(n: u32) -> Weight;
    /// `upsert_pck_crl`, `n` from 0 to 2048. At least 1334.388 us.
    ///
    /// Storage:
    /// - `Attestation::PckCrls` (r:1 w:1)
    /// - `Attestation::RevokedByCa` (r:2048 w:4096)
    /// - `Attestation::RevokedByRoot` (r:1 w:0)
    /// - `Attestation::TrustedRoots` (r:1 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn upsert_pck_crl(n: u32) -> Weight;
    /// `upsert_tcb_info`. At least 2749.693 us.
    ///
    /// Storage:
    /// - `Attestation::Policy` (r:1 w:0)
    /// - `Attestation::RevokedByRoot` (r:1 w:0)
    /// - `Attestation::TcbInfos` (r:4 w:3)
    /// - `Attestation::TrustedRoots` (r:1 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn upsert_tcb_info() -> Weight;
    /// `upsert_qe_identity`. At least 1693.807 us.
    ///
    /// Storage:
    /// - `Attestation::Policy` (r:1 w:0)
    /// - `Attestation::QeIdentities` (r:4 w:3)
    /// - `Attestation::RevokedByRoot` (r:1 w:0)
    /// - `Attestation::TrustedRoots` (r:1 w:0)
    /// - `Timestamp::Now` (r:1 w:0)
    fn upsert_qe_identity() -> Weight;
    /// `on_poll`. At least 13.892 us.
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
        Weight::from_parts(60_911_000, 0)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn allow_measurement() -> Weight {
        Weight::from_parts(20_211_000, 0)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn deprecate_measurement() -> Weight {
        Weight::from_parts(14_549_000, 0)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn add_trusted_root() -> Weight {
        Weight::from_parts(50_735_000, 0)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn remove_trusted_root() -> Weight {
        Weight::from_parts(43_258_000, 0)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn upsert_root_crl(n: u32) -> Weight {
        Weight::from_parts(628_143_839, 0)
            .saturating_add(Weight::from_parts(6_742_121, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes(2_u64.saturating_mul(n.into())))
    }
    fn upsert_pck_crl(n: u32) -> Weight {
        Weight::from_parts(1_263_552_833, 0)
            .saturating_add(Weight::from_parts(6_043_395, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes(2_u64.saturating_mul(n.into())))
    }
    fn upsert_tcb_info() -> Weight {
        Weight::from_parts(2_933_053_000, 0)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn upsert_qe_identity() -> Weight {
        Weight::from_parts(1_827_510_000, 0)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn on_poll() -> Weight {
        Weight::from_parts(14_822_000, 0)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
}

/// As measured, on ParityDB; for tests.
impl WeightInfo for () {
    fn set_policy() -> Weight {
        Weight::from_parts(60_911_000, 0)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(3))
    }
    fn allow_measurement() -> Weight {
        Weight::from_parts(20_211_000, 0)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(2))
    }
    fn deprecate_measurement() -> Weight {
        Weight::from_parts(14_549_000, 0)
            .saturating_add(ParityDbWeight::get().reads(2))
            .saturating_add(ParityDbWeight::get().writes(2))
    }
    fn add_trusted_root() -> Weight {
        Weight::from_parts(50_735_000, 0)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(2))
    }
    fn remove_trusted_root() -> Weight {
        Weight::from_parts(43_258_000, 0)
            .saturating_add(ParityDbWeight::get().reads(2))
            .saturating_add(ParityDbWeight::get().writes(2))
    }
    fn upsert_root_crl(n: u32) -> Weight {
        Weight::from_parts(628_143_839, 0)
            .saturating_add(Weight::from_parts(6_742_121, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(3))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(n.into())))
            .saturating_add(ParityDbWeight::get().writes(1))
            .saturating_add(ParityDbWeight::get().writes(2_u64.saturating_mul(n.into())))
    }
    fn upsert_pck_crl(n: u32) -> Weight {
        Weight::from_parts(1_263_552_833, 0)
            .saturating_add(Weight::from_parts(6_043_395, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(n.into())))
            .saturating_add(ParityDbWeight::get().writes(1))
            .saturating_add(ParityDbWeight::get().writes(2_u64.saturating_mul(n.into())))
    }
    fn upsert_tcb_info() -> Weight {
        Weight::from_parts(2_933_053_000, 0)
            .saturating_add(ParityDbWeight::get().reads(8))
            .saturating_add(ParityDbWeight::get().writes(3))
    }
    fn upsert_qe_identity() -> Weight {
        Weight::from_parts(1_827_510_000, 0)
            .saturating_add(ParityDbWeight::get().reads(8))
            .saturating_add(ParityDbWeight::get().writes(3))
    }
    fn on_poll() -> Weight {
        Weight::from_parts(14_822_000, 0)
            .saturating_add(ParityDbWeight::get().reads(3))
            .saturating_add(ParityDbWeight::get().writes(3))
    }
}
