//! Amounts and rates as people write them.

use khala_primitives::{Balance, PHA};

/// Most planck that an amount can be: sums of many stay in their range.
const MOST: Balance = Balance::MAX / PHA;
/// Decimals of a PHA.
const DECIMALS: usize = 12;
/// Decimals of a per cent in millionths.
const PERCENT_DECIMALS: usize = 4;

/// A part, in millionths: at most a million.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Ppm(pub u32);

impl Ppm {
    /// All of it.
    pub const ONE: Self = Self(1_000_000);

    /// `value` less this part of it, rounded down.
    pub fn less_than(self, value: u128) -> u128 {
        let rest = u128::from(Self::ONE.0.saturating_sub(self.0));
        // Whole millions and the rest apart: no product leaves its range.
        let (whole, part) = (value / u128::from(Self::ONE.0), value % u128::from(Self::ONE.0));
        whole * rest + part * rest / u128::from(Self::ONE.0)
    }
}

/// `12.5 %`.
impl std::fmt::Display for Ppm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, part) = (self.0 / 10_000, self.0 % 10_000);
        let decimals = format!("{part:04}");
        match decimals.trim_end_matches('0') {
            "" => write!(f, "{whole} %"),
            decimals => write!(f, "{whole}.{decimals} %"),
        }
    }
}

/// How much of what is there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Amount {
    /// Everything.
    All,
    /// So many planck.
    Planck(Balance),
}

/// An upper limit, in planck, or none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limit(pub Option<Balance>);

/// How much stake.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stake {
    /// The smallest.
    Min,
    /// The largest.
    Max,
    /// So many planck.
    Planck(Balance),
}

/// Reads an amount in PHA, to planck: `1500`, `0.25`.
pub fn pha(text: &str) -> Result<Balance, String> {
    let planck = decimal(text, DECIMALS, "an amount in PHA, such as 1500 or 0.25")?;
    if planck > MOST {
        return Err(format!("{text} PHA are more than there can be"));
    }
    Ok(planck)
}

/// Reads an amount in PHA, or `all`.
pub fn pha_or_all(text: &str) -> Result<Amount, String> {
    match text {
        "all" => Ok(Amount::All),
        text => pha(text).map(Amount::Planck).map_err(|reason| format!("{reason}, or all")),
    }
}

/// Reads an amount in PHA, or `none`.
pub fn pha_or_none(text: &str) -> Result<Limit, String> {
    match text {
        "none" => Ok(Limit(None)),
        text => pha(text).map(|cap| Limit(Some(cap))).map_err(|reason| format!("{reason}, or none")),
    }
}

/// Reads an amount in PHA, `min` or `max`.
pub fn pha_or_bound(text: &str) -> Result<Stake, String> {
    match text {
        "min" => Ok(Stake::Min),
        "max" => Ok(Stake::Max),
        text => pha(text).map(Stake::Planck).map_err(|reason| format!("{reason}, min or max")),
    }
}

/// Reads a part in per cent: `12.5`, `12.5%`.
pub fn percent(text: &str) -> Result<Ppm, String> {
    let number = text.strip_suffix('%').unwrap_or(text).trim_end();
    let ppm = decimal(number, PERCENT_DECIMALS, "a part in per cent, such as 10 or 12.5")?;
    u32::try_from(ppm)
        .ok()
        .map(Ppm)
        .filter(|ppm| *ppm <= Ppm::ONE)
        .ok_or_else(|| format!("{text} is above 100 per cent"))
}

/// Reads a number without a sign, in units of its last decimal.
fn decimal(text: &str, decimals: usize, expected: &str) -> Result<u128, String> {
    let wrong = || format!("expected {expected}: digits, and a dot before decimals");
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !are_digits(whole) || !are_digits(part) {
        return Err(wrong());
    }
    let part = part.trim_end_matches('0');
    if part.len() > decimals {
        return Err(format!("{text} has {} decimals; there are at most {decimals}", part.len()));
    }
    format!("{whole}{part:0<decimals$}")
        .parse()
        .map_err(|_| format!("{text} is too large a number"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_to_the_planck() {
        for (text, planck) in [
            ("0", 0),
            ("1", PHA),
            ("1500", 1_500 * PHA),
            ("0.25", PHA / 4),
            ("1.000000000001", PHA + 1),
            ("1.0000000000010000", PHA + 1),
            ("007.50", 7 * PHA + PHA / 2),
        ] {
            assert_eq!(pha(text), Ok(planck), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused_with_what_is_expected() {
        for text in [
            "", ".", "1.", ".5", "-1", "+1", "1,5", "1,500", "1e3", "1 000", "PHA", "１", "0x10", "1.2.3",
        ] {
            let reason = pha(text).unwrap_err();
            assert!(reason.contains("digits, and a dot"), "{text}: {reason}");
        }
        let many = pha("0.0000000000001").unwrap_err();
        assert!(many.contains("13 decimals"), "{many}");
    }

    #[test]
    fn amounts_are_bounded() {
        let most = MOST.to_string();
        let (whole, part) = most.split_at(most.len() - DECIMALS);
        assert_eq!(pha(&format!("{whole}.{part}")), Ok(MOST));
        for text in [MOST.to_string(), "9".repeat(28), "9".repeat(60)] {
            assert!(pha(&text).is_err(), "{text}");
        }
    }

    #[test]
    fn words_stand_for_amounts() {
        assert_eq!(pha_or_all("all"), Ok(Amount::All));
        assert_eq!(pha_or_all("2"), Ok(Amount::Planck(2 * PHA)));
        assert_eq!(pha_or_none("none"), Ok(Limit(None)));
        assert_eq!(pha_or_none("2"), Ok(Limit(Some(2 * PHA))));
        assert_eq!((pha_or_bound("min"), pha_or_bound("max")), (Ok(Stake::Min), Ok(Stake::Max)));
        assert_eq!(pha_or_bound("2"), Ok(Stake::Planck(2 * PHA)));
        assert!(pha_or_all("ALL").unwrap_err().ends_with("or all"));
        assert!(pha_or_none("all").unwrap_err().ends_with("or none"));
        assert!(pha_or_bound("all").unwrap_err().ends_with("min or max"));
    }

    #[test]
    fn parts_are_read_and_shown_in_per_cent() {
        for (text, ppm, shown) in [
            ("0", 0, "0 %"),
            ("10", 100_000, "10 %"),
            ("12.5%", 125_000, "12.5 %"),
            ("0.0001", 1, "0.0001 %"),
            ("99.9999", 999_999, "99.9999 %"),
            ("100", 1_000_000, "100 %"),
        ] {
            assert_eq!(percent(text), Ok(Ppm(ppm)), "{text}");
            assert_eq!(Ppm(ppm).to_string(), shown);
        }
        for text in ["100.0001", "101", "-1", "ten", "", "%", "0.00001"] {
            assert!(percent(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_tolerance_is_taken_off_rounded_down_without_overflow() {
        for (ppm, value, less) in [
            (0, 7, 7),
            (5_000, 1_000, 995),
            (5_000, 1, 0),
            (1_000_000, 1_000, 0),
            (0, u128::MAX, u128::MAX),
        ] {
            assert_eq!(Ppm(ppm).less_than(value), less, "{ppm} {value}");
        }
        assert!(Ppm(1).less_than(u128::MAX) < u128::MAX);
    }
}
