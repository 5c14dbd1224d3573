//! The session's life: Ready, Idle, Unresponsive, CoolingDown.

use crate::{
    pallet::*,
    traits::PoolLedger,
    types::{Release, Session, Stopped},
    weights::WeightInfo,
};
use frame_support::{ensure, weights::WeightMeter};
use khala_economics::{score, Accumulator, EconomicsError, Moment, Pha, Position, Precision, Sample, Score, Settlement};
use khala_pallet_registry::{OnWorkerChange, WorkerDirectory, WorkerFacts};
use khala_primitives::{
    status::{Absence, SessionState},
    Balance, BlockNumber, Heartbeat, PoolId, SessionId, WorkerPublicKey,
};
use sp_runtime::{DispatchError, DispatchResult};

impl Session {
    /// What is known of its worker from now on.
    fn take<AccountId>(&mut self, facts: &WorkerFacts<AccountId>) {
        self.instance = facts.instance;
        self.lease_end_secs = facts.lease_end_secs;
        self.level = facts.level;
        self.policy_version = facts.policy_version;
    }

    /// The stake, in planck; zero unless the session runs.
    pub fn stake(&self) -> Balance {
        self.position.as_ref().map_or(0, |position| position.stake.planck())
    }
}

impl<T: Config> Pallet<T> {
    /// The pool that a worker is in.
    pub fn pool_of(worker: &WorkerPublicKey) -> Option<PoolId> {
        Sessions::<T>::get(SessionOf::<T>::get(worker)?).map(|session| session.pool)
    }

    /// Gives a registered worker a session in a pool, in state Ready.
    pub fn bind(worker: &WorkerPublicKey, pool: PoolId) -> Result<SessionId, DispatchError> {
        let facts = T::Workers::facts(worker).ok_or(Error::<T>::NotRegistered)?;
        ensure!(!SessionOf::<T>::contains_key(worker), Error::<T>::AlreadyInPool);
        let id = NextSessionId::<T>::get();
        NextSessionId::<T>::put(id.checked_add(1).ok_or(Error::<T>::Overflow)?);
        let session = Session {
            worker: *worker,
            pool,
            state: SessionState::Ready,
            since_block: Self::now_block(),
            instance: facts.instance,
            lease_end_secs: facts.lease_end_secs,
            level: facts.level,
            policy_version: facts.policy_version,
            position: None,
            answered: 0,
            answerable_from: 0,
            missed: 0,
            cooling: 0,
            paid: 0,
            heartbeats: 0,
            last_payout_block: 0,
        };
        Sessions::<T>::insert(id, session);
        SessionOf::<T>::insert(worker, id);
        Self::deposit_event(Event::SessionCreated {
            session: id,
            worker: *worker,
            pool,
        });
        Ok(id)
    }

    /// Ends the session of a worker in state Ready.
    pub fn unbind(worker: &WorkerPublicKey) -> DispatchResult {
        let (id, session) = Self::session_of(worker)?;
        ensure!(session.state == SessionState::Ready, Error::<T>::NotReady);
        Sessions::<T>::remove(id);
        SessionOf::<T>::remove(worker);
        Self::deposit_event(Event::SessionRemoved {
            session: id,
            worker: *worker,
        });
        Ok(())
    }

    /// Ready -> Idle, with `stake` planck.
    pub fn start(worker: &WorkerPublicKey, stake: Balance) -> DispatchResult {
        let (id, mut session) = Self::session_of(worker)?;
        ensure!(session.state == SessionState::Ready, Error::<T>::NotReady);
        let facts = T::Workers::facts(worker).ok_or(Error::<T>::NotRegistered)?;
        ensure!(facts.lease_end_secs > Self::now_secs(), Error::<T>::LeaseLapsed);
        let score = facts.score.ok_or(Error::<T>::NoScore)?;
        ensure!(score >= Mining::<T>::get().minimal_score, Error::<T>::ScoreTooLow);

        let amount = Pha::from_planck(stake).ok_or(Error::<T>::Overflow)?;
        let position = Self::with_shares(|moment, shares| Position::start(moment, shares, amount, Score::from_points(score), facts.level))?;
        let (v, share) = (position.v.to_fixed18(), position.share.units());
        session.position = Some(position);
        session.take(&facts);
        session.heartbeats = 0;
        session.paid = 0;
        session.last_payout_block = 0;
        Self::become_idle(&mut session)?;
        Sessions::<T>::insert(id, session);
        Self::deposit_event(Event::Started {
            session: id,
            worker: *worker,
            stake,
            v,
            share,
        });
        Ok(())
    }

