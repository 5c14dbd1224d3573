//! Numbers as people read them.

use khala_primitives::{status::Fixed18, AccountId32, Balance, WorkerPublicKey, H256, PHA, SS58_PREFIX};
use sp_core::crypto::{set_default_ss58_version, Ss58AddressFormat, Ss58Codec};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Days after which the calendar repeats.
const DAYS_OF_400_YEARS: u64 = 146_097;
const ONE_FIXED18: Fixed18 = 1_000_000_000_000_000_000;

/// An amount in PHA with `decimals` (at most 12) decimals, rounded down: `1,234.5678`.
pub fn pha(planck: Balance, decimals: u32) -> String {
    decimal(planck, PHA, 12, decimals)
}

/// An amount in PHA, rounded up: of what is missing or needed.
pub fn pha_up(planck: Balance, decimals: u32) -> String {
    let step = 10u128.pow(12u32.saturating_sub(decimals));
    pha(planck.div_ceil(step).saturating_mul(step), decimals)
}

/// A number with 18 decimals, shown with `decimals` of them, rounded down.
pub fn fixed18(value: Fixed18, decimals: u32) -> String {
    decimal(value, ONE_FIXED18, 18, decimals)
}

fn decimal(value: u128, one: u128, digits: u32, decimals: u32) -> String {
    let whole = grouped(value / one);
    if decimals == 0 {
        return whole;
    }
    let fraction = (value % one) / 10u128.pow(digits.saturating_sub(decimals));
    format!("{whole}.{fraction:0width$}", width = decimals.min(digits) as usize)
}

/// Thousands apart: `1,234,567`.
pub fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The two largest units: `6d 23h`, `9m 58s`, `42s`.
pub fn duration(span: Duration) -> String {
    let secs = span.as_secs();
    let parts = [
        (secs / 86_400, "d"),
        (secs / 3_600 % 24, "h"),
        (secs / 60 % 60, "m"),
        (secs % 60, "s"),
    ];
    let first = parts.iter().position(|(count, _)| *count > 0).unwrap_or(parts.len() - 1);
    let shown: Vec<_> = parts
        .iter()
        .skip(first)
        .take(2)
        .map(|(count, unit)| format!("{count}{unit}"))
        .collect();
    shown.join(" ")
}

/// What is left until a moment in seconds since 1970; `over` when it has passed.
pub fn remaining(until_secs: u64, now_secs: u64) -> String {
    match until_secs.checked_sub(now_secs) {
        Some(left) if left > 0 => duration(Duration::from_secs(left)),
        _ => "over".into(),
    }
}

/// The beginning and end of a key: `0x1a2b3c…9f8e`.
pub fn short(worker: &WorkerPublicKey) -> String {
    ends(&worker.to_string())
}

/// The beginning and end of a hash: `0x1a2b3c…9f8e`.
pub fn short_hash(hash: &H256) -> String {
    ends(&format!("{hash:?}"))
}

fn ends(text: &str) -> String {
    format!("{}…{}", text.get(..8).unwrap_or_default(), text.get(62..).unwrap_or_default())
}

/// A moment in seconds since 1970, in UTC, to the minute: `2026-11-22 17:46`.
pub fn moment(secs: u64) -> String {
    let (cycles, mut day) = (secs / 86_400 / DAYS_OF_400_YEARS, secs / 86_400 % DAYS_OF_400_YEARS);
    // 1970 leaves the same rest as 2370: the loops below run at most 400 and 12 times.
    let mut year = 1970 + cycles * 400;
    while day >= days_of_year(year) {
        day -= days_of_year(year);
        year += 1;
    }
    let mut month = 1;
    while day >= days_of_month(year, month) {
        day -= days_of_month(year, month);
        month += 1;
    }
    format!("{year}-{month:02}-{:02} {:02}:{:02}", day + 1, secs / 3_600 % 24, secs / 60 % 60)
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(400) || (year.is_multiple_of(4) && !year.is_multiple_of(100))
}

fn days_of_year(year: u64) -> u64 {
    if is_leap(year) {
        366
    } else {
        365
    }
}

