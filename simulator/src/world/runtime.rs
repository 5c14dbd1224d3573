//! A small runtime around the real mining pallet: a registry and pools that are tables. FRAME's macros make items that nobody documents.
#![allow(missing_docs)]

use crate::draws;
use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstU64, Randomness},
    weights::{
        constants::{ParityDbWeight, WEIGHT_REF_TIME_PER_SECOND},
        Weight,
    },
};
use frame_system::limits::BlockWeights;
use khala_pallet_mining::{weights::SubstrateWeight, PoolLedger};
use khala_pallet_registry::{WorkerDirectory, WorkerFacts};
use khala_primitives::{AccountId32, Balance, BlockNumber, PoolId, WorkerPublicKey, H256, PHA};
use sp_runtime::Perbill;
use std::{cell::RefCell, collections::HashMap};

type Block = frame_system::mocking::MockBlockU32<Runtime>;

frame_support::construct_runtime!(
    pub enum Runtime {
        System: frame_system,
        Timestamp: pallet_timestamp,
        Balances: pallet_balances,
        Mining: khala_pallet_mining,
    }
);

parameter_types! {
    /// As the production runtime's: two seconds of computing, three quarters of it for transactions of class Normal.
    pub Limits: BlockWeights = BlockWeights::with_sensible_defaults(
        Weight::from_parts(2 * WEIGHT_REF_TIME_PER_SECOND, u64::MAX),
        Perbill::from_percent(75),
    );
    pub const ExistentialDeposit: Balance = PHA / 100;
    pub const Subsidy: AccountId32 = AccountId32::new([1; 32]);
    pub const Treasury: AccountId32 = AccountId32::new([2; 32]);
    pub const Pot: AccountId32 = AccountId32::new([3; 32]);
    /// What the run's randomness is drawn from.
    pub storage Lot: u64 = 0;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Runtime {
    type Block = Block;
    type AccountId = AccountId32;
    type Lookup = sp_runtime::traits::IdentityLookup<AccountId32>;
    type AccountData = pallet_balances::AccountData<Balance>;
    type BlockWeights = Limits;
    type DbWeight = ParityDbWeight;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Runtime {
    type MinimumPeriod = ConstU64<1>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Runtime {
    type Balance = Balance;
    type ExistentialDeposit = ExistentialDeposit;
    type AccountStore = System;
}

/// Another hash for every block.
pub struct BlockRandomness;
impl Randomness<Option<H256>, BlockNumber> for BlockRandomness {
    fn random(_subject: &[u8]) -> (Option<H256>, BlockNumber) {
        let block = System::block_number();
        (Some(draws::randomness(Lot::get(), block)), block)
    }
}

thread_local! {
    static REGISTERED: RefCell<HashMap<WorkerPublicKey, WorkerFacts<AccountId32>>> = RefCell::new(HashMap::new());
}

/// The registered workers. Only a start looks into it.
pub struct Directory;

impl Directory {
    /// Registers a worker.
    pub fn insert(worker: WorkerPublicKey, facts: WorkerFacts<AccountId32>) {
        REGISTERED.with_borrow_mut(|table| table.insert(worker, facts));
    }

    /// Forgets everybody.
    pub fn clear() {
        REGISTERED.with_borrow_mut(HashMap::clear);
    }
}

impl WorkerDirectory<AccountId32> for Directory {
    fn facts(worker: &WorkerPublicKey) -> Option<WorkerFacts<AccountId32>> {
        REGISTERED.with_borrow(|table| table.get(worker).cloned())
    }
    fn policy_version() -> u32 {
        1
    }
    fn judge_weight() -> Weight {
        Weight::zero()
    }
    fn judge_again(worker: &WorkerPublicKey) -> Option<WorkerFacts<AccountId32>> {
        Self::facts(worker)
    }
}

/// Pools whose money nobody looks at.
pub struct Pools;
impl PoolLedger<AccountId32> for Pools {
    fn pot_account() -> AccountId32 {
        Pot::get()
    }
    fn rebound(_: PoolId, _: &WorkerPublicKey, _: &WorkerPublicKey) {}
    fn free(_: PoolId) -> Balance {
        u64::MAX.into()
    }
    fn removed(_: PoolId, _: &WorkerPublicKey) {}
    fn released(_: PoolId, _: Balance) {}
    fn rewarded(_: Balance) {}
}

impl khala_pallet_mining::Config for Runtime {
    type Currency = Balances;
    type Randomness = BlockRandomness;
    type Time = Timestamp;
    type SlotMs = ConstU64<{ crate::SLOT_SECS * 1_000 }>;
    type AdminOrigin = frame_system::EnsureRoot<AccountId32>;
    type Workers = Directory;
    type Pools = Pools;
    type SubsidyAccount = Subsidy;
    type TreasuryAccount = Treasury;
    type WeightInfo = SubstrateWeight<Runtime>;
}
