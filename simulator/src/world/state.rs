//! The chain's state in memory: a hash table that can take back the changes of a transaction.
//!
//! The SDK's states are made for roots and proofs, which nobody asks for here; with a million workers they take most of a run's time.
//! Child tries and the limits of deletion are not there: mining has none.

use codec::{Compact, Decode, Encode};
use sp_core::storage::{ChildInfo, StateVersion, Storage, TrackedStorageKey};
use sp_externalities::{Error, Extension, ExtensionStore, Externalities, MultiRemovalResults};
use std::{
    any::{Any, TypeId},
    collections::HashMap,
};

/// What stands under a key.
#[derive(Clone, Debug)]
enum Value {
    Plain(Vec<u8>),
    /// Encoded elements and their number: what is appended to is not encoded again each time.
    List {
        count: u32,
        elements: Vec<u8>,
    },
}

impl Value {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Plain(bytes) => bytes.clone(),
            Self::List { count, elements } => {
                let mut bytes = Compact(*count).encode();
                bytes.extend_from_slice(elements);
                bytes
            }
        }
    }
}

/// How a change is taken back.
#[derive(Clone, Debug)]
enum Undo {
    Put(Vec<u8>, Option<Value>),
    Shorten { key: Vec<u8>, count: u32, length: usize },
}

/// A chain's state.
#[derive(Clone, Default, Debug)]
pub struct State {
    top: HashMap<Vec<u8>, Value>,
    /// Of each open transaction, its changes in their order.
    open: Vec<Vec<Undo>>,
}

impl From<Storage> for State {
    fn from(storage: Storage) -> Self {
        let top = storage.top.into_iter().map(|(key, value)| (key, Value::Plain(value)));
        Self {
            top: top.collect(),
            open: Vec::new(),
        }
    }
}

impl State {
    /// Runs something on this state.
    pub fn execute_with<R>(&mut self, run: impl FnOnce() -> R) -> R {
        sp_externalities::set_and_run_with_externalities(self, run)
    }

    fn put(&mut self, key: Vec<u8>, value: Option<Value>) {
        let before = match value {
            Some(value) => self.top.insert(key.clone(), value),
            None => self.top.remove(&key),
        };
        if let Some(changes) = self.open.last_mut() {
            changes.push(Undo::Put(key, before));
        }
    }

    fn append(&mut self, key: Vec<u8>, element: Vec<u8>) {
        let Some(Value::List { count, elements }) = self.top.get_mut(&key) else {
            let before = self.top.get(&key).map(Value::bytes).unwrap_or_default();
            let mut rest = before.as_slice();
            let count = Compact::<u32>::decode(&mut rest).map_or(0, |count| count.0);
            let elements = [rest, &element].concat();
            return self.put(
                key,
                Some(Value::List {
                    count: count + 1,
                    elements,
                }),
            );
        };
        if let Some(changes) = self.open.last_mut() {
            changes.push(Undo::Shorten {
                key,
                count: *count,
                length: elements.len(),
            });
        }
        *count += 1;
        elements.extend_from_slice(&element);
    }

    fn take_back(&mut self, undo: Undo) {
        match undo {
            Undo::Put(key, Some(value)) => drop(self.top.insert(key, value)),
            Undo::Put(key, None) => drop(self.top.remove(&key)),
            Undo::Shorten {
                key,
                count: before,
                length,
            } => {
                if let Some(Value::List { count, elements }) = self.top.get_mut(&key) {
                    elements.truncate(length);
                    *count = before;
                }
            }
        }
    }
}

impl Externalities for State {
    fn storage(&mut self, key: &[u8]) -> Option<Vec<u8>> {
        self.top.get(key).map(Value::bytes)
    }

    fn exists_storage(&mut self, key: &[u8]) -> bool {
        self.top.contains_key(key)
    }

    fn storage_hash(&mut self, key: &[u8]) -> Option<Vec<u8>> {
        self.storage(key).map(|value| sp_crypto_hashing::blake2_256(&value).to_vec())
    }

    /// Looks at all keys: for tests.
    fn next_storage_key(&mut self, key: &[u8]) -> Option<Vec<u8>> {
        self.top.keys().filter(|other| other.as_slice() > key).min().cloned()
    }

    fn place_storage(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) {
        self.put(key, value.map(Value::Plain));
    }

    fn storage_append(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.append(key, value);
    }

    fn clear_prefix(&mut self, prefix: &[u8], _limit: Option<u32>, _cursor: Option<&[u8]>) -> MultiRemovalResults {
        let keys: Vec<_> = self.top.keys().filter(|key| key.starts_with(prefix)).cloned().collect();
        let count = u32::try_from(keys.len()).unwrap_or(u32::MAX);
        keys.into_iter().for_each(|key| self.put(key, None));
        MultiRemovalResults {
            maybe_cursor: None,
            backend: count,
            unique: count,
            loops: count,
        }
    }

    fn storage_start_transaction(&mut self) {
        self.open.push(Vec::new());
    }

    fn storage_rollback_transaction(&mut self) -> Result<(), ()> {
        let changes = self.open.pop().ok_or(())?;
        changes.into_iter().rev().for_each(|undo| self.take_back(undo));
        Ok(())
    }

