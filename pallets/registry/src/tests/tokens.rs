//! Renewals without a fee are counted: each spends one, and one is back after a time.

use super::mock::*;
use crate::{Error, Parameters, Renewals};
use frame_support::{assert_noop, assert_ok};
use khala_primitives::{Evidence, WorkerSignature};

/// Until a spent one is back.
const BACK: u64 = PARAMETERS.renewal_token_secs;
/// Most that are saved up.
const MOST: u32 = PARAMETERS.renewal_tokens;
/// Some time.
const START: u64 = 1_000;

fn left_of(renewals: Renewals, now: u64) -> u32 {
    renewals.at(&PARAMETERS, now).left
}

/// A full bucket with so many spent at [`START`].
fn spent(count: u32) -> Renewals {
    (0..count).fold(Renewals::full(&PARAMETERS, START), |renewals, _| {
        renewals.spend(&PARAMETERS, START).unwrap()
    })
}

fn left(worker: &Worker) -> u32 {
    Registry::registration_status(&worker.key()).unwrap().renewals_left
}

/// A worker in its first block, with its full number.
fn new_worker() -> Worker {
    let worker = Worker::new("Worker");
    assert_ok!(worker.register());
    go_to_block(FIRST_BLOCK + 1);
    worker
}

fn bad_evidence() -> Evidence {
    Evidence::Sgx { quote: vec![0; 100] }
}

#[test]
fn there_are_so_many_and_no_more() {
    for count in 0..=MOST {
        assert_eq!(left_of(spent(count), START), MOST - count);
    }
    assert_eq!(spent(MOST).spend(&PARAMETERS, START), None);
}

#[test]
fn each_is_back_after_its_time() {
    for (passed, back) in [
        (0, 0),
        (BACK - 1, 0),
        (BACK, 1),
        (BACK + 1, 1),
        (2 * BACK - 1, 1),
        (2 * BACK, 2),
        (3 * BACK - 1, 2),
        (3 * BACK, 3),
    ] {
        assert_eq!(left_of(spent(MOST), START + passed), back, "{passed}");
    }
}

#[test]
fn there_are_never_more_than_the_most() {
    for passed in [0, BACK - 1, BACK, BACK + 1, 100 * BACK, u64::MAX - START] {
        assert_eq!(left_of(spent(0), START + passed), MOST);
        assert!(left_of(spent(1), START + passed) <= MOST);
    }
    // What was not used in a long time does not shorten the way back of the next.
    let used_late = spent(0).spend(&PARAMETERS, START + 10 * BACK - 1).unwrap();
    assert_eq!(left_of(used_late, START + 11 * BACK - 2), MOST - 1);
    assert_eq!(left_of(used_late, START + 11 * BACK - 1), MOST);
}

#[test]
fn spending_another_one_does_not_put_off_what_is_on_its_way() {
    let one = spent(2).spend(&PARAMETERS, START + BACK - 1).unwrap();
    assert_eq!(left_of(one, START + BACK - 1), 0);
    assert_eq!(left_of(one, START + BACK), 1);
    let two = one.spend(&PARAMETERS, START + BACK + 5).unwrap();
    assert_eq!(left_of(two, START + 2 * BACK - 1), 0);
    assert_eq!(left_of(two, START + 2 * BACK), 1);
}

#[test]
fn the_end_of_time_is_no_way_to_get_more() {
    let at_the_end = Renewals {
        left: 0,
        since_secs: u64::MAX,
    };
    assert_eq!(left_of(at_the_end, u64::MAX), 0);
    assert_eq!(left_of(at_the_end, 0), 0);
    let many = Parameters {
        renewal_tokens: u32::MAX,
        ..PARAMETERS
    };
    assert_eq!(Renewals { left: 0, since_secs: 0 }.at(&many, u64::MAX).left, u32::MAX);
}

#[test]
fn a_new_worker_has_all_and_good_evidence_spends_them() {
    on_chain(|| {
        let worker = new_worker();
        assert_eq!(left(&worker), MOST);
        for spent in 1..=MOST {
            go_to_block(System::block_number() + 1);
            assert_ok!(worker.renew());
            assert_eq!(left(&worker), MOST - spent);
        }
        go_to_block(System::block_number() + 1);
        assert_noop!(worker.renew(), Error::<Test>::NoRenewalLeft);
    });
}

#[test]
fn bad_evidence_spends_them_as_well() {
    on_chain(|| {
        let worker = new_worker();
        for spent in 1..=MOST {
            assert_ok!(renew_with(worker.info(), bad_evidence(), WorkerSignature([0; 64])));
            assert_eq!(left(&worker), MOST - spent);
        }
        assert_noop!(
            renew_with(worker.info(), bad_evidence(), WorkerSignature([0; 64])),
            Error::<Test>::NoRenewalLeft
        );
        assert_noop!(worker.renew(), Error::<Test>::NoRenewalLeft);
    });
}

#[test]
fn a_worker_that_has_spent_all_renews_again_when_one_is_back() {
    for (passed, good) in [(BACK - 2, false), (BACK, true), (BACK + 2, true)] {
        on_chain(|| {
            let worker = new_worker();
            for _ in 0..MOST {
                assert_ok!(renew_with(worker.info(), bad_evidence(), WorkerSignature([0; 64])));
            }
            pass_secs(passed);
            if good {
                assert_ok!(worker.renew());
            } else {
                assert_noop!(worker.renew(), Error::<Test>::NoRenewalLeft);
            }
        });
    }
}

#[test]
fn registering_again_needs_none_and_gives_none_back() {
    on_chain(|| {
        let worker = new_worker();
        for _ in 0..MOST {
            assert_ok!(renew_with(worker.info(), bad_evidence(), WorkerSignature([0; 64])));
        }
        assert_ok!(worker.register());
        assert_eq!(left(&worker), 0);
        go_to_block(System::block_number() + 1);
        assert_noop!(worker.renew(), Error::<Test>::NoRenewalLeft);
    });
}
