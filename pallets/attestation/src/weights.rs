//! Weights of the calls.

use frame_support::weights::{constants::ParityDbWeight, Weight};

/// What each call costs.
pub trait WeightInfo {
    /// `set_policy`.
    fn set_policy() -> Weight;
    /// `allow_measurement`.
    fn allow_measurement() -> Weight;
    /// `deprecate_measurement`.
    fn deprecate_measurement() -> Weight;
    /// `add_trusted_root`.
    fn add_trusted_root() -> Weight;
    /// `remove_trusted_root`.
    fn remove_trusted_root() -> Weight;
    /// `upsert_root_crl`.
    fn upsert_root_crl() -> Weight;
    /// `upsert_pck_crl`.
    fn upsert_pck_crl() -> Weight;
    /// `upsert_tcb_info`.
    fn upsert_tcb_info() -> Weight;
    /// `upsert_qe_identity`.
    fn upsert_qe_identity() -> Weight;
    /// `on_poll`.
    fn on_poll() -> Weight;
}

impl WeightInfo for () {
    fn set_policy() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(2, 2))
    }

    fn allow_measurement() -> Weight {
        Weight::from_parts(50_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(2, 2))
    }

    fn deprecate_measurement() -> Weight {
        Weight::from_parts(50_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(2, 2))
    }

    fn add_trusted_root() -> Weight {
        Weight::from_parts(200_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(2, 2))
    }

    fn remove_trusted_root() -> Weight {
        Weight::from_parts(200_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(2, 2))
    }

    fn upsert_root_crl() -> Weight {
        Weight::from_parts(20_000_000_000, 0)
    }

    fn upsert_pck_crl() -> Weight {
        Weight::from_parts(20_000_000_000, 0)
    }

    fn upsert_tcb_info() -> Weight {
        Weight::from_parts(5_000_000_000, 0)
    }

    fn upsert_qe_identity() -> Weight {
        Weight::from_parts(5_000_000_000, 0)
    }

    fn on_poll() -> Weight {
        Weight::from_parts(20_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(2, 3))
    }
}
