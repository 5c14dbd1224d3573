//! The network of workers: Attestation, Registry, Mining, StakePool, Vault.

use super::currency::TreasuryAccount;
use crate::{network, AccountId, Balance, Balances, Mining, Registry, Runtime, RuntimeHoldReason, StakePool, Timestamp, Vault};
use frame_support::{parameter_types, traits::ConstU128, PalletId};
use frame_system::EnsureRoot;
use khala_primitives::PHA;
use sp_runtime::traits::AccountIdConversion;

/// Held from the owner of a pool or a vault while it exists, in planck (`design/mining.md`, Constants).
pub const POOL_DEPOSIT: Balance = 10_u128.saturating_mul(PHA);

/// Pays all rewards.
const SUBSIDY: PalletId = PalletId(*b"kh/subsd");

parameter_types! {
    /// The account that pays all rewards.
    pub SubsidyAccount: AccountId = SUBSIDY.into_account_truncating();
    /// Names the account that holds the coins of all pools.
    pub const PotId: PalletId = PalletId(*b"kh/pools");
    /// Names the accounts of vaults.
    pub const VaultsId: PalletId = PalletId(*b"kh/vault");
}

impl khala_pallet_attestation::Config for Runtime {
    type AdminOrigin = EnsureRoot<AccountId>;
    type Time = Timestamp;
    type WeightInfo = khala_pallet_attestation::weights::SubstrateWeight<Runtime>;
}

impl khala_pallet_registry::Config for Runtime {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Seed = khala_pallet_mining::SeedOfThisBlock<Runtime>;
    type SlotMs = network::Slot<Runtime>;
    type OnChange = Mining;
    type WeightInfo = khala_pallet_registry::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::Scene;
}

impl khala_pallet_mining::Config for Runtime {
    type Currency = Balances;
    // The parent's VRF output. It is weaker than an epoch's randomness: an author may give up a slot to choose
    // between two outcomes. A seed decides who is asked to answer, no more.
    type Randomness = pallet_babe::ParentBlockRandomness<Runtime>;
    type Time = Timestamp;
    type SlotMs = network::Slot<Runtime>;
    type AdminOrigin = EnsureRoot<AccountId>;
    type Workers = Registry;
    type Pools = StakePool;
    type SubsidyAccount = SubsidyAccount;
    type TreasuryAccount = TreasuryAccount;
    type WeightInfo = khala_pallet_mining::weights::SubstrateWeight<Runtime>;
}

impl khala_pallet_stake_pool::Config for Runtime {
    type PoolCurrency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type PotId = PotId;
    type PoolDeposit = ConstU128<POOL_DEPOSIT>;
    type Holders = Vault;
    type WeightInfo = khala_pallet_stake_pool::weights::SubstrateWeight<Runtime>;
}

impl khala_pallet_vault::Config for Runtime {
    type VaultsId = VaultsId;
    type VaultDeposit = ConstU128<POOL_DEPOSIT>;
    type WeightInfo = khala_pallet_vault::weights::SubstrateWeight<Runtime>;
}
