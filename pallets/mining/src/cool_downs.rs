//! Principals on their way back: of stops and of reductions, each after a cool-down that nothing shortens, restarts or loses.
//!
//! All cool-downs stand in one queue. One that begins later is never due earlier: when governance shortens the cool-down, those
//! that began before are waited for.

use crate::{
    pallet::*,
    traits::PoolLedger,
    types::{CoolDown, Release, Session},
    weights::WeightInfo,
};
use frame_support::weights::WeightMeter;
use khala_primitives::{status::SessionState, Balance, SessionId};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    /// Begins a cool-down of a session, which the caller stores; when it is due.
    pub(crate) fn cool_down(id: SessionId, session: &mut Session, amount: Balance) -> Result<u64, DispatchError> {
        let (first, end) = ReleaseRange::<T>::get();
        let before = end
            .checked_sub(1)
            .filter(|newest| *newest >= first)
            .and_then(Releases::<T>::get)
            .map_or(0, |release| release.due_secs);
        let due_secs = Self::clocks()
            .credited
            .saturating_add(Mining::<T>::get().cool_down_secs)
            .max(before);
        let part = session.next_part;
        session.next_part = part.checked_add(1).ok_or(Error::<T>::Overflow)?;
        session.cooling = session.cooling.checked_add(amount).ok_or(Error::<T>::Overflow)?;
        CoolDowns::<T>::insert(id, part, CoolDown { due_secs, amount });
        Releases::<T>::insert(
            end,
            Release {
                due_secs,
                session: id,
                part,
            },
        );
        ReleaseRange::<T>::put((first, end.checked_add(1).ok_or(Error::<T>::Overflow)?));
        Ok(due_secs)
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
            Self::release(&release);
            Releases::<T>::remove(first);
            first = first.saturating_add(1);
            ReleaseRange::<T>::put((first, end));
        }
    }

    fn release(release: &Release) {
        let id = release.session;
        let (Some(mut session), Some(CoolDown { amount, .. })) = (Sessions::<T>::get(id), CoolDowns::<T>::take(id, release.part)) else {
            frame_support::defensive!("a cool-down without a session");
            return;
        };
        let (pool, worker) = (session.pool, session.worker);
        session.cooling = session.cooling.saturating_sub(amount);
        // The stop's cool-down is the last one that began.
        let ended = matches!(session.state, SessionState::CoolingDown { .. }) && release.part.checked_add(1) == Some(session.next_part);
        if ended {
            session.state = SessionState::Ready;
            session.since_block = Self::now_block();
        } else {
            session.open_reductions = session.open_reductions.saturating_sub(1);
        }
        Sessions::<T>::insert(id, session);
        T::Pools::released(pool, amount);
        Self::deposit_event(Event::Released {
            session: id,
            worker,
            returned: amount,
            ended,
        });
    }
}
