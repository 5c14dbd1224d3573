//! Payments and what is taken back for them, without anybody's transaction.

use crate::{mock::*, *};
use frame_support::{
    assert_ok,
    traits::Hooks,
    weights::{Weight, WeightMeter},
};
use khala_pallet_mining::Pallet as MiningPallet;
use khala_primitives::{Balance, PoolId, WorkerPublicKey};

/// S_min of a score of 1,000: 50 x sqrt(1000), rounded up.
const S_MIN: Balance = 1_581_138_830_084_190;

fn stake(worker: &WorkerPublicKey) -> Balance {
    MiningPallet::<Test>::session_status(worker).map_or(0, |status| status.stake)
}

/// A pool of 11's, with three workers of so much, oldest first.
fn three(each: Balance, test: impl FnOnce(PoolId, [WorkerPublicKey; 3])) {
    run(|| {
        let id = pool(0);
        delegate(11, id, 3 * each);
        let workers = [1, 2, 3].map(|number| start(number, id, each));
        test(id, workers);
    });
}

#[test]
fn the_newest_workers_stake_is_reduced_and_no_more_than_needed() {
    three(5_000 * PHA, |id, [a, b, c]| {
        undelegate(11, id, 1_000 * PHA);
        pass(120);
        assert_eq!([a, b, c].map(|w| stake(&w)), [5_000 * PHA, 5_000 * PHA, 4_000 * PHA]);
        assert_eq!(at(id).pool.cooling, 1_000 * PHA);
        let before = balance(11);
        pass(119);
        assert_eq!(balance(11), before);
        pass(1);
        assert_eq!(balance(11) - before, 1_000 * PHA);
    });
}

#[test]
fn the_owners_order_decides_and_those_that_do_not_mine_come_first() {
    three(5_000 * PHA, |id, [a, b, c]| {
        assert_ok!(StakePool::order_workers(origin(OWNER), id, vec![b, a, c].try_into().unwrap()));
        undelegate(11, id, 1_000 * PHA);
        pass(120);
        assert_eq!([a, b, c].map(|w| stake(&w)), [5_000 * PHA, 4_000 * PHA, 5_000 * PHA]);
        go_offline(&c);
        undelegate(11, id, 1_000 * PHA);
        pass(120);
        let c_left = stake(&c);
        // A little of it is lost.
        assert!(c_left < 4_000 * PHA && c_left > 3_990 * PHA, "{c_left}");
        assert_eq!([a, b].map(|w| stake(&w)), [5_000 * PHA, 4_000 * PHA]);
    });
}

#[test]
fn reductions_go_down_to_the_smallest_stake_before_a_worker_is_stopped() {
    three(5_000 * PHA, |id, [a, b, c]| {
        let all = 3 * (5_000 * PHA - S_MIN);
        undelegate(11, id, all);
        pass(120);
        assert_eq!([a, b, c].map(|w| stake(&w)), [S_MIN; 3]);
        pass(120);
        assert!(at(id).pool.queue.is_empty());
    });
}

#[test]
fn one_planck_more_stops_one_worker_and_the_rest_is_reduced() {
    three(5_000 * PHA, |id, [a, b, c]| {
        let all = 3 * (5_000 * PHA - S_MIN);
        undelegate(11, id, all + 1);
        pass(120);
        // The newest is stopped; what is still missing comes from the next one.
        assert_eq!(
            [a, b, c].map(|w| stake(&w)),
            [5_000 * PHA - (all + 1 - 5_000 * PHA - (5_000 * PHA - S_MIN)), S_MIN, 0]
        );
        assert_eq!(at(id).pool.cooling, all + 1);
        pass(120);
        assert!(at(id).pool.queue.is_empty());
        assert_eq!(at(id).pool.free, 0);
    });
}

