//! Wide multiplication and [`Q96`], the number in which values, rates and the reward per share are kept.

use crate::{
    amount::UNITS,
    decimal::{write_decimal, DecimalError, Parsed},
    Pha,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use khala_primitives::U256;
use scale_info::TypeInfo;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// `a * b` as (high, low) half.
#[inline]
pub(crate) const fn mul_wide(a: u128, b: u128) -> (u128, u128) {
    const LOW: u128 = u64::MAX as u128;
    let (a_high, a_low, b_high, b_low) = (a >> 64, a & LOW, b >> 64, b & LOW);
    // Products of 64-bit halves fit in 128 bits, and the sum of three halves does by far: nothing wraps.
    let low = a_low.wrapping_mul(b_low);
    let (cross_1, cross_2) = (a_high.wrapping_mul(b_low), a_low.wrapping_mul(b_high));
    let middle = (low >> 64).wrapping_add(cross_1 & LOW).wrapping_add(cross_2 & LOW);
    let high = a_high
        .wrapping_mul(b_high)
        .wrapping_add(cross_1 >> 64)
        .wrapping_add(cross_2 >> 64)
        .wrapping_add(middle >> 64);
    (high, (low & LOW) | (middle << 64))
}

/// `a * b / 2^shift`, rounded down, for `shift` from 1 to 127; `None` if it does not fit.
#[inline]
pub(crate) fn mul_shift(a: u128, b: u128, shift: u32) -> Option<u128> {
    let (high, low) = mul_wide(a, b);
    if high.checked_shr(shift)? != 0 {
        return None;
    }
    let carried = high.checked_shl(128u32.checked_sub(shift)?)?;
    Some(low.checked_shr(shift)? | carried)
}

/// `a * b` without loss.
pub(crate) fn product(a: u128, b: u128) -> U256 {
    let (high, low) = mul_wide(a, b);
    // The casts keep the low 64 bits of each half: they are the limbs.
    U256([low as u64, (low >> 64) as u64, high as u64, (high >> 64) as u64])
}

/// `value / 2^bits`, rounded down.
pub(crate) fn shift_right(value: U256, bits: u32) -> U256 {
    // No shift of a U256 fails: from 256 bits on the result is zero.
    #[allow(clippy::arithmetic_side_effects)]
    let shifted = value >> bits;
    shifted
}

/// `value * 2^bits`; what does not fit is cut off.
pub(crate) fn shift_left(value: U256, bits: u32) -> U256 {
    // As above.
    #[allow(clippy::arithmetic_side_effects)]
    let shifted = value << bits;
    shifted
}

/// `a * b / divisor`, rounded down; `None` if it does not fit or `divisor` is zero. Slow: a 256-bit division.
pub fn mul_div(a: u128, b: u128, divisor: u128) -> Option<u128> {
    product(a, b)
        .checked_div(U256::from(divisor))
        .and_then(|quotient| u128::try_from(quotient).ok())
}

/// `a * b / divisor`, rounded up; `None` if it does not fit or `divisor` is zero. Slow: a 256-bit division.
pub fn mul_div_up(a: u128, b: u128, divisor: u128) -> Option<u128> {
    let (exact, divisor) = (product(a, b), U256::from(divisor));
    let (whole, rest) = (exact.checked_div(divisor)?, exact.checked_rem(divisor)?);
    let rounded = whole.checked_add(U256::from(u8::from(!rest.is_zero())))?;
    u128::try_from(rounded).ok()
}

/// An unsigned number of 32 whole and 96 fractional bits: a whole number of 2^-96 (1.3e-29), below 2^32.
///
/// In JSON and as text it is a decimal string; serde writes the 30 decimals that give back the very same number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Q96(u128);

impl Q96 {
    /// Fractional bits.
    pub const BITS: u32 = 96;
    /// Zero.
    pub const ZERO: Self = Self(0);
    /// One.
    pub const ONE: Self = Self(1 << 96);
    /// The largest number, just below 2^32.
    pub const MAX: Self = Self(u128::MAX);

    /// From a whole number of 2^-96.
    pub const fn from_inner(inner: u128) -> Self {
        Self(inner)
    }

    /// As a whole number of 2^-96.
    pub const fn inner(self) -> u128 {
        self.0
    }

    /// From a whole number.
    pub const fn from_whole(whole: u32) -> Self {
        Self((whole as u128) << 96)
    }

    /// From 18 decimals, rounded down; `None` from 2^32 on.
    pub fn from_fixed18(units: u128) -> Option<Self> {
        // units * 2^96 / 10^18 = units * 2^78 / 5^18, in two steps, so that 128 bits do: 5^18 is below 2^42.
        const FIVE_18: u128 = 3_814_697_265_625;
        let (whole, rest) = (units.checked_div(FIVE_18)?, units.checked_rem(FIVE_18)?);
        let whole = whole.checked_mul(1 << 78)?;
        let fraction = rest.checked_mul(1 << 78)?.checked_div(FIVE_18)?;
        whole.checked_add(fraction).map(Self)
    }

    /// From an amount, rounded down; `None` from 2^32 PHA on.
    pub fn from_pha(amount: Pha) -> Option<Self> {
        Self::from_fixed18(amount.units())
    }

    /// With 18 decimals, rounded down: the inner value of a `FixedU128`.
    pub fn to_fixed18(self) -> u128 {
        // Below 2^32 * 10^18, which is below 2^92.
        mul_shift(self.0, UNITS, Self::BITS).unwrap_or(u128::MAX)
    }

    /// `self + other`.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// `self - other`.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// `self - other`, or zero if `other` is larger.
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// `self * other`, rounded down.
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        mul_shift(self.0, other.0, Self::BITS).map(Self)
    }

    /// `self * numerator / denominator`, rounded down. Slow: a 256-bit division.
    pub fn mul_ratio(self, numerator: u128, denominator: u128) -> Option<Self> {
        mul_div(self.0, numerator, denominator).map(Self)
    }

    /// `self^exponent`, rounded down at each of the about `2 log2(exponent)` multiplications.
    pub fn checked_pow(self, exponent: u64) -> Option<Self> {
        let (mut result, mut square, mut left) = (Self::ONE, self, exponent);
        while left > 0 {
            if left & 1 == 1 {
                result = result.checked_mul(square)?;
            }
            left >>= 1;
            if left > 0 {
                square = square.checked_mul(square)?;
            }
        }
        Some(result)
    }

    /// `self * 10^decimals`, rounded to the nearest.
    fn to_decimals(self, decimals: usize) -> U256 {
        let scaled = U256::from(self.0).saturating_mul(U256::exp10(decimals));
        shift_right(scaled.saturating_add(U256::from(1u128 << 95)), Self::BITS)
    }
}

