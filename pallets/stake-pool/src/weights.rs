//! Weights of the calls.

use frame_support::weights::{constants::ParityDbWeight, Weight};

/// What each call costs.
pub trait WeightInfo {
    /// Creating a pool.
    fn create_pool() -> Weight;
    /// A delegation.
    fn delegate() -> Weight;
    /// Adding a worker.
    fn add_worker() -> Weight;
    /// Removing a worker.
    fn remove_worker() -> Weight;
    /// Starting a worker.
    fn start_worker() -> Weight;
    /// Stopping a worker.
    fn stop_worker() -> Weight;
    /// Paying the commission.
    fn claim_commission() -> Weight;
}

/// Conservative estimates, in the order of comparable calls of the SDK's pallets; a storage access is taken at ParityDB's weight. They are
/// replaced by generated figures when the calls are benchmarked.
impl WeightInfo for () {
    fn create_pool() -> Weight {
        Weight::from_parts(60_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(4, 5))
    }

    fn delegate() -> Weight {
        Weight::from_parts(120_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(8, 8))
    }

    fn add_worker() -> Weight {
        Weight::from_parts(60_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(6, 6))
    }

    fn remove_worker() -> Weight {
        Weight::from_parts(60_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(4, 6))
    }

    fn start_worker() -> Weight {
        Weight::from_parts(120_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(12, 10))
    }

    fn stop_worker() -> Weight {
        Weight::from_parts(150_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(14, 13))
    }

    fn claim_commission() -> Weight {
        Weight::from_parts(120_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(8, 7))
    }
}
