//! The chain that benchmarks play on: its time, its challenges, workers that mine. For the benchmarks of this pallet and of its users.

use crate::{clocks::Readings, pallet::*, EconomicParameters, MiningParameters, MAX_GUARD_POOLS, OUTAGE_SLOTS};
use frame_support::traits::{fungible::Mutate, Get};
use frame_system::pallet_prelude::BlockNumberFor;
use khala_economics::{Clocks, Fixed};
use khala_pallet_registry::{WorkerDirectory, WorkerFacts};
use khala_primitives::{
    status::Absence, Balance, BlockNumber, Challenge, ConfidenceLevel, Instance, MeasurementDigest, PoolId, SessionId, WorkerPublicKey,
    H256, PHA, U256,
};
use sp_core::crypto::KeyTypeId;

/// Where the workers' keys are kept while a benchmark runs.
pub(super) const KEY_TYPE: KeyTypeId = KeyTypeId(*b"khal");
/// The run of every worker's enclave.
pub(super) const INSTANCE: Instance = Instance([1; 16]);
/// Stake of every worker, in planck.
pub const STAKE: Balance = 5_000 * PHA;
/// A time with sixteen bits set, within what a heartbeat is still paid for: growth over it takes the most multiplications.
pub const LONG_SECS: u64 = 0xffff;

/// Share of every session that the outage guard counts, in PHA.
pub(super) const OUTAGE_SHARE: Fixed = Fixed::from_millionths(5_000_000_000);

const START_BLOCK: BlockNumber = 1_000;
const START_SECS: u64 = 1_700_000_000;
const SUBSIDY: Balance = 1_000_000 * PHA;
const SCORE: u32 = 1_000;

/// A chain in the middle of its life, with the production network's parameters and money to pay.
pub fn open<T: Config + pallet_timestamp::Config<Moment = u64>>() {
    Mining::<T>::put(MiningParameters::khala());
    Economics::<T>::put(EconomicParameters::khala());
    T::Currency::set_balance(&T::SubsidyAccount::get(), SUBSIDY);
    set_block::<T>(START_BLOCK);
    set_secs::<T>(START_SECS);
    let clocks = Clocks {
        credited: START_SECS,
        decaying: START_SECS,
    };
    ClockReadings::<T>::put(Readings {
        read_at: START_SECS,
        clocks,
        ..Readings::default()
    });
    Pallet::<T>::accrue();
}

/// Sets the number of the block being made.
pub fn set_block<T: Config>(block: BlockNumber) {
    frame_system::Pallet::<T>::set_block_number(BlockNumberFor::<T>::from(block));
}

/// Lets so many seconds pass on every clock, and accrues the rewards of that time.
pub fn pass<T: Config + pallet_timestamp::Config<Moment = u64>>(secs: u64) {
    set_secs::<T>(Pallet::<T>::now_secs() + secs);
    ClockReadings::<T>::mutate(|readings| {
        readings.read_at += secs;
        readings.pass(secs, secs);
    });
    Pallet::<T>::accrue();
}

/// A registered worker in no pool, whose key can sign.
pub fn worker<T: Config>(operator: T::AccountId) -> WorkerPublicKey {
    let worker = WorkerPublicKey(sp_io::crypto::sr25519_generate(KEY_TYPE, None).0);
    let facts = WorkerFacts {
        operator,
        instance: INSTANCE,
        lease_end_secs: u64::MAX,
        level: ConfidenceLevel::One,
        score: Some(SCORE),
        policy_version: T::Workers::policy_version(),
        measurement: MeasurementDigest([7; 32]),
    };
    T::Workers::bench_insert(worker, facts);
    worker
}

/// Lets a registered worker mine for a pool.
pub fn put_to_use<T: Config>(worker: &WorkerPublicKey, pool: PoolId) -> SessionId {
    let session = Pallet::<T>::bind(worker, pool).expect("the worker is in no pool");
    Pallet::<T>::start(worker, STAKE).expect("the stake is within its bounds");
    session
}

/// A worker that mines is offline from now on.
pub fn go_offline<T: Config>(worker: &WorkerPublicKey) {
    let (id, session) = Pallet::<T>::session_of(worker).expect("the worker is in a pool");
    Pallet::<T>::with_books(|books| Pallet::<T>::become_unresponsive(books, id, session, Absence::Offline, 0)).expect("the worker mines");
}

/// A worker that mines for a pool.
pub(super) fn mining<T: Config>(pool: PoolId) -> (WorkerPublicKey, SessionId) {
    let worker = worker::<T>(frame_benchmarking::account("operator", pool, 0));
    let session = put_to_use::<T>(&worker, pool);
    (worker, session)
}

/// Fills the ring with challenges that hit everybody, up to the block being made.
pub(super) fn ask_everybody<T: Config>() {
    ask::<T>(U256::MAX);
}

/// Fills the ring with challenges of a target, up to the block being made.
pub(super) fn ask<T: Config>(target: U256) {
    let now = Pallet::<T>::now_block();
    let length = Mining::<T>::get().ring_length();
    for block in now - length + 1..=now {
        let seed = H256::repeat_byte(block.to_le_bytes()[0]);
        Ring::<T>::insert(block % length, Challenge { block, seed, target });
    }
}

/// Reports in every block that the outage guard looks at, up to the block before the one being made; the first of those blocks.
pub(super) fn fill_guard<T: Config>() -> BlockNumber {
    let now = Pallet::<T>::now_block();
    let first = now + 1 - OUTAGE_SLOTS;
    Guard::<T>::mutate(|guard| {
        for block in first..now {
            for pool in 0..MAX_GUARD_POOLS {
                assert_eq!(guard.left(block, 1, 0, pool, OUTAGE_SHARE), block);
            }
        }
    });
    first
}

fn set_secs<T: pallet_timestamp::Config<Moment = u64>>(secs: u64) {
    pallet_timestamp::Now::<T>::put(secs * 1_000);
}