/// 18 decimals, rounded to the nearest.
impl fmt::Display for Q96 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_decimal(f, self.to_decimals(18), 18)
    }
}

impl fmt::Debug for Q96 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_decimal(f, self.to_decimals(30), 30)
    }
}

/// Rounds to the nearest number of 2^-96.
impl core::str::FromStr for Q96 {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Parsed::parse(text)?.binary(Self::BITS).map(Self)
    }
}

impl Serialize for Q96 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{self:?}"))
    }
}

impl<'de> Deserialize<'de> for Q96 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::amount::parse_json(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_half_is_written_and_read() {
        let half: Q96 = "0.5".parse().unwrap();
        assert_eq!(half.inner(), 1 << 95);
        assert_eq!(half.to_string(), "0.500000000000000000");
        assert_eq!(half.to_fixed18(), UNITS / 2);
    }

    #[test]
    fn the_largest_whole_number_fits_and_the_next_does_not() {
        assert_eq!(Q96::from_fixed18(4_294_967_294 * UNITS), Some(Q96::from_whole(u32::MAX - 1)));
        assert_eq!(Q96::from_fixed18(4_294_967_295 * UNITS), Some(Q96::from_whole(u32::MAX)));
        assert_eq!(Q96::from_fixed18(4_294_967_296 * UNITS), None);
        assert_eq!("4294967296".parse::<Q96>(), Err(DecimalError::TooLarge));
    }

    #[test]
    fn arithmetic_beyond_the_range_is_none() {
        assert_eq!(Q96::MAX.checked_add(Q96::from_inner(1)), None);
        assert_eq!(Q96::ZERO.checked_sub(Q96::from_inner(1)), None);
        assert_eq!(
            Q96::from_whole(65_536).checked_mul(Q96::from_whole(65_535)),
            Some(Q96::from_whole(4_294_901_760))
        );
        assert_eq!(Q96::from_whole(65_536).checked_mul(Q96::from_whole(65_536)), None);
        assert_eq!(Q96::from_whole(2).checked_pow(31), Some(Q96::from_whole(1 << 31)));
        assert_eq!(Q96::from_whole(2).checked_pow(32), None);
        assert_eq!(Q96::ONE.mul_ratio(1, 0), None);
    }

    proptest! {
        #[test]
        fn wide_products_agree_with_256_bits(a: u128, b: u128, shift in 1u32..128) {
            let exact = U256::from(a) * U256::from(b);
            prop_assert_eq!(product(a, b), exact);
            prop_assert_eq!(mul_shift(a, b, shift), u128::try_from(exact >> shift).ok());
        }

        #[test]
        fn thirty_decimals_give_the_same_number_back(inner: u128) {
            let json = serde_json::to_string(&Q96::from_inner(inner)).unwrap();
            prop_assert_eq!(serde_json::from_str::<Q96>(&json).unwrap().inner(), inner);
        }

        #[test]
        fn eighteen_decimals_come_back_but_for_the_last_unit(units in 0u128..4_000_000_000 * UNITS) {
            let back = Q96::from_fixed18(units).unwrap().to_fixed18();
            prop_assert!(back == units || back + 1 == units);
        }
    }
}
