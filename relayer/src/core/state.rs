//! The states of a worker's life.

use super::Millis;
use serde::Serialize;
use std::collections::VecDeque;

/// Where a worker is in its life.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub enum State {
    /// Its pRuntime does not answer.
    Unreachable,
    /// Who it is, or its evidence, is being found out.
    Preparing,
    /// Its registration is on its way.
    Registering,
    /// It works for its score.
    Benchmarking,
    /// Registered and measured, not mining.
    Ready,
    /// In session: it is asked and answers.
    Mining,
    /// Its session is unresponsive; it is being brought back.
    Recovering,
    /// Its operator took it off the chain.
    Retired,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 8] = [
        Self::Unreachable,
        Self::Preparing,
        Self::Registering,
        Self::Benchmarking,
        Self::Ready,
        Self::Mining,
        Self::Recovering,
        Self::Retired,
    ];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreachable => "Unreachable",
            Self::Preparing => "Preparing",
            Self::Registering => "Registering",
            Self::Benchmarking => "Benchmarking",
            Self::Ready => "Ready",
            Self::Mining => "Mining",
            Self::Recovering => "Recovering",
            Self::Retired => "Retired",
        }
    }
}

/// How many changes of state are kept for `relayer_explain`.
const HISTORY: usize = 16;

/// A state with its reason.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Phase {
    /// The state.
    pub state: State,
    /// Why, and what it waits for.
    pub reason: String,
    /// Since when, in seconds since 1970.
    #[serde(rename = "since")]
    pub since_secs: u64,
}

/// A worker's state and how it came to it.
#[derive(Clone, Debug)]
pub struct Life {
    now: Phase,
    past: VecDeque<Phase>,
}

impl Life {
    /// A worker that nothing is known of yet.
    pub fn new(now: Millis) -> Self {
        Self {
            now: Phase {
                state: State::Preparing,
                reason: "its pRuntime was not asked yet".into(),
                since_secs: now / 1000,
            },
            past: VecDeque::new(),
        }
    }

    /// The state.
    pub fn phase(&self) -> &Phase {
        &self.now
    }

    /// Former states, the last one first.
    pub fn history(&self) -> impl Iterator<Item = &Phase> {
        self.past.iter()
    }

    /// The state is this now. `since` changes with the state, not with the reason alone. Returns whether the state changed.
    pub fn enter(&mut self, state: State, reason: String, now: Millis) -> bool {
        if self.now.state == state {
            self.now.reason = reason;
            return false;
        }
        let next = Phase {
            state,
            reason,
            since_secs: now / 1000,
        };
        self.past.push_front(std::mem::replace(&mut self.now, next));
        self.past.truncate(HISTORY);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn since_is_kept_while_only_the_reason_changes() {
        let mut life = Life::new(1_000);
        assert!(life.enter(State::Mining, "a".into(), 5_000));
        assert!(!life.enter(State::Mining, "b".into(), 9_000));
        assert_eq!((life.phase().since_secs, life.phase().reason.as_str()), (5, "b"));
    }

    #[test]
    fn the_history_is_bounded_and_newest_first() {
        let mut life = Life::new(0);
        for second in 1..100 {
            life.enter(
                if second % 2 == 0 { State::Mining } else { State::Recovering },
                second.to_string(),
                second * 1000,
            );
        }
        let history: Vec<_> = life.history().map(|phase| phase.since_secs).collect();
        assert_eq!((history.len(), history[0]), (HISTORY, 98));
    }
}
