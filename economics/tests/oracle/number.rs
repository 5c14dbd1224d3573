//! Decimals with 60 places on top of big integers.

use num_bigint::BigInt;
use std::{
    fmt,
    ops::{Add, Div, Mul, Sub},
};

const PLACES: usize = 60;

fn unit() -> BigInt {
    BigInt::from(10).pow(PLACES as u32)
}

/// A number with 60 decimals.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct D(BigInt);

impl D {
    pub(super) fn parse(text: &str) -> Self {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        assert!(fraction.len() <= PLACES, "{text}");
        Self(format!("{whole}{fraction:0<PLACES$}").parse().unwrap())
    }

    pub(super) fn is_zero(&self) -> bool {
        self.0 == BigInt::ZERO
    }

    pub(super) fn pow(&self, exponent: u64) -> Self {
        let (mut result, mut square, mut left) = (Self(unit()), self.clone(), exponent);
        while left > 0 {
            if left & 1 == 1 {
                result = result * square.clone();
            }
            square = square.clone() * square;
            left >>= 1;
        }
        result
    }

    pub(super) fn sqrt(&self) -> Self {
        Self((self.0.clone() * unit()).sqrt())
    }

    /// Rounded down to 18 decimals.
    pub(super) fn floor_18(&self) -> Self {
        let step = BigInt::from(10).pow(PLACES as u32 - 18);
        Self(self.0.clone() / step.clone() * step)
    }
}

impl From<i64> for D {
    fn from(whole: i64) -> Self {
        Self(BigInt::from(whole) * unit())
    }
}

impl fmt::Display for D {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!("{:0>width$}", self.0.to_string(), width = PLACES + 1);
        let (whole, fraction) = digits.split_at(digits.len() - PLACES);
        write!(f, "{whole}.{fraction}")
    }
}

impl Add for D {
    type Output = D;
    fn add(self, other: D) -> D {
        D(self.0 + other.0)
    }
}

impl Sub for D {
    type Output = D;
    fn sub(self, other: D) -> D {
        D(self.0 - other.0)
    }
}

impl Mul for D {
    type Output = D;
    fn mul(self, other: D) -> D {
        D(self.0 * other.0 / unit())
    }
}

impl Div for D {
    type Output = D;
    fn div(self, other: D) -> D {
        D(self.0 * unit() / other.0)
    }
}

/// The 3600th root of a number from 0 to 2, by bisection.
pub(super) fn root_3600(number: &D) -> D {
    let (mut low, mut high) = (D::from(0), D::from(2));
    while high.0.clone() - low.0.clone() > BigInt::from(1) {
        let middle = D((low.0.clone() + high.0.clone()) / 2);
        // A power above any bound would only cost time: 2^3600 has thousand digits, which is fine.
        if middle.pow(3_600) <= *number {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}
