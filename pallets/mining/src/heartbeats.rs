//! Heartbeats: which are live, and what they do.

use crate::{pallet::*, types::Session, weights::WeightInfo};
use alloc::{collections::BTreeSet, vec::Vec};
use frame_support::pallet_prelude::*;
use frame_system::pallet_prelude::BlockNumberFor;
use khala_pallet_registry::WorkerDirectory;
use khala_primitives::{
    signing::{self, Purpose},
    status::{Absence, SessionState},
    Challenge, Heartbeat, SignedHeartbeat, H256,
};
use sp_core::sr25519;
use sp_runtime::{traits::Zero, transaction_validity::TransactionSource};

/// Priority of one live entry. No constant part: a subset of a batch can never push the batch out of the pool.
const PRIORITY_PER_ENTRY: u64 = 1 << 57;

/// What a live heartbeat does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Effect {
    /// Pays what was earned since the last one, or ends an absence without pay.
    Answer,
    /// The lease has run out: the session stops earning.
    Lapse,
}

impl<T: Config> Pallet<T> {
    /// Cheap checks first: what is not live is skipped before its signature is looked at.
    pub(crate) fn authorize_heartbeat(_source: TransactionSource, batch: &Batch) -> TransactionValidityWithRefund {
        let mut workers = BTreeSet::new();
        if !batch.iter().all(|entry| workers.insert(entry.heartbeat.worker)) {
            return Err(InvalidTransaction::Call.into());
        }
        let live: Vec<_> = batch.iter().filter(|entry| Self::live(&entry.heartbeat).is_some()).collect();
        if live.is_empty() {
            return Err(InvalidTransaction::Stale.into());
        }
        let genesis = Self::genesis_hash();
        if !live.iter().all(|entry| Self::signed(entry, &genesis)) {
            return Err(InvalidTransaction::BadProof.into());
        }
        let priority = PRIORITY_PER_ENTRY.saturating_mul(live.len() as u64);
        let longevity = Self::blocks_left(live.iter().map(|entry| entry.heartbeat.block));
        let valid = live
            .iter()
            .fold(ValidTransaction::with_tag_prefix("khala/heartbeat"), |valid, entry| {
                valid.and_provides((entry.heartbeat.worker, entry.heartbeat.block))
            })
            .priority(priority)
            .longevity(longevity)
            .propagate(true);
        Ok((valid.into(), Weight::zero()))
    }

    /// Applies the live entries. `authorize` has verified their signatures against this same state. How many workers had to be
    /// judged again is returned.
    pub(crate) fn do_heartbeats(batch: &Batch) -> Result<u64, DispatchError> {
        let mut judged = 0u64;
        let version = T::Workers::policy_version();
        for SignedHeartbeat { heartbeat, .. } in batch {
            let Some((mut session, mut effect)) = Self::live(heartbeat) else {
                continue;
            };
            if session.policy_version != version {
                judged = judged.saturating_add(1);
                T::Workers::judge_again(&session.worker);
                // A lease that was ended makes a lapse of the answer, or a recovery no recovery.
                let Some(now) = Self::live(heartbeat) else { continue };
                (session, effect) = now;
                session.policy_version = version;
            }
            match effect {
                Effect::Answer => Self::answer(session, heartbeat)?,
                Effect::Lapse => Self::become_unresponsive(heartbeat.session_id, session, Absence::LeaseLapsed, heartbeat.block)?,
            }
        }
        Ok(judged)
    }

    /// Weight of a batch of so many entries, so many of whose workers are judged again because the policy has changed.
    pub(crate) fn heartbeat_weight(entries: u64, judged: u64) -> Weight {
        let entries = u32::try_from(entries).unwrap_or(u32::MAX);
        T::WeightInfo::heartbeat(entries).saturating_add(T::Workers::judge_weight().saturating_mul(judged))
    }

    /// The session of a heartbeat that counts now, and what the heartbeat does; `None` for a stale one.
    fn live(heartbeat: &Heartbeat) -> Option<(Session, Effect)> {
        let challenge = Self::challenge_of(heartbeat.block).filter(|challenge| challenge.seed == heartbeat.seed)?;
        let mining = Mining::<T>::get();
        let age = Self::now_block().checked_sub(heartbeat.block)?;
        if age > mining.heartbeat_window || heartbeat.block < VoidBefore::<T>::get() {
            return None;
        }
        let session = Sessions::<T>::get(heartbeat.session_id)?;
        if session.worker != heartbeat.worker || session.instance != heartbeat.instance {
            return None;
        }
        let effect = match session.state {
            SessionState::Idle => Self::effect_while_idle(&session, &challenge)?,
            SessionState::Unresponsive { cause } => {
                let spaced = heartbeat.block >= session.answered.saturating_add(mining.recovery_spacing);
                let returned = match cause {
                    Absence::Offline | Absence::Rebinding => true,
                    Absence::LeaseLapsed => session.lease_end_secs > Self::now_secs(),
                };
                (returned && spaced && heartbeat.block > session.since_block).then_some(Effect::Answer)?
            }
            SessionState::Ready | SessionState::CoolingDown { .. } => return None,
        };
        Some((session, effect))
    }

    fn effect_while_idle(session: &Session, challenge: &Challenge) -> Option<Effect> {
        let asked = challenge.block > session.answered && challenge.block >= session.answerable_from && challenge.hits(&session.worker);
        if !asked {
            return None;
        }
        Some(if session.lease_end_secs <= Self::now_secs() {
            Effect::Lapse
        } else {
            Effect::Answer
        })
    }

    fn signed(entry: &SignedHeartbeat, genesis: &H256) -> bool {
        let message = signing::message(Purpose::Heartbeat, genesis, &entry.heartbeat);
        sp_io::crypto::sr25519_verify(
            &sr25519::Signature::from_raw(entry.signature.0),
            &message,
            &sr25519::Public::from_raw(entry.heartbeat.worker.0),
        )
    }

    /// Blocks for which the oldest of these challenges can still be answered.
    fn blocks_left(blocks: impl Iterator<Item = u32>) -> u64 {
        let oldest = blocks.min().unwrap_or_default();
        let last = oldest.saturating_add(Mining::<T>::get().heartbeat_window);
        u64::from(last.saturating_sub(Self::now_block())).max(1)
    }

    /// The chain's genesis hash.
    pub(crate) fn genesis_hash() -> H256 {
        let hash = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero());
        let mut out = H256::zero();
        if hash.as_ref().len() == out.as_bytes().len() {
            out.as_bytes_mut().copy_from_slice(hash.as_ref());
        }
        out
    }
}
