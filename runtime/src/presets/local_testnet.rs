//! Four validators with well-known keys, slots of 2 s: enough for several nodes on one machine.

use super::well_known::{self, VALIDATORS};
use crate::{
    config::consensus::EPOCH_CONFIG, BabeConfig, BalancesConfig, NetworkConfig, RegistryConfig, RuntimeGenesisConfig, SessionConfig,
    SudoConfig,
};
use frame_support::build_struct_json_patch;
use khala_pallet_registry::Parameters;
use serde_json::Value;

/// Slot time, in milliseconds.
const SLOT_MS: u64 = 2_000;
/// Slots of an epoch: 10 minutes.
const EPOCH_SLOTS: u64 = 300;

/// The genesis.
pub fn genesis() -> Value {
    build_struct_json_patch!(RuntimeGenesisConfig {
        network: NetworkConfig {
            slot_ms: SLOT_MS,
            epoch_slots: EPOCH_SLOTS
        },
        babe: BabeConfig {
            epoch_config: EPOCH_CONFIG
        },
        session: SessionConfig {
            keys: VALIDATORS.iter().map(|validator| validator.session_entry()).collect()
        },
        balances: BalancesConfig {
            balances: well_known::balances()
        },
        sudo: SudoConfig {
            key: Some(well_known::sudo())
        },
        attestation: well_known::attestation(),
        registry: RegistryConfig {
            parameters: Parameters::LOCAL
        },
        mining: well_known::mining(),
        stake_pool: well_known::stake_pools(),
        vault: well_known::vaults(),
    })
}
