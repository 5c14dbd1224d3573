//! Weights of the calls and hooks.

use frame_support::weights::{constants::ParityDbWeight, Weight};

/// What each call and hook costs.
pub trait WeightInfo {
    /// The body of a batch of `n` heartbeats.
    fn heartbeat(n: u32) -> Weight;
    /// The authorisation of a batch of `n` heartbeats.
    fn authorize_heartbeat(n: u32) -> Weight;
    /// The body of an offline report.
    fn report_offline() -> Weight;
    /// The authorisation of an offline report.
    fn authorize_report_offline() -> Weight;
    /// Clocks, accrual and challenge of a block.
    fn on_poll() -> Weight;
    /// One released principal.
    fn release() -> Weight;
    /// Moving a block's rewards.
    fn on_finalize() -> Weight;
}

/// Conservative estimates from the prototype's measurements: an sr25519 verification takes 37 us in Wasm, a storage access is taken at
/// ParityDB's weight. They are replaced by generated figures when the calls are benchmarked.
impl WeightInfo for () {
    fn heartbeat(n: u32) -> Weight {
        let each = Weight::from_parts(25_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(3, 2));
        Weight::from_parts(30_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads_writes(6, 4))
            .saturating_add(each.saturating_mul(n.into()))
    }

    fn authorize_heartbeat(n: u32) -> Weight {
        let each = Weight::from_parts(50_000_000, 0).saturating_add(ParityDbWeight::get().reads(2));
        Weight::from_parts(50_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(each.saturating_mul(n.into()))
    }

    fn report_offline() -> Weight {
        Weight::from_parts(50_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(9, 5))
    }

    fn authorize_report_offline() -> Weight {
        Weight::from_parts(30_000_000, 0).saturating_add(ParityDbWeight::get().reads(5))
    }

    fn on_poll() -> Weight {
        Weight::from_parts(60_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(12, 6))
    }

    fn release() -> Weight {
        Weight::from_parts(40_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(4, 5))
    }

    fn on_finalize() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(4, 4))
    }
}
