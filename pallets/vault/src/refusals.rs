//! Why a rate of a vault stays as it is.

use crate::pallet::{Config, Error};
use khala_pallet_stake_pool::RateError;

impl<T: Config> Error<T> {
    /// Of the fee.
    pub(crate) fn of_fee(error: RateError) -> Self {
        match error {
            RateError::AboveMaximum => Self::FeeAboveMaximum,
            RateError::RiseTooLarge => Self::FeeRiseTooLarge,
            RateError::Unchanged => Self::FeeUnchanged,
        }
    }

    /// Of the highest commission of pools. Nothing is above its maximum, which is everything.
    pub(crate) fn of_limit(error: RateError) -> Self {
        match error {
            RateError::AboveMaximum | RateError::RiseTooLarge => Self::LimitRiseTooLarge,
            RateError::Unchanged => Self::LimitUnchanged,
        }
    }
}
