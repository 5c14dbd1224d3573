//! How a session stops earning without being stopped: offline, lapsed, paused by its operator, or with another key.

use crate::{books::Books, pallet::*, types::Session};
use frame_support::{ensure, traits::Get};
use khala_pallet_registry::WorkerDirectory;
use khala_primitives::{
    status::{Absence, SessionState},
    BlockNumber, SessionId, WorkerPublicKey,
};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    /// Idle -> Unresponsive: forfeits what was earned since the last heartbeat. `missed` is the block of the challenge that shows it,
    /// 0 where there is none.
    pub(crate) fn become_unresponsive(
        books: &mut Books,
        id: SessionId,
        mut session: Session,
        absence: Absence,
        missed: BlockNumber,
    ) -> DispatchResult {
        let mining = Mining::<T>::get();
        let (block, now) = (books.block, books.readings.clocks);
        let decays_from = match absence {
            Absence::Offline => Some(now.decaying),
            Absence::Rebinding => Some(books.readings.decaying_in(mining.rebinding_grace_secs)),
            Absence::Maintenance => {
                let left = session.maintenance.left(now.credited, mining.maintenance());
                Some(books.readings.decaying_in(left))
            }
            Absence::LeaseLapsed => None,
        };
        let position = session.position.as_mut().ok_or(Error::<T>::NotRunning)?;
        let share = position.share;
        let forfeited = books
            .transition::<T, _>(|moment, shares| position.leave(moment, shares, decays_from))?
            .planck();
        books.less_idle::<T>()?;
        match absence {
            Absence::Offline => {
                let span = mining.outage_span(books.idle(), T::SlotMs::get());
                session.counted = books.guard::<T>().left(block, span, session.counted, session.pool, share);
            }
            Absence::Maintenance => session.maintenance = session.maintenance.begun(now.credited, mining.maintenance()),
            Absence::LeaseLapsed | Absence::Rebinding => {}
        }
        session.state = SessionState::Unresponsive { cause: absence };
        session.since_block = block;
        session.missed = missed;
        Self::assess(&books.economics, id, &mut session)?;
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

    /// Idle -> Maintenance, by the worker's operator. Not while a challenge is open: nobody pauses to dodge a report.
    pub(crate) fn do_pause(who: &T::AccountId, worker: &WorkerPublicKey) -> DispatchResult {
        let (id, session) = Self::operated_by(who, worker)?;
        ensure!(session.state == SessionState::Idle, Error::<T>::NotIdle);
        ensure!(!Self::has_open_challenge(&session), Error::<T>::ChallengeOpen);
        Self::with_books(|books| Self::become_unresponsive(books, id, session, Absence::Maintenance, 0))
    }

    /// The operator ends a maintenance: a sign of life to a challenge of a later block brings the worker back.
    pub(crate) fn do_resume(who: &T::AccountId, worker: &WorkerPublicKey) -> DispatchResult {
        let (id, mut session) = Self::operated_by(who, worker)?;
        let paused = session.state
            == SessionState::Unresponsive {
                cause: Absence::Maintenance,
            };
        ensure!(paused && !session.resumed, Error::<T>::NotPaused);
        session.resumed = true;
        // Challenges up to this block bring nobody back.
        session.answerable_from = Self::now_block().saturating_add(1);
        Sessions::<T>::insert(id, session);
        Self::deposit_event(Event::Resumed {
            session: id,
            worker: *worker,
        });
        Ok(())
    }

    /// Was the session asked, in a block that may still be answered or reported, and has not answered?
    fn has_open_challenge(session: &Session) -> bool {
        let now = Self::now_block();
        // As many as the ring holds, this block's among them.
        let oldest = now.saturating_add(1).saturating_sub(Mining::<T>::get().ring_length());
        let from = oldest.max(session.answered.saturating_add(1)).max(session.answerable_from);
        (from..=now).any(|block| Self::was_asked(session, block))
    }

    fn operated_by(who: &T::AccountId, worker: &WorkerPublicKey) -> Result<(SessionId, Session), sp_runtime::DispatchError> {
        let facts = T::Workers::facts(worker).ok_or(Error::<T>::NotRegistered)?;
        ensure!(facts.operator == *who, Error::<T>::NotOperator);
        Self::session_of(worker)
    }
}
