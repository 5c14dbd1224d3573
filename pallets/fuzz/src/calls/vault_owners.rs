//! What owners of vaults do.

use super::{dispatch_foreseen, terms::rate, VaultCall};
use crate::{ledger::Check, runtime::vault_account, world::World};
use khala_primitives::{Balance, PoolId, VaultId, PHA};
use sp_runtime::Permill;

pub(super) fn create(world: &mut World) -> Check<bool> {
    let who = world.somebody();
    let (any, highest, limit) = (rate(world), rate(world), rate(world));
    let fee = world.dice.pick(&[any, 50_000, 200_000]);
    let max_fee = world.dice.pick(&[1_000_000, 1_000_000, highest]);
    let limit = world.dice.pick(&[1_000_000, 1_000_000, 500_000, limit]);
    let cap = super::terms::cap(world);
    if world.ledger.vaults.len() >= world.vaults {
        return Ok(false);
    }
    let call = VaultCall::create_vault {
        fee: Permill::from_parts(fee),
        max_fee: Permill::from_parts(max_fee),
        commission_limit: Permill::from_parts(limit),
        cap,
    };
    let foreseen = world.ledger.create_vault(&who, fee, max_fee, limit, cap);
    dispatch_foreseen(world, call, &who, foreseen)
}

/// Coins that are free and owed to nobody go into a pool: all, a part, a smallest amount, a little too much.
pub(super) fn invest(world: &mut World) -> Check<bool> {
    let (vault, who) = world.vault_and_owner();
    let lost = world.impaired();
    let at = world.ledger.valued(vault, &lost).ok();
    let spare = at.as_ref().map_or(0, |at| at.spare());
    let limit = at.map_or(0, |at| at.vault.limit.now);
    let fits = |id: &PoolId| {
        let pool = world.ledger.pools.get(id).filter(|pool| pool.admits(&vault_account(vault)));
        let cheap = world.ledger.dearest(*id).is_some_and(|rate| rate <= limit);
        cheap && pool.is_some_and(|pool| pool.cap.is_none_or(|cap| pool.capped() + spare <= cap))
    };
    let fitting: Vec<PoolId> = world.ledger.pools.keys().filter(|id| fits(id)).copied().collect();
    let pool = match fitting.is_empty() || world.dice.percent(10) {
        true => world.some_pool(),
        false => world.dice.pick(&fitting),
    };
    let amount = match world.dice.below(20) {
        0 => PHA - 1,
        1 => PHA,
        2 => spare + 1,
        3..6 => world.dice.part(spare),
        6 => world.dice.part(30_000 * PHA),
        _ => spare,
    };
    let shares = world.ledger.touched(pool, lost.get(&pool).copied().unwrap_or(0));
    let shares = shares.map_or(0, |(pool, _)| pool.shares_for(amount));
    let min_shares = match world.dice.below(20) {
        0 => shares,
        1 => shares + 1,
        _ => 0,
    };
    let foreseen = world
        .ledger
        .foresee(|ledger| ledger.invest(&who, vault, pool, amount, min_shares, &lost));
    let call = VaultCall::invest {
        vault,
        pool,
        amount,
        min_shares,
    };
    dispatch_foreseen(world, call, &who, foreseen)
}

/// A pool of a vault, if it has one.
fn place_of(world: &mut World, vault: VaultId) -> PoolId {
    let places = world.ledger.vaults.get(&vault).map_or_else(Vec::new, |vault| vault.places.clone());
    match places.is_empty() || world.dice.percent(5) {
        true => world.some_pool(),
        false => world.dice.pick(&places),
    }
}

pub(super) fn divest(world: &mut World) -> Check<bool> {
    let (vault, who) = world.vault_and_owner();
    let pool = place_of(world, vault);
    let lost = world.impaired();
    let held = world.ledger.pools.get(&pool).map_or(0, |pool| pool.held_by(&vault_account(vault)));
    let shares = match world.dice.below(20) {
        0 => 0,
        1 => held + 1,
        2 => world.dice.part(3 * PHA),
        3..10 => held,
        _ => world.dice.part(held),
    };
    let stake = world.ledger.valued(vault, &lost).ok().and_then(|at| at.stake(pool).cloned());
    let worth = stake.map_or(0, |stake| stake.worth(shares));
    let min_amount = match world.dice.below(20) {
        0 => worth,
        1 => worth + 1,
        _ => 0,
    };
    let foreseen = world
        .ledger
        .foresee(|ledger| ledger.divest(&who, vault, pool, shares, min_amount, &lost));
    let call = VaultCall::divest {
        vault,
        pool,
        shares,
        min_amount,
    };
    dispatch_foreseen(world, call, &who, foreseen)
}

