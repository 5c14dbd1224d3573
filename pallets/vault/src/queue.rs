//! Those who wait to leave a vault, in the order in which free coins pay them.

use crate::{
    pallet::*,
    types::{Claim, Claims, Request, Vault},
};
use core::marker::PhantomData;
use khala_pallet_stake_pool::{
    list::{self, Entries},
    Holding, Pallet as Pools,
};
use khala_primitives::{RequestId, VaultId};
use sp_runtime::{DispatchError, DispatchResult};

/// The requests of a vault.
struct InVault<T> {
    vault: VaultId,
    _config: PhantomData<T>,
}

impl<T: Config> Entries for InVault<T> {
    type Entry = Request<T::AccountId>;

    fn change(&self, number: RequestId, change: impl FnOnce(&mut Self::Entry)) -> DispatchResult {
        Requests::<T>::try_mutate(self.vault, number, |request| {
            request.as_mut().map(change).ok_or(DispatchError::from(Error::<T>::RequestNotFound))
        })
    }
}

impl<T: Config> Pallet<T> {
    fn entries(vault: VaultId) -> InVault<T> {
        InVault {
            vault,
            _config: PhantomData,
        }
    }

    /// The deadline of a request that is made now: whatever is asked of pools now is due a margin earlier, and whatever was asked before
    /// earlier still. Should the margin ever be shortened, deadlines that were fixed before are waited for.
    pub(crate) fn next_deadline(id: VaultId, vault: &Vault<T::AccountId>) -> u64 {
        let newest = vault.queue.last.and_then(|number| Requests::<T>::get(id, number));
        Pools::<T>::next_deadline()
            .saturating_add(Parameters::<T>::get().margin_secs)
            .max(newest.map_or(0, |request| request.deadline_secs))
    }

    /// Puts a request at the end of a vault's queue: its number, and its deadline, which nothing moves any more.
    pub(crate) fn enqueue(
        id: VaultId,
        vault: &mut Vault<T::AccountId>,
        who: &T::AccountId,
        holding: &mut Holding,
        claims: Claims,
        shares: u128,
    ) -> Result<(RequestId, u64), DispatchError> {
        let number = vault.queue.next_id;
        vault.queue.next_id = number.checked_add(1).ok_or(Error::<T>::Overflow)?;
        vault.queue.queued_shares = vault.queue.queued_shares.checked_add(shares).ok_or(Error::<T>::Overflow)?;
        holding.requests.try_push(number).map_err(|_| Error::<T>::TooManyRequests)?;
        holding.queued = holding.queued.checked_add(shares).ok_or(Error::<T>::Overflow)?;
        for claim in &claims {
            let place = Self::place(vault, claim.pool)?;
            place.claimed = place.claimed.checked_add(claim.shares).ok_or(Error::<T>::Overflow)?;
            Backed::<T>::insert(claim.pool, claim.request, number);
        }
        let mut request = Request {
            who: who.clone(),
            claims,
            shares,
            deadline_secs: Self::next_deadline(id, vault),
            prev: None,
            next: None,
        };
        list::append(&Self::entries(id), &mut vault.queue, number, &mut request)?;
        let deadline_secs = request.deadline_secs;
        Requests::<T>::insert(id, number, request);
        Ok((number, deadline_secs))
    }

    /// Takes so many shares of a claim away from it; whether nothing is left.
    pub(crate) fn take_from_claim(vault: &mut Vault<T::AccountId>, claim: &mut Claim, shares: u128) -> Result<bool, DispatchError> {
        let place = Self::place(vault, claim.pool)?;
        place.claimed = place.claimed.checked_sub(shares).ok_or(Error::<T>::Overflow)?;
        claim.shares = claim.shares.checked_sub(shares).ok_or(Error::<T>::Overflow)?;
        if claim.shares == 0 {
            Backed::<T>::remove(claim.pool, claim.request);
        }
        Ok(claim.shares == 0)
    }

    /// Takes so many waiting shares of the vault away from a request. Whether they go on to exist is for the caller to say.
    pub(crate) fn take_waiting(
        vault: &mut Vault<T::AccountId>,
        request: &mut Request<T::AccountId>,
        holding: &mut Holding,
        shares: u128,
    ) -> DispatchResult {
        request.shares = request.shares.checked_sub(shares).ok_or(Error::<T>::Overflow)?;
        vault.queue.queued_shares = vault.queue.queued_shares.checked_sub(shares).ok_or(Error::<T>::Overflow)?;
        holding.queued = holding.queued.checked_sub(shares).ok_or(Error::<T>::Overflow)?;
        Ok(())
    }

    /// Stores a request that something was taken from, or takes it out of the queue if nothing is left; whether something is.
    pub(crate) fn keep_request(
        id: VaultId,
        vault: &mut Vault<T::AccountId>,
        number: RequestId,
        mut request: Request<T::AccountId>,
        holding: &mut Holding,
    ) -> Result<bool, DispatchError> {
        request.claims.retain(|claim| claim.shares > 0);
        if request.shares > 0 || !request.claims.is_empty() {
            Requests::<T>::insert(id, number, request);
            return Ok(true);
        }
        Requests::<T>::remove(id, number);
        list::unlink(&Self::entries(id), &mut vault.queue, number, &mut request)?;
        holding.requests.retain(|other| *other != number);
        Ok(false)
    }

    /// Whether the deadline of somebody who waits has passed.
    pub(crate) fn is_late(id: VaultId, vault: &Vault<T::AccountId>) -> bool {
        let first = vault.queue.first.and_then(|number| Requests::<T>::get(id, number));
        first.is_some_and(|request| request.deadline_secs <= Pools::<T>::now())
    }
}
