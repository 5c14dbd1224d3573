//! Benchmarks of the calls and hooks, each where it is dearest.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::arithmetic_side_effects)] // a benchmark that cannot be set up has to stop

pub mod scene;

use crate::{
    pallet::*,
    parameters::MAX_WINDOW,
    types::{Announced, Release, Unmoved},
    EconomicParameters, MiningParameters, PoolLedger,
};
use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::{
    traits::{Authorize, EnsureOrigin, Hooks},
    weights::WeightMeter,
};
use frame_system::{pallet_prelude::BlockNumberFor, RawOrigin};
use khala_primitives::{status::SessionState, Heartbeat, SignedHeartbeat, WorkerPublicKey, WorkerSignature, MAX_BATCH, PHA, U256};
use scene::{INSTANCE, KEY_TYPE, LONG_SECS};
use sp_core::sr25519;
use sp_runtime::transaction_validity::TransactionSource;

/// The longest ring.
const MAX_RING: u32 = 2 * MAX_WINDOW + 1;

/// Answers of `count` workers, each of another pool, to challenges of as many blocks as can still be answered. All have earned.
fn batch<T: Config + pallet_timestamp::Config<Moment = u64>>(count: u32) -> Batch {
    scene::open::<T>();
    let workers: Vec<_> = (0..count).map(scene::mining::<T>).collect();
    let window = Mining::<T>::get().heartbeat_window;
    let now = Pallet::<T>::now_block() + 1 + window;
    scene::set_block::<T>(now);
    scene::pass::<T>(LONG_SECS);
    scene::ask_everybody::<T>();
    let answers = workers.iter().zip(0..).map(|((worker, session_id), index)| {
        let block = now - index % (window + 1);
        let heartbeat = Heartbeat {
            worker: *worker,
            session_id: *session_id,
            instance: INSTANCE,
            block,
            seed: Pallet::<T>::challenge_of(block).unwrap().seed,
            iterations: 1_000,
            elapsed_ms: 6_000,
        };
        sign::<T>(heartbeat)
    });
    answers.collect::<Vec<_>>().try_into().unwrap()
}

fn sign<T: Config>(heartbeat: Heartbeat) -> SignedHeartbeat {
    let key = sr25519::Public::from_raw(heartbeat.worker.0);
    let message = heartbeat.message(&Pallet::<T>::genesis_hash());
    let signature = sp_io::crypto::sr25519_sign(KEY_TYPE, &key, &message).unwrap();
    SignedHeartbeat {
        heartbeat,
        signature: WorkerSignature(signature.0),
    }
}

/// A worker that has earned and was silent for too long, and the block that it missed.
fn silent<T: Config + pallet_timestamp::Config<Moment = u64>>() -> (WorkerPublicKey, u32) {
    scene::open::<T>();
    let (worker, _) = scene::mining::<T>(0);
    scene::fill_guard::<T>();
    let missed = Pallet::<T>::now_block() + 1;
    scene::set_block::<T>(missed + Mining::<T>::get().heartbeat_window + 1);
    scene::pass::<T>(LONG_SECS);
    scene::ask_everybody::<T>();
    (worker, missed)
}

/// A worker in its cool-down, in a pool that counts what it will give back.
fn cooling<T: Config>(pool: u32) -> WorkerPublicKey {
    let (worker, _) = scene::mining::<T>(pool);
    let stopped = Pallet::<T>::stop(&worker).unwrap();
    T::Pools::bench_pool(pool, stopped.returned);
    worker
}

/// Parameters with a ring of that length.
fn with_ring(length: u32) -> MiningParameters {
    let half = length / 2;
    let parameters = MiningParameters {
        heartbeat_window: half,
        report_window: length - 1 - half,
        ..MiningParameters::khala()
    };
    assert_eq!((parameters.ring_length(), parameters.validate()), (length, Ok(())));
    parameters
}

fn state_of<T: Config>(worker: &WorkerPublicKey) -> SessionState {
    Sessions::<T>::get(SessionOf::<T>::get(worker).unwrap()).unwrap().state
}

