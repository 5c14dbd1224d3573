//! The numbers that governance sets.

use crate::{decay::MIN_KEEP, Fixed, Pha, DAY, Q96, YEAR};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Largest V_max: leaves V, shares and their sums room in their types.
pub const MAX_V_MAX: Q96 = Q96::from_whole(1_000_000_000);
/// Largest of the factors R_e, p_cap, rig_k and k.
pub const MAX_FACTOR: Fixed = Fixed::from_millionths(1_000_000_000_000);
/// Largest budget of a day.
pub const MAX_BUDGET_PER_DAY: Pha = Pha::from_units(1_000_000_000_000_000_000_000_000_000_000);
/// Longest time between halvings: 10,000 years.
pub const MAX_HALVING_SECS: u64 = 10_000 * YEAR;

/// The parameters of the economics, as the chain stores them.
///
/// The two rates are stored per second, in units of 2^-96: the design's 18 decimals are good for 1e-11 in a year, this for 1e-21.
/// In JSON all numbers but times are decimal strings. Times are seconds of the credited clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Parameters {
    /// rho - 1: growth of V in a second of mining; below 1.
    pub growth_per_sec: Q96,
    /// What a second offline leaves of V; at least 1/2, at most 1.
    pub keep_per_sec: Q96,
    /// Cost of a point of P in a year, in PHA.
    pub cost_k_per_year: Q96,
    /// Cost of a worker in a year, in PHA.
    pub cost_b_per_year: Q96,
    /// Budget of a day before the first halving.
    pub budget_per_day: Pha,
    /// Time between halvings; above 0.
    pub halving_secs: u64,
    /// What a halving leaves of the budget; at most 1.
    pub halving_factor: Fixed,
    /// Largest value, in PHA; above 0, at most [`MAX_V_MAX`].
    pub v_max: Q96,
    /// The treasury's part of rewards; at most 1.
    pub treasury_ratio: Fixed,
    /// Value of a point of P, in PHA.
    pub rig_k: Fixed,
    /// R_e: initial value for one PHA at full confidence; at least 1.
    pub re: Fixed,
    /// k of `S_min = k sqrt(P)`.
    pub k: Fixed,
    /// Largest P_t / P; at least 1.
    pub p_cap: Fixed,
    /// Largest part of the principal that can be lost; at most 1.
    pub max_principal_slash: Fixed,
    /// Sum of shares below which the budget is not fully issued.
    pub share_floor: Fixed,
    /// An idle worker unseen for longer earns nothing for that time.
    pub max_unseen_secs: u64,
}

impl Parameters {
    /// The parameters of the network Khala.
    pub const fn khala() -> Self {
        Self {
            // 1.0002^(1/3600) - 1 = 5.5550002283530967115812e-8; a test compares both with their hourly numbers.
            growth_per_sec: Q96::from_inner(4_401_124_608_587_346_522_328),
            // 0.999^(1/3600) = 0.999999722083279290099674695027.
            keep_per_sec: Q96::from_inner(79_228_140_495_433_223_758_147_691_174),
            // 0.0415625.
            cost_k_per_year: Q96::from_inner(3_292_920_504_499_111_531_231_670_436),
            // 88.59375.
            cost_b_per_year: Q96::from_inner(7_019_120_022_748_106_158_678_034_350_080),
            budget_per_day: Pha::from_units(720_000_000_000_000_000_000_000),
            halving_secs: 180 * DAY,
            halving_factor: Fixed::from_millionths(750_000),
            v_max: Q96::from_whole(30_000),
            treasury_ratio: Fixed::from_millionths(200_000),
            rig_k: Fixed::from_millionths(300_000),
            re: Fixed::from_millionths(1_500_000),
            k: Fixed::from_millionths(50_000_000),
            p_cap: Fixed::from_millionths(1_200_000),
            max_principal_slash: Fixed::from_millionths(100_000),
            share_floor: Fixed::from_millionths(5_000_000_000_000),
            max_unseen_secs: DAY,
        }
    }

