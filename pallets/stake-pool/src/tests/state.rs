//! `try_state` notices each kind of damage.

use crate::{mock::*, *};
use frame_support::{assert_ok, storage::with_transaction};
use khala_pallet_mining::PoolReward;
use khala_primitives::PoolId;
use sp_runtime::{DispatchError, Permill, TransactionOutcome};

const ID: PoolId = 0;

fn damaged(damage: impl FnOnce(), message: &'static str) {
    with_transaction(|| {
        damage();
        assert_eq!(StakePool::do_try_state(), Err(message.into()));
        TransactionOutcome::Rollback(Ok::<_, DispatchError>(()))
    })
    .unwrap();
}

/// A pool with a worker, three requests of which the first is due, and a place in the ring.
fn busy(test: impl FnOnce()) {
    run(|| {
        pool(0);
        delegate(11, ID, 3_000 * PHA);
        delegate(12, ID, 2_000 * PHA);
        start(1, ID, 5_000 * PHA);
        undelegate(11, ID, 10 * PHA);
        pass(120);
        undelegate(12, ID, 20 * PHA);
        undelegate(12, ID, 30 * PHA);
        delegate(13, ID, 5 * PHA);
        assert!(at(ID).pool.in_ring && at(ID).pool.queue.due_shares > 0);
        test();
    });
}

fn change(change: impl FnOnce(&mut Pool<khala_primitives::AccountId32>)) {
    Pools::<Test>::mutate(ID, |pool| change(pool.as_mut().unwrap()));
}

fn request(number: u64, change: impl FnOnce(&mut Request<khala_primitives::AccountId32>)) {
    Requests::<Test>::mutate(ID, number, |request| change(request.as_mut().unwrap()));
}

fn hold(number: u8, change: impl FnOnce(&mut Holding)) {
    Holdings::<Test>::mutate(account(number), ID, change);
}

#[test]
fn damage_to_money_is_noticed() {
    busy(|| {
        let sum = "what the pot holds is not the sum of what it holds for each";
        damaged(|| change(|pool| pool.free += 1), sum);
        damaged(|| change(|pool| pool.commission_due += 1), sum);
        damaged(|| Unclaimed::<Test>::insert(account(11), 1), sum);
        damaged(|| PoolReward::<Test>::insert(ID, 1), sum);
        more_inside(1);
        damaged(|| (), sum);
        less_inside(1);
        damaged(|| PotTotal::<Test>::mutate(|total| *total += 1), sum);
        damaged(
            || {
                PotTotal::<Test>::mutate(|total| *total += 1);
                Unclaimed::<Test>::insert(account(11), 1);
            },
            "the pot holds less than the pools have",
        );
        damaged(|| PoolReward::<Test>::insert(9, 0), "a reward belongs to no pool");
        damaged(
            || change(|pool| pool.owner = account(12)),
            "an owner's held deposits differ from its pools",
        );
        damaged(
            || {
                change(|pool| {
                    pool.staked -= 1;
                    pool.free += 1;
                })
            },
            "a pool's stakes differ from its sessions'",
        );
        damaged(
            || {
                change(|pool| {
                    pool.free -= 1;
                    pool.cooling += 1;
                })
            },
            "a pool's cooling coins differ from its sessions'",
        );
        damaged(
            || khala_pallet_mining::Impaired::<Test>::insert(ID, 5_000 * PHA),
            "a pool would lose more than its stakes",
        );
    });
}

#[test]
fn damage_to_shares_is_noticed() {
    busy(|| {
        let differ = "the holders' shares differ from the pool's";
        damaged(|| change(|pool| pool.shares += 1), differ);
        damaged(|| hold(11, |holding| holding.shares += 1), differ);
        damaged(
            || Holdings::<Test>::insert(account(14), ID, Holding::default()),
            "an empty holding is stored",
        );
        damaged(
            || hold(14, |holding| holding.shares = MIN_SHARES - 1),
            "a holding has too few shares",
        );
        damaged(
            || change(|pool| pool.shares = MIN_SHARES - 1),
            "a pool has too few shares for a price",
        );
        damaged(|| change(|pool| pool.shares = 0), "a pool without shares has free coins");
        damaged(
            || {
                let holding = Holdings::<Test>::get(account(13), ID);
                Holdings::<Test>::insert(account(13), 9, holding);
            },
            "a holding belongs to no pool",
        );
    });
}

