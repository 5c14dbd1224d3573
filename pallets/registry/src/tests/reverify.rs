//! Judging again what is known of a worker: by anybody, and when the policy has changed.

use super::mock::*;
use crate::{Error, Event, Parameters, RefusalRecord, Refusals, WorkerDirectory, WorkerFacts, WorkerState};
use frame_support::{
    assert_noop, assert_ok,
    dispatch::{DispatchResultWithPostInfo, Pays},
};
use khala_attestation::{
    development::{self, EVALUATION_DATA_NUMBER},
    error::Error as Fault,
    forge::FMSPC,
    part::Part,
    policy::{AttestationPolicy, PolicyError},
};
use khala_pallet_attestation::{Error as AttestationError, MeasurementStanding, QeIdentities, Refusal, TcbInfos};
use khala_primitives::{AccountId32, ConfidenceLevel, H256};
use serde_json::json;
use sp_runtime::DispatchError;

type Refused = AttestationError<Test>;

/// A worker that was registered some seconds ago.
fn known_worker() -> Worker {
    let worker = Worker::new("Worker");
    assert_ok!(worker.register());
    pass_secs(10);
    Listener::take();
    worker
}

fn reverify(worker: &Worker) -> DispatchResultWithPostInfo {
    Registry::reverify_worker(RuntimeOrigin::signed(stranger()), worker.key())
}

fn facts(worker: &Worker) -> WorkerFacts<AccountId32> {
    Registry::facts(&worker.key()).unwrap()
}

/// Brings TCB info by which an up-to-date machine has another status.
fn status_becomes(status: &str) {
    let collateral = collateral_with(|draft| draft.tcb_info["tcbLevels"][0]["tcbStatus"] = json!(status));
    bring_signed(&collateral);
    System::reset_events();
}

/// Revokes the worker's PCK certificate.
fn revoke(worker: &Worker) {
    let serial = worker.state().verdict.facts.certified.leaf.serial.to_vec();
    bring_lists(&collateral_with(|draft| draft.pck_crl.revoked.push(serial)));
    System::reset_events();
}

fn set_policy(change: impl FnOnce(&mut AttestationPolicy)) {
    let mut changed = policy();
    change(&mut changed);
    assert_ok!(Attestation::set_policy(RuntimeOrigin::root(), changed));
    System::reset_events();
}

#[test]
fn the_level_follows_the_newest_documents_down_and_up() {
    on_chain(|| {
        let worker = known_worker();
        for (status, level) in [
            ("OutOfDate", ConfidenceLevel::Five),
            ("SWHardeningNeeded", ConfidenceLevel::Two),
            ("UpToDate", ConfidenceLevel::One),
        ] {
            go_to_block(System::block_number() + 1);
            status_becomes(status);
            let before = worker.state();
            assert_eq!(reverify(&worker).unwrap().pays_fee, Pays::No, "it was worth it");
            let after = worker.state();
            assert_eq!((after.verdict.level, after.verdict.status.as_str()), (level, status));
            assert_eq!(after.lease_end_secs, before.lease_end_secs);
            assert_eq!(
                WorkerState {
                    verdict: before.verdict.clone(),
                    ..after
                },
                before,
                "only the verdict is different"
            );
            assert_eq!(
                events(),
                [Event::WorkerReverified {
                    worker: worker.key(),
                    level
                }]
            );
            assert_eq!(Listener::take(), [Heard::Judged(worker.key(), facts(&worker))]);
        }
    });
}

#[test]
fn judging_again_for_nothing_keeps_its_fee() {
    on_chain(|| {
        let worker = known_worker();
        assert_eq!(reverify(&worker).unwrap().pays_fee, Pays::Yes);
        assert!(events().is_empty());
        bring(&collateral());
        System::reset_events();
        assert_eq!(reverify(&worker).unwrap().pays_fee, Pays::Yes);
        assert!(events().is_empty());
    });
}

/// What `change` does ends the lease for this reason.
fn ends_the_lease(change: impl FnOnce(&Worker), why: impl FnOnce(&Worker) -> Refusal) {
    on_chain(|| {
        let worker = known_worker();
        change(&worker);
        System::reset_events();
        assert!(worker.state().lease_end_secs > now_secs());
        assert_eq!(reverify(&worker).unwrap().pays_fee, Pays::No);
        assert_eq!(worker.state().lease_end_secs, now_secs(), "it ends at once");
        let why = why(&worker);
        assert_eq!(events(), [Event::EvidenceRefused { worker: worker.key(), why }]);
        let block = System::block_number();
        assert_eq!(Refusals::<Test>::get(worker.key()), Some(RefusalRecord { why, block }));
        assert_eq!(Listener::take(), [Heard::Judged(worker.key(), facts(&worker))]);
        // Once more changes nothing, and is paid for.
        go_to_block(block + 1);
        let lease_end = worker.state().lease_end_secs;
        assert_eq!(reverify(&worker).unwrap().pays_fee, Pays::Yes);
        assert_eq!(worker.state().lease_end_secs, lease_end);
    });
}

