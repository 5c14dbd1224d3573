//! The weight of a benchmark: straight lines through what was measured.

use crate::measure::{Bench, Benchmark, Samples};
use anyhow::{Context, Result};
use frame_benchmarking::{Analysis, BenchmarkResult, BenchmarkSelector};
use std::collections::BTreeMap;

/// A straight line over the components of a benchmark.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Line {
    /// Value where all components are zero.
    pub base: u64,
    /// What one more of each component adds, in the order of the components.
    pub slopes: Vec<u64>,
}

impl Line {
    /// The value at a point.
    pub fn at(&self, point: &[u32]) -> u64 {
        let added = self
            .slopes
            .iter()
            .zip(point)
            .map(|(slope, value)| slope.saturating_mul((*value).into()));
        added.fold(self.base, u64::saturating_add)
    }
}

/// What a benchmark's cost depends on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Component {
    /// A letter.
    pub name: String,
    /// Least value that was measured.
    pub low: u32,
    /// Greatest value that was measured.
    pub high: u32,
}

/// Accesses to one storage item at the components' greatest values.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Access {
    /// `Pallet::Item`, or the prefix of the keys in hexadecimal digits.
    pub item: String,
    /// Number of keys read.
    pub reads: u32,
    /// Number of keys written.
    pub writes: u32,
}

/// What a call or hook costs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Weight {
    /// Name of the benchmark.
    pub name: String,
    /// What the lines below are over.
    pub components: Vec<Component>,
    /// Time without accesses to the database, in picoseconds.
    pub time: Line,
    /// Number of keys read.
    pub reads: Line,
    /// Number of keys written.
    pub writes: Line,
    /// Shortest time that was measured at any point, in picoseconds.
    pub shortest: u64,
    /// Accesses by storage item, by name.
    pub storage: Vec<Access>,
}

impl Weight {
    /// Fits lines to what was measured.
    pub fn fit(bench: &Bench, benchmark: &Benchmark, samples: &Samples) -> Result<Self> {
        let components = benchmark.components.iter().map(|(name, low, high)| Component {
            name: name.to_string(),
            low: *low,
            high: *high,
        });
        let shortest = samples.times.iter().map(|sample| sample.extrinsic_time).min().unwrap_or_default();
        Ok(Self {
            name: benchmark.name.clone(),
            components: components.collect(),
            time: fitted(&samples.times, BenchmarkSelector::ExtrinsicTime)?,
            reads: covering(&samples.accesses, BenchmarkSelector::Reads, |sample| sample.reads)?,
            writes: covering(&samples.accesses, BenchmarkSelector::Writes, |sample| sample.writes)?,
            shortest: number(shortest.saturating_mul(1_000))?,
            storage: accesses(&samples.accesses, |prefix| bench.storage_name(prefix)),
        })
    }

    /// The components' greatest values.
    pub fn greatest(&self) -> Vec<u32> {
        self.components.iter().map(|component| component.high).collect()
    }
}

fn fitted(samples: &Vec<BenchmarkResult>, selector: BenchmarkSelector) -> Result<Line> {
    let analysis = Analysis::min_squares_iqr(samples, selector)?;
    Ok(Line {
        base: number(analysis.base)?,
        slopes: analysis.slopes.into_iter().map(number).collect::<Result<_>>()?,
    })
}

/// A fitted line, lifted until no sample lies above it: counts are no measurements that scatter.
fn covering(samples: &Vec<BenchmarkResult>, selector: BenchmarkSelector, count: fn(&BenchmarkResult) -> u32) -> Result<Line> {
    let mut line = fitted(samples, selector)?;
    let missing = samples.iter().map(|sample| {
        let point: Vec<_> = sample.components.iter().map(|(_, value)| *value).collect();
        u64::from(count(sample)).saturating_sub(line.at(&point))
    });
    line.base = line.base.saturating_add(missing.max().unwrap_or_default());
    Ok(line)
}

/// The greatest number of accesses to each storage item at any point.
fn accesses<'a>(samples: &[BenchmarkResult], name: impl Fn(&[u8]) -> Option<&'a str>) -> Vec<Access> {
    let mut found = BTreeMap::<String, (u32, u32)>::new();
    for (prefix, reads, writes, whitelisted) in samples.iter().flat_map(|sample| &sample.keys) {
        if *whitelisted || (*reads == 0 && *writes == 0) {
            continue;
        }
        let item = name(prefix).map_or_else(|| unnamed(prefix), str::to_string);
        let most = found.entry(item).or_default();
        *most = (most.0.max(*reads), most.1.max(*writes));
    }
    let access = |(item, (reads, writes))| Access { item, reads, writes };
    found.into_iter().map(access).collect()
}

fn unnamed(prefix: &[u8]) -> String {
    let digits: String = prefix.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("0x{digits}")
}

fn number(value: u128) -> Result<u64> {
    u64::try_from(value).context("a measurement is beyond every clock: measure again")
}

#[cfg(test)]
mod tests {
    use super::*;
    use frame_benchmarking::BenchmarkParameter::n;

    fn sample(value: u32, reads: u32) -> BenchmarkResult {
        BenchmarkResult {
            components: vec![(n, value)],
            extrinsic_time: u128::from(value) * 10 + 5,
            reads,
            ..Default::default()
        }
    }

    #[test]
    fn times_are_fitted_in_picoseconds() {
        let samples = (1..=64).map(|value| sample(value, 0)).collect();
        let line = fitted(&samples, BenchmarkSelector::ExtrinsicTime).unwrap();
        assert_eq!((line.base, line.slopes), (5_000, vec![10_000]));
    }

    #[test]
    fn no_count_lies_above_its_line() {
        // Grows by two and one more up to 20, then by two: no straight line fits.
        let count = |value: u32| 3 + 2 * value + value.min(20);
        let samples: Vec<_> = (1..=64).map(|value| sample(value, count(value))).collect();
        let line = covering(&samples, BenchmarkSelector::Reads, |sample| sample.reads).unwrap();
        let spare = |value: u32| line.at(&[value]).checked_sub(count(value).into());
        assert!((1..=64).all(|value| spare(value).is_some()));
        assert!((1..=64).any(|value| spare(value) == Some(0)), "lifted further than needed");
    }

    #[test]
    fn accesses_are_named_and_the_most_of_any_point_is_kept() {
        let key = |byte: u8, reads, writes| (vec![byte; 2], reads, writes, false);
        let mut samples = vec![sample(1, 0), sample(2, 0)];
        samples[0].keys = vec![key(7, 1, 0), key(8, 4, 1)];
        samples[1].keys = vec![key(7, 3, 2), (vec![9; 2], 1, 1, true), key(6, 0, 0)];
        let found = accesses(&samples, |prefix| (prefix == [7, 7]).then_some("Mining::Ring"));
        let access = |item: &str, reads, writes| Access {
            item: item.into(),
            reads,
            writes,
        };
        assert_eq!(found, [access("0x0808", 4, 1), access("Mining::Ring", 3, 2)]);
    }
}
