//! Prices of the last days, from which a pool's yield is told.

use crate::{
    pallet::*,
    types::Sample,
    value::{Settled, ONE},
};
use frame_support::{traits::ConstU32, BoundedVec};
use khala_primitives::{status::YieldStatus, PoolId};
use sp_core::U256;

/// Days of which the price is known.
pub const MAX_SAMPLES: u32 = 32;
/// Least time between two samples, in seconds.
pub const SAMPLE_SECS: u64 = 86_400;
/// Seconds of a year.
const YEAR_SECS: u64 = 365 * 86_400;

/// Samples of a pool, oldest first.
pub type Samples = BoundedVec<Sample, ConstU32<MAX_SAMPLES>>;

impl<T: Config> Pallet<T> {
    /// Keeps the price of a pool, once a day. A pool without shares has no price, and forgets those that it had.
    pub(crate) fn sample(at: &Settled<T::AccountId>) {
        if at.pool.shares == 0 {
            return PriceSamples::<T>::remove(at.id);
        }
        let now = Self::now();
        let Some(price) = at.price() else { return };
        let mut samples = PriceSamples::<T>::get(at.id);
        let due = samples
            .last()
            .is_none_or(|newest| now.saturating_sub(newest.at_secs) >= SAMPLE_SECS);
        if due {
            if samples.is_full() {
                samples.remove(0);
            }
            // There is room: one was taken out.
            let _ = samples.try_push(Sample { at_secs: now, price });
            PriceSamples::<T>::insert(at.id, samples);
        }
    }

    /// What a share of a pool has gained in the last days, and what that is in a year: over the longest time that is known and not
    /// longer than `days`. `None` where no price of an earlier time is known.
    pub fn yield_of(id: PoolId, days: u32) -> Option<YieldStatus> {
        let at = Self::current(id).filter(|at| at.pool.shares > 0)?;
        let (now, price) = (Self::now(), at.price()?);
        let from = now.saturating_sub(SAMPLE_SECS.saturating_mul(days.into()));
        let before = PriceSamples::<T>::get(id)
            .into_iter()
            .find(|sample| sample.at_secs >= from && sample.at_secs < now)?;
        let secs = now.saturating_sub(before.at_secs);
        Some(YieldStatus {
            secs,
            price,
            price_before: before.price,
            gained: price >= before.price,
            apr: a_year(price.abs_diff(before.price), before.price, secs)?,
        })
    }
}

/// `change / before` of so many seconds, in a year, 18 decimals.
fn a_year(change: u128, before: u128, secs: u64) -> Option<u128> {
    U256::from(change)
        .checked_mul(U256::from(ONE))?
        .checked_mul(U256::from(YEAR_SECS))?
        .checked_div(U256::from(before).checked_mul(U256::from(secs))?)?
        .try_into()
        .ok()
}
