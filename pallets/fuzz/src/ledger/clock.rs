//! The chain's time as this ledger counts it.

use khala_pallet_mining::MiningParameters;
use khala_primitives::BlockNumber;

/// The two clocks, and what they are read by.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    pub(crate) block: BlockNumber,
    /// Seconds since 1970.
    pub(crate) now_secs: u64,
    /// Reading of the credited clock.
    pub(crate) credited: u64,
    /// Reading of the decaying clock, with its fraction.
    pub(crate) decaying: f64,
    /// ln of what a second of the decaying clock leaves, for ever.
    pub(crate) base: f64,
    /// Seconds of the decaying clock in a second of time.
    pub(crate) speed: f64,
    /// Whether the decaying clock ever ran at another speed: then its whole seconds are not those of time.
    pub(crate) rescaled: bool,
    started: bool,
}

impl Clock {
    /// The clocks before the first block. A slash of nothing leaves the base to the defaults' slash.
    pub(crate) fn new(now_secs: u64, ln_keep: f64, default_ln_keep: f64) -> Self {
        let base = if ln_keep == 0.0 { default_ln_keep } else { ln_keep };
        Self {
            block: 0,
            now_secs,
            credited: 0,
            decaying: 0.0,
            base,
            speed: ln_keep / base,
            rescaled: false,
            started: false,
        }
    }

    /// A block: how many seconds were credited, and whether it came so late that older challenges are void.
    pub(crate) fn advance(&mut self, secs: u64, mining: &MiningParameters, outage: bool) -> (u64, bool) {
        if !std::mem::replace(&mut self.started, true) {
            return (0, false);
        }
        let credited = secs.min(mining.credited_cap_secs);
        self.credited += credited;
        if !outage {
            self.decaying += secs.min(mining.decaying_cap_secs) as f64 * self.speed;
        }
        (credited, secs > mining.halt_gap_secs)
    }

    /// Another slash: the clock runs at another speed.
    pub(crate) fn set_slash(&mut self, ln_keep: f64) {
        let speed = ln_keep / self.base;
        self.rescaled |= speed != self.speed;
        self.speed = speed;
    }

    /// What a value may be off by, relative: the chain's clock shows whole seconds, here and where decay began.
    pub(crate) fn slack(&self) -> f64 {
        1e-9 + if self.rescaled { -2.1 * self.base } else { 0.0 }
    }
}
