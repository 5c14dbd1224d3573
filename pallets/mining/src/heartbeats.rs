//! Heartbeats: which are live, and what they do.

use crate::{
    books::Books,
    pallet::*,
    present::Present,
    types::{Payment, Session},
    weights::WeightInfo,
};
use alloc::{collections::BTreeSet, vec::Vec};
use frame_support::pallet_prelude::*;
use frame_system::pallet_prelude::BlockNumberFor;
use khala_economics::{score, Sample, Score, Settlement};
use khala_pallet_registry::WorkerDirectory;
use khala_primitives::{
    signing::{self, Purpose},
    status::{Absence, SessionState},
    Heartbeat, SignedHeartbeat, H256,
};
use sp_core::sr25519;
use sp_runtime::{traits::Zero, transaction_validity::TransactionSource};

/// Priority of one live answer to a challenge. No constant part: a subset of a batch can never push the batch out of the pool.
const PRIORITY_OF_ANSWER: u64 = 1 << 57;
/// Priority of one sign of life, which has no deadline: a whole batch of them is below one answer. When many come back at once, nobody
/// who is there misses a challenge for it.
const PRIORITY_OF_RECOVERY: u64 = 1 << 50;

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
        let mut present = Present::<T>::read();
        let (mut live, mut priority) = (Vec::new(), 0u64);
        for entry in batch {
            let Some((session, _)) = Self::live(&mut present, &entry.heartbeat) else {
                continue;
            };
            let is_due = session.state == SessionState::Idle;
            priority = priority.saturating_add(if is_due { PRIORITY_OF_ANSWER } else { PRIORITY_OF_RECOVERY });
            live.push(entry);
        }
        if live.is_empty() {
            return Err(InvalidTransaction::Stale.into());
        }
        let genesis = Self::genesis_hash();
        if !live.iter().all(|entry| Self::signed(entry, &genesis)) {
            return Err(InvalidTransaction::BadProof.into());
        }
        // Blocks for which the oldest of these challenges can still be answered.
        let oldest = live.iter().map(|entry| entry.heartbeat.block).min().unwrap_or_default();
        let last = oldest.saturating_add(present.mining.heartbeat_window);
        let valid = live
            .iter()
            .fold(ValidTransaction::with_tag_prefix("khala/heartbeat"), |valid, entry| {
                valid.and_provides((entry.heartbeat.worker, entry.heartbeat.block))
            })
            .priority(priority)
            .longevity(u64::from(last.saturating_sub(present.block)).max(1))
            .propagate(true);
        Ok((valid.into(), Weight::zero()))
    }

    /// Applies the live entries. `authorize` has verified their signatures against this same state. How many workers had to be
    /// judged again is returned.
    ///
    /// An entry that cannot be settled is skipped: the numbers of one worker never keep the others from their pay.
    pub(crate) fn do_heartbeats(batch: &Batch) -> Result<u64, DispatchError> {
        let mut judged = 0u64;
        let version = T::Workers::policy_version();
        let mut present = Present::<T>::read();
        Self::with_books(|books| {
            for SignedHeartbeat { heartbeat, .. } in batch {
                let Some((mut session, mut effect)) = Self::live(&mut present, heartbeat) else {
                    continue;
                };
                if session.policy_version != version {
                    judged = judged.saturating_add(1);
                    T::Workers::judge_again(&session.worker);
                    // A lease that was ended makes a lapse of the answer, or a recovery no recovery.
                    let Some(now) = Self::live(&mut present, heartbeat) else { continue };
                    (session, effect) = now;
                    session.policy_version = version;
                }
                let settled = match effect {
                    Effect::Answer => Self::answer(books, session, heartbeat),
                    Effect::Lapse => Self::become_unresponsive(books, heartbeat.session_id, session, Absence::LeaseLapsed, heartbeat.block),
                };
                frame_support::defensive_assert!(settled.is_ok(), "a live heartbeat cannot be settled");
            }
            Ok(())
        })?;
        Ok(judged)
    }

    /// Weight of a batch of so many entries, so many of whose workers are judged again because the policy has changed.
    pub(crate) fn heartbeat_weight(entries: u64, judged: u64) -> Weight {
        let entries = u32::try_from(entries).unwrap_or(u32::MAX);
        T::WeightInfo::heartbeat(entries)
            .saturating_add(T::WeightInfo::count_returned())
            .saturating_add(T::Workers::judge_weight().saturating_mul(judged))
    }

    /// The session of a heartbeat that counts now, and what the heartbeat does; `None` for a stale one.
    fn live(present: &mut Present<T>, heartbeat: &Heartbeat) -> Option<(Session, Effect)> {
        let challenge = present
            .open_challenge(heartbeat.block)
            .filter(|challenge| challenge.seed == heartbeat.seed)?;
        let session = Sessions::<T>::get(heartbeat.session_id)?;
        if session.worker != heartbeat.worker || session.instance != heartbeat.instance {
            return None;
        }
        let leased = session.lease_end_secs > present.secs;
        let effect = match session.state {
            SessionState::Idle => {
                let asked = challenge.block > session.answered && challenge.block >= session.answerable_from;
                match asked && challenge.hits(&session.worker) {
                    true if leased => Effect::Answer,
                    true => Effect::Lapse,
                    false => return None,
                }
            }
            SessionState::Unresponsive { cause } => {
                let spaced = heartbeat.block >= session.answered.saturating_add(present.mining.recovery_spacing);
                let may_return = match cause {
                    Absence::Offline | Absence::Rebinding => true,
                    Absence::LeaseLapsed => leased,
                    Absence::Maintenance => session.resumed,
                };
                let later = heartbeat.block > session.since_block && heartbeat.block >= session.answerable_from;
                (may_return && spaced && later).then_some(Effect::Answer)?
            }
            SessionState::Ready | SessionState::CoolingDown { .. } => return None,
        };
        Some((session, effect))
    }

    /// A live heartbeat: Idle is paid what was earned since the last one; an absence, or a silence that was too long, ends without pay.
    fn answer(books: &mut Books, mut session: Session, heartbeat: &Heartbeat) -> DispatchResult {
        let (id, worker, block) = (heartbeat.session_id, session.worker, heartbeat.block);
        let share = session.share();
        let position = session.position.as_mut().ok_or(Error::<T>::NotRunning)?;
        let sample = Sample {
            // A sample too short to say anything counts as no speed.
            p_instant: score::from_sample(heartbeat.iterations, heartbeat.elapsed_ms).unwrap_or_default(),
            level: session.level,
            // A score of zero would leave nothing to divide by.
            p: Score::from_points(session.score.max(1)),
        };
        let settlement = books.transition::<T, _>(|moment, shares| position.heartbeat(moment, shares, &sample))?;
        let (v, p_instant) = (position.v.to_fixed18(), position.p_instant.points());
        match settlement {
            Settlement::Paid(payout) => {
                let (paid, treasury) = (payout.to_pool.planck(), payout.to_treasury.planck());
                books.pay::<T>(
                    session.pool,
                    Payment {
                        session: id,
                        worker,
                        block,
                        paid,
                        treasury,
                        v,
                        p_instant,
                    },
                )?;
                session.paid = session.paid.saturating_add(paid);
                session.last_payout_block = books.block;
            }
            Settlement::Recovered { forfeited } => {
                if session.state == SessionState::Idle {
                    // It was counted as idle, and is counted again.
                    books.less_idle::<T>()?;
                }
                Self::end_absence(books, &mut session, share);
                Self::become_idle(books, &mut session)?;
                Self::deposit_event(Event::Recovered {
                    session: id,
                    worker,
                    block,
                    forfeited: forfeited.planck(),
                    v,
                });
            }
        }
        Self::assess(&books.economics, id, &mut session)?;
        session.answered = block;
        session.heartbeats = session.heartbeats.saturating_add(1);
        Sessions::<T>::insert(id, session);
        Ok(())
    }

    fn signed(entry: &SignedHeartbeat, genesis: &H256) -> bool {
        let message = signing::message(Purpose::Heartbeat, genesis, &entry.heartbeat);
        sp_io::crypto::sr25519_verify(
            &sr25519::Signature::from_raw(entry.signature.0),
            &message,
            &sr25519::Public::from_raw(entry.heartbeat.worker.0),
        )
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
