//! Which samples are kept for how long.

/// Every sample.
pub const SAMPLE: u8 = 0;
/// The first sample of an hour.
pub const HOUR: u8 = 1;
/// The first sample of a day.
pub const DAY: u8 = 2;