    /// Whether every number is in its range. The formulas are only meant for parameters that are.
    pub fn validate(&self) -> Result<(), ParameterError> {
        let out_of_range = |name, range| Err(ParameterError::OutOfRange { name, range });
        if self.growth_per_sec >= Q96::ONE {
            return out_of_range("growth_per_sec", "below 1");
        }
        if self.keep_per_sec < MIN_KEEP || self.keep_per_sec > Q96::ONE {
            return out_of_range("keep_per_sec", "at least 1/2 and at most 1");
        }
        if self.cost_k_per_year > MAX_V_MAX {
            return out_of_range("cost_k_per_year", "at most 1,000,000,000");
        }
        if self.cost_b_per_year > MAX_V_MAX {
            return out_of_range("cost_b_per_year", "at most 1,000,000,000");
        }
        if self.budget_per_day > MAX_BUDGET_PER_DAY {
            return out_of_range("budget_per_day", "at most 1,000,000,000,000");
        }
        if self.halving_secs == 0 || self.halving_secs > MAX_HALVING_SECS {
            return out_of_range("halving_secs", "above 0 and at most 10,000 years");
        }
        if self.v_max == Q96::ZERO || self.v_max > MAX_V_MAX {
            return out_of_range("v_max", "above 0 and at most 1,000,000,000");
        }
        for (name, ratio) in [
            ("halving_factor", self.halving_factor),
            ("treasury_ratio", self.treasury_ratio),
            ("max_principal_slash", self.max_principal_slash),
        ] {
            if ratio > Fixed::ONE {
                return out_of_range(name, "at most 1");
            }
        }
        for (name, factor) in [("re", self.re), ("p_cap", self.p_cap)] {
            if factor < Fixed::ONE || factor > MAX_FACTOR {
                return out_of_range(name, "at least 1 and at most 1,000,000");
            }
        }
        for (name, factor) in [("rig_k", self.rig_k), ("k", self.k)] {
            if factor > MAX_FACTOR {
                return out_of_range(name, "at most 1,000,000");
            }
        }
        Ok(())
    }
}

/// A parameter that cannot be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ParameterError {
    /// A number outside its range.
    OutOfRange {
        /// Which.
        name: &'static str,
        /// Its range.
        range: &'static str,
    },
}

impl fmt::Display for ParameterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfRange { name, range } => write!(f, "the parameter {name} has to be {range}"),
        }
    }
}