    fn storage_commit_transaction(&mut self) -> Result<(), ()> {
        let changes = self.open.pop().ok_or(())?;
        if let Some(outer) = self.open.last_mut() {
            outer.extend(changes);
        }
        Ok(())
    }

    fn set_offchain_storage(&mut self, _key: &[u8], _value: Option<&[u8]>) {}

    fn wipe(&mut self) {}

    fn commit(&mut self) {}

    fn reset_read_write_count(&mut self) {}

    fn read_write_count(&self) -> (u32, u32, u32, u32) {
        (0, 0, 0, 0)
    }

    fn get_whitelist(&self) -> Vec<TrackedStorageKey> {
        Vec::new()
    }

    fn set_whitelist(&mut self, _: Vec<TrackedStorageKey>) {}

    fn get_read_and_written_keys(&self) -> Vec<(Vec<u8>, u32, u32, bool)> {
        Vec::new()
    }

    fn storage_root(&mut self, _: StateVersion) -> Vec<u8> {
        unreachable!("nobody asks for a root here")
    }

    fn child_storage_root(&mut self, _: &ChildInfo, _: StateVersion) -> Vec<u8> {
        no_children()
    }

    fn child_storage_hash(&mut self, _: &ChildInfo, _: &[u8]) -> Option<Vec<u8>> {
        no_children()
    }

    fn child_storage(&mut self, _: &ChildInfo, _: &[u8]) -> Option<Vec<u8>> {
        no_children()
    }

    fn next_child_storage_key(&mut self, _: &ChildInfo, _: &[u8]) -> Option<Vec<u8>> {
        no_children()
    }

    fn kill_child_storage(&mut self, _: &ChildInfo, _: Option<u32>, _: Option<&[u8]>) -> MultiRemovalResults {
        no_children()
    }

    fn clear_child_prefix(&mut self, _: &ChildInfo, _: &[u8], _: Option<u32>, _: Option<&[u8]>) -> MultiRemovalResults {
        no_children()
    }

    fn place_child_storage(&mut self, _: &ChildInfo, _: Vec<u8>, _: Option<Vec<u8>>) {
        no_children()
    }
}

fn no_children<R>() -> R {
    unreachable!("mining has no child tries")
}

impl ExtensionStore for State {
    fn extension_by_type_id(&mut self, _: TypeId) -> Option<&mut dyn Any> {
        None
    }

    fn register_extension_with_type_id(&mut self, _: TypeId, _: Box<dyn Extension>) -> Result<(), Error> {
        Err(Error::ExtensionsAreNotSupported)
    }

    fn deregister_extension_by_type_id(&mut self, _: TypeId) -> Result<(), Error> {
        Err(Error::ExtensionsAreNotSupported)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(state: &mut State) -> Option<Vec<u8>> {
        let bytes = state.storage(b"list")?;
        Some(Vec::<u8>::decode(&mut bytes.as_slice()).unwrap())
    }

    #[test]
    fn what_is_rolled_back_was_never_there() {
        let mut state = State::default();
        state.set_storage(b"a".to_vec(), vec![1]);
        state.storage_start_transaction();
        state.set_storage(b"a".to_vec(), vec![2]);
        state.set_storage(b"a".to_vec(), vec![3]);
        state.set_storage(b"b".to_vec(), vec![4]);
        state.storage_append(b"list".to_vec(), vec![5]);
        state.storage_rollback_transaction().unwrap();
        assert_eq!(state.storage(b"a"), Some(vec![1]));
        assert_eq!(state.storage(b"b"), None);
        assert_eq!(list(&mut state), None);
    }

    #[test]
    fn an_outer_transaction_takes_back_what_an_inner_one_has_committed() {
        let mut state = State::default();
        state.storage_append(b"list".to_vec(), vec![1]);
        state.storage_start_transaction();
        state.storage_append(b"list".to_vec(), vec![2]);
        state.storage_start_transaction();
        state.storage_append(b"list".to_vec(), vec![3]);
        state.clear_storage(b"list");
        state.storage_append(b"list".to_vec(), vec![4]);
        state.storage_commit_transaction().unwrap();
        assert_eq!(list(&mut state), Some(vec![4]));
        state.storage_rollback_transaction().unwrap();
        assert_eq!(list(&mut state), Some(vec![1]));
        assert!(state.storage_rollback_transaction().is_err());
        assert!(state.storage_commit_transaction().is_err());
    }

    #[test]
    fn a_list_that_was_stored_whole_can_be_appended_to() {
        let mut state = State::default();
        state.set_storage(b"list".to_vec(), vec![1u8, 2].encode());
        state.storage_append(b"list".to_vec(), vec![3]);
        state.storage_append(b"list".to_vec(), vec![4]);
        assert_eq!(list(&mut state), Some(vec![1, 2, 3, 4]));
    }

    #[test]
    fn keys_are_walked_in_order_and_cleared_by_prefix() {
        let mut state = State::default();
        for key in [&b"ab"[..], b"b", b"aa"] {
            state.set_storage(key.to_vec(), vec![]);
        }
        assert_eq!(state.next_storage_key(b"a"), Some(b"aa".to_vec()));
        assert_eq!(state.next_storage_key(b"aa"), Some(b"ab".to_vec()));
        assert_eq!(state.clear_prefix(b"a", None, None).deconstruct().2, 2);
        assert_eq!(state.next_storage_key(b""), Some(b"b".to_vec()));
    }
}
