//! Intel's evaluation numbers: documents are kept for the current and the next one, and judge on their day.

use super::{forged::*, mock::*};
use crate::{DocumentKind, Error, QeIdentities, TcbInfos};
use frame_support::{assert_noop, assert_ok};
use khala_attestation::{
    forge::CollateralDraft,
    policy::AttestationPolicy,
    rollback::{EvaluationNumbers, NextNumber},
    Collateral,
};
use khala_primitives::Tee;
use serde_json::json;

const CURRENT: u32 = 18;
const NEXT: u32 = 20;
/// When the next one becomes the current one.
const CHANGE: u64 = NOW + 1_000;
/// The kinds of documents that have a number.
const NUMBERED: [DocumentKind; 2] = [DocumentKind::TcbInfo, DocumentKind::QeIdentity];

/// Documents of a number.
fn numbered(number: u32) -> Collateral {
    let mut draft = CollateralDraft::new(&pki(), Tee::Sgx, NowSecs::get());
    draft.tcb_info["tcbEvaluationDataNumber"] = json!(number);
    draft.qe_identity["tcbEvaluationDataNumber"] = json!(number);
    draft.sign(&pki())
}

/// A chain whose policy names both numbers.
fn on_chain_with_next(test: impl FnOnce()) {
    on_chain(|| {
        let numbers = EvaluationNumbers {
            current: CURRENT,
            next: Some(NextNumber {
                number: NEXT,
                from_secs: CHANGE,
            }),
        };
        assert_ok!(Attestation::set_policy(
            root(),
            AttestationPolicy {
                evaluation_numbers: Some(numbers),
                ..policy()
            }
        ));
        test();
    });
}

fn numbers_kept() -> [Vec<u32>; 2] {
    let mut kept = [
        TcbInfos::<Test>::iter_key_prefix(family(Tee::Sgx)).collect::<Vec<_>>(),
        QeIdentities::<Test>::iter_key_prefix(quoting_enclave(Tee::Sgx)).collect(),
    ];
    kept.iter_mut().for_each(|numbers| numbers.sort());
    kept
}

#[test]
fn only_documents_of_the_current_number_are_kept_when_no_next_one_is_named() {
    for kind in NUMBERED {
        on_chain(|| {
            for number in [CURRENT - 1, CURRENT + 1, NEXT, 0, u32::MAX] {
                assert_noop!(bring_one(kind, &numbered(number)), Error::<Test>::CollateralNotCurrent);
            }
            assert_ok!(bring_one(kind, &numbered(CURRENT)));
        });
    }
}

#[test]
fn documents_of_the_current_and_the_next_number_are_kept_side_by_side() {
    on_chain_with_next(|| {
        for number in [CURRENT - 1, CURRENT + 1, NEXT - 1, NEXT + 1] {
            for kind in NUMBERED {
                assert_noop!(bring_one(kind, &numbered(number)), Error::<Test>::CollateralNotCurrent);
            }
        }
        for number in [NEXT, CURRENT] {
            bring_signed(&numbered(number));
        }
        assert_eq!(numbers_kept(), [[CURRENT, NEXT], [CURRENT, NEXT]]);
        // Each number has an order of its own.
        for number in [CURRENT, NEXT] {
            for kind in NUMBERED {
                assert_noop!(bring_one(kind, &numbered(number)), Error::<Test>::CollateralKnown);
            }
        }
    });
}

#[test]
fn the_documents_of_the_old_number_go_when_new_ones_come_after_its_day() {
    for (now, left) in [(CHANGE - 1, vec![CURRENT, NEXT]), (CHANGE, vec![NEXT]), (CHANGE + 1, vec![NEXT])] {
        on_chain_with_next(|| {
            bring_signed(&numbered(CURRENT));
            bring_signed(&numbered(NEXT));
            NowSecs::set(now);
            bring_signed(&numbered(NEXT));
            assert_eq!(numbers_kept(), [left.clone(), left]);
            for kind in NUMBERED {
                let again = bring_one(kind, &numbered(CURRENT));
                assert_eq!(again.is_ok(), now < CHANGE, "{kind:?} {now}");
            }
        });
    }
}

#[test]
fn evidence_is_judged_by_the_number_of_the_day() {
    let set_back = |number| {
        // Of the next number, every machine is out of date.
        let mut draft = CollateralDraft::new(&pki(), Tee::Sgx, NOW);
        draft.tcb_info["tcbEvaluationDataNumber"] = json!(number);
        draft.tcb_info["tcbLevels"][0]["tcbStatus"] = json!("OutOfDate");
        draft.qe_identity["tcbEvaluationDataNumber"] = json!(number);
        draft.sign(&pki())
    };
    on_chain_with_next(|| {
        bring(&numbered(CURRENT));
        bring_signed(&set_back(NEXT));
        let status = |now| verify(&evidence(), now).unwrap().status.as_str();
        assert_eq!([CHANGE - 1, CHANGE, CHANGE + 1].map(status), ["UpToDate", "OutOfDate", "OutOfDate"]);
    });
}

#[test]
fn evidence_waits_for_documents_of_the_new_number() {
    on_chain_with_next(|| {
        bring(&numbered(CURRENT));
        assert_ok!(verify(&evidence(), CHANGE - 1));
        assert_refused(verify(&evidence(), CHANGE), Error::NoTcbInfo);
        assert_ok!(bring_tcb_info(&numbered(NEXT)));
        assert_refused(verify(&evidence(), CHANGE), Error::NoQeIdentity);
        assert_ok!(bring_qe_identity(&numbered(NEXT)));
        assert_ok!(verify(&evidence(), CHANGE));
    });
}

#[test]
fn the_status_names_the_next_number_until_its_day() {
    on_chain_with_next(|| {
        let numbers = || {
            let status = Attestation::collateral_status();
            (status.current_number, status.next_number)
        };
        NowSecs::set(CHANGE - 1);
        assert_eq!(numbers(), (CURRENT, Some(NEXT)));
        NowSecs::set(CHANGE);
        assert_eq!(numbers(), (NEXT, None));
    });
}
