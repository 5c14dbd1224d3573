//! Statistics of records: plain functions of what was seen.

pub mod delay;

use crate::{scenario::Scenario, world::record::Record};
use delay::{Span, Survival};
use serde::{Deserialize, Serialize};

/// A mean and the largest value.
#[derive(Clone, Copy, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Load {
    /// The mean over all blocks.
    pub mean: f64,
    /// The largest of all blocks.
    pub most: f64,
}

/// How long it takes until a worker that has vanished is reported.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delay {
    /// The mean, in seconds.
    pub mean_secs: f64,
    /// The mean, in blocks.
    pub mean_blocks: f64,
    /// 95 % are reported by then, in seconds; none if the run was too short to see it.
    pub most_secs: Option<f64>,
    /// The same in blocks.
    pub most_blocks: Option<f64>,
}

/// What a trouble has cost a kind of workers; means per worker.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cost {
    /// Time for which it was away, in minutes.
    pub away_minutes: f64,
    /// Pay that it has less than in the calm run, in minutes of its pay there; negative if it has more.
    pub pay_lost_minutes: f64,
    /// Pay that the pallet has forfeited, in PHA.
    pub forfeited: f64,
    /// The largest part of a principal that a stop would have cost anybody of this kind, in percent.
    pub principal_lost_percent: f64,
}

/// A row of the table.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// What went wrong.
    pub scenario: Scenario,
    /// Number of workers.
    pub workers: usize,
    /// Length of the run, in hours.
    pub hours: f64,
    /// Blocks of the run.
    pub blocks: usize,
    /// Absences in the run.
    pub absences: usize,
    /// How long it took to find them; none if nobody was found.
    pub delay: Option<Delay>,
    /// Offline reports that were accepted.
    pub reports: u64,
    /// Those of them that hit workers which could have answered.
    pub false_reports: u32,
    /// Heartbeats in a block.
    pub heartbeats: Load,
    /// What mining computes in a block, in percent of what a block may.
    pub weight_percent: Load,
    /// The same if all heartbeats stood in full batches.
    pub packed_percent: Load,
    /// What was issued, in percent of the budget of this time.
    pub issued_percent: f64,
    /// What of it was forfeited, in percent of what was issued.
    pub forfeited_percent: f64,
    /// Seconds from the first absence until the outage guard went on.
    pub guard_after_secs: Option<u64>,
    /// For how long the guard was on, in minutes.
    pub guard_minutes: f64,
    /// Workers that are never away.
    pub steady: Cost,
    /// Workers that are away at times; none in a run without absences.
    pub absent: Option<Cost>,
}

/// What a run says, compared with the calm run of the same workers.
pub fn row(scenario: Scenario, record: &Record, calm: &Record, away_secs: &[u64], first_absence: Option<u64>) -> Row {
    let secs = record.blocks.last().map_or(0, |block| block.secs);
    let load = |of: &dyn Fn(&crate::world::record::BlockRecord) -> f64| load(record.blocks.iter().map(of));
    let percent = |part: f64, whole: f64| if whole > 0.0 { 100.0 * part / whole } else { 0.0 };
    let guard_on = record.guard.iter().find(|(_, on)| *on);
    Row {
        scenario,
        workers: record.outcomes.len(),
        hours: secs as f64 / 3_600.0,
        blocks: record.blocks.len(),
        absences: record.spans.len(),
        delay: delay(&record.spans),
        reports: record.blocks.iter().map(|block| u64::from(block.reports)).sum(),
        false_reports: record.false_reports,
        heartbeats: load(&|block| f64::from(block.heartbeats)),
        weight_percent: load(&|block| 100.0 * block.weight),
        packed_percent: load(&|block| 100.0 * block.packed),
        issued_percent: percent(record.money.issued, record.money.budget),
        forfeited_percent: percent(record.money.forfeited, record.money.issued),
        guard_after_secs: guard_on.zip(first_absence).map(|((at, _), from)| at.saturating_sub(from)),
        guard_minutes: times_on(&record.guard, secs)
            .map(|(from, until)| (until - from) as f64 / 60.0)
            .sum(),
        steady: cost(record, calm, away_secs, true).unwrap_or(Cost {
            away_minutes: 0.0,
            pay_lost_minutes: 0.0,
            forfeited: 0.0,
            principal_lost_percent: 0.0,
        }),
        absent: cost(record, calm, away_secs, false),
    }
}

