//! Benchmarks of the calls.
//!
//! A registration needs evidence, and benchmarks run in Wasm, where the forge is not. So a registration that the forge has made
//! once lies in `evidence.scale`; a test makes it again and compares.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::arithmetic_side_effects)] // a benchmark that cannot be set up has to stop

mod recorded;

pub(crate) use recorded::Recorded;

use crate::{
    Call, Config, HoldReason, Pallet, Params, PendingBenchmark, PlatformLoad, Platforms, Registrars, Score, WorkerFacts, WorkerState,
    Workers,
};
use alloc::boxed::Box;
use frame_benchmarking::v2::*;
use frame_support::traits::{
    fungible::{Mutate, MutateHold},
    Authorize,
};
use frame_system::{pallet_prelude::BlockNumberFor, RawOrigin};
use khala_attestation::{development, hex_bytes::Fmspc, policy::AttestationPolicy};
use khala_pallet_attestation::{
    Advisories, AllowedMeasurement, AllowedMeasurements, Policy, Roles, TrustedRoot, TrustedRoots, VerdictRecord,
};
use khala_primitives::{
    AccountId32, Balance, BenchmarkResult, EcdhPublicKey, Freshness, PRuntimeVersion, PlatformId, Seed, TcbStatus, Tee, WorkerInfo,
    WorkerPublicKey, WorkerSignature, H256, PHA,
};
use sp_core::crypto::KeyTypeId;
use sp_runtime::transaction_validity::TransactionSource;

/// What a runtime does for the benchmarks.
pub trait BenchmarkHelper {
    /// Sets the chain's time, in milliseconds since 1970.
    fn set_time_ms(now_ms: u64);

    /// Gives this block a seed.
    fn draw_seed();
}

const REGISTRAR: AccountId32 = AccountId32::new([0x0e; 32]);
const OPERATOR: AccountId32 = AccountId32::new([0x0b; 32]);
const SEED: Seed = H256([0x5e; 32]);
/// Where the benchmark's key is kept while it runs.
const KEY_TYPE: KeyTypeId = KeyTypeId(*b"khal");

/// The stored state of a worker with these facts.
pub(crate) fn worker_state(worker: WorkerPublicKey, facts: WorkerFacts<AccountId32>) -> WorkerState {
    WorkerState {
        info: WorkerInfo {
            version: PRuntimeVersion {
                major: 1,
                minor: 0,
                patch: 0,
            },
            genesis_hash: H256::zero(),
            identity_key: worker,
            ecdh_key: EcdhPublicKey([1; 32]),
            operator: facts.operator,
            instance: facts.instance,
            freshness: Freshness {
                number: 0,
                hash: H256::zero(),
            },
            cores: 1,
            memory_mib: 1024,
            features: 0,
        },
        verdict: VerdictRecord {
            tee: Tee::Sgx,
            status: TcbStatus::UpToDate,
            advisories: Advisories::default(),
            level: facts.level,
            measurement: facts.measurement,
            platform_id: PlatformId(worker.0),
            fmspc: Fmspc([0; 6]),
            policy_version: facts.policy_version,
            expires_at_secs: facts.lease_end_secs,
        },
        lease_end_secs: facts.lease_end_secs,
        registered_at: 1,
        renewed_at: 1,
        deposit: 0,
        score: facts.score.map(|value| Score { value, asked_secs: 0 }),
        benchmark: None,
    }
}

