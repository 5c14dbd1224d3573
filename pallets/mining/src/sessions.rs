//! The session's life: joined, started, given more or less stake, stopped, left.

use crate::{books::Books, pallet::*, traits::PoolLedger, types::Session, types::Stopped};
use frame_support::{ensure, storage::with_storage_layer};
use khala_economics::{Fixed, Pha, Position, Precision, Returned, Score};
use khala_pallet_registry::{WorkerDirectory, WorkerFacts};
use khala_primitives::{
    status::{Absence, SessionState},
    Balance, PoolId, SessionId, WorkerPublicKey,
};
use sp_runtime::{DispatchError, DispatchResult};

/// Most reductions of a session that cool down at a time.
pub const MAX_OPEN_REDUCTIONS: u8 = 8;

impl Session {
    /// What is known of its worker from now on.
    pub(crate) fn take<AccountId>(&mut self, facts: &WorkerFacts<AccountId>) {
        self.instance = facts.instance;
        self.lease_end_secs = facts.lease_end_secs;
        self.level = facts.level;
        self.policy_version = facts.policy_version;
        self.score = facts.score.unwrap_or(self.score);
    }

    /// The stake, in planck; zero unless the session runs.
    pub fn stake(&self) -> Balance {
        self.position.as_ref().map_or(0, |position| position.stake.planck())
    }

    /// Its share in the rewards, or the one that it had when it left.
    pub(crate) fn share(&self) -> Fixed {
        self.position.as_ref().map_or(Fixed::ZERO, |position| position.share)
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
            score: facts.score.unwrap_or_default(),
            position: None,
            answered: 0,
            answerable_from: 0,
            missed: 0,
            resumed: false,
            maintenance: Default::default(),
            counted: 0,
            cooling: 0,
            next_part: 0,
            open_reductions: 0,
            impaired: 0,
            decays: false,
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
        // Judging a worker again changes what is stored of it: not when it does not start.
        with_storage_layer(|| Self::do_start(worker, stake))
    }

    fn do_start(worker: &WorkerPublicKey, stake: Balance) -> DispatchResult {
        ensure!(Self::session_of(worker)?.1.state == SessionState::Ready, Error::<T>::NotReady);
        // Under another policy the worker is judged again: its level makes the value.
        let facts = T::Workers::judge_again(worker).ok_or(Error::<T>::NotRegistered)?;
        ensure!(facts.lease_end_secs > Self::now_secs(), Error::<T>::LeaseLapsed);
        let score = facts.score.ok_or(Error::<T>::NoScore)?;
        ensure!(score >= Mining::<T>::get().minimal_score, Error::<T>::ScoreTooLow);

        let amount = Pha::from_planck(stake).ok_or(Error::<T>::Overflow)?;
        let (id, mut session) = Self::session_of(worker)?;
        let position = Self::with_books(|books| {
            let started = books
                .transition::<T, _>(|moment, shares| Position::start(moment, shares, amount, Score::from_points(score), facts.level))?;
            Self::become_idle(books, &mut session)?;
            Ok(started)
        })?;
        session.position = Some(position);
        session.take(&facts);
        session.heartbeats = 0;
        session.paid = 0;
        session.last_payout_block = 0;
        Sessions::<T>::insert(id, session);
        Self::deposit_event(Event::Started {
            session: id,
            worker: *worker,
            stake,
            v: position.v.to_fixed18(),
            share: position.share.units(),
        });
        Ok(())
    }

    /// Puts `more` planck on top of the stake of a session that runs, without stopping it.
    pub fn add_stake(worker: &WorkerPublicKey, more: Balance) -> DispatchResult {
        let (id, mut session) = Self::session_of(worker)?;
        let position = session.position.as_mut().ok_or(Error::<T>::NotRunning)?;
        let amount = Pha::from_planck(more).ok_or(Error::<T>::Overflow)?;
        Self::with_books(|books| books.transition::<T, _>(|moment, shares| position.add_stake(moment, shares, amount)))?;
        let (stake, v, v_e) = (position.stake.planck(), position.v.to_fixed18(), position.v_e.to_fixed18());
        Self::assess(&Economics::<T>::get(), id, &mut session)?;
        Sessions::<T>::insert(id, session);
        Self::deposit_event(Event::StakeAdded {
            session: id,
            worker: *worker,
            more,
            stake,
            v,
            v_e,
        });
        Ok(())
    }

