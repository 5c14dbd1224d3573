//! The owner's part of rewards: lowered at once, raised after an announcement, by a bounded step.

use crate::{
    pallet::*,
    rate::{Rate, RateChange, RateError},
    types::Pool,
};
use frame_support::ensure;
use khala_primitives::PoolId;
use sp_runtime::{DispatchResult, Permill};

impl<AccountId> Pool<AccountId> {
    /// The commission as a rate.
    pub fn rate(&self) -> Rate {
        Rate {
            now: self.commission,
            maximum: self.max_commission,
            rise: self.rise,
        }
    }

    fn set_rate(&mut self, rate: Rate) {
        (self.commission, self.rise) = (rate.now, rate.rise);
    }

    /// Puts an announced rise in force if its time has come; the new rate.
    pub(crate) fn apply_rise(&mut self, now_secs: u64) -> Option<Permill> {
        let mut rate = self.rate();
        let applied = rate.apply(now_secs)?;
        self.set_rate(rate);
        Some(applied)
    }
}

impl<T: Config> From<RateError> for Error<T> {
    fn from(error: RateError) -> Self {
        match error {
            RateError::AboveMaximum => Self::CommissionAboveMaximum,
            RateError::RiseTooLarge => Self::CommissionRiseTooLarge,
            RateError::Unchanged => Self::CommissionUnchanged,
        }
    }
}

impl<T: Config> Pallet<T> {
    /// When a rise that is announced now is in force: after the grace and a cool-down, so that whoever leaves for it does not pay it.
    pub fn rise_due() -> u64 {
        Self::now()
            .saturating_add(Parameters::<T>::get().grace_secs)
            .saturating_add(khala_pallet_mining::Mining::<T>::get().cool_down_secs)
    }

    /// Lowers the commission at once, or announces a rise. The same rate as now withdraws an announced rise.
    pub(crate) fn do_set_commission(who: T::AccountId, id: PoolId, commission: Permill) -> DispatchResult {
        let mut at = Self::owned(&who, id)?;
        let mut rate = at.pool.rate();
        match rate.set(commission, Self::rise_due()).map_err(Error::<T>::from)? {
            RateChange::Announced(rise) => Self::deposit_event(Event::CommissionRiseAnnounced {
                pool: id,
                commission,
                due_secs: rise.due_secs,
            }),
            RateChange::Lowered { to, withdrawn } => {
                if let Some(commission) = withdrawn {
                    Self::deposit_event(Event::CommissionRiseCancelled { pool: id, commission });
                }
                if let Some(commission) = to {
                    Self::deposit_event(Event::CommissionChanged { pool: id, commission });
                }
            }
        }
        at.pool.set_rate(rate);
        Self::store(at)
    }

    /// Pays the commission to the pool's owner.
    pub(crate) fn do_claim_commission(who: T::AccountId, id: PoolId) -> DispatchResult {
        let mut at = Self::owned(&who, id)?;
        let amount = core::mem::take(&mut at.pool.commission_due);
        ensure!(amount > 0, Error::<T>::NothingToClaim);
        Self::store(at)?;
        Self::pay(&who, amount)?;
        Self::deposit_event(Event::CommissionClaimed {
            pool: id,
            owner: who,
            amount,
        });
        Ok(())
    }
}
