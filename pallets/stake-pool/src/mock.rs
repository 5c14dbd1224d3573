//! A small runtime: this pallet on top of mining, with a registry that is a table in the thread.

use crate::{self as pallet_stake_pool, *};
use frame_support::{
    derive_impl, parameter_types,
    traits::{fungible::Mutate, ConstU64, Hooks, Randomness, UnfilteredDispatchable},
    weights::{Weight, WeightMeter},
    PalletId,
};
use khala_pallet_mining::{EconomicParameters, MiningParameters, PoolReward};
use khala_pallet_registry::{WorkerDirectory, WorkerFacts};
use khala_primitives::{
    AccountId32, Balance, BlockNumber, ConfidenceLevel, Instance, MeasurementDigest, PoolId, WorkerPublicKey, H256, PHA,
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
        StakePool: pallet_stake_pool,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountId = AccountId32;
    type Lookup = sp_runtime::traits::IdentityLookup<AccountId32>;
    type AccountData = pallet_balances::AccountData<Balance>;
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
    pub const PoolDeposit: Balance = 10 * PHA;
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
    fn judge_weight() -> frame_support::weights::Weight {
        frame_support::weights::Weight::zero()
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

impl Config for Test {
    type PoolCurrency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type PotId = PotId;
    type PoolDeposit = PoolDeposit;
    type Holders = Inner;
    type WeightInfo = ();
}

thread_local! {
    static INNER: RefCell<Balance> = const { RefCell::new(0) };
    static PAID: RefCell<Vec<Paid<AccountId32>>> = const { RefCell::new(Vec::new()) };
}

/// The account whose coins lie in the pot.
pub const INNER_HOLDER: u8 = 40;

/// A vault: one account, whose coins are a number in the thread.
pub struct Inner;
impl Holders<AccountId32> for Inner {
    fn is_inner(who: &AccountId32) -> bool {
        *who == account(INNER_HOLDER)
    }
    fn paid(payment: Paid<AccountId32>) {
        more_inside(payment.amount);
        PAID.with_borrow_mut(|list| list.push(payment));
    }
    fn paid_weight() -> Weight {
        Weight::zero()
    }
    fn coins() -> Balance {
        INNER.with_borrow(|coins| *coins)
    }
}

/// The inner holder has so much more in the pot.
pub fn more_inside(amount: Balance) {
    INNER.with_borrow_mut(|coins| *coins += amount);
}

/// The inner holder has so much less in the pot.
pub fn less_inside(amount: Balance) {
    INNER.with_borrow_mut(|coins| *coins -= amount);
}

/// What the inner holder was paid out of queues.
pub fn paid_inside() -> Vec<Paid<AccountId32>> {
    PAID.with_borrow(Clone::clone)
}

/// What every account of [`account`] has at genesis.
pub const ENDOWMENT: Balance = 1_000_000 * PHA;
/// The owner of the pools in tests.
pub const OWNER: u8 = 10;

/// An endowed account, for numbers from 10 to 29.
pub fn account(number: u8) -> AccountId32 {
    AccountId32::new([number; 32])
}

pub fn origin(number: u8) -> RuntimeOrigin {
    RuntimeOrigin::signed(account(number))
}

/// Runs a test on a fresh chain, in block 1, and verifies every invariant after it: a cool-down and a grace of two minutes.
pub fn run(test: impl FnOnce()) {
    run_with(
        MiningParameters::local(),
        EconomicParameters::khala(),
        PoolParameters::local(),
        test,
    );
}

/// The same with the production network's times: a cool-down and a grace of seven days.
pub fn run_as_khala(test: impl FnOnce()) {
    run_with(
        MiningParameters::khala(),
        EconomicParameters::khala(),
        PoolParameters::khala(),
        test,
    );
}

/// The same with any parameters.
pub fn run_with(mining: MiningParameters, economics: EconomicParameters, parameters: PoolParameters, test: impl FnOnce()) {
    let storage = genesis(mining, economics, parameters);
    DIRECTORY.with_borrow_mut(BTreeMap::clear);
    INNER.with_borrow_mut(|coins| *coins = 0);
    PAID.with_borrow_mut(Vec::clear);
    sp_io::TestExternalities::from(storage).execute_with(|| {
        open_block(6);
        test();
        check();
    });
}

fn genesis(mining: MiningParameters, economics: EconomicParameters, parameters: PoolParameters) -> sp_runtime::Storage {
    let ed = ExistentialDeposit::get();
    let mut balances: Vec<_> = (10..30).map(|number| (account(number), ENDOWMENT)).collect();
    balances.extend([(Subsidy::get(), 1_000_000 * PHA), (Treasury::get(), ed)]);
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
        stake_pool: crate::GenesisConfig {
            parameters,
            _config: Default::default(),
        },
        ..Default::default()
    }
    .build_storage()
    .unwrap()
}

/// Where benchmarks play when they are tested: workers can sign.
#[cfg(feature = "runtime-benchmarks")]
pub fn benchmark_ext() -> sp_io::TestExternalities {
    let storage = genesis(MiningParameters::khala(), EconomicParameters::khala(), PoolParameters::khala());
    let mut ext = sp_io::TestExternalities::from(storage);
    ext.register_extension(sp_keystore::KeystoreExt::new(sp_keystore::testing::MemoryKeystore::new()));
    ext
}

/// Verifies the invariants of both pallets.
pub fn check() {
    Mining::on_finalize(System::block_number());
    Mining::do_try_state().unwrap();
    StakePool::do_try_state().unwrap();
}

fn open_block(secs: u64) {
    let block = System::block_number() + 1;
    System::set_block_number(block);
    Timestamp::set_timestamp(Timestamp::get().max(1_700_000_000_000) + secs * 1_000);
    Mining::on_initialize(block);
    Mining::on_poll(block, &mut WeightMeter::new());
    StakePool::on_poll(block, &mut WeightMeter::new());
}

/// Ends the block and begins the next, `secs` seconds later; the invariants hold in between.
pub fn next_block_after(secs: u64) {
    StakePool::on_idle(System::block_number(), Weight::MAX);
    check();
    open_block(secs);
}

/// Lets seconds of the credited clock pass, in blocks as far apart as each counts in full; the invariants hold at the end.
pub fn pass(mut secs: u64) {
    while secs > 0 {
        let step = secs.min(600);
        StakePool::on_idle(System::block_number(), Weight::MAX);
        Mining::on_finalize(System::block_number());
        open_block(step);
        secs -= step;
    }
    check();
}

/// Lets seconds of the decaying clock pass, in blocks as far apart as each counts in full; the invariants hold at the end.
pub fn decay(mut secs: u64) {
    while secs > 0 {
        let step = secs.min(60);
        Mining::on_finalize(System::block_number());
        open_block(step);
        secs -= step;
    }
    check();
}

/// A pool of [`OWNER`] with a commission in percent, which may rise to anything, and no cap.
pub fn pool(commission: u32) -> PoolId {
    let id = NextPoolId::<Test>::get();
    StakePool::create_pool(origin(OWNER), Permill::from_percent(commission), Permill::one(), None).unwrap();
    id
}

/// Delegates as much.
pub fn delegate(number: u8, pool: PoolId, amount: Balance) {
    StakePool::delegate(origin(number), pool, amount, 0).unwrap();
}

/// Undelegates as many shares.
pub fn undelegate(number: u8, pool: PoolId, shares: u128) {
    StakePool::undelegate(origin(number), pool, shares, 0).unwrap();
}

/// Adds a worker to a pool and starts it.
pub fn start(number: u8, pool: PoolId, stake: Balance) -> WorkerPublicKey {
    let worker = registered(number);
    StakePool::add_worker(origin(OWNER), pool, worker).unwrap();
    StakePool::start_worker(origin(OWNER), worker, stake).unwrap();
    worker
}

/// The worker misses its next challenge and is reported for it.
pub fn go_offline(worker: &WorkerPublicKey) {
    loop {
        next_block_after(6);
        if let Some((_, block)) = Mining::overdue(1_000).into_iter().find(|(overdue, _)| overdue == worker) {
            next_block_after(6);
            return report(worker, block);
        }
    }
}

/// A worker is reported for the challenge of a block.
pub fn report(worker: &WorkerPublicKey, block: BlockNumber) {
    let call = khala_pallet_mining::Call::<Test>::report_offline { worker: *worker, block };
    call.dispatch_bypass_filter(frame_system::RawOrigin::Authorized.into()).unwrap();
}

/// An account's free balance.
pub fn balance(number: u8) -> Balance {
    Balances::free_balance(account(number))
}

/// Shares that an account holds and that are not queued.
pub fn shares(pool: PoolId, number: u8) -> u128 {
    Holdings::<Test>::get(account(number), pool).shares
}

/// A pool as it would be settled now.
pub fn at(pool: PoolId) -> Settled<AccountId32> {
    StakePool::current(pool).unwrap()
}

/// Events of this pallet in this block, and forgets them.
pub fn events() -> Vec<Event<Test>> {
    let ours = |record: frame_system::EventRecord<RuntimeEvent, _>| match record.event {
        RuntimeEvent::StakePool(event) => Some(event),
        _ => None,
    };
    let events = System::events().into_iter().filter_map(ours).collect();
    System::reset_events();
    events
}

/// Credits a reward to a pool as mining does.
pub fn reward(pool: PoolId, amount: Balance) {
    Balances::mint_into(&StakePool::pot(), amount).unwrap();
    PotTotal::<Test>::mutate(|total| *total += amount);
    PoolReward::<Test>::mutate(pool, |sum| *sum += amount);
}

/// A registered worker of [`OWNER`].
pub fn registered(number: u8) -> WorkerPublicKey {
    let worker = WorkerPublicKey([number; 32]);
    let facts = WorkerFacts {
        operator: account(OWNER),
        instance: Instance([1; 16]),
        lease_end_secs: u64::MAX,
        level: ConfidenceLevel::One,
        score: Some(1_000),
        policy_version: 0,
        measurement: MeasurementDigest([0; 32]),
    };
    DIRECTORY.with_borrow_mut(|table| table.insert(worker, facts));
    worker
}

/// What an account's shares are worth, in planck.
pub fn worth(pool: PoolId, number: u8) -> Balance {
    StakePool::delegation_status(pool, &account(number)).value
}