    /// Takes `less` planck out of the stake of a session that runs, without stopping it. What comes back of it has a cool-down of its
    /// own. The caller takes `lost` out of the pot at once.
    pub fn reduce_stake(worker: &WorkerPublicKey, less: Balance) -> Result<Stopped, DispatchError> {
        let (id, mut session) = Self::session_of(worker)?;
        ensure!(session.open_reductions < MAX_OPEN_REDUCTIONS, Error::<T>::TooManyReductions);
        let position = session.position.as_mut().ok_or(Error::<T>::NotRunning)?;
        let amount = Pha::from_planck(less).ok_or(Error::<T>::Overflow)?;
        let back = Self::with_books(|books| books.transition::<T, _>(|moment, shares| position.reduce_stake(moment, shares, amount)))?;
        let (stake, v, v_e) = (position.stake.planck(), position.v.to_fixed18(), position.v_e.to_fixed18());
        let back = Stopped::from(back);
        let due_secs = Self::cool_down(id, &mut session, back.returned)?;
        session.open_reductions = session.open_reductions.saturating_add(1);
        Self::assess(&Economics::<T>::get(), id, &mut session)?;
        Sessions::<T>::insert(id, session);
        Self::deposit_event(Event::StakeReduced {
            session: id,
            worker: *worker,
            stake,
            v,
            v_e,
            returned: back.returned,
            lost: back.lost,
            due_secs,
        });
        Ok(back)
    }

    /// Idle or Unresponsive -> CoolingDown. The caller takes `lost` out of the pot at once.
    pub fn stop(worker: &WorkerPublicKey) -> Result<Stopped, DispatchError> {
        let (id, mut session) = Self::session_of(worker)?;
        let back = Self::with_books(|books| {
            let share = session.share();
            Self::end_absence(books, &mut session, share);
            if session.state == SessionState::Idle {
                books.less_idle::<T>()?;
            }
            let mut position = session.position.take().ok_or(Error::<T>::NotRunning)?;
            books.transition::<T, _>(|moment, shares| position.stop(moment, shares))
        })?;
        let back = Stopped::from(back);
        let until_secs = Self::cool_down(id, &mut session, back.returned)?;
        session.state = SessionState::CoolingDown { until_secs };
        Self::assess(&Economics::<T>::get(), id, &mut session)?;
        session.since_block = Self::now_block();
        Sessions::<T>::insert(id, session);
        Self::deposit_event(Event::Stopped {
            session: id,
            worker: *worker,
            returned: back.returned,
            lost: back.lost,
            due_secs: until_secs,
        });
        Ok(back)
    }

    /// What a session would lose of its stake if it were stopped at the value of its last settlement, in planck; zero unless it runs.
    pub fn impaired(worker: &WorkerPublicKey) -> Balance {
        let parameters = Economics::<T>::get();
        Self::session_of(worker)
            .ok()
            .and_then(|(_, session)| session.position?.impaired(&parameters, Precision::Planck).ok())
            .map_or(0, |impaired| impaired.planck())
    }

    /// Older challenges are void; the session is asked from the next block on.
    pub(crate) fn become_idle(books: &mut Books, session: &mut Session) -> DispatchResult {
        session.state = SessionState::Idle;
        session.since_block = books.block;
        session.answerable_from = books.block.checked_add(1).ok_or(Error::<T>::Overflow)?;
        books.more_idle::<T>()
    }

    /// What an absence has kept open is closed: the guard counts its share, as it was when it left, as away no longer, and its
    /// maintenance is used.
    pub(crate) fn end_absence(books: &mut Books, session: &mut Session, share: Fixed) {
        match session.state {
            SessionState::Unresponsive { cause: Absence::Offline } => books.guard::<T>().returned(session.counted, share),
            SessionState::Unresponsive {
                cause: Absence::Maintenance,
            } => {
                let measure = Mining::<T>::get().maintenance();
                session.maintenance = session.maintenance.ended(books.readings.clocks.credited, measure);
                session.resumed = false;
            }
            _ => {}
        }
    }

    /// The session of a worker.
    pub(crate) fn session_of(worker: &WorkerPublicKey) -> Result<(SessionId, Session), DispatchError> {
        let id = SessionOf::<T>::get(worker).ok_or(Error::<T>::NotInPool)?;
        Ok((id, Sessions::<T>::get(id).ok_or(Error::<T>::NotInPool)?))
    }

    /// Ends the session of a worker that goes, and tells its pool.
    pub(crate) fn let_go(worker: &WorkerPublicKey) {
        let Some(pool) = Self::pool_of(worker) else { return };
        if Self::unbind(worker).is_ok() {
            T::Pools::removed(pool, worker);
        }
    }
}

impl From<Returned> for Stopped {
    fn from(Returned { returned, lost }: Returned) -> Self {
        Self {
            returned: returned.planck(),
            lost: lost.planck(),
        }
    }
}