#[benchmarks(where T: pallet_timestamp::Config<Moment = u64>)]
mod benches {
    use super::*;

    #[benchmark]
    fn heartbeat(n: Linear<1, MAX_BATCH>) {
        let batch = batch::<T>(n);
        #[extrinsic_call]
        _(RawOrigin::Authorized, batch);
        assert_eq!(PoolReward::<T>::iter_values().filter(|reward| *reward > 0).count(), n as usize);
    }

    #[benchmark]
    fn authorize_heartbeat(n: Linear<1, MAX_BATCH>) -> Result<(), BenchmarkError> {
        let call = Call::<T>::heartbeat { batch: batch::<T>(n) };
        #[block]
        {
            call.authorize(TransactionSource::External)
                .ok_or("the call has an authorisation")??;
        }
        Ok(())
    }

    #[benchmark]
    fn report_offline() {
        let (worker, missed) = silent::<T>();
        #[extrinsic_call]
        _(RawOrigin::Authorized, worker, missed);
        assert!(matches!(state_of::<T>(&worker), SessionState::Unresponsive { .. }));
    }

    #[benchmark]
    fn authorize_report_offline() -> Result<(), BenchmarkError> {
        let (worker, block) = silent::<T>();
        let call = Call::<T>::report_offline { worker, block };
        #[block]
        {
            call.authorize(TransactionSource::External)
                .ok_or("the call has an authorisation")??;
        }
        Ok(())
    }

    /// The ring of `b` challenges has to be looked at, and none of them asked the worker.
    #[benchmark]
    fn pause(b: Linear<3, MAX_RING>) {
        scene::open::<T>();
        Mining::<T>::put(with_ring(b));
        scene::set_block::<T>(2 * MAX_RING);
        let operator: T::AccountId = whitelisted_caller();
        let worker = scene::worker::<T>(operator.clone());
        scene::put_to_use::<T>(&worker, 0);
        scene::set_block::<T>(Pallet::<T>::now_block() + 1 + b);
        scene::pass::<T>(LONG_SECS);
        scene::ask::<T>(U256::one());
        #[extrinsic_call]
        _(RawOrigin::Signed(operator), worker);
        assert!(matches!(state_of::<T>(&worker), SessionState::Unresponsive { .. }));
    }

    #[benchmark]
    fn resume() {
        scene::open::<T>();
        let operator: T::AccountId = whitelisted_caller();
        let worker = scene::worker::<T>(operator.clone());
        let session = scene::put_to_use::<T>(&worker, 0);
        Pallet::<T>::do_pause(&operator, &worker).unwrap();
        #[extrinsic_call]
        _(RawOrigin::Signed(operator), worker);
        assert!(Sessions::<T>::get(session).unwrap().resumed);
    }

