//! Those who wait in the queue of a pool or a vault, as far as they are shown.

use crate::output;
use comfy_table::Table;
use khala_client::ClientError;
use khala_primitives::RequestId;
use serde::Serialize;
use std::future::Future;

/// Requests whose dates are looked up.
pub(super) const SHOWN: usize = 50;
/// Requests that are counted.
pub(super) const COUNTED: usize = 10_000;

/// The requests in a queue, each with its forecast.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Queue<F> {
    /// How many there are, as far as they were counted.
    pub requests: usize,
    /// The first of them, with their dates.
    pub queue: Vec<Waiting<F>>,
}

/// A request in the queue.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Waiting<F> {
    /// Its number.
    pub request: RequestId,
    /// When it is paid.
    #[serde(flatten)]
    pub forecast: F,
}

impl<F> Queue<F> {
    /// Looks the dates of the first ones up.
    pub async fn new<A>(numbers: Vec<RequestId>, forecast: impl Fn(RequestId) -> A) -> Result<Self, ClientError>
    where
        A: Future<Output = Result<Option<F>, ClientError>>,
    {
        let mut queue = Vec::new();
        for request in numbers.iter().take(SHOWN) {
            let found = forecast(*request).await?;
            queue.extend(found.map(|forecast| Waiting {
                request: *request,
                forecast,
            }));
        }
        Ok(Self {
            requests: numbers.len(),
            queue,
        })
    }

    /// The lines of a table of them, and how many it leaves out; nothing when nobody waits.
    pub fn lines(&self, mut table: Table, row: impl Fn(&Waiting<F>) -> Vec<String>) -> Vec<String> {
        if self.queue.is_empty() {
            return Vec::new();
        }
        for waiting in &self.queue {
            table.add_row(row(waiting));
        }
        let mut lines = output::lines_below(&table);
        match self.requests.saturating_sub(self.queue.len()) {
            0 => {}
            more if self.requests < COUNTED => lines.push(format!("and {more} more")),
            more => lines.push(format!("and at least {more} more")),
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(requests: usize, shown: u64) -> Queue<()> {
        let waiting = |request| Waiting { request, forecast: () };
        Queue {
            requests,
            queue: (0..shown).map(waiting).collect(),
        }
    }

    fn lines(queue: &Queue<()>) -> Vec<String> {
        queue.lines(output::table(&["request"]), |waiting| vec![waiting.request.to_string()])
    }

    #[tokio::test]
    async fn the_first_are_looked_up_and_all_are_counted() {
        for (count, shown) in [(0, 0), (1, 1), (50, 50), (51, 50)] {
            let found = Queue::new((0..count).collect(), |request| async move { Ok(Some(request)) })
                .await
                .unwrap();
            assert_eq!((found.requests as u64, found.queue.len()), (count, shown));
            assert!(found.queue.iter().all(|waiting| waiting.request == waiting.forecast));
        }
        let gone = Queue::<()>::new(vec![7], |_| async { Ok(None) }).await.unwrap();
        assert_eq!((gone.requests, gone.queue.len()), (1, 0));
    }

    #[test]
    fn what_is_left_out_is_counted() {
        assert!(lines(&queue(0, 0)).is_empty());
        assert_eq!(lines(&queue(2, 2)), ["", "request", "0", "1"]);
        for (requests, said) in [(3, "and 1 more"), (9_999, "and 9997 more"), (10_000, "and at least 9998 more")] {
            assert_eq!(lines(&queue(requests, 2)).last().unwrap(), said, "{requests}");
        }
    }
}
