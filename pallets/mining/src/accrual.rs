//! Budget, ledger, and the one movement of money per block.

use crate::{pallet::*, traits::PoolLedger, types::Unmoved};
use frame_support::traits::{
    fungible::{Inspect, Mutate},
    tokens::Preservation,
    Get,
};
use khala_economics::{Accumulator, Pha};
use khala_primitives::{Balance, PoolId};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// Adds the budget of the time since the last block to the reward per share. Never more than the subsidy has beyond what is owed.
    pub(crate) fn accrue() {
        let mut shares = Shares::<T>::get();
        let accrued = shares.accrue(&Economics::<T>::get(), Self::clocks().credited, Self::available(&shares));
        // Only numbers far beyond the supply of PHA could overflow; then nothing accrues, and nobody can be paid too much.
        frame_support::defensive_assert!(accrued.is_ok(), "the budget cannot be accrued");
        Shares::<T>::put(shares);
    }

    /// What the subsidy may still promise: its balance without the existential deposit, what is promised already, and what is moving.
    pub(crate) fn available(shares: &Accumulator) -> Pha {
        let moving = InTransit::<T>::get();
        let reserved = shares.ledger.reserved().map_or(Balance::MAX, |reserved| reserved.planck());
        let balance = T::Currency::balance(&T::SubsidyAccount::get())
            .saturating_sub(T::Currency::minimum_balance())
            .saturating_sub(moving.pot)
            .saturating_sub(moving.treasury)
            .saturating_sub(reserved);
        Pha::from_planck(balance).unwrap_or_default()
    }

    /// Takes a pool's rewards: its number, for the caller's ledger. The coins are in the pot when this returns.
    pub fn take_reward(pool: PoolId) -> Result<Balance, DispatchError> {
        let reward = PoolReward::<T>::take(pool);
        if reward > 0 && InTransit::<T>::get().pot > 0 {
            Self::try_move_rewards()?;
        }
        Ok(reward)
    }

    /// Moves the block's rewards from the subsidy to the pot and the treasury. What cannot be moved is tried again in the next block.
    pub(crate) fn move_rewards() {
        let moved = frame_support::storage::with_storage_layer(Self::try_move_rewards);
        // The accrual never promises more than the subsidy has, and both accounts exist since genesis.
        frame_support::defensive_assert!(moved.is_ok(), "the subsidy cannot pay what it has promised");
    }

    fn try_move_rewards() -> DispatchResult {
        let Unmoved { pot, treasury } = InTransit::<T>::take();
        let subsidy = T::SubsidyAccount::get();
        if pot > 0 {
            T::Currency::transfer(&subsidy, &T::Pools::pot_account(), pot, Preservation::Preserve)?;
            T::Pools::rewarded(pot);
        }
        if treasury > 0 {
            T::Currency::transfer(&subsidy, &T::TreasuryAccount::get(), treasury, Preservation::Preserve)?;
        }
        Ok(())
    }
}
