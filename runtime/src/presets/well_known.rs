//! What networks without value have in common: keys that everybody knows, the development TEE, short waits.

use crate::{
    config::{
        currency::{TreasuryAccount, EXISTENTIAL_DEPOSIT},
        workers::SubsidyAccount,
    },
    AccountId, AttestationConfig, Balance, MiningConfig, SessionKeys, StakePoolConfig, VaultConfig,
};
use alloc::{vec, vec::Vec};
use khala_attestation::development;
use khala_pallet_attestation::{AllowedMeasurement, Roles};
use khala_pallet_mining::{EconomicParameters, MiningParameters};
use khala_pallet_stake_pool::PoolParameters;
use khala_pallet_vault::VaultParameters;
use khala_primitives::PHA;
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

/// What each well-known account has, in planck.
const ENDOWMENT: Balance = 10_000_000_u128.saturating_mul(PHA);

/// What the subsidy account has, in planck.
const SUBSIDY: Balance = 100_000_000_u128.saturating_mul(PHA);

/// Longest time that an idle worker may go unseen and still be paid for it, in seconds.
const MAX_UNSEEN_SECS: u64 = 600;

/// The accounts that have coins.
const ACCOUNTS: [Sr25519Keyring; 12] = [
    Sr25519Keyring::Alice,
    Sr25519Keyring::Bob,
    Sr25519Keyring::Charlie,
    Sr25519Keyring::Dave,
    Sr25519Keyring::Eve,
    Sr25519Keyring::Ferdie,
    Sr25519Keyring::AliceStash,
    Sr25519Keyring::BobStash,
    Sr25519Keyring::CharlieStash,
    Sr25519Keyring::DaveStash,
    Sr25519Keyring::EveStash,
    Sr25519Keyring::FerdieStash,
];

/// A validator whose account and keys come from a well-known name.
pub(super) struct Validator {
    account: Sr25519Keyring,
    grandpa: Ed25519Keyring,
}

/// The validators that local networks can have.
pub(super) const VALIDATORS: [Validator; 4] = [
    Validator {
        account: Sr25519Keyring::Alice,
        grandpa: Ed25519Keyring::Alice,
    },
    Validator {
        account: Sr25519Keyring::Bob,
        grandpa: Ed25519Keyring::Bob,
    },
    Validator {
        account: Sr25519Keyring::Charlie,
        grandpa: Ed25519Keyring::Charlie,
    },
    Validator {
        account: Sr25519Keyring::Dave,
        grandpa: Ed25519Keyring::Dave,
    },
];

impl Validator {
    /// An entry of `pallet_session`'s genesis.
    pub(super) fn session_entry(&self) -> (AccountId, AccountId, SessionKeys) {
        let account = self.account.to_account_id();
        let keys = SessionKeys {
            babe: self.account.public().into(),
            grandpa: self.grandpa.public().into(),
        };
        (account.clone(), account, keys)
    }
}

/// Who governs networks without value.
pub(super) fn sudo() -> AccountId {
    Sr25519Keyring::Alice.to_account_id()
}

/// The balances of a network without value.
pub(super) fn balances() -> Vec<(AccountId, Balance)> {
    let mut balances: Vec<_> = ACCOUNTS.iter().map(|name| (name.to_account_id(), ENDOWMENT)).collect();
    balances.push((TreasuryAccount::get(), EXISTENTIAL_DEPOSIT));
    balances.push((SubsidyAccount::get(), SUBSIDY));
    balances
}

/// Trusts the development TEE, whose keys everybody can have, and its pRuntime.
pub(super) fn attestation() -> AttestationConfig {
    let always = AllowedMeasurement {
        roles: Roles::WORKER,
        active_from_secs: 0,
        deprecated_from_secs: None,
    };
    AttestationConfig {
        trusted_roots: vec![development::ROOT_DER.to_vec()],
        allowed_measurements: vec![(development::measurement(), always), (development::td_measurement(), always)],
        policy: development::policy(),
        parameters: khala_pallet_attestation::Parameters::LOCAL,
        ..Default::default()
    }
}

/// Short waits.
pub(super) fn stake_pools() -> StakePoolConfig {
    StakePoolConfig {
        parameters: PoolParameters::local(),
        ..Default::default()
    }
}

/// A short margin.
pub(super) fn vaults() -> VaultConfig {
    VaultConfig {
        parameters: VaultParameters::local(),
        ..Default::default()
    }
}

/// Frequent challenges; a few workers earn the whole budget, however little they have at stake.
pub(super) fn mining() -> MiningConfig {
    let economics = EconomicParameters {
        share_floor: Default::default(),
        max_unseen_secs: MAX_UNSEEN_SECS,
        ..EconomicParameters::khala()
    };
    MiningConfig {
        mining: MiningParameters::local(),
        economics,
        ..Default::default()
    }
}
