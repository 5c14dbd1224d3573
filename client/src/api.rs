//! What the chain says when it is asked: the runtime API `KhalaApi`, balances, raw storage.

use crate::{Chain, ClientError};
use codec::{Decode, DecodeAll, Encode};
use khala_primitives::{
    collateral::CollateralStatus,
    status::{
        DelegationStatus, Explanation, MiningView, NetworkStatus, PoolStatus, PositionStatus, StartNeeds, WithdrawalForecast, WorkerStatus,
        YieldStatus,
    },
    AccountId32, Balance, BlockNumber, PoolId, RequestId, WorkerPublicKey, H256,
};

/// The block after which the chain is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum At {
    /// The newest block of the best chain. May be reorganised away.
    Best,
    /// The newest finalised block.
    Finalized,
    /// The block of this hash.
    Hash(H256),
}

/// An account's coins, in planck.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Decode)]
pub struct AccountBalance {
    /// Free: may be moved, but for what is frozen.
    pub free: Balance,
    /// On hold.
    pub reserved: Balance,
    /// Of the free and reserved coins, those that may not leave.
    pub frozen: Balance,
}

/// The beginning of `frame_system::AccountInfo`; flags follow.
#[derive(Decode)]
struct AccountInfo {
    _nonce: u32,
    _consumers: u32,
    _providers: u32,
    _sufficients: u32,
    balance: AccountBalance,
}

impl Chain {
    /// The chain as a whole.
    pub async fn network_status(&self, at: At) -> Result<NetworkStatus, ClientError> {
        self.call_api("network_status", (), at).await
    }

    /// Everything about one worker.
    pub async fn worker_status(&self, worker: WorkerPublicKey, at: At) -> Result<WorkerStatus, ClientError> {
        self.call_api("worker_status", worker, at).await
    }

    /// Why a worker earns or does not.
    pub async fn explain(&self, worker: WorkerPublicKey, at: At) -> Result<Explanation, ClientError> {
        self.call_api("explain", worker, at).await
    }

    /// One pool, if it exists.
    pub async fn pool_status(&self, pool: PoolId, at: At) -> Result<Option<PoolStatus>, ClientError> {
        self.call_api("pool_status", pool, at).await
    }

    /// At most `limit` pools (the chain gives at most 100) from number `first` on.
    pub async fn pools(&self, first: PoolId, limit: u32, at: At) -> Result<Vec<PoolStatus>, ClientError> {
        self.call_api("pools", (first, limit), at).await
    }

    /// What an account has in a pool.
    pub async fn delegation(&self, pool: PoolId, account: &AccountId32, at: At) -> Result<DelegationStatus, ClientError> {
        self.call_api("delegation", (pool, account), at).await
    }

    /// What an account has in all pools; the chain gives at most 1,000 positions.
    pub async fn positions(&self, account: &AccountId32, at: At) -> Result<Vec<PositionStatus>, ClientError> {
        self.call_api("positions", account, at).await
    }

    /// When so many shares of a pool would be paid if they were undelegated now; `None` if the pool does not have so many.
    pub async fn withdrawal_forecast(&self, pool: PoolId, shares: u128, at: At) -> Result<Option<WithdrawalForecast>, ClientError> {
        self.call_api("withdrawal_forecast", (pool, shares), at).await
    }

    /// When a request in the queue of a pool is paid; `None` if there is none of that number.
    pub async fn request_forecast(&self, pool: PoolId, request: RequestId, at: At) -> Result<Option<WithdrawalForecast>, ClientError> {
        self.call_api("request_forecast", (pool, request), at).await
    }

    /// What a pool's shares have gained in at most so many days; `None` while no earlier price is known.
    pub async fn pool_yield(&self, pool: PoolId, days: u32, at: At) -> Result<Option<YieldStatus>, ClientError> {
        self.call_api("pool_yield", (pool, days), at).await
    }

