//! Heartbeats and offline reports: right, stale, foreign, doubled, forged.

use super::{dispatch, MiningCall};
use crate::{
    ledger::{check, session::Entry, Check, Ledger},
    runtime::{Mining, System},
    state::digest,
    world::World,
};
use frame_support::traits::Authorize;
use frame_system::RawOrigin;
use khala_primitives::{
    signing::{self, Purpose},
    BlockNumber, Heartbeat, SessionId, SignedHeartbeat, WorkerPublicKey, WorkerSignature, H256,
};
use sp_core::Pair;
use sp_runtime::transaction_validity::TransactionSource;

pub(super) fn heartbeat(world: &mut World) -> Check<bool> {
    let entries = world.dice.between(1, 4);
    let mut batch = Vec::new();
    for _ in 0..entries {
        let now = world.ledger.clock.block;
        let asked = |entry: &Entry, ledger: &Ledger| ledger.challenge(now).is_some_and(|challenge| entry.is_asked(challenge));
        let away = |entry: &Entry| entry.stake.is_some() && !entry.is_idle();
        let fitting = world
            .ledger
            .sessions
            .iter()
            .filter(|(_, entry)| asked(entry, &world.ledger) || away(entry));
        let fitting: Vec<_> = fitting.map(|(id, entry)| (entry.worker, Some(*id))).collect();
        let (worker, id) = match fitting.is_empty() || world.dice.percent(30) {
            true => world.worker_with(|entry| entry.stake.is_some()),
            false => world.dice.pick(&fitting),
        };
        let double = batch.iter().any(|other: &Heartbeat| other.worker == worker);
        if double && !world.dice.percent(2) {
            continue;
        }
        batch.push(answer(world, worker, id.unwrap_or(0)));
    }
    let forged = world.dice.percent(3).then(|| world.dice.below(batch.len() as u64) as usize);
    let expected = world.ledger.accepts(&batch, forged);
    let signed: Vec<_> = (batch.iter().enumerate())
        .map(|(place, heartbeat)| sign(world, *heartbeat, forged == Some(place)))
        .collect();
    let call = MiningCall::heartbeat {
        batch: signed.try_into().map_err(|_| "a batch is too long")?,
    };
    if !authorized(world, &call, expected)? {
        return Ok(false);
    }
    let (result, events, _) = dispatch(world, call, RawOrigin::Authorized.into())?;
    check!(result.is_ok(), "an authorised batch failed: {result:?}");
    world.ledger.heartbeats(&batch, events)?;
    Ok(true)
}

/// An answer to the newest challenge that counts, most of the time.
fn answer(world: &mut World, worker: WorkerPublicKey, id: SessionId) -> Heartbeat {
    let now = world.ledger.clock.block;
    let instance = world.ledger.sessions.get(&id).map(|entry| entry.instance);
    let instance = instance.unwrap_or_else(|| world.instance());
    let p = world
        .ledger
        .sessions
        .get(&id)
        .and_then(|entry| entry.stake.as_ref())
        .map_or(1_000.0, |stake| stake.p);
    let elapsed_ms = world.dice.pick(&[499, 500, 1_000, 6_000, 6_001]);
    let to = |block: BlockNumber, world: &World| Heartbeat {
        worker,
        session_id: id,
        instance,
        block,
        seed: world.ledger.challenges.get(&block).map_or(H256::zero(), |challenge| challenge.seed),
        iterations: 0,
        elapsed_ms,
    };
    let oldest = now.saturating_sub(world.ledger.mining.heartbeat_window);
    let open = (oldest..=now).rev().find(|block| world.ledger.effect(&to(*block, world)).is_some());
    let block = match open {
        Some(block) if !world.dice.percent(5) => block,
        _ => (now + 1).saturating_sub(world.dice.below(12) as u32),
    };
    let mut heartbeat = to(block, world);
    heartbeat.iterations = world.dice.below((1.5 * p * f64::from(elapsed_ms) / 6_000.0) as u64 + 1);
    match world.dice.below(100) {
        0 => heartbeat.seed = H256(world.dice.bytes()),
        1 => heartbeat.instance = world.instance(),
        2 => heartbeat.session_id = world.dice.below(20),
        3 => heartbeat.worker = world.key(0),
        _ => {}
    }
    heartbeat
}

fn sign(world: &World, heartbeat: Heartbeat, forged: bool) -> SignedHeartbeat {
    let message = signing::message(Purpose::Heartbeat, &System::block_hash(0), &heartbeat);
    let pair = world.pair(&heartbeat.worker);
    let mut signature = pair.map_or([0; 64], |pair| pair.sign(&message).0);
    if forged {
        signature[0] ^= 1;
    }
    SignedHeartbeat {
        heartbeat,
        signature: WorkerSignature(signature),
    }
}

pub(super) fn report_offline(world: &mut World) -> Check<bool> {
    let now = world.ledger.clock.block;
    let missed = |world: &World, worker: &WorkerPublicKey| {
        let oldest = now.saturating_sub(20);
        (oldest..=now).find(|block| world.ledger.may_report(worker, *block))
    };
    let (mut worker, _) = world.worker_with(|entry| entry.is_idle());
    let reportable = world
        .ledger
        .sessions
        .values()
        .find(|entry| missed(world, &entry.worker).is_some())
        .map(|entry| entry.worker);
    if let Some(found) = reportable.filter(|_| !world.dice.percent(40)) {
        worker = found;
    }
    let block = match missed(world, &worker) {
        Some(block) if !world.dice.percent(10) => block,
        _ => (now + 1).saturating_sub(world.dice.below(20) as u32),
    };
    let expected = world.ledger.may_report(&worker, block);
    let call = MiningCall::report_offline { worker, block };
    if !authorized(world, &call, expected)? {
        return Ok(false);
    }
    let (result, events, _) = dispatch(world, call, RawOrigin::Authorized.into())?;
    check!(result.is_ok(), "an authorised report failed: {result:?}");
    world.ledger.reported(&worker, block, events)?;
    Ok(true)
}

/// Whether the pool takes a call, which has to be as the ledger expects; looking at it changes nothing.
fn authorized(world: &mut World, call: &MiningCall, expected: bool) -> Check<bool> {
    world.last.detail(format!("{call:?}"));
    let before = digest();
    let verdict = call.authorize(TransactionSource::External).ok_or("a call that is not authorised")?;
    check!(digest() == before, "looking at a call changed the state");
    check!(verdict.is_ok() == expected, "the pool says {verdict:?}, the ledger {expected}");
    check!(Mining::ledger().is_some(), "the ledger is corrupt");
    Ok(expected)
}
