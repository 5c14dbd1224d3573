//! Leaving a vault.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use khala_pallet_stake_pool::{Error as PoolError, Holdings as PoolHoldings, Requests as PoolRequests, Unclaimed, MAX_OPEN_REQUESTS};
use khala_primitives::{PoolId, VaultId, PHA};

/// A vault of 11's, all of whose coins are staked by a pool.
fn staked(amount: Balance) -> (VaultId, PoolId) {
    let (vault, pool) = (vault(0), pool(0));
    delegate(11, vault, amount);
    invest(vault, pool, amount);
    start(1, pool, amount);
    (vault, pool)
}

#[test]
fn free_coins_pay_at_once_and_all_goes_when_too_little_would_be_left() {
    run(|| {
        let vault = vault(0);
        delegate(11, vault, 10 * PHA);
        let before = balance(11);
        undelegate(11, vault, 4 * PHA);
        assert_eq!((balance(11) - before, shares(vault, 11)), (4 * PHA, 6 * PHA));
        undelegate(11, vault, 5 * PHA + 1);
        assert_eq!((balance(11) - before, Vaults::<Test>::get(vault).unwrap().shares), (10 * PHA, 0));
    });
}

#[test]
fn what_cannot_be_taken_back_is_refused() {
    run(|| {
        let vault = vault(0);
        delegate(11, vault, 10 * PHA);
        for (shares, least, error) in [
            (0, 0, Error::<Test>::NothingToMove),
            (10 * PHA + 1, 0, Error::NotEnoughShares),
            (PHA - 1, 0, Error::RequestTooSmall),
            (PHA, PHA + 1, Error::TooLittleWorth),
        ] {
            assert_noop!(VaultPallet::undelegate(origin(11), vault, shares, least), error);
        }
        assert_noop!(VaultPallet::undelegate(origin(11), 7, PHA, 0), Error::<Test>::VaultNotFound);
        assert_noop!(VaultPallet::undelegate(origin(12), vault, PHA, 0), Error::<Test>::NotEnoughShares);
    });
}

#[test]
fn a_ninth_request_is_refused_and_nothing_is_filed_for_it() {
    run(|| {
        let (vault, _) = staked(5_000 * PHA);
        for _ in 0..MAX_OPEN_REQUESTS {
            undelegate(11, vault, PHA);
        }
        assert_noop!(VaultPallet::undelegate(origin(11), vault, PHA, 0), Error::<Test>::TooManyRequests);
        // Another one has its own eight, and the vault as many in the pool as it needs.
        assert_ok!(VaultPallet::transfer_shares(origin(11), vault, account(12), 100 * PHA));
        for _ in 0..MAX_OPEN_REQUESTS {
            undelegate(12, vault, PHA);
        }
        assert_eq!(PoolRequests::<Test>::iter().count(), 16);
    });
}

#[test]
fn queued_shares_of_pools_go_on_to_earn_and_lose_for_whoever_leaves() {
    run(|| {
        let (vault, pool) = staked(5_000 * PHA);
        let before = balance(11);
        undelegate(11, vault, 1_000 * PHA);
        reward(pool, 500 * PHA);
        // A tenth for the fifth that is queued; the reward pays it in part at once.
        next_block_after(6);
        pass(120 + 120 + 10);
        // Of two payments each may leave a planck in the pool by rounding.
        assert!(1_100 * PHA - (balance(11) - before) <= 2);
        assert!(worth(vault, 11).abs_diff(4_400 * PHA) <= 2);
    });
}

#[test]
fn a_margin_that_is_shortened_brings_no_deadline_before_an_earlier_one() {
    run(|| {
        let (vault, _) = staked(5_000 * PHA);
        undelegate(11, vault, 1_000 * PHA);
        Parameters::<Test>::put(VaultParameters { margin_secs: 1 });
        undelegate(11, vault, 1_000 * PHA);
        let deadlines = |number| {
            requests(vault, number)
                .iter()
                .map(|request| request.deadline_secs)
                .collect::<Vec<_>>()
        };
        assert_eq!(deadlines(11), [StakePool::now() + 120 + 60; 2]);
        next_block_after(100);
        undelegate(11, vault, 1_000 * PHA);
        assert_eq!(deadlines(11)[2], StakePool::now() + 120 + 1);
    });
}

#[test]
fn what_rounding_leaves_of_dear_shares_of_a_pool_is_not_waited_for() {
    run(|| {
        let (vault, pool) = (vault(0), pool(0));
        // A share of the pool is worth more than 5,000 planck.
        StakePool::delegate(origin(15), pool, PHA, 0).unwrap();
        reward(pool, 5_000 * PHA);
        delegate(11, vault, 10_000 * PHA);
        invest(vault, pool, 10_000 * PHA);
        start(1, pool, 10_000 * PHA);
        start(2, pool, 5_000 * PHA);
        for amount in [1_000, 777, 333] {
            undelegate(11, vault, amount * PHA);
        }
        assert!(requests(vault, 11).iter().all(|request| request.shares == 0));
        pass(120 + 120 + 10);
        assert!(requests(vault, 11).is_empty());
    });
}

