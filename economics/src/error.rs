//! What can be wrong with a transition.

use crate::{Pha, Q96};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;

/// Why a transition was refused. Nothing has changed then.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum EconomicsError {
    /// A number is too large for its type.
    Overflow,
    /// Less stake than S_min.
    StakeTooLow {
        /// Stake that would be held.
        stake: Pha,
        /// S_min.
        minimum: Pha,
    },
    /// More stake than S_max: the initial value would be above V_max.
    ValueTooHigh {
        /// V_e that would result.
        initial: Q96,
        /// V_max.
        maximum: Q96,
    },
    /// The stake to take away or to add is zero.
    NothingToMove,
    /// A score of zero cannot mine.
    NoScore,
    /// The position is not in the sum of shares.
    NotIdle,
    /// The session has ended.
    Stopped,
    /// The reward per share was accrued to another reading of the credited clock.
    NotAccrued {
        /// Reading that it was accrued to, in seconds.
        accrued_to: u64,
        /// Reading of this transition, in seconds.
        now: u64,
    },
    /// A clock stands before a reading that was taken of it earlier.
    ClockWentBack {
        /// The earlier reading, in seconds.
        seen: u64,
        /// The reading now, in seconds.
        now: u64,
    },
    /// The speed sample is too short to say anything.
    SampleTooShort {
        /// Length of the sample, in milliseconds.
        elapsed_ms: u32,
        /// Shortest that counts, in milliseconds.
        minimum_ms: u32,
    },
    /// The result of a benchmark is in no later slot than its request.
    BenchmarkTooEarly {
        /// Time from request to result, in milliseconds.
        elapsed_ms: u64,
        /// Length of a slot, in milliseconds.
        slot_ms: u64,
    },
    /// More leaves the sum of shares or the ledger than is in it: the stored state is corrupt.
    Corrupt,
}

impl fmt::Display for EconomicsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overflow => f.write_str("a number is too large; use smaller amounts, rates or times"),
            Self::StakeTooLow { stake, minimum } => write!(f, "the stake {stake} is below the minimum {minimum}; stake more"),
            Self::ValueTooHigh { initial, maximum } => {
                write!(
                    f,
                    "the stake is too high: the initial value {initial} would be above V_max {maximum}; stake less"
                )
            }
            Self::NothingToMove => f.write_str("the amount of stake is zero; name an amount"),
            Self::NoScore => f.write_str("the score is zero; run the benchmark first"),
            Self::NotIdle => f.write_str("the worker is not idle"),
            Self::Stopped => f.write_str("the session has ended; start a new one"),
            Self::NotAccrued { accrued_to, now } => {
                write!(
                    f,
                    "rewards are accrued to second {accrued_to}, the event is at second {now}; accrue first"
                )
            }
            Self::ClockWentBack { seen, now } => write!(f, "the clock was at second {seen} before and is at second {now} now"),
            Self::SampleTooShort { elapsed_ms, minimum_ms } => {
                write!(f, "the speed sample took {elapsed_ms} ms; it has to take at least {minimum_ms} ms")
            }
            Self::BenchmarkTooEarly { elapsed_ms, slot_ms } => {
                write!(
                    f,
                    "the benchmark's result came {elapsed_ms} ms after its request, within one slot of {slot_ms} ms; send it later"
                )
            }
            Self::Corrupt => f.write_str("more is taken out of a sum than is in it: the stored state is corrupt"),
        }
    }
}

impl core::error::Error for EconomicsError {}
