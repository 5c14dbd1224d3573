//! Pools, delegation and workers.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok, traits::fungible::Inspect};
use khala_pallet_mining::Sessions;
use khala_primitives::{status::SessionState, WorkerPublicKey};
use sp_runtime::Permill;

type E = Error<Test>;

#[test]
fn creating_a_pool_holds_its_deposit() {
    run(|| {
        assert_eq!(pool(10), 0);
        assert_eq!(pool(20), 1);
        assert_eq!(Balances::balance(&account(OWNER)), ENDOWMENT - 20 * PHA);
        assert_noop!(StakePool::create_pool(origin(99), Permill::zero(), None), E::CannotPayDeposit);
    });
}

/// `design/staking.md`, Numbers to test with.
#[test]
fn rewards_raise_the_price_and_a_newcomer_does_not_share_the_past() {
    run(|| {
        let id = pool(60);
        for number in 11..16 {
            assert_ok!(StakePool::delegate(origin(number), id, 1_400 * PHA, 0));
        }
        reward(id, 10 * PHA);
        assert_eq!(StakePool::pool_status(id).unwrap().commission, 6 * PHA);
        assert_eq!(worth(id, 11), 1_400_800_000_000_000);
        assert_eq!(StakePool::pool_status(id).unwrap().price, 1_000_571_428_571_428_571);

        assert_ok!(StakePool::delegate(origin(16), id, 5_000 * PHA, 0));
        assert_eq!(Delegations::<Test>::get(id, account(16)), 4_997_144_488_863_506);
        let before = (worth(id, 11), worth(id, 16));
        reward(id, 10 * PHA);
        assert_eq!(worth(id, 11) - before.0, 466_777_740_753);
        // The rest of the 4 PHA, to the planck: 4 - 5 x 0.466777740753 = 1.666111296235.
        assert_eq!(worth(id, 16) - before.1, 1_666_111_296_235);
        assert_eq!(StakePool::pool_status(id).unwrap().commission, 12 * PHA);
    });
}

#[test]
fn the_owner_gets_rewards_of_a_pool_without_shares() {
    run(|| {
        let id = pool(10);
        reward(id, 3 * PHA);
        let before = Balances::balance(&account(OWNER));
        assert_ok!(StakePool::claim_commission(origin(OWNER), id));
        assert_eq!(Balances::balance(&account(OWNER)) - before, 3 * PHA);
        assert_noop!(StakePool::claim_commission(origin(OWNER), id), E::NothingToClaim);
    });
}

#[test]
fn commission_is_for_the_owner_alone() {
    run(|| {
        let id = pool(40);
        assert_ok!(StakePool::delegate(origin(11), id, 1_000 * PHA, 0));
        assert_ok!(StakePool::delegate(origin(12), id, 2_000 * PHA, 0));
        reward(id, 8 * PHA);
        assert_noop!(StakePool::claim_commission(origin(11), id), E::NotOwner);
        assert_ok!(StakePool::claim_commission(origin(OWNER), id));
        assert_eq!((worth(id, 11), worth(id, 12)), (1_001_600_000_000_000, 2_003_200_000_000_000));
        assert_noop!(StakePool::claim_commission(origin(OWNER), 5), E::PoolNotFound);
    });
}

#[test]
fn a_delegation_is_at_least_one_pha() {
    run(|| {
        let id = pool(0);
        assert_noop!(StakePool::delegate(origin(11), id, PHA - 1, 0), E::DelegationTooSmall);
        assert_ok!(StakePool::delegate(origin(11), id, PHA, 0));
        assert_noop!(StakePool::delegate(origin(11), 9, PHA, 0), E::PoolNotFound);
    });
}

/// `design/staking.md`: 1 PHA in, 100 PHA sent to the pot by hand, a victim's 199 PHA in.
#[test]
fn coins_sent_to_the_pot_by_hand_move_no_price() {
    run(|| {
        let id = pool(0);
        assert_ok!(StakePool::delegate(origin(11), id, PHA, 0));
        assert_ok!(Balances::transfer_keep_alive(origin(11), StakePool::pot(), 100 * PHA));
        assert_ok!(StakePool::delegate(origin(12), id, 199 * PHA, 0));
        assert_eq!(worth(id, 12), 199 * PHA);
    });
}

