//! Joining a vault, and shares from hand to hand.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use khala_pallet_stake_pool::MIN_DELEGATION;
use khala_primitives::PHA;
use sp_runtime::Permill;

#[test]
fn the_first_planck_buys_one_share_and_later_ones_as_many_as_they_are_worth() {
    run(|| {
        let (vault, pool) = (vault(0), pool(0));
        delegate(11, vault, 100 * PHA);
        assert_eq!(shares(vault, 11), 100 * PHA);
        invest(vault, pool, 100 * PHA);
        reward(pool, 25 * PHA);
        delegate(12, vault, 50 * PHA);
        assert_eq!(shares(vault, 12), 40 * PHA);
        assert_eq!((worth(vault, 11), worth(vault, 12)), (125 * PHA, 50 * PHA));
    });
}

#[test]
fn a_delegation_that_is_too_small_too_much_or_too_dear_is_refused() {
    run(|| {
        let id = NextVaultId::<Test>::get();
        let percent = Permill::from_percent;
        assert_ok!(VaultPallet::create_vault(
            origin(OWNER),
            percent(0),
            percent(50),
            percent(50),
            Some(100 * PHA)
        ));
        assert_noop!(VaultPallet::delegate(origin(11), 7, PHA, 0), Error::<Test>::VaultNotFound);
        assert_noop!(
            VaultPallet::delegate(origin(11), id, MIN_DELEGATION - 1, 0),
            Error::<Test>::DelegationTooSmall
        );
        assert_noop!(VaultPallet::delegate(origin(11), id, 100 * PHA + 1, 0), Error::<Test>::CapExceeded);
        assert_noop!(VaultPallet::delegate(origin(11), id, PHA, PHA + 1), Error::<Test>::TooFewShares);
        assert_ok!(VaultPallet::delegate(origin(11), id, 99 * PHA, 99 * PHA));
        assert_ok!(VaultPallet::delegate(origin(12), id, MIN_DELEGATION, 0));
        assert_noop!(VaultPallet::delegate(origin(12), id, MIN_DELEGATION, 0), Error::<Test>::CapExceeded);
        assert_ok!(VaultPallet::set_cap(origin(OWNER), id, None));
        assert_ok!(VaultPallet::delegate(origin(12), id, MIN_DELEGATION, 0));
        assert_noop!(
            VaultPallet::delegate(origin(12), id, 10_000_000 * PHA, 0),
            sp_runtime::TokenError::FundsUnavailable
        );
    });
}

#[test]
fn a_share_that_is_too_dear_to_divide_is_refused() {
    run(|| {
        let (vault, pool) = (vault(0), pool(0));
        delegate(11, vault, MIN_DELEGATION);
        invest(vault, pool, MIN_DELEGATION);
        // A PHA would buy fewer than 10^10 shares.
        reward(pool, 100 * PHA);
        assert_noop!(VaultPallet::delegate(origin(12), vault, PHA, 0), Error::<Test>::SharesTooDear);
        delegate(12, vault, 2 * PHA);
        assert!(worth(vault, 12) + 200 >= 2 * PHA);
    });
}

#[test]
fn coins_that_somebody_sends_to_the_account_of_a_vault_change_no_price() {
    run(|| {
        let vault = vault(0);
        delegate(11, vault, MIN_DELEGATION);
        for to in [VaultPallet::account(vault), StakePool::pot()] {
            assert_ok!(Balances::transfer_allow_death(origin(11), to, 100 * PHA));
        }
        delegate(12, vault, 199 * PHA);
        assert_eq!(worth(vault, 12), 199 * PHA);
    });
}

#[test]
fn nobody_gains_by_joining_and_leaving_in_one_block() {
    run(|| {
        let (vault, pool) = (vault(20), pool(10));
        delegate(11, vault, 1_000 * PHA);
        invest(vault, pool, 700 * PHA);
        reward(pool, 33 * PHA);
        let before = balance(12);
        for amount in [3 * PHA, 7 * PHA + 1, 233 * PHA + 77] {
            delegate(12, vault, amount);
            let shares = shares(vault, 12);
            undelegate(12, vault, shares / 2);
            undelegate(12, vault, shares - shares / 2);
        }
        delegate(12, vault, PHA);
        undelegate(12, vault, shares(vault, 12));
        assert!(balance(12) <= before && balance(12) + 100 >= before);
    });
}

#[test]
fn shares_go_from_hand_to_hand_and_not_into_a_vault() {
    run(|| {
        let vault = vault(0);
        delegate(11, vault, 100 * PHA);
        assert_ok!(VaultPallet::transfer_shares(origin(11), vault, account(12), 40 * PHA));
        assert_eq!((shares(vault, 11), shares(vault, 12)), (60 * PHA, 40 * PHA));
        for (number, to, shares, error) in [
            (11, account(12), 0, Error::<Test>::NothingToMove),
            (11, account(11), PHA, Error::TransferToSelf),
            (11, account(12), 60 * PHA + 1, Error::NotEnoughShares),
            (11, account(12), 60 * PHA - 1, Error::HoldingTooSmall),
            (11, account(13), PHA - 1, Error::HoldingTooSmall),
            (11, VaultPallet::account(vault), PHA, Error::VaultInVault),
            (11, VaultPallet::account(1_000), PHA, Error::VaultInVault),
        ] {
            assert_noop!(VaultPallet::transfer_shares(origin(number), vault, to, shares), error);
        }
        assert_ok!(VaultPallet::transfer_shares(origin(11), vault, account(12), 60 * PHA));
        assert!(!Holdings::<Test>::contains_key(account(11), vault));
    });
}

#[test]
fn the_account_of_a_vault_is_known_by_its_bytes() {
    run(|| {
        assert_eq!(VaultPallet::of_account(&VaultPallet::account(5)), Some(5));
        assert_eq!(VaultPallet::of_account(&StakePool::pot()), None);
        assert_eq!(VaultPallet::of_account(&account(11)), None);
        let mut other: [u8; 32] = VaultPallet::account(5).into();
        other[31] = 1;
        assert_eq!(VaultPallet::of_account(&other.into()), None);
    });
}