    /// Idle or Unresponsive -> CoolingDown. The caller takes `lost` out of the pot at once.
    pub fn stop(worker: &WorkerPublicKey) -> Result<Stopped, DispatchError> {
        let (id, mut session) = Self::session_of(worker)?;
        let mut position = session.position.take().ok_or(Error::<T>::NotRunning)?;
        if session.state == SessionState::Idle {
            IdleSessions::<T>::mutate(|count| *count = count.saturating_sub(1));
        }
        let end = Self::with_shares(|moment, shares| position.stop(moment, shares))?;
        let stopped = Stopped {
            returned: end.returned.planck(),
            lost: end.lost.planck(),
        };

        let due_secs = Self::clocks().credited.saturating_add(Mining::<T>::get().cool_down_secs);
        session.state = SessionState::CoolingDown { until_secs: due_secs };
        session.since_block = Self::now_block();
        session.cooling = stopped.returned;
        Sessions::<T>::insert(id, session);
        let (first, end) = ReleaseRange::<T>::get();
        Releases::<T>::insert(end, Release { due_secs, session: id });
        ReleaseRange::<T>::put((first, end.checked_add(1).ok_or(Error::<T>::Overflow)?));
        Self::deposit_event(Event::Stopped {
            session: id,
            worker: *worker,
            returned: stopped.returned,
            lost: stopped.lost,
            due_secs,
        });
        Ok(stopped)
    }

    /// A live heartbeat: Idle is paid what was earned since the last one; an absence, or a silence that was too long, ends without pay.
    pub(crate) fn answer(mut session: Session, heartbeat: &Heartbeat) -> DispatchResult {
        let mut position = session.position.take().ok_or(Error::<T>::NotRunning)?;
        let (id, worker, block) = (heartbeat.session_id, session.worker, heartbeat.block);
        // A sample too short to say anything counts as no speed.
        let p_instant = score::from_sample(heartbeat.iterations, heartbeat.elapsed_ms).unwrap_or_default();
        let sample = Sample {
            p_instant,
            level: session.level,
            p: position.p,
        };
        let settlement = Self::with_shares(|moment, shares| position.heartbeat(moment, shares, &sample))?;
        let v = position.v.to_fixed18();
        match settlement {
            Settlement::Paid(payout) => {
                let (paid, treasury) = (payout.to_pool.planck(), payout.to_treasury.planck());
                Self::pay(session.pool, paid, treasury)?;
                session.paid = session.paid.saturating_add(paid);
                session.last_payout_block = Self::now_block();
                let p_instant = position.p_instant.points();
                Self::deposit_event(Event::Settled {
                    session: id,
                    worker,
                    block,
                    paid,
                    treasury,
                    v,
                    p_instant,
                });
            }
            Settlement::Recovered { forfeited } => {
                if session.state == SessionState::Idle {
                    // It was counted as idle, and is counted again.
                    IdleSessions::<T>::mutate(|count| *count = count.saturating_sub(1));
                }
                Self::become_idle(&mut session)?;
                Self::deposit_event(Event::Recovered {
                    session: id,
                    worker,
                    block,
                    forfeited: forfeited.planck(),
                    v,
                });
            }
        }
        session.position = Some(position);
        session.answered = block;
        session.heartbeats = session.heartbeats.saturating_add(1);
        Sessions::<T>::insert(id, session);
        Ok(())
    }

    /// Idle -> Unresponsive: forfeits what was earned since the last heartbeat.
    pub(crate) fn become_unresponsive(id: SessionId, mut session: Session, absence: Absence, missed: BlockNumber) -> DispatchResult {
        let mut position = session.position.take().ok_or(Error::<T>::NotRunning)?;
        let decaying = Self::clocks().decaying;
        let decays_from = match absence {
            Absence::Offline => Some(decaying),
            Absence::Rebinding => Some(decaying.saturating_add(Mining::<T>::get().rebinding_grace_secs)),
            Absence::LeaseLapsed => None,
        };
        let forfeited = Self::with_shares(|moment, shares| position.leave(moment, shares, decays_from))?.planck();
        IdleSessions::<T>::mutate(|count| *count = count.saturating_sub(1));
        session.position = Some(position);
        session.state = SessionState::Unresponsive { cause: absence };
        session.since_block = Self::now_block();
        session.missed = missed;
        let worker = session.worker;
        Sessions::<T>::insert(id, session);
        Self::deposit_event(Event::BecameUnresponsive {
            session: id,
            worker,
            absence,
            missed,
            forfeited,
        });
        Ok(())
    }

