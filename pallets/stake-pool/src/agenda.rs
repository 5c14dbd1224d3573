//! The agenda: deadlines of all pools in the order in which they come. One that is fixed later is never due earlier.

use crate::{pallet::*, types::Appointment, weights::WeightInfo};
use frame_support::{storage::with_storage_layer, weights::WeightMeter};
use khala_primitives::{PoolId, RequestId};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    /// The deadline of a request that is made now: the grace from now on. Should the grace ever be shortened, deadlines that were fixed
    /// before are waited for.
    pub fn next_deadline() -> u64 {
        let (first, end) = AgendaRange::<T>::get();
        let newest = end.checked_sub(1).filter(|newest| *newest >= first).and_then(Agenda::<T>::get);
        Self::now()
            .saturating_add(Parameters::<T>::get().grace_secs)
            .max(newest.map_or(0, |appointment| appointment.due_secs))
    }

    /// Names a request for its deadline.
    pub(crate) fn appoint(pool: PoolId, request: RequestId, due_secs: u64) -> DispatchResult {
        let (first, end) = AgendaRange::<T>::get();
        Agenda::<T>::insert(end, Appointment { due_secs, pool, request });
        AgendaRange::<T>::put((first, end.checked_add(1).ok_or(Error::<T>::Overflow)?));
        Ok(())
    }

    /// Lets requests whose deadline has passed become due, as far as there is room.
    pub(crate) fn serve_agenda(meter: &mut WeightMeter) {
        let now = Self::now();
        let (mut first, end) = AgendaRange::<T>::get();
        while first < end {
            if meter.try_consume(<T as Config>::WeightInfo::become_due()).is_err() {
                break;
            }
            let Some(appointment) = Agenda::<T>::get(first).filter(|appointment| appointment.due_secs <= now) else {
                break;
            };
            let became = with_storage_layer(|| Self::become_due(appointment.pool, appointment.request));
            frame_support::defensive_assert!(became.is_ok(), "a request cannot become due");
            Agenda::<T>::remove(first);
            first = first.saturating_add(1);
            AgendaRange::<T>::put((first, end));
        }
    }
}
