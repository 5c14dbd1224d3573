//! The share of a worker in the budget.

use crate::{
    amount::UNITS,
    fixed::{mul_shift, mul_wide},
    ConfidenceLevel, EconomicsError, Fixed, Score, Q96,
};

/// conf of a confidence level, in tenths: 1, 1, 1, 0.8, 0.7.
pub(crate) const fn confidence_tenths(level: ConfidenceLevel) -> u8 {
    match level {
        ConfidenceLevel::One | ConfidenceLevel::Two | ConfidenceLevel::Three => 10,
        ConfidenceLevel::Four => 8,
        ConfidenceLevel::Five => 7,
    }
}

/// conf of a confidence level.
pub const fn confidence(level: ConfidenceLevel) -> Fixed {
    Fixed::from_millionths(match confidence_tenths(level) {
        10 => 1_000_000,
        8 => 800_000,
        _ => 700_000,
    })
}

/// `s = sqrt(V^2 + (2 P_t conf)^2)`, rounded down to 18 decimals.
///
/// The root is taken of 127 bits, so it is exact to 2^-62 of itself; where P_t is zero it is V to the last decimal.
pub fn share(v: Q96, p_instant: Score, level: ConfidenceLevel) -> Result<Fixed, EconomicsError> {
    compute(v, p_instant, level).map(Fixed::from_units).ok_or(EconomicsError::Overflow)
}

fn compute(v: Q96, p_instant: Score, level: ConfidenceLevel) -> Option<u128> {
    let speed = speed_part(p_instant, level)?;
    // Both are shifted by the same number of bits until the larger has 63, so that the sum of the squares fits in 127.
    let used = 128u32.checked_sub((v.inner() | speed).leading_zeros())?;
    let shift = used.saturating_sub(63);
    let (a, b) = (v.inner().checked_shr(shift)?, speed.checked_shr(shift)?);
    let root = a.checked_mul(a)?.checked_add(b.checked_mul(b)?)?.isqrt();
    mul_shift(root.checked_mul(1u128.checked_shl(shift)?)?, UNITS, Q96::BITS)
}

/// `2 P_t conf` as a whole number of 2^-96.
fn speed_part(p_instant: Score, level: ConfidenceLevel) -> Option<u128> {
    // P_t has 32 fractional bits. Its quotient by 10 gets 60 more of them at once and the last 4 out of the rest.
    let tenths = u128::from(p_instant.inner()).checked_mul(u128::from(confidence_tenths(level)).checked_mul(2)?)?;
    let (whole, rest) = ((tenths << 58).checked_div(10)?, (tenths << 58).checked_rem(10)?);
    let (overflow, inner) = mul_wide(whole, 1 << 6);
    (overflow == 0).then_some(inner)?.checked_add((rest << 6).checked_div(10)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use khala_primitives::U256;
    use proptest::prelude::*;

    /// The design's vectors, to their 9 decimals.
    #[test]
    fn shares_are_those_of_the_vectors() {
        for (v, p, level, expected) in [
            (3_000, 100, ConfidenceLevel::Two, "3006.659275675"),
            (30_000, 2_000, ConfidenceLevel::One, "30265.491900843"),
            (30_000, 2_800, ConfidenceLevel::Five, "30255.022723508"),
            (10_000, 1_900, ConfidenceLevel::Four, "10451.870645966"),
        ] {
            let share = share(Q96::from_whole(v), Score::from_points(p), level).unwrap().units();
            let expected = expected.parse::<Fixed>().unwrap().units();
            assert!(share.abs_diff(expected) <= 500_000_000, "{v}, {p}, {level}: {share}");
        }
    }

    #[test]
    fn an_idle_machine_has_the_share_of_its_value() {
        for text in ["0", "0.000000000000000001", "0.000000000000000123", "9450", "30000"] {
            let v: Q96 = text.parse().unwrap();
            // The text's number lies a hair below or above its 18 decimals, as 2^-96 does not divide 10^-18.
            let expected = v.to_fixed18();
            assert_eq!(share(v, Score::ZERO, ConfidenceLevel::One).unwrap().units(), expected, "{text}");
        }
    }

    #[test]
    fn a_score_that_is_too_large_is_refused() {
        assert_eq!(
            share(Q96::ZERO, Score::from_inner(u64::MAX), ConfidenceLevel::One),
            Err(EconomicsError::Overflow)
        );
    }

    proptest! {
        #[test]
        fn shares_are_roots_to_18_digits(v in 0..30_000u128 << 96, p_instant in 0..24_000u64 << 32, level in 1u8..=5) {
            let level = ConfidenceLevel::try_from(level).unwrap();
            let share = share(Q96::from_inner(v), Score::from_inner(p_instant), level).unwrap().units();
            // Ten times everything, in units of 10^-19.
            let (v, share) = ((U256::from(v) * U256::exp10(19)) >> 96, U256::from(share) * U256::from(10u8));
            let speed = (U256::from(p_instant) * U256::exp10(18) * U256::from(2 * confidence_tenths(level))) >> 32;
            let root = (v * v + speed * speed).integer_sqrt();
            let error = root.max(share) - root.min(share);
            prop_assert!(error <= root / U256::exp10(17) + U256::from(20u8), "{} against {}", share, root);
        }
    }
}
