//! A small runtime: this pallet on top of the pools and of mining, with a registry that is a table in the thread.

use crate::{self as pallet_vault, *};
use frame_support::{
    derive_impl, parameter_types,
    traits::{fungible::Mutate, ConstU64, Hooks, Randomness},
    weights::{Weight, WeightMeter},
    PalletId,
};
use khala_pallet_mining::{EconomicParameters, MiningParameters, PoolReward};
use khala_pallet_registry::{WorkerDirectory, WorkerFacts};
use khala_pallet_stake_pool::{PoolParameters, PotTotal};
use khala_primitives::{
    AccountId32, Balance, BlockNumber, ConfidenceLevel, Instance, MeasurementDigest, PoolId, VaultId, WorkerPublicKey, H256, PHA,
};
use sp_runtime::{BuildStorage, Permill};
use std::{cell::RefCell, collections::BTreeMap};

type Block = frame_system::mocking::MockBlockU32<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Timestamp: pallet_timestamp,
        Balances: pallet_balances,
        Mining: khala_pallet_mining,
        StakePool: khala_pallet_stake_pool,
        VaultPallet: pallet_vault,
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
    pub const ExistentialDeposit: Balance = PHA / 100;
    pub const Subsidy: AccountId32 = AccountId32::new([1; 32]);
    pub const Treasury: AccountId32 = AccountId32::new([2; 32]);
    pub const PotId: PalletId = PalletId(*b"kha/pot_");
    pub const VaultsId: PalletId = PalletId(*b"kha/vlt_");
    pub const Deposit: Balance = 10 * PHA;
    // As the runtime has them.
    pub Weights: frame_system::limits::BlockWeights = frame_system::limits::BlockWeights::with_sensible_defaults(
        Weight::from_parts(2_000_000_000_000, u64::MAX),
        sp_runtime::Perbill::from_percent(75),
    );
}

pub struct NoRandomness;
impl Randomness<Option<H256>, BlockNumber> for NoRandomness {
    fn random(_: &[u8]) -> (Option<H256>, BlockNumber) {
        (None, 0)
    }
}

thread_local! {
    static DIRECTORY: RefCell<BTreeMap<WorkerPublicKey, WorkerFacts<AccountId32>>> = const { RefCell::new(BTreeMap::new()) };
}

pub struct Directory;
impl WorkerDirectory<AccountId32> for Directory {
    fn facts(worker: &WorkerPublicKey) -> Option<WorkerFacts<AccountId32>> {
        DIRECTORY.with_borrow(|table| table.get(worker).cloned())
    }
    fn policy_version() -> u32 {
        0
    }
    fn judge_weight() -> Weight {
        Weight::zero()
    }
    fn judge_again(worker: &WorkerPublicKey) -> Option<WorkerFacts<AccountId32>> {
        Self::facts(worker)
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn bench_insert(worker: WorkerPublicKey, facts: WorkerFacts<AccountId32>) {
        DIRECTORY.with_borrow_mut(|table| table.insert(worker, facts));
    }
}

impl khala_pallet_mining::Config for Test {
    type Currency = Balances;
    type Randomness = NoRandomness;
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
    type Holders = VaultPallet;
    type WeightInfo = ();
}

impl Config for Test {
    type VaultsId = VaultsId;
    type VaultDeposit = Deposit;
    type WeightInfo = ();
}

/// The owner of the pools in tests.
pub const POOL_OWNER: u8 = 10;
/// The owner of the vaults in tests.
pub const OWNER: u8 = 20;

/// An endowed account, for numbers from 10 to 29.
pub fn account(number: u8) -> AccountId32 {
    AccountId32::new([number; 32])
}

pub fn origin(number: u8) -> RuntimeOrigin {
    RuntimeOrigin::signed(account(number))
}

/// Runs a test on a fresh chain, in block 1, and verifies every invariant after it: a cool-down and a grace of two minutes.
pub fn run(test: impl FnOnce()) {
    run_with(MiningParameters::local(), EconomicParameters::khala(), test);
}

/// The same with other parameters of mining.
pub fn run_with(mining: MiningParameters, economics: EconomicParameters, test: impl FnOnce()) {
    DIRECTORY.with_borrow_mut(BTreeMap::clear);
    genesis(mining, economics).execute_with(|| {
        open_block(6);
        test();
        check();
    });
}

fn genesis(mining: MiningParameters, economics: EconomicParameters) -> sp_io::TestExternalities {
    let mut balances: Vec<_> = (10..30).map(|number| (account(number), 1_000_000 * PHA)).collect();
    balances.extend([(Subsidy::get(), 1_000_000 * PHA), (Treasury::get(), ExistentialDeposit::get())]);
    RuntimeGenesisConfig {
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
            parameters: PoolParameters::local(),
            _config: Default::default(),
        },
        vault_pallet: crate::GenesisConfig {
            parameters: VaultParameters::local(),
            _config: Default::default(),
        },
        ..Default::default()
    }
    .build_storage()
    .unwrap()
    .into()
}

/// Where benchmarks play when they are tested: workers can sign.
#[cfg(feature = "runtime-benchmarks")]
pub fn benchmark_ext() -> sp_io::TestExternalities {
    let mut ext = genesis(MiningParameters::khala(), EconomicParameters::khala());
    ext.register_extension(sp_keystore::KeystoreExt::new(sp_keystore::testing::MemoryKeystore::new()));
    ext
}

