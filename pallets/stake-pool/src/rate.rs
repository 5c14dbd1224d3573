//! A rate that its owner may lower at once, and raise after an announcement, by a bounded step.

use crate::types::CommissionRise;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::Permill;

/// Most by which one rise lifts a rate: ten points.
pub const MAX_RISE: Permill = Permill::from_percent(10);

/// A commission, a fee, or a limit of one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Rate {
    /// In force.
    pub now: Permill,
    /// What it never exceeds.
    pub maximum: Permill,
    /// An announced rise.
    pub rise: Option<CommissionRise>,
}

/// What became of a rate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RateChange {
    /// It will rise.
    Announced(CommissionRise),
    /// It is lower, or as it was; an announced rise will not come.
    Lowered {
        /// The rate that is in force, if it is another.
        to: Option<Permill>,
        /// The rise that will not come.
        withdrawn: Option<Permill>,
    },
}

/// Why a rate stays as it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RateError {
    /// It would exceed its maximum.
    AboveMaximum,
    /// It would rise by more than [`MAX_RISE`].
    RiseTooLarge,
    /// It is in force already, and no rise is announced.
    Unchanged,
}

impl Rate {
    /// A rate that is in force, and its maximum.
    pub fn new(now: Permill, maximum: Permill) -> Result<Self, RateError> {
        if now > maximum {
            return Err(RateError::AboveMaximum);
        }
        Ok(Self { now, maximum, rise: None })
    }

    /// Lowers it at once, or announces a rise that is in force from `due_secs` of the credited clock on. A rise that was announced before
    /// is forgotten; the rate of now withdraws it.
    pub fn set(&mut self, wanted: Permill, due_secs: u64) -> Result<RateChange, RateError> {
        if wanted > self.maximum {
            return Err(RateError::AboveMaximum);
        }
        if wanted > self.now {
            let highest = Permill::from_parts(self.now.deconstruct().saturating_add(MAX_RISE.deconstruct()));
            if wanted > highest {
                return Err(RateError::RiseTooLarge);
            }
            let rise = CommissionRise {
                commission: wanted,
                due_secs,
            };
            self.rise = Some(rise);
            return Ok(RateChange::Announced(rise));
        }
        let to = Some(wanted).filter(|wanted| *wanted < self.now);
        let withdrawn = self.rise.map(|rise| rise.commission);
        if to.is_none() && withdrawn.is_none() {
            return Err(RateError::Unchanged);
        }
        (self.now, self.rise) = (wanted, None);
        Ok(RateChange::Lowered { to, withdrawn })
    }

    /// Puts an announced rise in force if its time has come; the new rate.
    pub fn apply(&mut self, now_secs: u64) -> Option<Permill> {
        let rise = self.rise.filter(|rise| rise.due_secs <= now_secs)?;
        self.rise = None;
        self.now = rise.commission;
        Some(self.now)
    }

    /// The rate in force or announced, whichever is higher.
    pub fn highest(&self) -> Permill {
        self.rise.map_or(self.now, |rise| self.now.max(rise.commission))
    }

    /// Is an announced rise one, within the bounds? For `try_state`.
    pub fn is_sound(&self) -> bool {
        let step = |rise: CommissionRise| rise.commission.deconstruct().checked_sub(self.now.deconstruct());
        let rise_is_sound = |rise: CommissionRise| {
            step(rise).is_some_and(|step| step > 0 && step <= MAX_RISE.deconstruct()) && rise.commission <= self.maximum
        };
        self.now <= self.maximum && self.rise.is_none_or(rise_is_sound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percent(percent: u32) -> Permill {
        Permill::from_percent(percent)
    }

    #[test]
    fn a_rate_falls_at_once_and_rises_at_its_date_by_ten_points_at_most() {
        let mut rate = Rate::new(percent(20), percent(35)).unwrap();
        let rise = CommissionRise {
            commission: percent(30),
            due_secs: 100,
        };
        assert_eq!(rate.set(percent(30), 100), Ok(RateChange::Announced(rise)));
        assert_eq!((rate.now, rate.highest(), rate.apply(99)), (percent(20), percent(30), None));
        assert_eq!((rate.apply(100), rate.now, rate.rise), (Some(percent(30)), percent(30), None));
        let lowered = RateChange::Lowered {
            to: Some(percent(10)),
            withdrawn: None,
        };
        assert_eq!(rate.set(percent(10), 200), Ok(lowered));
        assert_eq!(rate.now, percent(10));
    }

    #[test]
    fn the_rate_of_now_withdraws_a_rise_and_a_new_announcement_replaces_one() {
        let mut rate = Rate::new(percent(20), percent(35)).unwrap();
        rate.set(percent(25), 100).unwrap();
        rate.set(percent(30), 200).unwrap();
        assert_eq!(rate.apply(100), None);
        let withdrawn = RateChange::Lowered {
            to: None,
            withdrawn: Some(percent(30)),
        };
        assert_eq!(rate.set(percent(20), 300), Ok(withdrawn));
        assert_eq!((rate.apply(1_000), rate.now), (None, percent(20)));
    }

    #[test]
    fn what_is_out_of_bounds_changes_nothing() {
        assert_eq!(Rate::new(percent(36), percent(35)), Err(RateError::AboveMaximum));
        let mut rate = Rate::new(percent(24), percent(35)).unwrap();
        let before = rate;
        assert_eq!(rate.set(percent(36), 1), Err(RateError::AboveMaximum));
        assert_eq!(rate.set(Permill::from_parts(340_001), 1), Err(RateError::RiseTooLarge));
        assert_eq!(rate.set(percent(24), 1), Err(RateError::Unchanged));
        assert_eq!(rate, before);
        assert!(rate.set(percent(34), 1).is_ok() && rate.is_sound());
    }
}
