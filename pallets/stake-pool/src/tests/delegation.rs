//! Coins in, shares out; shares from hand to hand.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};

type E = Error<Test>;

#[test]
fn a_delegation_is_at_least_one_pha() {
    run(|| {
        let id = pool(0);
        assert_noop!(StakePool::delegate(origin(11), id, PHA - 1, 0), E::DelegationTooSmall);
        assert_ok!(StakePool::delegate(origin(11), id, PHA, 0));
    });
}

#[test]
fn a_delegator_can_say_how_many_shares_are_enough() {
    run(|| {
        let id = pool(0);
        assert_ok!(StakePool::delegate(origin(11), id, 100 * PHA, 100 * PHA));
        reward(id, PHA);
        assert_noop!(StakePool::delegate(origin(12), id, 101 * PHA, 100 * PHA + 1), E::TooFewShares);
        assert_ok!(StakePool::delegate(origin(12), id, 101 * PHA, 100 * PHA));
    });
}

#[test]
fn a_holding_has_at_least_ten_thousand_million_shares() {
    run(|| {
        let id = pool(0);
        delegate(11, id, PHA);
        // A share is worth 101 planck now.
        reward(id, 100 * PHA);
        assert_noop!(StakePool::delegate(origin(12), id, PHA, 0), E::SharesTooDear);
        // 10^10 shares, and one less.
        assert_noop!(StakePool::delegate(origin(12), id, 1_009_999_999_999, 0), E::SharesTooDear);
        assert_ok!(StakePool::delegate(origin(12), id, 1_010_000_000_000, 0));
        assert_eq!(shares(id, 12), MIN_SHARES);
    });
}

#[test]
fn shares_go_from_hand_to_hand() {
    run(|| {
        let id = pool(0);
        delegate(11, id, 10 * PHA);
        events();
        assert_ok!(StakePool::transfer_shares(origin(11), id, account(12), 4 * PHA));
        assert_eq!((shares(id, 11), shares(id, 12)), (6 * PHA, 4 * PHA));
        assert_eq!(
            events(),
            [Event::SharesTransferred {
                pool: id,
                from: account(11),
                to: account(12),
                shares: 4 * PHA
            }]
        );
        assert_ok!(StakePool::transfer_shares(origin(11), id, account(12), 6 * PHA));
        assert!(!Holdings::<Test>::contains_key(account(11), id));
    });
}

#[test]
fn a_transfer_leaves_and_makes_no_holding_below_one_pha() {
    run(|| {
        let id = pool(0);
        delegate(11, id, 10 * PHA);
        let give = |shares| StakePool::transfer_shares(origin(11), id, account(12), shares);
        assert_noop!(give(0), E::NothingToMove);
        assert_noop!(give(10 * PHA + 1), E::NotEnoughShares);
        assert_noop!(give(PHA - 1), E::HoldingTooSmall);
        assert_noop!(give(9 * PHA + 1), E::HoldingTooSmall);
        assert_noop!(StakePool::transfer_shares(origin(11), id, account(11), PHA), E::TransferToSelf);
        assert_ok!(give(PHA));
        assert_ok!(give(8 * PHA));
        assert_ok!(give(PHA));
    });
}

#[test]
fn queued_shares_cannot_be_transferred() {
    run(|| {
        let id = pool(0);
        delegate(11, id, 5_000 * PHA);
        start(1, id, 5_000 * PHA);
        undelegate(11, id, 4_000 * PHA);
        assert_noop!(
            StakePool::transfer_shares(origin(11), id, account(12), 1_000 * PHA + 1),
            E::NotEnoughShares
        );
        assert_ok!(StakePool::transfer_shares(origin(11), id, account(12), 1_000 * PHA));
    });
}

/// A pool whose only stake is lost altogether: an economy in which a stop may cost everything.
fn worthless(test: impl FnOnce(PoolId, WorkerPublicKey)) {
    let mut economics = khala_pallet_mining::EconomicParameters::khala();
    economics.max_principal_slash = khala_economics::Fixed::ONE;
    economics.keep_per_sec = "0.5".parse().unwrap();
    let mining = khala_pallet_mining::MiningParameters::local();
    run_with(mining, economics, PoolParameters::local(), || {
        let id = pool(0);
        delegate(11, id, 5_000 * PHA);
        let worker = start(1, id, 5_000 * PHA);
        go_offline(&worker);
        decay(600);
        assert_eq!(at(id).value(), Some(0));
        test(id, worker);
    });
}

use khala_primitives::{PoolId, WorkerPublicKey};

#[test]
fn nobody_joins_a_pool_whose_shares_are_worth_nothing() {
    worthless(|id, _| {
        assert_noop!(StakePool::delegate(origin(12), id, PHA, 0), E::PoolWorthless);
    });
}

#[test]
fn shares_that_are_worth_nothing_are_burned_for_nothing_and_a_reward_later_is_the_owners() {
    worthless(|id, worker| {
        assert_noop!(StakePool::undelegate(origin(11), id, 5_000 * PHA, 1), E::TooLittleWorth);
        events();
        undelegate(11, id, 5_000 * PHA);
        assert_eq!(
            events(),
            [Event::Undelegated {
                pool: id,
                who: account(11),
                shares: 5_000 * PHA,
                amount: 0
            }]
        );
        assert_eq!(at(id).pool.shares, 0);
        reward(id, 7 * PHA);
        assert_eq!(at(id).pool.commission_due, 7 * PHA);
        // What stakes give back is the owner's: nobody buys it before it has come.
        assert_noop!(StakePool::delegate(origin(12), id, PHA, 0), E::PoolUnwinding);
        assert_ok!(StakePool::stop_worker(origin(OWNER), worker));
        pass(130);
        delegate(12, id, PHA);
        assert_eq!(worth(id, 12), PHA);
    });
}

#[test]
fn a_reward_gives_worthless_shares_a_price_again() {
    worthless(|id, _| {
        reward(id, 10 * PHA);
        assert_eq!(worth(id, 11), 10 * PHA);
        delegate(12, id, 10 * PHA);
        assert_eq!(worth(id, 12), 10 * PHA);
    });
}
