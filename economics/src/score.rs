//! Scores: P, measured once by the chain's clock, and P_t, claimed with every heartbeat.
//!
//! Both are `iterations * 6000 / milliseconds`: the iterations of the benchmark kernel in 6 seconds.

use crate::{
    amount::UNITS,
    decimal::{write_decimal, DecimalError, Parsed},
    fixed::{mul_div, shift_right},
    EconomicsError, Fixed,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use khala_primitives::U256;
use scale_info::TypeInfo;

/// Shortest speed sample that counts, in milliseconds.
pub const MIN_SAMPLE_MS: u32 = 500;
/// `iterations * SCALE / milliseconds` is a score.
const SCALE: u128 = 6_000;

/// A score P or P_t: a whole number of 2^-32, below 2^32.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Score(u64);

impl Score {
    /// Fractional bits.
    pub const BITS: u32 = 32;
    /// Zero.
    pub const ZERO: Self = Self(0);

    /// From whole points.
    pub const fn from_points(points: u32) -> Self {
        Self((points as u64) << 32)
    }

    /// In whole points, rounded down.
    pub const fn points(self) -> u32 {
        // The upper half of 64 bits.
        (self.0 >> 32) as u32
    }

    /// From a whole number of 2^-32.
    pub const fn from_inner(inner: u64) -> Self {
        Self(inner)
    }

    /// As a whole number of 2^-32.
    pub const fn inner(self) -> u64 {
        self.0
    }

    /// `self * factor`, rounded down; the largest score if it is above.
    pub fn scaled(self, factor: Fixed) -> Self {
        let inner = u128::from(self.0);
        // The product fits in 128 bits for every score and factor that occurs; the slow way is for the others.
        let scaled = match inner.checked_mul(factor.units()) {
            Some(product) => product.checked_div(UNITS),
            None => mul_div(inner, factor.units(), UNITS),
        };
        Self(scaled.and_then(|inner| u64::try_from(inner).ok()).unwrap_or(u64::MAX))
    }
}

/// 18 decimals, rounded down.
impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_decimal(f, shift_right(U256::from(self.0).saturating_mul(U256::exp10(18)), Self::BITS), 18)
    }
}

impl fmt::Debug for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Rounds to the nearest number of 2^-32.
impl core::str::FromStr for Score {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let inner = Parsed::parse(text)?.binary(Self::BITS)?;
        u64::try_from(inner).map(Self).map_err(|_| DecimalError::TooLarge)
    }
}

/// P_t of a speed sample: `iterations * 6000 / elapsed_ms`, rounded down to 2^-32, not yet capped.
///
/// It is the enclave's claim; [`capped`] bounds it. Refused: a sample shorter than [`MIN_SAMPLE_MS`].
pub fn from_sample(iterations: u64, elapsed_ms: u32) -> Result<Score, EconomicsError> {
    if elapsed_ms < MIN_SAMPLE_MS {
        return Err(EconomicsError::SampleTooShort {
            elapsed_ms,
            minimum_ms: MIN_SAMPLE_MS,
        });
    }
    // Below 2^64 * 2^13 * 2^32.
    let score = u128::from(iterations)
        .saturating_mul(SCALE << Score::BITS)
        .checked_div(u128::from(elapsed_ms));
    Ok(Score(score.and_then(|inner| u64::try_from(inner).ok()).unwrap_or(u64::MAX)))
}

/// P_t as it counts: the claim, at most `p_cap * P`.
pub fn capped(claim: Score, p: Score, p_cap: Fixed) -> Score {
    claim.min(p.scaled(p_cap))
}

