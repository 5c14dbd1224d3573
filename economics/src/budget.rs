//! The budget: what the schedule allows to be paid until a moment.

use crate::{
    fixed::{mul_shift, product, shift_right},
    parameters::Parameters,
    EconomicsError, Pha, DAY, Q96,
};
use khala_primitives::U256;

/// `halving_factor^periods`.
fn factor(parameters: &Parameters, periods: u64) -> Option<Q96> {
    Q96::from_fixed18(parameters.halving_factor.units())?.checked_pow(periods)
}

/// The budget of a day at reading `credited` of the credited clock: `budget_per_day * halving_factor^(halvings so far)`.
pub fn per_day(parameters: &Parameters, credited: u64) -> Result<Pha, EconomicsError> {
    let exact = || {
        let factor = factor(parameters, credited.checked_div(parameters.halving_secs)?)?;
        mul_shift(parameters.budget_per_day.units(), factor.inner(), Q96::BITS).map(Pha::from_units)
    };
    exact().ok_or(EconomicsError::Overflow)
}

/// The budget `I(t)` of all seconds from 0 to `credited`, rounded down to 18 decimals.
///
/// Closed form, so that `I(b) - I(a)` neither drifts with the length of blocks nor loops over halvings: whole periods are a geometric
/// series, the rest of the running period is linear.
pub fn issued_until(parameters: &Parameters, credited: u64) -> Result<Pha, EconomicsError> {
    let exact = || {
        let period = parameters.halving_secs;
        let (periods, rest) = (credited.checked_div(period)?, credited.checked_rem(period)?);
        let budget = parameters.budget_per_day.units();
        let factor_now = factor(parameters, periods)?;

        let whole = match Q96::ONE.checked_sub(factor(parameters, 1)?)? {
            Q96::ZERO => product(budget, u128::from(credited.checked_sub(rest)?)).checked_div(U256::from(DAY))?,
            loss => {
                let reduced = U256::from(Q96::ONE.checked_sub(factor_now)?.inner());
                let divisor = product(loss.inner(), u128::from(DAY));
                product(budget, u128::from(period)).checked_mul(reduced)?.checked_div(divisor)?
            }
        };
        let running = product(budget, u128::from(rest))
            .checked_mul(U256::from(factor_now.inner()))?
            .checked_div(U256::from(DAY))?;
        let running = shift_right(running, Q96::BITS);
        u128::try_from(whole.checked_add(running)?).ok().map(Pha::from_units)
    };
    exact().ok_or(EconomicsError::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fixed;

    const HALVING: u64 = 180 * DAY;

    fn until(credited: u64) -> String {
        issued_until(&Parameters::khala(), credited).unwrap().to_string()
    }

    #[test]
    fn a_day_issues_its_budget() {
        assert_eq!(until(0), "0.000000000000000000");
        assert_eq!(until(1), "8.333333333333333333");
        assert_eq!(until(DAY - 1), "719991.666666666666666666");
        assert_eq!(until(DAY), "720000.000000000000000000");
        assert_eq!(until(DAY + 1), "720008.333333333333333333");
    }

    #[test]
    fn the_rate_falls_at_the_halving_and_not_before() {
        let per_day = |credited| per_day(&Parameters::khala(), credited).unwrap().to_string();
        assert_eq!(per_day(HALVING - 1), "720000.000000000000000000");
        assert_eq!(per_day(HALVING), "540000.000000000000000000");
        assert_eq!(per_day(HALVING + 1), "540000.000000000000000000");
        assert_eq!(per_day(2 * HALVING), "405000.000000000000000000");
        assert_eq!(until(HALVING - 1), "129599991.666666666666666666");
        assert_eq!(until(HALVING), "129600000.000000000000000000");
        assert_eq!(until(HALVING + 1), "129600006.250000000000000000");
        assert_eq!(until(3 * HALVING), "299700000.000000000000000000");
    }

    #[test]
    fn all_that_is_ever_issued_is_four_periods() {
        assert_eq!(until(u64::MAX), "518400000.000000000000000000");
        assert!(issued_until(&Parameters::khala(), 1_000 * HALVING).unwrap() <= "518400000".parse().unwrap());
    }

    #[test]
    fn without_halvings_the_budget_is_linear() {
        let parameters = Parameters {
            halving_factor: Fixed::ONE,
            ..Parameters::khala()
        };
        assert_eq!(
            issued_until(&parameters, 3 * HALVING + DAY).unwrap().to_string(),
            "389520000.000000000000000000"
        );
        assert_eq!(issued_until(&parameters, u64::MAX), Ok("153722867280912930125".parse().unwrap()));
    }

    #[test]
    fn a_factor_of_zero_ends_it_with_the_first_period() {
        let parameters = Parameters {
            halving_factor: Fixed::ZERO,
            ..Parameters::khala()
        };
        assert_eq!(
            issued_until(&parameters, HALVING).unwrap().to_string(),
            "129600000.000000000000000000"
        );
        assert_eq!(
            issued_until(&parameters, 9 * HALVING).unwrap().to_string(),
            "129600000.000000000000000000"
        );
    }
}
