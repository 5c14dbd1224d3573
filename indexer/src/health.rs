//! How the indexer is: written by what follows the chain, read by requests.

use crate::model::{ChainFacts, ChainLink, FollowState, Status};
use std::{
    collections::VecDeque,
    sync::Mutex,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// Blocks behind finality from which on answers are not up to date.
pub const MOST_LAG_BLOCKS: u32 = 10;
/// Age of the newest indexed block from which on answers are not up to date.
pub const MOST_LAG: Duration = Duration::from_secs(60);
/// Time over which the speed is measured.
const SPEED_OVER: Duration = Duration::from_secs(10);

/// How the indexer is.
pub struct Health {
    sample_secs: u64,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    chain: Option<ChainFacts>,
    stopped: bool,
    error: Option<String>,
    connected: bool,
    finalized: Option<u32>,
    best: Option<u32>,
    indexed: Option<(u32, u64)>,
    speed: VecDeque<(Instant, u32)>,
}

impl Health {
    /// Before the first connection. `sample_secs`: time between two samples.
    pub fn new(sample_secs: u64) -> Self {
        Self {
            sample_secs,
            inner: Mutex::default(),
        }
    }

    /// Time between two samples, in seconds of the chain's time.
    pub fn sample_secs(&self) -> u64 {
        self.sample_secs
    }

    /// The database has this block as its newest.
    pub fn indexed(&self, block: u32, time_ms: u64) {
        self.change(|inner| {
            inner.indexed = Some((block, time_ms));
            let now = Instant::now();
            inner.speed.push_back((now, block));
            while inner.speed.len() > 2 && inner.speed.front().is_some_and(|(at, _)| now.duration_since(*at) > SPEED_OVER) {
                inner.speed.pop_front();
            }
        });
    }

    /// The node answers, and says what its chain is.
    pub fn connected(&self, chain: ChainFacts) {
        self.change(|inner| {
            (inner.connected, inner.error) = (true, None);
            inner.chain = Some(chain);
        });
    }

    /// The chain, as the node said; `None` before the first connection.
    pub fn chain(&self) -> Option<ChainFacts> {
        self.inner.lock().unwrap_or_else(std::sync::PoisonError::into_inner).chain.clone()
    }

    /// The node told of these blocks.
    pub fn heads(&self, finalized: u32, best: u32) {
        self.change(|inner| (inner.finalized, inner.best) = (Some(finalized), Some(best)));
    }

    /// Something is wrong; it will be tried again.
    pub fn failed(&self, error: String) {
        self.change(|inner| (inner.connected, inner.error) = (false, Some(error)));
    }

    /// Something is wrong that does not go by itself.
    pub fn stopped(&self, error: String) {
        self.change(|inner| (inner.stopped, inner.error) = (true, Some(error)));
    }

    /// The status of now.
    pub fn status(&self) -> Status {
        let now_ms = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| age.as_millis());
        self.status_at(u64::try_from(now_ms).unwrap_or(u64::MAX), Instant::now())
    }

    fn status_at(&self, now_ms: u64, now: Instant) -> Status {
        let inner = self.inner.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let lag_blocks = inner.finalized.map(|finalized| match inner.indexed {
            Some((block, _)) => finalized.saturating_sub(block),
            None => finalized,
        });
        let lag_ms = inner.indexed.map(|(_, time_ms)| now_ms.saturating_sub(time_ms));
        let state = match (inner.stopped, inner.finalized, lag_blocks) {
            (true, _, _) => FollowState::Stopped,
            (false, None, _) => FollowState::Connecting,
            (false, Some(_), Some(lag)) if lag > MOST_LAG_BLOCKS => FollowState::CatchingUp,
            _ => FollowState::Following,
        };
        let fresh = lag_ms.is_some_and(|lag| u128::from(lag) <= MOST_LAG.as_millis());
        Status {
            version: env!("CARGO_PKG_VERSION").into(),
            genesis_hash: inner.chain.as_ref().map(|chain| chain.genesis_hash),
            state,
            healthy: inner.connected && state == FollowState::Following && fresh,
            error: inner.error.clone(),
            chain: ChainLink {
                connected: inner.connected,
                finalized_block: inner.finalized,
                best_block: inner.best,
                finality_lag_blocks: inner
                    .best
                    .zip(inner.finalized)
                    .map(|(best, finalized)| best.saturating_sub(finalized)),
            },
            indexed_block: inner.indexed.map(|(block, _)| block),
            indexed_time_ms: inner.indexed.map(|(_, time_ms)| time_ms),
            lag_blocks,
            lag_ms,
            blocks_per_second: inner.speed(now),
            sample_secs: self.sample_secs,
        }
    }

    fn change(&self, change: impl FnOnce(&mut Inner)) {
        change(&mut self.inner.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }
}

impl Inner {
    fn speed(&self, now: Instant) -> f64 {
        let Some(((first, from), (_, to))) = self.speed.front().zip(self.speed.back()) else {
            return 0.0;
        };
        let secs = now.duration_since(*first).as_secs_f64();
        if secs > 0.0 {
            f64::from(to.saturating_sub(*from)) / secs
        } else {
            0.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: u64 = 1_800_000_000_000;

    #[test]
    fn it_connects_catches_up_and_follows() {
        let health = Health::new(60);
        let state = |health: &Health| health.status_at(NOW_MS, Instant::now()).state;
        assert_eq!(state(&health), FollowState::Connecting);
        health.connected(ChainFacts::default());
        health.heads(100, 102);
        assert_eq!(state(&health), FollowState::CatchingUp);
        health.indexed(89, NOW_MS);
        assert_eq!(state(&health), FollowState::CatchingUp);
        health.indexed(90, NOW_MS);
        assert_eq!(state(&health), FollowState::Following);
        assert_eq!(health.status_at(NOW_MS, Instant::now()).chain.finality_lag_blocks, Some(2));
    }

    #[test]
    fn it_is_healthy_while_the_newest_block_is_young_and_the_node_answers() {
        let health = Health::new(60);
        health.connected(ChainFacts::default());
        health.heads(10, 10);
        health.indexed(10, NOW_MS);
        let healthy = |after_ms| health.status_at(NOW_MS + after_ms, Instant::now()).healthy;
        assert!(healthy(0) && healthy(60_000) && !healthy(60_001));
        health.failed("gone".into());
        assert!(!healthy(0));
    }

    #[test]
    fn it_stops_for_good_with_its_reason() {
        let health = Health::new(60);
        health.stopped("another chain".into());
        let status = health.status_at(NOW_MS, Instant::now());
        assert_eq!(
            (status.state, status.error.as_deref()),
            (FollowState::Stopped, Some("another chain"))
        );
        assert!(!status.healthy);
    }
}
