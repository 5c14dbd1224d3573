//! A small runtime around the pallet: a registry and pools that are tables in the thread.

use crate::{self as pallet_mining, *};
use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstU64, Hooks, Randomness},
    weights::WeightMeter,
};
use khala_pallet_registry::{OnWorkerChange, WorkerDirectory, WorkerFacts};
use khala_primitives::{
    signing::{self, Purpose},
    AccountId32, Balance, BlockNumber, ConfidenceLevel, Heartbeat, Instance, MeasurementDigest, PoolId, SessionId, SignedHeartbeat,
    WorkerPublicKey, WorkerSignature, H256, PHA,
};
use sp_core::{sr25519, Pair};
use sp_runtime::{BuildStorage, DispatchResult};
use std::{cell::RefCell, collections::BTreeMap};

type Block = frame_system::mocking::MockBlockU32<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Timestamp: pallet_timestamp,
        Balances: pallet_balances,
        MiningPallet: pallet_mining,
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
}

parameter_types! {
    pub const ExistentialDeposit: Balance = PHA / 100;
    pub const Subsidy: AccountId32 = AccountId32::new([1; 32]);
    pub const Treasury: AccountId32 = AccountId32::new([2; 32]);
    pub const Pot: AccountId32 = AccountId32::new([3; 32]);
}

/// A different hash for every block.
pub struct BlockRandomness;
impl Randomness<Option<H256>, BlockNumber> for BlockRandomness {
    fn random(subject: &[u8]) -> (Option<H256>, BlockNumber) {
        let block = System::block_number();
        (
            Some(sp_io::hashing::blake2_256(&[subject, &block.to_le_bytes()].concat()).into()),
            block,
        )
    }
}

thread_local! {
    static DIRECTORY: RefCell<BTreeMap<WorkerPublicKey, WorkerFacts<AccountId32>>> = const { RefCell::new(BTreeMap::new()) };
    static RELEASED: RefCell<Vec<(PoolId, Balance)>> = const { RefCell::new(Vec::new()) };
    static REBOUND: RefCell<Vec<(PoolId, WorkerPublicKey, WorkerPublicKey)>> = const { RefCell::new(Vec::new()) };
    static REMOVED: RefCell<Vec<(PoolId, WorkerPublicKey)>> = const { RefCell::new(Vec::new()) };
    static FREE: RefCell<Balance> = const { RefCell::new(0) };
    static POLICY_VERSION: RefCell<u32> = const { RefCell::new(1) };
    static DENIED: RefCell<Vec<WorkerPublicKey>> = const { RefCell::new(Vec::new()) };
}

/// What the mock says that judging a worker again costs.
pub const JUDGE_WEIGHT: frame_support::weights::Weight = frame_support::weights::Weight::from_parts(1_000, 0);

/// Another policy counts from now on, which denies these workers.
pub fn change_policy(denied: &[WorkerPublicKey]) {
    POLICY_VERSION.with_borrow_mut(|version| *version += 1);
    DENIED.with_borrow_mut(|list| *list = denied.to_vec());
}

/// A worker's evidence is worth this when it is looked at again.
pub fn set_level(worker: &WorkerPublicKey, level: ConfidenceLevel) {
    DIRECTORY.with_borrow_mut(|table| table.get_mut(worker).unwrap().level = level);
}

/// Every pool has so many free coins, in planck.
pub fn set_free(planck: Balance) {
    FREE.with_borrow_mut(|free| *free = planck);
}

/// The workers that left pools without being taken out.
pub fn removed() -> Vec<(PoolId, WorkerPublicKey)> {
    REMOVED.with_borrow(Clone::clone)
}

/// The workers of pools that got other keys.
pub fn rebound() -> Vec<(PoolId, WorkerPublicKey, WorkerPublicKey)> {
    REBOUND.with_borrow(Clone::clone)
}

