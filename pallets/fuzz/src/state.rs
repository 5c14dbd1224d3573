//! The chain's state in memory: an ordered table that takes back what a failed call has changed, and knows a digest of itself.
//!
//! The SDK's states are made for roots and proofs. This one says after every call, at no cost, whether anything has changed. Child
//! tries and the limits of deletion are not there: the pallets have none.

use codec::{Compact, Decode, Encode};
use sp_core::storage::{ChildInfo, StateVersion, Storage, TrackedStorageKey};
use sp_externalities::{Error, Extension, ExtensionStore, Externalities, MultiRemovalResults};
use std::{
    any::{Any, TypeId},
    cell::{Cell, RefCell},
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
    ops::Bound,
};

thread_local! {
    /// Of the state that was changed last.
    static DIGEST: Cell<u64> = const { Cell::new(0) };
}

thread_local! {
    static WATCH: RefCell<Option<Watch>> = const { RefCell::new(None) };
}

/// Keys and values.
pub(crate) type Entries = Vec<(Vec<u8>, Vec<u8>)>;

/// What stood under a prefix when each element was put into a list: here, when each event was told.
struct Watch {
    prefix: Vec<u8>,
    /// By the number of the element.
    seen: Vec<Entries>,
}

/// Begins to look at what stands under a prefix, until it is asked for.
pub(crate) fn watch(prefix: &[u8]) {
    let prefix = prefix.to_vec();
    WATCH.set(Some(Watch { prefix, seen: Vec::new() }));
}

/// What was seen, for each element of the list.
pub(crate) fn watched() -> Vec<Entries> {
    WATCH.take().map_or_else(Vec::new, |watch| watch.seen)
}

/// A digest of all keys and values: the same for the same state, whatever led to it.
pub(crate) fn digest() -> u64 {
    DIGEST.get()
}

/// A key, and the value that it had; nothing if it had none.
type Former = (Vec<u8>, Option<Vec<u8>>);

/// A chain's state.
pub(crate) struct State {
    top: BTreeMap<Vec<u8>, Vec<u8>>,
    /// Of each open transaction, what stood under the keys that it changed, in the order of the changes.
    open: Vec<Vec<Former>>,
}

impl From<Storage> for State {
    fn from(storage: Storage) -> Self {
        DIGEST.set(0);
        let mut state = Self {
            top: BTreeMap::new(),
            open: Vec::new(),
        };
        for (key, value) in storage.top {
            state.put(key, Some(value));
        }
        state
    }
}

impl State {
    /// Runs something on this state.
    pub(crate) fn execute_with<R>(&mut self, run: impl FnOnce() -> R) -> R {
        sp_externalities::set_and_run_with_externalities(self, run)
    }

    fn under(&self, prefix: &[u8]) -> Entries {
        let from = (Bound::Included(prefix), Bound::Unbounded);
        let entries = self.top.range::<[u8], _>(from).take_while(|(key, _)| key.starts_with(prefix));
        entries.map(|(key, value)| (key.clone(), value.clone())).collect()
    }

    fn put(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) {
        let before = self.replace(key.clone(), value);
        if let Some(changes) = self.open.last_mut() {
            changes.push((key, before));
        }
    }

    fn replace(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) -> Option<Vec<u8>> {
        let part = |value: &Option<Vec<u8>>| {
            value.as_ref().map_or(0, |value| {
                let mut hasher = DefaultHasher::new();
                (&key, value).hash(&mut hasher);
                hasher.finish()
            })
        };
        let before = self.top.get(&key).cloned();
        DIGEST.set(DIGEST.get() ^ part(&before) ^ part(&value));
        match value {
            Some(value) => self.top.insert(key, value),
            None => self.top.remove(&key),
        };
        before
    }
}

impl Externalities for State {
    fn storage(&mut self, key: &[u8]) -> Option<Vec<u8>> {
        self.top.get(key).cloned()
    }

    fn exists_storage(&mut self, key: &[u8]) -> bool {
        self.top.contains_key(key)
    }

    fn storage_hash(&mut self, key: &[u8]) -> Option<Vec<u8>> {
        self.top.get(key).map(|value| sp_io::hashing::blake2_256(value).to_vec())
    }

