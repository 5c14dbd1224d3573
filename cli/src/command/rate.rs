//! Rates that an owner lowers at once and raises after an announcement: commissions of pools, fees and limits of vaults.

use crate::{amount::Ppm, failure::Failure, units};
use khala_client::PoolTimes;
use khala_primitives::status::{CommissionRiseStatus, PoolStatus, VaultStatus};
use std::cmp::Ordering;

/// Most by which one rise lifts a rate, in millionths: ten points.
const MAX_RISE_PPM: u32 = 100_000;

/// A rate, and what is announced of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Rate {
    /// Of what: `the commission of pool 3`.
    pub what: String,
    /// In force.
    pub now: Ppm,
    /// What it never exceeds, where that was promised.
    pub maximum: Option<Ppm>,
    /// A higher one that was announced.
    pub rise: Option<CommissionRiseStatus>,
}

/// What another rate is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// In force at once.
    Down,
    /// In force after an announcement.
    Up,
    /// The rate in force: withdraws an announced rise.
    Withdrawal,
}

impl Step {
    /// When it is in force, in seconds since 1970.
    pub fn due_secs(self, times: &PoolTimes, now_secs: u64) -> u64 {
        match self {
            Self::Up => now_secs.saturating_add(times.grace_secs).saturating_add(times.cool_down_secs),
            Self::Down | Self::Withdrawal => now_secs,
        }
    }
}

/// Is a new one's rate below its maximum? `what`: `a commission`, `a fee`.
pub(super) fn check_maximum(what: &str, rate: Ppm, maximum: Ppm) -> Result<(), Failure> {
    if rate > maximum {
        return Err(Failure::usage(format!(
            "{what} of {rate} is above its maximum of {maximum}: lower the one or raise the other"
        )));
    }
    Ok(())
}

impl Rate {
    /// The owner's part of a pool's rewards.
    pub fn commission(pool: &PoolStatus) -> Self {
        Self {
            what: format!("the commission of pool {}", pool.id),
            now: Ppm(pool.commission_ppm),
            maximum: Some(Ppm(pool.max_commission_ppm)),
            rise: pool.commission_rise,
        }
    }

    /// The owner's part of a vault's gains.
    pub fn fee(vault: &VaultStatus) -> Self {
        Self {
            what: format!("the fee of vault {}", vault.id),
            now: Ppm(vault.fee_ppm),
            maximum: Some(Ppm(vault.max_fee_ppm)),
            rise: vault.fee_rise,
        }
    }

    /// The highest commission of pools that a vault uses.
    pub fn commission_limit(vault: &VaultStatus) -> Self {
        Self {
            what: format!("the limit of vault {} on commissions", vault.id),
            now: Ppm(vault.commission_limit_ppm),
            maximum: None,
            rise: vault.commission_limit_rise,
        }
    }

    /// What another rate would be.
    ///
    /// # Errors
    /// The chain would refuse it.
    pub fn step(&self, wanted: Ppm) -> Result<Step, Failure> {
        let (what, now, maximum) = (&self.what, self.now, self.maximum.unwrap_or(Ppm::ONE));
        let highest = Ppm(now.0.saturating_add(MAX_RISE_PPM)).min(maximum);
        if wanted > maximum {
            return Err(Failure::failed(format!(
                "{wanted} is too much: it was promised that {what} never exceeds {maximum}"
            )));
        }
        if wanted > highest {
            return Err(Failure::failed(format!(
                "{wanted} is too much: {what} rises by at most ten points at a time, to {highest} now"
            )));
        }
        match wanted.cmp(&now) {
            Ordering::Greater => Ok(Step::Up),
            Ordering::Less => Ok(Step::Down),
            Ordering::Equal if self.rise.is_some() => Ok(Step::Withdrawal),
            Ordering::Equal => Err(Failure::failed(format!("{what} is {now} already, and no rise is announced"))),
        }
    }

    /// What becomes of it, in sentences.
    pub fn step_lines(&self, wanted: Ppm, due_secs: u64, now_secs: u64) -> Vec<String> {
        let (what, now) = (capitalised(&self.what), self.now);
        let mut lines = vec![match wanted.cmp(&now) {
            Ordering::Greater => format!(
                "{what} rises from {now} to {wanted} at {}; everybody can leave before.",
                units::date(due_secs, now_secs)
            ),
            Ordering::Less => format!("{what} falls from {now} to {wanted} at once."),
            Ordering::Equal => format!("{what} stays {now}."),
        }];
        lines.extend(self.rise.map(|rise| {
            format!(
                "The rise to {}, announced for {}, is withdrawn.",
                Ppm(rise.commission_ppm),
                units::date(rise.due_secs, now_secs)
            )
        }));
        lines
    }