#[test]
fn a_platform_that_is_revoked_loses_its_lease() {
    ends_the_lease(revoke, |_| Fault::Revoked { part: Part::PckLeaf }.into());
    ends_the_lease(|_| status_becomes("Revoked"), |_| Fault::TcbRevoked.into());
}

#[test]
fn a_platform_that_the_policy_denies_loses_its_lease() {
    ends_the_lease(
        |_| set_policy(|policy| policy.denied_fmspcs.try_push(FMSPC).unwrap()),
        |_| PolicyError::Fmspc(FMSPC).into(),
    );
    ends_the_lease(
        |worker| {
            let platform = worker.state().verdict.platform_id();
            set_policy(|policy| policy.denied_platforms.try_push(platform).unwrap());
        },
        |worker| PolicyError::Platform(worker.state().verdict.platform_id()).into(),
    );
}

#[test]
fn code_that_may_run_no_longer_loses_its_lease() {
    let measurement = development::measurement();
    ends_the_lease(
        |_| assert!(Attestation::deprecate_measurement(RuntimeOrigin::root(), measurement, now_secs()).is_ok()),
        |_| Refusal::Measurement {
            measurement,
            standing: MeasurementStanding::Deprecated,
        },
    );
}

#[test]
fn what_stands_below_a_root_that_is_not_trusted_loses_its_lease() {
    let root = H256(sp_io::hashing::blake2_256(development::ROOT_DER));
    ends_the_lease(
        |_| assert!(Attestation::remove_trusted_root(RuntimeOrigin::root(), root).is_ok()),
        |_| Fault::NoTrustedRoot.into(),
    );
}

/// After `change` nothing is known, and nothing happens.
fn says_nothing(change: impl FnOnce(&Worker), error: Refused) {
    on_chain(|| {
        let worker = known_worker();
        change(&worker);
        System::reset_events();
        assert_noop!(reverify(&worker), error);
        assert!(Listener::take().is_empty());
    });
}

#[test]
fn missing_documents_say_nothing_of_a_worker() {
    says_nothing(
        |worker| {
            let certified = worker.state().verdict.facts.certified;
            let family = khala_pallet_attestation::Family {
                root: certified.root_key_hash,
                tee: worker.state().verdict.tee(),
                fmspc: FMSPC,
            };
            TcbInfos::<Test>::remove(family, EVALUATION_DATA_NUMBER);
        },
        Refused::NoTcbInfo,
    );
    says_nothing(|_| drop(QeIdentities::<Test>::clear(9, None)), Refused::NoQeIdentity);
    says_nothing(
        |_| {
            let numbers = khala_attestation::rollback::EvaluationNumbers {
                current: EVALUATION_DATA_NUMBER + 1,
                next: None,
            };
            set_policy(|policy| policy.evaluation_numbers = Some(numbers));
        },
        Refused::NoTcbInfo,
    );
}

#[test]
fn late_documents_say_nothing_of_a_worker() {
    let until_next_update = |worker: &Worker| worker.state().verdict.expires_at_secs - now_secs();
    let grace = ATTESTATION_PARAMETERS.collateral_grace_secs;
    says_nothing(
        |worker| stand_still_for(until_next_update(worker) + grace),
        Refused::CollateralExpired,
    );
    on_chain(|| {
        let worker = known_worker();
        stand_still_for(until_next_update(&worker) + grace - 2);
        assert_ok!(reverify(&worker));
    });
}

#[test]
fn a_revoked_signer_of_documents_says_nothing_of_a_worker() {
    says_nothing(
        |_| {
            let (_, _, kept) = TcbInfos::<Test>::iter().next().unwrap();
            let serial = kept.signer.serial.to_vec();
            bring_lists(&collateral_with(|draft| draft.root_crl.revoked.push(serial)));
        },
        Refused::CertificateRevoked,
    );
}