    fn next_storage_key(&mut self, key: &[u8]) -> Option<Vec<u8>> {
        let after = (Bound::Excluded(key), Bound::Unbounded);
        self.top.range::<[u8], _>(after).next().map(|(key, _)| key.clone())
    }

    fn place_storage(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) {
        self.put(key, value);
    }

    /// Lists are short here: a list is written anew.
    fn storage_append(&mut self, key: Vec<u8>, value: Vec<u8>) {
        let before = self.top.get(&key).cloned().unwrap_or_default();
        let mut elements = before.as_slice();
        let count = Compact::<u32>::decode(&mut elements).map_or(0, |count| count.0);
        WATCH.with_borrow_mut(|watch| {
            if let Some(Watch { prefix, seen }) = watch {
                // Elements that were taken back are told again.
                seen.truncate(count as usize);
                seen.push(self.under(prefix));
            }
        });
        let list = [&Compact(count + 1).encode(), elements, &value].concat();
        self.put(key, Some(list));
    }

    fn clear_prefix(&mut self, prefix: &[u8], _limit: Option<u32>, _cursor: Option<&[u8]>) -> MultiRemovalResults {
        let keys: Vec<_> = self.under(prefix).into_iter().map(|(key, _)| key).collect();
        let count = keys.len() as u32;
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
        for (key, before) in changes.into_iter().rev() {
            self.replace(key, before);
        }
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
    unreachable!("the pallets have no child tries")
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

    fn state() -> State {
        State::from(Storage::default())
    }

    #[test]
    fn what_is_rolled_back_was_never_there_and_leaves_the_digest() {
        let mut state = state();
        state.set_storage(b"a".to_vec(), vec![1]);
        let before = digest();
        state.storage_start_transaction();
        state.set_storage(b"a".to_vec(), vec![2]);
        state.storage_start_transaction();
        state.set_storage(b"a".to_vec(), vec![3]);
        state.storage_append(b"list".to_vec(), vec![4]);
        assert_eq!(state.clear_prefix(b"l", None, None).deconstruct().2, 1);
        state.storage_commit_transaction().unwrap();
        assert_ne!(digest(), before);
        state.storage_rollback_transaction().unwrap();
        assert_eq!(state.storage(b"a"), Some(vec![1]));
        assert_eq!(state.storage(b"list"), None);
        assert_eq!(digest(), before);
        assert!(state.storage_rollback_transaction().is_err());
    }

    #[test]
    fn a_digest_is_that_of_the_state_whatever_led_to_it() {
        let mut one = state();
        one.set_storage(b"a".to_vec(), vec![1]);
        one.set_storage(b"b".to_vec(), vec![2]);
        let digest_of_one = digest();
        let mut other = state();
        other.set_storage(b"b".to_vec(), vec![9]);
        other.set_storage(b"b".to_vec(), vec![2]);
        assert_ne!(digest(), digest_of_one);
        other.set_storage(b"a".to_vec(), vec![1]);
        assert_eq!(digest(), digest_of_one);
    }

    #[test]
    fn a_watch_sees_what_stands_under_its_prefix_with_each_element() {
        let mut state = state();
        watch(b"a");
        for value in 1..3 {
            state.set_storage(b"a1".to_vec(), vec![value]);
            state.storage_start_transaction();
            state.set_storage(b"a2".to_vec(), vec![9]);
            state.storage_append(b"list".to_vec(), vec![5]);
            state.storage_rollback_transaction().unwrap();
            state.storage_append(b"list".to_vec(), vec![5]);
        }
        let entry = |value| vec![(b"a1".to_vec(), vec![value])];
        assert_eq!(watched(), [entry(1), entry(2)]);
        state.storage_append(b"list".to_vec(), vec![6]);
        assert_eq!(watched(), Vec::<Entries>::new());
    }

    #[test]
    fn lists_grow_and_keys_are_walked_in_order() {
        let mut state = state();
        state.storage_append(b"list".to_vec(), vec![5]);
        state.storage_append(b"list".to_vec(), vec![6]);
        assert_eq!(state.storage(b"list"), Some(vec![5u8, 6].encode()));
        state.set_storage(b"a".to_vec(), vec![]);
        assert_eq!(state.next_storage_key(b""), Some(b"a".to_vec()));
        assert_eq!(state.next_storage_key(b"a"), Some(b"list".to_vec()));
        assert_eq!(state.next_storage_key(b"list"), None);
    }
}
