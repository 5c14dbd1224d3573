//! Replays a scenario with the chain's own transitions, so that anybody can audit what the chain paid.
//!
//! A scenario is JSON: `{"params": {...}, "events": [{"t": SECS, "type": ..., "worker": ...}, ...]}`, events in time order. Amounts are PHA,
//! as numbers or, exactly, as strings; times are whole seconds, the same on both clocks. Other keys are ignored, but not in `params`.
//!
//! | type | further keys |
//! |---|---|
//! | `start` | `stake`, `p` (initial score), `level` (confidence level 1 to 5) |
//! | `heartbeat` | `p_instant` (as claimed; it is capped), optionally a new `level` |
//! | `add_stake`, `reduce_stake` | `stake` (to add or to take away) |
//! | `offline` | an accepted offline report: the value decays until the next heartbeat |
//! | `lapse` | lease lapsed, maintenance or rebinding: no pay, no decay |
//! | `stop` | the session ends |
//!
//! `params` changes the defaults, which are Khala's without a floor of the sum of shares: `rho_per_hour`, `slash_per_hour`,
//! `budget_per_day`, `halving_secs`, `halving_factor`, `v_max`, `cost_k_per_year`, `cost_b_per_year`, `treasury_ratio`, `rig_k`, `re`, `k`,
//! `p_cap`, `max_principal_slash`, `share_floor`, `max_unseen` (seconds).
//!
//! The only difference to the chain is that payments are not rounded down to planck, but to 10^-18 PHA ([`crate::Precision::Fine`]): so the
//! result can be compared with the reference model to 1e-9 even where a payment is small.

mod model;
mod random;
mod scenario;

pub use model::{Outcome, WorkerOutcome};
pub use random::random_scenario;
pub use scenario::{Event, EventKind, FieldError, Scenario};

use crate::{EconomicsError, ParameterError};
use std::fmt;

/// Reads a scenario and replays it.
pub fn replay(scenario: &str) -> Result<Outcome, ReplayError> {
    model::run(&Scenario::parse(scenario)?)
}

/// Why a scenario cannot be replayed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ReplayError {
    /// The text is not JSON.
    NotJson {
        /// The reader's words, with line and column.
        why: String,
    },
    /// The text is JSON, but not an object with a list `events`.
    NotAScenario {
        /// What is missing or of the wrong kind.
        why: &'static str,
    },
    /// One of `params` is wrong.
    Parameter {
        /// Its name.
        name: String,
        /// What is wrong with it.
        why: FieldError,
    },
    /// The parameters are out of range.
    Parameters(ParameterError),
    /// An event is not one.
    Malformed {
        /// Its place in the list, from 0.
        index: usize,
        /// The key that is wrong.
        key: &'static str,
        /// What is wrong with it.
        why: FieldError,
    },
    /// An event cannot happen.
    Refused {
        /// Its place in the list, from 0.
        index: usize,
        /// Its time in seconds.
        t: u64,
        /// Its worker.
        worker: String,
        /// Why.
        why: Refusal,
    },
}

/// Why an event cannot happen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// It is earlier than the event before it.
    OutOfOrder {
        /// Time of the event before it.
        after: u64,
    },
    /// The worker has not started yet.
    Unknown,
    /// The worker has started and not stopped.
    Running,
    /// The reward per share is full: a sum of shares close to zero earned a whole budget.
    RewardPerShareFull,
    /// The economics refuse it.
    Economics(EconomicsError),
}

impl fmt::Display for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson { why } => write!(f, "the scenario is not JSON: {why}"),
            Self::NotAScenario { why } => write!(f, "not a scenario: {why}"),
            Self::Parameter { name, why } => write!(f, "parameter \"{name}\": {why}"),
            Self::Parameters(error) => error.fmt(f),
            Self::Malformed { index, key, why } => write!(f, "event {index}, key \"{key}\": {why}"),
            Self::Refused { index, t, worker, why } => write!(f, "event {index} (second {t}, worker \"{worker}\"): {why}"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfOrder { after } => write!(f, "the event before it is at second {after}; put events in time order"),
            Self::Unknown => f.write_str("the worker has not started; begin with an event \"start\""),
            Self::Running => f.write_str("the worker has started already; stop it before it starts again"),
            Self::RewardPerShareFull => f.write_str("the reward per share is full, as the sum of shares is nearly zero; set a share_floor"),
            Self::Economics(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ReplayError {}

impl std::error::Error for Refusal {}
