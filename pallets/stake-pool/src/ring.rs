//! A service ring: those that may have something to pay or to take back, one after the other.

use crate::{pallet::*, types::Pool};
use frame_support::{StorageMap, StorageValue};
use khala_primitives::PoolId;
use sp_runtime::DispatchResult;

/// A ring of numbers: places in the order in which they are served, and the numbers of the first place and of the one after the last.
pub struct ServiceRing<Places, Range>(core::marker::PhantomData<(Places, Range)>);

impl<Places, Range> ServiceRing<Places, Range>
where
    Places: StorageMap<u64, u32, Query = Option<u32>>,
    Range: StorageValue<(u64, u64), Query = (u64, u64)>,
{
    /// Puts a number at the end. `None` on overflow.
    pub fn join(id: u32) -> Option<()> {
        let (first, end) = Range::get();
        let after = end.checked_add(1)?;
        Places::insert(end, id);
        Range::put((first, after));
        Some(())
    }

    /// The number that is served next.
    pub fn first() -> Option<u32> {
        let (first, end) = Range::get();
        (first < end).then(|| Places::get(first)).flatten()
    }

    /// Takes the first number out.
    pub fn leave() -> Option<u32> {
        let (first, end) = Range::get();
        Range::put((first.saturating_add(1).min(end), end));
        Places::take(first)
    }
}

type PoolRing<T> = ServiceRing<Ring<T>, RingRange<T>>;

impl<T: Config> Pallet<T> {
    /// Puts a pool at the end of the ring, unless it stands in it. The caller stores the pool.
    pub(crate) fn join_ring(id: PoolId, pool: &mut Pool<T::AccountId>) -> DispatchResult {
        if !pool.in_ring {
            PoolRing::<T>::join(id).ok_or(Error::<T>::Overflow)?;
            pool.in_ring = true;
        }
        Ok(())
    }

    /// The pool that is served next.
    pub(crate) fn first_of_ring() -> Option<PoolId> {
        PoolRing::<T>::first()
    }

    /// Takes the first pool out of the ring.
    pub(crate) fn leave_ring() {
        if let Some(id) = PoolRing::<T>::leave() {
            Pools::<T>::mutate(id, |pool| {
                if let Some(pool) = pool {
                    pool.in_ring = false;
                }
            });
        }
    }
}
