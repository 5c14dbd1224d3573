//! Delegation: coins in, shares out; and shares from hand to hand.

use crate::pallet::*;
use frame_support::ensure;
use khala_pallet_stake_pool::{shares::shares_for, Pallet as Pools, MIN_DELEGATION, MIN_SHARES};
use khala_primitives::{Balance, VaultId};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    /// `amount` planck of an account buy shares of a vault, at least `min_shares`.
    pub(crate) fn do_delegate(who: T::AccountId, id: VaultId, amount: Balance, min_shares: u128) -> DispatchResult {
        ensure!(amount >= MIN_DELEGATION, Error::<T>::DelegationTooSmall);
        let mut at = Self::settled(id)?;
        let value = at.value().ok_or(Error::<T>::Overflow)?;
        let empty = at.vault.shares == 0;
        // What is on its way to the owner must not become the newcomer's, nor the other way round.
        ensure!(!empty || at.vault.places.is_empty(), Error::<T>::VaultUnwinding);
        ensure!(empty || value > 0, Error::<T>::VaultWorthless);
        let after = value.checked_add(amount).ok_or(Error::<T>::Overflow)?;
        ensure!(at.vault.cap.is_none_or(|cap| after <= cap), Error::<T>::CapExceeded);
        let shares = shares_for(amount, value, at.vault.shares).ok_or(Error::<T>::Overflow)?;
        ensure!(shares >= min_shares, Error::<T>::TooFewShares);
        let mut holding = Holdings::<T>::get(&who, id);
        holding.shares = holding.shares.checked_add(shares).ok_or(Error::<T>::Overflow)?;
        ensure!(holding.shares >= MIN_SHARES, Error::<T>::SharesTooDear);

        Pools::<T>::receive(&who, amount)?;
        at.vault.free = at.vault.free.checked_add(amount).ok_or(Error::<T>::Overflow)?;
        at.vault.shares = at.vault.shares.checked_add(shares).ok_or(Error::<T>::Overflow)?;
        Self::store(id, at.vault)?;
        Holdings::<T>::insert(&who, id, holding);
        Self::deposit_event(Event::Delegated {
            vault: id,
            who,
            amount,
            shares,
        });
        Ok(())
    }

    pub(crate) fn do_transfer_shares(from: T::AccountId, id: VaultId, to: T::AccountId, shares: u128) -> DispatchResult {
        ensure!(shares > 0, Error::<T>::NothingToMove);
        ensure!(from != to, Error::<T>::TransferToSelf);
        ensure!(Self::of_account(&to).is_none(), Error::<T>::VaultInVault);
        let at = Self::settled(id)?;
        let mut giver = Holdings::<T>::get(&from, id);
        giver.shares = giver.shares.checked_sub(shares).ok_or(Error::<T>::NotEnoughShares)?;
        if giver.shares > 0 {
            let suffices = |shares| at.suffices(shares).ok_or(Error::<T>::Overflow);
            ensure!(suffices(shares)? && suffices(giver.shares)?, Error::<T>::HoldingTooSmall);
        }
        let mut taker = Holdings::<T>::get(&to, id);
        taker.shares = taker.shares.checked_add(shares).ok_or(Error::<T>::Overflow)?;
        Self::store(id, at.vault)?;
        Self::put_holding(&from, id, giver);
        Holdings::<T>::insert(&to, id, taker);
        Self::deposit_event(Event::SharesTransferred {
            vault: id,
            from,
            to,
            shares,
        });
        Ok(())
    }

    /// Stores a holding, or nothing if nothing is left of it.
    pub(crate) fn put_holding(who: &T::AccountId, id: VaultId, holding: khala_pallet_stake_pool::Holding) {
        if holding.shares == 0 && holding.requests.is_empty() {
            Holdings::<T>::remove(who, id);
        } else {
            Holdings::<T>::insert(who, id, holding);
        }
    }
}
