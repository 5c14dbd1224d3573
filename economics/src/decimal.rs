//! Decimal numbers as text: exact in, exact out.

use core::fmt;
use khala_primitives::U256;

/// Most significant digits that a number may have in a text.
pub const MAX_DIGITS: u32 = 60;

/// Why a text is not a number of the wanted kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DecimalError {
    /// Not a decimal number.
    NotANumber,
    /// Below zero.
    Negative,
    /// More decimals than the type has.
    TooManyDecimals {
        /// Decimals of the type.
        allowed: u32,
    },
    /// More significant digits than are read.
    TooManyDigits,
    /// Too large for the type.
    TooLarge,
}

impl fmt::Display for DecimalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotANumber => f.write_str("not a decimal number such as 1.0002"),
            Self::Negative => f.write_str("negative; only numbers from zero on are allowed"),
            Self::TooManyDecimals { allowed } => write!(f, "more than {allowed} decimals"),
            Self::TooManyDigits => write!(f, "more than {MAX_DIGITS} digits"),
            Self::TooLarge => f.write_str("too large"),
        }
    }
}

impl core::error::Error for DecimalError {}

/// A decimal number `mantissa * 10^exponent` as written in a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parsed {
    mantissa: U256,
    exponent: i32,
}

impl Parsed {
    /// Reads `12`, `12.5`, `1.25e1` and the like.
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        if text.starts_with('-') {
            return Err(DecimalError::Negative);
        }
        let (number, exponent) = match text.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse::<i16>().map_err(|_| DecimalError::NotANumber)?),
            None => (text, 0),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && fraction.is_empty() {
            return Err(DecimalError::NotANumber);
        }
        let (mut mantissa, mut digits, mut decimals) = (U256::zero(), 0u32, 0i32);
        // Trailing zeros of the fraction say nothing and would only count against the limits.
        let fraction = fraction.trim_end_matches('0');
        for (digit, is_decimal) in whole.bytes().map(|b| (b, false)).chain(fraction.bytes().map(|b| (b, true))) {
            if !digit.is_ascii_digit() {
                return Err(DecimalError::NotANumber);
            }
            let digit = digit.saturating_sub(b'0');
            if digits > 0 || digit > 0 {
                digits = digits.saturating_add(1);
            }
            if digits > MAX_DIGITS {
                return Err(DecimalError::TooManyDigits);
            }
            // At most MAX_DIGITS digits, so neither saturates.
            mantissa = mantissa.saturating_mul(U256::from(10u8)).saturating_add(U256::from(digit));
            decimals = decimals.saturating_add(i32::from(is_decimal));
        }
        Ok(Self {
            mantissa,
            exponent: i32::from(exponent).saturating_sub(decimals),
        })
    }

    /// As a whole number of `10^-decimals`; refuses what does not fit exactly.
    pub fn scaled(self, decimals: u32) -> Result<u128, DecimalError> {
        if self.mantissa.is_zero() {
            return Ok(0);
        }
        let shift = i64::from(self.exponent).saturating_add(i64::from(decimals));
        let scaled = if shift >= 0 {
            power_of_ten(shift.unsigned_abs())
                .and_then(|ten| self.mantissa.checked_mul(ten))
                .ok_or(DecimalError::TooLarge)?
        } else {
            let unit = power_of_ten(shift.unsigned_abs()).ok_or(DecimalError::TooManyDecimals { allowed: decimals })?;
            let (quotient, rest) = self.mantissa.div_mod(unit);
            if !rest.is_zero() {
                return Err(DecimalError::TooManyDecimals { allowed: decimals });
            }
            quotient
        };
        u128::try_from(scaled).map_err(|_| DecimalError::TooLarge)
    }

    /// As a whole number of `2^-bits`, rounded to the nearest.
    pub fn binary(self, bits: u32) -> Result<u128, DecimalError> {
        if self.mantissa.is_zero() {
            return Ok(0);
        }
        let places = i64::from(self.exponent);
        let scaled = if places >= 0 {
            let whole = power_of_ten(places.unsigned_abs())
                .and_then(|ten| self.mantissa.checked_mul(ten))
                .ok_or(DecimalError::TooLarge)?;
            times_power_of_two(whole, bits).ok_or(DecimalError::TooLarge)?
        } else {
            let unit = power_of_ten(places.unsigned_abs()).ok_or(DecimalError::TooManyDigits)?;
            let (whole, rest) = self.mantissa.div_mod(unit);
            let whole = times_power_of_two(whole, bits).ok_or(DecimalError::TooLarge)?;
            let (fraction, half) = binary_fraction(rest, unit, bits).ok_or(DecimalError::TooManyDigits)?;
            whole.saturating_add(fraction).saturating_add(U256::from(u8::from(half)))
        };
        u128::try_from(scaled).map_err(|_| DecimalError::TooLarge)
    }
}

