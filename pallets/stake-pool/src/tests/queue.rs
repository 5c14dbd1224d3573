//! Requests: what is queued, what it may not, and in which order it is paid.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use khala_primitives::PoolId;

type E = Error<Test>;

/// A pool whose 9,000 PHA are all at stake, 3,000 each of 11, 12 and 13.
fn invested(test: impl FnOnce(PoolId)) {
    run(|| {
        let id = pool(0);
        (11..14).for_each(|number| delegate(number, id, 3_000 * PHA));
        (1..4).for_each(|number| {
            start(number, id, 3_000 * PHA);
        });
        test(id);
    });
}

fn numbers(id: PoolId) -> Vec<u64> {
    let mut out = vec![];
    let mut next = at(id).pool.queue.first;
    while let Some(number) = next {
        out.push(number);
        next = Requests::<Test>::get(id, number).unwrap().next;
    }
    out
}

#[test]
fn free_coins_pay_at_once_when_nobody_waits() {
    run(|| {
        let id = pool(0);
        delegate(11, id, 100 * PHA);
        events();
        let before = balance(11);
        assert_ok!(StakePool::undelegate(origin(11), id, 40 * PHA, 40 * PHA));
        assert_eq!(balance(11) - before, 40 * PHA);
        assert_eq!(
            events(),
            [Event::Undelegated {
                pool: id,
                who: account(11),
                shares: 40 * PHA,
                amount: 40 * PHA
            }]
        );
        undelegate(11, id, 60 * PHA);
        assert!(!Holdings::<Test>::contains_key(account(11), id));
        assert_eq!((at(id).pool.shares, at(id).pool.free), (0, 0));
    });
}

#[test]
fn what_free_coins_do_not_pay_waits_with_a_date() {
    invested(|id| {
        events();
        assert_ok!(StakePool::undelegate(origin(11), id, 1_000 * PHA, 0));
        let deadline_secs = StakePool::now() + 120;
        assert_eq!(
            events(),
            [Event::RequestQueued {
                pool: id,
                request: 0,
                who: account(11),
                shares: 1_000 * PHA,
                deadline_secs
            }]
        );
        assert_eq!(shares(id, 11), 2_000 * PHA);
        let queue = at(id).pool.queue;
        assert_eq!((queue.queued_shares, queue.due_shares), (1_000 * PHA, 0));
    });
}

#[test]
fn an_undelegation_says_what_it_is_worth_at_least() {
    invested(|id| {
        let take = |shares, least| StakePool::undelegate(origin(11), id, shares, least);
        assert_noop!(take(0, 0), E::NothingToMove);
        assert_noop!(take(3_000 * PHA + 1, 0), E::NotEnoughShares);
        assert_noop!(take(PHA - 1, 0), E::RequestTooSmall);
        assert_noop!(take(PHA, PHA + 1), E::TooLittleWorth);
        assert_ok!(take(PHA, PHA));
    });
}

#[test]
fn a_holding_of_less_than_one_pha_is_not_left_behind() {
    invested(|id| {
        assert_ok!(StakePool::undelegate(origin(11), id, 2_999 * PHA, 0));
        assert_eq!(shares(id, 11), PHA);
        assert_ok!(StakePool::undelegate(origin(12), id, 2_999 * PHA + 1, 3_000 * PHA));
        assert_eq!(shares(id, 12), 0);
        assert_eq!(Requests::<Test>::get(id, 1).unwrap().shares, 3_000 * PHA);
    });
}

#[test]
fn dust_leaves_as_a_whole() {
    run(|| {
        let id = pool(0);
        delegate(11, id, 5_000 * PHA);
        delegate(12, id, PHA);
        let worker = start(1, id, 5_000 * PHA);
        go_offline(&worker);
        decay(36_000);
        assert!(worth(id, 12) < PHA);
        assert_noop!(StakePool::undelegate(origin(11), id, PHA, 0), E::RequestTooSmall);
        undelegate(12, id, PHA / 2);
        assert_eq!(shares(id, 12), 0);
    });
}

#[test]
fn a_ninth_request_is_refused_and_other_holders_and_pools_are_not() {
    invested(|id| {
        (0..8).for_each(|_| undelegate(11, id, PHA));
        assert_noop!(StakePool::undelegate(origin(11), id, PHA, 0), E::TooManyRequests);
        undelegate(12, id, PHA);
        assert_ok!(StakePool::cancel_request(origin(11), id, 3));
        undelegate(11, id, PHA);
        assert_eq!(numbers(id), [0, 1, 2, 4, 5, 6, 7, 8, 9]);
        let other = pool(0);
        delegate(11, other, 5_000 * PHA);
        start(9, other, 5_000 * PHA);
        undelegate(11, other, PHA);
    });
}