pub struct Directory;
impl WorkerDirectory<AccountId32> for Directory {
    fn facts(worker: &WorkerPublicKey) -> Option<WorkerFacts<AccountId32>> {
        DIRECTORY.with_borrow(|table| table.get(worker).cloned())
    }
    fn policy_version() -> u32 {
        POLICY_VERSION.with_borrow(|version| *version)
    }
    fn judge_weight() -> frame_support::weights::Weight {
        JUDGE_WEIGHT
    }
    /// Judges that a worker whose entry is of another version has no lease any more, or gives it the newest version.
    fn judge_again(worker: &WorkerPublicKey) -> Option<WorkerFacts<AccountId32>> {
        let facts = DIRECTORY.with_borrow_mut(|table| {
            let facts = table.get_mut(worker)?;
            if DENIED.with_borrow(|denied| denied.contains(worker)) {
                facts.lease_end_secs = 0;
            }
            facts.policy_version = Self::policy_version();
            Some(facts.clone())
        })?;
        <MiningPallet as OnWorkerChange<AccountId32>>::on_judged(worker, &facts);
        Some(facts)
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn bench_insert(worker: WorkerPublicKey, facts: WorkerFacts<AccountId32>) {
        DIRECTORY.with_borrow_mut(|table| table.insert(worker, facts));
    }
}

pub struct Pools;
impl PoolLedger<AccountId32> for Pools {
    fn pot_account() -> AccountId32 {
        Pot::get()
    }
    fn rebound(pool: PoolId, old: &WorkerPublicKey, new: &WorkerPublicKey) {
        REBOUND.with_borrow_mut(|list| list.push((pool, *old, *new)));
    }
    fn free(_: PoolId) -> Balance {
        FREE.with_borrow(|free| *free)
    }
    fn removed(pool: PoolId, worker: &WorkerPublicKey) {
        REMOVED.with_borrow_mut(|list| list.push((pool, *worker)));
    }
    fn rewarded(_: Balance) {}
    fn released(pool: PoolId, returned: Balance) {
        RELEASED.with_borrow_mut(|list| list.push((pool, returned)));
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn bench_pool(_: PoolId, _: Balance) {}
}

impl Config for Test {
    type Currency = Balances;
    type Randomness = BlockRandomness;
    type Time = Timestamp;
    type SlotMs = ConstU64<6_000>;
    type AdminOrigin = frame_system::EnsureRoot<AccountId32>;
    type Workers = Directory;
    type Pools = Pools;
    type SubsidyAccount = Subsidy;
    type TreasuryAccount = Treasury;
    type WeightInfo = ();
}

/// The chain's time before the first block, in seconds.
pub const START_SECS: u64 = 1_700_000_000;
/// What the subsidy has at genesis.
pub const SUBSIDY: Balance = 100_000_000 * PHA;
/// The pool of every test's workers.
pub const POOL: PoolId = 7;

/// Runs a test on a fresh chain, in block 1, and verifies every invariant after it.
pub fn run(test: impl FnOnce()) {
    run_with(
        MiningParameters {
            challenges_per_hour: 360,
            ..MiningParameters::khala()
        },
        EconomicParameters::khala(),
        test,
    );
}

/// As [`run`], with constants of the test's own.
pub fn run_with(mining: MiningParameters, economics: EconomicParameters, test: impl FnOnce()) {
    let ed = ExistentialDeposit::get();
    let storage = RuntimeGenesisConfig {
        system: Default::default(),
        balances: pallet_balances::GenesisConfig {
            balances: vec![(Subsidy::get(), SUBSIDY), (Treasury::get(), ed), (Pot::get(), ed)],
            ..Default::default()
        },
        mining_pallet: crate::GenesisConfig {
            mining,
            economics,
            _config: Default::default(),
        },
    }
    .build_storage()
    .unwrap();
    DIRECTORY.with_borrow_mut(BTreeMap::clear);
    RELEASED.with_borrow_mut(Vec::clear);
    REBOUND.with_borrow_mut(Vec::clear);
    REMOVED.with_borrow_mut(Vec::clear);
    FREE.with_borrow_mut(|free| *free = 1_000_000 * PHA);
    POLICY_VERSION.with_borrow_mut(|version| *version = 1);
    DENIED.with_borrow_mut(Vec::clear);
    sp_io::TestExternalities::from(storage).execute_with(|| {
        open_block(6);
        test();
        close_block();
        Pallet::<Test>::do_try_state().unwrap();
    });
}

/// Ends the block, as the executive does.
pub fn close_block() {
    let block = System::block_number();
    MiningPallet::on_finalize(block);
}

/// Begins the next block, `secs` seconds after its parent.
pub fn open_block(secs: u64) {
    let block = System::block_number() + 1;
    System::set_block_number(block);
    let before = Timestamp::get().max(START_SECS * 1_000);
    Timestamp::set_timestamp(before + secs * 1_000);
    MiningPallet::on_initialize(block);
    MiningPallet::on_poll(block, &mut WeightMeter::new());
}

/// The next block, `secs` seconds after this one; the invariants hold in between.
pub fn next_block_after(secs: u64) {
    close_block();
    Pallet::<Test>::do_try_state().unwrap();
    open_block(secs);
}

/// Blocks of six seconds.
pub fn run_blocks(count: u32) {
    (0..count).for_each(|_| next_block_after(6));
}

/// A worker's program: its key, and the instance that runs.
#[derive(Clone)]
pub struct Worker {
    pub pair: sr25519::Pair,
    pub instance: Instance,
}

impl Worker {
    pub fn new(name: &str) -> Self {
        Self {
            pair: sr25519::Pair::from_string(&format!("//{name}"), None).unwrap(),
            instance: Instance([1; 16]),
        }
    }

    pub fn key(&self) -> WorkerPublicKey {
        WorkerPublicKey(self.pair.public().0)
    }

    pub fn facts(&self) -> WorkerFacts<AccountId32> {
        WorkerFacts {
            operator: AccountId32::new([9; 32]),
            instance: self.instance,
            lease_end_secs: START_SECS + 365 * 86_400,
            level: ConfidenceLevel::One,
            score: Some(1_000),
            policy_version: 1,
            measurement: MeasurementDigest([0; 32]),
        }
    }

