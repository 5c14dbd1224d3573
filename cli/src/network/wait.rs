//! Waiting for conditions, never for time.

use std::{
    fmt::Display,
    future::Future,
    time::{Duration, Instant},
};

/// Time between two looks.
const PAUSE: Duration = Duration::from_millis(250);

/// What a look has seen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Seen<T> {
    /// It is there.
    Now(T),
    /// It is not there yet; the text says what is seen instead.
    NotYet(String),
}

/// Looks until it is there.
///
/// # Errors
/// The look's own error, at once; or, after `limit`, what was waited for and what was seen last.
pub async fn until<T, F, Look>(what: impl Display, limit: Duration, mut look: F) -> anyhow::Result<T>
where
    F: FnMut() -> Look,
    Look: Future<Output = anyhow::Result<Seen<T>>>,
{
    let started = Instant::now();
    loop {
        let last = match look().await? {
            Seen::Now(value) => return Ok(value),
            Seen::NotYet(last) => last,
        };
        anyhow::ensure!(
            started.elapsed() < limit,
            "waited {} s for {what}; seen last: {last}",
            limit.as_secs()
        );
        tokio::time::sleep(PAUSE).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn looks_again_until_it_is_there() {
        let mut looks = 0;
        let value = until("three looks", Duration::from_secs(60), || {
            looks += 1;
            let seen = if looks == 3 {
                Seen::Now(looks)
            } else {
                Seen::NotYet(looks.to_string())
            };
            async { Ok(seen) }
        });
        assert_eq!(value.await.unwrap(), 3);
    }

    #[tokio::test]
    async fn says_what_was_seen_last() {
        let error = until("a miracle", Duration::ZERO, || async { Ok(Seen::<()>::NotYet("nothing".into())) })
            .await
            .unwrap_err();
        assert_eq!(error.to_string(), "waited 0 s for a miracle; seen last: nothing");
    }

    #[tokio::test]
    async fn a_failed_look_ends_it_at_once() {
        let error = until("x", Duration::from_secs(60), || async {
            anyhow::bail!("broken") as anyhow::Result<Seen<()>>
        })
        .await
        .unwrap_err();
        assert_eq!(error.to_string(), "broken");
    }
}
