//! The production network: slots of 6 s, Intel's root alone.
//!
//! The preset has no validators, no sudo key, no allowed measurement, and no coins but the subsidy: who makes the
//! network's chain specification adds the rest as a patch (`khala-node export-chain-spec --chain khala --patch FILE`):
//!
//! ```json
//! {
//!   "session": { "keys": [["ACCOUNT", "ACCOUNT", { "babe": "KEY", "grandpa": "KEY" }]] },
//!   "balances": { "balances": [["SUBSIDY ACCOUNT", 1000000000000], ["TREASURY ACCOUNT", 10000000000], ["ACCOUNT", 1000000000000]] },
//!   "attestation": { "allowedMeasurements": [["0xMEASUREMENT", { "roles": 1, "activeFromSecs": 0, "deprecatedFromSecs": null }]] }
//! }
//! ```
//!
//! A list in a patch replaces the preset's, so `balances` repeats the subsidy and the treasury; a genesis without
//! them is refused. A node refuses to start on a chain without validators.

use crate::{
    config::{
        consensus::EPOCH_CONFIG,
        currency::{TreasuryAccount, EXISTENTIAL_DEPOSIT},
        workers::SubsidyAccount,
    },
    AttestationConfig, BabeConfig, Balance, BalancesConfig, MiningConfig, NetworkConfig, RegistryConfig, RuntimeGenesisConfig,
    StakePoolConfig, VaultConfig,
};
use alloc::vec;
use frame_support::build_struct_json_patch;
use khala_attestation::roots;
use khala_pallet_mining::{EconomicParameters, MiningParameters};
use khala_pallet_registry::Parameters;
use khala_pallet_stake_pool::PoolParameters;
use khala_pallet_vault::VaultParameters;
use khala_primitives::PHA;
use serde_json::Value;

/// Slot time, in milliseconds.
const SLOT_MS: u64 = 6_000;
/// Slots of an epoch: 4 hours.
const EPOCH_SLOTS: u64 = 2_400;
/// What the subsidy account has, in planck: all that the budget ever pays. 720,000 PHA a day for 180 days, times
/// 1 / (1 - 0.75) for the halvings, is 518.4 million.
const SUBSIDY: Balance = 518_400_000_u128.saturating_mul(PHA);

/// The genesis, without validators.
pub fn genesis() -> Value {
    build_struct_json_patch!(RuntimeGenesisConfig {
        network: NetworkConfig {
            slot_ms: SLOT_MS,
            epoch_slots: EPOCH_SLOTS
        },
        babe: BabeConfig {
            epoch_config: EPOCH_CONFIG
        },
        balances: BalancesConfig {
            balances: vec![(TreasuryAccount::get(), EXISTENTIAL_DEPOSIT), (SubsidyAccount::get(), SUBSIDY)]
        },
        attestation: AttestationConfig {
            trusted_roots: vec![roots::INTEL.to_vec()]
        },
        registry: RegistryConfig {
            parameters: Parameters::KHALA
        },
        mining: MiningConfig {
            mining: MiningParameters::khala(),
            economics: EconomicParameters::khala()
        },
        stake_pool: StakePoolConfig {
            parameters: PoolParameters::khala()
        },
        vault: VaultConfig {
            parameters: VaultParameters::khala()
        },
    })
}
