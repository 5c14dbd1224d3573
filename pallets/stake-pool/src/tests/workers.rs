//! Workers and their stakes.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use khala_pallet_mining::Sessions;
use khala_primitives::{status::SessionState, WorkerPublicKey};
use sp_runtime::Permill;

type E = Error<Test>;
type M = khala_pallet_mining::Error<Test>;

#[test]
fn only_workers_that_name_the_owner_are_added() {
    run(|| {
        let (id, worker) = (pool(0), registered(1));
        assert_noop!(
            StakePool::add_worker(origin(OWNER), id, WorkerPublicKey([77; 32])),
            E::WorkerNotRegistered
        );
        assert_ok!(StakePool::create_pool(origin(11), Permill::zero(), Permill::zero(), None));
        assert_noop!(StakePool::add_worker(origin(11), 1, worker), E::NotOperator);
        assert_ok!(StakePool::add_worker(origin(OWNER), id, worker));
        assert_noop!(StakePool::add_worker(origin(OWNER), id, worker), M::AlreadyInPool);
    });
}

#[test]
fn a_pool_has_at_most_two_hundred_workers() {
    run(|| {
        let id = pool(0);
        for number in 0..200 {
            assert_ok!(StakePool::add_worker(origin(OWNER), id, registered(number)));
        }
        assert_noop!(StakePool::add_worker(origin(OWNER), id, registered(200)), E::TooManyWorkers);
        assert_ok!(StakePool::remove_worker(origin(OWNER), registered(7)));
        assert_ok!(StakePool::add_worker(origin(OWNER), id, registered(200)));
    });
}

#[test]
fn the_newest_worker_stands_first_until_the_owner_orders_them() {
    run(|| {
        let id = pool(0);
        let [a, b, c] = [1, 2, 3].map(registered);
        for worker in [a, b, c] {
            assert_ok!(StakePool::add_worker(origin(OWNER), id, worker));
        }
        assert_eq!(StakePool::workers_of(id), [c, b, a]);
        let order = |workers: &[WorkerPublicKey]| StakePool::order_workers(origin(OWNER), id, workers.to_vec().try_into().unwrap());
        assert_ok!(order(&[b, a, c]));
        assert_eq!(StakePool::workers_of(id), [b, a, c]);
        for wrong in [vec![a, b], vec![a, b, b], vec![a, b, registered(4)], vec![a, b, c, c]] {
            assert_noop!(order(&wrong), E::NotAllWorkers);
        }
        assert_ok!(StakePool::remove_worker(origin(OWNER), a));
        assert_eq!(StakePool::workers_of(id), [b, c]);
    });
}

#[test]
fn a_stake_moves_from_free_to_staked_to_cooling_to_free() {
    run(|| {
        let (id, worker) = (pool(0), registered(1));
        delegate(11, id, 6_000 * PHA);
        assert_noop!(StakePool::start_worker(origin(OWNER), worker, PHA), E::WorkerNotInPool);
        assert_ok!(StakePool::add_worker(origin(OWNER), id, worker));
        assert_noop!(StakePool::start_worker(origin(OWNER), worker, 6_000 * PHA + 1), E::NotEnoughFree);
        assert_ok!(StakePool::start_worker(origin(OWNER), worker, 5_000 * PHA));
        let numbers = || {
            let pool = at(id).pool;
            (pool.free, pool.staked, pool.cooling)
        };
        assert_eq!(numbers(), (1_000 * PHA, 5_000 * PHA, 0));
        next_block_after(6);
        assert_noop!(StakePool::remove_worker(origin(OWNER), worker), M::NotReady);
        assert_noop!(StakePool::add_stake(origin(OWNER), worker, 1_000 * PHA + 1), E::NotEnoughFree);
        assert_ok!(StakePool::add_stake(origin(OWNER), worker, 500 * PHA));
        assert_eq!(numbers(), (500 * PHA, 5_500 * PHA, 0));
        assert_ok!(StakePool::reduce_stake(origin(OWNER), worker, 700 * PHA));
        assert_eq!(numbers(), (500 * PHA, 4_800 * PHA, 700 * PHA));
        assert_ok!(StakePool::stop_worker(origin(OWNER), worker));
        assert_eq!(numbers(), (500 * PHA, 0, 5_500 * PHA));
        assert_noop!(StakePool::remove_worker(origin(OWNER), worker), M::NotReady);
        assert_noop!(StakePool::stop_worker(origin(OWNER), worker), M::NotRunning);
        assert!(Sessions::<Test>::iter_values().all(|session| matches!(session.state, SessionState::CoolingDown { .. })));

        // The cool-down: 120 s of the credited clock, to the second.
        next_block_after(60);
        next_block_after(59);
        assert_eq!(at(id).pool.cooling, 5_500 * PHA);
        next_block_after(1);
        assert_eq!(numbers(), (6_000 * PHA, 0, 0));
        assert_ok!(StakePool::remove_worker(origin(OWNER), worker));
        assert!(StakePool::workers_of(id).is_empty());
    });
}

#[test]
fn only_what_is_free_beyond_the_queue_becomes_stake() {
    run(|| {
        let id = pool(0);
        delegate(11, id, 6_000 * PHA);
        let worker = start(1, id, 3_000 * PHA);
        // 3,000 are paid at once, 1,000 wait.
        undelegate(11, id, 4_000 * PHA);
        delegate(12, id, 900 * PHA);
        assert_noop!(StakePool::add_stake(origin(OWNER), worker, PHA), E::NotEnoughFree);
        assert_eq!(StakePool::pool_status(id).unwrap().spare, 0);
        delegate(12, id, 1_000 * PHA);
        assert_noop!(StakePool::add_stake(origin(OWNER), worker, 900 * PHA + 1), E::NotEnoughFree);
        assert_ok!(StakePool::add_stake(origin(OWNER), worker, 900 * PHA));
    });
}

#[test]
fn a_worker_with_another_key_keeps_its_place() {
    run(|| {
        use khala_pallet_mining::PoolLedger;
        let id = pool(0);
        let [a, b] = [1, 2].map(registered);
        for worker in [a, b] {
            assert_ok!(StakePool::add_worker(origin(OWNER), id, worker));
        }
        let new = registered(3);
        <StakePool as PoolLedger<_>>::rebound(id, &a, &new);
        assert_eq!(StakePool::workers_of(id), [b, new]);
        <StakePool as PoolLedger<_>>::rebound(id, &new, &a);
    });
}
