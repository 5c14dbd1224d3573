//! Migrations of the pallet's storage, one file for each version that it leads to.

pub mod v1;
