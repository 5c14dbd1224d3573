//! What delegating, withdrawing, a reward and a payment cost, by number of delegators and length of the queue.

use crate::{
    block,
    crowd::{self, ACTIVE},
    scene::{genesis_hash, seed, Scene, HEAD},
    signatures,
    stats::Series,
    transactions,
    trie::{self, Trie},
    wasm::Wasm,
    worker::Worker,
};
use anyhow::{ensure, Result};
use khala_pallet_mining::Event as MiningEvent;
use khala_pallet_stake_pool::Event;
use khala_primitives::{SignedHeartbeat, MAX_BATCH};
use khala_runtime::{RuntimeEvent, System};
use sp_externalities::Externalities;
use sp_state_machine::BasicExternalities;
use std::time::Duration;

/// What is measured, in the order of the table.
const NAMES: [&str; 5] = ["transfer", "delegate", "undelegate", "reward", "payment"];

/// One number for each of [`NAMES`], and for a bare verification.
#[derive(Default)]
struct Costs {
    verification: Series,
    series: [Series; NAMES.len()],
}

/// The transactions that are measured.
struct Load {
    heartbeats: Vec<SignedHeartbeat>,
    transfers: Vec<Vec<u8>>,
    delegations: Vec<Vec<u8>>,
    withdrawals: Vec<Vec<u8>>,
    batch: Vec<Vec<u8>>,
}

impl Load {
    fn new(workers: &[Worker]) -> Self {
        let genesis = genesis_hash();
        let heartbeats: Vec<_> = workers.iter().map(|worker| worker.heartbeat(HEAD, seed(HEAD), &genesis)).collect();
        Self {
            transfers: crowd::transfers(),
            delegations: crowd::delegations(),
            withdrawals: crowd::withdrawals(),
            batch: vec![transactions::heartbeats(&heartbeats)],
            heartbeats,
        }
    }
}

/// What the pool's part of a block did.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
struct Effects {
    delegated: u32,
    queued: u32,
    paid: u32,
    rewarded: u32,
}

/// Runs something on a state, and forgets what it changes.
type Attempt<'a> = dyn FnMut(&mut dyn FnMut(&mut dyn Externalities) -> Result<()>) -> Result<()> + 'a;

/// Measures pools of these numbers of delegators, and prints a table of each place in which the state can be.
pub fn run(wasm: &Wasm, sizes: &[u32], rounds: usize) -> Result<()> {
    let (mut computed, mut in_trie) = (Vec::new(), Vec::new());
    for delegators in sizes {
        ensure!(
            *delegators >= ACTIVE,
            "{delegators} delegators are too few: {ACTIVE} of them act in a block"
        );
        eprintln!("making a pool of {delegators} delegators");
        let scene = Scene::aged_with(wasm.code(), || crowd::populate(*delegators))?;
        let load = Load::new(&scene.workers);
        let mut state = BasicExternalities::new(scene.storage);
        computed.push(measure(wasm, &load, rounds, &mut |run| block::attempt(&mut state, run))?);
        let mut trie = Trie::new(state.into_storages());
        let cache = trie::empty_cache();
        in_trie.push(measure(wasm, &load, rounds, &mut |run| {
            // A new root each time: values that were read before are not in the cache, as after every block.
            trie.advance()?;
            trie.with(&cache, run)
        })?);
    }
    print("no trie: the computation alone", sizes, &computed);
    print("a trie in memory, its nodes in the node's cache", sizes, &in_trie);
    Ok(())
}

fn measure(wasm: &Wasm, load: &Load, rounds: usize, on: &mut Attempt) -> Result<Costs> {
    let mut costs = Costs::default();
    // The first round fills the caches.
    for round in 0..=rounds {
        let verification = signatures::verify(&load.heartbeats, &genesis_hash())?;
        let nothing = Effects::default();
        let (delegated, queued, rewarded) = (ACTIVE, ACTIVE, MAX_BATCH);
        let per_transaction = [
            (&load.transfers, ACTIVE, nothing),
            (&load.delegations, ACTIVE, Effects { delegated, ..nothing }),
            (&load.withdrawals, ACTIVE, Effects { queued, ..nothing }),
            (&load.batch, MAX_BATCH, Effects { rewarded, ..nothing }),
        ];
        let mut times = Vec::new();
        for (transactions, count, expected) in per_transaction {
            let (_, time) = attempt(wasm, on, false, transactions, expected)?;
            times.push((time, count));
        }
        let paying = Effects { paid: ACTIVE, ..nothing };
        let (idle, _) = attempt(wasm, on, false, &[], nothing)?;
        let (with_payments, _) = attempt(wasm, on, true, &[], paying)?;
        times.push((with_payments.saturating_sub(idle), ACTIVE));
        if round > 0 {
            costs.verification.add(verification, load.heartbeats.len());
            for (series, (time, count)) in costs.series.iter_mut().zip(times) {
                series.add(time, count as usize);
            }
        }
    }
    Ok(costs)
}

/// Makes a block of these transactions, after the pool has got coins or not: the time of what every block does, and of the
/// transactions. The first transaction of a block waits for the hooks: it is one that does nothing.
fn attempt(wasm: &Wasm, on: &mut Attempt, coins: bool, transactions: &[Vec<u8>], expected: Effects) -> Result<(Duration, Duration)> {
    let remark = transactions::remark(genesis_hash());
    let mut times = (Duration::ZERO, Duration::ZERO);
    on(&mut |state| {
        if coins {
            let brought = sp_externalities::set_and_run_with_externalities(state, crowd::bring_coins);
            ensure!(brought.is_ok(), "the pool cannot get coins: {brought:?}");
        }
        block::open(wasm, state)?;
        times.0 = wasm.apply(state, &remark)?;
        times.1 = transactions
            .iter()
            .map(|transaction| wasm.apply(state, transaction))
            .sum::<Result<_>>()?;
        let effects = effects(state);
        ensure!(effects == expected, "the block did {effects:?}, not {expected:?}");
        Ok(())
    })?;
    Ok(times)
}

fn effects(state: &mut dyn Externalities) -> Effects {
    let mut effects = Effects::default();
    sp_externalities::set_and_run_with_externalities(state, || {
        for record in System::read_events_no_consensus() {
            match record.event {
                RuntimeEvent::StakePool(Event::Delegated { .. }) => effects.delegated += 1,
                RuntimeEvent::StakePool(Event::RequestQueued { .. }) => effects.queued += 1,
                RuntimeEvent::StakePool(Event::RequestPaid { .. }) => effects.paid += 1,
                RuntimeEvent::Mining(MiningEvent::Settled { payments }) => effects.rewarded += payments.len() as u32,
                _ => {}
            }
        }
    });
    effects
}

fn print(place: &str, sizes: &[u32], costs: &[Costs]) {
    println!("\n### {place}\n");
    println!(
        "us; in brackets, times the same with {} delegators\n",
        sizes.first().copied().unwrap_or_default()
    );
    println!("| delegators | verification | {} |", NAMES.join(" | "));
    println!("|---:|---:|{}", "---:|".repeat(NAMES.len()));
    for (size, cost) in sizes.iter().zip(costs) {
        let cells = cost.series.iter().enumerate().map(|(index, series)| {
            let median = series.median();
            let first = costs.first().map_or(f64::NAN, |first| first.series[index].median());
            format!("{:.1} ({:.2})", median / 1e3, median / first)
        });
        let cells: Vec<_> = cells.collect();
        println!("| {size} | {:.1} | {} |", cost.verification.median() / 1e3, cells.join(" | "));
    }
}
