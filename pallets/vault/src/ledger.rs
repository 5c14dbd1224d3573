//! Vaults: creation, storing, terms.

use crate::{
    pallet::*,
    types::{Place, Vault},
};
use frame_support::{
    ensure,
    traits::{fungible::MutateHold, Get},
};
use khala_pallet_stake_pool::{value::ONE, Holdings as PoolHoldings, Pallet as Pools, Queue, Rate, RateChange};
use khala_primitives::{Balance, PoolId, VaultId};
use sp_runtime::{DispatchError, DispatchResult, Permill};

impl<T: Config> Pallet<T> {
    /// A vault, or the error that there is none.
    pub(crate) fn vault(id: VaultId) -> Result<Vault<T::AccountId>, DispatchError> {
        Ok(Vaults::<T>::get(id).ok_or(Error::<T>::VaultNotFound)?)
    }

    /// Stores a vault. It joins the service ring if free coins may pay somebody who waits.
    pub(crate) fn store(id: VaultId, mut vault: Vault<T::AccountId>) -> DispatchResult {
        if vault.free > 0 && !vault.queue.is_empty() {
            Self::join_ring(id, &mut vault)?;
        }
        Self::put(id, vault)
    }

    /// Stores a vault, and leaves the ring as it is.
    pub(crate) fn put(id: VaultId, mut vault: Vault<T::AccountId>) -> DispatchResult {
        if vault.shares == 0 {
            vault.mark = ONE;
            Self::give_rest(id, &mut vault)?;
        }
        Vaults::<T>::insert(id, vault);
        Ok(())
    }

    /// Without shares free coins are the owner's, but for those who still wait for shares of pools that are theirs.
    fn give_rest(id: VaultId, vault: &mut Vault<T::AccountId>) -> DispatchResult {
        if vault.free == 0 || !vault.queue.is_empty() {
            return Ok(());
        }
        let amount = core::mem::take(&mut vault.free);
        Pools::<T>::pay(&vault.owner, amount)?;
        Self::deposit_event(Event::RestTaken { vault: id, amount });
        Ok(())
    }

    /// Notes that a vault has shares in a pool.
    pub(crate) fn enter(vault: &mut Vault<T::AccountId>, pool: PoolId) -> DispatchResult {
        if vault.places.iter().any(|place| place.pool == pool) {
            return Ok(());
        }
        vault
            .places
            .try_push(Place { pool, claimed: 0 })
            .map_err(|_| Error::<T>::TooManyPools.into())
    }

    /// Forgets a pool in which a vault has nothing any more, and of which it waits for no news: several payments of a pool are told one
    /// after the other.
    pub(crate) fn tidy(id: VaultId, vault: &mut Vault<T::AccountId>, pool: PoolId) {
        if !PoolHoldings::<T>::contains_key(Self::account(id), pool) {
            vault.places.retain(|place| place.pool != pool || place.claimed > 0);
        }
    }

    /// The place of a pool in a vault.
    pub(crate) fn place(vault: &mut Vault<T::AccountId>, pool: PoolId) -> Result<&mut Place, DispatchError> {
        let place = vault.places.iter_mut().find(|place| place.pool == pool);
        Ok(place.ok_or(Error::<T>::PoolNotUsed)?)
    }

    pub(crate) fn do_create_vault(
        owner: T::AccountId,
        fee: Permill,
        max_fee: Permill,
        commission_limit: Permill,
        cap: Option<Balance>,
    ) -> DispatchResult {
        let fee = Rate::new(fee, max_fee).map_err(Error::<T>::of_fee)?;
        let limit = Rate::new(commission_limit, Permill::one()).map_err(Error::<T>::of_limit)?;
        T::PoolCurrency::hold(&HoldReason::VaultDeposit.into(), &owner, T::VaultDeposit::get())
            .map_err(|_| Error::<T>::CannotPayDeposit)?;
        let id = NextVaultId::<T>::get();
        NextVaultId::<T>::put(id.checked_add(1).ok_or(Error::<T>::Overflow)?);
        let vault = Vault {
            owner: owner.clone(),
            fee,
            commission_limit: limit,
            cap,
            free: 0,
            shares: 0,
            fee_shares: 0,
            mark: ONE,
            queue: Queue::default(),
            places: Default::default(),
            in_ring: false,
        };
        Vaults::<T>::insert(id, vault);
        Self::deposit_event(Event::VaultCreated {
            vault: id,
            owner,
            fee: fee.now,
            max_fee,
            commission_limit,
            cap,
        });
        Ok(())
    }

    pub(crate) fn do_set_cap(who: T::AccountId, id: VaultId, cap: Option<Balance>) -> DispatchResult {
        let mut vault = Self::vault(id)?;
        ensure!(vault.owner == who, Error::<T>::NotOwner);
        vault.cap = cap;
        Vaults::<T>::insert(id, vault);
        Self::deposit_event(Event::CapChanged { vault: id, cap });
        Ok(())
    }

    /// Lowers the highest commission of pools that the vault uses at once, or announces that it will use dearer ones.
    pub(crate) fn do_set_commission_limit(who: T::AccountId, id: VaultId, limit: Permill) -> DispatchResult {
        let mut vault = Self::vault(id)?;
        ensure!(vault.owner == who, Error::<T>::NotOwner);
        if let Some(limit) = vault.commission_limit.apply(Pools::<T>::now()) {
            Self::deposit_event(Event::CommissionLimitChanged { vault: id, limit });
        }
        let change = vault.commission_limit.set(limit, Pools::<T>::rise_due());
        match change.map_err(Error::<T>::of_limit)? {
            RateChange::Announced(rise) => Self::deposit_event(Event::CommissionLimitRiseAnnounced {
                vault: id,
                limit,
                due_secs: rise.due_secs,
            }),
            RateChange::Lowered { to, withdrawn } => {
                if let Some(limit) = withdrawn {
                    Self::deposit_event(Event::CommissionLimitRiseCancelled { vault: id, limit });
                }
                if let Some(limit) = to {
                    Self::deposit_event(Event::CommissionLimitChanged { vault: id, limit });
                    // Pools that are too dear now are left.
                    Self::join_ring(id, &mut vault)?;
                }
            }
        }
        Vaults::<T>::insert(id, vault);
        Ok(())
    }
}
