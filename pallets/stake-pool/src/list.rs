//! A queue as a doubly linked list in a map: an entry joins at the end and leaves from anywhere, at the same cost.

use crate::types::Queue;
use khala_primitives::RequestId;
use sp_runtime::DispatchError;

/// What an entry of a list knows of its neighbours.
pub trait Linked {
    /// The entry before it.
    fn prev(&mut self) -> &mut Option<RequestId>;
    /// The entry after it.
    fn next(&mut self) -> &mut Option<RequestId>;
}

/// Where the entries of one list are stored.
pub trait Entries {
    /// An entry.
    type Entry: Linked;
    /// Changes a stored entry; an error if it is not there.
    fn change(&self, number: RequestId, change: impl FnOnce(&mut Self::Entry)) -> Result<(), DispatchError>;
}

/// Links an entry to the end of a list. The caller stores it.
pub fn append<E: Entries>(entries: &E, queue: &mut Queue, number: RequestId, entry: &mut E::Entry) -> Result<(), DispatchError> {
    queue.first = queue.first.or(Some(number));
    let before = queue.last.replace(number);
    *entry.prev() = before;
    *entry.next() = None;
    before.map_or(Ok(()), |before| entries.change(before, |entry| *entry.next() = Some(number)))
}

/// Takes an entry out of a list, whatever its place. The caller has removed it from the store.
pub fn unlink<E: Entries>(entries: &E, queue: &mut Queue, number: RequestId, entry: &mut E::Entry) -> Result<(), DispatchError> {
    let (before, after) = (*entry.prev(), *entry.next());
    if let Some(before) = before {
        entries.change(before, |entry| *entry.next() = after)?;
    }
    if let Some(after) = after {
        entries.change(after, |entry| *entry.prev() = before)?;
    }
    if queue.first == Some(number) {
        queue.first = after;
    }
    if queue.last == Some(number) {
        queue.last = before;
    }
    Ok(())
}
