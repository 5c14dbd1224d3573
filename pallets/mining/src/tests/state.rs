//! `try_state` notices each kind of damage.

use crate::{mock::*, *};
use frame_support::traits::fungible::Mutate;
use khala_primitives::{status::SessionState, PHA};
use sp_runtime::{DispatchError, TransactionOutcome};

fn damaged(damage: impl FnOnce(), message: &'static str) {
    frame_support::storage::with_transaction(|| {
        damage();
        assert_eq!(MiningPallet::do_try_state(), Err(message.into()));
        TransactionOutcome::Rollback(Ok::<_, DispatchError>(()))
    })
    .unwrap();
}

#[test]
fn every_damage_is_noticed() {
    run(|| {
        let (idle, stopped) = (Worker::mining("a", 5_000 * PHA), Worker::mining("b", 5_000 * PHA));
        run_blocks(3);
        MiningPallet::stop(&stopped.key()).unwrap();
        let (idle, stopped) = (idle.session_id(), stopped.session_id());
        let change = |id, change: fn(&mut Session)| Sessions::<Test>::mutate(id, |session| change(session.as_mut().unwrap()));

        damaged(|| NextSessionId::<Test>::put(1), "a session's number was not given out");
        damaged(|| change(idle, |s| s.worker.0[0] ^= 1), "a worker does not point to its session");
        damaged(
            || change(idle, |s| s.state = SessionState::Ready),
            "a session runs without a stake, or has one and does not run",
        );
        damaged(
            || change(idle, |s| s.position = None),
            "a session runs without a stake, or has one and does not run",
        );
        damaged(
            || change(idle, |s| s.cooling = 1),
            "a session that does not cool down has a cooling principal",
        );
        damaged(
            || {
                change(idle, |s| {
                    s.state = SessionState::Unresponsive {
                        cause: khala_primitives::status::Absence::Offline,
                    }
                })
            },
            "a session earns and is not idle, or is idle and does not earn",
        );
        damaged(
            || SessionOf::<Test>::insert(khala_primitives::WorkerPublicKey([8; 32]), idle),
            "workers and sessions differ in number",
        );
        damaged(|| IdleSessions::<Test>::put(2), "the number of idle sessions is wrong");
        damaged(
            || Shares::<Test>::mutate(|shares| shares.total_share = Default::default()),
            "the sum of shares or the ledger is wrong",
        );
        damaged(
            || {
                Balances::burn_from(
                    &Subsidy::get(),
                    SUBSIDY,
                    frame_support::traits::tokens::Preservation::Expendable,
                    frame_support::traits::tokens::Precision::BestEffort,
                    frame_support::traits::tokens::Fortitude::Force,
                )
                .unwrap();
            },
            "the subsidy is overdrawn",
        );
        damaged(|| Releases::<Test>::remove(0), "a cool-down is missing");
        damaged(
            || Releases::<Test>::mutate(0, |r| r.as_mut().unwrap().due_secs += 1),
            "a cool-down's session does not cool down",
        );
        damaged(|| ReleaseRange::<Test>::put((0, 0)), "cool-downs stand outside their range");
        damaged(
            || {
                Releases::<Test>::remove(0);
                ReleaseRange::<Test>::put((0, 0));
            },
            "a cooling session has no cool-down",
        );
        damaged(
            || {
                Sessions::<Test>::remove(stopped);
                SessionOf::<Test>::remove(Worker::new("b").key());
            },
            "a cool-down has no session",
        );
    });
}
