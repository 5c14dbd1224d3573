//! The pallets' configurations, a file per group.

pub mod accounts;
pub mod consensus;
pub mod currency;
pub mod system;
pub mod workers;
