//! What becomes of a session when its worker changes.

use crate::{pallet::*, traits::PoolLedger, types::Session};
use khala_pallet_registry::{OnWorkerChange, WorkerFacts};
use khala_primitives::{
    status::{Absence, SessionState},
    SessionId, WorkerPublicKey,
};

impl<T: Config> OnWorkerChange<T::AccountId> for Pallet<T> {
    /// A new instance answers from now on. The renewal of a lapsed lease voids older challenges; if the worker mined in spite of it,
    /// it forfeits what it has earned, as its next answer would have done.
    fn on_registered(worker: &WorkerPublicKey, facts: &WorkerFacts<T::AccountId>) {
        let Ok((id, mut session)) = Self::session_of(worker) else { return };
        let lapsed = session.lease_end_secs <= Self::now_secs();
        session.take(facts);
        if lapsed {
            session.answerable_from = Self::now_block().saturating_add(1);
        }
        if lapsed && session.state == SessionState::Idle {
            return Self::leave(id, session, Absence::LeaseLapsed);
        }
        Sessions::<T>::insert(id, session);
    }

    /// Another level or a lower score takes effect at the next settlement; a lease that was ended, at once.
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
        if session.state == SessionState::Idle {
            return Self::leave(id, session, Absence::Rebinding);
        }
        Sessions::<T>::insert(id, session);
    }

    /// A session in Ready has nothing at stake and nothing to wait for.
    fn can_retire(worker: &WorkerPublicKey) -> bool {
        Self::session_of(worker).map_or(true, |(_, session)| session.state == SessionState::Ready)
    }

    fn on_retired(worker: &WorkerPublicKey) {
        Self::let_go(worker);
    }
}

impl<T: Config> Pallet<T> {
    /// An idle session stops earning because of a change of its worker.
    fn leave(id: SessionId, session: Session, absence: Absence) {
        let left = Self::with_books(|books| Self::become_unresponsive(books, id, session.clone(), absence, 0));
        if left.is_err() {
            // Only numbers that cannot be; what is known of the worker is kept all the same.
            frame_support::defensive!("an idle session could not leave");
            Sessions::<T>::insert(id, session);
        }
    }
}
