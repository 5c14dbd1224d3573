//! What a reader sees: the table, JSON, plots.

pub mod plots;
pub mod table;

use crate::measures::{delay::Survival, Row};
use crate::scenario::Scenario;
use crate::world::record::{BlockRecord, ValueRecord};

/// What is kept of a run.
pub struct Findings {
    /// Its row in the table.
    pub row: Row,
    /// The part of vanished workers that is noticed, over seconds.
    pub noticed: Survival,
    /// Values of workers over time.
    pub values: Vec<ValueRecord>,
    /// Its blocks.
    pub blocks: Vec<BlockRecord>,
}

impl Findings {
    /// The findings of a scenario, of all numbers of workers.
    pub fn of(all: &[Self], scenario: Scenario) -> impl Iterator<Item = &Self> {
        all.iter().filter(move |findings| findings.row.scenario == scenario)
    }
}