fn days_of_month(year: u64, month: u64) -> u64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A moment and how far away it is, both in seconds since 1970: `2026-11-22 17:46 UTC (in 6d 3h)`.
pub fn date(secs: u64, now_secs: u64) -> String {
    let span = |secs| duration(Duration::from_secs(secs));
    let distance = match (secs.checked_sub(now_secs), now_secs.checked_sub(secs)) {
        (Some(0), _) => "now".into(),
        (Some(left), _) => format!("in {}", span(left)),
        (None, ago) => format!("{} ago", span(ago.unwrap_or_default())),
    };
    format!("{} UTC ({distance})", moment(secs))
}

/// An account's address, in SS58 with the network's prefix.
pub fn address(account: &AccountId32) -> String {
    account.to_ss58check_with_version(Ss58AddressFormat::custom(SS58_PREFIX))
}

/// Makes every address that this program prints, in JSON too, one with the network's prefix.
pub fn use_network_addresses() {
    set_default_ss58_version(Ss58AddressFormat::custom(SS58_PREFIX));
}

/// Seconds since 1970.
pub fn now_secs() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map(|since| since.as_secs())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_grouped_and_rounded_down() {
        assert_eq!(pha(1_234_567_999_999_999_999, 4), "1,234,567.9999");
        assert_eq!(pha(999_999_999_999, 0), "0");
        assert_eq!(pha(1, 12), "0.000000000001");
        assert_eq!(fixed18(3_000_002_035_093_691_477_925, 6), "3,000.002035");
        assert_eq!(
            (grouped(0), grouped(999), grouped(1_000)),
            ("0".into(), "999".into(), "1,000".into())
        );
    }

    #[test]
    fn what_is_missing_is_rounded_up() {
        for (planck, text) in [(0, "0.00"), (1, "0.01"), (10_000_000_000, "0.01"), (10_000_000_001, "0.02")] {
            assert_eq!(pha_up(planck, 2), text);
        }
        assert_eq!(pha_up(1, 12), "0.000000000001");
    }

    #[test]
    fn a_date_says_how_far_away_it_is() {
        let now = 1_735_689_600;
        for (secs, text) in [
            (now + 529_200, "2025-01-07 03:00 UTC (in 6d 3h)"),
            (now + 1, "2025-01-01 00:00 UTC (in 1s)"),
            (now, "2025-01-01 00:00 UTC (now)"),
            (now - 1, "2024-12-31 23:59 UTC (1s ago)"),
        ] {
            assert_eq!(date(secs, now), text);
        }
    }

    #[test]
    fn durations_show_their_two_largest_units() {
        for (secs, text) in [
            (0, "0s"),
            (42, "42s"),
            (60, "1m 0s"),
            (598, "9m 58s"),
            (3_600, "1h 0m"),
            (604_799, "6d 23h"),
        ] {
            assert_eq!(duration(Duration::from_secs(secs)), text);
        }
    }

    #[test]
    fn a_lease_is_over_at_its_last_second() {
        assert_eq!(remaining(100, 99), "1s");
        assert_eq!(remaining(100, 100), "over");
        assert_eq!(remaining(100, 101), "over");
    }

    #[test]
    fn keys_and_hashes_are_shown_by_their_ends() {
        assert_eq!(short(&WorkerPublicKey([0xab; 32])), "0xababab…abab");
        assert_eq!(short_hash(&H256([0xcd; 32])), "0xcdcdcd…cdcd");
    }

    #[test]
    fn moments_are_those_of_the_calendar() {
        for (secs, text) in [
            (0, "1970-01-01 00:00"),
            (951_782_399, "2000-02-28 23:59"),
            (951_782_400, "2000-02-29 00:00"),
            (951_868_800, "2000-03-01 00:00"),
            (1_735_689_599, "2024-12-31 23:59"),
            (1_735_689_600, "2025-01-01 00:00"),
            (2_524_607_999, "2049-12-31 23:59"),
            (4_107_542_400, "2100-03-01 00:00"),
            (12_622_780_800, "2370-01-01 00:00"),
        ] {
            assert_eq!(moment(secs), text, "{secs}");
        }
        assert!(moment(u64::MAX).len() > 16, "the last moment has a year, too");
    }
}
