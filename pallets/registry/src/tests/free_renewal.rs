//! What a renewal without a fee does, with good evidence and with bad.

use super::mock::*;
use crate::{Error, Event, RefusalRecord, Refusals, Renewals, WorkerDirectory, WorkerState};
use frame_support::{assert_noop, assert_ok};
use frame_system::RawOrigin;
use khala_attestation::{development, error::Error as Fault, forge::TcbClass, part::Part};
use khala_pallet_attestation::{MeasurementStanding, Refusal};
use khala_primitives::{ConfidenceLevel, Evidence, Instance, WorkerInfo, WorkerSignature};

/// A worker with a score, some seconds after it was measured.
fn scored_worker() -> Worker {
    let worker = Worker::new("Worker");
    assert_ok!(worker.register());
    answer_benchmark_with(&worker, 1_000);
    pass_secs(10);
    Listener::take();
    worker
}

/// The evidence of the renewal is refused, and the call succeeds with one renewal less.
fn refused_with(worker: &Worker, info: WorkerInfo, evidence: Evidence, why: Refusal) {
    let before = worker.state();
    assert_ok!(renew_with(info, evidence, WorkerSignature([0; 64])));
    let after = worker.state();
    assert_eq!(
        after,
        WorkerState {
            renewals: before.renewals.spend(&PARAMETERS, now_secs()).unwrap(),
            refused_freshness: System::block_number() - 1,
            ..before
        },
        "nothing else is different"
    );
    let block = System::block_number();
    assert_eq!(Refusals::<Test>::get(worker.key()), Some(RefusalRecord { why, block }));
    assert_eq!(events(), [Event::EvidenceRefused { worker: worker.key(), why }]);
    assert_eq!(Registry::registration_status(&worker.key()).unwrap().refused, Some(why.message()));
    assert!(Listener::take().is_empty());
}

#[test]
fn a_renewal_with_known_certification_bytes_weighs_less() {
    on_chain(|| {
        let worker = scored_worker();
        let (info, evidence, signature) = worker.renewal(worker.info());
        let done = Registry::renew_worker(RawOrigin::Authorized.into(), info, evidence, signature).unwrap();
        assert_eq!(done.actual_weight, Some(<() as crate::WeightInfo>::renew_worker_known()));
        go_to_block(System::block_number() + 1);
        let bad = worker.info();
        let evidence = Evidence::Sgx { quote: Vec::new() };
        let signature = worker.sign_renewal(&bad, &evidence);
        let refused = Registry::renew_worker(RawOrigin::Authorized.into(), bad, evidence, signature).unwrap();
        assert_eq!(refused.actual_weight, None);
    });
}

#[test]
fn a_restart_is_renewed_without_a_fee_and_without_a_benchmark() {
    on_chain(|| {
        let worker = scored_worker();
        let before = worker.state();
        let info = WorkerInfo {
            instance: Instance([2; 16]),
            ..worker.info()
        };
        assert_ok!(worker.renew_as(info.clone()));
        let after = worker.state();
        let lease_end_secs = now_secs() + PARAMETERS.lease_secs;
        // What known documents are good for includes their grace.
        let expires_at_secs = before.verdict.expires_at_secs + ATTESTATION_PARAMETERS.collateral_grace_secs;
        let expected = WorkerState {
            info,
            lease_end_secs,
            renewed_at: System::block_number(),
            renewals: Renewals {
                left: PARAMETERS.renewal_tokens - 1,
                since_secs: now_secs(),
            },
            verdict: khala_pallet_attestation::VerdictRecord {
                expires_at_secs,
                ..before.verdict
            },
            ..before
        };
        assert_eq!(after, expected);
        let renewed = Event::WorkerRenewed {
            worker: worker.key(),
            instance: Instance([2; 16]),
            level: ConfidenceLevel::One,
            lease_end_secs,
        };
        assert_eq!(events(), [renewed]);
        let facts = Registry::facts(&worker.key()).unwrap();
        assert_eq!(Listener::take(), [Heard::Registered(worker.key(), facts)]);
    });
}

