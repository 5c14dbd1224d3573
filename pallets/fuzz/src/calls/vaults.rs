//! What delegators of vaults do.

use super::{dispatch_foreseen, VaultCall};
use crate::{
    ledger::{
        pools::{part, part_up},
        vaults::{Lost, Valued},
        Check,
    },
    world::World,
};
use khala_primitives::{AccountId32, Balance, VaultId, PHA};

/// Somebody who holds shares of a vault, now and then somebody who may not.
fn holder(world: &mut World) -> (VaultId, AccountId32) {
    let vault = world.some_vault();
    let held: Vec<_> = world
        .ledger
        .vaults
        .get(&vault)
        .map_or_else(Vec::new, |vault| vault.held.keys().cloned().collect());
    if held.is_empty() || world.dice.percent(4) {
        return (vault, world.somebody());
    }
    (vault, world.dice.pick(&held))
}

pub(super) fn delegate(world: &mut World) -> Check<bool> {
    let (who, vault) = (world.somebody(), world.some_vault());
    let lost = world.impaired();
    let at = world.ledger.valued(vault, &lost).ok();
    let cap = at.as_ref().and_then(|at| Some(at.vault.cap?.saturating_sub(at.value())));
    let rich = at.as_ref().is_some_and(|at| at.vault.free > 2_000 * PHA);
    let amount = match world.dice.below(20) {
        0 => PHA - 1,
        1 | 2 => PHA,
        3 => world.ledger.to_give(&who),
        4 => world.ledger.to_give(&who) + 1,
        5 => cap.unwrap_or(PHA),
        6 => cap.unwrap_or(PHA) + 1,
        7..10 => world.dice.part(10 * PHA),
        // Its owner has to find a pool for them first.
        10..20 if rich => world.dice.part(500 * PHA),
        _ => world.dice.part(30_000 * PHA),
    };
    let shares = at.map_or(0, |at| match at.vault.shares {
        0 => amount,
        shares => part(amount, shares, at.value()),
    });
    // Before the fee is taken: it may be a little more.
    let min_shares = match world.dice.below(20) {
        0 => shares,
        1 => shares + 1,
        2 => shares + shares / 10,
        _ => 0,
    };
    let foreseen = world
        .ledger
        .foresee(|ledger| ledger.join_vault(&who, vault, amount, min_shares, &lost));
    let call = VaultCall::delegate { vault, amount, min_shares };
    dispatch_foreseen(world, call, &who, foreseen)
}

/// So many of what an account has: all, a part, a few, or just so many that they, or what is left, are on a bound.
fn some_shares(world: &mut World, vault: VaultId, who: &AccountId32, lost: &Lost) -> (u128, Balance) {
    let Ok(at) = world.ledger.valued(vault, lost) else { return (1, 0) };
    let held = at.vault.held_by(who);
    let bought = |amount: Balance, at: &Valued| part_up(amount, at.vault.shares, at.value());
    // Just worth the smallest amount.
    let least = bought(PHA, &at);
    let shares = match world.dice.below(20) {
        0 => 0,
        1 => held + 1,
        2 => least,
        3 => least.saturating_sub(1),
        4 => held.saturating_sub(least),
        5 => (held + 1).saturating_sub(least),
        6 => world.dice.part(held.min(3 * least)),
        // More than is free.
        7..11 => {
            let wanted = at.vault.free + world.dice.part(10_000 * PHA);
            bought(wanted, &at).min(held)
        }
        // A little more than is free.
        11 => bought(at.vault.free + PHA, &at).min(held),
        12 => held,
        _ => world.dice.part(held),
    };
    (shares, at.worth(shares))
}

pub(super) fn undelegate(world: &mut World) -> Check<bool> {
    let (vault, who) = holder(world);
    let lost = world.impaired();
    let (shares, worth) = some_shares(world, vault, &who, &lost);
    let min_amount = match world.dice.below(20) {
        0 => worth,
        1 => worth + 1,
        2 => worth - worth / 10,
        _ => 0,
    };
    let foreseen = world
        .ledger
        .foresee(|ledger| ledger.leave_vault(&who, vault, shares, min_amount, &lost));
    let call = VaultCall::undelegate { vault, shares, min_amount };
    dispatch_foreseen(world, call, &who, foreseen)
}

pub(super) fn cancel_request(world: &mut World) -> Check<bool> {
    let waiting = world.ledger.vaults.iter().flat_map(|(id, vault)| {
        let requests = vault.queue.iter();
        requests.map(|request| (*id, request.id, request.who.clone()))
    });
    let waiting: Vec<_> = waiting.collect();
    let (vault, request, mut who) = match waiting.is_empty() || world.dice.percent(4) {
        true => (world.some_vault(), world.dice.below(20), world.somebody()),
        false => world.dice.pick(&waiting),
    };
    if world.dice.percent(4) {
        who = world.somebody();
    }
    let lost = world.impaired();
    let foreseen = world.ledger.foresee(|ledger| ledger.cancel_in_vault(&who, vault, request, &lost));
    dispatch_foreseen(world, VaultCall::cancel_request { vault, request }, &who, foreseen)
}

pub(super) fn transfer_shares(world: &mut World) -> Check<bool> {
    let (vault, who) = holder(world);
    let to = match world.dice.percent(4) {
        true => world.some_vault_account(),
        false => world.somebody(),
    };
    let lost = world.impaired();
    let (shares, _) = some_shares(world, vault, &who, &lost);
    let foreseen = world
        .ledger
        .foresee(|ledger| ledger.transfer_in_vault(&who, vault, &to, shares, &lost));
    let call = VaultCall::transfer_shares { vault, to, shares };
    dispatch_foreseen(world, call, &who, foreseen)
}