    /// What a worker in a pool needs to be started; `None` if it is in none, or has no score.
    pub async fn start_needs(&self, worker: WorkerPublicKey, at: At) -> Result<Option<StartNeeds>, ClientError> {
        self.call_api("start_needs", worker, at).await
    }

    /// What a relayer needs of a block: its challenge and these workers, in this order.
    pub async fn mining_view(&self, workers: &[WorkerPublicKey], at: At) -> Result<MiningView, ClientError> {
        self.call_api("mining_view", workers, at).await
    }

    /// Workers that missed a challenge and may be reported, with the challenge's block; at most `limit` (1000).
    pub async fn overdue(&self, limit: u32, at: At) -> Result<Vec<(WorkerPublicKey, BlockNumber)>, ClientError> {
        self.call_api("overdue", limit, at).await
    }

    /// The collateral that the chain keeps.
    pub async fn collateral(&self, at: At) -> Result<CollateralStatus, ClientError> {
        self.call_api("collateral", (), at).await
    }

    /// An account's coins; zero when it does not exist.
    pub async fn balance(&self, account: &AccountId32, at: At) -> Result<AccountBalance, ClientError> {
        let Some(bytes) = self.storage(&account_key(account), at).await? else {
            return Ok(AccountBalance::default());
        };
        let info = AccountInfo::decode(&mut bytes.as_slice()).map_err(|error| ClientError::decode("System.Account", error))?;
        Ok(info.balance)
    }

    /// The raw value under a raw storage key.
    pub async fn storage(&self, key: &[u8], at: At) -> Result<Option<Vec<u8>>, ClientError> {
        let hash = self.resolve(at).await?;
        self.request("state_getStorage", self.methods().state_get_storage(key, hash)).await
    }

    /// Calls a method of `KhalaApi` with SCALE arguments and reads its whole answer.
    pub(crate) async fn call_api<T: Decode>(&self, method: &str, arguments: impl Encode, at: At) -> Result<T, ClientError> {
        let function = format!("KhalaApi_{method}");
        let arguments = arguments.encode();
        let hash = self.resolve(at).await?;
        let answer = self
            .request(&function, self.methods().state_call(&function, Some(&arguments), hash))
            .await?;
        T::decode_all(&mut answer.as_slice()).map_err(|error| ClientError::decode(function, error))
    }

    /// `None` is the best block, as in the node's RPC.
    pub(crate) async fn resolve(&self, at: At) -> Result<Option<H256>, ClientError> {
        match at {
            At::Best => Ok(None),
            At::Finalized => self.finalized_hash().await.map(Some),
            At::Hash(hash) => Ok(Some(hash)),
        }
    }
}

/// `twox128("System") ++ twox128("Account") ++ blake2_128(account) ++ account`.
fn account_key(account: &AccountId32) -> Vec<u8> {
    let account: &[u8] = account.as_ref();
    let mut key = sp_crypto_hashing::twox_128(b"System").to_vec();
    key.extend_from_slice(&sp_crypto_hashing::twox_128(b"Account"));
    key.extend_from_slice(&sp_crypto_hashing::blake2_128(account));
    key.extend_from_slice(account);
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_an_account_is_the_well_known_one() {
        let alice = crate::Account::from_uri("//Alice").unwrap();
        let expected = "26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9\
                        de1e86a9a8c739864cf3cc5ec2bea59f\
                        d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d";
        assert_eq!(hex::encode(account_key(alice.id())), expected);
    }

    #[test]
    fn the_balance_stands_behind_four_counters() {
        let bytes = (1u32, 2u32, 3u32, 4u32, (10u128, 20u128, 30u128, 1u128 << 127)).encode();
        let balance = AccountInfo::decode(&mut bytes.as_slice()).unwrap().balance;
        assert_eq!(
            balance,
            AccountBalance {
                free: 10,
                reserved: 20,
                frozen: 30
            }
        );
    }
}
