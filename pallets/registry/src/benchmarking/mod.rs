//! Benchmarks of the calls, each where it is dearest.
//!
//! A registration needs evidence, and benchmarks run in Wasm, where the forge is not. So a registration that the forge has made
//! once lies in `evidence.scale`; a test makes it again and compares.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::arithmetic_side_effects)] // a benchmark that cannot be set up has to stop

mod recorded;
mod state;

pub(crate) use recorded::Recorded;
pub(crate) use state::worker_state;

use crate::{
    Call, Config, HoldReason, OnWorkerChange, Pallet, Params, PendingBenchmark, PlatformLoad, Platforms, RefusalRecord, Refusals,
    Registrars, Score, Tombstones, WorkerState, Workers,
};
use frame_benchmarking::v2::*;
use frame_support::traits::{
    fungible::{Mutate, MutateHold},
    Authorize,
};
use frame_system::{pallet_prelude::BlockNumberFor, RawOrigin};
use khala_pallet_attestation::{
    benchmarking::{keep_recorded, trust_development},
    Refusal,
};
use khala_primitives::{
    AccountId32, BenchmarkResult, BlockNumber, ConfidenceLevel, Evidence, Freshness, OperatorChange, OperatorSignature, PlatformId,
    Renewal, Seed, WorkerPublicKey, WorkerSignature, H256, PHA,
};
use sp_core::{crypto::KeyTypeId, sr25519};
use sp_runtime::transaction_validity::TransactionSource;
use state::facts;

/// What a runtime does for the benchmarks.
pub trait BenchmarkHelper {
    /// Sets the chain's time, in milliseconds since 1970.
    fn set_time_ms(now_ms: u64);

    /// Gives this block a seed.
    fn draw_seed();

    /// Lets a registered worker work, so that whoever uses it has something to do when it changes.
    fn put_to_use(worker: &WorkerPublicKey);
}

const REGISTRAR: AccountId32 = AccountId32::new([0x0e; 32]);
const OPERATOR: AccountId32 = AccountId32::new([0x0b; 32]);
/// A key that a worker had before.
const OLD_KEY: WorkerPublicKey = WorkerPublicKey([0x0d; 32]);
/// A machine that a worker was on before.
const OLD_PLATFORM: PlatformId = PlatformId([0x0d; 32]);
const SEED: Seed = H256([0x5e; 32]);
const SCORE: u32 = 1_000;
const WEALTH: u128 = 1_000 * PHA;
/// Where the benchmark's keys are kept while it runs.
const KEY_TYPE: KeyTypeId = KeyTypeId(*b"khal");
/// The call verifies no signature: its authorisation has.
const NO_SIGNATURE: WorkerSignature = WorkerSignature([0; 64]);

/// Sets the chain to where the recorded registration is good, signed by a registrar.
fn prepare_registration<T: Config>() -> Recorded
where
    T::Currency: Mutate<AccountId32>,
{
    let recorded = Recorded::read();
    let info = &recorded.info;
    know_block::<T>(0, info.genesis_hash);
    know_block::<T>(info.freshness.number, info.freshness.hash);
    set_block::<T>(info.freshness.number + 1);
    T::BenchmarkHelper::set_time_ms(Recorded::at_secs() * 1000);
    T::BenchmarkHelper::draw_seed();
    trust_development::<T>();
    keep_recorded::<T>();
    Registrars::<T>::insert(&info.operator, REGISTRAR);
    T::Currency::set_balance(&info.operator, WEALTH);
    recorded
}

/// The recorded registration on a chain that knows the worker by older evidence with other certification bytes. A new benchmark is
/// due, and the newest evidence was refused.
fn registered<T: Config>() -> Recorded
where
    T::Currency: Mutate<AccountId32>,
{
    let recorded = prepare_registration::<T>();
    Pallet::<T>::do_register_worker(&REGISTRAR, recorded.info.clone(), &recorded.evidence).unwrap();
    let worker = recorded.info.identity_key;
    change::<T>(&worker, |state| {
        state.info.freshness.number = 0;
        state.verdict.certification_hash = [0; 32];
        state.benchmark = None;
        state.score = Some(Score {
            value: SCORE,
            asked_secs: 0,
        });
    });
    let load = PlatformLoad { workers: 1, score: SCORE };
    Platforms::<T>::insert(Workers::<T>::get(worker).unwrap().verdict.platform_id(), load);
    refuse::<T>(&worker);
    recorded
}

/// The recorded worker's certification bytes are known.
fn know_certification<T: Config>(recorded: &Recorded) {
    let hash = khala_attestation::quote::parse(recorded.evidence.quote())
        .unwrap()
        .certification_hash();
    change::<T>(&recorded.info.identity_key, |state| state.verdict.certification_hash = hash);
}