/// The mean and the largest.
pub fn load(values: impl Iterator<Item = f64>) -> Load {
    let (mut count, mut sum, mut most) = (0u32, 0.0, 0.0f64);
    for value in values {
        count += 1;
        sum += value;
        most = most.max(value);
    }
    let mean = if count == 0 { 0.0 } else { sum / f64::from(count) };
    Load { mean, most }
}

/// How long absences took to be noticed; none if no one was.
pub fn delay(spans: &[Span]) -> Option<Delay> {
    let secs = Survival::estimate(spans.iter().map(|span| (span.secs, span.noticed)));
    let blocks = Survival::estimate(spans.iter().map(|span| (span.blocks, span.noticed)));
    Some(Delay {
        mean_secs: secs.mean()?,
        mean_blocks: blocks.mean()?,
        most_secs: secs.quantile(0.95),
        most_blocks: blocks.quantile(0.95),
    })
}

/// The times in which something was on that went on and off at these times, up to `end`.
pub fn times_on(turns: &[(u64, bool)], end: u64) -> impl Iterator<Item = (u64, u64)> + '_ {
    let ends = turns.iter().map(|(at, _)| *at).skip(1).chain([end]);
    let spans = turns.iter().zip(ends).filter(|((_, on), _)| *on);
    spans.map(|((from, _), until)| (*from, until.max(*from)))
}

/// What the workers that are always there, or the others, have paid for the trouble; none if there are none.
fn cost(record: &Record, calm: &Record, away_secs: &[u64], steady: bool) -> Option<Cost> {
    let of_kind = |index: &usize| record.steady.get(*index) == Some(&steady);
    let members: Vec<_> = (0..record.outcomes.len()).filter(of_kind).collect();
    let count = members.len() as f64;
    let secs = record.blocks.last()?.secs as f64;
    let calm_secs = calm.blocks.last()?.secs as f64;
    let sum = |of: &Record| members.iter().map(|index| of.outcomes[*index].earned).sum::<f64>();
    let (earned, usual) = (sum(record) / secs, sum(calm) / calm_secs);
    (!members.is_empty()).then(|| Cost {
        away_minutes: members.iter().map(|index| away_secs[*index] as f64).sum::<f64>() / count / 60.0,
        pay_lost_minutes: (1.0 - earned / usual) * secs / 60.0,
        forfeited: members.iter().map(|index| record.outcomes[*index].forfeited).sum::<f64>() / count,
        principal_lost_percent: members
            .iter()
            .map(|index| 100.0 * record.outcomes[*index].principal_at_risk)
            .fold(0.0, f64::max),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::record::{BlockRecord, Outcome};

    fn record(secs: u64, earned: [f64; 2]) -> Record {
        Record {
            blocks: vec![BlockRecord {
                secs,
                ..BlockRecord::default()
            }],
            outcomes: earned
                .map(|earned| Outcome {
                    earned,
                    ..Outcome::default()
                })
                .to_vec(),
            steady: vec![true, false],
            ..Record::default()
        }
    }

    #[test]
    fn pay_is_compared_by_the_second() {
        let calm = record(6_000, [10.0, 20.0]);
        let trouble = record(12_000, [20.0, 30.0]);
        let row = row(Scenario::Outage, &trouble, &calm, &[0, 1_200], Some(60));
        assert!(row.steady.pay_lost_minutes.abs() < 1e-9);
        let absent = row.absent.unwrap();
        assert!((absent.pay_lost_minutes - 50.0).abs() < 1e-9);
        assert!((absent.away_minutes - 20.0).abs() < 1e-9);
    }

    #[test]
    fn a_load_is_the_mean_and_the_most() {
        assert_eq!(load([1.0, 2.0, 6.0].into_iter()), Load { mean: 3.0, most: 6.0 });
        assert_eq!(load([].into_iter()), Load::default());
    }

    #[test]
    fn the_guard_is_on_from_turn_to_turn_or_to_the_end() {
        assert_eq!(times_on(&[], 100).count(), 0);
        let spans: Vec<_> = times_on(&[(10, true), (30, false), (90, true)], 100).collect();
        assert_eq!(spans, [(10, 30), (90, 100)]);
    }

    #[test]
    fn nobody_noticed_has_no_delay() {
        let unnoticed = Span {
            secs: 9.0,
            blocks: 1.0,
            noticed: false,
        };
        assert_eq!(delay(&[unnoticed]), None);
        let noticed = Span {
            noticed: true,
            ..unnoticed
        };
        assert_eq!(
            delay(&[noticed]).map(|delay| (delay.mean_secs, delay.most_blocks)),
            Some((9.0, Some(1.0)))
        );
    }
}
