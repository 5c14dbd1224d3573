//! Coins by hand: to the pot, from account to account, until one is dead; and payments that wait to be claimed.

use super::{dispatch, dispatch_foreseen, foresaw, signed, PoolCall};
use crate::{
    ledger::Check,
    runtime::{ExistentialDeposit, StakePool, Test},
    world::World,
};
use khala_primitives::PHA;

type Call = pallet_balances::Call<Test>;

pub(super) fn claim_unclaimed(world: &mut World) -> Check<bool> {
    // Somebody who can have it, if there is one.
    let booked = world.ledger.unclaimed.keys().max_by_key(|who| world.ledger.free_of(who)).cloned();
    let who = booked.filter(|_| !world.dice.percent(20)).unwrap_or_else(|| world.somebody());
    let foreseen = world.ledger.claim_unclaimed(&who);
    dispatch_foreseen(world, PoolCall::claim_unclaimed {}, &who, foreseen)
}

pub(super) fn by_hand(world: &mut World) -> Check<bool> {
    let (who, mut to) = (world.somebody(), world.somebody());
    if world.dice.percent(10) {
        // Nobody has the key of a vault's account: what is sent there changes no price, and stays.
        to = world.some_vault_account();
    }
    let value = match world.dice.below(10) {
        0 => 1,
        1 => ExistentialDeposit::get() - 1,
        2 => ExistentialDeposit::get(),
        3 => world.ledger.to_give(&who) + 1,
        4 => world.dice.part(100_000 * PHA),
        _ => world.dice.part(50 * PHA),
    };
    let (call, foreseen) = match world.dice.below(10) {
        0..3 => {
            let dest = StakePool::pot();
            (Call::transfer_keep_alive { dest, value }, world.ledger.send_to_pot(&who, value))
        }
        3..6 => {
            let dest = to.clone();
            (Call::transfer_keep_alive { dest, value }, world.ledger.send(&who, &to, value))
        }
        _ => {
            let dest = to.clone();
            let keep_alive = false;
            (Call::transfer_all { dest, keep_alive }, world.ledger.send_all(&who, &to))
        }
    };
    let (result, ..) = dispatch(world, call, signed(&who))?;
    foresaw(foreseen.as_ref().map(|_| ()), &result)?;
    Ok(result.is_ok())
}