fn change<T: Config>(worker: &WorkerPublicKey, change: impl FnOnce(&mut WorkerState)) {
    Workers::<T>::mutate(worker, |state| change(state.as_mut().unwrap()));
}

fn refuse<T: Config>(worker: &WorkerPublicKey) {
    let why = Refusal::OtherPlatform;
    Refusals::<T>::insert(worker, RefusalRecord { why, block: 0 });
}

fn set_block<T: Config>(number: BlockNumber) {
    frame_system::Pallet::<T>::set_block_number(BlockNumberFor::<T>::from(number));
}

fn know_block<T: Config>(number: BlockNumber, hash: H256) {
    frame_system::BlockHash::<T>::insert(BlockNumberFor::<T>::from(number), hash);
}

/// A worker with its key in the keystore, a deposit and a score, that is asked for another benchmark.
fn insert_worker<T: Config>() -> WorkerPublicKey
where
    T::Currency: Mutate<AccountId32>,
{
    let worker = WorkerPublicKey(sp_io::crypto::sr25519_generate(KEY_TYPE, None).0);
    let deposit = Params::<T>::get().worker_deposit;
    T::Currency::set_balance(&OPERATOR, WEALTH);
    T::Currency::hold(&HoldReason::WorkerDeposit.into(), &OPERATOR, deposit).unwrap();
    let benchmark = Some(PendingBenchmark {
        block: 1,
        started_ms: 1_000_000,
        seed: SEED,
    });
    let state = WorkerState {
        deposit,
        benchmark,
        ..worker_state(worker, facts(OPERATOR, SCORE))
    };
    Platforms::<T>::insert(state.verdict.platform_id(), PlatformLoad { workers: 1, score: SCORE });
    Workers::<T>::insert(worker, state);
    refuse::<T>(&worker);
    T::BenchmarkHelper::set_time_ms(1_000_000 + Params::<T>::get().benchmark_ms());
    worker
}

fn sign(key: &[u8; 32], message: &[u8]) -> [u8; 64] {
    sp_io::crypto::sr25519_sign(KEY_TYPE, &sr25519::Public::from_raw(*key), message)
        .unwrap()
        .0
}

#[benchmarks(where T::Currency: Mutate<AccountId32>)]
mod benches {
    use super::*;

    /// For the first time; a renewal by this call costs less.
    #[benchmark]
    fn register_worker() {
        let Recorded { info, evidence } = prepare_registration::<T>();
        let worker = info.identity_key;
        #[extrinsic_call]
        _(RawOrigin::Signed(REGISTRAR), info, evidence);
        assert!(Workers::<T>::contains_key(worker));
    }

    #[benchmark]
    fn register_worker_again() {
        let Recorded { info, evidence } = prepare_registration::<T>();
        Pallet::<T>::do_register_worker(&REGISTRAR, info.clone(), &evidence).unwrap();
        #[extrinsic_call]
        register_worker(RawOrigin::Signed(REGISTRAR), info, evidence);
    }

    #[benchmark]
    fn set_registrar() {
        #[extrinsic_call]
        _(RawOrigin::Signed(OPERATOR), Some(REGISTRAR));
        assert_eq!(Registrars::<T>::get(OPERATOR), Some(REGISTRAR));
    }

    #[benchmark]
    fn retire_worker() {
        let worker = insert_worker::<T>();
        #[extrinsic_call]
        _(RawOrigin::Signed(OPERATOR), worker);
        assert!(!Workers::<T>::contains_key(worker));
    }

    #[benchmark]
    fn benchmark_result() {
        let worker = insert_worker::<T>();
        let result = BenchmarkResult {
            worker,
            block: 1,
            iterations: 1_000_000,
        };
        #[extrinsic_call]
        _(RawOrigin::Authorized, result, NO_SIGNATURE);
        assert_eq!(Workers::<T>::get(worker).unwrap().benchmark, None);
    }

    #[benchmark]
    fn authorize_benchmark_result() -> Result<(), BenchmarkError> {
        let worker = insert_worker::<T>();
        let result = BenchmarkResult {
            worker,
            block: 1,
            iterations: 1_000_000,
        };
        let signature = WorkerSignature(sign(&worker.0, &result.message(&Pallet::<T>::genesis_hash())));
        let call = Call::<T>::benchmark_result { signature, result };
        #[block]
        {
            call.authorize(TransactionSource::InBlock)
                .ok_or("the call has an authorisation")??;
        }
        Ok(())
    }

    /// Evidence with other certification bytes than those that are known: three signatures.
    #[benchmark]
    fn renew_worker() {
        let recorded = registered::<T>();
        let Recorded { info, evidence } = recorded;
        let worker = info.identity_key;
        T::BenchmarkHelper::put_to_use(&worker);
        #[extrinsic_call]
        _(RawOrigin::Authorized, info.clone(), evidence, NO_SIGNATURE);
        assert_eq!(Workers::<T>::get(worker).unwrap().info, info);
    }

