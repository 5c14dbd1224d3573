//! The account of a vault: nobody has its key, it owns shares of pools, and its coins lie in their pot.

use crate::pallet::*;
use frame_support::traits::Get;
use khala_primitives::VaultId;
use sp_runtime::traits::AccountIdConversion;

impl<T: Config> Pallet<T> {
    /// The account of a vault.
    pub fn account(id: VaultId) -> T::AccountId {
        T::VaultsId::get().into_sub_account_truncating(id)
    }

    /// The vault whose account this is, whether it was created already or not.
    pub fn of_account(who: &T::AccountId) -> Option<VaultId> {
        let (pallet, id) = frame_support::PalletId::try_from_sub_account::<VaultId>(who)?;
        (pallet == T::VaultsId::get() && Self::account(id) == *who).then_some(id)
    }
}