/// Verifies the invariants of all pallets.
pub fn check() {
    Mining::on_finalize(System::block_number());
    Mining::do_try_state().unwrap();
    StakePool::do_try_state().unwrap();
    VaultPallet::do_try_state().unwrap();
}

fn open_block(secs: u64) {
    let block = System::block_number() + 1;
    System::set_block_number(block);
    Timestamp::set_timestamp(Timestamp::get().max(1_700_000_000_000) + secs * 1_000);
    Mining::on_initialize(block);
    Mining::on_poll(block, &mut WeightMeter::new());
    StakePool::on_poll(block, &mut WeightMeter::new());
    VaultPallet::on_poll(block, &mut WeightMeter::new());
}

/// Ends the block and begins the next, `secs` seconds later; the invariants hold in between.
pub fn next_block_after(secs: u64) {
    StakePool::on_idle(System::block_number(), Weight::MAX);
    check();
    open_block(secs);
}

/// Lets seconds of the decaying clock pass, in blocks as far apart as each counts in full; the invariants hold at the end.
pub fn pass(mut secs: u64) {
    while secs > 0 {
        let step = secs.min(60);
        StakePool::on_idle(System::block_number(), Weight::MAX);
        Mining::on_finalize(System::block_number());
        open_block(step);
        secs -= step;
    }
    check();
}

/// A pool of [`POOL_OWNER`] with a commission in percent, which may rise to anything, and no cap.
pub fn pool(commission: u32) -> PoolId {
    let id = khala_pallet_stake_pool::NextPoolId::<Test>::get();
    StakePool::create_pool(origin(POOL_OWNER), Permill::from_percent(commission), Permill::one(), None).unwrap();
    id
}

/// A vault of [`OWNER`] with a fee in percent, which may rise to a half, that uses pools up to a commission of 50 %, without a cap.
pub fn vault(fee: u32) -> VaultId {
    let id = NextVaultId::<Test>::get();
    let half = Permill::from_percent(50);
    VaultPallet::create_vault(origin(OWNER), Permill::from_percent(fee), half, half, None).unwrap();
    id
}

/// Delegates as much to a vault.
pub fn delegate(number: u8, vault: VaultId, amount: Balance) {
    VaultPallet::delegate(origin(number), vault, amount, 0).unwrap();
}

/// Undelegates as many shares of a vault.
pub fn undelegate(number: u8, vault: VaultId, shares: u128) {
    VaultPallet::undelegate(origin(number), vault, shares, 0).unwrap();
}

/// Lets the owner invest.
pub fn invest(vault: VaultId, pool: PoolId, amount: Balance) {
    VaultPallet::invest(origin(OWNER), vault, pool, amount, 0).unwrap();
}

/// Adds a worker to a pool and starts it.
pub fn start(number: u8, pool: PoolId, stake: Balance) -> WorkerPublicKey {
    let worker = WorkerPublicKey([number; 32]);
    let facts = WorkerFacts {
        operator: account(POOL_OWNER),
        instance: Instance([1; 16]),
        lease_end_secs: u64::MAX,
        level: ConfidenceLevel::One,
        score: Some(1_000),
        policy_version: 0,
        measurement: MeasurementDigest([0; 32]),
    };
    DIRECTORY.with_borrow_mut(|table| table.insert(worker, facts));
    StakePool::add_worker(origin(POOL_OWNER), pool, worker).unwrap();
    StakePool::start_worker(origin(POOL_OWNER), worker, stake).unwrap();
    worker
}

/// Reports a worker, so that its value decays.
pub fn report(worker: &WorkerPublicKey, block: BlockNumber) {
    use frame_support::traits::UnfilteredDispatchable;
    let call = khala_pallet_mining::Call::<Test>::report_offline { worker: *worker, block };
    call.dispatch_bypass_filter(frame_system::RawOrigin::Authorized.into()).unwrap();
}

/// Credits a reward to a pool as mining does.
pub fn reward(pool: PoolId, amount: Balance) {
    Balances::mint_into(&StakePool::pot(), amount).unwrap();
    PotTotal::<Test>::mutate(|total| *total += amount);
    PoolReward::<Test>::mutate(pool, |sum| *sum += amount);
}

/// An account's free balance.
pub fn balance(number: u8) -> Balance {
    Balances::free_balance(account(number))
}

/// Shares of a vault that an account holds and that are not queued.
pub fn shares(vault: VaultId, number: u8) -> u128 {
    Holdings::<Test>::get(account(number), vault).shares
}

/// What these are worth, in planck.
pub fn worth(vault: VaultId, number: u8) -> Balance {
    at(vault).worth(shares(vault, number)).unwrap()
}

/// A vault as it would be settled now.
pub fn at(vault: VaultId) -> Valued<AccountId32> {
    VaultPallet::current(vault).unwrap()
}

/// Requests of an account in the queue of a vault, oldest first.
pub fn requests(vault: VaultId, number: u8) -> Vec<Request<AccountId32>> {
    let numbers = Holdings::<Test>::get(account(number), vault).requests;
    numbers.iter().map(|number| Requests::<Test>::get(vault, number).unwrap()).collect()
}

/// Events of this pallet in this block, and forgets them.
pub fn events() -> Vec<Event<Test>> {
    let ours = |record: frame_system::EventRecord<RuntimeEvent, _>| match record.event {
        RuntimeEvent::VaultPallet(event) => Some(event),
        _ => None,
    };
    let events = System::events().into_iter().filter_map(ours).collect();
    System::reset_events();
    events
}