#[test]
fn a_renewal_measures_the_score_again_when_it_is_due() {
    on_chain(|| {
        let worker = scored_worker();
        pass_secs(PARAMETERS.lease_secs / 2);
        assert_ok!(worker.renew());
        assert!(worker.state().benchmark.is_some());
        assert!(matches!(events()[..], [Event::WorkerRenewed { .. }, Event::BenchmarkAsked { .. }]));
    });
}

/// Renews in a block that draws no seed.
fn renew_without_seed(worker: &Worker) {
    let seed = BlockSeed::get();
    BlockSeed::set(None);
    let before = worker.state();
    assert_ok!(worker.renew());
    BlockSeed::set(seed);
    let after = worker.state();
    assert_eq!(after.renewals, before.renewals.spend(&PARAMETERS, now_secs()).unwrap());
    assert_eq!(after.lease_end_secs, now_secs() + PARAMETERS.lease_secs);
    assert_eq!((after.score, after.benchmark), (before.score, before.benchmark));
    assert!(matches!(events()[..], [Event::WorkerRenewed { .. }]));
}

#[test]
fn a_benchmark_that_is_due_in_a_block_without_a_seed_waits_for_the_next_renewal() {
    on_chain(|| {
        let worker = scored_worker();
        pass_secs(PARAMETERS.lease_secs / 2);
        renew_without_seed(&worker);
        go_to_block(System::block_number() + 1);
        assert_ok!(worker.renew());
        assert_eq!(worker.state().benchmark.unwrap().block, System::block_number());
    });
}

#[test]
fn an_open_benchmark_stays_open_through_a_renewal_in_a_block_without_a_seed() {
    on_chain(|| {
        let worker = Worker::new("Worker");
        assert_ok!(worker.register());
        go_to_block(FIRST_BLOCK + 1);
        renew_without_seed(&worker);
        assert_eq!(worker.state().benchmark.unwrap().block, FIRST_BLOCK);
        answer_benchmark_with(&worker, 1_000);
        assert!(worker.state().score.is_some());
    });
    on_chain(|| {
        let worker = Worker::new("Worker");
        assert_ok!(worker.register());
        go_to_block(FIRST_BLOCK + 1);
        renew_without_seed(&worker);
        go_to_block(FIRST_BLOCK + 2);
        assert_ok!(worker.renew());
        assert_eq!(worker.state().benchmark.unwrap().block, FIRST_BLOCK + 2, "it is asked for anew");
    });
}

#[test]
fn a_lapsed_lease_comes_back() {
    on_chain(|| {
        let worker = scored_worker();
        pass_secs(PARAMETERS.lease_secs + 10);
        assert!(worker.state().lease_end_secs < now_secs());
        assert_ok!(worker.renew());
        assert_eq!(worker.state().lease_end_secs, now_secs() + PARAMETERS.lease_secs);
        assert!(worker.state().benchmark.is_some());
    });
}

#[test]
fn what_is_no_quote_is_refused() {
    on_chain(|| {
        let worker = scored_worker();
        let junk = Evidence::Sgx {
            quote: vec![0; Evidence::MAX_QUOTE + 1],
        };
        refused_with(&worker, worker.info(), junk, Refusal::QuoteTooLong);
    });
}

#[test]
fn evidence_for_other_info_is_refused() {
    on_chain(|| {
        let worker = scored_worker();
        let evidence = worker.evidence(&worker.info());
        let info = WorkerInfo {
            cores: 64,
            ..worker.info()
        };
        refused_with(&worker, info, evidence, Fault::Binding.into());
    });
}

#[test]
fn evidence_of_another_platform_is_refused() {
    on_chain(|| {
        let worker = scored_worker();
        let info = worker.info();
        let elsewhere = Worker::new("Another machine").evidence(&info);
        refused_with(&worker, info, elsewhere, Refusal::OtherPlatform);
    });
}

