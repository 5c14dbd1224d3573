//! The database.

mod functions;
pub mod grain;
mod readers;

pub use functions::worth;
pub use readers::{ReadError, Readers, DEADLINE};

/// An hour, in milliseconds.
pub const HOUR_MS: u64 = 3_600_000;
