//! First registrations, and every refusal before the evidence is looked at.

use super::mock::*;
use crate::{Error, Event, PendingBenchmark, PlatformLoad, Platforms, WorkerDirectory, Workers};
use frame_support::{
    assert_noop, assert_ok,
    dispatch::{Pays, PostDispatchInfo},
};
use khala_attestation::development;
use khala_primitives::{ConfidenceLevel, Freshness, Instance, PRuntimeVersion, WorkerInfo, H256, PHA};
use sp_runtime::DispatchError;

/// `change` makes the registration fail with `error`; without it, it would succeed.
fn refused(change: impl FnOnce(&mut WorkerInfo), error: Error<Test>) {
    on_chain(|| {
        let worker = Worker::new("Worker");
        let mut info = worker.info();
        change(&mut info);
        let evidence = worker.evidence(&info);
        assert_noop!(Registry::register_worker(RuntimeOrigin::signed(operator()), info, evidence), error);
        assert_ok!(worker.register());
    });
}

fn named(number: u32) -> Freshness {
    Freshness {
        number,
        hash: hash_of_block(number),
    }
}

#[test]
fn a_worker_is_registered_and_asked_for_a_benchmark() {
    on_chain(|| {
        let worker = Worker::new("Worker");
        let info = worker.info();
        let done = worker.register().unwrap();
        assert_eq!(
            done,
            PostDispatchInfo {
                actual_weight: None,
                pays_fee: Pays::No
            },
            "the fee comes back"
        );

        let state = worker.state();
        assert_eq!(state.info, info);
        assert_eq!(state.verdict.measurement(), development::measurement());
        assert_eq!(state.verdict.level, ConfidenceLevel::One);
        assert_eq!(state.verdict.policy_version, 1);
        assert_eq!(state.lease_end_secs, now_secs() + PARAMETERS.lease_secs);
        assert_eq!((state.registered_at, state.renewed_at), (FIRST_BLOCK, FIRST_BLOCK));
        assert_eq!((state.deposit, deposit_held()), (PHA, PHA));
        assert_eq!(state.score, None);
        let asked = PendingBenchmark {
            block: FIRST_BLOCK,
            started_ms: time_ms_of_block(FIRST_BLOCK),
            seed: BlockSeed::get().unwrap(),
        };
        assert_eq!(state.benchmark, Some(asked));
        assert_eq!(
            Platforms::<Test>::get(state.verdict.platform_id()),
            PlatformLoad { workers: 1, score: 0 }
        );
        assert_eq!(Workers::<Test>::count(), 1);

        let registered = Event::WorkerRegistered {
            worker: worker.key(),
            operator: operator(),
            measurement: development::measurement(),
            platform_id: state.verdict.platform_id(),
            level: ConfidenceLevel::One,
            lease_end_secs: state.lease_end_secs,
        };
        assert_eq!(
            events(),
            [
                registered,
                Event::BenchmarkAsked {
                    worker: worker.key(),
                    block: FIRST_BLOCK
                }
            ]
        );
        let facts = Registry::facts(&worker.key()).unwrap();
        assert_eq!(facts.instance, info.instance);
        assert_eq!(Listener::take(), [Heard::Registered(worker.key(), facts)]);
    });
}

#[test]
fn the_registrar_registers_at_the_operators_expense_until_it_is_dismissed() {
    on_chain(|| {
        let worker = Worker::new("Worker");
        let info = worker.info();
        let register =
            |info: &WorkerInfo| Registry::register_worker(RuntimeOrigin::signed(registrar()), info.clone(), worker.evidence(info));
        assert_noop!(register(&info), Error::<Test>::NotOperatorOrRegistrar);

        assert_ok!(Registry::set_registrar(RuntimeOrigin::signed(operator()), Some(registrar())));
        assert_eq!(
            events(),
            [Event::RegistrarSet {
                operator: operator(),
                registrar: Some(registrar())
            }]
        );
        assert_ok!(register(&info));
        assert_eq!(deposit_held(), PHA);

        assert_ok!(Registry::set_registrar(RuntimeOrigin::signed(operator()), None));
        go_to_block(FIRST_BLOCK + 1);
        assert_noop!(register(&worker.info()), Error::<Test>::NotOperatorOrRegistrar);
    });
}

