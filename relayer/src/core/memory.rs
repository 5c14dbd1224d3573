//! The last key of each configured worker, so that a lost one can be replaced even after the relayer was down meanwhile.
//!
//! It is the one thing that the chain cannot tell: which of its workers a pRuntime with a new key was before.

use super::{backoff::Backoff, Millis, WorkerConfig};
use khala_primitives::WorkerPublicKey;

/// A key that the chain knew for an entry of the configuration. An entry with another address is another machine's: its key
/// is not given up because of that.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Remembered {
    /// The entry's name.
    pub name: String,
    /// The entry's address.
    pub endpoint: String,
    /// The key.
    pub key: WorkerPublicKey,
}

/// See the module's documentation.
#[derive(Debug)]
pub struct Memory {
    keys: Vec<Remembered>,
    /// There is something that is not stored yet.
    is_changed: bool,
    is_storing: bool,
    backoff: Backoff,
    problem: Option<String>,
}

impl Memory {
    /// What was stored by an earlier run.
    pub fn new(keys: Vec<Remembered>) -> Self {
        Self {
            keys,
            is_changed: false,
            is_storing: false,
            backoff: Backoff::new(5_000, 300_000),
            problem: None,
        }
    }

    /// The last key of this worker that the chain knew.
    pub fn of(&self, config: &WorkerConfig) -> Option<WorkerPublicKey> {
        let is_it = |known: &&Remembered| known.name == config.name && known.endpoint == config.endpoint;
        self.keys.iter().find(is_it).map(|known| known.key)
    }

    /// The chain knows this worker by this key. Names, addresses and keys are each one worker's: older words about them go.
    pub fn learn(&mut self, config: &WorkerConfig, key: WorkerPublicKey) {
        if self.of(config) == Some(key) {
            return;
        }
        self.keys
            .retain(|known| known.name != config.name && known.endpoint != config.endpoint && known.key != key);
        self.keys.push(Remembered {
            name: config.name.clone(),
            endpoint: config.endpoint.clone(),
            key,
        });
        self.is_changed = true;
    }

    /// All that shall be stored now; `None` when nothing shall. One at a time, so that the newest is the last.
    pub fn to_store(&mut self, now: Millis) -> Option<Vec<Remembered>> {
        if !self.is_changed || self.is_storing || !self.backoff.is_due(now) {
            return None;
        }
        (self.is_changed, self.is_storing) = (false, true);
        Some(self.keys.clone())
    }

    /// It was stored, or not.
    pub fn stored(&mut self, outcome: Result<(), String>, now: Millis) {
        self.is_storing = false;
        self.problem = outcome.err();
        match &self.problem {
            None => self.backoff.reset(),
            Some(problem) => {
                tracing::warn!(problem, "the workers' keys could not be stored");
                self.is_changed = true;
                self.backoff.failed(now);
            }
        }
    }

    /// Why the keys could not be stored.
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{config, key};
    use super::*;

    #[test]
    fn a_key_is_stored_once_and_a_new_one_again() {
        let mut memory = Memory::new(Vec::new());
        assert_eq!(memory.to_store(0), None);
        memory.learn(&config(1), key(1));
        assert_eq!(memory.to_store(0).unwrap().len(), 1);
        memory.learn(&config(2), key(2));
        assert_eq!(memory.to_store(0), None, "one at a time");
        memory.stored(Ok(()), 0);
        assert_eq!(memory.to_store(0).unwrap().len(), 2);
        memory.stored(Ok(()), 0);
        memory.learn(&config(2), key(2));
        assert_eq!(memory.to_store(0), None);
        memory.learn(&config(2), key(3));
        assert_eq!(memory.to_store(0).unwrap().last().unwrap().key, key(3));
    }

    #[test]
    fn what_could_not_be_stored_is_tried_again_and_the_reason_shown() {
        let mut memory = Memory::new(Vec::new());
        memory.learn(&config(1), key(1));
        memory.to_store(0).unwrap();
        memory.stored(Err("the disk is full".into()), 0);
        assert_eq!((memory.to_store(4_999), memory.problem()), (None, Some("the disk is full")));
        assert!(memory.to_store(5_000).is_some());
        memory.stored(Ok(()), 5_000);
        assert_eq!((memory.to_store(9_000_000), memory.problem()), (None, None));
    }

    #[test]
    fn an_entry_with_another_address_has_no_memory() {
        let mut memory = Memory::new(Vec::new());
        memory.learn(&config(1), key(1));
        let moved = WorkerConfig {
            endpoint: "http://elsewhere".into(),
            ..config(1)
        };
        assert_eq!((memory.of(&config(1)), memory.of(&moved)), (Some(key(1)), None));
    }

    #[test]
    fn a_name_an_address_and_a_key_are_each_one_workers() {
        let mut memory = Memory::new(Vec::new());
        for number in 1..=3 {
            memory.learn(&config(number), key(number));
        }
        let mixed = WorkerConfig {
            endpoint: config(2).endpoint,
            ..config(1)
        };
        memory.learn(&mixed, key(3));
        let expected = Remembered {
            name: config(1).name,
            endpoint: config(2).endpoint,
            key: key(3),
        };
        assert_eq!(memory.to_store(0), Some(vec![expected]));
    }
}
