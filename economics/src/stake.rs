//! Bounds of the stake, the initial value it buys, and what of it comes back.

use crate::{
    amount::UNITS,
    fixed::{product, shift_right},
    parameters::Parameters,
    share::confidence,
    ConfidenceLevel, EconomicsError, Fixed, Pha, Score, Q96,
};
use khala_primitives::U256;

/// 5^36, below 2^84.
const FIVE_36: u128 = 14_551_915_228_366_851_806_640_625;

/// `1 + conf (R_e - 1)`: value for one PHA of stake.
fn value_per_pha(parameters: &Parameters, level: ConfidenceLevel) -> Option<Fixed> {
    parameters
        .re
        .checked_sub(Fixed::ONE)?
        .checked_mul(confidence(level))?
        .checked_add(Fixed::ONE)
}

/// `rig_k P`: what the machine itself is worth, rounded down to 18 decimals.
fn rig_value(parameters: &Parameters, p: Score) -> Option<Pha> {
    let value = shift_right(product(parameters.rig_k.units(), u128::from(p.inner())), Score::BITS);
    u128::try_from(value).ok().map(Pha::from_units)
}

/// `(1 + conf (R_e - 1)) d`: value that an added stake `d` buys, rounded down.
pub fn value_of(parameters: &Parameters, stake: Pha, level: ConfidenceLevel) -> Result<Q96, EconomicsError> {
    let exact = || {
        let per_pha = value_per_pha(parameters, level)?;
        // Amount and factor have 18 decimals each: 2^96 / 10^36 = 2^60 / 5^36.
        let value = product(stake.units(), per_pha.units())
            .checked_mul(U256::from(1u128 << 60))?
            .checked_div(U256::from(FIVE_36))?;
        u128::try_from(value).ok().map(Q96::from_inner)
    };
    exact().ok_or(EconomicsError::Overflow)
}

/// Initial value `V_e = (1 + conf (R_e - 1)) (S + rig_k P)`, not compared with V_max.
pub fn initial_value(parameters: &Parameters, stake: Pha, p: Score, level: ConfidenceLevel) -> Result<Q96, EconomicsError> {
    let base = rig_value(parameters, p)
        .and_then(|rig| rig.checked_add(stake))
        .ok_or(EconomicsError::Overflow)?;
    value_of(parameters, base, level)
}

/// Minimal stake `S_min = k sqrt(P)`, rounded up to 18 decimals.
pub fn minimal(parameters: &Parameters, p: Score) -> Result<Pha, EconomicsError> {
    let exact = || {
        let k = parameters.k.units();
        let square = product(k, k).checked_mul(U256::from(p.inner()))?;
        let root = shift_right(square, Score::BITS).integer_sqrt();
        let is_exact = root.checked_mul(root)?.checked_mul(U256::from(1u64 << Score::BITS))? == square;
        u128::try_from(root).ok()?.checked_add(u128::from(!is_exact))
    };
    exact().map(Pha::from_units).ok_or(EconomicsError::Overflow)
}

/// Maximal stake `S_max = V_max / (1 + conf (R_e - 1)) - rig_k P`, rounded down to 18 decimals; zero if the machine alone is above V_max.
pub fn maximal(parameters: &Parameters, p: Score, level: ConfidenceLevel) -> Result<Pha, EconomicsError> {
    let exact = || {
        let per_pha = value_per_pha(parameters, level)?;
        // V_max has 96 fractional bits, the quotient 18 decimals, the divisor too: V_max * 10^36 / (2^96 per_pha).
        let numerator = shift_right(product(parameters.v_max.inner(), UNITS), 32);
        let numerator = numerator.checked_mul(U256::from(UNITS))?;
        let base = shift_right(numerator.checked_div(U256::from(per_pha.units()))?, 64);
        let base = u128::try_from(base).ok().map(Pha::from_units)?;
        Some(base.saturating_sub(rig_value(parameters, p)?))
    };
    exact().ok_or(EconomicsError::Overflow)
}

