//! So many seconds in every so many: what a worker may pause, and what an outage may last.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// How much of an allowance is used up. What is used comes back evenly, all of it in one period.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Allowance {
    /// Seconds used, as of `at`.
    used: u64,
    /// Reading of the credited clock.
    at: u64,
}

/// How much there is: `full` seconds in `period` seconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Measure {
    /// Seconds that may be used at once.
    pub full: u64,
    /// Seconds in which they all come back.
    pub period: u64,
}

impl Allowance {
    /// Seconds that are left at reading `now` of the credited clock, when nothing is being used.
    pub fn left(&self, now: u64, measure: Measure) -> u64 {
        measure.full.saturating_sub(self.recovered(now, measure).used)
    }

    /// The same as of `now`: using begins, and nothing comes back until it ends.
    pub fn begun(&self, now: u64, measure: Measure) -> Self {
        self.recovered(now, measure)
    }

    /// What was begun ends at `now`: the time since then is used.
    pub fn ended(&self, now: u64, measure: Measure) -> Self {
        let passed = now.saturating_sub(self.at);
        Self {
            used: self.used.saturating_add(passed).min(measure.full),
            at: now,
        }
    }

    fn recovered(&self, now: u64, measure: Measure) -> Self {
        let passed = u128::from(now.saturating_sub(self.at));
        let back = passed
            .saturating_mul(u128::from(measure.full))
            .checked_div(u128::from(measure.period))
            .unwrap_or(u128::MAX);
        let back = u64::try_from(back).unwrap_or(u64::MAX);
        Self {
            used: self.used.saturating_sub(back),
            at: now,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEASURE: Measure = Measure { full: 100, period: 1_000 };

    #[test]
    fn a_new_allowance_is_full() {
        assert_eq!(Allowance::default().left(0, MEASURE), 100);
        assert_eq!(Allowance::default().left(u64::MAX, MEASURE), 100);
    }

    #[test]
    fn what_is_used_comes_back_evenly_in_one_period() {
        let used = Allowance::default().begun(50, MEASURE).ended(110, MEASURE);
        assert_eq!(used.left(110, MEASURE), 40);
        assert_eq!(used.left(119, MEASURE), 40);
        assert_eq!(used.left(120, MEASURE), 41);
        assert_eq!(used.left(709, MEASURE), 99);
        assert_eq!(used.left(710, MEASURE), 100);
    }

    #[test]
    fn nothing_comes_back_while_it_is_used_and_no_more_than_all_is_used() {
        let used = Allowance::default().begun(0, MEASURE).ended(5_000, MEASURE);
        assert_eq!(used.left(5_000, MEASURE), 0);
        assert_eq!(used.left(6_000, MEASURE), 100);
    }

    #[test]
    fn another_measure_counts_from_now_on() {
        let used = Allowance::default().begun(0, MEASURE).ended(100, MEASURE);
        assert_eq!(used.left(100, Measure { full: 50, period: 1 }), 0);
        assert_eq!(used.left(100, Measure { full: 300, period: 1_000 }), 200);
    }
}