#[test]
fn free_coins_pay_those_who_wait_in_order_before_anybody_who_leaves_later() {
    run(|| {
        let (vault, pool) = staked(5_000 * PHA);
        assert_ok!(VaultPallet::transfer_shares(origin(11), vault, account(12), 2_000 * PHA));
        let (first, second) = (balance(11), balance(12));
        undelegate(11, vault, 1_000 * PHA);
        undelegate(12, vault, 500 * PHA);
        delegate(13, vault, 1_200 * PHA);
        // 13 leaves before the vault has served the others, and has to wait behind them.
        undelegate(13, vault, 100 * PHA);
        next_block_after(6);
        assert_eq!((balance(11) - first, balance(12) - second), (1_000 * PHA, 200 * PHA));
        assert_eq!(requests(vault, 12)[0].claims[0].shares, 300 * PHA);
        assert_eq!(requests(vault, 13).len(), 1);
        // The pool's requests of those who are paid already are the vault's own now.
        let queued = PoolHoldings::<Test>::get(VaultPallet::account(vault), pool).queued;
        assert_eq!((queued, at(vault).vault.places[0].claimed), (1_600 * PHA, 400 * PHA));
        check();
        pass(120 + 120 + 10);
        assert_eq!(balance(12) - second, 500 * PHA);
        assert_eq!(at(vault).vault.free, 1_200 * PHA);
    });
}

#[test]
fn a_request_can_be_cancelled_until_its_pools_take_stakes_back_for_it() {
    run(|| {
        let (vault, pool) = staked(5_000 * PHA);
        undelegate(11, vault, 1_000 * PHA);
        reward(pool, 50 * PHA);
        assert_noop!(VaultPallet::cancel_request(origin(12), vault, 0), Error::<Test>::NotRequester);
        assert_noop!(VaultPallet::cancel_request(origin(11), vault, 1), Error::<Test>::RequestNotFound);
        let value = at(vault).value().unwrap();
        assert_ok!(VaultPallet::cancel_request(origin(11), vault, 0));
        assert!(requests(vault, 11).is_empty());
        // The shares of the pool are worth what they were worth in the queue, and nobody else has lost by it.
        assert_eq!(value, 4_040 * PHA);
        assert_eq!(worth(vault, 11), 5_050 * PHA);
        assert_eq!(PoolHoldings::<Test>::get(VaultPallet::account(vault), pool).queued, 0);
        undelegate(11, vault, 1_000 * PHA);
        pass(120);
        assert_noop!(VaultPallet::cancel_request(origin(11), vault, 1), PoolError::<Test>::DeadlinePassed);
    });
}

#[test]
fn who_leaves_while_the_owner_moves_everything_waits_for_what_is_on_its_way() {
    run(|| {
        let (vault, pool) = staked(4_000 * PHA);
        let other = crate::mock::pool(0);
        assert_ok!(VaultPallet::divest(origin(OWNER), vault, pool, 4_000 * PHA, 0));
        pass(60);
        let before = balance(11);
        undelegate(11, vault, 1_000 * PHA);
        let request = &requests(vault, 11)[0];
        assert_eq!((request.shares, request.claims.len()), (1_000 * PHA, 0));
        check();
        // What is on its way cannot be called back, nor can what comes in be moved on before.
        assert_noop!(
            VaultPallet::cancel_divest(origin(OWNER), vault, pool, 0),
            Error::<Test>::CoinsAwaited
        );
        delegate(12, vault, 300 * PHA);
        assert_noop!(
            VaultPallet::invest(origin(OWNER), vault, other, 10 * PHA, 0),
            Error::<Test>::NotEnoughFree
        );
        next_block_after(6);
        assert_eq!(balance(11) - before, 300 * PHA);
        // Others cannot take back what has to reach who waits.
        undelegate(12, vault, 100 * PHA);
        assert_noop!(VaultPallet::cancel_request(origin(12), vault, 1), Error::<Test>::CoinsAwaited);
        pass(60 + 120 + 10);
        assert_eq!(balance(11) - before, 1_000 * PHA);
        assert!(requests(vault, 11).is_empty() && requests(vault, 12).is_empty());
        assert_ok!(VaultPallet::invest(origin(OWNER), vault, other, 3_000 * PHA, 0));
    });
}

#[test]
fn who_waits_for_coins_may_think_better_of_it() {
    run(|| {
        let (vault, pool) = staked(4_000 * PHA);
        assert_ok!(VaultPallet::divest(origin(OWNER), vault, pool, 4_000 * PHA, 0));
        undelegate(11, vault, 1_000 * PHA);
        assert_ok!(VaultPallet::cancel_request(origin(11), vault, 0));
        assert_eq!(shares(vault, 11), 4_000 * PHA);
        undelegate(11, vault, 1_000 * PHA);
        pass(120 + 60);
        assert_noop!(VaultPallet::cancel_request(origin(11), vault, 1), Error::<Test>::DeadlinePassed);
    });
}

