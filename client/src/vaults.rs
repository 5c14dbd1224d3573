//! Vaults: what the runtime API says of them, and what the chain keeps about them beyond that.

use crate::{
    storage::{prefix, twox_64_concat},
    At, Chain, ClientError,
};
use codec::Encode;
use khala_primitives::{
    status::{VaultForecast, VaultPositionStatus, VaultStatus},
    AccountId32, Balance, PoolId, RequestId, VaultId,
};

/// What the account of a pallet begins with.
const PALLET_ACCOUNT: [u8; 4] = *b"modl";

/// The accounts of vaults: they hold shares of pools, and nobody has their keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct VaultAccounts {
    id: [u8; 8],
}

impl VaultAccounts {
    /// Accounts that are named like this.
    pub fn named(id: [u8; 8]) -> Self {
        Self { id }
    }

    /// The vault whose account this is, whether it was created already or not.
    pub fn vault_of(&self, account: &AccountId32) -> Option<VaultId> {
        let bytes: &[u8; 32] = account.as_ref();
        let number = bytes.get(12..16)?.try_into().ok().map(VaultId::from_le_bytes)?;
        (self.account_of(number) == *account).then_some(number)
    }

    /// The account of a vault.
    pub fn account_of(&self, vault: VaultId) -> AccountId32 {
        let named = (PALLET_ACCOUNT, self.id, vault).encode();
        let mut bytes = [0; 32];
        bytes.iter_mut().zip(named).for_each(|(byte, named)| *byte = named);
        AccountId32::new(bytes)
    }
}

impl Chain {
    /// One vault, if it exists.
    pub async fn vault_status(&self, vault: VaultId, at: At) -> Result<Option<VaultStatus>, ClientError> {
        self.call_api("vault_status", vault, at).await
    }

    /// At most `limit` vaults (the chain gives at most 100) from number `first` on.
    pub async fn vaults(&self, first: VaultId, limit: u32, at: At) -> Result<Vec<VaultStatus>, ClientError> {
        self.call_api("vaults", (first, limit), at).await
    }

    /// What an account has in all vaults; the chain gives at most 1,000 positions.
    pub async fn vault_positions(&self, account: &AccountId32, at: At) -> Result<Vec<VaultPositionStatus>, ClientError> {
        self.call_api("vault_positions", account, at).await
    }

    /// When so many shares of a vault would be paid if they were undelegated now, and by which pools; `None` if it does not have so many.
    pub async fn vault_withdrawal_forecast(&self, vault: VaultId, shares: u128, at: At) -> Result<Option<VaultForecast>, ClientError> {
        self.call_api("vault_withdrawal_forecast", (vault, shares), at).await
    }

    /// When a request in the queue of a vault is paid, and by which pools; `None` if there is none of that number.
    pub async fn vault_request_forecast(&self, vault: VaultId, request: RequestId, at: At) -> Result<Option<VaultForecast>, ClientError> {
        self.call_api("vault_request_forecast", (vault, request), at).await
    }

    /// What is held from the owner of a vault, in planck.
    pub async fn vault_deposit(&self) -> Result<Balance, ClientError> {
        self.constant("Vault", "VaultDeposit").await
    }

    /// How accounts of vaults are known.
    pub async fn vault_accounts(&self) -> Result<VaultAccounts, ClientError> {
        Ok(VaultAccounts::named(self.constant("Vault", "VaultsId").await?))
    }

    /// Numbers of the requests in the queue of a vault, in the order in which free coins pay them; at most `most` are looked at.
    pub async fn vault_queue(&self, vault: VaultId, most: usize, at: At) -> Result<Vec<RequestId>, ClientError> {
        self.requests_below("Vault", vault, most, at).await
    }

    /// Does somebody who leaves a vault wait for this request of the vault in the queue of a pool?
    pub async fn is_backed(&self, pool: PoolId, request: RequestId, at: At) -> Result<bool, ClientError> {
        let key = [prefix("Vault", "Backed"), twox_64_concat(pool), twox_64_concat(request)].concat();
        Ok(self.storage(&key, at).await?.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_of_a_vault_is_told_from_all_others() {
        let accounts = VaultAccounts::named(*b"kh/vault");
        let account = accounts.account_of(258);
        let bytes: &[u8; 32] = account.as_ref();
        assert_eq!(bytes[..16], *b"modlkh/vault\x02\x01\0\0");
        assert_eq!(accounts.vault_of(&account), Some(258));

        let other_pallet = VaultAccounts::named(*b"kh/pools");
        assert_eq!(other_pallet.vault_of(&account), None);
        let mut longer = *bytes;
        longer[31] = 1;
        assert_eq!(accounts.vault_of(&AccountId32::new(longer)), None);
    }
}
