//! What a heartbeat and an offline report cost, by number of sessions.

use crate::{
    block::{self, parent},
    scene::{genesis_hash, seed, Scene, HEAD},
    signatures,
    stats::Series,
    transactions,
    trie::{self, Cache, Trie},
    wasm::Wasm,
    worker::Worker,
};
use anyhow::{ensure, Result};
use khala_primitives::{SignedHeartbeat, MAX_BATCH};
use sp_externalities::Externalities;
use sp_state_machine::BasicExternalities;
use std::time::Duration;

/// Reports of the block.
const REPORTS: u32 = 256;
/// Age of the challenges that were missed: they may be reported, and not answered any more.
const MISSED_AGE: u32 = 50;
/// Blocks over which the answers are spread: all that can still be answered.
const ANSWERABLE: u32 = 20;

/// Where the state is while it is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In a map: what is left is the computation.
    Map,
    /// In a trie whose nodes are in the node's cache, the usual case.
    Cached,
    /// In a trie of which nothing is in the cache; nodes come from a map in memory, not from a disk.
    Uncached,
}

impl Place {
    fn name(self) -> &'static str {
        match self {
            Self::Map => "no trie",
            Self::Cached => "trie, nodes cached",
            Self::Uncached => "trie, nothing cached",
        }
    }
}

/// What was measured in one place; nanoseconds for one heartbeat, report or verification.
struct Costs {
    place: Place,
    verification: Series,
    authorise: Series,
    apply: Series,
    import: Series,
    root: Series,
    report_authorise: Series,
    report_apply: Series,
    report_import: Series,
}

impl Costs {
    fn new(place: Place) -> Self {
        let series = Series::default;
        Self {
            place,
            verification: series(),
            authorise: series(),
            apply: series(),
            import: series(),
            root: series(),
            report_authorise: series(),
            report_apply: series(),
            report_import: series(),
        }
    }
}

/// The transactions that are measured.
struct Load {
    heartbeats: Vec<SignedHeartbeat>,
    batches: Vec<Vec<u8>>,
    reports: Vec<Vec<u8>>,
}

impl Load {
    fn new(workers: &[Worker], batches: u32) -> Self {
        let genesis = genesis_hash();
        let heartbeats: Vec<_> = workers
            .iter()
            .take((batches * MAX_BATCH) as usize)
            .zip(0..)
            .map(|(worker, index)| {
                let block = HEAD - index % ANSWERABLE;
                worker.heartbeat(block, seed(block), &genesis)
            })
            .collect();
        let missed = HEAD + 1 - MISSED_AGE;
        Self {
            batches: heartbeats.chunks(MAX_BATCH as usize).map(transactions::heartbeats).collect(),
            reports: workers
                .iter()
                .take(REPORTS as usize)
                .map(|worker| transactions::report(worker.key(), missed))
                .collect(),
            heartbeats,
        }
    }
}

/// Measures a block of so many batches on chains of these numbers of sessions, and prints a table of each.
pub fn run(wasm: &Wasm, sizes: &[u32], batches: u32, rounds: usize) -> Result<()> {
    let answering = batches.saturating_mul(MAX_BATCH);
    for sessions in sizes {
        eprintln!("making a chain of {sessions} sessions");
        ensure!(
            *sessions >= answering.max(REPORTS),
            "{sessions} sessions are too few for {batches} batches of {MAX_BATCH} and {REPORTS} reports"
        );
        let scene = Scene::in_mid_life(wasm.code(), *sessions, answering.max(REPORTS))?;
        let load = Load::new(&scene.workers, batches);
        let mut state = BasicExternalities::new(scene.storage);
        let mut costs = vec![in_map(wasm, &mut state, &load, rounds)?];
        let mut trie = Trie::new(state.into_storages());
        costs.extend(in_trie(wasm, &mut trie, &load, rounds)?);
        print(*sessions, &load, &costs);
    }
    Ok(())
}

fn in_map(wasm: &Wasm, state: &mut BasicExternalities, load: &Load, rounds: usize) -> Result<Costs> {
    let mut costs = Costs::new(Place::Map);
    let mut attempt = |run: &dyn Fn(&mut dyn Externalities) -> Result<Duration>| block::attempt(state, run);
    for _ in 0..=rounds {
        costs
            .verification
            .add(signatures::verify(&load.heartbeats, &genesis_hash())?, load.heartbeats.len());
        let (heartbeats, reports) = (load.heartbeats.len(), load.reports.len());
        costs
            .authorise
            .add(attempt(&|state| validate(wasm, state, &load.batches))?, heartbeats);
        // Closing a block would build a trie; it is not closed.
        costs
            .apply
            .add(attempt(&|state| block::apply(wasm, state, &load.batches))?, heartbeats);
        costs
            .report_authorise
            .add(attempt(&|state| validate(wasm, state, &load.reports))?, reports);
        costs
            .report_apply
            .add(attempt(&|state| block::apply(wasm, state, &load.reports))?, reports);
    }
    Ok(costs)
}

