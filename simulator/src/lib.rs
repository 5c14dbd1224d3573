#![doc = include_str!("../README.md")]

pub mod cast;
pub mod draws;
pub mod jobs;
pub mod measures;
pub mod report;
pub mod scenario;
pub mod trace;
pub mod world;

/// Time between blocks, in seconds.
pub const SLOT_SECS: u64 = 6;
