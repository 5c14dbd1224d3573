//! The service ring: the pools that may have something to pay or to take back, one after the other.

use crate::{pallet::*, types::Pool};
use khala_primitives::PoolId;
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    /// Puts a pool at the end of the ring, unless it stands in it. The caller stores the pool.
    pub(crate) fn join_ring(id: PoolId, pool: &mut Pool<T::AccountId>) -> DispatchResult {
        if pool.in_ring {
            return Ok(());
        }
        let (first, end) = RingRange::<T>::get();
        Ring::<T>::insert(end, id);
        RingRange::<T>::put((first, end.checked_add(1).ok_or(Error::<T>::Overflow)?));
        pool.in_ring = true;
        Ok(())
    }

    /// The pool that is served next.
    pub(crate) fn first_of_ring() -> Option<PoolId> {
        let (first, end) = RingRange::<T>::get();
        (first < end).then(|| Ring::<T>::get(first)).flatten()
    }

    /// Takes the first pool out of the ring.
    pub(crate) fn leave_ring() {
        let (first, end) = RingRange::<T>::get();
        if let Some(id) = Ring::<T>::take(first) {
            Pools::<T>::mutate(id, |pool| {
                if let Some(pool) = pool {
                    pool.in_ring = false;
                }
            });
        }
        RingRange::<T>::put((first.saturating_add(1).min(end), end));
    }
}
