//! Where collateral comes from, as the core sees it: an ordered list of sources, some of which do not work at times.

use crate::core::{backoff::Backoff, Millis};
use serde::Serialize;

/// Number of a source in the configuration's order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SourceId(pub usize);

/// A source and how it works.
#[derive(Debug)]
struct Source {
    name: String,
    backoff: Backoff,
    failures: u64,
    last_error: Option<(String, Millis)>,
}

/// One source, as `relayer_collateral` shows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceSummary {
    /// Its address or folder.
    pub source: String,
    /// Requests that failed or brought something of no use, since the relayer started.
    pub failures: u64,
    /// The last failure.
    pub last_error: Option<String>,
    /// When that was, in seconds since 1970.
    pub last_error_at: Option<u64>,
    /// Until when nothing is asked of it, in seconds since 1970.
    pub next_try: Option<u64>,
}

/// All sources, in the order in which they are asked.
#[derive(Debug)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Sources of these names that nothing was asked of yet.
    pub fn new(names: Vec<String>) -> Self {
        let source = |name| Source {
            name,
            backoff: Backoff::new(2_000, 300_000),
            failures: 0,
            last_error: None,
        };
        Self(names.into_iter().map(source).collect())
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first source that works, as far as is known, and that is not in `tried`.
    pub fn next(&self, tried: &[SourceId], now: Millis) -> Option<SourceId> {
        let mut sources = self.0.iter().enumerate().map(|(index, source)| (SourceId(index), source));
        let (id, _) = sources.find(|(id, source)| !tried.contains(id) && source.backoff.is_due(now))?;
        Some(id)
    }

    /// It answered.
    pub fn answered(&mut self, id: SourceId) {
        if let Some(source) = self.0.get_mut(id.0) {
            source.backoff.reset();
        }
    }

    /// It failed. `is_down`: it is left alone for a while.
    pub fn failed(&mut self, id: SourceId, reason: &str, is_down: bool, now: Millis) {
        let Some(source) = self.0.get_mut(id.0) else { return };
        tracing::warn!(source = source.name, reason, "a source of collateral failed");
        source.failures = source.failures.saturating_add(1);
        source.last_error = Some((reason.to_owned(), now));
        if is_down {
            source.backoff.failed(now);
        } else {
            source.backoff.reset();
        }
    }

    /// Its name.
    pub fn name(&self, id: SourceId) -> &str {
        self.0.get(id.0).map_or("a former source", |source| &source.name)
    }

    /// When the first of those that do not work is asked again; `None` when one of them works, or there is none.
    pub fn next_try(&self, now: Millis) -> Option<Millis> {
        if self.0.iter().any(|source| source.backoff.is_due(now)) {
            return None;
        }
        self.0.iter().filter_map(|source| source.backoff.next_try()).min()
    }

    /// How they work.
    pub fn summaries(&self) -> Vec<SourceSummary> {
        let summary = |source: &Source| SourceSummary {
            source: source.name.clone(),
            failures: source.failures,
            last_error: source.last_error.as_ref().map(|(reason, _)| reason.clone()),
            last_error_at: source.last_error.as_ref().map(|(_, at)| at / 1000),
            next_try: source.backoff.next_try().map(|at| at / 1000),
        };
        self.0.iter().map(summary).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_source_is_asked_while_one_is_down_and_the_first_again_when_it_may_be() {
        let mut sources = Sources::new(vec!["a".into(), "b".into()]);
        assert_eq!(sources.next(&[], 0), Some(SourceId(0)));
        sources.failed(SourceId(0), "refused", true, 0);
        assert_eq!(
            (sources.next(&[], 1_999), sources.next(&[], 2_000)),
            (Some(SourceId(1)), Some(SourceId(0)))
        );
        assert_eq!(sources.next(&[SourceId(1)], 1_999), None);
        sources.failed(SourceId(1), "refused", true, 500);
        assert_eq!((sources.next_try(1_000), sources.next_try(2_000)), (Some(2_000), None));
        sources.answered(SourceId(0));
        assert_eq!(sources.next(&[], 600), Some(SourceId(0)));
    }

    #[test]
    fn what_is_of_no_use_is_counted_but_the_source_is_asked_for_the_rest() {
        let mut sources = Sources::new(vec!["a".into()]);
        sources.failed(SourceId(0), "no JSON", false, 7_000);
        assert_eq!(sources.next(&[], 7_000), Some(SourceId(0)));
        let summary = sources.summaries().remove(0);
        assert_eq!((summary.failures, summary.last_error_at, summary.next_try), (1, Some(7), None));
    }

    #[test]
    fn a_source_that_does_not_exist_changes_nothing() {
        let mut sources = Sources::new(Vec::new());
        sources.answered(SourceId(3));
        sources.failed(SourceId(3), "x", true, 0);
        assert!(sources.is_empty() && sources.next(&[], 0).is_none() && sources.next_try(0).is_none());
    }
}