    #[benchmark]
    fn set_mining() -> Result<(), BenchmarkError> {
        let origin = T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, MiningParameters::local());
        assert!(NextMining::<T>::exists());
        Ok(())
    }

    #[benchmark]
    fn set_economics() -> Result<(), BenchmarkError> {
        let origin = T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, EconomicParameters::khala());
        assert!(NextEconomics::<T>::exists());
        Ok(())
    }

    #[benchmark]
    fn cancel_parameters() -> Result<(), BenchmarkError> {
        let origin = T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        Pallet::<T>::do_set_mining(MiningParameters::khala()).unwrap();
        Pallet::<T>::do_set_economics(EconomicParameters::khala()).unwrap();
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin);
        assert!(!NextMining::<T>::exists() && !NextEconomics::<T>::exists());
        Ok(())
    }

    /// The ring of `l` challenges gets another length.
    #[benchmark]
    fn apply_mining(l: Linear<3, MAX_RING>) {
        scene::open::<T>();
        let current = with_ring(l);
        Mining::<T>::put(&current);
        scene::set_block::<T>(2 * MAX_RING);
        scene::ask_everybody::<T>();
        let next = MiningParameters {
            heartbeat_window: current.heartbeat_window % MAX_WINDOW + 1,
            ..current
        };
        NextMining::<T>::put(Announced {
            due_secs: 0,
            parameters: next.clone(),
        });
        #[block]
        {
            Pallet::<T>::apply_parameters(&mut WeightMeter::new());
        }
        assert_eq!(Mining::<T>::get(), next);
        assert_eq!(Ring::<T>::iter().count(), 0);
    }

    #[benchmark]
    fn apply_economics() {
        scene::open::<T>();
        let parameters = EconomicParameters::khala();
        NextEconomics::<T>::put(Announced { due_secs: 0, parameters });
        #[block]
        {
            Pallet::<T>::apply_parameters(&mut WeightMeter::new());
        }
        assert!(!NextEconomics::<T>::exists());
    }

    /// What recoveries add to a batch: the outage guard, as full as it can be, counts a session as away no longer.
    #[benchmark]
    fn count_returned() {
        scene::open::<T>();
        let counted = scene::fill_guard::<T>();
        #[block]
        {
            Guard::<T>::mutate(|guard| guard.returned(counted, scene::OUTAGE_SHARE));
        }
        assert!(Guard::<T>::get().away() > Default::default());
    }

    /// A block after a halt, with a worker that mines and one in its cool-down; the outage guard is full, and begins.
    #[benchmark]
    fn on_poll() {
        scene::open::<T>();
        scene::fill_guard::<T>();
        scene::mining::<T>(0);
        cooling::<T>(1);
        scene::ask_everybody::<T>();
        let block = Pallet::<T>::now_block() + 1;
        scene::set_block::<T>(block);
        let late_ms = 1_000 * (Pallet::<T>::now_secs() + Mining::<T>::get().halt_gap_secs + 1);
        pallet_timestamp::Now::<T>::put(late_ms);
        #[block]
        {
            Pallet::<T>::on_poll(BlockNumberFor::<T>::from(block), &mut WeightMeter::new());
        }
        assert_eq!(VoidBefore::<T>::get(), block);
        assert!(Pallet::<T>::challenge_of(block).is_some());
        assert!(Pallet::<T>::is_outage());
    }

    /// One of two cool-downs is over.
    #[benchmark]
    fn release() {
        scene::open::<T>();
        let worker = cooling::<T>(0);
        scene::pass::<T>(Mining::<T>::get().cool_down_secs);
        cooling::<T>(1);
        #[block]
        {
            Pallet::<T>::release_due(&mut WeightMeter::new());
        }
        assert_eq!(state_of::<T>(&worker), SessionState::Ready);
        assert!(matches!(Releases::<T>::get(1), Some(Release { session: 1, .. })));
        assert_eq!(ReleaseRange::<T>::get(), (1, 2));
    }

    #[benchmark]
    fn on_finalize() {
        scene::open::<T>();
        InTransit::<T>::put(Unmoved { pot: PHA, treasury: PHA });
        #[block]
        {
            Pallet::<T>::on_finalize(BlockNumberFor::<T>::from(Pallet::<T>::now_block()));
        }
        assert_eq!(InTransit::<T>::get(), Unmoved::default());
    }

    #[benchmark]
    fn on_runtime_upgrade() {
        scene::open::<T>();
        #[block]
        {
            Pallet::<T>::on_runtime_upgrade();
        }
        assert_eq!(VoidBefore::<T>::get(), Pallet::<T>::now_block());
    }

    /// To compare with: verifying the signatures of a batch, and nothing else.
    #[benchmark(extra)]
    fn sr25519_verify(n: Linear<1, MAX_BATCH>) {
        let genesis = Pallet::<T>::genesis_hash();
        let signatures = batch::<T>(n).into_iter().map(
            |SignedHeartbeat {
                 heartbeat: signed,
                 signature,
             }| {
                let key = sr25519::Public::from_raw(signed.worker.0);
                (sr25519::Signature::from_raw(signature.0), signed.message(&genesis), key)
            },
        );
        let signatures: Vec<_> = signatures.collect();
        let valid;
        #[block]
        {
            valid = signatures
                .iter()
                .all(|(signature, message, key)| sp_io::crypto::sr25519_verify(signature, message, key));
        }
        assert!(valid);
    }
}
