//! The one account that holds the coins of all pools: what goes in, what goes out, and what does not belong there.

use crate::{pallet::*, traits::Holders};
use frame_support::{
    ensure,
    storage::with_storage_layer,
    traits::{
        fungible::{Inspect, Mutate},
        tokens::Preservation,
        Get,
    },
};
use khala_primitives::Balance;
use sp_runtime::{traits::AccountIdConversion, DispatchResult};

impl<T: Config> Pallet<T> {
    /// The account that holds the coins of all pools. It keeps the existential deposit that genesis gave it.
    pub fn pot() -> T::AccountId {
        T::PotId::get().into_account_truncating()
    }

    /// Coins of an account come into the pot. Those of an inner holder lie there already: its own ledger says less from now on.
    pub fn receive(from: &T::AccountId, amount: Balance) -> DispatchResult {
        if T::Holders::is_inner(from) {
            return Ok(());
        }
        T::PoolCurrency::transfer(from, &Self::pot(), amount, Preservation::Preserve)?;
        Self::more_in_pot(amount)
    }

    /// Pays coins of the pot to an account. What cannot be paid is booked, to be claimed later: nobody's queue stands still for it.
    /// To an inner holder nothing moves: its own ledger says more from now on.
    pub fn pay(to: &T::AccountId, amount: Balance) -> DispatchResult {
        if T::Holders::is_inner(to) || amount == 0 {
            return Ok(());
        }
        if with_storage_layer(|| Self::pay_out(to, amount)).is_err() {
            Unclaimed::<T>::try_mutate(to, |booked| {
                *booked = booked.checked_add(amount).ok_or(Error::<T>::Overflow)?;
                Ok::<_, Error<T>>(())
            })?;
            Self::deposit_event(Event::PaymentBooked { who: to.clone(), amount });
        }
        Ok(())
    }

    /// Coins of a pool that a worker has lost go to the treasury.
    pub(crate) fn lose(amount: Balance) -> DispatchResult {
        if amount == 0 {
            return Ok(());
        }
        Self::pay_out(&T::TreasuryAccount::get(), amount)
    }

    pub(crate) fn do_claim_unclaimed(who: T::AccountId) -> DispatchResult {
        let amount = Unclaimed::<T>::take(&who);
        ensure!(amount > 0, Error::<T>::NothingBooked);
        Self::pay_out(&who, amount)?;
        Self::deposit_event(Event::PaymentClaimed { who, amount });
        Ok(())
    }

    /// What somebody has sent to the pot by hand goes to the treasury.
    pub(crate) fn sweep_pot() -> DispatchResult {
        let ours = PotTotal::<T>::get().saturating_add(T::PoolCurrency::minimum_balance());
        let stray = T::PoolCurrency::balance(&Self::pot()).saturating_sub(ours);
        if stray > 0 {
            let treasury = T::TreasuryAccount::get();
            T::PoolCurrency::transfer(&Self::pot(), &treasury, stray, Preservation::Preserve)?;
            Self::deposit_event(Event::PotSwept { amount: stray });
        }
        Ok(())
    }

    /// The pot holds so much more for those to whom it belongs.
    pub(crate) fn more_in_pot(amount: Balance) -> DispatchResult {
        let total = PotTotal::<T>::get().checked_add(amount).ok_or(Error::<T>::Overflow)?;
        PotTotal::<T>::put(total);
        Ok(())
    }

    fn pay_out(to: &T::AccountId, amount: Balance) -> DispatchResult {
        let total = PotTotal::<T>::get().checked_sub(amount).ok_or(Error::<T>::Overflow)?;
        T::PoolCurrency::transfer(&Self::pot(), to, amount, Preservation::Preserve)?;
        PotTotal::<T>::put(total);
        Ok(())
    }
}
