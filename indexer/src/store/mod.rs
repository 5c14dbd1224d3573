//! The database: SQLite in WAL mode, written by one connection and read by a few.
//!
//! [`Store::apply`] takes blocks in order and writes many of them in one transaction, together with where the database stands
//! then. So a process may end at any point: the next one goes on behind the last whole transaction.

mod apply;
mod functions;
pub mod grain;
mod open;
mod readers;

pub use functions::worth;
pub use open::{Store, StoreError, SCHEMA};
pub use readers::{ReadError, Readers, DEADLINE};

/// An hour, in milliseconds.
pub const HOUR_MS: u64 = 3_600_000;
/// A day, in milliseconds.
pub const DAY_MS: u64 = 24 * HOUR_MS;
/// The latest moment that is kept, in milliseconds since 1970: a JSON number without rounding.
pub const LATEST_MS: u64 = (1 << 53) - 1;
