//! Invariants: `design/mining.md`, Invariants.

use crate::{
    pallet::*,
    types::{CoolDown, Release, Session},
};
use alloc::{collections::BTreeMap, vec::Vec};
use frame_support::{ensure, traits::fungible::Inspect, traits::Get};
use khala_primitives::{
    status::{Absence, SessionState},
    SessionId,
};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Verifies every invariant of this pallet's storage.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::check_sessions()?;
        Self::check_impairment()?;
        Self::check_money()?;
        Self::check_releases()?;
        Self::check_guard()?;
        Self::check_parameters()?;
        Self::check_ring()
    }

    fn check_sessions() -> Result<(), TryRuntimeError> {
        let mut idle = 0u32;
        for (id, session) in Sessions::<T>::iter() {
            ensure!(id < NextSessionId::<T>::get(), "a session's number was not given out");
            ensure!(
                SessionOf::<T>::get(session.worker) == Some(id),
                "a worker does not point to its session"
            );
            let running = matches!(session.state, SessionState::Idle | SessionState::Unresponsive { .. });
            ensure!(
                running == session.position.is_some(),
                "a session runs without a stake, or has one and does not run"
            );
            if session.state == SessionState::Idle {
                idle = idle.saturating_add(1);
            }
            let paused = SessionState::Unresponsive {
                cause: Absence::Maintenance,
            };
            ensure!(
                !session.resumed || session.state == paused,
                "a session was resumed and is not paused"
            );
            let now = Self::now_block();
            ensure!(
                session.since_block <= now && session.answered <= now && session.counted <= now && session.last_payout_block <= now,
                "a session knows blocks that are not made yet"
            );
            ensure!(
                session.answerable_from <= now.saturating_add(1),
                "a session is asked from a later block than the next"
            );
            let earns = session.position.as_ref().is_some_and(|position| position.is_idle());
            ensure!(
                earns == (session.state == SessionState::Idle),
                "a session earns and is not idle, or is idle and does not earn"
            );
        }
        ensure!(
            SessionOf::<T>::iter().count() == Sessions::<T>::iter_keys().count(),
            "workers and sessions differ in number"
        );
        ensure!(idle == IdleSessions::<T>::get(), "the number of idle sessions is wrong");
        Ok(())
    }

    fn check_impairment() -> Result<(), TryRuntimeError> {
        let (mut impaired, mut decaying) = (BTreeMap::new(), BTreeMap::<_, Vec<_>>::new());
        for (id, session) in Sessions::<T>::iter() {
            let runs = session.position.is_some();
            ensure!(runs || session.impaired == 0, "a session without a stake would lose some");
            ensure!(session.impaired <= session.stake(), "a session would lose more than its stake");
            let decays = session.position.as_ref().is_some_and(|position| position.decays());
            ensure!(decays == session.decays, "a session does not know whether it decays");
            if session.impaired > 0 {
                let sum = impaired.entry(session.pool).or_insert(0u128);
                *sum = sum.saturating_add(session.impaired);
            }
            if decays {
                decaying.entry(session.pool).or_default().push(id);
            }
        }
        let sums: BTreeMap<_, _> = Impaired::<T>::iter().collect();
        ensure!(sums == impaired, "what a pool's sessions would lose is not the sum of theirs");
        let mut lists: BTreeMap<_, Vec<_>> = Decaying::<T>::iter().map(|(pool, ids)| (pool, ids.into_inner())).collect();
        lists.values_mut().chain(decaying.values_mut()).for_each(|ids| ids.sort_unstable());
        ensure!(lists == decaying, "a pool's decaying sessions are others than those that decay");
        Ok(())
    }

    fn check_money() -> Result<(), TryRuntimeError> {
        let shares = Shares::<T>::get();
        let positions: Vec<_> = Sessions::<T>::iter_values().filter_map(|session| session.position).collect();
        shares
            .audit(positions.iter())
            .map_err(|_| "the sum of shares or the ledger is wrong")?;
        let moving = InTransit::<T>::get();
        let reserved = shares.ledger.reserved().map_err(|_| "the ledger is corrupt")?;
        let needed = reserved.planck().saturating_add(moving.pot).saturating_add(moving.treasury);
        let subsidy = T::Currency::balance(&T::SubsidyAccount::get());
        ensure!(
            subsidy.saturating_add(T::Currency::minimum_balance()) >= needed,
            "the subsidy is overdrawn"
        );
        Ok(())
    }

    fn check_releases() -> Result<(), TryRuntimeError> {
        let (first, end) = ReleaseRange::<T>::get();
        let mut before = 0;
        for number in first..end {
            let Release { due_secs, session, part } = Releases::<T>::get(number).ok_or("a cool-down is missing in the queue")?;
            ensure!(due_secs >= before, "cool-downs are out of order");
            before = due_secs;
            let cool_down = CoolDowns::<T>::get(session, part).ok_or("a place in the queue has no cool-down")?;
            ensure!(cool_down.due_secs == due_secs, "a cool-down is queued for another time");
        }
        let queued = end.saturating_sub(first);
        ensure!(
            Releases::<T>::iter().count() as u64 == queued,
            "cool-downs stand outside their range"
        );
        ensure!(CoolDowns::<T>::iter().count() as u64 == queued, "a cool-down is not queued");
        ensure!(
            CoolDowns::<T>::iter_keys().all(|(id, _)| Sessions::<T>::contains_key(id)),
            "a cool-down has no session"
        );
        Sessions::<T>::iter().try_for_each(|(id, session)| Self::check_cool_downs(id, &session))
    }

    fn check_cool_downs(id: SessionId, session: &Session) -> Result<(), TryRuntimeError> {
        let parts: BTreeMap<u32, CoolDown> = CoolDowns::<T>::iter_prefix(id).collect();
        let sum = parts.values().fold(0u128, |sum, part| sum.saturating_add(part.amount));
        ensure!(
            sum == session.cooling,
            "a session's cooling principal is not that of its cool-downs"
        );
        ensure!(
            parts.keys().all(|part| *part < session.next_part),
            "a cool-down's number was not given out"
        );
        let mut reductions = parts.len();
        if let SessionState::CoolingDown { until_secs } = session.state {
            let last = session.next_part.checked_sub(1).and_then(|part| parts.get(&part));
            ensure!(
                last.is_some_and(|part| part.due_secs == until_secs),
                "a session that cools down has no cool-down"
            );
            reductions = reductions.saturating_sub(1);
        }
        ensure!(
            reductions == usize::from(session.open_reductions),
            "a session's number of reductions is wrong"
        );
        Ok(())
    }

    fn check_guard() -> Result<(), TryRuntimeError> {
        let away = Sessions::<T>::iter_values().filter(|session| session.state == SessionState::Unresponsive { cause: Absence::Offline });
        let away: Vec<_> = away.map(|session| (session.counted, session.share())).collect();
        ensure!(
            Guard::<T>::get().is_true_to(Self::now_block(), &away),
            "the outage guard counts other sessions than those that are offline"
        );
        Ok(())
    }
    /// What is in force, and what is announced, can be in force together with the clock that has run since genesis.
    fn check_parameters() -> Result<(), TryRuntimeError> {
        let (mining, economics, readings) = (Mining::<T>::get(), Economics::<T>::get(), ClockReadings::<T>::get());
        ensure!(
            mining.validate().is_ok() && economics.validate().is_ok(),
            "a parameter in force is out of its bounds"
        );
        ensure!(
            readings.with_slash(economics.keep_per_sec) == Ok(readings),
            "the decaying clock does not run at the speed of the slash"
        );
        ensure!(
            NextMining::<T>::get().is_none_or(|next| next.parameters.validate().is_ok()),
            "an announced mining parameter is out of its bounds"
        );
        ensure!(
            NextEconomics::<T>::get()
                .is_none_or(|next| { next.parameters.validate().is_ok() && readings.with_slash(next.parameters.keep_per_sec).is_ok() }),
            "an announced economic parameter is out of its bounds"
        );
        Ok(())
    }

    /// Challenges stand in their places, and none of a later block than this.
    fn check_ring() -> Result<(), TryRuntimeError> {
        let (now, length) = (Self::now_block(), Mining::<T>::get().ring_length());
        ensure!(
            Ring::<T>::iter().all(|(slot, challenge)| challenge.block <= now && challenge.block.checked_rem(length) == Some(slot)),
            "a challenge does not stand in its place of the ring"
        );
        ensure!(VoidBefore::<T>::get() <= now, "challenges are void that were not drawn yet");
        Ok(())
    }
}
