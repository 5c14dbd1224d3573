//! Khala's mining economics as pure functions: what a worker is worth, earns, loses and gets back.
//!
//! The source of every formula is the chapter on mining in the design. The mining pallet stores the types of this crate and the
//! [`replay`] module drives the very same transitions from a file, so anybody can audit the chain.
//!
//! | module | idea |
//! |---|---|
//! | [`parameters`], [`human`] | the numbers that governance sets; how rates per hour become rates per second |
//! | [`position`] | one worker's stake, value and share, and all transitions of them |
//! | [`accumulator`] | the reward per share, the sum of shares, and the ledger of what was issued |
//! | [`budget`], [`value`], [`share`], [`stake`], [`score`] | the formulas |
//! | [`decay`] | the speed of the decaying clock under another slash |
//! | [`amount`], [`fixed`], [`decimal`] | the numbers they are computed with |
//!
//! # Numbers
//! - Amounts ([`Pha`]), shares and ratios ([`Fixed`]) are whole numbers of 10^-18. On the chain amounts come from planck (10^-12) and
//!   go back to planck, rounded down ([`Precision::Planck`]).
//! - Values, rates and the reward per share ([`Q96`]) are whole numbers of 2^-96 in a `u128`. 18 decimals are not enough for them: a
//!   value that has decayed for weeks, or a block's reward among a million workers, would lose more than 1e-9 of itself.
//! - Scores ([`Score`]) are whole numbers of 2^-32.
//!
//! All arithmetic is checked. Nothing here panics, allocates (but for `replay`) or reads a clock: readings are passed in.
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::indexing_slicing,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic
    )
)]

pub mod accumulator;
pub mod amount;
pub mod budget;
pub mod decay;
pub mod decimal;
pub mod error;
pub mod fixed;
pub mod human;
pub mod parameters;
pub mod position;
#[cfg(feature = "std")]
pub mod replay;
pub mod score;
pub mod share;
pub mod stake;
pub mod value;

pub use accumulator::{Accumulator, AuditError, Ledger, PlanckLedger};
pub use amount::{Fixed, Pha, Precision};
pub use error::EconomicsError;
pub use fixed::Q96;
pub use human::HumanParameters;
pub use khala_primitives::ConfidenceLevel;
pub use parameters::{ParameterError, Parameters};
pub use position::{Clocks, Moment, Payout, Position, Returned, Sample, Settlement, Standing};
pub use score::Score;

/// Seconds of an hour.
pub const HOUR: u64 = 3_600;
/// Seconds of a day.
pub const DAY: u64 = 86_400;
/// Seconds of a year of 365 days.
pub const YEAR: u64 = 31_536_000;
