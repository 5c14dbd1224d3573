//! What is held from operators.

use super::mock::*;
use crate::Error;
use frame_support::{
    assert_noop, assert_ok,
    traits::fungible::{Inspect, Mutate},
};
use khala_primitives::PHA;

#[test]
fn an_operator_pays_a_deposit_for_each_worker() {
    on_chain(|| {
        assert_ok!(Worker::new("First").register());
        assert_ok!(Worker::new("Second").register());
        assert_eq!(deposit_held(), 2 * PHA);
        assert_eq!(Balances::balance(&operator()), 98 * PHA);
    });
}

#[test]
fn the_deposit_must_leave_the_existential_deposit() {
    for (balance, enough) in [
        (PHA + EXISTENTIAL_DEPOSIT - 1, false),
        (PHA + EXISTENTIAL_DEPOSIT, true),
        (PHA + EXISTENTIAL_DEPOSIT + 1, true),
    ] {
        on_chain(|| {
            Balances::set_balance(&operator(), balance);
            let worker = Worker::new("Worker");
            let info = worker.info();
            let evidence = worker.evidence(&info);
            let registration = || Registry::register_worker(RuntimeOrigin::signed(operator()), info, evidence);
            if enough {
                assert_ok!(registration());
            } else {
                assert_noop!(registration(), Error::<Test>::DepositUnaffordable);
            }
        });
    }
}
