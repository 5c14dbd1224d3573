//! Delegation: coins in, shares out; and shares from hand to hand.

use crate::{pallet::*, shares::shares_for, traits::Holders, value::Settled, MIN_DELEGATION, MIN_SHARES};
use frame_support::ensure;
use khala_primitives::{Balance, PoolId};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// `amount` planck of an account buy shares of a pool, at least `min_shares`: how many. An inner holder pays out of what it has in
    /// the pot.
    pub fn do_delegate(who: T::AccountId, id: PoolId, amount: Balance, min_shares: u128) -> Result<u128, DispatchError> {
        ensure!(amount >= MIN_DELEGATION, Error::<T>::DelegationTooSmall);
        let mut at = Self::settled(id)?;
        ensure!(Self::may_hold(&at, &who), Error::<T>::NotAllowed);
        let value = at.value().ok_or(Error::<T>::Overflow)?;
        let empty = at.pool.shares == 0;
        ensure!(!empty || at.pool.staked | at.pool.cooling == 0, Error::<T>::PoolUnwinding);
        ensure!(empty || value > 0, Error::<T>::PoolWorthless);
        let after = at
            .capped()
            .and_then(|value| value.checked_add(amount))
            .ok_or(Error::<T>::Overflow)?;
        ensure!(at.pool.cap.is_none_or(|cap| after <= cap), Error::<T>::CapExceeded);
        let shares = shares_for(amount, value, at.pool.shares).ok_or(Error::<T>::Overflow)?;
        ensure!(shares >= min_shares, Error::<T>::TooFewShares);
        let mut holding = Holdings::<T>::get(&who, id);
        holding.shares = holding.shares.checked_add(shares).ok_or(Error::<T>::Overflow)?;
        ensure!(holding.shares >= MIN_SHARES, Error::<T>::SharesTooDear);

        Self::receive(&who, amount)?;
        at.pool.free = at.pool.free.checked_add(amount).ok_or(Error::<T>::Overflow)?;
        at.pool.shares = at.pool.shares.checked_add(shares).ok_or(Error::<T>::Overflow)?;
        Self::store(at)?;
        Holdings::<T>::insert(&who, id, holding);
        Self::deposit_event(Event::Delegated {
            pool: id,
            who,
            amount,
            shares,
        });
        Ok(shares)
    }

    pub(crate) fn do_transfer_shares(from: T::AccountId, id: PoolId, to: T::AccountId, shares: u128) -> DispatchResult {
        ensure!(shares > 0, Error::<T>::NothingToMove);
        ensure!(from != to, Error::<T>::TransferToSelf);
        ensure!(
            !T::Holders::is_inner(&from) && !T::Holders::is_inner(&to),
            Error::<T>::NotTransferable
        );
        let at = Self::settled(id)?;
        ensure!(Self::may_hold(&at, &to), Error::<T>::NotAllowed);
        let mut giver = Holdings::<T>::get(&from, id);
        giver.shares = giver.shares.checked_sub(shares).ok_or(Error::<T>::NotEnoughShares)?;
        if giver.shares > 0 {
            let suffices = |shares| at.suffices(shares).ok_or(Error::<T>::Overflow);
            ensure!(suffices(shares)? && suffices(giver.shares)?, Error::<T>::HoldingTooSmall);
        }
        let mut taker = Holdings::<T>::get(&to, id);
        taker.shares = taker.shares.checked_add(shares).ok_or(Error::<T>::Overflow)?;
        Self::store(at)?;
        Self::put_holding(&from, id, giver);
        Holdings::<T>::insert(&to, id, taker);
        Self::deposit_event(Event::SharesTransferred {
            pool: id,
            from,
            to,
            shares,
        });
        Ok(())
    }

    /// Does the pool's allow-list let an account in?
    fn may_hold(at: &Settled<T::AccountId>, who: &T::AccountId) -> bool {
        at.pool.allowed == 0 || Allowed::<T>::contains_key(at.id, who)
    }
}
