//! Running benchmarks: which there are, where they are measured, what comes out.

use crate::runtime::{Runtime, State};
use anyhow::{anyhow, ensure, Context, Result};
use frame_benchmarking::{BenchmarkBatch, BenchmarkConfig, BenchmarkList, BenchmarkParameter, BenchmarkResult};
use frame_support::traits::StorageInfo;
use std::collections::{BTreeSet, HashMap};

/// The genesis that benchmarks start from.
const PRESET: &str = "development";

/// Values of a benchmark's components.
type Point = Vec<(BenchmarkParameter, u32)>;

/// A benchmark that the runtime offers.
pub struct Benchmark {
    /// The pallet's crate, such as `khala_pallet_mining`.
    pub pallet: String,
    /// The call, the hook, or `authorize_` and the call.
    pub name: String,
    /// What its cost depends on: name, least and greatest value.
    pub components: Vec<(BenchmarkParameter, u32, u32)>,
    /// Measured to compare with only; has no weight.
    pub extra: bool,
    instance: Vec<u8>,
}

/// What was measured of a benchmark.
pub struct Samples {
    /// Times, many at each point.
    pub times: Vec<BenchmarkResult>,
    /// Accesses to storage, once at each point.
    pub accesses: Vec<BenchmarkResult>,
}

/// Where and how benchmarks are run.
pub struct Bench {
    runtime: Runtime,
    /// Counts nothing, so that times are true.
    timing: State,
    /// Counts every access.
    counting: State,
    /// Values of each component.
    steps: u32,
    /// Measurements at each point.
    repeat: u32,
    /// Names of storage items, by the prefix of their keys.
    storage_names: HashMap<Vec<u8>, String>,
    benchmarks: Vec<Benchmark>,
}

impl Bench {
    /// Prepares the states and asks the runtime for its benchmarks.
    pub fn new(runtime: Runtime, steps: u32, repeat: u32) -> Result<Self> {
        let genesis = runtime.genesis(PRESET)?;
        let state = |counts| State::new(genesis.clone(), None, false, counts).map_err(|error| anyhow!("no state can be made: {error}"));
        let (timing, counting) = (state(false)?, state(true)?);
        let (weighted, _) = Self::metadata(&runtime, &timing, false)?;
        let (all, storage) = Self::metadata(&runtime, &timing, true)?;
        let weighted: BTreeSet<_> = weighted.iter().map(Benchmark::id).collect();
        let benchmarks = all.into_iter().map(|benchmark| Benchmark {
            extra: !weighted.contains(&benchmark.id()),
            ..benchmark
        });
        Ok(Self {
            benchmarks: benchmarks.collect(),
            storage_names: storage.into_iter().map(named).collect(),
            runtime,
            timing,
            counting,
            steps,
            repeat,
        })
    }

    /// All benchmarks of the runtime.
    pub fn benchmarks(&self) -> &[Benchmark] {
        &self.benchmarks
    }

    /// The storage item that keys with this prefix belong to.
    pub fn storage_name(&self, prefix: &[u8]) -> Option<&str> {
        self.storage_names.get(prefix).map(String::as_str)
    }

    /// Runs a benchmark at all of its points, after it has shown at both ends that it does what it says.
    pub fn run(&self, benchmark: &Benchmark) -> Result<Samples> {
        let end = |pick: fn(u32, u32) -> u32| {
            benchmark
                .components
                .iter()
                .map(|(name, low, high)| (*name, pick(*low, *high)))
                .collect()
        };
        for point in [end(u32::min), end(u32::max)] {
            self.dispatch(&self.timing, benchmark, &point, true, 1)?;
        }
        let mut samples = Samples {
            times: Vec::new(),
            accesses: Vec::new(),
        };
        for point in points(&benchmark.components, self.steps) {
            samples
                .times
                .extend(self.dispatch(&self.timing, benchmark, &point, false, self.repeat)?);
            samples.accesses.extend(self.dispatch(&self.counting, benchmark, &point, false, 1)?);
        }
        ensure!(
            !samples.times.is_empty() && !samples.accesses.is_empty(),
            "{}: every measurement was skipped",
            benchmark.name
        );
        Ok(samples)
    }