fn in_trie(wasm: &Wasm, trie: &mut Trie, load: &Load, rounds: usize) -> Result<[Costs; 2]> {
    let (mut cached, mut uncached) = (Costs::new(Place::Cached), Costs::new(Place::Uncached));
    let shared = trie::empty_cache();
    trie.with(&shared, |state| block::build(wasm, state, &load.batches))?;
    trie.with(&shared, |state| block::build(wasm, state, &load.reports))?;
    for _ in 0..rounds {
        for costs in [&mut cached, &mut uncached] {
            let fresh;
            let cache: &mut dyn FnMut() -> Cache = if costs.place == Place::Cached {
                fresh = shared.clone();
                &mut || fresh.clone()
            } else {
                &mut trie::empty_cache
            };
            costs
                .verification
                .add(signatures::verify(&load.heartbeats, &genesis_hash())?, load.heartbeats.len());
            let count = load.heartbeats.len();
            let (authorise, apply, root, import) = measure(wasm, trie, cache, &load.batches, count)?;
            costs.authorise.add(authorise, count);
            costs.apply.add(apply, count);
            costs.root.add(root, count);
            costs.import.add(import, count);
            let (authorise, apply, _, import) = measure(wasm, trie, cache, &load.reports, load.reports.len())?;
            costs.report_authorise.add(authorise, load.reports.len());
            costs.report_apply.add(apply, load.reports.len());
            costs.report_import.add(import, load.reports.len());
        }
    }
    Ok([cached, uncached])
}

/// Times of validating, applying, closing and importing, the last without what an empty block takes. The transactions must have
/// so many effects altogether.
fn measure(
    wasm: &Wasm,
    trie: &mut Trie,
    cache: &mut dyn FnMut() -> Cache,
    transactions: &[Vec<u8>],
    effects: usize,
) -> Result<(Duration, Duration, Duration, Duration)> {
    // A new root each time: values that were read before are not in the cache, as after every block.
    trie.advance()?;
    let authorise = trie.with(&cache(), |state| validate(wasm, state, transactions))?;
    trie.advance()?;
    let built = trie.with(&cache(), |state| block::build(wasm, state, transactions))?;
    ensure!(
        built.paid + built.offline == effects,
        "{} were paid and {} went offline, of {effects}",
        built.paid,
        built.offline
    );
    let empty = trie.with(&cache(), |state| block::build(wasm, state, &[]))?;
    trie.advance()?;
    // These two are not measured: a cache of their own leaves the other one as it was.
    let to_import = trie.with(&trie::empty_cache(), |state| block::build(wasm, state, transactions))?;
    let empty_to_import = trie.with(&trie::empty_cache(), |state| block::build(wasm, state, &[]))?;
    let import = trie.with(&cache(), |state| block::import(wasm, state, &to_import))?;
    let empty_import = trie.with(&cache(), |state| block::import(wasm, state, &empty_to_import))?;
    Ok((
        authorise,
        built.applying,
        built.closing.saturating_sub(empty.closing),
        import.saturating_sub(empty_import),
    ))
}

fn validate(wasm: &Wasm, state: &mut dyn Externalities, transactions: &[Vec<u8>]) -> Result<Duration> {
    let mut sum = Duration::ZERO;
    for (index, transaction) in transactions.iter().enumerate() {
        let (validity, time) = wasm.validate(state, transaction, parent())?;
        validity.map_err(|error| anyhow::anyhow!("transaction {index} of {} is refused: {error:?}", transactions.len()))?;
        sum += time;
    }
    Ok(sum)
}

fn print(sessions: u32, load: &Load, costs: &[Costs]) {
    println!("\n### {sessions} sessions\n");
    println!(
        "ns for one of {} heartbeats in batches of {MAX_BATCH}; in brackets, times one sr25519 verification\n",
        load.heartbeats.len()
    );
    println!("| state | verification | authorise | body | both | root | import of the block |");
    println!("|---|---:|---:|---:|---:|---:|---:|");
    for cost in costs {
        let unit = &cost.verification;
        let body = cost.apply.minus(&cost.authorise);
        println!(
            "| {} | {:.0} | {} | {} | {} | {} | {} |",
            cost.place.name(),
            unit.median(),
            cell(&cost.authorise, unit),
            cell(&body, unit),
            cell(&cost.apply, unit),
            cell(&cost.root, unit),
            cell(&cost.import, unit),
        );
    }
    println!("\nns for one of {} offline reports, each a transaction\n", load.reports.len());
    println!("| state | in the pool | in a block, made | in a block, imported |");
    println!("|---|---:|---:|---:|");
    for cost in costs {
        let unit = &cost.verification;
        println!(
            "| {} | {} | {} | {} |",
            cost.place.name(),
            cell(&cost.report_authorise, unit),
            cell(&cost.report_apply, unit),
            cell(&cost.report_import, unit),
        );
    }
}

/// A number with its ratio; nothing where nothing was measured.
fn cell(series: &Series, unit: &Series) -> String {
    let median = series.median();
    if median.is_nan() {
        return "-".into();
    }
    format!("{median:.0} ({:.2})", series.over(unit).median())
}
