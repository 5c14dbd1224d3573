//! The genesis of each network, served by the runtime itself (`GenesisBuilder`).
//!
//! | preset | validators | slots | trusts |
//! |---|---|---|---|
//! | [`development`] | Alice | 1 s | the development attestation root |
//! | [`local_testnet`] | Alice, Bob, Charlie, Dave | 2 s | the development attestation root |
//! | [`khala`] | none: given with the chain specification | 6 s | Intel's root |
//!
//! A preset is a patch of the default genesis; numbers are those of the table in `design/mining.md`.

mod check;
pub mod development;
pub mod khala;
pub mod local_testnet;
mod well_known;

pub use check::check_genesis;

use alloc::vec::Vec;
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};

/// Name of the production network's preset.
pub const KHALA_RUNTIME_PRESET: &str = "khala";

/// Names of all presets.
pub fn names() -> Vec<PresetId> {
    [DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET, KHALA_RUNTIME_PRESET]
        .map(PresetId::from)
        .to_vec()
}

/// A preset as JSON; `None` when there is none of that name.
pub fn get(name: &PresetId) -> Option<Vec<u8>> {
    let patch = match name.as_str() {
        DEV_RUNTIME_PRESET => development::genesis(),
        LOCAL_TESTNET_RUNTIME_PRESET => local_testnet::genesis(),
        KHALA_RUNTIME_PRESET => khala::genesis(),
        _ => return None,
    };
    serde_json::to_vec(&patch).ok()
}