    /// Registers, or registers again, with these facts.
    pub fn register(&self, change: impl FnOnce(&mut WorkerFacts<AccountId32>)) {
        let mut facts = self.facts();
        change(&mut facts);
        DIRECTORY.with_borrow_mut(|table| table.insert(self.key(), facts.clone()));
        MiningPallet::on_registered(&self.key(), &facts);
    }

    /// Becomes another key's worker, which is registered with this one's facts.
    pub fn rebind(&self, name: &str) -> Self {
        let new = Self::new(name);
        let facts = new.facts();
        DIRECTORY.with_borrow_mut(|table| {
            table.remove(&self.key());
            table.insert(new.key(), facts.clone());
        });
        MiningPallet::on_rebound(&self.key(), &new.key(), &facts);
        new
    }

    /// A registered worker that mines with `stake` planck.
    pub fn mining(name: &str, stake: Balance) -> Self {
        let worker = Self::new(name);
        worker.register(|_| ());
        MiningPallet::bind(&worker.key(), POOL).unwrap();
        MiningPallet::start(&worker.key(), stake).unwrap();
        worker
    }

    pub fn session_id(&self) -> SessionId {
        SessionOf::<Test>::get(self.key()).unwrap()
    }

    pub fn session(&self) -> Session {
        Sessions::<Test>::get(self.session_id()).unwrap()
    }

    /// The value V as of now, 18 decimals.
    pub fn value(&self) -> u128 {
        MiningPallet::session_status(&self.key()).unwrap().v
    }

    /// Its operator sends it into maintenance.
    pub fn pause(&self) -> DispatchResult {
        MiningPallet::pause(RuntimeOrigin::signed(self.facts().operator), self.key())
    }

    /// Its operator ends its maintenance.
    pub fn resume(&self) -> DispatchResult {
        MiningPallet::resume(RuntimeOrigin::signed(self.facts().operator), self.key())
    }

    /// The unsigned answer to a block's challenge.
    pub fn heartbeat(&self, block: BlockNumber) -> Heartbeat {
        Heartbeat {
            worker: self.key(),
            session_id: self.session_id(),
            instance: self.instance,
            block,
            seed: MiningPallet::challenge_of(block).map_or(H256::zero(), |challenge| challenge.seed),
            iterations: 1_000,
            elapsed_ms: 6_000,
        }
    }

    pub fn sign(&self, heartbeat: Heartbeat) -> SignedHeartbeat {
        let message = signing::message(Purpose::Heartbeat, &MiningPallet::genesis_hash(), &heartbeat);
        SignedHeartbeat {
            heartbeat,
            signature: WorkerSignature(self.pair.sign(&message).0),
        }
    }

    /// Is this worker asked by a block?
    pub fn is_hit(&self, block: BlockNumber) -> bool {
        MiningPallet::challenge_of(block).is_some_and(|challenge| challenge.hits(&self.key()))
    }

    /// Runs blocks until one asks this worker, and gives its number.
    pub fn wait_for_hit(&self) -> BlockNumber {
        loop {
            run_blocks(1);
            let block = System::block_number();
            if self.is_hit(block) && block >= self.session().answerable_from {
                return block;
            }
        }
    }

    /// Answers the next challenge, in its own block.
    pub fn answer_next(&self) -> BlockNumber {
        let block = self.wait_for_hit();
        submit(&[self.sign(self.heartbeat(block))]).unwrap();
        block
    }

    /// Misses the next challenge and is reported for it as early as possible; gives the challenge's block.
    pub fn miss_and_be_reported(&self) -> BlockNumber {
        let block = self.wait_for_hit();
        run_blocks(Mining::<Test>::get().heartbeat_window + 1);
        report(&self.key(), block).unwrap();
        block
    }
}

/// What the pool and then the block do with a batch.
pub fn submit(batch: &[SignedHeartbeat]) -> Result<(), sp_runtime::transaction_validity::TransactionValidityError> {
    let batch = pallet::Batch::try_from(batch.to_vec()).unwrap();
    authorized(Call::heartbeat { batch })
}

/// What the pool and then the block do with an offline report.
pub fn report(worker: &WorkerPublicKey, block: BlockNumber) -> Result<(), sp_runtime::transaction_validity::TransactionValidityError> {
    authorized(Call::report_offline { worker: *worker, block })
}

fn authorized(call: Call<Test>) -> Result<(), sp_runtime::transaction_validity::TransactionValidityError> {
    use frame_support::traits::{Authorize, UnfilteredDispatchable};
    use sp_runtime::transaction_validity::TransactionSource;
    call.authorize(TransactionSource::External).expect("an authorised call")?;
    let dispatched: DispatchResult = call
        .dispatch_bypass_filter(frame_system::RawOrigin::Authorized.into())
        .map(|_| ())
        .map_err(|e| e.error);
    dispatched.expect("an authorised call succeeds");
    Ok(())
}

/// Rewards of [`POOL`] that it has not taken in.
pub fn reward() -> Balance {
    PoolReward::<Test>::get(POOL)
}

/// Principals that came back to pools.
pub fn released() -> Vec<(PoolId, Balance)> {
    RELEASED.with_borrow(Clone::clone)
}
