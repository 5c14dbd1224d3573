//! Prometheus metrics, made anew from the core at each scrape, so that they never disagree with `relayer_workers`.

use crate::shell::Shell;
use prometheus_client::{
    encoding::{text::encode, EncodeLabelSet},
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfState {
    state: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfWorker {
    worker: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfNode {
    node: String,
}

/// The metrics in OpenMetrics text.
pub fn render(shell: &Shell) -> Result<String, std::fmt::Error> {
    let mut registry = Registry::with_prefix("khala_relayer");
    register_totals(&mut registry, shell);
    register_workers(&mut registry, shell);
    let mut text = String::new();
    encode(&mut text, &registry)?;
    Ok(text)
}

fn register_totals(registry: &mut Registry, shell: &Shell) {
    let (totals, health) = (shell.totals(), shell.health());
    let workers = Family::<OfState, Gauge>::default();
    for (state, count) in totals.workers {
        workers.get_or_create(&OfState { state: state.as_str() }).set(signed(count));
    }
    registry.register("workers", "Workers in each state", workers);
    let head = Gauge::<i64>::default();
    head.set(totals.head.unwrap_or_default().into());
    registry.register("head", "Number of the best block", head);
    let reports = Counter::<u64>::default();
    reports.inc_by(totals.reports);
    registry.register("offline_reports", "Offline reports sent", reports);
    let age = Gauge::<i64>::default();
    age.set(health.block_age_secs.map_or(-1, signed));
    registry.register(
        "block_age_seconds",
        "Seconds since the last block arrived, -1 before the first",
        age,
    );
    let connected = Family::<OfNode, Gauge>::default();
    for node in &shell.nodes {
        let is_used = health.node.as_ref() == Some(node);
        connected.get_or_create(&OfNode { node: node.clone() }).set(is_used.into());
    }
    registry.register("node_connected", "1 for the node in use", connected);
}

fn register_workers(registry: &mut Registry, shell: &Shell) {
    let summaries = shell.summaries();
    let counter = |value: &dyn Fn(&crate::core::WorkerSummary) -> u64| {
        let family = Family::<OfWorker, Counter>::default();
        for summary in &summaries {
            family
                .get_or_create(&OfWorker {
                    worker: summary.name.clone(),
                })
                .inc_by(value(summary));
        }
        family
    };
    registry.register(
        "challenges_asked",
        "Challenges that hit the worker while it was mining",
        counter(&|worker| worker.asked),
    );
    registry.register(
        "challenges_answered",
        "Of them, those whose answer the chain took",
        counter(&|worker| worker.answered),
    );
    registry.register(
        "challenges_missed",
        "Of them, those that were not answered in time",
        counter(&|worker| worker.missed),
    );
    registry.register(
        "recoveries",
        "Signs of life that the chain took",
        counter(&|worker| worker.recoveries),
    );
    registry.register(
        "heartbeats_submitted",
        "Heartbeats sent, each time counted",
        counter(&|worker| worker.heartbeats_submitted),
    );
    registry.register("retries", "Submissions sent again", counter(&|worker| worker.retries));
    let lease = Family::<OfWorker, Gauge>::default();
    for summary in &summaries {
        if let Some(end) = summary.lease_end_secs {
            lease
                .get_or_create(&OfWorker {
                    worker: summary.name.clone(),
                })
                .set(signed(end));
        }
    }
    registry.register("lease_end_seconds", "End of the worker's lease, in seconds since 1970", lease);
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
