//! How what an account has in a pool is stored.

use crate::{pallet::*, types::Holding};
use khala_primitives::PoolId;

impl<T: Config> Pallet<T> {
    /// Stores a holding, or nothing if nothing is left of it.
    pub(crate) fn put_holding(who: &T::AccountId, id: PoolId, holding: Holding) {
        if holding.is_empty() {
            Holdings::<T>::remove(who, id);
        } else {
            Holdings::<T>::insert(who, id, holding);
        }
    }
}
