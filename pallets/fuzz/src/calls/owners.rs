//! What pools' owners do with workers and stakes.

use super::{dispatch, dispatch_foreseen, foresaw, planck, same, signed, PoolCall};
use crate::{
    ledger::{session::Phase, Check, Events, Foreseen, Sure, Told},
    runtime::registry,
    world::World,
};
use khala_primitives::{AccountId32, Balance, PoolId, SessionId, WorkerPublicKey, PHA};

pub(super) fn add_worker(world: &mut World) -> Check<bool> {
    let unbound = registry(|registry| {
        registry
            .workers
            .keys()
            .copied()
            .filter(|worker| world.ledger.session_of(worker).is_none())
            .collect::<Vec<_>>()
    });
    let worker = match unbound.is_empty() {
        true => world.some_worker().0,
        false => world.dice.pick(&unbound),
    };
    let who = world.operator_of(&worker);
    let owned: Vec<PoolId> = world
        .ledger
        .pools
        .iter()
        .filter(|(_, pool)| pool.owner == who)
        .map(|(id, _)| *id)
        .collect();
    let pool = match owned.is_empty() {
        true => world.some_pool(),
        false => world.dice.pick(&owned),
    };
    let foreseen = world.ledger.add_worker(&who, pool, &worker);
    dispatch_foreseen(world, PoolCall::add_worker { pool, worker }, &who, foreseen)
}

pub(super) fn remove_worker(world: &mut World) -> Check<bool> {
    let (worker, id) = world.worker_with(|entry| entry.phase == Phase::Ready);
    let who = world.owner_of(id);
    let foreseen = world.ledger.remove_worker(&who, &worker);
    dispatch_foreseen(world, PoolCall::remove_worker { worker }, &who, foreseen)
}

/// What a worker's pool would lose, and what it has to spare.
fn means(world: &World, id: Option<SessionId>) -> (Balance, Balance) {
    let Some(pool) = id.and_then(|id| world.ledger.sessions.get(&id)).map(|entry| entry.pool) else {
        return (0, 0);
    };
    let impaired = world.impaired_of(pool);
    let touched = world.ledger.touched(pool, impaired);
    (impaired, touched.map_or(0, |(pool, _)| pool.spare()))
}

/// Makes a call of an owner that may be too near to a bound to be foreseen. What the pools told of it if it succeeded.
fn attempt(world: &mut World, call: PoolCall, who: &AccountId32, foreseen: Foreseen<Sure>) -> Check<Option<(Events, Told)>> {
    let (result, events, told) = dispatch(world, call, signed(who))?;
    if foreseen != Ok(Sure::Unknown) {
        foresaw(foreseen.as_ref().map(|_| ()), &result)?;
    }
    Ok(result.is_ok().then_some((events, told)))
}

pub(super) fn start(world: &mut World) -> Check<bool> {
    let (worker, id) = world.worker_with(|entry| entry.phase == Phase::Ready);
    let who = world.owner_of(id);
    let (impaired, spare) = means(world, id);
    let stake = stake_for(world, &worker, spare);
    let foreseen = world.ledger.may_start(&who, &worker, stake, impaired);
    let done = attempt(world, PoolCall::start_worker { worker, stake }, &who, foreseen)?;
    let Some((_, told)) = done else { return Ok(false) };
    same(told, world.ledger.started(&worker, stake, impaired)?)?;
    Ok(true)
}

/// A stake between its bounds, on them, or a little beyond.
fn stake_for(world: &mut World, worker: &WorkerPublicKey, spare: Balance) -> Balance {
    let facts = registry(|registry| registry.workers.get(worker).cloned());
    let Some(facts) = facts else { return world.dice.part(30_000 * PHA) };
    let p = f64::from(facts.score.unwrap_or(0));
    let (low, high) = (
        world.ledger.rates.minimal_stake(p),
        world.ledger.rates.maximal_stake(p, facts.level),
    );
    match world.dice.below(20) {
        0 => planck(low).saturating_sub(2),
        1 => planck(low) + 2,
        2 => planck(high) + 2,
        3 => planck(high).saturating_sub(2),
        4 => spare,
        5 => spare + 1,
        _ => {
            let room = planck(high).min(spare).saturating_sub(planck(low));
            let most = world.dice.pick(&[room / 2, room]);
            planck(low) + 1 + world.dice.part(most)
        }
    }
}

pub(super) fn stop(world: &mut World) -> Check<bool> {
    let (worker, id) = world.worker_with(|entry| entry.stake.is_some());
    let who = world.owner_of(id);
    let (impaired, _) = means(world, id);
    let foreseen = world.ledger.may_stop(&who, &worker);
    let done = attempt(world, PoolCall::stop_worker { worker }, &who, foreseen)?;
    withdrawn(world, &worker, impaired, done)
}

/// A stake was taken out, if it was.
fn withdrawn(world: &mut World, worker: &WorkerPublicKey, impaired: Balance, done: Option<(Events, Told)>) -> Check<bool> {
    let Some((mut events, told)) = done else { return Ok(false) };
    let event = events.pop_front().ok_or("a stake was taken out without a word")?;
    same(told, world.ledger.withdrawn(worker, impaired, &event)?)?;
    Ok(true)
}

pub(super) fn add_stake(world: &mut World) -> Check<bool> {
    let (worker, id) = world.worker_with(|entry| entry.stake.is_some());
    let who = world.owner_of(id);
    let (impaired, spare) = means(world, id);
    let more = match world.dice.below(20) {
        0 => 0,
        1 => 1,
        2 => spare + 1,
        3 => spare,
        _ => world.dice.part(spare.min(2_000 * PHA)),
    };
    let foreseen = world.ledger.may_add(&who, &worker, more, impaired);
    let done = attempt(world, PoolCall::add_stake { worker, more }, &who, foreseen)?;
    let Some((_, told)) = done else { return Ok(false) };
    same(told, world.ledger.added(&worker, more, impaired)?)?;
    Ok(true)
}

pub(super) fn reduce_stake(world: &mut World) -> Check<bool> {
    let (worker, id) = world.worker_with(|entry| entry.stake.is_some());
    let who = world.owner_of(id);
    let stake = id
        .and_then(|id| world.ledger.sessions.get(&id))
        .and_then(|entry| entry.stake.as_ref());
    let room = stake.map_or(0, |stake| {
        stake
            .planck
            .saturating_sub(planck(world.ledger.rates.minimal_stake(stake.p_at_start)))
    });
    let less = match world.dice.below(20) {
        0 => 0,
        1 => 1,
        2 => room + 2,
        3 => room.saturating_sub(2),
        _ => world.dice.part(room / 3),
    };
    let (impaired, _) = means(world, id);
    let foreseen = world.ledger.may_reduce(&who, &worker, less);
    let done = attempt(world, PoolCall::reduce_stake { worker, less }, &who, foreseen)?;
    withdrawn(world, &worker, impaired, done)
}
