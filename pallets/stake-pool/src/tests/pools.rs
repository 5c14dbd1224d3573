//! Creation, and who may do what.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok, traits::fungible::Inspect};
use sp_runtime::Permill;

type E = Error<Test>;

#[test]
fn creating_a_pool_holds_its_deposit() {
    run(|| {
        assert_eq!(pool(10), 0);
        assert_eq!(pool(20), 1);
        assert_eq!(Balances::balance(&account(OWNER)), ENDOWMENT - 20 * PHA);
        let poor = origin(99);
        assert_noop!(
            StakePool::create_pool(poor, Permill::zero(), Permill::zero(), None),
            E::CannotPayDeposit
        );
    });
}

#[test]
fn a_pools_commission_begins_at_most_at_its_maximum() {
    run(|| {
        let create = |commission| StakePool::create_pool(origin(OWNER), Permill::from_parts(commission), Permill::from_parts(100), None);
        assert_ok!(create(99));
        assert_ok!(create(100));
        assert_noop!(create(101), E::CommissionAboveMaximum);
    });
}

#[test]
fn what_is_the_owners_nobody_else_does() {
    run(|| {
        let (id, worker) = (pool(10), registered(1));
        assert_ok!(StakePool::add_worker(origin(OWNER), id, worker));
        let other = || origin(11);
        assert_noop!(StakePool::claim_commission(other(), id), E::NotOwner);
        assert_noop!(StakePool::set_commission(other(), id, Permill::zero()), E::NotOwner);
        assert_noop!(StakePool::set_cap(other(), id, None), E::NotOwner);
        assert_noop!(StakePool::allow(other(), id, account(11), true), E::NotOwner);
        assert_noop!(
            StakePool::set_profile(other(), id, vec![].try_into().unwrap(), Links::default()),
            E::NotOwner
        );
        assert_noop!(StakePool::order_workers(other(), id, Workers::default()), E::NotOwner);
        assert_noop!(StakePool::add_worker(other(), id, registered(2)), E::NotOwner);
        assert_noop!(StakePool::start_worker(other(), worker, PHA), E::NotOwner);
        assert_noop!(StakePool::add_stake(other(), worker, PHA), E::NotOwner);
        assert_noop!(StakePool::reduce_stake(other(), worker, PHA), E::NotOwner);
        assert_noop!(StakePool::stop_worker(other(), worker), E::NotOwner);
        assert_noop!(StakePool::remove_worker(other(), worker), E::NotOwner);
    });
}

#[test]
fn a_pool_that_is_not_there_is_said_to_be_missing() {
    run(|| {
        let owner = || origin(OWNER);
        assert_noop!(StakePool::delegate(owner(), 9, PHA, 0), E::PoolNotFound);
        assert_noop!(StakePool::undelegate(owner(), 9, PHA, 0), E::PoolNotFound);
        assert_noop!(StakePool::cancel_request(owner(), 9, 0), E::PoolNotFound);
        assert_noop!(StakePool::transfer_shares(owner(), 9, account(11), PHA), E::PoolNotFound);
        assert_noop!(StakePool::claim_commission(owner(), 9), E::PoolNotFound);
        assert_noop!(StakePool::set_commission(owner(), 9, Permill::zero()), E::PoolNotFound);
        assert_noop!(StakePool::set_cap(owner(), 9, None), E::PoolNotFound);
        assert_noop!(StakePool::allow(owner(), 9, account(11), true), E::PoolNotFound);
        assert_noop!(StakePool::order_workers(owner(), 9, Workers::default()), E::PoolNotFound);
        assert_noop!(StakePool::add_worker(owner(), 9, registered(1)), E::PoolNotFound);
        assert_eq!(StakePool::pool_status(9), None);
    });
}
