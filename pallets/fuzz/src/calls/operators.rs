//! What operators of workers do.

use super::{dispatch, signed, MiningCall};
use crate::{
    ledger::{check, session::Phase, Check},
    world::World,
};
use khala_primitives::status::Absence;

pub(super) fn pause(world: &mut World) -> Check<bool> {
    let (worker, _) = world.worker_with(|entry| entry.is_idle());
    let who = world.operator_of(&worker);
    let expected = world.ledger.may_pause(&who, &worker);
    let (result, events, _) = dispatch(world, MiningCall::pause { worker }, signed(&who))?;
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
    let (result, ..) = dispatch(world, MiningCall::resume { worker }, signed(&who))?;
    check!(result.is_ok() == expected, "a resumption: {result:?}, the ledger says {expected}");
    if expected {
        world.ledger.resumed(&worker)?;
    }
    Ok(expected)
}
