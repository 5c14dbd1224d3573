//! What happens to a session when its worker's evidence is judged again, or is another key's.

use crate::{mock::*, *};
use frame_support::{assert_err, dispatch::GetDispatchInfo};
use khala_primitives::{
    status::{Absence, Reason, SessionState},
    PHA,
};
use sp_runtime::transaction_validity::{InvalidTransaction, TransactionValidityError};

const STALE: TransactionValidityError = TransactionValidityError::Invalid(InvalidTransaction::Stale);
const REBINDING: SessionState = SessionState::Unresponsive { cause: Absence::Rebinding };

#[test]
fn a_heartbeat_under_another_policy_judges_the_worker_again_once() {
    run(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        worker.answer_next();
        change_policy(&[]);
        worker.answer_next();
        let session = worker.session();
        assert_eq!(
            (session.policy_version, session.heartbeats, session.state),
            (2, 2, SessionState::Idle)
        );
    });
}

#[test]
fn a_worker_that_the_new_policy_denies_lapses_with_its_next_heartbeat_and_is_not_paid() {
    run(|| {
        let (denied, other) = (Worker::mining("a", 5_000 * PHA), Worker::mining("b", 5_000 * PHA));
        let paid = denied.session().paid;
        change_policy(&[denied.key()]);
        denied.answer_next();
        other.answer_next();
        let session = denied.session();
        let lapsed = SessionState::Unresponsive {
            cause: Absence::LeaseLapsed,
        };
        assert_eq!((session.state, session.paid), (lapsed, paid));
        assert_eq!(other.session().state, SessionState::Idle);
        run_blocks(Mining::<Test>::get().recovery_spacing);
        let block = System::block_number();
        assert_err!(submit(&[denied.sign(denied.heartbeat(block))]), STALE);
    });
}

#[test]
fn a_batch_pays_for_judging_every_worker_and_gets_back_what_was_not_needed() {
    let batch = Default::default();
    let charged = Call::<Test>::heartbeat { batch }.get_dispatch_info().call_weight;
    assert_eq!(charged, MiningPallet::heartbeat_weight(0, 0));
    assert_eq!(
        MiningPallet::heartbeat_weight(3, 2).saturating_sub(MiningPallet::heartbeat_weight(3, 0)),
        JUDGE_WEIGHT.saturating_mul(2)
    );
}

#[test]
fn a_rebound_worker_keeps_its_session_and_comes_back_with_its_new_key_alone() {
    run(|| {
        let old = Worker::mining("a", 5_000 * PHA);
        old.answer_next();
        let (id, before) = (old.session_id(), old.session());
        let unanswered = old.wait_for_hit();
        let late = old.sign(old.heartbeat(unanswered));
        let new = old.rebind("b");
        assert_eq!(rebound(), [(POOL, old.key(), new.key())]);
        assert_eq!(new.session_id(), id);
        assert_eq!(SessionOf::<Test>::get(old.key()), None);
        let session = new.session();
        assert_eq!((session.state, session.stake()), (REBINDING, before.stake()));
        assert_eq!(MiningPallet::explain(&new.key()).reason, Reason::Rebinding);
        assert_err!(submit(&[late]), STALE);

        run_blocks(Mining::<Test>::get().recovery_spacing);
        let value = new.value();
        let block = System::block_number();
        submit(&[new.sign(new.heartbeat(block))]).unwrap();
        assert_eq!(new.session().state, SessionState::Idle);
        assert_eq!(new.value(), value);
    });
}

#[test]
fn the_value_of_a_rebound_worker_decays_after_the_grace_only() {
    run(|| {
        let new = Worker::mining("a", 5_000 * PHA).rebind("b");
        let value = new.value();
        let grace = Mining::<Test>::get().rebinding_grace_secs as u32;
        run_blocks(grace / 6);
        assert_eq!(new.value(), value);
        run_blocks(2);
        assert!(new.value() < value);
    });
}

#[test]
fn absences_and_cool_downs_stay_what_they_are_when_a_worker_is_rebound() {
    run(|| {
        let offline = Worker::mining("a", 5_000 * PHA);
        offline.miss_and_be_reported();
        let since = offline.session().since_block;
        run_blocks(3);
        let offline = offline.rebind("b");
        let session = offline.session();
        assert_eq!(session.state, SessionState::Unresponsive { cause: Absence::Offline });
        assert_eq!(session.since_block, since);

        let cooling = Worker::mining("c", 5_000 * PHA);
        MiningPallet::stop(&cooling.key()).unwrap();
        let before = cooling.session();
        let after = cooling.rebind("d").session();
        assert_eq!((after.state, after.cooling), (before.state, before.cooling));
    });
}
