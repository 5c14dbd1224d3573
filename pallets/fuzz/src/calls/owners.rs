//! What pools' owners, delegators and operators do.

use super::{dispatch, signed, MiningCall, PoolCall};
use crate::{
    ledger::{check, session::Phase, Check},
    runtime::registry,
    world::World,
};
use khala_primitives::{status::Absence, Balance, PoolId, PHA};
use sp_runtime::Permill;

/// PHA with a fraction as planck; zero for what is not a number.
fn planck(amount: f64) -> Balance {
    (amount * PHA as f64) as Balance
}

fn some_pool(world: &mut World) -> PoolId {
    let count = world.ledger.pools.len() as u64;
    let beyond = u64::from(world.dice.percent(2));
    world.dice.below(count + beyond) as PoolId
}

pub(super) fn create_pool(world: &mut World) -> Check<bool> {
    let who = world.somebody();
    let commission = world.dice.pick(&[0, 10_000, 333_333, 1_000_000]);
    if world.ledger.pools.len() >= world.pools {
        return Ok(false);
    }
    let call = PoolCall::create_pool {
        commission: Permill::from_parts(commission),
        max_commission: Permill::one(),
        cap: None,
    };
    let (result, _) = dispatch(world, call, signed(&who))?;
    if result.is_ok() {
        world.ledger.created(world.ledger.pools.len() as PoolId, who, commission)?;
    }
    Ok(result.is_ok())
}

pub(super) fn delegate(world: &mut World) -> Check<bool> {
    let (who, pool) = (world.somebody(), some_pool(world));
    let amount = match world.dice.below(10) {
        0 => PHA - 1,
        1 => PHA,
        _ => world.dice.part(60_000 * PHA),
    };
    let call = PoolCall::delegate {
        pool,
        amount,
        min_shares: 0,
    };
    let (result, _) = dispatch(world, call, signed(&who))?;
    if result.is_ok() {
        check!(amount >= PHA, "{amount} planck were delegated");
        world.ledger.delegated(pool, &who, amount)?;
    }
    Ok(result.is_ok())
}

pub(super) fn claim_commission(world: &mut World) -> Check<bool> {
    let pool = some_pool(world);
    let owner = world.ledger.pools.get(&pool).map(|pool| pool.owner.clone());
    let who = owner.filter(|_| !world.dice.percent(5)).unwrap_or_else(|| world.somebody());
    let (result, _) = dispatch(world, PoolCall::claim_commission { pool }, signed(&who))?;
    if result.is_ok() {
        world.ledger.claimed(pool, &who)?;
    }
    Ok(result.is_ok())
}

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
        true => some_pool(world),
        false => world.dice.pick(&owned),
    };
    let (result, _) = dispatch(world, PoolCall::add_worker { pool, worker }, signed(&who))?;
    if result.is_ok() {
        world.ledger.bound(&who, pool, &worker)?;
    }
    Ok(result.is_ok())
}

pub(super) fn remove_worker(world: &mut World) -> Check<bool> {
    let (worker, id) = world.worker_with(|entry| entry.phase == Phase::Ready);
    let who = world.owner_of(id);
    let expected = id.is_some_and(|id| world.ledger.owns(&who, id)) && world.ledger.may_retire(&worker);
    let (result, _) = dispatch(world, PoolCall::remove_worker { worker }, signed(&who))?;
    check!(result.is_ok() == expected, "a worker's removal: {result:?}");
    if expected {
        world.ledger.unbound(&worker)?;
    }
    Ok(expected)
}

pub(super) fn start(world: &mut World) -> Check<bool> {
    let (worker, id) = world.worker_with(|entry| entry.phase == Phase::Ready);
    let who = world.owner_of(id);
    let stake = stake_for(world, &worker, id);
    let (result, _) = dispatch(world, PoolCall::start_worker { worker, stake }, signed(&who))?;
    if result.is_ok() {
        world.ledger.started(&who, &worker, stake)?;
    }
    Ok(result.is_ok())
}

