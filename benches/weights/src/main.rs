#![doc = include_str!("../README.md")]

mod committed;
mod measure;
mod render;
mod report;
mod runtime;
mod weight;

use anyhow::{bail, ensure, Context, Result};
use clap::Parser;
use measure::{Bench, Benchmark};
use render::Origin;
use runtime::Runtime;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};
use weight::Weight;

/// What the crates of our pallets begin with; what follows names their folder.
const PALLET_PREFIX: &str = "khala_pallet_";

/// Measures the benchmarks of a runtime's Wasm and writes the pallets' weights.
#[derive(Parser)]
#[command(name = "weights")]
struct Arguments {
    /// Pallets by the name of their folder, such as mining; all when none is named.
    pallets: Vec<String>,
    /// The runtime's Wasm, built with the feature runtime-benchmarks.
    #[arg(long)]
    wasm: PathBuf,
    /// The repository.
    #[arg(long, default_value = ".")]
    root: PathBuf,
    /// Day for the head of the files, as 2026-11-22.
    #[arg(long)]
    date: String,
    /// Values of each component.
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u32).range(2..))]
    steps: u32,
    /// Measurements at each point.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    repeat: u32,
    /// Writes nothing: compares with the weights that are there. Fails when they are not of these benchmarks, never for a time.
    #[arg(long)]
    check: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let bench = Bench::new(Runtime::load(&arguments.wasm)?, arguments.steps, arguments.repeat)?;
    let chosen = chosen(bench.benchmarks(), &arguments.pallets)?;

    let (mut everything, mut stale) = (Vec::new(), 0);
    for (pallet, benchmarks) in by_pallet(chosen) {
        let folder = folder(&pallet);
        let mut weights = Vec::new();
        for benchmark in benchmarks {
            eprintln!("measuring {folder}::{}", benchmark.name);
            let weight = Weight::fit(&bench, benchmark, &bench.run(benchmark)?)?;
            if !benchmark.extra {
                weights.push(weight.clone());
            }
            everything.push((folder.clone(), weight));
        }
        if weights.is_empty() {
            continue;
        }
        // As soon as it is measured: what is interrupted later keeps it.
        let path = arguments.root.join("pallets").join(&folder).join("src/weights.rs");
        if arguments.check {
            stale += check(&folder, &path, weights)?;
        } else {
            write(&pallet, &path, &weights, &arguments)?;
        }
    }
    println!("{}", report::measured(&everything));
    ensure!(
        stale == 0,
        "{stale} weights are not those of the benchmarks; the lines above name them"
    );
    Ok(())
}

/// The benchmarks of the named pallets, and whatever they are compared with.
fn chosen<'a>(benchmarks: &'a [Benchmark], pallets: &[String]) -> Result<Vec<&'a Benchmark>> {
    let known: BTreeSet<_> = benchmarks.iter().map(|benchmark| folder(&benchmark.pallet)).collect();
    if let Some(unknown) = pallets.iter().find(|pallet| !known.contains(*pallet)) {
        let known = Vec::from_iter(known).join(", ");
        bail!("there is no pallet '{unknown}' with benchmarks; there are {known}");
    }
    let named = |benchmark: &&Benchmark| pallets.is_empty() || benchmark.extra || pallets.contains(&folder(&benchmark.pallet));
    Ok(benchmarks.iter().filter(named).collect())
}

fn by_pallet(chosen: Vec<&Benchmark>) -> BTreeMap<String, Vec<&Benchmark>> {
    let mut pallets = BTreeMap::<_, Vec<_>>::new();
    for benchmark in chosen {
        pallets.entry(benchmark.pallet.clone()).or_default().push(benchmark);
    }
    pallets
}

/// The folder of a pallet's crate.
fn folder(pallet: &str) -> String {
    pallet.trim_start_matches(PALLET_PREFIX).replace('_', "-")
}

fn write(pallet: &str, path: &Path, weights: &[Weight], arguments: &Arguments) -> Result<()> {
    let origin = Origin {
        date: arguments.date.clone(),
        steps: arguments.steps,
        repeat: arguments.repeat,
    };
    let text = render::file(pallet, weights, &origin)?;
    std::fs::write(path, text).with_context(|| format!("{} cannot be written: is --root the repository?", path.display()))?;
    eprintln!("written: {}", path.display());
    Ok(())
}

/// Prints how the committed weights compare, and gives the number of those that are stale.
fn check(folder: &str, path: &Path, fresh: Vec<Weight>) -> Result<usize> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read: is --root the repository?", path.display()))?;
    let committed = committed::read(&text).with_context(|| format!("{}: write it with scripts/weights {folder}", path.display()))?;
    let comparison = committed::compare(committed, fresh)?;
    println!("{}", report::compared(folder, &comparison));
    Ok(comparison.stale.len())
}
