//! What the registry tells mining.

use crate::{
    ledger::{check, Check},
    runtime::{change_registry, registry, Mining},
    world::{take_events, World},
};
use khala_pallet_registry::{OnWorkerChange, WorkerFacts};
use khala_primitives::{AccountId32, ConfidenceLevel, MeasurementDigest, WorkerPublicKey};

type Facts = WorkerFacts<AccountId32>;

fn registered_worker(world: &mut World) -> Option<(WorkerPublicKey, Facts)> {
    let count = registry(|registry| registry.workers.len()) as u64;
    let place = world.dice.below(count) as usize;
    registry(|registry| registry.workers.iter().nth(place).map(|(worker, facts)| (*worker, facts.clone())))
}

fn free_key(world: &World) -> Option<WorkerPublicKey> {
    let keys = (0..world.keys.len()).map(|number| world.key(number));
    registry(|registry| keys.into_iter().find(|key| !registry.workers.contains_key(key)))
}

fn put(worker: WorkerPublicKey, facts: &Facts) {
    change_registry(|registry| registry.workers.insert(worker, facts.clone()));
}

fn level(world: &mut World) -> ConfidenceLevel {
    use ConfidenceLevel::*;
    world.dice.pick(&[One, Two, Three, Four, Five])
}

fn score_of(world: &mut World) -> u32 {
    match world.dice.below(30) {
        0 => 0,
        1 => 49,
        2 => 50,
        3 => 20_000,
        _ => world.dice.between(50, 3_000) as u32,
    }
}

fn lease(world: &mut World) -> u64 {
    world.ledger.clock.now_secs + world.dice.pick(&[0, 60, 600, 3_600, 86_400, 10_000_000, 10_000_000, 10_000_000])
}

fn new_facts(world: &mut World, operator: AccountId32) -> Facts {
    WorkerFacts {
        operator,
        instance: world.instance(),
        lease_end_secs: lease(world),
        level: level(world),
        score: (!world.dice.percent(10)).then(|| score_of(world)),
        policy_version: registry(|registry| registry.policy_version),
        measurement: MeasurementDigest([0; 32]),
    }
}

pub(super) fn register(world: &mut World) -> Check<bool> {
    let full = registry(|registry| registry.workers.len()) >= world.workers;
    let Some(worker) = free_key(world).filter(|_| !full) else {
        return Ok(false);
    };
    let operator = world.somebody();
    let facts = new_facts(world, operator);
    put(worker, &facts);
    Mining::on_registered(&worker, &facts);
    world.ledger.registered(&worker, &facts, take_events().0)?;
    Ok(true)
}

/// The same operator, perhaps another instance and level, most of the time the old score.
pub(super) fn renew(world: &mut World) -> Check<bool> {
    let Some((worker, old)) = registered_worker(world) else {
        return Ok(false);
    };
    let mut facts = new_facts(world, old.operator);
    if world.dice.percent(70) {
        facts.instance = old.instance;
    }
    if world.dice.percent(70) {
        facts.level = old.level;
    }
    if world.dice.percent(80) {
        facts.score = old.score;
    }
    put(worker, &facts);
    world.last.detail(format!("{worker:?} {facts:?}"));
    Mining::on_registered(&worker, &facts);
    world.ledger.registered(&worker, &facts, take_events().0)?;
    Ok(true)
}

fn judge(world: &mut World, change: impl FnOnce(&mut World, &mut Facts)) -> Check<bool> {
    let Some((worker, mut facts)) = registered_worker(world) else {
        return Ok(false);
    };
    change(world, &mut facts);
    put(worker, &facts);
    world.last.detail(format!("{worker:?} {facts:?}"));
    Mining::on_judged(&worker, &facts);
    world.ledger.judged(&worker, &facts)?;
    Ok(true)
}

pub(super) fn score(world: &mut World) -> Check<bool> {
    judge(world, |world, facts| facts.score = Some(score_of(world)))
}

pub(super) fn end_lease(world: &mut World) -> Check<bool> {
    judge(world, |_, facts| facts.lease_end_secs = 0)
}

/// Another policy, which denies one worker in a while.
pub(super) fn policy(world: &mut World) -> Check<bool> {
    let denied = registered_worker(world).filter(|_| world.dice.percent(30));
    change_registry(|registry| {
        registry.policy_version += 1;
        registry.denied = denied.map(|(worker, _)| worker).into_iter().collect();
    });
    Ok(true)
}

pub(super) fn rebind(world: &mut World) -> Check<bool> {
    let (Some((old, facts)), Some(new)) = (registered_worker(world), free_key(world)) else {
        return Ok(false);
    };
    let facts = new_facts(world, facts.operator);
    change_registry(|registry| registry.workers.remove(&old));
    put(new, &facts);
    world.last.detail(format!("{old:?} {new:?} {facts:?}"));
    Mining::on_rebound(&old, &new, &facts);
    world.ledger.rebound(&old, &new, &facts, take_events().0)?;
    Ok(true)
}

/// A worker goes, or to another operator, if it may.
pub(super) fn retire(world: &mut World) -> Check<bool> {
    let Some((worker, facts)) = registered_worker(world) else {
        return Ok(false);
    };
    let may = <Mining as OnWorkerChange<AccountId32>>::can_retire(&worker);
    check!(may == world.ledger.may_retire(&worker), "whether {worker:?} may be retired: {may}");
    if !may {
        return Ok(false);
    }
    change_registry(|registry| registry.workers.remove(&worker));
    <Mining as OnWorkerChange<AccountId32>>::on_retired(&worker);
    let (_, told) = take_events();
    if world.ledger.session_of(&worker).is_some() {
        let expected = world.ledger.unbound(&worker)?;
        super::same(told, expected)?;
    }
    if world.dice.percent(50) {
        let operator = world.somebody();
        let facts = Facts { operator, ..facts };
        put(worker, &facts);
        Mining::on_registered(&worker, &facts);
        world.ledger.registered(&worker, &facts, take_events().0)?;
    }
    Ok(true)
}
