//! The fuzzer itself: it repeats itself, and notices damage.

use crate::{
    runtime::{account, Balances, Test},
    world::{self, World},
    *,
};
use frame_support::{
    storage::{with_transaction, TransactionOutcome},
    traits::fungible::Mutate,
};
use khala_economics::Q96;
use khala_pallet_mining::{ClockReadings, InTransit, PoolReward, Session, Sessions, VoidBefore};
use khala_pallet_stake_pool::Pools;
use khala_primitives::status::SessionState;
use sp_runtime::DispatchError;

fn options(calls: u64, seed: u64, seeds: u64) -> Options {
    Options {
        calls,
        seed,
        seeds,
        accounts: 6,
        workers: 10,
        pools: 4,
    }
}

#[test]
fn random_calls_break_no_invariant_and_every_kind_succeeds_sometimes() {
    let report = run(&options(2_500, 1, 3), |_, _| ()).unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!(report.calls(), 7_500);
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

#[test]
fn damage_is_found() {
    let (mut chain, mut world) = world::create(&options(0, 1, 1), 1);
    chain.execute_with(|| {
        world.begin().unwrap();
        while world.ledger.sessions.values().filter(|entry| entry.is_idle()).count() < 2 {
            world.step().unwrap();
        }
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
            (
                "pool 0 has (",
                Box::new(|| Pools::<Test>::mutate(0, |pool| pool.iter_mut().for_each(|p| p.free += 1))),
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
