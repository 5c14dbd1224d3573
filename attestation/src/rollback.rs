//! Group 7: nobody can push the network back onto older collateral, nor early onto newer.
//!
//! These are functions on data: the policy names the numbers, and whoever keeps collateral says what it has.

use crate::{error::Error, part::Part};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Intel's `tcbEvaluationDataNumber`s that count. Each Intel recovery event makes a new number; collateral of two
/// numbers is on offer at a time, the standard and the early one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EvaluationNumbers {
    /// The number that counts until the next one does.
    pub current: u32,
    /// The number to come.
    pub next: Option<NextNumber>,
}

/// The number to come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NextNumber {
    /// The number.
    pub number: u32,
    /// When it becomes the current one, in seconds since 1970.
    pub from_secs: u64,
}

impl EvaluationNumbers {
    /// The number that counts at a time.
    pub fn current_at(&self, at_secs: u64) -> u32 {
        match self.next {
            Some(next) if at_secs >= next.from_secs => next.number,
            _ => self.current,
        }
    }

    /// Does evidence judged with this number count at a time? Only with the current one: the next waits for its day.
    pub fn counts(&self, number: u32, at_secs: u64) -> bool {
        number == self.current_at(at_secs)
    }

    /// May collateral of this number be kept? The current and the next one may.
    ///
    /// # Errors
    /// [`Error::EvaluationNumber`] for any other.
    pub fn check_keep(&self, part: Part, found: u32, at_secs: u64) -> Result<(), Error> {
        let current = self.current_at(at_secs);
        let next = self.next.map(|next| next.number);
        if found != current && Some(found) != next {
            return Err(Error::EvaluationNumber { part, found, current });
        }
        Ok(())
    }
}

/// A document's place in the order of its kind, within one evaluation number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Edition {
    /// CRL number; 0 for documents that have none.
    pub number: u128,
    /// Issue date, in seconds since 1970.
    pub issued_secs: u64,
}

/// A document may replace one that is kept: neither its number nor its date goes back. The same one again may.
///
/// # Errors
/// [`Error::RolledBack`] if the kept one is newer.
pub fn check_replace(part: Part, kept: &Edition, new: &Edition) -> Result<(), Error> {
    let by_secs = kept.issued_secs.saturating_sub(new.issued_secs);
    if by_secs > 0 || new.number < kept.number {
        return Err(Error::RolledBack { part, by_secs });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBERS: EvaluationNumbers = EvaluationNumbers {
        current: 17,
        next: Some(NextNumber {
            number: 18,
            from_secs: 1000,
        }),
    };

    #[test]
    fn the_next_number_counts_from_its_day_on_and_the_old_one_until_then() {
        for (at, current) in [(0, 17), (999, 17), (1000, 18), (1001, 18)] {
            assert_eq!(NUMBERS.current_at(at), current);
            assert_eq!(NUMBERS.counts(17, at), current == 17);
            assert_eq!(NUMBERS.counts(18, at), current == 18);
        }
    }

    #[test]
    fn only_the_current_and_the_next_number_are_kept() {
        for (number, at, good) in [
            (16, 0, false),
            (17, 0, true),
            (18, 0, true),
            (19, 0, false),
            (17, 1000, false),
            (18, 1000, true),
        ] {
            assert_eq!(NUMBERS.check_keep(Part::TcbInfo, number, at).is_ok(), good, "{number} at {at}");
        }
        let refused = NUMBERS.check_keep(Part::TcbInfo, 19, 0);
        assert_eq!(
            refused,
            Err(Error::EvaluationNumber {
                part: Part::TcbInfo,
                found: 19,
                current: 17
            })
        );
    }

    #[test]
    fn neither_date_nor_number_goes_back() {
        let kept = Edition {
            number: 5,
            issued_secs: 100,
        };
        for (number, issued_secs, good) in [
            (5, 99, false),
            (5, 100, true),
            (5, 101, true),
            (4, 101, false),
            (6, 100, true),
            (6, 99, false),
        ] {
            assert_eq!(
                check_replace(Part::PckCrl, &kept, &Edition { number, issued_secs }).is_ok(),
                good,
                "{number} {issued_secs}"
            );
        }
        let older = Edition {
            number: 5,
            issued_secs: 60,
        };
        assert_eq!(
            check_replace(Part::PckCrl, &kept, &older),
            Err(Error::RolledBack {
                part: Part::PckCrl,
                by_secs: 40
            })
        );
    }
}
