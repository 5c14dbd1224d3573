//! Other parameters.

use super::{dispatch, signed, MiningCall};
use crate::{
    ledger::{check, Check},
    parameters,
    runtime::{RuntimeOrigin, Test},
    world::World,
};

fn origin(world: &mut World) -> (RuntimeOrigin, bool) {
    if world.dice.percent(5) {
        let who = world.somebody();
        return (signed(&who), false);
    }
    (RuntimeOrigin::root(), true)
}

pub(super) fn set_mining(world: &mut World) -> Check<bool> {
    let (origin, root) = origin(world);
    let mut parameters = parameters::mining(&mut world.dice);
    let valid = !world.dice.percent(5);
    if !valid {
        parameters.cool_down_secs = 0;
    }
    let call = MiningCall::set_mining {
        parameters: parameters.clone(),
    };
    let (result, ..) = dispatch(world, call, origin)?;
    check!(result.is_ok() == (root && valid), "mining parameters: {result:?}");
    if result.is_ok() {
        world.ledger.announced_mining(parameters);
    }
    Ok(result.is_ok())
}

pub(super) fn set_economics(world: &mut World) -> Check<bool> {
    let (origin, root) = origin(world);
    let mut parameters = parameters::economics(&mut world.dice);
    let valid = !world.dice.percent(5);
    if !valid {
        parameters.halving_secs = 0;
    }
    let (result, ..) = dispatch(world, MiningCall::set_economics { parameters }, origin)?;
    check!(result.is_ok() == (root && valid), "economic parameters: {result:?}");
    if result.is_ok() {
        world.ledger.announced_economics(parameters);
    }
    Ok(result.is_ok())
}

pub(super) fn cancel(world: &mut World) -> Check<bool> {
    let (origin, root) = origin(world);
    let expected = root && world.ledger.has_announced();
    let (result, ..) = dispatch(world, MiningCall::cancel_parameters {}, origin)?;
    check!(result.is_ok() == expected, "cancelled parameters: {result:?}");
    if expected {
        world.ledger.cancelled();
    }
    Ok(expected)
}

/// Other times of pools and vaults, as a runtime upgrade would bring them. Deadlines that are fixed stay.
pub(super) fn set_times(world: &mut World) -> Check<bool> {
    let times = parameters::times(&mut world.dice);
    check!(times.validate().is_ok(), "{times:?} are out of bounds");
    khala_pallet_stake_pool::Parameters::<Test>::put(times);
    world.ledger.times = times;
    let vaults = parameters::vaults(&mut world.dice);
    check!(vaults.validate().is_ok(), "{vaults:?} are out of bounds");
    khala_pallet_vault::Parameters::<Test>::put(vaults);
    world.ledger.margin_secs = vaults.margin_secs;
    Ok(true)
}