    /// `10 %, never more than 50 %; 15 % announced for …`.
    pub fn shown(&self, now_secs: u64) -> String {
        let bound = self.maximum.map_or(String::new(), |maximum| format!(", never more than {maximum}"));
        let rise = self.rise.map_or(String::new(), |rise| {
            format!(
                "; {} announced for {}",
                Ppm(rise.commission_ppm),
                units::date(rise.due_secs, now_secs)
            )
        });
        format!("{}{bound}{rise}", self.now)
    }

    /// What somebody who joins is told of an announced rise.
    pub fn rise_line(&self, now_secs: u64) -> Option<String> {
        self.rise.map(|rise| {
            format!(
                "The owner has announced {} from {} on.",
                Ppm(rise.commission_ppm),
                units::date(rise.due_secs, now_secs)
            )
        })
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::{pool, vault};

    const NOW: u64 = 1_735_689_600;

    /// 10 %, at most 50 %.
    fn rate() -> Rate {
        Rate::commission(&pool())
    }

    /// The same with a rise to 15 % announced.
    fn rising() -> Rate {
        Rate {
            rise: Some(CommissionRiseStatus {
                commission_ppm: 150_000,
                due_secs: NOW + 60,
            }),
            ..rate()
        }
    }

    #[test]
    fn a_rate_rises_by_at_most_ten_points_and_never_above_its_maximum() {
        for (ppm, expected) in [
            (0, Some(Step::Down)),
            (99_999, Some(Step::Down)),
            (100_001, Some(Step::Up)),
            (199_999, Some(Step::Up)),
            (200_000, Some(Step::Up)),
            (200_001, None),
        ] {
            assert_eq!(rate().step(Ppm(ppm)).ok(), expected, "{ppm}");
        }
        let steep = rate().step(Ppm(200_001)).unwrap_err();
        assert!(
            steep.message.contains("the commission of pool 3 rises by at most ten points") && steep.message.ends_with("to 20 % now"),
            "{steep}"
        );
        let low = Rate {
            maximum: Some(Ppm(150_000)),
            ..rate()
        };
        assert_eq!(low.step(Ppm(150_000)).unwrap(), Step::Up);
        let above = low.step(Ppm(150_001)).unwrap_err();
        assert!(above.message.contains("never exceeds 15 %"), "{above}");
    }

    #[test]
    fn the_rate_in_force_withdraws_a_rise_and_else_changes_nothing() {
        assert_eq!(rising().step(Ppm(100_000)).unwrap(), Step::Withdrawal);
        let failure = rate().step(Ppm(100_000)).unwrap_err();
        assert!(failure.message.contains("the commission of pool 3 is 10 % already"), "{failure}");
    }

    #[test]
    fn a_rise_is_in_force_after_grace_and_cool_down_and_a_fall_at_once() {
        let times = PoolTimes {
            grace_secs: 120,
            cool_down_secs: 60,
        };
        assert_eq!([Step::Up, Step::Down].map(|step| step.due_secs(&times, NOW)), [NOW + 180, NOW]);
        let said = |ppm| rising().step_lines(Ppm(ppm), NOW + 180, NOW).join("\n");
        assert!(said(120_000).contains("The commission of pool 3 rises from 10 % to 12 % at 2025-01-01 00:03 UTC (in 3m 0s)"));
        assert!(said(50_000).contains("falls from 10 % to 5 % at once"));
        assert!(said(100_000).contains("stays 10 %") && said(100_000).contains("The rise to 15 %, announced for"));
    }

    #[test]
    fn a_rate_is_shown_with_its_bound_and_its_rise() {
        assert_eq!(
            rising().shown(NOW),
            "10 %, never more than 50 %; 15 % announced for 2025-01-01 00:01 UTC (in 1m 0s)"
        );
        let vault = vault();
        assert_eq!(Rate::fee(&vault).shown(NOW), "5 %, never more than 10 %");
        assert_eq!(Rate::commission_limit(&vault).shown(NOW), "20 %");
        assert_eq!(rate().rise_line(NOW), None);
        assert!(rising()
            .rise_line(NOW)
            .unwrap()
            .contains("announced 15 % from 2025-01-01 00:01 UTC (in 1m 0s) on"));
    }

    #[test]
    fn a_new_one_promises_a_maximum_that_it_keeps() {
        assert!(check_maximum("a fee", Ppm(1), Ppm(1)).is_ok());
        let failure = check_maximum("a fee", Ppm(2), Ppm(1)).unwrap_err();
        assert!(failure.message.contains("a fee of 0.0002 % is above its maximum"), "{failure}");
    }
}
