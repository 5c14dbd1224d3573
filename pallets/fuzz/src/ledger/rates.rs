//! The economic parameters as floating-point numbers, and the design's formulas in them.
//!
//! Nothing of the crate of the economics is used here but the parameters themselves.

use khala_pallet_mining::EconomicParameters;
use khala_primitives::{Balance, ConfidenceLevel, PHA};

const DAY: f64 = 86_400.0;
const YEAR: f64 = 31_536_000.0;

/// Planck as PHA.
pub(crate) fn pha(planck: Balance) -> f64 {
    planck as f64 / PHA as f64
}

/// conf of a level.
pub(crate) fn conf(level: ConfidenceLevel) -> f64 {
    match u8::from(level) {
        4 => 0.8,
        5 => 0.7,
        _ => 1.0,
    }
}

/// Are two numbers the same, but for this relative error?
pub(crate) fn same(ours: f64, theirs: f64, tolerance: f64) -> bool {
    (ours - theirs).abs() <= tolerance * ours.abs().max(theirs.abs()) + 1e-12
}

/// The parameters; amounts in PHA, rates per second.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rates {
    growth: f64,
    /// ln of what a second offline leaves of V.
    pub(crate) ln_keep: f64,
    cost_k: f64,
    cost_b: f64,
    budget: f64,
    halving_secs: u64,
    halving_factor: f64,
    pub(crate) v_max: f64,
    pub(crate) treasury: f64,
    rig_k: f64,
    re: f64,
    k: f64,
    pub(crate) p_cap: f64,
    max_loss: f64,
    share_floor: f64,
    pub(crate) max_unseen: u64,
}

impl Rates {
    pub(crate) fn new(parameters: &EconomicParameters) -> Self {
        let q96 = |number: khala_economics::Q96| number.inner() as f64 / 2f64.powi(96);
        let fixed = |number: khala_economics::Fixed| number.units() as f64 / 1e18;
        let lost = q96(khala_economics::Q96::ONE.saturating_sub(parameters.keep_per_sec));
        Self {
            growth: q96(parameters.growth_per_sec),
            ln_keep: (-lost).ln_1p(),
            cost_k: q96(parameters.cost_k_per_year) / YEAR,
            cost_b: q96(parameters.cost_b_per_year) / YEAR,
            budget: parameters.budget_per_day.units() as f64 / 1e18 / DAY,
            halving_secs: parameters.halving_secs,
            halving_factor: fixed(parameters.halving_factor),
            v_max: q96(parameters.v_max),
            treasury: fixed(parameters.treasury_ratio),
            rig_k: fixed(parameters.rig_k),
            re: fixed(parameters.re),
            k: fixed(parameters.k),
            p_cap: fixed(parameters.p_cap),
            max_loss: fixed(parameters.max_principal_slash),
            share_floor: fixed(parameters.share_floor),
            max_unseen: parameters.max_unseen_secs,
        }
    }

    /// Budget of the seconds (from, to], halving by halving.
    pub(crate) fn budget(&self, mut from: u64, to: u64) -> f64 {
        let mut sum = 0.0;
        while from < to {
            let period = from / self.halving_secs;
            let end = to.min((period + 1) * self.halving_secs);
            sum += self.budget * self.halving_factor.powf(period as f64) * (end - from) as f64;
            from = end;
        }
        sum
    }

    /// The part of a budget that is issued at a sum of shares.
    pub(crate) fn issued_part(&self, total: f64) -> f64 {
        total / total.max(self.share_floor)
    }

    /// Value of one PHA of stake.
    pub(crate) fn value_of_one(&self, level: ConfidenceLevel) -> f64 {
        1.0 + conf(level) * (self.re - 1.0)
    }

    pub(crate) fn initial_value(&self, stake: f64, p: f64, level: ConfidenceLevel) -> f64 {
        self.value_of_one(level) * (stake + self.rig_k * p)
    }

    pub(crate) fn minimal_stake(&self, p: f64) -> f64 {
        self.k * p.sqrt()
    }

    pub(crate) fn maximal_stake(&self, p: f64, level: ConfidenceLevel) -> f64 {
        self.v_max / self.value_of_one(level) - self.rig_k * p
    }

    /// V after so many seconds of mining.
    pub(crate) fn grown(&self, v: f64, secs: u64, p_instant: f64, p: f64) -> f64 {
        let kp = (p_instant / p).min(1.0);
        let (rate, cost) = (kp * self.growth, kp * (self.cost_k * p + self.cost_b));
        let factor = (secs as f64 * rate.ln_1p()).exp_m1();
        let costs = if rate == 0.0 { cost * secs as f64 } else { cost * factor / rate };
        (v + v * factor + costs).min(self.v_max)
    }

    /// The part of the principal that comes back at a value.
    pub(crate) fn kept(&self, v: f64, v_e: f64) -> f64 {
        (v / v_e).min(1.0).max(1.0 - self.max_loss)
    }
}
