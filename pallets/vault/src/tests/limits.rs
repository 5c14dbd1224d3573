//! The highest commission of pools that a vault uses.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use khala_pallet_stake_pool::Holdings as PoolHoldings;
use khala_primitives::{PoolId, PHA};
use sp_runtime::Permill;

fn percent(percent: u32) -> Permill {
    Permill::from_percent(percent)
}

fn commission(pool: PoolId, rate: u32) {
    StakePool::set_commission(origin(POOL_OWNER), pool, percent(rate)).unwrap();
}

#[test]
fn a_pool_that_is_or_will_be_too_dear_is_not_used() {
    run(|| {
        let (vault, dear, rising) = (vault(0), pool(51), pool(50));
        delegate(11, vault, 100 * PHA);
        assert_noop!(
            VaultPallet::invest(origin(OWNER), vault, dear, PHA, 0),
            Error::<Test>::CommissionTooHigh
        );
        invest(vault, rising, PHA);
        commission(rising, 51);
        assert_noop!(
            VaultPallet::invest(origin(OWNER), vault, rising, PHA, 0),
            Error::<Test>::CommissionTooHigh
        );
    });
}

#[test]
fn a_pool_that_announces_to_become_too_dear_is_left_before_it_does() {
    run(|| {
        let (vault, pool, stays) = (vault(0), pool(45), pool(50));
        delegate(11, vault, 5_000 * PHA);
        invest(vault, pool, 3_000 * PHA);
        invest(vault, stays, 2_000 * PHA);
        start(1, pool, 3_000 * PHA);
        commission(pool, 55);
        // Within a slot every vault is looked at, and served in the next block.
        pass(10);
        next_block_after(1);
        let account = VaultPallet::account(vault);
        assert_eq!(PoolHoldings::<Test>::get(&account, pool).shares, 0);
        assert!(events().contains(&Event::PoolLeft { vault, pool }));
        assert_eq!(PoolHoldings::<Test>::get(&account, stays).shares, 2_000 * PHA);
        let due = khala_pallet_stake_pool::Pools::<Test>::get(pool).unwrap().rise.unwrap().due_secs;
        pass(120 + 120 + 10);
        assert_eq!(at(vault).vault.free, 3_000 * PHA);
        assert!(StakePool::now() <= due + 30);
    });
}

#[test]
fn a_limit_falls_at_once_and_rises_after_an_announcement() {
    run(|| {
        let (vault, pool) = (vault(0), pool(45));
        delegate(11, vault, 100 * PHA);
        invest(vault, pool, 100 * PHA);
        assert_noop!(
            VaultPallet::set_commission_limit(origin(11), vault, percent(40)),
            Error::<Test>::NotOwner
        );
        assert_noop!(
            VaultPallet::set_commission_limit(origin(OWNER), vault, percent(50)),
            Error::<Test>::LimitUnchanged
        );
        assert_noop!(
            VaultPallet::set_commission_limit(origin(OWNER), vault, percent(61)),
            Error::<Test>::LimitRiseTooLarge
        );
        events();
        let due_secs = StakePool::now() + 240;
        assert_ok!(VaultPallet::set_commission_limit(origin(OWNER), vault, percent(60)));
        assert_ok!(VaultPallet::set_commission_limit(origin(OWNER), vault, percent(50)));
        assert_eq!(
            events(),
            [
                Event::CommissionLimitRiseAnnounced {
                    vault,
                    limit: percent(60),
                    due_secs
                },
                Event::CommissionLimitRiseCancelled { vault, limit: percent(60) }
            ]
        );
        assert_ok!(VaultPallet::set_commission_limit(origin(OWNER), vault, percent(55)));
        let dear = crate::mock::pool(55);
        pass(239);
        delegate(12, vault, 10 * PHA);
        assert_noop!(
            VaultPallet::invest(origin(OWNER), vault, dear, PHA, 0),
            Error::<Test>::CommissionTooHigh
        );
        pass(1);
        assert_ok!(VaultPallet::invest(origin(OWNER), vault, dear, PHA, 0));
        // Down again: both are left, one in a visit.
        assert_ok!(VaultPallet::set_commission_limit(origin(OWNER), vault, percent(40)));
        next_block_after(6);
        assert_eq!(at(vault).vault.free, 110 * PHA);
    });
}

#[test]
fn only_the_owner_sets_the_cap() {
    run(|| {
        let vault = vault(0);
        assert_noop!(VaultPallet::set_cap(origin(11), vault, None), Error::<Test>::NotOwner);
        assert_ok!(VaultPallet::set_cap(origin(OWNER), vault, Some(7)));
        assert_eq!(events().last(), Some(&Event::CapChanged { vault, cap: Some(7) }));
    });
}
