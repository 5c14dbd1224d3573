//! The owner's part of gains over the high-water mark. It is settled before anything that changes who has which part of a vault, so it
//! never touches what comes in later: the fee is paid in shares, which the owner holds like anybody else.

use crate::{pallet::*, value::Valued};
use frame_support::ensure;
use khala_economics::fixed::{mul_div, mul_div_up};
use khala_pallet_stake_pool::{value::ONE, Pallet as Pools, RateChange};
use khala_primitives::{Balance, VaultId};
use sp_runtime::{DispatchError, DispatchResult, Permill};

/// A fee that was taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fee {
    /// What it is worth, in planck.
    pub amount: Balance,
    /// The shares that pay it.
    pub shares: u128,
}

impl<AccountId> Valued<AccountId> {
    /// Takes the fee on what the vault has gained over its mark, and moves the mark: `fee x gain` in shares at the price after it
    /// (`design/staking.md`, Vault). `None` on overflow.
    pub(crate) fn take_fee(&mut self) -> Option<Fee> {
        let nothing = Fee { amount: 0, shares: 0 };
        if self.vault.shares == 0 {
            self.vault.mark = ONE;
            return Some(nothing);
        }
        let value = self.value()?;
        let gain = value.saturating_sub(mul_div_up(self.vault.mark, self.vault.shares, ONE)?);
        let amount = self.vault.fee.now.mul_floor(gain);
        // Of a whole gain the delegators keep at least what they had: the value is more than the gain, or the shares were worth nothing.
        let rest = value.checked_sub(amount)?;
        let shares = if rest == 0 { 0 } else { mul_div(amount, self.vault.shares, rest)? };
        self.vault.shares = self.vault.shares.checked_add(shares)?;
        self.vault.fee_shares = self.vault.fee_shares.checked_add(shares)?;
        // Also where the price has risen by less than a planck for all shares together: of few shares that is much for each, and whoever
        // joins would pay a fee on what it brings.
        self.vault.mark = self.vault.mark.max(mul_div_up(value, ONE, self.vault.shares)?);
        Some(Fee { amount, shares })
    }
}

impl<T: Config> Pallet<T> {
    /// A vault that is valued, and whose fee is taken at the rate in force so far. The caller stores it by [`Self::store`].
    pub(crate) fn settled(id: VaultId) -> Result<Valued<T::AccountId>, DispatchError> {
        let mut at = Self::valued(id)?;
        let fee = at.take_fee().ok_or(Error::<T>::Overflow)?;
        if fee.shares > 0 {
            Self::deposit_event(Event::FeeTaken {
                vault: id,
                shares: fee.shares,
                amount: fee.amount,
            });
        }
        let now = Pools::<T>::now();
        if let Some(fee) = at.vault.fee.apply(now) {
            Self::deposit_event(Event::FeeChanged { vault: id, fee });
        }
        if let Some(limit) = at.vault.commission_limit.apply(now) {
            Self::deposit_event(Event::CommissionLimitChanged { vault: id, limit });
        }
        Ok(at)
    }

    /// The same, when the caller owns it.
    pub(crate) fn owned(who: &T::AccountId, id: VaultId) -> Result<Valued<T::AccountId>, DispatchError> {
        ensure!(Self::vault(id)?.owner == *who, Error::<T>::NotOwner);
        Self::settled(id)
    }

    /// Lowers the fee at once, or announces a rise. The same rate as now withdraws an announced rise.
    pub(crate) fn do_set_fee(who: T::AccountId, id: VaultId, fee: Permill) -> DispatchResult {
        let mut at = Self::owned(&who, id)?;
        match at.vault.fee.set(fee, Pools::<T>::rise_due()).map_err(Error::<T>::of_fee)? {
            RateChange::Announced(rise) => Self::deposit_event(Event::FeeRiseAnnounced {
                vault: id,
                fee,
                due_secs: rise.due_secs,
            }),
            RateChange::Lowered { to, withdrawn } => {
                if let Some(fee) = withdrawn {
                    Self::deposit_event(Event::FeeRiseCancelled { vault: id, fee });
                }
                if let Some(fee) = to {
                    Self::deposit_event(Event::FeeChanged { vault: id, fee });
                }
            }
        }
        Self::store(id, at.vault)
    }

    /// Gives the owner the shares that its fee was paid in.
    pub(crate) fn do_claim_fee(who: T::AccountId, id: VaultId) -> DispatchResult {
        let mut at = Self::owned(&who, id)?;
        let shares = at.vault.fee_shares;
        ensure!(shares > 0, Error::<T>::NothingToClaim);
        let mut holding = Holdings::<T>::get(&who, id);
        holding.shares = holding.shares.checked_add(shares).ok_or(Error::<T>::Overflow)?;
        ensure!(at.suffices(holding.shares).ok_or(Error::<T>::Overflow)?, Error::<T>::FeeTooSmall);
        at.vault.fee_shares = 0;
        Self::store(id, at.vault)?;
        Holdings::<T>::insert(&who, id, holding);
        Self::deposit_event(Event::FeeClaimed {
            vault: id,
            owner: who,
            shares,
        });
        Ok(())
    }
}