#[test]
fn damage_to_a_queue_is_noticed() {
    busy(|| {
        damaged(
            || hold(13, |holding| holding.requests.try_push(7).unwrap()),
            "a holding names a request that is not there",
        );
        damaged(
            || hold(13, |holding| holding.requests.try_push(1).unwrap()),
            "a request is another holder's",
        );
        damaged(
            || hold(12, |holding| holding.queued -= 1),
            "a holder has more shares queued than it knows of",
        );
        damaged(
            || hold(12, |holding| holding.queued += 1),
            "a holder has fewer shares queued than it knows of",
        );
        damaged(
            || hold(12, |holding| holding.requests.clear()),
            "a holder does not know its request",
        );
        damaged(
            || {
                let stray = Requests::<Test>::get(ID, 1).unwrap();
                Requests::<Test>::insert(9, 1, stray);
            },
            "a request belongs to no pool",
        );
        damaged(
            || change(|pool| pool.queue.first = Some(9)),
            "a queue names a request that is not there",
        );
        damaged(|| request(1, |request| request.prev = None), "a queue's links do not fit together");
        damaged(|| change(|pool| pool.queue.next_id = 2), "a request's number was not given out");
        damaged(
            || request(1, |request| request.deadline_secs = 0),
            "a queue's deadlines are out of order",
        );
        damaged(
            || {
                request(0, |request| request.due = false);
                request(1, |request| request.due = true);
            },
            "a request is due before one that stands before it",
        );
        damaged(|| request(1, |request| request.due = true), "a request is due before its deadline");
        damaged(
            || request(2, |request| request.shares = MIN_SHARES - 1),
            "a request has too few shares",
        );
        damaged(|| change(|pool| pool.queue.last = Some(1)), "a queue ends elsewhere");
        damaged(
            || {
                request(1, |request| request.next = None);
                change(|pool| pool.queue.last = Some(1));
            },
            "a request is not in its queue",
        );
        let sums = "a queue's sums are not those of its requests";
        damaged(|| change(|pool| pool.queue.queued_shares += 1), sums);
        damaged(|| change(|pool| pool.queue.due_shares += 1), sums);
    });
}

#[test]
fn damage_to_agenda_and_ring_is_noticed() {
    busy(|| {
        let (first, end) = AgendaRange::<Test>::get();
        assert_eq!(end - first, 2);
        let set = |number, change: fn(&mut Appointment)| Agenda::<Test>::mutate(number, |entry| change(entry.as_mut().unwrap()));
        damaged(|| Agenda::<Test>::remove(first), "an appointment is missing");
        damaged(|| set(end - 1, |entry| entry.due_secs = 0), "appointments are out of order");
        damaged(|| set(end - 1, |entry| entry.request -= 1), "a request has two appointments");
        damaged(
            || AgendaRange::<Test>::put((first, end - 1)),
            "appointments stand outside their range",
        );
        damaged(
            || set(end - 1, |entry| entry.request = 7),
            "a request that is not due has no appointment, or one that is due has one",
        );
        let (first, end) = RingRange::<Test>::get();
        damaged(|| Ring::<Test>::remove(first), "a place in the ring is empty");
        damaged(
            || {
                Ring::<Test>::insert(end, ID);
                RingRange::<Test>::put((first, end + 1));
            },
            "a pool stands in the ring twice",
        );
        damaged(|| Ring::<Test>::insert(end, ID), "pools stand outside the ring's range");
        damaged(
            || change(|pool| pool.in_ring = false),
            "a pool does not know whether it stands in the ring",
        );
    });
}

#[test]
fn damage_to_a_pools_terms_and_workers_is_noticed() {
    busy(|| {
        damaged(|| NextPoolId::<Test>::put(0), "a pool's number was not given out");
        damaged(
            || {
                change(|pool| {
                    pool.commission = Permill::from_percent(2);
                    pool.max_commission = Permill::from_percent(1);
                })
            },
            "a commission is above its maximum",
        );
        for percent in [0, 11] {
            let commission = Permill::from_percent(percent);
            damaged(
                || change(|pool| pool.rise = Some(CommissionRise { commission, due_secs: 0 })),
                "an announced commission is no rise, or too large a one",
            );
        }
        damaged(|| change(|pool| pool.allowed = 1), "a pool's allow-list has another length");
        damaged(|| PoolWorkers::<Test>::remove(ID), "a session's worker is not in its pool");
        damaged(
            || PoolWorkers::<Test>::mutate(ID, |workers| workers.try_push(registered(9)).unwrap()),
            "a pool's sessions differ from its workers",
        );
        assert_ok!(StakePool::do_try_state());
    });
}
