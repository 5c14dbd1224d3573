//! The fee and its changes.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok, traits::fungible::InspectHold};
use khala_primitives::PHA;
use sp_runtime::Permill;

fn percent(percent: u32) -> Permill {
    Permill::from_percent(percent)
}

#[test]
fn a_vault_costs_a_deposit_and_promises_its_highest_fee() {
    run(|| {
        assert_noop!(
            VaultPallet::create_vault(origin(OWNER), percent(11), percent(10), percent(50), None),
            Error::<Test>::FeeAboveMaximum
        );
        let vault = vault(10);
        assert_eq!(
            Balances::balance_on_hold(&HoldReason::VaultDeposit.into(), &account(OWNER)),
            10 * PHA
        );
        assert_noop!(
            VaultPallet::set_fee(origin(OWNER), vault, percent(51)),
            Error::<Test>::FeeAboveMaximum
        );
        let poor = RuntimeOrigin::signed(khala_primitives::AccountId32::new([99; 32]));
        assert_noop!(
            VaultPallet::create_vault(poor, percent(0), percent(0), percent(50), None),
            Error::<Test>::CannotPayDeposit
        );
    });
}

#[test]
fn a_fee_rises_after_an_announcement_and_what_was_gained_before_pays_the_old_one() {
    run(|| {
        let (vault, pool) = (vault(10), pool(0));
        delegate(11, vault, 1_000 * PHA);
        invest(vault, pool, 1_000 * PHA);
        assert_noop!(VaultPallet::set_fee(origin(11), vault, percent(12)), Error::<Test>::NotOwner);
        assert_noop!(VaultPallet::set_fee(origin(OWNER), vault, percent(10)), Error::<Test>::FeeUnchanged);
        assert_noop!(
            VaultPallet::set_fee(origin(OWNER), vault, percent(21)),
            Error::<Test>::FeeRiseTooLarge
        );
        events();
        let due_secs = StakePool::now() + 240;
        assert_ok!(VaultPallet::set_fee(origin(OWNER), vault, percent(20)));
        assert_eq!(
            events(),
            [Event::FeeRiseAnnounced {
                vault,
                fee: percent(20),
                due_secs
            }]
        );
        pass(239);
        reward(pool, 100 * PHA);
        assert_eq!(at(vault).vault.fee.now, percent(10));
        pass(1);
        // The gain of before is settled at ten percent when the rise comes into force, however late the vault is touched.
        delegate(12, vault, PHA);
        assert_eq!(
            events()[..2],
            [
                Event::FeeTaken {
                    vault,
                    shares: 1_000 * PHA * 10 / 1_090,
                    amount: 10 * PHA
                },
                Event::FeeChanged { vault, fee: percent(20) }
            ]
        );
        assert_ok!(VaultPallet::set_fee(origin(OWNER), vault, percent(25)));
        assert_ok!(VaultPallet::set_fee(origin(OWNER), vault, percent(20)));
        assert_ok!(VaultPallet::set_fee(origin(OWNER), vault, percent(0)));
        let told: Vec<_> = events().into_iter().skip(1).collect();
        assert_eq!(
            told,
            [
                Event::FeeRiseCancelled { vault, fee: percent(25) },
                Event::FeeChanged { vault, fee: percent(0) }
            ]
        );
    });
}

#[test]
fn who_joins_a_vault_of_few_shares_pays_no_fee_on_what_it_brings() {
    run(|| {
        let (vault, pool) = (vault(50), pool(0));
        delegate(11, vault, 100 * PHA);
        invest(vault, pool, 50 * PHA);
        // Of seven planck the owner earns two shares, and everybody else leaves: three planck are left for them by rounding.
        reward(pool, 7);
        VaultPallet::divest(origin(OWNER), vault, pool, 50 * PHA, 0).unwrap();
        undelegate(11, vault, 100 * PHA);
        let left = at(vault);
        assert_eq!((left.vault.shares, left.vault.fee_shares, left.value()), (2, 2, Some(3)));
        delegate(12, vault, 1_000 * PHA);
        for _ in 0..3 {
            delegate(13, vault, PHA);
            next_block_after(6);
        }
        assert_eq!(at(vault).vault.fee_shares, 2);
        assert!(worth(vault, 12).abs_diff(1_000 * PHA) <= 10);
    });
}

#[test]
fn the_owner_claims_its_fee_as_shares_once_they_make_a_holding() {
    run(|| {
        let (vault, pool) = (vault(10), pool(0));
        delegate(11, vault, 100 * PHA);
        invest(vault, pool, 100 * PHA);
        assert_noop!(VaultPallet::claim_fee(origin(OWNER), vault), Error::<Test>::NothingToClaim);
        reward(pool, 9 * PHA);
        assert_noop!(VaultPallet::claim_fee(origin(11), vault), Error::<Test>::NotOwner);
        assert_noop!(VaultPallet::claim_fee(origin(OWNER), vault), Error::<Test>::FeeTooSmall);
        reward(pool, 11 * PHA);
        assert_ok!(VaultPallet::claim_fee(origin(OWNER), vault));
        let fee = worth(vault, OWNER);
        assert!(fee.abs_diff(2 * PHA) < 100, "{fee}");
        assert_eq!(Vaults::<Test>::get(vault).unwrap().fee_shares, 0);
        let before = balance(OWNER);
        undelegate(OWNER, vault, shares(vault, OWNER));
        // A planck may stay in the vault by rounding.
        assert!(fee - (balance(OWNER) - before) <= 1);
    });
}
