//! The simulator's command line.

use anyhow::{ensure, Context};
use clap::{Parser, ValueEnum};
use khala_pallet_mining::MiningParameters;
use khala_simulator::{
    cast::Cast,
    draws::Draws,
    jobs::side_by_side,
    measures::{self, delay::Survival},
    report::{plots, table, Findings},
    scenario::{Scenario, Trouble},
    world::{self, record::Record},
    SLOT_SECS,
};
use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

/// Simulates mining: many workers and their troubles against the real pallet, with the production network's constants.
#[derive(Parser, Debug)]
#[command(name = "simulate", version)]
struct Arguments {
    /// Numbers of workers, rising.
    #[arg(long, value_delimiter = ',', default_value = "100,1000,10000", value_parser = clap::value_parser!(u32).range(30..=4_000_000))]
    workers: Vec<u32>,
    /// What goes wrong; the calm run is always made, to compare with. All of them by default.
    #[arg(long, value_delimiter = ',')]
    scenario: Vec<Scenario>,
    /// Everything is drawn from it: the same seed makes the same run.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Length of a run in hours of chain time. By default as long as sound numbers need.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    hours: Option<u32>,
    /// Runs at the same time. One of a million workers takes 2 GiB.
    #[arg(long, default_value_t = 1)]
    jobs: usize,
    /// What is printed.
    #[arg(long, value_enum, default_value_t = Output::Table)]
    output: Output,
    /// Writes plots into this folder.
    #[arg(long)]
    plots: Option<PathBuf>,
    /// Writes all findings into this file, to be read again with `--from`.
    #[arg(long)]
    save: Option<PathBuf>,
    /// Reads the findings of these files, in this order, and runs nothing.
    #[arg(long, value_delimiter = ',', conflicts_with_all = ["workers", "scenario", "seed", "hours", "save"])]
    from: Vec<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Output {
    /// Markdown.
    Table,
    /// One array of rows.
    Json,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    ensure!(
        arguments.workers.is_sorted(),
        "--workers must be rising, as the plots and the table go from few workers to many"
    );
    let mut all = Vec::new();
    for file in &arguments.from {
        all.extend(read(file)?);
    }
    if arguments.from.is_empty() {
        for workers in &arguments.workers {
            all.extend(simulate(*workers, &arguments)?);
        }
    }
    if let Some(file) = &arguments.save {
        let text = serde_json::to_vec(&all).context("the findings cannot be written as JSON")?;
        fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    match arguments.output {
        Output::Table => print!("{}", table::markdown(&all)),
        Output::Json => {
            let rows: Vec<_> = all.iter().map(|findings| &findings.row).collect();
            println!(
                "{}",
                serde_json::to_string_pretty(&rows).context("the rows cannot be written as JSON")?
            );
        }
    }
    if let Some(folder) = &arguments.plots {
        let written = plots::write(&all, folder)?;
        eprintln!("wrote {} in {}", written.join(", "), folder.display());
    }
    Ok(())
}

fn read(file: &Path) -> anyhow::Result<Vec<Findings>> {
    let text = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} has no findings in it: write it with --save", file.display()))
}

/// All scenarios with so many workers.
fn simulate(workers: u32, arguments: &Arguments) -> anyhow::Result<Vec<Findings>> {
    let secs = arguments
        .hours
        .map_or(Scenario::usual_secs(workers), |hours| u64::from(hours) * 3_600);
    let started = Instant::now();
    let cast = Cast::new(workers, arguments.seed, &MiningParameters::khala())?;
    let blocks = u32::try_from(secs / SLOT_SECS + 1).context("the run is too long")?;
    let draws = Draws::new(&cast.keys, blocks, arguments.seed);
    say(workers, "set up", started);

    let run = |scenario: Scenario| {
        let started = Instant::now();
        let trouble = scenario.trouble(workers as usize, secs, arguments.seed);
        let record = world::run(&cast, &draws, &trouble);
        say(workers, scenario.title(), started);
        (trouble, record)
    };
    let scenarios = wanted(arguments, workers);
    let runs = side_by_side(arguments.jobs, scenarios.clone(), run);
    let (_, calm) = runs.first().context("the calm run is always made")?;
    let all = scenarios.iter().zip(&runs);
    Ok(all
        .map(|(scenario, (trouble, record))| findings(*scenario, trouble, record, calm))
        .collect())
}

/// The calm run and what was asked for. The outage without a guard is only plotted: where it takes little time.
fn wanted(arguments: &Arguments, workers: u32) -> Vec<Scenario> {
    let plotted = workers as usize <= plots::PLOTTED_WORKERS;
    let usual = Scenario::ALL.into_iter().chain(plotted.then_some(Scenario::Unguarded));
    let asked: Vec<_> = if arguments.scenario.is_empty() {
        usual.collect()
    } else {
        arguments.scenario.clone()
    };
    let others = asked.into_iter().filter(|scenario| *scenario != Scenario::Calm);
    std::iter::once(Scenario::Calm).chain(others).collect()
}

fn findings(scenario: Scenario, trouble: &Trouble, record: &Record, calm: &Record) -> Findings {
    let end = record.blocks.last().map_or(0, |block| block.secs);
    let row = measures::row(scenario, record, calm, &trouble.traces.away_secs(end), trouble.traces.first());
    Findings {
        row,
        noticed: Survival::estimate(record.spans.iter().map(|span| (span.secs, span.noticed))),
        values: record.values.clone(),
        guard: record.guard.clone(),
    }
}

fn say(workers: u32, what: &str, started: Instant) {
    let workers = table::whole(f64::from(workers));
    eprintln!("{workers} workers, {what}: {:.1} s", started.elapsed().as_secs_f64());
}
