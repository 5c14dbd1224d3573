//! Workers that have gone for good are removed by anybody.

use super::mock::*;
use crate::{Error, Event, Platforms, Workers};
use frame_support::{
    assert_noop, assert_ok,
    dispatch::{DispatchResultWithPostInfo, Pays},
    traits::fungible::Inspect,
};
use khala_primitives::PHA;
use sp_runtime::DispatchError;

/// From the registration until the worker may be removed.
const REMOVABLE_SECS: u64 = PARAMETERS.lease_secs + PARAMETERS.removal_secs;

fn registered() -> Worker {
    let worker = Worker::new("Worker");
    assert_ok!(worker.register());
    worker
}

fn remove(worker: &Worker) -> DispatchResultWithPostInfo {
    Registry::remove_lapsed_worker(RuntimeOrigin::signed(stranger()), worker.key())
}

#[test]
fn a_worker_is_removed_when_its_lease_is_over_for_long_enough() {
    for (passed, good) in [(REMOVABLE_SECS - 2, false), (REMOVABLE_SECS, true), (REMOVABLE_SECS + 2, true)] {
        on_chain(|| {
            let worker = registered();
            pass_secs(passed);
            if good {
                assert_ok!(remove(&worker));
            } else {
                assert_noop!(remove(&worker), Error::<Test>::LeaseNotLongOver);
            }
        });
    }
}

#[test]
fn the_deposit_of_a_removed_worker_goes_back_and_the_fee_too() {
    on_chain(|| {
        let worker = registered();
        let platform = worker.state().verdict.platform_id();
        assert_eq!(deposit_held(), PHA);
        pass_secs(REMOVABLE_SECS);
        assert_eq!(remove(&worker).unwrap().pays_fee, Pays::No);
        assert_eq!((deposit_held(), Balances::balance(&operator())), (0, 100 * PHA));
        assert!(!Workers::<Test>::contains_key(worker.key()));
        assert!(!Platforms::<Test>::contains_key(platform));
        let retired = Event::WorkerRetired {
            worker: worker.key(),
            operator: operator(),
        };
        assert_eq!(events(), [retired]);
        assert_noop!(remove(&worker), Error::<Test>::UnknownWorker);
    });
}

#[test]
fn a_worker_in_use_is_not_removed() {
    on_chain(|| {
        let worker = registered();
        pass_secs(REMOVABLE_SECS);
        MayRetire::set(false);
        assert_noop!(remove(&worker), Error::<Test>::WorkerInUse);
        MayRetire::set(true);
        assert_ok!(remove(&worker));
    });
}

#[test]
fn a_renewal_saves_a_worker_from_removal() {
    on_chain(|| {
        let worker = registered();
        pass_secs(REMOVABLE_SECS);
        assert_ok!(worker.renew());
        assert_noop!(remove(&worker), Error::<Test>::LeaseNotLongOver);
    });
}

#[test]
fn a_removed_worker_may_come_back() {
    on_chain(|| {
        let worker = registered();
        pass_secs(REMOVABLE_SECS);
        assert_ok!(remove(&worker));
        assert_ok!(worker.register());
        assert_eq!(deposit_held(), PHA);
    });
}

#[test]
fn removing_takes_a_signature_and_a_worker() {
    on_chain(|| {
        let unknown = Worker::new("Unknown");
        assert_noop!(remove(&unknown), Error::<Test>::UnknownWorker);
        for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
            assert_noop!(Registry::remove_lapsed_worker(origin, unknown.key()), DispatchError::BadOrigin);
        }
    });
}
