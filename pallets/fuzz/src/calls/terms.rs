//! The terms of pools that their owners set.

use super::{dispatch, dispatch_foreseen, foresaw, signed, PoolCall};
use crate::{
    ledger::{check, Check},
    world::World,
};
use khala_pallet_stake_pool::{Description, Links, Workers};
use khala_primitives::{Balance, PHA};
use sp_runtime::Permill;

/// A rate in parts of a million.
pub(super) fn rate(world: &mut World) -> u32 {
    let any = world.dice.below(1_000_001) as u32;
    world.dice.pick(&[0, 10_000, 333_333, 1_000_000, any])
}

pub(super) fn cap(world: &mut World) -> Option<Balance> {
    world.dice.percent(30).then(|| world.dice.part(100_000 * PHA))
}

pub(super) fn create_pool(world: &mut World) -> Check<bool> {
    let who = world.somebody();
    let (commission, highest, cap) = (rate(world), rate(world), cap(world));
    let max_commission = world.dice.pick(&[1_000_000, 1_000_000, highest]);
    if world.ledger.pools.len() >= world.pools {
        return Ok(false);
    }
    let call = PoolCall::create_pool {
        commission: Permill::from_parts(commission),
        max_commission: Permill::from_parts(max_commission),
        cap,
    };
    let foreseen = world.ledger.create(&who, commission, max_commission, cap);
    dispatch_foreseen(world, call, &who, foreseen)
}

/// Lower, higher by up to ten points and a little more, the same.
pub(super) fn set_commission(world: &mut World) -> Check<bool> {
    let (pool, who) = world.pool_and_owner();
    let now = world.ledger.pools.get(&pool).map_or(0, |pool| pool.commission);
    let commission = match world.dice.below(10) {
        0 => now,
        1 => now + 100_000,
        2 => now + 100_001,
        3 => rate(world),
        4 | 5 => world.dice.below(u64::from(now) + 1) as u32,
        _ => now + world.dice.below(100_001) as u32,
    };
    let commission = commission.min(1_000_000);
    let impaired = world.impaired_of(pool);
    let foreseen = world.ledger.set_commission(&who, pool, commission, impaired);
    let call = PoolCall::set_commission {
        pool,
        commission: Permill::from_parts(commission),
    };
    dispatch_foreseen(world, call, &who, foreseen)
}

pub(super) fn claim_commission(world: &mut World) -> Check<bool> {
    let (pool, who) = world.pool_and_owner();
    let impaired = world.impaired_of(pool);
    let foreseen = world.ledger.claim_commission(&who, pool, impaired);
    dispatch_foreseen(world, PoolCall::claim_commission { pool }, &who, foreseen)
}

/// No cap, any, or just what the pool has.
pub(super) fn set_cap(world: &mut World) -> Check<bool> {
    let (pool, who) = world.pool_and_owner();
    let value = world.ledger.pools.get(&pool).map_or(0, |pool| pool.capped());
    let cap = match world.dice.below(10) {
        0..5 => None,
        5 => Some(value),
        6 => Some(value + PHA),
        _ => cap(world),
    };
    let foreseen = world.ledger.set_cap(&who, pool, cap);
    dispatch_foreseen(world, PoolCall::set_cap { pool, cap }, &who, foreseen)
}

/// Lists are short, and become empty again.
pub(super) fn allow(world: &mut World) -> Check<bool> {
    let (pool, who) = world.pool_and_owner();
    let listed = world.ledger.pools.get(&pool).and_then(|pool| pool.allowed.first().cloned());
    let (delegator, allowed) = match listed {
        Some(listed) if world.dice.percent(70) => (listed, false),
        // A list without vaults keeps their coins out.
        _ if world.dice.percent(15) => (world.some_vault_account(), true),
        _ => (world.somebody(), world.dice.percent(70)),
    };
    let foreseen = world.ledger.allow(&who, pool, &delegator, allowed);
    let call = PoolCall::allow { pool, delegator, allowed };
    dispatch_foreseen(world, call, &who, foreseen)
}

/// Texts, and bytes that are none; now and then nothing.
pub(super) fn set_profile(world: &mut World) -> Check<bool> {
    let (pool, who) = world.pool_and_owner();
    let text = |world: &mut World| match world.dice.below(20) {
        0 => vec![0xff],
        1..8 => Vec::new(),
        _ => format!("Pool {pool}, {}", world.dice.below(1_000)).into_bytes(),
    };
    let description = text(world);
    let links: Vec<_> = (0..world.dice.below(3)).map(|_| text(world)).collect();
    let foreseen = world.ledger.set_profile(&who, pool, &description, &links);
    let links = links
        .into_iter()
        .map(|link| link.try_into().unwrap_or_default())
        .collect::<Vec<_>>();
    let call = PoolCall::set_profile {
        pool,
        description: Description::try_from(description).unwrap_or_default(),
        links: Links::try_from(links).unwrap_or_default(),
    };
    let (result, _, told) = dispatch(world, call, signed(&who))?;
    foresaw(foreseen.as_ref().map(|_| ()), &result)?;
    check!(told.len() == usize::from(result.is_ok()), "of a profile the pools tell {told:?}");
    Ok(result.is_ok())
}

/// Another order; now and then without one, or with one that is not there.
pub(super) fn order_workers(world: &mut World) -> Check<bool> {
    let (pool, who) = world.pool_and_owner();
    let mut order = world.ledger.pools.get(&pool).map_or_else(Vec::new, |pool| pool.workers.clone());
    for place in (1..order.len()).rev() {
        order.swap(place, world.dice.below(place as u64 + 1) as usize);
    }
    match world.dice.below(20) {
        0 => drop(order.pop()),
        1 => order.push(world.key(0)),
        2 => order.iter_mut().take(1).for_each(|first| *first = world.key(1)),
        _ => {}
    }
    let foreseen = world.ledger.order(&who, pool, &order);
    let order = Workers::try_from(order).unwrap_or_default();
    dispatch_foreseen(world, PoolCall::order_workers { pool, order }, &who, foreseen)
}