/// The initial score P: `floor(iterations * 6000 / (included_ms - requested_ms - slot_ms))`, at most `maximum`.
///
/// The times are those of the blocks that asked for the benchmark and that hold its result: the chain's clock, not the enclave's. One slot
/// is given away, because the worker cannot see the request before its block is out. Refused: a result within that slot.
pub fn initial(iterations: u64, requested_ms: u64, included_ms: u64, slot_ms: u64, maximum: u32) -> Result<u32, EconomicsError> {
    let elapsed_ms = included_ms.saturating_sub(requested_ms);
    let worked_ms = elapsed_ms.saturating_sub(slot_ms);
    let score = u128::from(iterations)
        .saturating_mul(SCALE)
        .checked_div(u128::from(worked_ms))
        .ok_or(EconomicsError::BenchmarkTooEarly { elapsed_ms, slot_ms })?;
    Ok(u32::try_from(score).unwrap_or(u32::MAX).min(maximum))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAP: Fixed = Fixed::from_millionths(1_200_000);

    /// The design's vectors: P 600; 11,000 iterations in 100 s -> 660; 15,000 in 100 s -> 720 (cap).
    #[test]
    fn samples_score_as_in_the_vectors() {
        let p = Score::from_points(600);
        let score = |iterations| capped(from_sample(iterations, 100_000).unwrap(), p, CAP);
        assert_eq!(score(11_000), Score::from_points(660));
        assert_eq!(score(11_999), from_sample(11_999, 100_000).unwrap());
        assert_eq!(score(12_000), Score::from_points(720));
        assert_eq!(score(12_001), Score::from_points(720));
        assert_eq!(score(15_000), Score::from_points(720));
    }

    #[test]
    fn a_sample_needs_half_a_second() {
        let too_short = EconomicsError::SampleTooShort {
            elapsed_ms: 499,
            minimum_ms: 500,
        };
        assert_eq!(from_sample(50, 499), Err(too_short));
        assert_eq!(from_sample(50, 500), Ok(Score::from_points(600)));
        assert_eq!(from_sample(0, 501), Ok(Score::ZERO));
        assert_eq!(from_sample(u64::MAX, 500), Ok(Score::from_inner(u64::MAX)));
    }

    #[test]
    fn the_initial_score_leaves_out_one_slot() {
        let score = |included_ms| initial(20_000, 1_000, included_ms, 6_000, 20_000);
        assert_eq!(score(67_000), Ok(2_000));
        assert_eq!(score(67_001), Ok(1_999));
        assert_eq!(score(73_000), Ok(1_818));
    }

    #[test]
    fn the_initial_score_is_capped() {
        let score = |iterations| initial(iterations, 0, 12_000, 6_000, 20_000);
        assert_eq!(score(19_999), Ok(19_999));
        assert_eq!(score(20_000), Ok(20_000));
        assert_eq!(score(20_001), Ok(20_000));
        assert_eq!(score(u64::MAX), Ok(20_000));
    }

    #[test]
    fn a_result_within_one_slot_is_refused() {
        let score = |included_ms| initial(1, 10_000, included_ms, 6_000, 20_000);
        assert_eq!(
            score(9_000),
            Err(EconomicsError::BenchmarkTooEarly {
                elapsed_ms: 0,
                slot_ms: 6_000
            })
        );
        assert_eq!(
            score(16_000),
            Err(EconomicsError::BenchmarkTooEarly {
                elapsed_ms: 6_000,
                slot_ms: 6_000
            })
        );
        assert_eq!(score(16_001), Ok(6_000));
    }

    #[test]
    fn texts_are_read_to_the_nearest_part() {
        assert_eq!("660".parse(), Ok(Score::from_points(660)));
        assert_eq!("0.5".parse(), Ok(Score::from_inner(1 << 31)));
        assert_eq!("660.5".parse::<Score>().unwrap().points(), 660);
        assert_eq!("660.5".parse::<Score>().unwrap().to_string(), "660.500000000000000000");
        assert_eq!("4294967296".parse::<Score>(), Err(DecimalError::TooLarge));
    }

    #[test]
    fn a_factor_that_is_too_large_saturates() {
        assert_eq!(Score::from_points(u32::MAX).scaled(CAP), Score::from_inner(u64::MAX));
    }
}
