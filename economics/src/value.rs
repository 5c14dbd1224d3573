//! The value V: how it grows while a worker mines and decays while it is offline.
//!
//! A second of mining is `V += k_p ((rho - 1) V + c)`; `n` of them are summed in closed form. With `r = 1 + k_p (rho - 1)` and
//! `s(n) = 1 + r + ... + r^(n-1)`, the value after `n` seconds is `V + s(n) k_p ((rho - 1) V + c)`. That is the design's
//! `V r^n + k_p c (r^n - 1)/(r - 1)`, but without its division, and it holds for `r = 1` too.

use crate::{fixed::mul_shift, parameters::Parameters, EconomicsError, Score, Q96, YEAR};

/// Fractional bits of k_p.
const K_BITS: u32 = 64;
const K_ONE: u128 = 1 << K_BITS;
/// Fractional bits of a geometric sum. It is at least 1, so that is finer than V needs, and 2^56 seconds fit.
const SUM_BITS: u32 = 72;

/// `k_p = min(P_t / P, 1)` as a whole number of 2^-64. A score of zero grows nothing.
pub(crate) fn k_p(p_instant: Score, p: Score) -> u128 {
    // P_t is below 2^64, so nothing is shifted out.
    (u128::from(p_instant.inner()) << K_BITS)
        .checked_div(u128::from(p.inner()))
        .map_or(0, |ratio| ratio.min(K_ONE))
}

/// `c = (cost_k P + cost_b) / year`: what mining costs, in PHA per second.
pub fn cost_per_sec(parameters: &Parameters, p: Score) -> Result<Q96, EconomicsError> {
    let per_year = mul_shift(parameters.cost_k_per_year.inner(), u128::from(p.inner()), Score::BITS)
        .and_then(|cost| cost.checked_add(parameters.cost_b_per_year.inner()));
    per_year
        .and_then(|cost| cost.checked_div(u128::from(YEAR)))
        .map(Q96::from_inner)
        .ok_or(EconomicsError::Overflow)
}

/// The value after `secs` seconds of mining at P_t `p_instant`, at most V_max.
pub fn grown(parameters: &Parameters, v: Q96, secs: u64, p_instant: Score, p: Score) -> Result<Q96, EconomicsError> {
    let cost = cost_per_sec(parameters, p)?;
    Ok(grow(v, secs, k_p(p_instant, p), parameters.growth_per_sec, cost).map_or(parameters.v_max, |grown| grown.min(parameters.v_max)))
}

/// The value after `secs` steps of `V += k_p (rate V + cost)`; `None` if it is 2^32 or more, which is above every V_max.
pub(crate) fn grow(v: Q96, secs: u64, k_p: u128, rate: Q96, cost: Q96) -> Option<Q96> {
    let first_step = rate.checked_mul(v)?.checked_add(cost)?;
    let first_step = mul_shift(k_p, first_step.inner(), K_BITS)?;
    if secs == 0 || first_step == 0 {
        return Some(v);
    }
    let rate = mul_shift(k_p, rate.inner(), K_BITS).map(Q96::from_inner)?;
    let growth = mul_shift(geometric_sum(rate, secs)?, first_step, SUM_BITS)?;
    v.checked_add(Q96::from_inner(growth))
}

/// `1 + r + ... + r^(n-1)` for `r = 1 + rate`, as a whole number of 2^-72.
///
/// Goes through the bits of `n` from the top: `s(2m) = s(m) (1 + r^m)` and `s(m + 1) = s(m) + r^m`. Two multiplications a bit, no division.
fn geometric_sum(rate: Q96, n: u64) -> Option<u128> {
    let r = Q96::ONE.checked_add(rate)?;
    let (mut sum, mut power) = (0u128, Q96::ONE);
    for bit in (0..u64::BITS.checked_sub(n.leading_zeros())?).rev() {
        sum = sum.checked_add(mul_shift(sum, power.inner(), Q96::BITS)?)?;
        power = power.checked_mul(power)?;
        if n.checked_shr(bit)? & 1 == 1 {
            // From 96 fractional bits to 72.
            sum = sum.checked_add(power.inner().checked_shr(Q96::BITS.checked_sub(SUM_BITS)?)?)?;
            power = power.checked_mul(r)?;
        }
    }
    Some(sum)
}

