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
}
