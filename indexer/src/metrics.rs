//! Prometheus metrics.

use crate::health::Health;
use prometheus_client::{
    encoding::{text::encode, EncodeLabelSet},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};
use std::{sync::atomic::AtomicU64, time::Duration};

/// Upper bounds of the classes of answer times, in seconds.
const CLASSES: [f64; 9] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2.0];

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    path: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfPath {
    path: String,
}

/// What is counted of requests.
#[derive(Clone)]
pub struct Requests {
    answered: Family<Answered, Counter>,
    seconds: Family<OfPath, Histogram, fn() -> Histogram>,
}

impl Default for Requests {
    fn default() -> Self {
        Self {
            answered: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(CLASSES)),
        }
    }
}

impl Requests {
    /// A request to one of the interface's paths, as it is written in the document, was answered.
    pub fn answered(&self, path: &str, status: u16, took: Duration) {
        let path = path.to_owned();
        self.answered
            .get_or_create(&Answered {
                path: path.clone(),
                status,
            })
            .inc();
        self.seconds.get_or_create(&OfPath { path }).observe(took.as_secs_f64());
    }
}

/// The metrics in OpenMetrics text.
///
/// # Errors
/// They cannot be written as text.
pub fn render(health: &Health, requests: &Requests) -> Result<String, std::fmt::Error> {
    let status = health.status();
    let mut registry = Registry::with_prefix("khala_indexer");
    let mut gauge = |name: &str, help: &str, value: Option<u64>| {
        let gauge = Gauge::<i64>::default();
        gauge.set(value.map_or(-1, |value| i64::try_from(value).unwrap_or(i64::MAX)));
        registry.register(name, help, gauge);
    };
    gauge(
        "height",
        "Newest indexed block, -1 before the first",
        status.indexed_block.map(u64::from),
    );
    let finalized = status.chain.finalized_block.map(u64::from);
    gauge(
        "finalized_height",
        "Newest finalised block that the node told of, -1 before the first",
        finalized,
    );
    gauge(
        "lag_blocks",
        "Finalised blocks that are not indexed yet, -1 before the node answers",
        status.lag_blocks.map(u64::from),
    );
    let lag_secs = status.lag_ms.map(|lag| lag / 1000);
    gauge("lag_seconds", "Age of the newest indexed block, -1 before the first", lag_secs);
    gauge("connected", "1 while the node answers", Some(status.chain.connected.into()));
    gauge("healthy", "1 while answers are up to date", Some(status.healthy.into()));
    let speed = Gauge::<f64, AtomicU64>::default();
    speed.set(status.blocks_per_second);
    registry.register("blocks_per_second", "Blocks indexed a second, over the last seconds", speed);
    registry.register("requests", "Requests answered", requests.answered.clone());
    registry.register("request_seconds", "Time to an answer", requests.seconds.clone());
    let mut text = String::new();
    encode(&mut text, &registry)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn height_lag_and_requests_are_told() {
        let (health, requests) = (Health::new(60), Requests::default());
        assert!(render(&health, &requests).unwrap().contains("khala_indexer_height -1"));
        health.heads(12, 13);
        health.indexed(10, 1_000);
        requests.answered("/pools", 200, Duration::from_millis(3));
        let text = render(&health, &requests).unwrap();
        for line in [
            "khala_indexer_height 10",
            "khala_indexer_lag_blocks 2",
            "khala_indexer_requests_total{path=\"/pools\",status=\"200\"} 1",
            "khala_indexer_request_seconds_count{path=\"/pools\"} 1",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
    }
}
