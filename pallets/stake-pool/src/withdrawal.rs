//! Withdrawal: shares in, coins out, at once or through the queue.

use crate::{pallet::*, value::Settled};
use frame_support::ensure;
use khala_primitives::{Balance, PoolId, RequestId};
use sp_runtime::{DispatchError, DispatchResult};

/// What an undelegation did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Undelegated {
    /// Shares that were taken: as many as asked for, or all of the holding.
    pub shares: u128,
    /// Paid at once, in planck.
    pub paid: Balance,
    /// Shares that this bought back.
    pub burned: u128,
    /// The request that the other shares wait in, its number and its deadline.
    pub queued: Option<(RequestId, u64)>,
}

impl<T: Config> Pallet<T> {
    /// Takes so many of an account's shares back, worth at least `min_amount` planck now. Free coins pay at once if nobody waits; what
    /// they cannot pay is queued. All of the holding is taken if less than a smallest holding would be left of it.
    pub fn do_undelegate(who: T::AccountId, id: PoolId, shares: u128, min_amount: Balance) -> Result<Undelegated, DispatchError> {
        ensure!(shares > 0, Error::<T>::NothingToMove);
        let mut at = Self::settled(id)?;
        let mut holding = Holdings::<T>::get(&who, id);
        let rest = holding.shares.checked_sub(shares).ok_or(Error::<T>::NotEnoughShares)?;
        let suffices = |shares| at.suffices(shares).ok_or(Error::<T>::Overflow);
        let shares = if suffices(rest)? { shares } else { holding.shares };
        ensure!(shares == holding.shares || suffices(shares)?, Error::<T>::RequestTooSmall);
        let worth = at.worth(shares).ok_or(Error::<T>::Overflow)?;
        ensure!(worth >= min_amount, Error::<T>::TooLittleWorth);

        holding.shares = holding.shares.saturating_sub(shares);
        // Shares that are worth nothing wait for nothing.
        let at_once = at.pool.queue.is_empty() || worth == 0;
        let (paid, burned) = at_once.then(|| at.payment(shares)).flatten().unwrap_or((0, 0));
        Self::burn(&mut at, paid, burned)?;
        let left = shares.checked_sub(burned).ok_or(Error::<T>::Overflow)?;
        let queued = if left > 0 {
            Some(Self::enqueue(&mut at, &who, &mut holding, left)?)
        } else {
            None
        };
        Self::store(at)?;
        Self::put_holding(&who, id, holding);
        if burned > 0 {
            Self::pay(&who, paid)?;
            Self::deposit_event(Event::Undelegated {
                pool: id,
                who: who.clone(),
                shares: burned,
                amount: paid,
            });
        }
        if let Some((request, deadline_secs)) = queued {
            Self::deposit_event(Event::RequestQueued {
                pool: id,
                request,
                who,
                shares: left,
                deadline_secs,
            });
        }
        Ok(Undelegated {
            shares,
            paid,
            burned,
            queued,
        })
    }

    /// Takes a request out of the queue before its deadline; its shares, so many, are held again.
    pub fn do_cancel_request(who: T::AccountId, id: PoolId, number: RequestId) -> Result<u128, DispatchError> {
        let mut at = Self::settled(id)?;
        let request = Requests::<T>::get(id, number).ok_or(Error::<T>::RequestNotFound)?;
        ensure!(request.who == who, Error::<T>::NotRequester);
        ensure!(Self::now() < request.deadline_secs, Error::<T>::DeadlinePassed);
        let mut holding = Holdings::<T>::get(&who, id);
        let shares = request.shares;
        Self::unlink(&mut at.pool, id, number, request, &mut holding)?;
        holding.shares = holding.shares.checked_add(shares).ok_or(Error::<T>::Overflow)?;
        Self::store(at)?;
        Holdings::<T>::insert(&who, id, holding);
        Self::deposit_event(Event::RequestCancelled {
            pool: id,
            request: number,
            who,
            shares,
        });
        Ok(shares)
    }

    /// Buys shares back for free coins of the pool. The caller pays the coins out.
    pub(crate) fn burn(at: &mut Settled<T::AccountId>, amount: Balance, shares: u128) -> DispatchResult {
        at.pool.free = at.pool.free.checked_sub(amount).ok_or(Error::<T>::Overflow)?;
        at.pool.shares = at.pool.shares.checked_sub(shares).ok_or(Error::<T>::Overflow)?;
        Ok(())
    }
}
