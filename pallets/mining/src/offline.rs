//! Offline reports: a missed challenge is provable, so anybody may say it and nobody is trusted.

use crate::{pallet::*, types::Session};
use alloc::vec::Vec;
use frame_support::pallet_prelude::*;
use khala_primitives::{
    status::{Absence, SessionState},
    BlockNumber, SessionId, WorkerPublicKey,
};
use sp_runtime::transaction_validity::TransactionSource;

/// Below every heartbeat: an answer that arrives in time goes first, and a sign of life.
const REPORT_PRIORITY: u64 = 1 << 49;

/// Most answers of [`Pallet::overdue`].
const MAX_OVERDUE: u32 = 1_000;

impl<T: Config> Pallet<T> {
    pub(crate) fn authorize_report_offline(
        _source: TransactionSource,
        worker: &WorkerPublicKey,
        block: &BlockNumber,
    ) -> TransactionValidityWithRefund {
        if Self::missed(worker, *block).is_none() {
            return Err(InvalidTransaction::Stale.into());
        }
        let mining = Mining::<T>::get();
        let last = block.saturating_add(mining.heartbeat_window).saturating_add(mining.report_window);
        let valid = ValidTransaction::with_tag_prefix("khala/report-offline")
            .and_provides(worker)
            .priority(REPORT_PRIORITY)
            .longevity(u64::from(last.saturating_sub(Self::now_block())).max(1))
            .propagate(true);
        Ok((valid.into(), Weight::zero()))
    }

    pub(crate) fn do_report_offline(worker: &WorkerPublicKey, block: BlockNumber) -> DispatchResult {
        // `authorize` has just found this miss in the same state.
        let (id, session) = Self::missed(worker, block).ok_or(DispatchError::Unavailable)?;
        let absence = if session.lease_end_secs <= Self::now_secs() {
            Absence::LeaseLapsed
        } else {
            Absence::Offline
        };
        Self::with_books(|books| Self::become_unresponsive(books, id, session, absence, block))
    }

    /// The session of a worker that was asked in `block`, did not answer that or a later challenge in time, and may be reported now.
    fn missed(worker: &WorkerPublicKey, block: BlockNumber) -> Option<(SessionId, Session)> {
        let mining = Mining::<T>::get();
        let age = Self::now_block().checked_sub(block)?;
        if age <= mining.heartbeat_window || age > mining.heartbeat_window.saturating_add(mining.report_window) {
            return None;
        }
        let id = SessionOf::<T>::get(worker)?;
        let session = Sessions::<T>::get(id)?;
        Self::was_asked(&session, block).then_some((id, session))
    }

    /// Was the session asked in this block without having answered at or after it?
    pub(crate) fn was_asked(session: &Session, block: BlockNumber) -> bool {
        session.state == SessionState::Idle
            && block >= session.answerable_from
            && block >= VoidBefore::<T>::get()
            && session.answered < block
            && Self::challenge_of(block).is_some_and(|challenge| challenge.hits(&session.worker))
    }

    /// Workers that may be reported in the next block, with the block that they missed; at most `limit`, at most 1,000.
    ///
    /// Reads all sessions: for runtime APIs, never for a transaction.
    pub fn overdue(limit: u32) -> Vec<(WorkerPublicKey, BlockNumber)> {
        let mining = Mining::<T>::get();
        let next = Self::now_block().saturating_add(1);
        let newest = next.saturating_sub(mining.heartbeat_window).saturating_sub(1);
        let oldest = next.saturating_sub(mining.heartbeat_window.saturating_add(mining.report_window));
        Sessions::<T>::iter_values()
            .filter_map(|session| {
                let from = oldest.max(session.answerable_from).max(session.answered.saturating_add(1));
                let block = (from..=newest).find(|block| Self::was_asked(&session, *block))?;
                Some((session.worker, block))
            })
            .take(limit.min(MAX_OVERDUE) as usize)
            .collect()
    }
}