/// The value after `secs` seconds offline: `V keep^secs`.
pub fn decayed(parameters: &Parameters, v: Q96, secs: u64) -> Result<Q96, EconomicsError> {
    parameters
        .keep_per_sec
        .checked_pow(secs)
        .and_then(|left| v.checked_mul(left))
        .ok_or(EconomicsError::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn q(text: &str) -> Q96 {
        text.parse().unwrap()
    }

    /// The design's vectors: step growth with the original's parameters of blocks of 12 s.
    #[test]
    fn values_grow_and_decay_in_the_originals_steps() {
        let rate = q("6.66600231e-7");
        // P is 100.
        let cost = q("3.52929984779253675886e-5");
        let after = |steps| grow(q("3000"), steps, K_ONE, rate, cost).unwrap();
        assert_eq!(after(0), q("3000"));
        assert_eq!(after(1).to_string(), "3000.002035093691477925");
        assert_eq!(after(7_201).to_string(), "3014.689933793203657308");
        let keep = q("0.9999966666666666666759937");
        assert_eq!(
            after(11).checked_mul(keep.checked_pow(300).unwrap()).unwrap().to_string(),
            "2997.023858235377291094"
        );
    }

    /// The design's vectors: growth per second with the default parameters.
    #[test]
    fn values_grow_per_second() {
        let p = Score::from_points(1_000);
        for (secs, expected) in [
            (1, "3000.000170777234463480"),
            (60, "3000.010246650859242922"),
            (3_600, "3000.614859504746088797"),
            (86_400, "3014.790618189903437119"),
            (604_800, "3105.040695711141490320"),
        ] {
            assert_eq!(
                grown(&Parameters::khala(), q("3000"), secs, p, p).unwrap().to_string(),
                expected,
                "{secs} s"
            );
        }
    }

    #[test]
    fn an_hour_offline_costs_a_thousandth() {
        assert_eq!(
            decayed(&Parameters::khala(), q("3000"), 3_600).unwrap().to_string(),
            "2997.000000000000000000"
        );
        assert_eq!(decayed(&Parameters::khala(), q("3000"), 0), Ok(q("3000")));
        assert_eq!(decayed(&Parameters::khala(), q("3000"), u64::MAX), Ok(Q96::ZERO));
    }

    #[test]
    fn a_value_stops_at_its_maximum() {
        let (parameters, p) = (Parameters::khala(), Score::from_points(1_000));
        let below = grown(&parameters, q("29999.99"), 1, p, p).unwrap();
        assert!(below > q("29999.99") && below < parameters.v_max);
        for secs in [60, 1 << 31, u64::MAX] {
            assert_eq!(grown(&parameters, q("29999.99"), secs, p, p), Ok(parameters.v_max), "{secs} s");
        }
    }

    #[test]
    fn only_speed_up_to_the_score_counts() {
        let (parameters, p) = (Parameters::khala(), Score::from_points(1_000));
        let after = |p_instant| grown(&parameters, q("3000"), 3_600, Score::from_points(p_instant), p).unwrap();
        assert_eq!(after(0), q("3000"));
        assert!(after(999) < after(1_000));
        assert_eq!(after(1_001), after(1_000));
    }

    #[test]
    fn without_a_rate_costs_add_up() {
        assert_eq!(grow(q("10"), 1_000, K_ONE, Q96::ZERO, q("0.5")), Some(q("510")));
        assert_eq!(grow(q("10"), 1_000, K_ONE / 2, Q96::ZERO, q("0.5")), Some(q("260")));
    }

    #[test]
    fn a_score_of_zero_grows_nothing() {
        assert_eq!(k_p(Score::from_points(1), Score::ZERO), 0);
    }
}