impl core::error::Error for ParameterError {}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::MaxEncodedLen;

    /// A parameter set with one change, and the name of the parameter that is refused, if any.
    fn refused(change: impl FnOnce(&mut Parameters)) -> Option<&'static str> {
        let mut parameters = Parameters::khala();
        change(&mut parameters);
        parameters.validate().err().map(|ParameterError::OutOfRange { name, .. }| name)
    }

    fn above(number: Fixed) -> Fixed {
        Fixed::from_units(number.units() + 1)
    }

    fn below(number: Fixed) -> Fixed {
        Fixed::from_units(number.units() - 1)
    }

    #[test]
    fn khalas_parameters_are_valid() {
        assert_eq!(Parameters::khala().validate(), Ok(()));
    }

    #[test]
    fn rates_are_bounded() {
        let growth = |inner| refused(|p| p.growth_per_sec = Q96::from_inner(inner));
        assert_eq!(growth(0), None);
        assert_eq!(growth((1 << 96) - 1), None);
        assert_eq!(growth(1 << 96), Some("growth_per_sec"));
        let keep = |inner| refused(|p| p.keep_per_sec = Q96::from_inner(inner));
        assert_eq!(keep((1 << 95) - 1), Some("keep_per_sec"));
        assert_eq!(keep(1 << 95), None);
        assert_eq!(keep(1 << 96), None);
        assert_eq!(keep((1 << 96) + 1), Some("keep_per_sec"));
    }

    #[test]
    fn values_and_costs_are_bounded() {
        for (inner, fine) in [
            (MAX_V_MAX.inner() - 1, true),
            (MAX_V_MAX.inner(), true),
            (MAX_V_MAX.inner() + 1, false),
        ] {
            let number = Q96::from_inner(inner);
            assert_eq!(refused(|p| p.v_max = number), (!fine).then_some("v_max"));
            assert_eq!(refused(|p| p.cost_k_per_year = number), (!fine).then_some("cost_k_per_year"));
            assert_eq!(refused(|p| p.cost_b_per_year = number), (!fine).then_some("cost_b_per_year"));
        }
        assert_eq!(refused(|p| p.v_max = Q96::ZERO), Some("v_max"));
        assert_eq!(refused(|p| p.v_max = Q96::from_inner(1)), None);
    }

    #[test]
    fn the_budget_and_its_halvings_are_bounded() {
        let budget = |units| refused(|p| p.budget_per_day = Pha::from_units(units));
        assert_eq!(budget(MAX_BUDGET_PER_DAY.units() - 1), None);
        assert_eq!(budget(MAX_BUDGET_PER_DAY.units()), None);
        assert_eq!(budget(MAX_BUDGET_PER_DAY.units() + 1), Some("budget_per_day"));
        let halving = |secs| refused(|p| p.halving_secs = secs);
        assert_eq!(halving(0), Some("halving_secs"));
        assert_eq!(halving(1), None);
        assert_eq!(halving(MAX_HALVING_SECS), None);
        assert_eq!(halving(MAX_HALVING_SECS + 1), Some("halving_secs"));
    }

    #[test]
    fn ratios_are_at_most_one() {
        for (ratio, fine) in [(below(Fixed::ONE), true), (Fixed::ONE, true), (above(Fixed::ONE), false)] {
            assert_eq!(refused(|p| p.halving_factor = ratio), (!fine).then_some("halving_factor"));
            assert_eq!(refused(|p| p.treasury_ratio = ratio), (!fine).then_some("treasury_ratio"));
            assert_eq!(refused(|p| p.max_principal_slash = ratio), (!fine).then_some("max_principal_slash"));
        }
    }

    #[test]
    fn factors_are_bounded() {
        for (factor, fine) in [
            (below(Fixed::ONE), false),
            (Fixed::ONE, true),
            (MAX_FACTOR, true),
            (above(MAX_FACTOR), false),
        ] {
            assert_eq!(refused(|p| p.re = factor), (!fine).then_some("re"));
            assert_eq!(refused(|p| p.p_cap = factor), (!fine).then_some("p_cap"));
        }
        for (factor, fine) in [(Fixed::ZERO, true), (MAX_FACTOR, true), (above(MAX_FACTOR), false)] {
            assert_eq!(refused(|p| p.rig_k = factor), (!fine).then_some("rig_k"));
            assert_eq!(refused(|p| p.k = factor), (!fine).then_some("k"));
        }
    }

    #[test]
    fn parameters_survive_json_and_scale_exactly() {
        let parameters = Parameters::khala();
        let json = serde_json::to_string(&parameters).unwrap();
        assert_eq!(serde_json::from_str::<Parameters>(&json).unwrap(), parameters);
        assert!(json.contains("\"treasuryRatio\":\"0.200000000000000000\""), "{json}");
        let bytes = parameters.encode();
        assert_eq!(bytes.len(), Parameters::max_encoded_len());
        assert_eq!(Parameters::decode(&mut &bytes[..]).unwrap(), parameters);
    }

    #[test]
    fn an_unknown_parameter_is_refused_by_name() {
        let json = serde_json::to_string(&Parameters::khala()).unwrap().replacen("\"re\"", "\"r\"", 1);
        let error = serde_json::from_str::<Parameters>(&json).unwrap_err().to_string();
        assert!(error.contains("unknown field `r`"), "{error}");
    }
}