    /// Evidence with certification bytes that are known: one signature.
    #[benchmark]
    fn renew_worker_known() {
        let recorded = registered::<T>();
        know_certification::<T>(&recorded);
        let Recorded { info, evidence } = recorded;
        let worker = info.identity_key;
        T::BenchmarkHelper::put_to_use(&worker);
        #[extrinsic_call]
        renew_worker(RawOrigin::Authorized, info.clone(), evidence, NO_SIGNATURE);
        assert_eq!(Workers::<T>::get(worker).unwrap().info, info);
    }

    /// The longest evidence: it is hashed, and not yet looked at.
    #[benchmark]
    fn authorize_renew_worker() -> Result<(), BenchmarkError> {
        let worker = insert_worker::<T>();
        let mut info = Workers::<T>::get(worker).unwrap().info;
        info.genesis_hash = Pallet::<T>::genesis_hash();
        info.freshness = Freshness {
            number: 1,
            hash: H256([0xb1; 32]),
        };
        know_block::<T>(1, info.freshness.hash);
        set_block::<T>(2);
        let evidence = Evidence::Tdx {
            quote: alloc::vec![7; Evidence::MAX_QUOTE],
        };
        let message = Renewal::new(worker, &evidence, info.freshness).message(&info.genesis_hash);
        let signature = WorkerSignature(sign(&worker.0, &message));
        let call = Call::<T>::renew_worker { info, evidence, signature };
        #[block]
        {
            call.authorize(TransactionSource::InBlock)
                .ok_or("the call has an authorisation")??;
        }
        Ok(())
    }

    /// It is worth something else than before.
    #[benchmark]
    fn reverify_worker() {
        let worker = registered::<T>().info.identity_key;
        T::BenchmarkHelper::put_to_use(&worker);
        change::<T>(&worker, |state| state.verdict.level = ConfidenceLevel::Five);
        #[extrinsic_call]
        _(RawOrigin::Signed(REGISTRAR), worker);
        assert_eq!(Workers::<T>::get(worker).unwrap().verdict.level, ConfidenceLevel::One);
    }

    /// The permission is signed as wallets sign it, and the certification bytes are unknown.
    #[benchmark]
    fn change_operator() {
        let Recorded { info, evidence } = registered::<T>();
        let worker = info.identity_key;
        let old = AccountId32::new(sp_io::crypto::sr25519_generate(KEY_TYPE, None).0);
        let deposit = Params::<T>::get().worker_deposit;
        T::Currency::set_balance(&old, WEALTH);
        T::Currency::hold(&HoldReason::WorkerDeposit.into(), &old, deposit).unwrap();
        change::<T>(&worker, |state| state.info.operator = old.clone());
        let permission = OperatorChange {
            worker,
            operator: info.operator.clone(),
            change: 0,
        };
        let message = permission.wrapped_message(&Pallet::<T>::genesis_hash());
        let signature = OperatorSignature(sign(old.as_ref(), &message));
        #[extrinsic_call]
        _(RawOrigin::Signed(REGISTRAR), info.clone(), evidence, signature);
        assert_eq!(Workers::<T>::get(worker).unwrap().info, info);
    }

    /// A worker that mines goes to another machine.
    #[benchmark]
    fn rebind_worker() {
        let Recorded { info, evidence } = registered::<T>();
        let worker = info.identity_key;
        let mut state = Workers::<T>::take(worker).unwrap();
        let load = Platforms::<T>::take(state.verdict.platform_id());
        state.info.identity_key = OLD_KEY;
        state.verdict.facts.certified.platform.id = OLD_PLATFORM;
        Workers::<T>::insert(OLD_KEY, state);
        Platforms::<T>::insert(OLD_PLATFORM, load);
        refuse::<T>(&OLD_KEY);
        T::BenchmarkHelper::put_to_use(&OLD_KEY);
        #[extrinsic_call]
        _(RawOrigin::Signed(REGISTRAR), OLD_KEY, info, evidence);
        assert_eq!(Tombstones::<T>::get(OLD_KEY), Some(worker));
        assert!(!Platforms::<T>::contains_key(OLD_PLATFORM));
        assert!(!T::OnChange::can_retire(&worker));
    }

    #[benchmark]
    fn remove_lapsed_worker() {
        let worker = insert_worker::<T>();
        change::<T>(&worker, |state| state.lease_end_secs = 0);
        T::BenchmarkHelper::set_time_ms(Params::<T>::get().removal_secs * 1000);
        #[extrinsic_call]
        _(RawOrigin::Signed(REGISTRAR), worker);
        assert!(!Workers::<T>::contains_key(worker));
    }
}