#[test]
fn small_withdrawals_are_claims_on_more_than_a_pool_takes_in_one_request() {
    run(|| {
        let vault = vault(0);
        delegate(11, vault, 6_000 * PHA);
        let pools: Vec<_> = (0..3).map(|_| pool(0)).collect();
        for (number, pool) in pools.iter().enumerate() {
            invest(vault, *pool, 2_000 * PHA);
            start(1 + number as u8, *pool, 2_000 * PHA);
        }
        undelegate(11, vault, 2 * PHA);
        let request = &requests(vault, 11)[0];
        // Two thirds of a PHA are too little for a pool: one gives all.
        assert_eq!(request.claims.len(), 1);
        assert_eq!(request.claims[0].shares, 2 * PHA);
        pass(120 + 120 + 10);
        assert!(requests(vault, 11).is_empty());
    });
}

#[test]
fn the_last_one_gets_all_and_what_rounding_left_is_the_owners() {
    run(|| {
        let (vault, pool) = staked(3_000 * PHA);
        let before = balance(11);
        undelegate(11, vault, 1_000 * PHA);
        undelegate(11, vault, 2_000 * PHA);
        assert_eq!(Vaults::<Test>::get(vault).unwrap().shares, 0);
        assert_noop!(VaultPallet::delegate(origin(12), vault, PHA, 0), Error::<Test>::VaultUnwinding);
        pass(120 + 120 + 10);
        assert_eq!(balance(11) - before, 3_000 * PHA);
        assert!(Vaults::<Test>::get(vault).unwrap().places.is_empty());
        assert!(!PoolHoldings::<Test>::contains_key(VaultPallet::account(vault), pool));
        delegate(12, vault, PHA);
        assert_eq!(shares(vault, 12), PHA);
    });
}

#[test]
fn a_payment_to_an_account_that_cannot_take_it_is_booked() {
    run(|| {
        let (vault, _) = staked(3_000 * PHA);
        // All but a hundredth of the smallest balance waits; 12 has nothing.
        let dead = khala_primitives::AccountId32::new([77; 32]);
        assert_ok!(VaultPallet::transfer_shares(origin(11), vault, dead.clone(), PHA));
        assert_ok!(VaultPallet::undelegate(RuntimeOrigin::signed(dead.clone()), vault, PHA, 0));
        // The pool pays half a planck's worth of dust first.
        Requests::<Test>::mutate(vault, 0, |request| {
            let claim = &mut request.as_mut().unwrap().claims[0];
            claim.shares = PHA / 1_000;
        });
        Vaults::<Test>::mutate(vault, |vault| vault.as_mut().unwrap().places[0].claimed = PHA / 1_000);
        pass(120 + 120 + 10);
        assert_eq!(Unclaimed::<Test>::get(dead), PHA / 1_000);
        // The rest of the request was the vault's.
        assert_eq!(at(vault).vault.free, PHA - PHA / 1_000);
    });
}

#[test]
fn events_tell_of_every_share_that_is_gone() {
    run(|| {
        let (vault, pool) = (vault(0), pool(0));
        delegate(11, vault, 5_000 * PHA);
        invest(vault, pool, 4_000 * PHA);
        start(1, pool, 4_000 * PHA);
        assert_ok!(VaultPallet::divest(origin(OWNER), vault, pool, 2_500 * PHA, 0));
        events();
        let all = || Vaults::<Test>::get(vault).unwrap().shares;
        let gone = |event: &Event<Test>| match event {
            Event::Undelegated { shares, .. } | Event::RequestPaid { shares, .. } => *shares,
            Event::RequestQueued { burned, .. } => *burned,
            _ => 0,
        };
        // A thousand is free, 1,500 are in the pool, the rest is on its way to the vault.
        let before = all();
        undelegate(11, vault, 4_000 * PHA);
        let told = events();
        assert!(
            matches!(
                told.as_slice(),
                [Event::Undelegated { shares, amount, .. }, Event::RequestQueued { burned, shares: waiting, .. }]
                if (*shares, *amount, *burned, *waiting) == (1_000 * PHA, 1_000 * PHA, 1_500 * PHA, 1_500 * PHA)
            ),
            "{told:?}"
        );
        assert_eq!(told.iter().map(gone).sum::<u128>(), before - all());
        let before = all();
        pass(120 + 120 + 10);
        let told = events();
        assert!(told
            .iter()
            .any(|event| matches!(event, Event::RequestPaid { shares, .. } if *shares > 0)));
        assert_eq!(told.iter().map(gone).sum::<u128>(), before - all());
        assert_eq!(all(), 1_000 * PHA);
    });
}
