//! Faults that tests put into a fake interface.

use super::MAX_READ;
use std::{
    io,
    sync::{Mutex, PoisonError},
};

/// What goes wrong.
#[derive(Clone, Debug)]
pub(super) enum Fault {
    /// The operation fails.
    Error(io::ErrorKind),
    /// The operation fails with a number of the system.
    Os(i32),
    /// A read ends after so many bytes.
    Cut(usize),
    /// A read gives these bytes.
    Instead(Vec<u8>),
    /// A write is taken and forgotten, as by a file whose failure is seen at its close.
    Forget,
    /// Somebody else writes these bytes right after.
    SomebodyWrites(Vec<u8>),
}

/// Faults that wait for their operation. An operation is named by a verb and the file's last name: `read quote`.
#[derive(Default)]
pub(super) struct Faults(Mutex<Vec<(&'static str, Fault)>>);

impl Faults {
    /// The next such operation goes wrong. Of two faults of one operation, the one added first comes first.
    pub(super) fn add(&self, operation: &'static str, fault: Fault) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((operation, fault));
    }

    pub(super) fn add_times(&self, times: u32, operation: &'static str, fault: &Fault) {
        (0..times).for_each(|_| self.add(operation, fault.clone()));
    }

    /// The fault of this operation, if one waits for it.
    pub(super) fn take(&self, verb: &str, name: &str) -> Option<Fault> {
        let operation = format!("{verb} {}", name.rsplit('/').next().unwrap());
        let mut waiting = self.0.lock().unwrap();
        let at = waiting.iter().position(|(of, _)| *of == operation)?;
        Some(waiting.remove(at).1)
    }

    /// What a read gives when its file holds `bytes`.
    pub(super) fn on_read(&self, name: &str, bytes: impl FnOnce() -> io::Result<Vec<u8>>) -> io::Result<Vec<u8>> {
        match self.take("read", name) {
            None => bytes(),
            Some(Fault::Error(kind)) => Err(kind.into()),
            Some(Fault::Os(number)) => Err(io::Error::from_raw_os_error(number)),
            Some(Fault::Cut(length)) => bytes().map(|bytes| bytes[..length].to_vec()),
            Some(Fault::Instead(other)) => Ok(other[..other.len().min(MAX_READ + 1)].to_vec()),
            Some(other) => panic!("{other:?} is no fault of a read"),
        }
    }
}