#[test]
fn a_pool_can_be_emptied() {
    three(5_000 * PHA, |id, workers| {
        let before = balance(11);
        undelegate(11, id, 15_000 * PHA);
        pass(120);
        assert_eq!(workers.map(|w| stake(&w)), [0; 3]);
        pass(120);
        assert_eq!(balance(11) - before, 15_000 * PHA);
        let pool = at(id).pool;
        assert_eq!(
            (pool.shares, pool.free, pool.staked, pool.cooling, pool.in_ring),
            (0, 0, 0, 0, false)
        );
    });
}

#[test]
fn coins_on_their_way_back_are_waited_for() {
    three(5_000 * PHA, |id, [a, b, c]| {
        undelegate(11, id, 5_000 * PHA);
        pass(60);
        assert_ok!(StakePool::stop_worker(origin(OWNER), a));
        pass(60);
        assert_eq!([b, c].map(|w| stake(&w)), [5_000 * PHA; 2]);
        pass(60);
        assert!(at(id).pool.queue.is_empty());
    });
}

#[test]
fn what_heals_until_the_date_is_taken_back_too() {
    three(5_000 * PHA, |id, [a, ..]| {
        go_offline(&a);
        decay(200 * 3_600);
        let lost = at(id).impaired;
        assert_eq!(lost, 500 * PHA);
        undelegate(11, id, 1_500 * PHA);
        pass(120);
        // At the price of today it would be 50 less: then a worker that heals would make the payment late.
        assert!(at(id).pool.cooling >= 1_500 * PHA && at(id).pool.cooling < 1_500 * PHA + 10);
        pass(120);
        assert!(at(id).pool.queue.is_empty());
    });
}

#[test]
fn a_payment_that_cannot_be_made_is_booked_and_the_queue_goes_on() {
    // An economy in which a stop may cost everything, and a second offline half of the value.
    let mut economics = khala_pallet_mining::EconomicParameters::khala();
    economics.max_principal_slash = khala_economics::Fixed::ONE;
    economics.keep_per_sec = "0.5".parse().unwrap();
    let mining = khala_pallet_mining::MiningParameters::local();
    run_with(mining, economics, PoolParameters::local(), || {
        let id = pool(0);
        delegate(11, id, 2_500 * PHA);
        delegate(12, id, 2_500 * PHA);
        let worker = start(1, id, 5_000 * PHA);
        go_offline(&worker);
        undelegate(11, id, PHA);
        undelegate(12, id, 1_000 * PHA);
        assert_ok!(StakePool::transfer_shares(origin(11), id, account(14), 2_499 * PHA));
        decay(10);
        // 11 has given everything away: its account is gone, and its request is worth less than an account has to have.
        assert_ok!(Balances::transfer_all(origin(11), account(13), false));
        let worth = at(id).worth(PHA).unwrap();
        assert!(worth > 0 && worth < ExistentialDeposit::get(), "{worth}");
        delegate(13, id, 10 * PHA);
        events();
        next_block_after(0);
        assert!(events().contains(&Event::PaymentBooked {
            who: account(11),
            amount: worth
        }));
        assert_eq!((Unclaimed::<Test>::get(account(11)), balance(11)), (worth, 0));
        // 12 was next.
        assert!(at(id).pool.queue.is_empty());
        assert_ok!(Balances::transfer_keep_alive(origin(13), account(11), PHA));
        assert_ok!(StakePool::claim_unclaimed(origin(11)));
        assert_eq!(balance(11), PHA + worth);
        frame_support::assert_noop!(StakePool::claim_unclaimed(origin(11)), Error::<Test>::NothingBooked);
    });
}

