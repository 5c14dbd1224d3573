//! Parameters as people say them, and the way from a rate per hour to the rate per second that has the same effect.

use crate::{
    fixed::{shift_left, shift_right},
    Fixed, ParameterError, Parameters, HOUR, Q96,
};
use khala_primitives::U256;

/// The parameters as people say them: rates per hour. Names and defaults are those of a scenario's `params`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HumanParameters {
    /// Growth of V in an hour of mining, as a factor; from 1 on, below 2.
    pub rho_per_hour: Q96,
    /// What of V an hour offline takes; below 1.
    pub slash_per_hour: Q96,
    /// The other parameters; its two rates are not looked at.
    pub others: Parameters,
}

impl HumanParameters {
    /// The defaults of a scenario: those of Khala, without a floor of the sum of shares.
    pub fn khala() -> Self {
        let ten_thousandths = |whole: u32| Q96::from_whole(whole).mul_ratio(1, 10_000).unwrap_or(Q96::ZERO);
        Self {
            rho_per_hour: ten_thousandths(10_002),
            slash_per_hour: ten_thousandths(10),
            others: Parameters {
                share_floor: Fixed::ZERO,
                ..Parameters::khala()
            },
        }
    }

    /// The parameters per second, validated. The roots are exact to 2^-96.
    pub fn parameters(&self) -> Result<Parameters, ParameterError> {
        let out_of_range = |name, range| ParameterError::OutOfRange { name, range };
        if self.rho_per_hour < Q96::ONE || self.rho_per_hour >= Q96::from_whole(2) {
            return Err(out_of_range("rho_per_hour", "at least 1 and below 2"));
        }
        if self.slash_per_hour >= Q96::ONE {
            return Err(out_of_range("slash_per_hour", "below 1"));
        }
        let parameters = Parameters {
            growth_per_sec: hourly_root(self.rho_per_hour).saturating_sub(Q96::ONE),
            keep_per_sec: hourly_root(Q96::ONE.saturating_sub(self.slash_per_hour)),
            ..self.others
        };
        parameters.validate().map(|()| parameters)
    }
}

/// Fractional bits that roots are calculated with: squares of numbers below 2^8 fit in 256 bits.
const BITS: u32 = 120;

/// The 3600th root of a number below 2, rounded to the nearest number of 2^-96.
///
/// Found bit by bit from the top: the largest `x` whose power is not above `hourly`. It has 24 more bits than the result needs.
fn hourly_root(hourly: Q96) -> Q96 {
    let dropped = BITS.saturating_sub(Q96::BITS);
    let target = shift_left(U256::from(hourly.inner()), dropped);
    let mut root = U256::zero();
    for bit in (0..=BITS).rev() {
        let candidate = root | shift_left(U256::one(), bit);
        if power(candidate, HOUR).is_some_and(|power| power <= target) {
            root = candidate;
        }
    }
    let half = shift_left(U256::one(), dropped.saturating_sub(1));
    let rounded = shift_right(root.saturating_add(half), dropped);
    Q96::from_inner(rounded.low_u128())
}

/// `x^exponent`; `None` if it does not fit, which is above every number below 2.
fn power(x: U256, exponent: u64) -> Option<U256> {
    let (mut result, mut square, mut left) = (shift_left(U256::one(), BITS), x, exponent);
    while left > 0 {
        if left & 1 == 1 {
            result = shift_right(result.checked_mul(square)?, BITS);
        }
        left >>= 1;
        if left > 0 {
            square = shift_right(square.checked_mul(square)?, BITS);
        }
    }
    Some(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn human(change: impl FnOnce(&mut HumanParameters)) -> Result<Parameters, ParameterError> {
        let mut human = HumanParameters::khala();
        change(&mut human);
        human.parameters()
    }

    fn refused(change: impl FnOnce(&mut HumanParameters)) -> Option<&'static str> {
        human(change).err().map(|ParameterError::OutOfRange { name, .. }| name)
    }

    /// The design's rates: 5.5550002283e-8 and 0.999999722083279290; their further digits are the reference model's.
    #[test]
    fn khalas_constants_are_the_roots_of_its_hourly_rates() {
        let parameters = human(|_| {}).unwrap();
        assert_eq!(
            parameters,
            Parameters {
                share_floor: Fixed::ZERO,
                ..Parameters::khala()
            }
        );
        assert!(format!("{:?}", parameters.growth_per_sec).starts_with("0.0000000555500022835309671158"));
        assert!(format!("{:?}", parameters.keep_per_sec).starts_with("0.9999997220832792900996746950"));
    }

    #[test]
    fn khalas_costs_are_the_designs() {
        assert_eq!("0.0415625".parse(), Ok(Parameters::khala().cost_k_per_year));
        assert_eq!("88.59375".parse(), Ok(Parameters::khala().cost_b_per_year));
    }

    #[test]
    fn no_growth_and_no_slash_are_exact() {
        let parameters = human(|h| (h.rho_per_hour, h.slash_per_hour) = (Q96::ONE, Q96::ZERO)).unwrap();
        assert_eq!((parameters.growth_per_sec, parameters.keep_per_sec), (Q96::ZERO, Q96::ONE));
    }

    #[test]
    fn hourly_rates_are_bounded() {
        let rho = |inner| refused(|h| h.rho_per_hour = Q96::from_inner(inner));
        assert_eq!(rho((1 << 96) - 1), Some("rho_per_hour"));
        assert_eq!(rho(1 << 96), None);
        assert_eq!(rho((2 << 96) - 1), None);
        assert_eq!(rho(2 << 96), Some("rho_per_hour"));
        let slash = |inner| refused(|h| h.slash_per_hour = Q96::from_inner(inner));
        assert_eq!(slash((1 << 96) - 1), None);
        assert_eq!(slash(1 << 96), Some("slash_per_hour"));
    }

    #[test]
    fn the_other_parameters_are_validated_too() {
        assert_eq!(refused(|h| h.others.halving_secs = 0), Some("halving_secs"));
    }
}
