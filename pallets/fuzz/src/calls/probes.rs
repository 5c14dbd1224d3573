//! The functions that other pallets call, outside of any transaction: one that fails has changed nothing.

use crate::{
    ledger::{check, Check},
    runtime::Mining,
    state::digest,
    world::{take_events, World},
};
use frame_support::storage::{with_transaction, TransactionOutcome};
use khala_primitives::PHA;
use sp_runtime::DispatchError;

/// Calls one of them, and takes back what it did.
pub(super) fn probe(world: &mut World) -> Check<bool> {
    let (worker, id) = world.some_worker();
    let amount = match world.dice.below(4) {
        0 => 0,
        1 => u128::MAX,
        _ => world.dice.part(20_000 * PHA),
    };
    let stake = id
        .and_then(|id| world.ledger.sessions.get(&id))
        .and_then(|entry| entry.stake.clone());
    let expected = stake.as_ref().map_or(0.0, |stake| {
        stake.planck as f64 * (1.0 - world.ledger.rates.kept(stake.v, stake.v_e))
    });
    let impaired = Mining::impaired(&worker) as f64;
    // A block may have settled the value since it was compared last.
    let slack = stake.as_ref().map_or(0.0, |stake| stake.slack * stake.planck as f64);
    check!(
        (impaired - expected).abs() <= 2.0 + slack,
        "{worker:?} would lose {impaired}, not {expected}"
    );
    let number = world.dice.below(6);
    world.last.detail(format!("{number} {worker:?} {amount}"));
    let succeeded = with_transaction(|| {
        // The transaction has a key of its own.
        let before = digest();
        let result = match number {
            0 => Mining::bind(&worker, 0).map(|_| ()),
            1 => Mining::unbind(&worker),
            2 => Mining::start(&worker, amount),
            3 => Mining::add_stake(&worker, amount),
            4 => Mining::reduce_stake(&worker, amount).map(|_| ()),
            _ => Mining::stop(&worker).map(|_| ()),
        };
        take_events();
        let clean = result.is_ok() || digest() == before;
        TransactionOutcome::Rollback(Ok::<_, DispatchError>((result.is_ok(), clean)))
    });
    let (succeeded, clean) = succeeded.map_err(|error| format!("a transaction: {error:?}"))?;
    check!(clean, "a function that failed changed the state");
    Ok(succeeded)
}
