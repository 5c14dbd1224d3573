//! What a reader sees: the table, JSON, plots.

pub mod plots;
pub mod table;

use crate::measures::{delay::Survival, Row};
use crate::scenario::Scenario;
use crate::world::record::ValueRecord;
use serde::{Deserialize, Serialize};

/// What is kept of a run.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Findings {
    /// Its row in the table.
    pub row: Row,
    /// The part of vanished workers that is noticed, over seconds.
    pub noticed: Survival,
    /// Values of workers over time.
    pub values: Vec<ValueRecord>,
    /// Times at which the guard went on (`true`) or off, in seconds since the run began.
    pub guard: Vec<(u64, bool)>,
}

impl Findings {
    /// The findings of a scenario, of all numbers of workers.
    pub fn of(all: &[Self], scenario: Scenario) -> impl Iterator<Item = &Self> {
        all.iter().filter(move |findings| findings.row.scenario == scenario)
    }
}
