//! Holders whose coins lie in the pot.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok, traits::fungible::Inspect};

const VAULT: u8 = INNER_HOLDER;

/// The inner holder gets coins of 20's.
fn endow(amount: khala_primitives::Balance) {
    StakePool::receive(&account(20), amount).unwrap();
    more_inside(amount);
}

#[test]
fn an_inner_holder_delegates_and_undelegates_without_moving_a_coin() {
    run(|| {
        let id = pool(0);
        endow(1_000 * PHA);
        let pot = Balances::balance(&StakePool::pot());
        assert_eq!(StakePool::do_delegate(account(VAULT), id, 600 * PHA, 0), Ok(600 * PHA));
        less_inside(600 * PHA);
        check();
        let back = StakePool::do_undelegate(account(VAULT), id, 100 * PHA, 0).unwrap();
        assert_eq!((back.paid, back.burned, back.queued), (100 * PHA, 100 * PHA, None));
        more_inside(back.paid);
        check();
        assert_eq!(Balances::balance(&StakePool::pot()), pot);
        assert_eq!(worth(id, VAULT), 500 * PHA);
    });
}

#[test]
fn an_inner_holder_is_told_of_each_payment_of_its_requests() {
    run(|| {
        let id = pool(0);
        endow(5_000 * PHA);
        StakePool::do_delegate(account(VAULT), id, 5_000 * PHA, 0).unwrap();
        less_inside(5_000 * PHA);
        start(1, id, 5_000 * PHA);
        let back = StakePool::do_undelegate(account(VAULT), id, 1_000 * PHA, 0).unwrap();
        assert_eq!((back.paid, back.queued), (0, Some((0, StakePool::now() + 120))));
        assert_eq!(Holdings::<Test>::get(account(VAULT), id).queued, 1_000 * PHA);
        delegate(12, id, 400 * PHA);
        next_block_after(6);
        delegate(12, id, 600 * PHA);
        next_block_after(6);
        let paid = |amount, left| Paid {
            pool: id,
            request: 0,
            who: account(VAULT),
            amount,
            shares: amount,
            left,
        };
        assert_eq!(paid_inside(), [paid(400 * PHA, 600 * PHA), paid(600 * PHA, 0)]);
        assert_eq!(<Inner as Holders<_>>::coins(), 1_000 * PHA);
    });
}

#[test]
fn an_inner_holder_may_have_any_number_of_requests() {
    run(|| {
        let id = pool(0);
        endow(100 * PHA);
        StakePool::do_delegate(account(VAULT), id, 100 * PHA, 0).unwrap();
        less_inside(100 * PHA);
        delegate(12, id, 4_900 * PHA);
        start(1, id, 5_000 * PHA);
        for _ in 0..=MAX_OPEN_REQUESTS {
            StakePool::do_undelegate(account(VAULT), id, 2 * PHA, 0).unwrap();
        }
        check();
        let holding = Holdings::<Test>::get(account(VAULT), id);
        assert_eq!((holding.shares, holding.queued, holding.requests.len()), (82 * PHA, 18 * PHA, 0));
        assert_eq!(StakePool::do_cancel_request(account(VAULT), id, 0), Ok(2 * PHA));
        assert_eq!(Holdings::<Test>::get(account(VAULT), id).queued, 16 * PHA);
    });
}

#[test]
fn shares_of_inner_holders_do_not_go_from_hand_to_hand() {
    run(|| {
        let id = pool(0);
        delegate(11, id, 100 * PHA);
        assert_noop!(
            StakePool::transfer_shares(origin(11), id, account(VAULT), 10 * PHA),
            Error::<Test>::NotTransferable
        );
        assert_noop!(
            StakePool::transfer_shares(origin(VAULT), id, account(11), 10 * PHA),
            Error::<Test>::NotTransferable
        );
    });
}

#[test]
fn an_inner_holder_may_pay_out_of_the_pot() {
    run(|| {
        endow(10 * PHA);
        let before = balance(12);
        assert_ok!(StakePool::pay(&account(12), 4 * PHA));
        less_inside(4 * PHA);
        assert_eq!(balance(12) - before, 4 * PHA);
    });
}