    /// Ends the cool-downs that are over, as far as the block has room.
    pub(crate) fn release_due(meter: &mut WeightMeter) {
        let now = Self::clocks().credited;
        let (mut first, end) = ReleaseRange::<T>::get();
        while first < end {
            let Some(release) = Releases::<T>::get(first).filter(|release| release.due_secs <= now) else {
                break;
            };
            if meter.try_consume(T::WeightInfo::release()).is_err() {
                break;
            }
            Self::release(release.session);
            Releases::<T>::remove(first);
            first = first.saturating_add(1);
            ReleaseRange::<T>::put((first, end));
        }
    }

    fn release(id: SessionId) {
        let Some(mut session) = Sessions::<T>::get(id) else { return };
        let (pool, worker) = (session.pool, session.worker);
        let returned = core::mem::take(&mut session.cooling);
        session.state = SessionState::Ready;
        session.since_block = Self::now_block();
        Sessions::<T>::insert(id, session);
        T::Pools::released(pool, returned);
        Self::deposit_event(Event::Released {
            session: id,
            worker,
            returned,
        });
    }

    /// Older challenges are void; the session is asked from the next block on.
    fn become_idle(session: &mut Session) -> DispatchResult {
        let block = Self::now_block();
        session.state = SessionState::Idle;
        session.since_block = block;
        session.answerable_from = block.checked_add(1).ok_or(Error::<T>::Overflow)?;
        IdleSessions::<T>::try_mutate(|count| count.checked_add(1).map(|sum| *count = sum).ok_or(Error::<T>::Overflow))?;
        Ok(())
    }

    fn session_of(worker: &WorkerPublicKey) -> Result<(SessionId, Session), DispatchError> {
        let id = SessionOf::<T>::get(worker).ok_or(Error::<T>::NotInPool)?;
        Ok((id, Sessions::<T>::get(id).ok_or(Error::<T>::NotInPool)?))
    }

    /// Runs a transition as of now against the sum of shares, and stores the sum when it succeeded.
    fn with_shares<R>(transition: impl FnOnce(&Moment, &mut Accumulator) -> Result<R, EconomicsError>) -> Result<R, DispatchError> {
        let parameters = Economics::<T>::get();
        let moment = Moment {
            parameters: &parameters,
            now: Self::clocks(),
            precision: Precision::Planck,
        };
        let mut shares = Shares::<T>::get();
        let out = transition(&moment, &mut shares).map_err(|error| match error {
            EconomicsError::StakeTooLow { .. } => Error::<T>::StakeTooSmall,
            EconomicsError::ValueTooHigh { .. } => Error::<T>::StakeTooLarge,
            _ => Error::<T>::Overflow,
        })?;
        Shares::<T>::put(shares);
        Ok(out)
    }
}

impl<T: Config> OnWorkerChange<T::AccountId> for Pallet<T> {
    /// A new instance answers from now on. The renewal of a lapsed lease voids older challenges.
    fn on_registered(worker: &WorkerPublicKey, facts: &WorkerFacts<T::AccountId>) {
        let Ok((id, mut session)) = Self::session_of(worker) else { return };
        let lapsed = session.lease_end_secs <= Self::now_secs();
        session.take(facts);
        if lapsed {
            session.answerable_from = Self::now_block().saturating_add(1);
        }
        Sessions::<T>::insert(id, session);
    }

    /// Another level takes effect at the next settlement; a lease that was ended, at once.
    fn on_judged(worker: &WorkerPublicKey, facts: &WorkerFacts<T::AccountId>) {
        let Ok((id, mut session)) = Self::session_of(worker) else { return };
        session.take(facts);
        Sessions::<T>::insert(id, session);
    }

    /// The pointer moves. An idle session forfeits what it has earned, and waits for a sign of life with the new key.
    fn on_rebound(old: &WorkerPublicKey, new: &WorkerPublicKey, facts: &WorkerFacts<T::AccountId>) {
        let Ok((id, mut session)) = Self::session_of(old) else { return };
        session.worker = *new;
        session.answerable_from = Self::now_block().saturating_add(1);
        session.take(facts);
        SessionOf::<T>::remove(old);
        SessionOf::<T>::insert(new, id);
        T::Pools::rebound(session.pool, old, new);
        let idle = session.state == SessionState::Idle;
        Sessions::<T>::insert(id, session.clone());
        if idle {
            let left = Self::become_unresponsive(id, session, Absence::Rebinding, 0);
            frame_support::defensive_assert!(left.is_ok(), "an idle session could not leave");
        }
    }

    fn can_retire(worker: &WorkerPublicKey) -> bool {
        !SessionOf::<T>::contains_key(worker)
    }
}
