//! What an owner says of its pool: its cap, who may delegate, and what it is about.

use crate::{
    pallet::*,
    types::{Description, Links, Profile},
};
use frame_support::ensure;
use khala_primitives::{Balance, PoolId};
use sp_runtime::DispatchResult;

/// Most delegators on an allow-list.
pub const MAX_ALLOWED: u32 = 1_000;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_set_cap(who: T::AccountId, id: PoolId, cap: Option<Balance>) -> DispatchResult {
        let mut pool = Self::pool(id)?;
        ensure!(pool.owner == who, Error::<T>::NotOwner);
        pool.cap = cap;
        Pools::<T>::insert(id, pool);
        Self::deposit_event(Event::CapChanged { pool: id, cap });
        Ok(())
    }

    /// Puts a delegator on the allow-list, or takes it off.
    pub(crate) fn do_allow(who: T::AccountId, id: PoolId, delegator: T::AccountId, allowed: bool) -> DispatchResult {
        let mut pool = Self::pool(id)?;
        ensure!(pool.owner == who, Error::<T>::NotOwner);
        ensure!(Allowed::<T>::contains_key(id, &delegator) != allowed, Error::<T>::NothingToChange);
        if allowed {
            ensure!(pool.allowed < MAX_ALLOWED, Error::<T>::TooManyAllowed);
            pool.allowed = pool.allowed.saturating_add(1);
            Allowed::<T>::insert(id, &delegator, ());
        } else {
            pool.allowed = pool.allowed.saturating_sub(1);
            Allowed::<T>::remove(id, &delegator);
        }
        Pools::<T>::insert(id, pool);
        Self::deposit_event(Event::AllowListChanged {
            pool: id,
            delegator,
            allowed,
        });
        Ok(())
    }

    pub(crate) fn do_set_profile(who: T::AccountId, id: PoolId, description: Description, links: Links) -> DispatchResult {
        ensure!(Self::pool(id)?.owner == who, Error::<T>::NotOwner);
        let is_text = |bytes: &[u8]| core::str::from_utf8(bytes).is_ok();
        ensure!(is_text(&description) && links.iter().all(|link| is_text(link)), Error::<T>::NotText);
        let profile = Profile { description, links };
        if profile == Profile::default() {
            Profiles::<T>::remove(id);
        } else {
            Profiles::<T>::insert(id, profile.clone());
        }
        Self::deposit_event(Event::ProfileChanged { pool: id, profile });
        Ok(())
    }
}