#[test]
fn a_stranger_cannot_register_even_with_genuine_evidence() {
    on_chain(|| {
        let worker = Worker::new("Worker");
        let info = worker.info();
        let evidence = worker.evidence(&info);
        assert_noop!(
            Registry::register_worker(RuntimeOrigin::signed(stranger()), info.clone(), evidence.clone()),
            Error::<Test>::NotOperatorOrRegistrar
        );
        assert_noop!(
            Registry::register_worker(RuntimeOrigin::root(), info, evidence),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn naming_a_registrar_needs_a_signature() {
    on_chain(|| {
        assert_noop!(
            Registry::set_registrar(RuntimeOrigin::none(), Some(registrar())),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn info_for_another_chain_is_refused() {
    refused(|info| info.genesis_hash = H256::repeat_byte(9), Error::ForeignGenesis);
}

#[test]
fn info_without_a_version_is_refused() {
    refused(
        |info| {
            info.version = PRuntimeVersion {
                major: 0,
                minor: 0,
                patch: 0,
            }
        },
        Error::InvalidVersion,
    );
}

#[test]
fn info_without_an_instance_is_refused() {
    refused(|info| info.instance = Instance([0; 16]), Error::InvalidInstance);
}

#[test]
fn info_without_cores_or_memory_is_refused() {
    refused(|info| info.cores = 0, Error::InvalidResources);
    refused(|info| info.memory_mib = 0, Error::InvalidResources);
}

#[test]
fn evidence_may_name_the_parent_but_not_this_block_or_a_later_one() {
    refused(|info| info.freshness = named(FIRST_BLOCK), Error::FreshnessInFuture);
    refused(|info| info.freshness = named(FIRST_BLOCK + 1), Error::FreshnessInFuture);
    refused(|info| info.freshness = named(u32::MAX), Error::FreshnessInFuture);
}

#[test]
fn evidence_is_fresh_for_so_many_blocks_and_no_longer() {
    for (age, fresh) in [
        (PARAMETERS.freshness_blocks - 1, true),
        (PARAMETERS.freshness_blocks, true),
        (PARAMETERS.freshness_blocks + 1, false),
    ] {
        on_chain(|| {
            go_to_block(PARAMETERS.freshness_blocks + 10);
            let worker = Worker::new("Worker");
            let info = WorkerInfo {
                freshness: named(PARAMETERS.freshness_blocks + 10 - age),
                ..worker.info()
            };
            if fresh {
                assert_ok!(worker.register_as(info));
            } else {
                let evidence = worker.evidence(&info);
                assert_noop!(
                    Registry::register_worker(RuntimeOrigin::signed(operator()), info, evidence),
                    Error::<Test>::FreshnessTooOld
                );
            }
        });
    }
}

#[test]
fn evidence_that_names_a_block_of_a_fork_is_refused() {
    refused(|info| info.freshness.hash = H256::repeat_byte(0xf0), Error::FreshnessUnknownBlock);
    refused(
        |info| info.freshness.hash = hash_of_block(FIRST_BLOCK - 2),
        Error::FreshnessUnknownBlock,
    );
}

#[test]
fn a_platform_has_room_for_so_many_workers_and_no_more() {
    on_chain(|| {
        assert_ok!(Worker::on_platform("First", "Machine").register());
        assert_ok!(Worker::on_platform("Second", "Machine").register());
        let third = Worker::on_platform("Third", "Machine");
        let info = third.info();
        let evidence = third.evidence(&info);
        assert_noop!(
            Registry::register_worker(RuntimeOrigin::signed(operator()), info, evidence),
            Error::<Test>::PlatformFull
        );
        assert_ok!(Worker::on_platform("Third", "Another machine").register());
    });
}

#[test]
fn a_registration_in_a_block_without_a_seed_is_refused() {
    on_chain(|| {
        let worker = Worker::new("Worker");
        let seed = BlockSeed::get();
        BlockSeed::set(None);
        let info = worker.info();
        let evidence = worker.evidence(&info);
        assert_noop!(
            Registry::register_worker(RuntimeOrigin::signed(operator()), info, evidence),
            Error::<Test>::NoSeed
        );
        BlockSeed::set(seed);
        assert_ok!(worker.register());
    });
}

#[test]
fn a_lease_ends_with_the_evidence_when_that_is_earlier() {
    let long = crate::Parameters {
        lease_secs: 100 * 365 * 24 * 3600,
        ..PARAMETERS
    };
    on_chain_with(long, || {
        let worker = Worker::new("Worker");
        assert_ok!(worker.register());
        let state = worker.state();
        assert_eq!(state.lease_end_secs, state.verdict.expires_at_secs);
        assert!(state.lease_end_secs > now_secs());
    });
}