#[test]
fn a_visit_pays_at_most_eight_and_the_ring_drains() {
    run(|| {
        let id = pool(0);
        delegate(11, id, 5_000 * PHA);
        for number in 12..15 {
            delegate(number, id, 100 * PHA);
        }
        start(1, id, 5_300 * PHA);
        for number in 12..15 {
            (0..8).for_each(|_| undelegate(number, id, 10 * PHA));
        }
        delegate(15, id, 1_000 * PHA);
        assert!(at(id).pool.in_ring);
        let one = Pallet::<Test>::visit_weight(0, 1).saturating_add(<() as WeightInfo>::next_of_ring());
        for left in [16, 8, 0] {
            StakePool::serve_ring(&mut WeightMeter::with_limit(one));
            assert_eq!(Requests::<Test>::iter().count(), left);
        }
        StakePool::serve_ring(&mut WeightMeter::with_limit(one));
        assert!(!at(id).pool.in_ring && RingRange::<Test>::get().0 == RingRange::<Test>::get().1);
    });
}

#[test]
fn nothing_is_begun_that_the_block_has_no_room_for() {
    three(5_000 * PHA, |id, _| {
        undelegate(11, id, 1_000 * PHA);
        delegate(12, id, 1_000 * PHA);
        let before = sp_io::storage::root(sp_runtime::StateVersion::V1);
        let tight = Pallet::<Test>::visit_weight(0, 3).saturating_sub(Weight::from_parts(1, 0));
        for limit in [Weight::zero(), tight] {
            let mut meter = WeightMeter::with_limit(limit);
            StakePool::serve_ring(&mut meter);
            assert!(meter.consumed().all_lte(limit));
        }
        assert_eq!(sp_io::storage::root(sp_runtime::StateVersion::V1), before);
    });
}

#[test]
fn the_hooks_never_use_more_than_their_part_of_a_block() {
    three(5_000 * PHA, |id, _| {
        (0..8).for_each(|_| undelegate(11, id, PHA));
        let mut meter = WeightMeter::new();
        StakePool::on_poll(1, &mut meter);
        assert!(meter.consumed().all_lte(Pallet::<Test>::part_of_block(SERVICE_PART)));
        let used = StakePool::on_idle(1, Weight::MAX);
        assert!(used.all_lte(Pallet::<Test>::part_of_block(SWEEP_PART)));
        assert_eq!(StakePool::on_idle(1, Weight::zero()), Weight::zero());
    });
}

#[test]
fn pools_are_served_in_turn() {
    run(|| {
        let pools = [pool(0), pool(0)];
        for (number, id) in (1..).zip(pools) {
            delegate(11, id, 2_500 * PHA);
            delegate(12, id, 2_500 * PHA);
            start(number, id, 5_000 * PHA);
            for who in [11, 12] {
                (0..8).for_each(|_| undelegate(who, id, PHA));
            }
            delegate(13, id, 100 * PHA);
        }
        let one = Pallet::<Test>::visit_weight(0, 1).saturating_add(<() as WeightInfo>::next_of_ring());
        for left in [[8, 16], [8, 8], [0, 8], [0, 0]] {
            StakePool::serve_ring(&mut WeightMeter::with_limit(one));
            assert_eq!(pools.map(|id| Requests::<Test>::iter_key_prefix(id).count()), left);
        }
    });
}

#[test]
fn a_deadline_without_room_in_its_block_is_kept_in_the_next() {
    three(5_000 * PHA, |id, _| {
        undelegate(11, id, 1_000 * PHA);
        undelegate(11, id, 1_000 * PHA);
        pass(119);
        Timestamp::set_timestamp(Timestamp::get() + 1_000);
        frame_system::Pallet::<Test>::set_block_number(System::block_number() + 1);
        Mining::on_poll(System::block_number(), &mut WeightMeter::new());
        let one = <() as WeightInfo>::become_due();
        for due in [1_000 * PHA, 2_000 * PHA] {
            StakePool::serve_agenda(&mut WeightMeter::with_limit(one));
            assert_eq!(at(id).pool.queue.due_shares, due);
            assert_eq!(StakePool::request_status_of(id, 0), Some(true));
        }
    });
}

impl Pallet<Test> {
    /// Whether a request is due.
    fn request_status_of(id: PoolId, number: u64) -> Option<bool> {
        Requests::<Test>::get(id, number).map(|request| request.due)
    }
}