    fn dispatch(&self, state: &State, benchmark: &Benchmark, point: &Point, verify: bool, repeat: u32) -> Result<Vec<BenchmarkResult>> {
        let config = BenchmarkConfig {
            pallet: benchmark.pallet.clone().into_bytes(),
            instance: benchmark.instance.clone(),
            benchmark: benchmark.name.clone().into_bytes(),
            selected_components: point.clone(),
            verify,
            internal_repeats: repeat,
        };
        let batches: Result<Vec<BenchmarkBatch>, String> = self
            .runtime
            .call(state, "Benchmark_dispatch_benchmark", &config)
            .with_context(|| format!("{}::{} at {point:?}", benchmark.pallet, benchmark.name))?;
        let batches = batches.map_err(|error| anyhow!("{}::{} at {point:?} failed: {error}", benchmark.pallet, benchmark.name))?;
        Ok(batches.into_iter().flat_map(|batch| batch.results).collect())
    }

    fn metadata(runtime: &Runtime, state: &State, extra: bool) -> Result<(Vec<Benchmark>, Vec<StorageInfo>)> {
        let (lists, storage): (Vec<BenchmarkList>, Vec<StorageInfo>) = runtime
            .call(state, "Benchmark_benchmark_metadata", &extra)
            .context("the runtime lists no benchmarks: was it built with the feature runtime-benchmarks?")?;
        let benchmarks = lists.into_iter().flat_map(|list| {
            let (pallet, instance) = (text(&list.pallet), list.instance);
            list.benchmarks.into_iter().map(move |benchmark| Benchmark {
                pallet: pallet.clone(),
                name: text(&benchmark.name),
                components: benchmark.components,
                extra,
                instance: instance.clone(),
            })
        });
        Ok((benchmarks.collect(), storage))
    }
}

impl Benchmark {
    fn id(&self) -> (String, String) {
        (self.pallet.clone(), self.name.clone())
    }
}

/// The points at which a benchmark is measured: each component over its range, the others at their greatest value.
fn points(components: &[(BenchmarkParameter, u32, u32)], steps: u32) -> Vec<Point> {
    let greatest: Point = components.iter().map(|(name, _, high)| (*name, *high)).collect();
    let mut points = vec![greatest.clone()];
    for (index, (name, low, high)) in components.iter().enumerate() {
        for value in values(*low, *high, steps) {
            let mut point = greatest.clone();
            point[index] = (*name, value);
            if !points.contains(&point) {
                points.push(point);
            }
        }
    }
    points
}

/// At most `steps` values from `low` to `high`, both included, evenly spaced.
fn values(low: u32, high: u32, steps: u32) -> BTreeSet<u32> {
    let last = u64::from(steps.max(2) - 1);
    let width = u64::from(high.saturating_sub(low));
    (0..=last)
        .map(|step| low + u32::try_from(width * step / last).unwrap_or(u32::MAX))
        .collect()
}

fn named(info: StorageInfo) -> (Vec<u8>, String) {
    (info.prefix, format!("{}::{}", text(&info.pallet_name), text(&info.storage_name)))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_cover_both_ends_and_are_as_many_as_there_are() {
        assert_eq!(Vec::from_iter(values(1, 64, 4)), [1, 22, 43, 64]);
        assert_eq!(Vec::from_iter(values(1, 3, 50)), [1, 2, 3]);
        assert_eq!(Vec::from_iter(values(7, 7, 50)), [7]);
        assert_eq!(Vec::from_iter(values(0, u32::MAX, 1)), [0, u32::MAX]);
    }

    #[test]
    fn a_benchmark_without_components_is_measured_at_one_point() {
        assert_eq!(points(&[], 50), [vec![]]);
    }

    #[test]
    fn each_component_is_varied_while_the_others_are_at_their_greatest() {
        use BenchmarkParameter::{m, n};
        let points = points(&[(n, 1, 3), (m, 0, 10)], 2);
        assert_eq!(points, [vec![(n, 3), (m, 10)], vec![(n, 1), (m, 10)], vec![(n, 3), (m, 0)]]);
    }
}