#[test]
fn a_lease_ends_no_later_than_what_it_is_judged_by() {
    let long = Parameters {
        lease_secs: 10_000,
        ..PARAMETERS
    };
    on_chain_with(long, || {
        let worker = known_worker();
        let collateral = collateral_with(|draft| draft.tcb_info["nextUpdate"] = json!("2026-09-21T14:15:20Z"));
        let next_update = GENESIS_SECS + 120;
        bring_signed(&collateral);
        System::reset_events();
        assert_eq!(reverify(&worker).unwrap().pays_fee, Pays::No);
        assert_eq!(
            worker.state().lease_end_secs,
            next_update + ATTESTATION_PARAMETERS.collateral_grace_secs
        );
        assert!(events().is_empty(), "it is worth as much as before");
    });
}

#[test]
fn a_lease_that_was_ended_comes_back_with_new_evidence_alone() {
    on_chain(|| {
        let worker = known_worker();
        status_becomes("Revoked");
        assert_ok!(reverify(&worker));
        let ended = worker.state().lease_end_secs;
        go_to_block(System::block_number() + 1);
        status_becomes("UpToDate");
        assert_ok!(reverify(&worker));
        assert_eq!(worker.state().lease_end_secs, ended);
        assert!(Refusals::<Test>::contains_key(worker.key()));
        assert_ok!(worker.renew());
        assert_eq!(worker.state().lease_end_secs, now_secs() + PARAMETERS.lease_secs);
        assert!(!Refusals::<Test>::contains_key(worker.key()));
    });
}

#[test]
fn an_unknown_worker_is_not_judged() {
    on_chain(|| {
        let unknown = Worker::new("Unknown");
        assert_noop!(reverify(&unknown), Error::<Test>::UnknownWorker);
        assert_noop!(
            Registry::reverify_worker(RuntimeOrigin::none(), unknown.key()),
            DispatchError::BadOrigin
        );
        assert_eq!(<Registry as WorkerDirectory<AccountId32>>::judge_again(&unknown.key()), None);
    });
}

fn judge_again(worker: &Worker) -> WorkerFacts<AccountId32> {
    <Registry as WorkerDirectory<AccountId32>>::judge_again(&worker.key()).unwrap()
}

fn policy_version() -> u32 {
    <Registry as WorkerDirectory<AccountId32>>::policy_version()
}

#[test]
fn under_the_same_policy_a_worker_is_not_judged_again() {
    on_chain(|| {
        let worker = known_worker();
        let before = facts(&worker);
        status_becomes("OutOfDate");
        assert_eq!(before.policy_version, policy_version());
        assert_eq!(judge_again(&worker), before);
        assert!(events().is_empty() && Listener::take().is_empty());
    });
}

#[test]
fn under_another_policy_a_worker_is_judged_again_once() {
    on_chain(|| {
        let worker = known_worker();
        let before = facts(&worker);
        set_policy(|policy| policy.flags.cached_keys = false);
        let after = judge_again(&worker);
        assert_eq!(
            after,
            WorkerFacts {
                policy_version: policy_version(),
                ..before
            }
        );
        assert_eq!(policy_version(), 2);
        assert_eq!(Listener::take(), [Heard::Judged(worker.key(), after.clone())]);
        assert_eq!(judge_again(&worker), after);
        assert!(Listener::take().is_empty());
    });
}

#[test]
fn a_policy_that_denies_a_worker_ends_its_lease_once() {
    on_chain(|| {
        let worker = known_worker();
        set_policy(|policy| policy.denied_fmspcs.try_push(FMSPC).unwrap());
        let after = judge_again(&worker);
        assert_eq!((after.lease_end_secs, after.policy_version), (now_secs(), 2));
        assert!(matches!(events()[..], [Event::EvidenceRefused { .. }]));
        go_to_block(System::block_number() + 1);
        assert_eq!(judge_again(&worker), after);
        assert!(events().is_empty());
    });
}

#[test]
fn where_documents_are_missing_a_worker_waits_for_its_judgement() {
    on_chain(|| {
        let worker = known_worker();
        let before = facts(&worker);
        set_policy(|policy| {
            policy.evaluation_numbers = Some(khala_attestation::rollback::EvaluationNumbers {
                current: EVALUATION_DATA_NUMBER + 1,
                next: None,
            });
        });
        assert_eq!(judge_again(&worker), before);
        assert!(events().is_empty() && Listener::take().is_empty());
        bring_signed(&collateral_with(|draft| {
            draft.tcb_info["tcbEvaluationDataNumber"] = json!(EVALUATION_DATA_NUMBER + 1);
            draft.qe_identity["tcbEvaluationDataNumber"] = json!(EVALUATION_DATA_NUMBER + 1);
        }));
        assert_eq!(judge_again(&worker).policy_version, policy_version());
    });
}