/// A request of a vault in a pool's queue, now and then another one.
pub(super) fn cancel_divest(world: &mut World) -> Check<bool> {
    let accounts: Vec<_> = world.ledger.vaults.keys().map(|id| (*id, vault_account(*id))).collect();
    let open = world.ledger.pools.iter().flat_map(|(pool, entry)| {
        let requests = entry.queue.iter();
        requests.filter_map(|request| {
            let (vault, _) = accounts.iter().find(|(_, account)| *account == request.who)?;
            Some((*vault, *pool, request.id))
        })
    });
    let open: Vec<_> = open.collect();
    let (vault, pool, request) = match open.is_empty() || world.dice.percent(4) {
        true => (world.some_vault(), world.some_pool(), world.dice.below(20)),
        false => world.dice.pick(&open),
    };
    let owner = world.ledger.vaults.get(&vault).map(|vault| vault.owner.clone());
    let who = match owner {
        Some(owner) if !world.dice.percent(4) => owner,
        _ => world.somebody(),
    };
    let lost = world.impaired();
    let foreseen = world
        .ledger
        .foresee(|ledger| ledger.cancel_divest(&who, vault, pool, request, &lost));
    dispatch_foreseen(world, VaultCall::cancel_divest { vault, pool, request }, &who, foreseen)
}

/// Lower, higher by up to ten points and a little more, the same.
fn another(world: &mut World, now: u32) -> u32 {
    let wanted = match world.dice.below(10) {
        0 => now,
        1 => now + 100_000,
        2 => now + 100_001,
        3 => rate(world),
        4 | 5 => world.dice.below(u64::from(now) + 1) as u32,
        _ => now + world.dice.below(100_001) as u32,
    };
    wanted.min(1_000_000)
}

pub(super) fn set_fee(world: &mut World) -> Check<bool> {
    let (vault, who) = world.vault_and_owner();
    let now = world.ledger.vaults.get(&vault).map_or(0, |vault| vault.fee.now);
    let fee = another(world, now);
    let lost = world.impaired();
    let foreseen = world.ledger.foresee(|ledger| ledger.set_fee(&who, vault, fee, &lost));
    let fee = Permill::from_parts(fee);
    dispatch_foreseen(world, VaultCall::set_fee { vault, fee }, &who, foreseen)
}

pub(super) fn claim_fee(world: &mut World) -> Check<bool> {
    let (vault, who) = world.vault_and_owner();
    let lost = world.impaired();
    let foreseen = world.ledger.foresee(|ledger| ledger.claim_fee(&who, vault, &lost));
    dispatch_foreseen(world, VaultCall::claim_fee { vault }, &who, foreseen)
}

/// The highest commission of pools: mostly higher, so that pools can be used again, now and then below that of a pool.
pub(super) fn set_commission_limit(world: &mut World) -> Check<bool> {
    let (vault, who) = world.vault_and_owner();
    let now = world.ledger.vaults.get(&vault).map_or(0, |vault| vault.limit.now);
    let pool = place_of(world, vault);
    let limit = match (world.dice.below(10), world.ledger.dearest(pool)) {
        (0, Some(rate)) => rate.saturating_sub(1),
        (1, Some(rate)) => rate,
        (2, _) => another(world, now),
        _ => (now + world.dice.below(100_001) as u32).min(1_000_000),
    };
    let foreseen = world.ledger.foresee(|ledger| ledger.set_limit(&who, vault, limit));
    let limit = Permill::from_parts(limit);
    dispatch_foreseen(world, VaultCall::set_commission_limit { vault, limit }, &who, foreseen)
}

/// No cap, any, or just what the vault is worth.
pub(super) fn set_cap(world: &mut World) -> Check<bool> {
    let (vault, who) = world.vault_and_owner();
    let lost = world.impaired();
    let value: Balance = world.ledger.valued(vault, &lost).map_or(0, |at| at.value());
    let cap = match world.dice.below(10) {
        0..5 => None,
        5 => Some(value),
        6 => Some(value + PHA),
        _ => super::terms::cap(world),
    };
    let foreseen = world.ledger.set_vault_cap(&who, vault, cap);
    dispatch_foreseen(world, VaultCall::set_cap { vault, cap }, &who, foreseen)
}
