//! The owner's part of rewards: lowered at once, raised after an announcement, by a bounded step.

use crate::{
    pallet::*,
    types::{CommissionRise, Pool},
};
use frame_support::ensure;
use khala_primitives::PoolId;
use sp_runtime::{DispatchResult, Permill};

/// Most by which one rise lifts a commission: ten points.
pub const MAX_RISE: Permill = Permill::from_percent(10);

impl<AccountId> Pool<AccountId> {
    /// Puts an announced rise in force if its time has come; the new rate.
    pub(crate) fn apply_rise(&mut self, now_secs: u64) -> Option<Permill> {
        let rise = self.rise.filter(|rise| rise.due_secs <= now_secs)?;
        self.rise = None;
        self.commission = rise.commission;
        Some(rise.commission)
    }
}

impl<T: Config> Pallet<T> {
    /// Lowers the commission at once, or announces a rise. The same rate as now withdraws an announced rise.
    pub(crate) fn do_set_commission(who: T::AccountId, id: PoolId, commission: Permill) -> DispatchResult {
        let mut at = Self::owned(&who, id)?;
        let pool = &mut at.pool;
        ensure!(commission <= pool.max_commission, Error::<T>::CommissionAboveMaximum);
        if commission > pool.commission {
            let highest = Permill::from_parts(pool.commission.deconstruct().saturating_add(MAX_RISE.deconstruct()));
            ensure!(commission <= highest, Error::<T>::CommissionRiseTooLarge);
            let cool_down = khala_pallet_mining::Mining::<T>::get().cool_down_secs;
            let due_secs = Self::now()
                .saturating_add(Parameters::<T>::get().grace_secs)
                .saturating_add(cool_down);
            pool.rise = Some(CommissionRise { commission, due_secs });
            Self::deposit_event(Event::CommissionRiseAnnounced {
                pool: id,
                commission,
                due_secs,
            });
        } else {
            let withdrawn = pool.rise.take();
            ensure!(commission < pool.commission || withdrawn.is_some(), Error::<T>::CommissionUnchanged);
            if let Some(rise) = withdrawn {
                Self::deposit_event(Event::CommissionRiseCancelled {
                    pool: id,
                    commission: rise.commission,
                });
            }
            if commission < pool.commission {
                pool.commission = commission;
                Self::deposit_event(Event::CommissionChanged { pool: id, commission });
            }
        }
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
