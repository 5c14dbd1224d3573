//! The queue of a pool: requests in the order in which they are paid, as a doubly linked list, so that any of them leaves at the same cost.

use crate::{
    list::{self, Entries, Linked},
    pallet::*,
    traits::Holders,
    types::{Holding, Pool, Request},
    value::Settled,
};
use core::marker::PhantomData;
use frame_support::ensure;
use khala_primitives::{PoolId, RequestId};
use sp_runtime::{DispatchError, DispatchResult};

impl<AccountId> Linked for Request<AccountId> {
    fn prev(&mut self) -> &mut Option<RequestId> {
        &mut self.prev
    }

    fn next(&mut self) -> &mut Option<RequestId> {
        &mut self.next
    }
}

/// The requests of a pool.
struct InPool<T> {
    pool: PoolId,
    _config: PhantomData<T>,
}

impl<T> InPool<T> {
    fn of(pool: PoolId) -> Self {
        Self {
            pool,
            _config: PhantomData,
        }
    }
}

impl<T: Config> Entries for InPool<T> {
    type Entry = Request<T::AccountId>;

    fn change(&self, number: RequestId, change: impl FnOnce(&mut Self::Entry)) -> DispatchResult {
        Requests::<T>::try_mutate(self.pool, number, |request| {
            request.as_mut().map(change).ok_or(DispatchError::from(Error::<T>::RequestNotFound))
        })
    }
}

impl<T: Config> Pallet<T> {
    /// Puts shares of a holding at the end of the queue: the request's number, and its deadline, which nothing moves any more.
    pub(crate) fn enqueue(
        at: &mut Settled<T::AccountId>,
        who: &T::AccountId,
        holding: &mut Holding,
        shares: u128,
    ) -> Result<(RequestId, u64), DispatchError> {
        let number = at.pool.queue.next_id;
        // A vault has one for each who leaves it, and keeps the list itself.
        if !T::Holders::is_inner(who) {
            holding.requests.try_push(number).map_err(|_| Error::<T>::TooManyRequests)?;
        }
        holding.queued = holding.queued.checked_add(shares).ok_or(Error::<T>::Overflow)?;
        let deadline_secs = Self::next_deadline();
        let mut request = Request {
            who: who.clone(),
            shares,
            deadline_secs,
            due: false,
            prev: None,
            next: None,
        };
        let queue = &mut at.pool.queue;
        queue.next_id = number.checked_add(1).ok_or(Error::<T>::Overflow)?;
        queue.queued_shares = queue.queued_shares.checked_add(shares).ok_or(Error::<T>::Overflow)?;
        list::append(&InPool::<T>::of(at.id), queue, number, &mut request)?;
        Requests::<T>::insert(at.id, number, request);
        Self::appoint(at.id, number, deadline_secs)?;
        Ok((number, deadline_secs))
    }

    /// Takes a request out of the queue, whatever its place, and out of its holding.
    pub(crate) fn unlink(
        pool: &mut Pool<T::AccountId>,
        id: PoolId,
        number: RequestId,
        mut request: Request<T::AccountId>,
        holding: &mut Holding,
    ) -> DispatchResult {
        Requests::<T>::remove(id, number);
        list::unlink(&InPool::<T>::of(id), &mut pool.queue, number, &mut request)?;
        holding.requests.retain(|other| *other != number);
        Self::uncount(pool, request.shares, request.due, holding)
    }

    /// So many shares of a request are not queued any more.
    pub(crate) fn uncount(pool: &mut Pool<T::AccountId>, shares: u128, due: bool, holding: &mut Holding) -> DispatchResult {
        holding.queued = holding.queued.checked_sub(shares).ok_or(Error::<T>::Overflow)?;
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
