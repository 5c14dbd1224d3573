//! Another slash takes effect by another speed of the decaying clock, so that sessions can store readings of it and nothing else.
//!
//! A second of the decaying clock leaves `keep` of V. When governance wants a second of time to leave `keep'`, the clock runs at
//! `ln(keep') / ln(keep)` times its speed from then on: what has decayed before stays as it is.

use crate::{fixed::product, EconomicsError, Q96};
use khala_primitives::U256;

/// Fractional bits of a speed.
pub const SPEED_BITS: u32 = 32;
/// The speed of a clock that runs as time does.
pub const FULL_SPEED: u64 = 1 << SPEED_BITS;
/// The least of V that a second may leave: a half.
pub const MIN_KEEP: Q96 = Q96::from_inner(1 << 95);

/// The speed, in units of 2^-32, at which a clock of which a second leaves `base` has to run so that a second of time leaves `keep`.
///
/// Both must be at least [`MIN_KEEP`] and at most 1, `base` below 1; a speed has to be below 2^32.
pub fn speed(base: Q96, keep: Q96) -> Result<u64, EconomicsError> {
    let exact = || {
        let wanted = U256::from(minus_ln(keep)?).checked_mul(U256::from(FULL_SPEED))?;
        u64::try_from(wanted.checked_div(U256::from(minus_ln(base)?))?).ok()
    };
    exact().ok_or(EconomicsError::Overflow)
}

/// `-ln(1 - x) = x + x^2 / 2 + x^3 / 3 + ...` as a whole number of 2^-96, for `x = 1 - keep`; each term at most half of the one before.
fn minus_ln(keep: Q96) -> Option<u128> {
    if keep < MIN_KEEP {
        return None;
    }
    let x = Q96::ONE.checked_sub(keep)?;
    let (mut sum, mut power, mut number) = (0u128, x, 1u128);
    while power != Q96::ZERO {
        sum = sum.checked_add(power.inner().checked_div(number)?)?;
        power = power.checked_mul(x)?;
        number = number.checked_add(1)?;
    }
    Some(sum)
}

/// Advances a clock by `secs` at a speed: the whole seconds, and the rest in units of 2^-32.
pub fn advanced(secs: u64, speed: u64, rest: u32) -> (u64, u32) {
    let passed = product(u128::from(secs), u128::from(speed)).saturating_add(U256::from(rest));
    let (whole, rest) = passed.div_mod(U256::from(FULL_SPEED));
    (u64::try_from(whole).unwrap_or(u64::MAX), rest.low_u32())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Parameters;

    fn keep(text: &str) -> Q96 {
        text.parse().unwrap()
    }

    #[test]
    fn the_same_slash_is_the_full_speed() {
        let base = Parameters::khala().keep_per_sec;
        assert_eq!(speed(base, base), Ok(FULL_SPEED));
    }

    #[test]
    fn squaring_what_a_second_leaves_doubles_the_speed() {
        for base in [Parameters::khala().keep_per_sec, keep("0.999"), keep("0.75")] {
            let twice = speed(base, base.checked_mul(base).unwrap()).unwrap();
            assert!(twice.abs_diff(2 * FULL_SPEED) <= 1, "{twice}");
        }
    }

    #[test]
    fn without_a_slash_the_clock_stands() {
        assert_eq!(speed(keep("0.999"), Q96::ONE), Ok(0));
        assert_eq!(advanced(1_000, 0, 7), (0, 7));
    }

    #[test]
    fn what_cannot_be_a_speed_is_refused() {
        let below = Q96::from_inner(MIN_KEEP.inner() - 1);
        assert_eq!(speed(Q96::ONE, keep("0.9")), Err(EconomicsError::Overflow));
        assert_eq!(speed(keep("0.9"), below), Err(EconomicsError::Overflow));
        assert!(speed(keep("0.9"), MIN_KEEP).is_ok());
        let hardly = Q96::from_inner(Q96::ONE.inner() - 1);
        assert_eq!(speed(hardly, MIN_KEEP), Err(EconomicsError::Overflow));
    }

    #[test]
    fn parts_of_seconds_are_kept() {
        let (mut whole, mut rest) = (0, 0);
        for _ in 0..1_000 {
            let (more, left) = advanced(6, FULL_SPEED / 4 + 1, rest);
            (whole, rest) = (whole + more, left);
        }
        assert_eq!((whole, rest), (1_500, 6_000));
    }
}
