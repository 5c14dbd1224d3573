//! The fuzzer itself: it repeats itself, and notices damage.

mod vaults;

use crate::{
    ledger::pools::PoolEntry,
    runtime::{account, Balances, StakePool, Test},
    state::State,
    world::{self, World},
    *,
};
use frame_support::{
    storage::{with_transaction, TransactionOutcome},
    traits::fungible::Mutate,
};
use khala_economics::Q96;
use khala_pallet_mining::{ClockReadings, InTransit, PoolReward, Session, Sessions, VoidBefore};
use khala_pallet_stake_pool::{
    Agenda, AgendaRange, Allowed, Holdings, Pool, PoolWorkers, Pools, PotTotal, PriceSamples, Profiles, Requests, Ring, RingRange, SweepAt,
    Unclaimed,
};
use khala_primitives::{status::SessionState, AccountId32};
use sp_runtime::{DispatchError, Permill};

fn options(calls: u64, seed: u64, seeds: u64) -> Options {
    Options {
        calls,
        seed,
        seeds,
        accounts: 6,
        workers: 10,
        pools: 4,
        vaults: 3,
    }
}

#[test]
fn random_calls_break_no_invariant_and_every_kind_succeeds_sometimes() {
    let report = run(&options(5_000, 9, 2), |_, _| ()).unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!(report.calls(), 10_000);
    for (name, made, succeeded) in &report.kinds {
        assert!(*succeeded > 0 && succeeded <= made, "{name}: {succeeded} of {made}");
    }
}

#[test]
fn the_same_seed_makes_the_same_calls() {
    let once = || run(&options(400, 9, 1), |_, _| ()).unwrap();
    assert_eq!(once(), once());
    assert_ne!(once(), run(&options(400, 10, 1), |_, _| ()).unwrap());
}

#[test]
fn a_failure_says_how_to_see_it_again() {
    let failure = Failure {
        seed: 3,
        call: 77,
        why: "the pot holds 1 planck, not 2".to_owned(),
        last: "  77 delegate\n".to_owned(),
    };
    let text = failure.to_string();
    assert!(
        text.starts_with("the pot holds 1 planck, not 2\n") && text.ends_with("--seed 3 --calls 77"),
        "{text}"
    );
}

/// A little more: three billionths.
fn part(v: Q96) -> Q96 {
    v.mul_ratio(1_000_000_003, 1_000_000_000).unwrap()
}

/// Changes the state behind the pallets' backs.
type Damage = Box<dyn FnOnce()>;

/// Damages the state of a chain that has run for a while, and gives what is found.
fn found(world: &mut World, damage: impl FnOnce()) -> String {
    let found = with_transaction(|| {
        damage();
        let found = world.ledger.compare();
        TransactionOutcome::Rollback(Ok::<_, DispatchError>(found))
    });
    found.unwrap().expect_err("the damage is found")
}

fn change_idle(change: impl FnOnce(&mut Session)) {
    let (id, mut session) = Sessions::<Test>::iter()
        .find(|(_, session)| session.state == SessionState::Idle)
        .unwrap();
    change(&mut session);
    Sessions::<Test>::insert(id, session);
}

fn change_pool(change: impl FnMut(&mut Pool<AccountId32>)) {
    Pools::<Test>::mutate(0, |pool| pool.iter_mut().for_each(change));
}

/// A chain with something of everything that is damaged: the first one that comes to it, from a seed on that soon does.
fn in_mid_life(first: u64, ready: impl Fn(&World) -> bool) -> (State, World) {
    let found = (first..first + 50).find_map(|seed| {
        let (mut chain, mut world) = world::create(&options(0, seed, 1), seed);
        let found = chain.execute_with(|| {
            world.begin().unwrap();
            (0..2_000).any(|_| {
                world.step().unwrap();
                ready(&world)
            })
        });
        found.then_some((chain, world))
    });
    found.expect("one of these chains comes to it")
}

/// The first request of the first pool is another one.
fn change_request(change: impl FnOnce(&mut khala_pallet_stake_pool::Request<AccountId32>)) {
    let number = Pools::<Test>::get(0).unwrap().queue.first.unwrap();
    Requests::<Test>::mutate(0, number, |request| change(request.as_mut().unwrap()));
}

