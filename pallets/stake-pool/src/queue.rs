//! The queue of a pool: requests in the order in which they are paid, as a doubly linked list, so that any of them leaves at the same cost.

use crate::{
    pallet::*,
    types::{Holding, Pool, Request},
    value::Settled,
};
use frame_support::ensure;
use khala_primitives::{PoolId, RequestId};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// Puts shares of a holding at the end of the queue: the request's number, and its deadline, which nothing moves any more.
    pub(crate) fn enqueue(
        at: &mut Settled<T::AccountId>,
        who: &T::AccountId,
        holding: &mut Holding,
        shares: u128,
    ) -> Result<(RequestId, u64), DispatchError> {
        let queue = &mut at.pool.queue;
        let number = queue.next_id;
        holding.requests.try_push(number).map_err(|_| Error::<T>::TooManyRequests)?;
        let deadline_secs = Self::next_deadline();
        queue.next_id = number.checked_add(1).ok_or(Error::<T>::Overflow)?;
        queue.queued_shares = queue.queued_shares.checked_add(shares).ok_or(Error::<T>::Overflow)?;
        queue.first = queue.first.or(Some(number));
        let prev = queue.last.replace(number);
        if let Some(last) = prev {
            Requests::<T>::try_mutate(at.id, last, |request| {
                let request = request.as_mut().ok_or(Error::<T>::Overflow)?;
                request.next = Some(number);
                Ok::<_, Error<T>>(())
            })?;
        }
        let request = Request {
            who: who.clone(),
            shares,
            deadline_secs,
            due: false,
            prev,
            next: None,
        };
        Requests::<T>::insert(at.id, number, request);
        Self::appoint(at.id, number, deadline_secs)?;
        Ok((number, deadline_secs))
    }

    /// Takes a request out of the queue, whatever its place.
    pub(crate) fn unlink(pool: &mut Pool<T::AccountId>, id: PoolId, number: RequestId, request: &Request<T::AccountId>) -> DispatchResult {
        Requests::<T>::remove(id, number);
        let neighbour = |other: Option<RequestId>, change: &dyn Fn(&mut Request<T::AccountId>)| {
            other.map_or(Ok(()), |other| {
                Requests::<T>::try_mutate(id, other, |request| {
                    request.as_mut().map(change).ok_or(DispatchError::from(Error::<T>::Overflow))
                })
            })
        };
        neighbour(request.prev, &|before| before.next = request.next)?;
        neighbour(request.next, &|after| after.prev = request.prev)?;
        if pool.queue.first == Some(number) {
            pool.queue.first = request.next;
        }
        if pool.queue.last == Some(number) {
            pool.queue.last = request.prev;
        }
        Self::uncount(pool, request.shares, request.due)
    }

    /// So many shares of a request are not queued any more.
    pub(crate) fn uncount(pool: &mut Pool<T::AccountId>, shares: u128, due: bool) -> DispatchResult {
        let queue = &mut pool.queue;
        queue.queued_shares = queue.queued_shares.checked_sub(shares).ok_or(Error::<T>::Overflow)?;
        if due {
            queue.due_shares = queue.due_shares.checked_sub(shares).ok_or(Error::<T>::Overflow)?;
        }
        Ok(())
    }

    /// The deadline of a request has passed: its shares are due.
    pub(crate) fn become_due(id: PoolId, number: RequestId) -> DispatchResult {
        // It may have been paid or cancelled since.
        let Some(mut request) = Requests::<T>::get(id, number) else {
            return Ok(());
        };
        ensure!(!request.due, Error::<T>::Overflow);
        request.due = true;
        let mut pool = Self::pool(id)?;
        pool.queue.due_shares = pool.queue.due_shares.checked_add(request.shares).ok_or(Error::<T>::Overflow)?;
        Self::join_ring(id, &mut pool)?;
        Pools::<T>::insert(id, pool);
        Requests::<T>::insert(id, number, request);
        Self::deposit_event(Event::RequestDue { pool: id, request: number });
        Ok(())
    }
}