/// Sets the chain to where the recorded registration is good, signed by a registrar.
fn prepare_registration<T: Config>(recorded: &Recorded)
where
    T::Currency: Mutate<AccountId32>,
{
    let info = &recorded.info;
    frame_system::BlockHash::<T>::insert(BlockNumberFor::<T>::from(0u32), info.genesis_hash);
    frame_system::BlockHash::<T>::insert(BlockNumberFor::<T>::from(info.freshness.number), info.freshness.hash);
    frame_system::Pallet::<T>::set_block_number(BlockNumberFor::<T>::from(info.freshness.number + 1));
    T::BenchmarkHelper::set_time_ms(recorded.at_secs * 1000);
    T::BenchmarkHelper::draw_seed();
    let root = TrustedRoot::try_from(development::ROOT_DER.to_vec()).unwrap();
    TrustedRoots::<T>::put(frame_support::BoundedVec::truncate_from(alloc::vec![root]));
    let always = AllowedMeasurement {
        roles: Roles::WORKER,
        active_from_secs: 0,
        deprecated_from_secs: None,
    };
    AllowedMeasurements::<T>::insert(development::measurement(), always);
    Policy::<T>::put(AttestationPolicy::default_for_chain());
    Registrars::<T>::insert(&info.operator, REGISTRAR);
    T::Currency::set_balance(&info.operator, 1_000 * PHA);
}

/// A worker with its key in the keystore, a deposit and a score, that is asked for another benchmark.
fn insert_worker<T: Config>() -> WorkerPublicKey
where
    T::Currency: Mutate<AccountId32>,
{
    let worker = WorkerPublicKey(sp_io::crypto::sr25519_generate(KEY_TYPE, None).0);
    let deposit: Balance = PHA;
    T::Currency::set_balance(&OPERATOR, 1_000 * PHA);
    T::Currency::hold(&HoldReason::WorkerDeposit.into(), &OPERATOR, deposit).unwrap();
    let facts = WorkerFacts {
        operator: OPERATOR,
        instance: khala_primitives::Instance([1; 16]),
        lease_end_secs: u64::MAX,
        level: khala_primitives::ConfidenceLevel::One,
        score: Some(1_000),
        policy_version: 1,
        measurement: development::measurement(),
    };
    let benchmark = Some(PendingBenchmark {
        block: 1,
        started_ms: 1_000_000,
        seed: SEED,
    });
    let state = WorkerState {
        deposit,
        benchmark,
        ..worker_state(worker, facts)
    };
    Platforms::<T>::insert(state.verdict.platform_id, PlatformLoad { workers: 1, score: 1_000 });
    Workers::<T>::insert(worker, state);
    T::BenchmarkHelper::set_time_ms(1_000_000 + Params::<T>::get().benchmark_ms());
    worker
}

fn sign<T: Config>(result: &BenchmarkResult) -> WorkerSignature {
    let key = sp_core::sr25519::Public::from_raw(result.worker.0);
    let message = result.message(&Pallet::<T>::genesis_hash());
    WorkerSignature(sp_io::crypto::sr25519_sign(KEY_TYPE, &key, &message).unwrap().0)
}

#[benchmarks(where T::Currency: Mutate<AccountId32>)]
mod benches {
    use super::*;

    #[benchmark]
    fn register_worker() {
        let recorded = Recorded::read();
        prepare_registration::<T>(&recorded);
        let worker = recorded.info.identity_key;
        #[extrinsic_call]
        _(
            RawOrigin::Signed(REGISTRAR),
            recorded.info,
            recorded.evidence,
            Box::new(recorded.collateral),
        );
        assert!(Workers::<T>::contains_key(worker));
    }

    #[benchmark]
    fn register_worker_again() {
        let Recorded {
            info,
            evidence,
            collateral,
            ..
        } = Recorded::read();
        prepare_registration::<T>(&Recorded::read());
        let (origin, collateral) = (RawOrigin::Signed(REGISTRAR), Box::new(collateral));
        Pallet::<T>::register_worker(origin.clone().into(), info.clone(), evidence.clone(), collateral.clone()).unwrap();
        #[extrinsic_call]
        register_worker(origin, info, evidence, collateral);
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
        _(RawOrigin::Authorized, result, WorkerSignature([0; 64]));
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
        let call = Call::<T>::benchmark_result {
            signature: sign::<T>(&result),
            result,
        };
        #[block]
        {
            call.authorize(TransactionSource::InBlock)
                .ok_or("the call has an authorisation")??;
        }
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::tests::mock::new_test_ext(), crate::tests::mock::Test);
}