#[test]
fn damage_is_found() {
    let (mut chain, mut world) = in_mid_life(0, |world| {
        let idle = world.ledger.sessions.values().filter(|entry| entry.is_idle()).count();
        let pool = world.ledger.pools.get(&0);
        let rich = |pool: &PoolEntry| !pool.queue.is_empty() && !pool.held.is_empty() && pool.workers.len() > 1 && !pool.samples.is_empty();
        idle > 0 && pool.is_some_and(rich)
    });
    chain.execute_with(|| {
        world.check_all().unwrap();
        let damages: Vec<(&str, Damage)> = vec![
            (
                "has V of",
                Box::new(|| change_idle(|s| s.position.iter_mut().for_each(|p| p.v = part(p.v)))),
            ),
            (
                "has V_e of",
                Box::new(|| change_idle(|s| s.position.iter_mut().for_each(|p| p.v_e = part(p.v_e)))),
            ),
            (
                "was seen at",
                Box::new(|| change_idle(|s| s.position.iter_mut().for_each(|p| p.seen += 1))),
            ),
            ("counts", Box::new(|| change_idle(|s| s.paid += 1))),
            ("counts", Box::new(|| change_idle(|s| s.cooling += 1))),
            ("knows", Box::new(|| change_idle(|s| s.lease_end_secs += 1))),
            ("is (", Box::new(|| change_idle(|s| s.answerable_from += 1))),
            ("is (", Box::new(|| change_idle(|s| s.state = SessionState::Ready))),
            (
                "the credited clock",
                Box::new(|| ClockReadings::<Test>::mutate(|r| r.clocks.credited += 1)),
            ),
            (
                "the decaying clock",
                Box::new(|| ClockReadings::<Test>::mutate(|r| r.clocks.decaying += 2)),
            ),
            ("challenges before", Box::new(|| VoidBefore::<Test>::mutate(|block| *block += 1))),
            ("would lose", Box::new(|| change_idle(|s| s.impaired += 1_000_000_000))),
            ("pool 0 has (", Box::new(|| change_pool(|p| p.free += 1))),
            ("pool 0 has (", Box::new(|| change_pool(|p| p.shares += 1))),
            ("has the terms", Box::new(|| change_pool(|p| p.cap = Some(7)))),
            ("has the terms", Box::new(|| change_pool(|p| p.commission = Permill::from_parts(7)))),
            (
                "has the terms",
                Box::new(|| change_pool(|p| p.max_commission = Permill::from_parts(7))),
            ),
            ("has the queue", Box::new(|| change_pool(|p| p.queue.due_shares += 1))),
            ("has the queue", Box::new(|| change_pool(|p| p.queue.next_id += 1))),
            ("stands in the ring", Box::new(|| change_pool(|p| p.in_ring = !p.in_ring))),
            (
                "has the workers",
                Box::new(|| PoolWorkers::<Test>::mutate(0, |workers| workers.as_mut().swap(0, 1))),
            ),
            ("admits", Box::new(|| Allowed::<Test>::insert(0, AccountId32::new([99; 32]), ()))),
            (
                "of itself",
                Box::new(|| Profiles::<Test>::mutate(0, |profile| profile.description = vec![1].try_into().unwrap())),
            ),
            (
                "keeps the prices",
                Box::new(|| PriceSamples::<Test>::mutate(0, |samples| samples.iter_mut().for_each(|sample| sample.price += 1))),
            ),
            (
                "of pool 0, not",
                Box::new(|| {
                    let (who, id, mut holding) = Holdings::<Test>::iter().find(|(_, id, _)| *id == 0).unwrap();
                    holding.shares += 1;
                    Holdings::<Test>::insert(who, id, holding);
                }),
            ),
            (
                "the chain knows nothing",
                Box::new(|| {
                    let (who, id, _) = Holdings::<Test>::iter().next().unwrap();
                    Holdings::<Test>::remove(who, id);
                }),
            ),
            ("of pool 0 is Request", Box::new(|| change_request(|request| request.shares += 1))),
            (
                "of pool 0 is Request",
                Box::new(|| change_request(|request| request.deadline_secs += 1)),
            ),
            (
                "of pool 0 is Request",
                Box::new(|| change_request(|request| request.due = !request.due)),
            ),
            (
                "of pool 0 is Request",
                Box::new(|| change_request(|request| request.prev = Some(7))),
            ),
            (
                "the agenda has",
                Box::new(|| {
                    let number = AgendaRange::<Test>::get().0;
                    Agenda::<Test>::mutate(number, |appointment| appointment.iter_mut().for_each(|a| a.due_secs += 1));
                }),
            ),
            ("the agenda is", Box::new(|| AgendaRange::<Test>::mutate(|range| range.1 += 1))),
            (
                "the ring is",
                Box::new(|| {
                    let end = RingRange::<Test>::get().1;
                    Ring::<Test>::insert(end, 0);
                    RingRange::<Test>::mutate(|range| range.1 += 1);
                }),
            ),
            ("the sweep is at", Box::new(|| SweepAt::<Test>::mutate(|at| at.slot += 1))),
            ("booked are", Box::new(|| Unclaimed::<Test>::insert(account(1), 1))),
            ("for somebody", Box::new(|| PotTotal::<Test>::mutate(|total| *total += 1))),
            (
                "the pot holds",
                Box::new(|| assert!(Balances::mint_into(&StakePool::pot(), 1).is_ok())),
            ),
            (
                "pool 0 has a reward",
                Box::new(|| PoolReward::<Test>::mutate(0, |reward| *reward += 1)),
            ),
            (
                "the subsidy holds",
                Box::new(|| InTransit::<Test>::mutate(|moving| moving.treasury += 1)),
            ),
            ("holds", Box::new(|| assert!(Balances::mint_into(&account(1), 1).is_ok()))),
        ];
        for (message, damage) in damages {
            let found = found(&mut world, damage);
            assert!(found.contains(message), "{found}");
        }
        world.check_all().unwrap();
    });
}
