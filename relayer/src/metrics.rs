//! Prometheus metrics, made anew from the core at each scrape, so that they never disagree with `relayer_workers`.

use crate::{
    core::{
        collateral::{CollateralSummary, DocumentState},
        WorkerSummary,
    },
    shell::{now_ms, Shell},
};
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
struct OfDocument {
    document: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfSource {
    source: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfNode {
    node: String,
}

/// The metrics in OpenMetrics text.
pub fn render(shell: &Shell) -> Result<String, std::fmt::Error> {
    let mut registry = Registry::with_prefix("khala_relayer");
    register_totals(&mut registry, shell);
    register_workers(&mut registry, &shell.summaries());
    register_collateral(&mut registry, &shell.collateral(), now_ms() / 1000);
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

fn register_workers(registry: &mut Registry, summaries: &[WorkerSummary]) {
    let counter = |value: &dyn Fn(&WorkerSummary) -> u64| {
        let family = Family::<OfWorker, Counter>::default();
        for summary in summaries {
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
    registry.register(
        "rebindings",
        "Lost keys of the worker that the chain replaced by a new one",
        counter(&|worker| worker.rebindings),
    );
    let waiting = Family::<OfWorker, Gauge>::default();
    for summary in summaries {
        let label = OfWorker {
            worker: summary.name.clone(),
        };
        waiting.get_or_create(&label).set(summary.rebinding_refused.is_some().into());
    }
    registry.register(
        "rebinding_refused",
        "1 while the worker's key is lost and the chain does not let it be replaced yet",
        waiting,
    );
    let lease = Family::<OfWorker, Gauge>::default();
    for summary in summaries {
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

fn register_collateral(registry: &mut Registry, collateral: &CollateralSummary, now_secs: u64) {
    let (usable, age, expiry) = (
        Family::<OfDocument, Gauge>::default(),
        Family::<OfDocument, Gauge>::default(),
        Family::<OfDocument, Gauge>::default(),
    );
    for document in &collateral.documents {
        let label = OfDocument {
            document: document.document.clone(),
        };
        let is_usable = matches!(document.state, DocumentState::Fresh | DocumentState::Expiring);
        usable.get_or_create(&label).set(is_usable.into());
        if let Some(edition) = document.edition {
            age.get_or_create(&label).set(signed(now_secs.saturating_sub(edition.issued_secs)));
            expiry.get_or_create(&label).set(signed(edition.next_update_secs));
        }
    }
    registry.register(
        "collateral_usable",
        "1 when the chain has the document and it is in date; of the documents that this relayer's workers need",
        usable,
    );
    registry.register(
        "collateral_age_seconds",
        "Time since the chain's edition of the document was issued",
        age,
    );
    registry.register(
        "collateral_expiry_seconds",
        "When the chain's edition of the document expires, in seconds since 1970",
        expiry,
    );
    let failures = Family::<OfSource, Counter>::default();
    for source in &collateral.sources {
        let label = OfSource {
            source: source.source.clone(),
        };
        failures.get_or_create(&label).inc_by(source.failures);
    }
    registry.register(
        "collateral_source_failures",
        "Requests to the source that failed or brought something of no use",
        failures,
    );
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::collateral::{DocumentSummary, Edition, SourceSummary};
    use khala_primitives::{collateral::DocumentName, H256};

    fn document(name: &str, state: DocumentState, edition: Option<Edition>) -> DocumentSummary {
        DocumentSummary {
            root: H256::zero(),
            name: DocumentName::RootCrl,
            document: name.into(),
            is_to_come: false,
            state,
            edition,
            doing: None,
            problem: None,
            next_try: None,
        }
    }

    #[test]
    fn each_document_has_its_age_and_expiry_and_each_source_its_failures() {
        let edition = Edition {
            issued_secs: 1_000,
            next_update_secs: 5_000,
        };
        let source = SourceSummary {
            source: "s".into(),
            failures: 7,
            last_error: None,
            last_error_at: None,
            next_try: None,
        };
        let collateral = CollateralSummary {
            current_number: Some(18),
            next_number: None,
            documents: vec![
                document("fresh", DocumentState::Fresh, Some(edition)),
                document("expired", DocumentState::Expired, Some(edition)),
                document("missing", DocumentState::Missing, None),
            ],
            sources: vec![source],
            problem: None,
        };
        let mut registry = Registry::default();
        register_collateral(&mut registry, &collateral, 1_250);
        let mut text = String::new();
        encode(&mut text, &registry).unwrap();
        for line in [
            "collateral_usable{document=\"fresh\"} 1",
            "collateral_usable{document=\"expired\"} 0",
            "collateral_usable{document=\"missing\"} 0",
            "collateral_age_seconds{document=\"fresh\"} 250",
            "collateral_expiry_seconds{document=\"expired\"} 5000",
            "collateral_source_failures_total{source=\"s\"} 7",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
        assert!(!text.contains("collateral_age_seconds{document=\"missing\"}"));
    }
}
