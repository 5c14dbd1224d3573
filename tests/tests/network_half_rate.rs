//! Pay goes by the clock: a network that lost half of its validators makes about half of the blocks, and pays as much in an hour.

use khala::network::{check::everybody_paid, Network, Options, Sample};
use khala_primitives::Balance;
use khala_tests::{quick_with, silent, started, watch_without};
use serde_json::json;
use std::time::Duration;

/// The validators that are stopped. The other two still have a peer: a validator without one makes no blocks.
const GONE: [(usize, &str); 2] = [(2, "node-3"), (3, "node-4")];
/// Slots of a second, so that the test is short.
const SLOT_MS: u64 = 1_000;
/// Each phase is measured for so long at least, in seconds of the chain's time.
const PHASE_SECS: u64 = 60;
/// Payments are floored in planck; what is forfeited must not be more than that leaves, in planck.
const ROUNDING: Balance = 10_000;
/// Until a phase is over.
const LIMIT: Duration = Duration::from_secs(600);

/// What a network did between two samples.
struct Phase {
    from: Sample,
    to: Sample,
}

impl Phase {
    /// Lasts [`PHASE_SECS`], and until every worker was paid in it.
    async fn watch(network: &mut Network, gone: &[&str], what: &str) -> Self {
        let from = network.sample().await.unwrap();
        let to = watch_without(network, gone, what, LIMIT, |to| {
            let everybody_paid = from.workers.iter().zip(&to.workers).all(|(from, to)| to.paid() > from.paid());
            everybody_paid && secs(to) >= secs(&from) + PHASE_SECS
        })
        .await;
        Self { from, to }
    }

    /// In a second of the chain's time, how much of something that only grows.
    fn per_sec(&self, quantity: impl Fn(&Sample) -> Balance) -> f64 {
        let grown = quantity(&self.to).checked_sub(quantity(&self.from)).expect("it never shrinks");
        grown as f64 / (secs(&self.to) - secs(&self.from)) as f64
    }

    fn blocks_per_sec(&self) -> f64 {
        self.per_sec(|sample| sample.block.number.into())
    }
}

/// The chain's time, which its clocks read in whole seconds.
fn secs(sample: &Sample) -> u64 {
    sample.network.now_ms / 1_000
}

/// What workers earned so far: paid to their pools and the treasury, and what waits for their next heartbeats.
fn earned(sample: &Sample) -> Balance {
    let outstanding: Balance = sample
        .workers
        .iter()
        .filter_map(|worker| worker.session())
        .map(|session| session.outstanding)
        .sum();
    sample.network.paid + sample.network.treasury_part + outstanding
}

fn assert_close(what: &str, found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= expected / 100.0,
        "{what}: {found}, expected {expected} within 1 %"
    );
}

#[tokio::test]
async fn half_of_the_blocks_pay_as_much_in_an_hour() {
    let options = Options {
        validators: 4,
        genesis: quick_with(json!({ "network": { "slotMs": SLOT_MS } })),
        ..Options::ephemeral(2)
    };
    let mut network = started(&options).await.unwrap();
    let first = network.sample().await.unwrap();
    everybody_paid(&mut network, &mut silent(), &first).await.unwrap();

    let full = Phase::watch(&mut network, &[], "a phase with all validators").await;
    // Nothing becomes final from here on; the best chain goes on.
    for (validator, _) in GONE {
        network.stop_node(validator).await.unwrap();
    }
    let half = Phase::watch(&mut network, &GONE.map(|(_, name)| name), "a phase with half of the validators").await;

    // Those that are left are drawn for half of the slots as the second choice, and for some of the others as the first.
    let ratio = half.blocks_per_sec() / full.blocks_per_sec();
    assert!(
        (0.35..0.8).contains(&ratio),
        "of the blocks, {ratio} were made by half of the validators"
    );
    for (name, phase) in [("all", &full), ("half of the", &half)] {
        let budget = phase.from.network.budget_per_day as f64 / 86_400.0;
        assert_eq!(phase.from.network.budget_per_day, phase.to.network.budget_per_day);
        assert_close(
            &format!("issued a second by {name} validators"),
            phase.per_sec(|sample| sample.network.issued),
            budget,
        );
        assert_close(&format!("earned a second with {name} validators"), phase.per_sec(earned), budget);
        let forfeited = phase.to.network.forfeited - phase.from.network.forfeited;
        assert!(forfeited < ROUNDING, "somebody lost {forfeited} planck");
    }
}
