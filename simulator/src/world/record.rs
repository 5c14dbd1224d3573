//! What was seen in a run. Nothing is computed here: see `measures`.

use crate::measures::delay::Span;

/// A block of a run.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub struct BlockRecord {
    /// When it came, in seconds since the run began.
    pub secs: u64,
    /// Heartbeats that were accepted.
    pub heartbeats: u32,
    /// Offline reports that were accepted.
    pub reports: u32,
    /// What it computes, as a part of what a block may.
    pub weight: f64,
    /// The same if its heartbeats stood in full batches.
    pub packed: f64,
    /// Sessions in state Idle after it.
    pub idle: u32,
    /// Whether the outage guard was on after it.
    pub guard: bool,
}

/// The value of some workers, as a part of their initial value; the mean.
#[derive(Clone, Copy, PartialEq, Debug, serde::Serialize, serde::Deserialize)]
pub struct ValueRecord {
    /// When, in seconds since the run began.
    pub secs: u64,
    /// Of workers that are never away.
    pub steady: f64,
    /// Of workers that are away at times; none in a run without absences.
    pub absent: Option<f64>,
}

/// Where the budget went, in PHA.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub struct Money {
    /// What the schedule allowed.
    pub budget: f64,
    /// Set aside for idle workers.
    pub issued: f64,
    /// Paid to pools.
    pub paid: f64,
    /// Paid to the treasury.
    pub treasury: f64,
    /// Left in the subsidy because workers were found offline.
    pub forfeited: f64,
    /// Earned and not yet paid.
    pub outstanding: f64,
}

/// A worker at the end of a run.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub struct Outcome {
    /// What its pool has got and will get for it, in PHA.
    pub earned: f64,
    /// What it lost because it was found offline, in PHA.
    pub forfeited: f64,
    /// The largest part of its principal that a stop would have cost, at any recovery or at the end.
    pub principal_at_risk: f64,
}

/// A run.
#[derive(Clone, Default, Debug)]
pub struct Record {
    /// Its blocks.
    pub blocks: Vec<BlockRecord>,
    /// Its absences.
    pub spans: Vec<Span>,
    /// Workers that were reported though they could have answered the challenge.
    pub false_reports: u32,
    /// Times at which the guard went on (`true`) or off, in seconds since the run began.
    pub guard: Vec<(u64, bool)>,
    /// The value of some workers, every ten minutes or so.
    pub values: Vec<ValueRecord>,
    /// Where the budget went.
    pub money: Money,
    /// The workers at its end.
    pub outcomes: Vec<Outcome>,
    /// Of each worker: was it always there?
    pub steady: Vec<bool>,
}