#[test]
fn a_request_is_cancelled_from_any_place_until_its_deadline() {
    invested(|id| {
        for number in [11, 12, 13, 11] {
            undelegate(number, id, 100 * PHA);
        }
        assert_noop!(StakePool::cancel_request(origin(12), id, 0), E::NotRequester);
        assert_noop!(StakePool::cancel_request(origin(12), id, 4), E::RequestNotFound);
        events();
        for (who, number, left) in [(12, 1, vec![0, 2, 3]), (11, 0, vec![2, 3]), (11, 3, vec![2])] {
            assert_ok!(StakePool::cancel_request(origin(who), id, number));
            assert_eq!(
                events(),
                [Event::RequestCancelled {
                    pool: id,
                    request: number,
                    who: account(who),
                    shares: 100 * PHA
                }]
            );
            assert_eq!(numbers(id), left);
            check();
        }
        assert_eq!((shares(id, 11), shares(id, 12)), (3_000 * PHA, 3_000 * PHA));
        pass(119);
        assert_ok!(frame_support::storage::with_storage_layer(|| {
            StakePool::cancel_request(origin(13), id, 2)?;
            undelegate(13, id, 100 * PHA);
            Ok::<_, sp_runtime::DispatchError>(())
        }));
        // The new request has a deadline of its own.
        pass(119);
        assert!(Requests::<Test>::contains_key(id, 4));
        pass(1);
        assert_noop!(StakePool::cancel_request(origin(13), id, 4), E::DeadlinePassed);
    });
}

#[test]
fn deadlines_are_fixed_when_a_request_is_made() {
    invested(|id| {
        undelegate(11, id, 100 * PHA);
        let deadline = Requests::<Test>::get(id, 0).unwrap().deadline_secs;
        Parameters::<Test>::mutate(|parameters| parameters.grace_secs = 1);
        pass(10);
        undelegate(12, id, 100 * PHA);
        // Nobody who came later is due earlier.
        assert_eq!(Requests::<Test>::get(id, 0).unwrap().deadline_secs, deadline);
        assert_eq!(Requests::<Test>::get(id, 1).unwrap().deadline_secs, deadline);
    });
}

#[test]
fn those_who_came_first_are_paid_first_and_in_parts() {
    invested(|id| {
        undelegate(11, id, 1_000 * PHA);
        undelegate(12, id, 500 * PHA);
        let (first, second) = (balance(11), balance(12));
        delegate(14, id, 600 * PHA);
        next_block_after(6);
        assert_eq!((balance(11) - first, balance(12) - second), (600 * PHA, 0));
        // Nobody overtakes the queue.
        let third = balance(13);
        delegate(14, id, 500 * PHA);
        undelegate(13, id, 100 * PHA);
        assert_eq!(balance(13), third);
        next_block_after(6);
        assert_eq!((balance(11) - first, balance(12) - second), (1_000 * PHA, 100 * PHA));
        assert_eq!(numbers(id), [1, 2]);
    });
}

#[test]
fn a_payment_in_part_is_at_least_one_pha_and_leaves_at_least_one() {
    invested(|id| {
        undelegate(11, id, 3 * PHA);
        let before = balance(11);
        reward(id, PHA - 1);
        pass(20);
        assert_eq!(balance(11), before);
        // 2.5 are there: 2 are paid, 1 is left.
        reward(id, PHA + PHA / 2);
        pass(20);
        let paid = balance(11) - before;
        assert!((2 * PHA..2 * PHA + PHA / 100).contains(&paid), "{paid}");
        let left = Requests::<Test>::get(id, 0).unwrap().shares;
        assert!(at(id).worth(left).unwrap() >= PHA - 1);
    });
}

#[test]
fn queued_shares_earn_and_lose_like_all_others() {
    invested(|id| {
        undelegate(11, id, 3_000 * PHA);
        reward(id, 9 * PHA);
        let status = StakePool::delegation_status(id, &account(11));
        assert_eq!((status.value, status.requests[0].value), (0, 3_003 * PHA));
        assert_eq!(worth(id, 12), 3_003 * PHA);
    });
}
