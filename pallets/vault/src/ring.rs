//! The service ring of vaults.

use crate::{pallet::*, types::Vault};
use khala_pallet_stake_pool::ServiceRing;
use khala_primitives::VaultId;
use sp_runtime::DispatchResult;

type VaultRing<T> = ServiceRing<Ring<T>, RingRange<T>>;

impl<T: Config> Pallet<T> {
    /// Puts a vault at the end of the ring, unless it stands in it. The caller stores the vault.
    pub(crate) fn join_ring(id: VaultId, vault: &mut Vault<T::AccountId>) -> DispatchResult {
        if !vault.in_ring {
            VaultRing::<T>::join(id).ok_or(Error::<T>::Overflow)?;
            vault.in_ring = true;
        }
        Ok(())
    }

    /// The vault that is served next.
    pub(crate) fn first_of_ring() -> Option<VaultId> {
        VaultRing::<T>::first()
    }

    /// Takes the first vault out of the ring.
    pub(crate) fn leave_ring() {
        if let Some(id) = VaultRing::<T>::leave() {
            Vaults::<T>::mutate(id, |vault| {
                if let Some(vault) = vault {
                    vault.in_ring = false;
                }
            });
        }
    }
}