/// A stake between its bounds, on them, or a little beyond.
fn stake_for(world: &mut World, worker: &khala_primitives::WorkerPublicKey, id: Option<u64>) -> Balance {
    let facts = registry(|registry| registry.workers.get(worker).cloned());
    let Some(facts) = facts else { return world.dice.part(30_000 * PHA) };
    let p = f64::from(facts.score.unwrap_or(0));
    let (low, high) = (
        world.ledger.rates.minimal_stake(p),
        world.ledger.rates.maximal_stake(p, facts.level),
    );
    let pool = id
        .and_then(|id| world.ledger.sessions.get(&id))
        .and_then(|entry| world.ledger.pools.get(&entry.pool));
    let free = pool.map_or(0, |pool| pool.free_with_rewards());
    match world.dice.below(20) {
        0 => planck(low).saturating_sub(2),
        1 => planck(low) + 2,
        2 => planck(high) + 2,
        3 => planck(high).saturating_sub(2),
        4 => free,
        5 => free + 1,
        _ => {
            let room = planck(high).min(free).saturating_sub(planck(low));
            planck(low) + 1 + world.dice.part(room / 2)
        }
    }
}

pub(super) fn stop(world: &mut World) -> Check<bool> {
    let (worker, id) = world.worker_with(|entry| entry.stake.is_some());
    let who = world.owner_of(id);
    let running = id
        .and_then(|id| world.ledger.sessions.get(&id))
        .is_some_and(|entry| entry.stake.is_some());
    let expected = running && id.is_some_and(|id| world.ledger.owns(&who, id));
    let (result, events) = dispatch(world, PoolCall::stop_worker { worker }, signed(&who))?;
    check!(result.is_ok() == expected, "a stop: {result:?}");
    if expected {
        world.ledger.stopped(&who, &worker, events)?;
    }
    Ok(expected)
}

pub(super) fn add_stake(world: &mut World) -> Check<bool> {
    let (worker, id) = world.worker_with(|entry| entry.stake.is_some());
    let who = world.owner_of(id);
    let pool = id
        .and_then(|id| world.ledger.sessions.get(&id))
        .and_then(|entry| world.ledger.pools.get(&entry.pool));
    let free = pool.map_or(0, |pool| pool.free_with_rewards());
    let more = match world.dice.below(20) {
        0 => 0,
        1 => 1,
        2 => free + 1,
        _ => world.dice.part(free.min(2_000 * PHA)),
    };
    let (result, _) = dispatch(world, PoolCall::add_stake { worker, more }, signed(&who))?;
    if result.is_ok() {
        world.ledger.added(&who, &worker, more)?;
    }
    Ok(result.is_ok())
}

pub(super) fn reduce_stake(world: &mut World) -> Check<bool> {
    let (worker, id) = world.worker_with(|entry| entry.stake.is_some());
    let who = world.owner_of(id);
    let stake = id
        .and_then(|id| world.ledger.sessions.get(&id))
        .and_then(|entry| entry.stake.as_ref());
    let spare = stake.map_or(0, |stake| {
        stake
            .planck
            .saturating_sub(planck(world.ledger.rates.minimal_stake(stake.p_at_start)))
    });
    let less = match world.dice.below(20) {
        0 => 0,
        1 => 1,
        2 => spare + 2,
        3 => spare.saturating_sub(2),
        _ => world.dice.part(spare / 3),
    };
    let (result, events) = dispatch(world, PoolCall::reduce_stake { worker, less }, signed(&who))?;
    if result.is_ok() {
        world.ledger.reduced(&who, &worker, less, events)?;
    }
    Ok(result.is_ok())
}

pub(super) fn pause(world: &mut World) -> Check<bool> {
    let (worker, _) = world.worker_with(|entry| entry.is_idle());
    let who = world.operator_of(&worker);
    let expected = world.ledger.may_pause(&who, &worker);
    let (result, events) = dispatch(world, MiningCall::pause { worker }, signed(&who))?;
    check!(result.is_ok() == expected, "a pause: {result:?}, the ledger says {expected}");
    if expected {
        world.ledger.paused(&worker, events)?;
    }
    Ok(expected)
}

pub(super) fn resume(world: &mut World) -> Check<bool> {
    let (worker, _) = world.worker_with(|entry| entry.phase == Phase::Away(Absence::Maintenance));
    let who = world.operator_of(&worker);
    let expected = world.ledger.may_resume(&who, &worker);
    let (result, _) = dispatch(world, MiningCall::resume { worker }, signed(&who))?;
    check!(result.is_ok() == expected, "a resumption: {result:?}, the ledger says {expected}");
    if expected {
        world.ledger.resumed(&worker)?;
    }
    Ok(expected)
}
