//! Statistics of records: plain functions of what was seen.

pub mod delay;
