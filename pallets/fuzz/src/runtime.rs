//! A small runtime: mining, the stake pools and vaults as they are, on a registry that is a table in the thread.

use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstU64, Randomness},
    weights::Weight,
    PalletId,
};
use khala_pallet_mining::{EconomicParameters, MiningParameters};
use khala_pallet_registry::{OnWorkerChange, WorkerDirectory, WorkerFacts};
use khala_pallet_stake_pool::PoolParameters;
use khala_pallet_vault::VaultParameters;
use khala_primitives::{AccountId32, Balance, BlockNumber, VaultId, WorkerPublicKey, H256, PHA};
use sp_runtime::{traits::AccountIdConversion, BuildStorage, Storage};
use std::{cell::RefCell, collections::BTreeMap};

type Block = frame_system::mocking::MockBlockU32<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Timestamp: pallet_timestamp,
        Balances: pallet_balances,
        Mining: khala_pallet_mining,
        StakePool: khala_pallet_stake_pool,
        Vault: khala_pallet_vault,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountId = AccountId32;
    type Lookup = sp_runtime::traits::IdentityLookup<AccountId32>;
    type AccountData = pallet_balances::AccountData<Balance>;
    type BlockWeights = Weights;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Test {
    type MinimumPeriod = ConstU64<1>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type Balance = Balance;
    type ExistentialDeposit = ExistentialDeposit;
    type AccountStore = System;
    type RuntimeHoldReason = RuntimeHoldReason;
}

parameter_types! {
    /// A chain whose accounts need more to live has payments that cannot be made.
    pub static ExistentialDeposit: Balance = PHA / 100;
    pub const Subsidy: AccountId32 = AccountId32::new([1; 32]);
    pub const Treasury: AccountId32 = AccountId32::new([2; 32]);
    pub const PotId: PalletId = PalletId(*b"kha/pot_");
    pub const VaultsId: PalletId = PalletId(*b"kh/vault");
    pub const Deposit: Balance = 10 * PHA;
    // As the network's runtime has them.
    pub Weights: frame_system::limits::BlockWeights = frame_system::limits::BlockWeights::with_sensible_defaults(
        Weight::from_parts(2_000_000_000_000, u64::MAX),
        sp_runtime::Perbill::from_percent(75),
    );
}

/// A different hash for every block.
pub struct BlockRandomness;
impl Randomness<Option<H256>, BlockNumber> for BlockRandomness {
    fn random(subject: &[u8]) -> (Option<H256>, BlockNumber) {
        let block = System::block_number();
        let hash = sp_io::hashing::blake2_256(&[subject, &block.to_le_bytes()].concat());
        (Some(hash.into()), block)
    }
}

/// What the registry knows.
#[derive(Clone, Default)]
pub(crate) struct Registry {
    pub(crate) workers: BTreeMap<WorkerPublicKey, WorkerFacts<AccountId32>>,
    /// Workers whose lease ends when they are judged again.
    pub(crate) denied: Vec<WorkerPublicKey>,
    pub(crate) policy_version: u32,
}

thread_local! {
    static REGISTRY: RefCell<Registry> = RefCell::new(Registry::default());
}

/// Reads the registry.
pub(crate) fn registry<R>(read: impl FnOnce(&Registry) -> R) -> R {
    REGISTRY.with_borrow(read)
}

/// Changes the registry.
pub(crate) fn change_registry<R>(change: impl FnOnce(&mut Registry) -> R) -> R {
    REGISTRY.with_borrow_mut(change)
}

pub struct Directory;
impl WorkerDirectory<AccountId32> for Directory {
    fn facts(worker: &WorkerPublicKey) -> Option<WorkerFacts<AccountId32>> {
        registry(|registry| registry.workers.get(worker).cloned())
    }
    fn policy_version() -> u32 {
        registry(|registry| registry.policy_version)
    }
    fn judge_weight() -> Weight {
        Weight::zero()
    }
    fn judge_again(worker: &WorkerPublicKey) -> Option<WorkerFacts<AccountId32>> {
        let facts = change_registry(|registry| {
            let facts = registry.workers.get_mut(worker)?;
            if registry.denied.contains(worker) {
                facts.lease_end_secs = 0;
            }
            facts.policy_version = registry.policy_version;
            Some(facts.clone())
        })?;
        <Mining as OnWorkerChange<AccountId32>>::on_judged(worker, &facts);
        Some(facts)
    }
}

impl khala_pallet_mining::Config for Test {
    type Currency = Balances;
    type Randomness = BlockRandomness;
    type Time = Timestamp;
    type SlotMs = ConstU64<6_000>;
    type AdminOrigin = frame_system::EnsureRoot<AccountId32>;
    type Workers = Directory;
    type Pools = StakePool;
    type SubsidyAccount = Subsidy;
    type TreasuryAccount = Treasury;
    type WeightInfo = ();
}

impl khala_pallet_stake_pool::Config for Test {
    type PoolCurrency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type PotId = PotId;
    type PoolDeposit = Deposit;
    type Holders = Vault;
    type WeightInfo = ();
}

impl khala_pallet_vault::Config for Test {
    type VaultsId = VaultsId;
    type VaultDeposit = Deposit;
    type WeightInfo = ();
}

/// What every account has at genesis.
pub const ENDOWMENT: Balance = 1_000_000 * PHA;

/// An account that owns pools, operates workers and delegates.
pub(crate) fn account(number: usize) -> AccountId32 {
    AccountId32::new([10 + number as u8; 32])
}

/// The account of a vault, which holds shares of pools and has no key.
pub(crate) fn vault_account(id: VaultId) -> AccountId32 {
    VaultsId::get().into_sub_account_truncating(id)
}

/// The chain's genesis.
pub(crate) fn genesis(
    accounts: usize,
    subsidy: Balance,
    mining: MiningParameters,
    economics: EconomicParameters,
    times: PoolParameters,
    vaults: VaultParameters,
) -> Storage {
    let mut balances: Vec<_> = (0..accounts).map(|number| (account(number), ENDOWMENT)).collect();
    balances.extend([(Subsidy::get(), subsidy), (Treasury::get(), ExistentialDeposit::get())]);
    let genesis = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances,
            ..Default::default()
        },
        mining: khala_pallet_mining::GenesisConfig {
            mining,
            economics,
            _config: Default::default(),
        },
        stake_pool: khala_pallet_stake_pool::GenesisConfig {
            parameters: times,
            _config: Default::default(),
        },
        vault: khala_pallet_vault::GenesisConfig {
            parameters: vaults,
            _config: Default::default(),
        },
        ..Default::default()
    };
    genesis.build_storage().expect("a genesis that is valid")
}