#[test]
fn a_cap_holds_to_the_planck() {
    run(|| {
        assert_ok!(StakePool::create_pool(origin(OWNER), Permill::zero(), Some(10 * PHA)));
        assert_ok!(StakePool::delegate(origin(11), 0, 8 * PHA, 0));
        assert_noop!(StakePool::delegate(origin(11), 0, 2 * PHA + 1, 0), E::CapExceeded);
        assert_ok!(StakePool::delegate(origin(11), 0, 2 * PHA, 0));
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
fn only_the_owner_adds_only_workers_that_name_it() {
    run(|| {
        let (id, worker) = (pool(0), registered(1));
        assert_noop!(StakePool::add_worker(origin(11), id, worker), E::NotOwner);
        assert_noop!(
            StakePool::add_worker(origin(OWNER), id, WorkerPublicKey([77; 32])),
            E::WorkerNotRegistered
        );
        assert_ok!(StakePool::create_pool(origin(11), Permill::zero(), None));
        assert_noop!(StakePool::add_worker(origin(11), 1, worker), E::NotOperator);
        assert_ok!(StakePool::add_worker(origin(OWNER), id, worker));
        assert_noop!(
            StakePool::add_worker(origin(OWNER), id, worker),
            khala_pallet_mining::Error::<Test>::AlreadyInPool
        );
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
    });
}

#[test]
fn a_stake_moves_from_free_to_staked_to_cooling_to_free() {
    run(|| {
        let (id, worker) = (pool(0), registered(1));
        assert_ok!(StakePool::delegate(origin(11), id, 6_000 * PHA, 0));
        assert_noop!(StakePool::start_worker(origin(OWNER), worker, PHA), E::WorkerNotInPool);
        assert_ok!(StakePool::add_worker(origin(OWNER), id, worker));
        assert_noop!(StakePool::start_worker(origin(OWNER), worker, 6_000 * PHA + 1), E::NotEnoughFree);
        assert_noop!(StakePool::start_worker(origin(11), worker, 6_000 * PHA), E::NotOwner);
        assert_ok!(StakePool::start_worker(origin(OWNER), worker, 5_000 * PHA));
        let status = StakePool::pool_status(id).unwrap();
        assert_eq!(
            (status.free, status.staked, status.cooling, status.value),
            (1_000 * PHA, 5_000 * PHA, 0, 6_000 * PHA)
        );

        next_block_after(6);
        assert_noop!(
            StakePool::remove_worker(origin(OWNER), worker),
            khala_pallet_mining::Error::<Test>::NotReady
        );
        assert_ok!(StakePool::stop_worker(origin(OWNER), worker));
        let status = StakePool::pool_status(id).unwrap();
        assert_eq!((status.free, status.staked, status.cooling), (1_000 * PHA, 0, 5_000 * PHA));

        // The cool-down: 120 s of the credited clock, to the second.
        next_block_after(60);
        next_block_after(59);
        assert_eq!(StakePool::pool_status(id).unwrap().cooling, 5_000 * PHA);
        next_block_after(1);
        let status = StakePool::pool_status(id).unwrap();
        assert_eq!((status.free, status.staked, status.cooling), (6_000 * PHA, 0, 0));
        assert_ok!(StakePool::remove_worker(origin(OWNER), worker));
        assert_eq!(StakePool::pool_status(id).unwrap().workers, vec![]);
    });
}

#[test]
fn a_worker_cannot_leave_while_its_principal_cools_down() {
    run(|| {
        let (id, worker) = (pool(0), registered(1));
        assert_ok!(StakePool::delegate(origin(11), id, 6_000 * PHA, 0));
        assert_ok!(StakePool::add_worker(origin(OWNER), id, worker));
        assert_ok!(StakePool::start_worker(origin(OWNER), worker, 5_000 * PHA));
        assert_ok!(StakePool::stop_worker(origin(OWNER), worker));
        assert_noop!(
            StakePool::remove_worker(origin(OWNER), worker),
            khala_pallet_mining::Error::<Test>::NotReady
        );
        assert_noop!(
            StakePool::stop_worker(origin(OWNER), worker),
            khala_pallet_mining::Error::<Test>::NotRunning
        );
        assert!(Sessions::<Test>::iter_values().all(|session| matches!(session.state, SessionState::CoolingDown { .. })));
    });
}

mod corrupted {
    //! `try_state` notices each kind of damage.
    use super::*;
    use khala_pallet_mining::PoolReward;

    fn damaged(damage: impl FnOnce(), message: &'static str) {
        frame_support::storage::with_transaction(|| {
            damage();
            assert_eq!(StakePool::do_try_state(), Err(message.into()));
            sp_runtime::TransactionOutcome::Rollback(Ok::<_, sp_runtime::DispatchError>(()))
        })
        .unwrap();
    }

    #[test]
    fn every_damage_is_noticed() {
        run(|| {
            let (id, worker) = (pool(0), registered(1));
            assert_ok!(StakePool::delegate(origin(11), id, 6_000 * PHA, 0));
            assert_ok!(StakePool::add_worker(origin(OWNER), id, worker));
            assert_ok!(StakePool::start_worker(origin(OWNER), worker, 5_000 * PHA));
            let pool = |change: fn(&mut Pool<_>)| Pools::<Test>::mutate(id, |pool| change(pool.as_mut().unwrap()));
            damaged(|| pool(|p| p.free += 1), "the pot holds less than the pools have");
            damaged(|| pool(|p| p.staked -= 1), "a pool's stakes differ from its sessions'");
            damaged(
                || {
                    pool(|p| {
                        p.free -= 1;
                        p.cooling += 1
                    })
                },
                "a pool's cooling coins differ from its sessions'",
            );
            damaged(|| pool(|p| p.shares += 1), "the holders' shares differ from the pool's");
            damaged(|| pool(|p| p.workers += 1), "a pool's number of workers is wrong");
            damaged(|| PoolWorkers::<Test>::remove(id, worker), "a pool's number of workers is wrong");
            damaged(|| NextPoolId::<Test>::put(0), "a pool's number was not given out");
            damaged(|| PoolReward::<Test>::insert(9, 0), "a reward belongs to no pool");
            damaged(|| pool(|p| p.owner = account(12)), "an owner's held deposits differ from its pools");
        });
    }
}
