//! Invariants: `design/mining.md`, Invariants.

use crate::pallet::*;
use alloc::vec::Vec;
use frame_support::{ensure, traits::fungible::Inspect, traits::Get};
use khala_primitives::status::SessionState;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Verifies every invariant of this pallet's storage.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::check_sessions()?;
        Self::check_money()?;
        Self::check_releases()
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
            let cools = matches!(session.state, SessionState::CoolingDown { .. });
            ensure!(
                cools || session.cooling == 0,
                "a session that does not cool down has a cooling principal"
            );
            if session.state == SessionState::Idle {
                idle = idle.saturating_add(1);
            }
            let earns = session.position.as_ref().is_some_and(|position| position.is_idle());
            ensure!(
                earns == (session.state == SessionState::Idle),
                "a session earns and is not idle, or is idle and does not earn"
            );
        }
        ensure!(
            SessionOf::<T>::iter().count() == Sessions::<T>::count() as usize,
            "workers and sessions differ in number"
        );
        ensure!(idle == IdleSessions::<T>::get(), "the number of idle sessions is wrong");
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
            let release = Releases::<T>::get(number).ok_or("a cool-down is missing")?;
            ensure!(release.due_secs >= before, "cool-downs are out of order");
            before = release.due_secs;
            let session = Sessions::<T>::get(release.session).ok_or("a cool-down has no session")?;
            ensure!(
                session.state
                    == SessionState::CoolingDown {
                        until_secs: release.due_secs
                    },
                "a cool-down's session does not cool down"
            );
        }
        let listed = end.saturating_sub(first);
        ensure!(
            Releases::<T>::iter().count() as u64 == listed,
            "cool-downs stand outside their range"
        );
        let cooling = Sessions::<T>::iter_values()
            .filter(|session| matches!(session.state, SessionState::CoolingDown { .. }))
            .count();
        ensure!(cooling as u64 == listed, "a cooling session has no cool-down");
        Ok(())
    }
}