/// The first `bits` binary digits of `rest / unit`, and the digit after them. `None` if `unit` is above 2^255.
fn binary_fraction(rest: U256, unit: U256, bits: u32) -> Option<(U256, bool)> {
    let mut rest = rest;
    let mut digit = || {
        rest = rest.checked_mul(U256::from(2u8))?;
        let one = rest >= unit;
        if one {
            rest = rest.checked_sub(unit)?;
        }
        Some(one)
    };
    let mut fraction = U256::zero();
    for _ in 0..bits {
        fraction = fraction.checked_mul(U256::from(2u8))?.checked_add(U256::from(u8::from(digit()?)))?;
    }
    Some((fraction, digit()?))
}

fn power_of_ten(exponent: u64) -> Option<U256> {
    (exponent <= 77)
        .then(|| U256::from(10u8).checked_pow(U256::from(exponent)))
        .flatten()
}

fn times_power_of_two(value: U256, bits: u32) -> Option<U256> {
    U256::from(2u8)
        .checked_pow(U256::from(bits))
        .and_then(|unit| value.checked_mul(unit))
}

/// Writes `value * 10^-decimals` with all its decimals.
pub(crate) fn write_decimal(f: &mut fmt::Formatter<'_>, value: U256, decimals: usize) -> fmt::Result {
    let unit = U256::exp10(decimals);
    let (whole, fraction) = (
        value.checked_div(unit).unwrap_or_default(),
        value.checked_rem(unit).unwrap_or_default(),
    );
    write!(f, "{whole}.")?;
    // U256 ignores the width of a format, so the leading zeros are written by hand.
    let mut place = unit;
    for _ in 0..decimals {
        place = place.checked_div(U256::from(10u8)).unwrap_or_default();
        let digit = fraction
            .checked_div(place)
            .and_then(|d| d.checked_rem(U256::from(10u8)))
            .unwrap_or_default();
        write!(f, "{digit}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scaled(text: &str) -> Result<u128, DecimalError> {
        Parsed::parse(text).and_then(|parsed| parsed.scaled(3))
    }

    #[test]
    fn decimal_texts_are_read_exactly() {
        assert_eq!(scaled("12"), Ok(12_000));
        assert_eq!(scaled("12.5"), Ok(12_500));
        assert_eq!(scaled(".5"), Ok(500));
        assert_eq!(scaled("5."), Ok(5_000));
        assert_eq!(scaled("1.25e1"), Ok(12_500));
        assert_eq!(scaled("1E-3"), Ok(1));
        assert_eq!(scaled("0.0010000"), Ok(1));
        assert_eq!(scaled("0e99"), Ok(0));
    }

    #[test]
    fn what_is_not_a_number_is_refused() {
        for text in ["", ".", "x", "1x", "1.2.3", "+1", "1e", "1e99999", "NaN", "1_000", " 1"] {
            assert_eq!(scaled(text), Err(DecimalError::NotANumber), "{text}");
        }
        assert_eq!(scaled("-1"), Err(DecimalError::Negative));
    }

    #[test]
    fn the_last_decimal_that_fits_is_read_and_the_next_is_refused() {
        assert_eq!(scaled("0.01"), Ok(10));
        assert_eq!(scaled("0.001"), Ok(1));
        assert_eq!(scaled("0.0001"), Err(DecimalError::TooManyDecimals { allowed: 3 }));
        assert_eq!(scaled("1e-300"), Err(DecimalError::TooManyDecimals { allowed: 3 }));
    }

    #[test]
    fn the_largest_number_that_fits_is_read_and_the_next_is_refused() {
        let parse = |text: &str| Parsed::parse(text).and_then(|parsed| parsed.scaled(0));
        assert_eq!(parse("340282366920938463463374607431768211454"), Ok(u128::MAX - 1));
        assert_eq!(parse("340282366920938463463374607431768211455"), Ok(u128::MAX));
        assert_eq!(parse("340282366920938463463374607431768211456"), Err(DecimalError::TooLarge));
        assert_eq!(parse("1e77"), Err(DecimalError::TooLarge));
        assert_eq!(parse("1e300"), Err(DecimalError::TooLarge));
    }

    #[test]
    fn sixty_digits_are_read_and_the_next_is_refused() {
        for (digits, readable) in [(59, true), (60, true), (61, false)] {
            let text = format!("0.{}", "1".repeat(digits));
            let result = Parsed::parse(&text).and_then(|parsed| parsed.binary(96));
            assert_eq!(result.is_ok(), readable, "{digits} digits");
            assert!(readable || result == Err(DecimalError::TooManyDigits));
        }
    }

    #[test]
    fn binary_fractions_are_rounded_to_the_nearest() {
        let binary = |text: &str, bits| Parsed::parse(text).and_then(|parsed| parsed.binary(bits));
        assert_eq!(binary("0.5", 1), Ok(1));
        assert_eq!(binary("0.24", 1), Ok(0));
        assert_eq!(binary("0.25", 1), Ok(1));
        assert_eq!(binary("2.6", 1), Ok(5));
        assert_eq!(binary("3e2", 1), Ok(600));
        assert_eq!(binary("1e40", 96), Err(DecimalError::TooLarge));
    }
}
