//! What an owner does: spread and move, never take out.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use khala_pallet_stake_pool::{Error as PoolError, Holdings as PoolHoldings};
use khala_primitives::PHA;

#[test]
fn only_the_owner_invests_and_only_what_is_free() {
    run(|| {
        let (vault, pool) = (vault(0), pool(0));
        delegate(11, vault, 100 * PHA);
        assert_noop!(VaultPallet::invest(origin(11), vault, pool, PHA, 0), Error::<Test>::NotOwner);
        assert_noop!(
            VaultPallet::invest(origin(OWNER), vault, 9, PHA, 0),
            PoolError::<Test>::PoolNotFound
        );
        assert_noop!(
            VaultPallet::invest(origin(OWNER), vault, pool, 100 * PHA + 1, 0),
            Error::<Test>::NotEnoughFree
        );
        assert_noop!(
            VaultPallet::invest(origin(OWNER), vault, pool, PHA - 1, 0),
            PoolError::<Test>::DelegationTooSmall
        );
        assert_noop!(
            VaultPallet::invest(origin(OWNER), vault, pool, PHA, PHA + 1),
            PoolError::<Test>::TooFewShares
        );
        assert_ok!(VaultPallet::invest(origin(OWNER), vault, pool, 60 * PHA, 60 * PHA));
        assert_eq!(PoolHoldings::<Test>::get(VaultPallet::account(vault), pool).shares, 60 * PHA);
        assert_eq!(Vaults::<Test>::get(vault).unwrap().free, 40 * PHA);
    });
}

#[test]
fn a_seventeenth_pool_is_refused_and_one_that_was_left_makes_room() {
    run(|| {
        let vault = vault(0);
        delegate(11, vault, 100 * PHA);
        let pools: Vec<_> = (0..=MAX_POOLS).map(|_| pool(0)).collect();
        for pool in &pools[..MAX_POOLS as usize] {
            invest(vault, *pool, PHA);
        }
        let last = pools[MAX_POOLS as usize];
        assert_noop!(VaultPallet::invest(origin(OWNER), vault, last, PHA, 0), Error::<Test>::TooManyPools);
        invest(vault, pools[3], PHA);
        assert_ok!(VaultPallet::divest(origin(OWNER), vault, pools[3], 2 * PHA, 2 * PHA));
        invest(vault, last, PHA);
        assert_noop!(
            VaultPallet::divest(origin(OWNER), vault, pools[3], PHA, 0),
            Error::<Test>::PoolNotUsed
        );
    });
}

#[test]
fn moved_coins_come_through_the_pools_queue_and_are_free_in_the_vault() {
    run(|| {
        let (vault, pool) = (vault(0), pool(0));
        delegate(11, vault, 5_000 * PHA);
        invest(vault, pool, 5_000 * PHA);
        start(1, pool, 4_000 * PHA);
        assert_noop!(VaultPallet::divest(origin(11), vault, pool, PHA, 0), Error::<Test>::NotOwner);
        assert_noop!(
            VaultPallet::divest(origin(OWNER), vault, pool, PHA, PHA + 1),
            PoolError::<Test>::TooLittleWorth
        );
        assert_ok!(VaultPallet::divest(origin(OWNER), vault, pool, 3_000 * PHA, 0));
        let free = || Vaults::<Test>::get(vault).unwrap().free;
        assert_eq!((free(), at(vault).value()), (1_000 * PHA, Some(5_000 * PHA)));
        assert_eq!(PoolHoldings::<Test>::get(VaultPallet::account(vault), pool).queued, 2_000 * PHA);
        // Its account's position tells of it.
        let requests = || StakePool::delegation_status(pool, &VaultPallet::account(vault)).requests;
        let told = requests();
        let told: Vec<_> = told
            .iter()
            .map(|request| (request.id, request.shares, request.cancellable))
            .collect();
        assert_eq!(told, [(0, 2_000 * PHA, true)]);
        // It can think better of it.
        assert_noop!(VaultPallet::cancel_divest(origin(11), vault, pool, 0), Error::<Test>::NotOwner);
        assert_ok!(VaultPallet::cancel_divest(origin(OWNER), vault, pool, 0));
        assert_eq!(requests(), []);
        assert_ok!(VaultPallet::divest(origin(OWNER), vault, pool, 2_000 * PHA, 0));
        pass(120 + 120 + 10);
        assert_eq!((free(), requests()), (3_000 * PHA, vec![]));
        assert!(events().iter().any(|event| matches!(event, Event::CoinsReturned { .. })));
        assert_noop!(
            VaultPallet::cancel_divest(origin(OWNER), vault, pool, 1),
            PoolError::<Test>::RequestNotFound
        );
    });
}

#[test]
fn what_those_who_wait_are_owed_cannot_be_invested_nor_called_back() {
    run(|| {
        let (vault, pool) = (vault(0), pool(0));
        delegate(11, vault, 3_000 * PHA);
        invest(vault, pool, 3_000 * PHA);
        start(1, pool, 3_000 * PHA);
        undelegate(11, vault, 1_000 * PHA);
        assert_noop!(
            VaultPallet::cancel_divest(origin(OWNER), vault, pool, 0),
            Error::<Test>::RequestBacked
        );
        delegate(12, vault, 1_500 * PHA);
        assert_eq!(at(vault).spare(), Some(500 * PHA));
        assert_noop!(
            VaultPallet::invest(origin(OWNER), vault, pool, 500 * PHA + 1, 0),
            Error::<Test>::NotEnoughFree
        );
        assert_ok!(VaultPallet::invest(origin(OWNER), vault, pool, 500 * PHA, 0));
        // Who waits is paid out of the free coins in the next block; what the pool pays later is the vault's.
        next_block_after(6);
        assert!(requests(vault, 11).is_empty());
        assert_eq!(at(vault).owed(), Some(0));
        assert_ok!(VaultPallet::cancel_divest(origin(OWNER), vault, pool, 0));
        assert_eq!(at(vault).value(), Some(3_500 * PHA));
    });
}

#[test]
fn a_vault_that_is_late_delegates_no_further() {
    run(|| {
        let (vault, pool, other) = (vault(0), pool(0), pool(0));
        delegate(11, vault, 2_000 * PHA);
        invest(vault, pool, 2_000 * PHA);
        start(1, pool, 2_000 * PHA);
        undelegate(11, vault, 1_000 * PHA);
        // The pool takes stakes back from its deadline on; the vault's is a minute later, and the cool-down takes two.
        pass(120 + 60 - 1);
        assert_noop!(
            VaultPallet::invest(origin(OWNER), vault, other, PHA, 0),
            Error::<Test>::NotEnoughFree
        );
        pass(1);
        assert_noop!(VaultPallet::invest(origin(OWNER), vault, other, PHA, 0), Error::<Test>::VaultLate);
        pass(60 + 10);
        delegate(12, vault, PHA);
        assert_ok!(VaultPallet::invest(origin(OWNER), vault, other, PHA, 0));
    });
}