/// What comes back of `principal` at value `v`: `max(min(V / V_e, 1), 1 - max_principal_slash)` of it, rounded down to 18 decimals.
pub fn kept(parameters: &Parameters, v: Q96, v_e: Q96, principal: Pha) -> Result<Pha, EconomicsError> {
    if v >= v_e {
        return Ok(principal);
    }
    let exact = || {
        let by_value = principal.mul_ratio(v.inner(), v_e.inner())?;
        let at_least = principal.checked_mul(Fixed::ONE.saturating_sub(parameters.max_principal_slash))?;
        Some(by_value.max(at_least))
    };
    exact().ok_or(EconomicsError::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEVELS: [ConfidenceLevel; 3] = [ConfidenceLevel::One, ConfidenceLevel::Four, ConfidenceLevel::Five];

    /// With 9 decimals, rounded to the nearest, as the vectors are.
    fn nine(text: impl ToString) -> String {
        let units = text.to_string().parse::<Fixed>().unwrap().units() + 500_000_000;
        let text = Fixed::from_units(units).to_string();
        text[..text.len() - 9].to_string()
    }

    /// The design's vectors: S_min / V_e(S_min) for levels 1, 4, 5 / S_max for 1, 4, 5.
    #[test]
    fn bounds_and_initial_values_are_those_of_the_vectors() {
        for (p, minimum, initial, maximum) in [
            (
                450,
                "1060.660171780",
                ["1793.490257670", "1673.924240492", "1614.141231903"],
                ["19865.000000000", "21293.571428571", "22087.222222222"],
            ),
            (
                2_000,
                "2236.067977500",
                ["4254.101966250", "3970.495168500", "3828.691769625"],
                ["19400.000000000", "20828.571428571", "21622.222222222"],
            ),
        ] {
            let (parameters, p) = (Parameters::khala(), Score::from_points(p));
            let stake = minimal(&parameters, p).unwrap();
            assert_eq!(nine(stake), minimum);
            assert_eq!(
                LEVELS.map(|level| nine(initial_value(&parameters, stake, p, level).unwrap())),
                initial
            );
            assert_eq!(LEVELS.map(|level| nine(maximal(&parameters, p, level).unwrap())), maximum);
        }
    }

    #[test]
    fn the_minimal_stake_of_a_square_score_is_exact_and_of_its_neighbours_rounded_up() {
        let parameters = Parameters::khala();
        let of = |inner| minimal(&parameters, Score::from_inner(inner)).unwrap();
        let square = 100u64 << 32;
        assert_eq!(of(square), "500".parse().unwrap());
        assert!(of(square - 1) < of(square) && of(square) < of(square + 1));
        assert_eq!(
            minimal(&parameters, Score::from_points(2)).unwrap().to_string(),
            "70.710678118654752441"
        );
    }

    #[test]
    fn the_maximal_stake_reaches_v_max_and_a_unit_more_exceeds_it() {
        let parameters = Parameters::khala();
        for level in LEVELS {
            for points in [50, 450, 2_000, 20_000] {
                let p = Score::from_points(points);
                let stake = maximal(&parameters, p, level).unwrap();
                let more = stake.checked_add(Pha::from_units(1)).unwrap();
                assert!(initial_value(&parameters, stake, p, level).unwrap() <= parameters.v_max);
                assert!(initial_value(&parameters, more, p, level).unwrap() > parameters.v_max);
            }
        }
    }

    #[test]
    fn a_machine_above_v_max_can_hold_no_stake() {
        assert_eq!(
            maximal(&Parameters::khala(), Score::from_points(66_666), ConfidenceLevel::One)
                .unwrap()
                .to_string(),
            "0.200000000000000000"
        );
        assert_eq!(
            maximal(&Parameters::khala(), Score::from_points(66_667), ConfidenceLevel::One),
            Ok(Pha::ZERO)
        );
    }

    #[test]
    fn the_principal_follows_the_value_down_to_the_largest_slash() {
        let kept = |v| {
            kept(
                &Parameters::khala(),
                Q96::from_whole(v),
                Q96::from_whole(1_000),
                "100".parse().unwrap(),
            )
            .unwrap()
            .to_string()
        };
        assert_eq!(kept(1_001), "100.000000000000000000");
        assert_eq!(kept(1_000), "100.000000000000000000");
        assert_eq!(kept(999), "99.900000000000000000");
        assert_eq!(kept(901), "90.100000000000000000");
        assert_eq!(kept(900), "90.000000000000000000");
        assert_eq!(kept(899), "90.000000000000000000");
        assert_eq!(kept(0), "90.000000000000000000");
    }
}
