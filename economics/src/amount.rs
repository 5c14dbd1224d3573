//! Amounts of PHA and dimensionless numbers, both with 18 decimals.

use crate::{
    decimal::{write_decimal, DecimalError, Parsed},
    fixed::mul_div,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::{fmt, str::FromStr};
use khala_primitives::{Balance, U256};
use scale_info::TypeInfo;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Units of 10^-18 in one.
pub const UNITS: u128 = 1_000_000_000_000_000_000;
/// Units of 10^-18 PHA in one planck (10^-12 PHA).
pub const UNITS_PER_PLANCK: u128 = 1_000_000;

/// In what unit amounts leave the economics; they are rounded down to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Precision {
    /// Whole planck: the chain's.
    Planck,
    /// 10^-18 PHA: a replay's, to be compared with the reference model.
    Fine,
}

/// Defines a number of 10^-18 units: SCALE as the `u128`, text and JSON as a decimal string.
macro_rules! eighteen_decimals {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
        )]
        pub struct $name(u128);

        impl $name {
            /// Zero.
            pub const ZERO: Self = Self(0);
            /// One.
            pub const ONE: Self = Self(UNITS);

            /// From units of 10^-18.
            pub const fn from_units(units: u128) -> Self {
                Self(units)
            }

            /// In units of 10^-18: the inner value of a `FixedU128`.
            pub const fn units(self) -> u128 {
                self.0
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

            /// Whether it is zero.
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_decimal(f, U256::from(self.0), 18)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = DecimalError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Parsed::parse(text)?.scaled(18).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                parse_json(deserializer)
            }
        }
    };
}

eighteen_decimals! {
    /// An amount of PHA with 18 decimals.
    Pha
}
eighteen_decimals! {
    /// A dimensionless number with 18 decimals: a ratio, a factor, a share.
    Fixed
}

impl Pha {
    /// The largest amount.
    pub const MAX: Self = Self(u128::MAX);

    /// From planck; `None` above 3.4e20 PHA.
    pub fn from_planck(planck: Balance) -> Option<Self> {
        planck.checked_mul(UNITS_PER_PLANCK).map(Self)
    }

    /// In planck, rounded down.
    pub const fn planck(self) -> Balance {
        // A division by a constant that is not zero.
        #[allow(clippy::arithmetic_side_effects)]
        let planck = self.0 / UNITS_PER_PLANCK;
        planck
    }

    /// `self * factor`, rounded down.
    pub fn checked_mul(self, factor: Fixed) -> Option<Self> {
        // In two steps, so that no 256-bit division is needed: the rest is below 10^18, so a factor up to 340 fits.
        let (whole, rest) = (self.0.checked_div(UNITS)?, self.0.checked_rem(UNITS)?);
        let whole = whole.checked_mul(factor.0)?;
        match rest.checked_mul(factor.0) {
            Some(rest) => whole.checked_add(rest.checked_div(UNITS)?).map(Self),
            None => mul_div(self.0, factor.0, UNITS).map(Self),
        }
    }

    /// `self * numerator / denominator`, rounded down. Slow: a 256-bit division.
    pub fn mul_ratio(self, numerator: u128, denominator: u128) -> Option<Self> {
        mul_div(self.0, numerator, denominator).map(Self)
    }

    /// Rounded down to `precision`.
    pub fn rounded_down(self, precision: Precision) -> Self {
        match precision {
            Precision::Planck => Self(self.0.saturating_sub(self.0.checked_rem(UNITS_PER_PLANCK).unwrap_or(0))),
            Precision::Fine => self,
        }
    }
}

impl Fixed {
    /// From a number with 6 decimals.
    pub const fn from_millionths(millionths: u64) -> Self {
        // Below 2^64 * 2^40.
        #[allow(clippy::arithmetic_side_effects)]
        let units = millionths as u128 * (UNITS / 1_000_000);
        Self(units)
    }

    /// `self * other`, rounded down.
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        mul_div(self.0, other.0, UNITS).map(Self)
    }
}

/// Reads a number from a JSON string, exactly. Numbers that are not strings are refused: readers round them.
pub(crate) fn parse_json<'de, D: Deserializer<'de>, T: FromStr>(deserializer: D) -> Result<T, D::Error>
where
    T::Err: fmt::Display,
{
    struct Text<T>(core::marker::PhantomData<T>);

    impl<T: FromStr> serde::de::Visitor<'_> for Text<T>
    where
        T::Err: fmt::Display,
    {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a decimal number as a string")
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
            text.parse().map_err(|error| E::custom(format_args!("\"{text}\" is {error}")))
        }
    }

    deserializer.deserialize_str(Text(core::marker::PhantomData))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn planck_are_exact_both_ways_and_the_rest_is_rounded_down() {
        assert_eq!(Pha::from_planck(1).unwrap().to_string(), "0.000000000001000000");
        assert_eq!(Pha::from_units(999_999).planck(), 0);
        assert_eq!(Pha::from_units(1_000_000).planck(), 1);
        assert_eq!(Pha::from_units(1_000_001).planck(), 1);
        assert_eq!(
            Pha::from_units(1_999_999).rounded_down(Precision::Planck),
            Pha::from_units(1_000_000)
        );
        assert_eq!(Pha::from_units(1_999_999).rounded_down(Precision::Fine), Pha::from_units(1_999_999));
        assert_eq!(
            Pha::from_planck(u128::MAX / UNITS_PER_PLANCK).map(Pha::planck),
            Some(u128::MAX / UNITS_PER_PLANCK)
        );
        assert_eq!(Pha::from_planck(u128::MAX / UNITS_PER_PLANCK + 1), None);
    }

    #[test]
    fn json_is_a_decimal_string() {
        assert_eq!(
            serde_json::to_string(&Fixed::from_millionths(1_500_000)).unwrap(),
            "\"1.500000000000000000\""
        );
        assert_eq!(serde_json::from_str::<Pha>("\"720000\"").unwrap(), Pha::from_units(720_000 * UNITS));
        let number = serde_json::from_str::<Pha>("0.2").unwrap_err().to_string();
        assert!(number.contains("a decimal number as a string"), "{number}");
        let text = serde_json::from_str::<Pha>("\"x\"").unwrap_err().to_string();
        assert!(text.contains("\"x\" is not a decimal number"), "{text}");
    }

    proptest! {
        #[test]
        fn products_are_rounded_down_exactly(amount in 0..u128::MAX / 1_000, factor in 0..1_000 * UNITS) {
            let exact = U256::from(amount) * U256::from(factor) / U256::from(UNITS);
            prop_assert_eq!(Pha::from_units(amount).checked_mul(Fixed::from_units(factor)).map(|p| U256::from(p.units())), Some(exact));
        }
    }
}
