//! Coins of accounts: what comes in, what is paid, what cannot be paid, and what is sent by hand.

use super::{vaults::vault_of, Foreseen, Ledger, PoolError, PoolEvent};
use crate::runtime::{Deposit, ExistentialDeposit};
use frame_support::ensure;
use khala_primitives::{AccountId32, Balance};
use sp_runtime::TokenError;

impl Ledger {
    /// What an account has beyond its deposits.
    pub(crate) fn free_of(&self, who: &AccountId32) -> Balance {
        self.accounts.get(who).map_or(0, |all| all - self.owned_by(who) * Deposit::get())
    }

    /// How many pools and vaults it owns.
    fn owned_by(&self, who: &AccountId32) -> Balance {
        let pools = self.pools.values().filter(|pool| pool.owner == *who).count();
        let vaults = self.vaults.values().filter(|vault| vault.owner == *who).count();
        (pools + vaults) as Balance
    }

    /// What an account can give without dying.
    pub(crate) fn to_give(&self, who: &AccountId32) -> Balance {
        self.free_of(who).saturating_sub(ExistentialDeposit::get())
    }

    /// Coins of an account go into the pot. Those of a vault lie there already.
    pub(crate) fn take_from(&mut self, who: &AccountId32, amount: Balance) -> Foreseen<()> {
        if vault_of(who).is_some() {
            return Ok(());
        }
        ensure!(amount <= self.to_give(who), TokenError::FundsUnavailable);
        *self.accounts.entry(who.clone()).or_default() -= amount;
        Ok(())
    }

    fn give_to(&mut self, who: &AccountId32, amount: Balance) -> Foreseen<()> {
        let enough = amount == 0 || self.free_of(who) + amount >= ExistentialDeposit::get();
        ensure!(enough, TokenError::BelowMinimum);
        *self.accounts.entry(who.clone()).or_default() += amount;
        Ok(())
    }

    /// Coins of the pot go to an account. A dead one cannot have less than it needs to live: then they are booked.
    pub(crate) fn pay_out(&mut self, who: &AccountId32, amount: Balance) -> Option<PoolEvent> {
        // A vault's stay where they are.
        if vault_of(who).is_some() || self.give_to(who, amount).is_ok() {
            return None;
        }
        *self.unclaimed.entry(who.clone()).or_default() += amount;
        Some(PoolEvent::PaymentBooked { who: who.clone(), amount })
    }

    pub(crate) fn claim_unclaimed(&mut self, who: &AccountId32) -> Foreseen {
        let amount = self.unclaimed.get(who).copied().ok_or(PoolError::NothingBooked)?;
        self.give_to(who, amount)?;
        self.unclaimed.remove(who);
        Ok(vec![PoolEvent::PaymentClaimed { who: who.clone(), amount }])
    }

    /// Coins are sent to the pot by hand.
    pub(crate) fn send_to_pot(&mut self, who: &AccountId32, amount: Balance) -> Foreseen<()> {
        self.take_from(who, amount)?;
        self.stray += amount;
        Ok(())
    }

    /// Coins go from one account to another, which does not die of it.
    pub(crate) fn send(&mut self, from: &AccountId32, to: &AccountId32, amount: Balance) -> Foreseen<()> {
        ensure!(amount <= self.to_give(from), TokenError::FundsUnavailable);
        if from != to {
            self.give_to(to, amount)?;
            self.take_from(from, amount)?;
        }
        Ok(())
    }

    /// All coins go to another account; the first one dies unless it owns a pool or a vault.
    pub(crate) fn send_all(&mut self, from: &AccountId32, to: &AccountId32) -> Foreseen<()> {
        let stays = self.owned_by(from) > 0;
        let amount = if stays { self.to_give(from) } else { self.free_of(from) };
        if from != to {
            self.give_to(to, amount)?;
            *self.accounts.entry(from.clone()).or_default() -= amount;
        }
        Ok(())
    }
}
