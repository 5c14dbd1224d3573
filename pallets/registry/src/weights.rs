//! Weights of the calls.

use frame_support::weights::{constants::ParityDbWeight, Weight};

/// What each call costs.
pub trait WeightInfo {
    /// `register_worker`, first registration or renewal.
    fn register_worker() -> Weight;
    /// `register_worker` with what is stored already.
    fn register_worker_again() -> Weight;
    /// `set_registrar`.
    fn set_registrar() -> Weight;
    /// `retire_worker`.
    fn retire_worker() -> Weight;
    /// `benchmark_result`.
    fn benchmark_result() -> Weight;
    /// What comes before `benchmark_result`: state, then one signature.
    fn authorize_benchmark_result() -> Weight;
    /// `renew_worker`, with other certification bytes than those stored.
    fn renew_worker() -> Weight;
    /// What comes before `renew_worker`: state, then one signature.
    fn authorize_renew_worker() -> Weight;
    /// `reverify_worker`; also what a heartbeat under another policy costs more.
    fn reverify_worker() -> Weight;
    /// `change_operator`.
    fn change_operator() -> Weight;
    /// `rebind_worker`.
    fn rebind_worker() -> Weight;
    /// `remove_lapsed_worker`.
    fn remove_lapsed_worker() -> Weight;
}

impl WeightInfo for () {
    fn register_worker() -> Weight {
        Weight::from_parts(15_000_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(14, 5))
    }

    fn register_worker_again() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(ParityDbWeight::get().reads(3))
    }

    fn set_registrar() -> Weight {
        Weight::from_parts(50_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(1, 1))
    }

    fn retire_worker() -> Weight {
        Weight::from_parts(150_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(6, 5))
    }

    fn benchmark_result() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(5, 2))
    }

    fn authorize_benchmark_result() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(ParityDbWeight::get().reads(4))
    }

    fn renew_worker() -> Weight {
        Self::register_worker()
    }

    fn authorize_renew_worker() -> Weight {
        Self::authorize_benchmark_result()
    }

    fn reverify_worker() -> Weight {
        Weight::from_parts(300_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(14, 3))
    }

    fn change_operator() -> Weight {
        Self::register_worker()
    }

    fn rebind_worker() -> Weight {
        Self::register_worker()
    }

    fn remove_lapsed_worker() -> Weight {
        Self::retire_worker()
    }
}