#[test]
fn code_that_may_not_run_is_refused() {
    on_chain(|| {
        let worker = scored_worker();
        let info = worker.info();
        let (evidence, measurement) = evidence_of_other_code(&worker, &info, 7);
        let standing = MeasurementStanding::NotAllowed;
        refused_with(&worker, info, evidence, Refusal::Measurement { measurement, standing });
    });
    on_chain(|| {
        let worker = scored_worker();
        let measurement = development::measurement();
        assert_ok!(Attestation::deprecate_measurement(RuntimeOrigin::root(), measurement, 0));
        let info = worker.info();
        let evidence = worker.evidence(&info);
        let standing = MeasurementStanding::Deprecated;
        refused_with(&worker, info, evidence, Refusal::Measurement { measurement, standing });
    });
}

#[test]
fn the_next_success_takes_the_refusal_away() {
    type Success = fn(&Worker);
    let successes: [Success; 2] = [
        |worker| assert!(worker.renew().is_ok()),
        |worker| assert!(worker.register().is_ok()),
    ];
    for success in successes {
        on_chain(|| {
            let worker = scored_worker();
            let info = worker.info();
            let elsewhere = Worker::new("Another machine").evidence(&info);
            refused_with(&worker, info, elsewhere, Refusal::OtherPlatform);
            success(&worker);
            assert_eq!(Refusals::<Test>::get(worker.key()), None);
            assert_eq!(Registry::registration_status(&worker.key()).unwrap().refused, None);
        });
    }
}

#[test]
fn the_newest_refusal_is_the_one_that_is_told() {
    on_chain(|| {
        let worker = scored_worker();
        let info = worker.info();
        let elsewhere = Worker::new("Another machine").evidence(&info);
        refused_with(&worker, info, elsewhere, Refusal::OtherPlatform);
        go_to_block(System::block_number() + 1);
        let evidence = worker.evidence(&worker.info());
        let info = WorkerInfo {
            cores: 64,
            ..worker.info()
        };
        refused_with(&worker, info, evidence, Fault::Binding.into());
    });
}

#[test]
fn late_documents_serve_renewals_and_no_registrations() {
    on_chain(|| {
        let worker = scored_worker();
        let life = worker.state().verdict.expires_at_secs - now_secs();
        stand_still_for(life);
        assert_ok!(worker.renew());
        let expires_at_secs = worker.state().verdict.expires_at_secs;
        assert!(expires_at_secs < now_secs() + ATTESTATION_PARAMETERS.collateral_grace_secs);
        // The lease ends with the grace.
        pass_secs(500);
        assert_ok!(worker.renew());
        assert_eq!(worker.state().lease_end_secs, expires_at_secs);

        let newcomer = Worker::new("Newcomer");
        let (info, evidence) = (newcomer.info(), newcomer.evidence(&newcomer.info()));
        assert_noop!(
            Registry::register_worker(RuntimeOrigin::signed(operator()), info, evidence),
            khala_pallet_attestation::Error::<Test>::CollateralExpired
        );

        stand_still_for(ATTESTATION_PARAMETERS.collateral_grace_secs);
        let info = worker.info();
        let evidence = worker.evidence(&info);
        assert_ok!(renew_with(info, evidence, WorkerSignature([0; 64])));
        let why = Refusals::<Test>::get(worker.key()).unwrap().why;
        assert!(
            matches!(why, Refusal::Evidence(Fault::Expired { part: Part::RootCrl, .. })),
            "{why:?}"
        );
    });
}

#[test]
fn a_renewal_takes_over_what_the_platform_is_worth_now() {
    on_chain(|| {
        let mut worker = scored_worker();
        worker.platform = platform_of_class(TcbClass::OutOfDate, "Worker");
        assert_ok!(worker.renew());
        assert_eq!(worker.state().verdict.level, ConfidenceLevel::Five);
    });
}

#[test]
fn an_unknown_worker_is_not_renewed() {
    on_chain(|| {
        let worker = Worker::new("Worker");
        assert_noop!(worker.renew(), Error::<Test>::UnknownWorker);
    });
}
