//! What the chain keeps about pools and their delegators beyond what the runtime API tells.

use crate::{
    calls::proxy::ProxyType,
    storage::{blake2_128_concat, prefix, twox_64_concat},
    At, Chain, ClientError,
};
use codec::{Decode, DecodeAll};
use khala_primitives::{AccountId32, Balance, PoolId, RequestId};

/// Times of the pools, in seconds of the chain's clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PoolTimes {
    /// Time in which a pool pays a request with what comes in, before it takes stakes back for it.
    pub grace_secs: u64,
    /// Time between a stop or a reduction and the return of the stake.
    pub cool_down_secs: u64,
}

/// An account that may act in another's name.
#[derive(Clone, PartialEq, Eq, Debug, Decode)]
pub struct Proxy {
    /// The account.
    pub delegate: AccountId32,
    /// What it may do.
    pub proxy_type: ProxyType,
    /// Blocks between its announcement of a call and the call.
    pub delay: u32,
}

/// Whose shares wait in the queue of a pool.
#[derive(Clone, PartialEq, Eq, Debug, Decode)]
pub struct PoolRequest {
    /// Who is paid.
    pub who: AccountId32,
    /// Shares that are left.
    pub shares: u128,
}

impl Chain {
    /// Times of the pools.
    pub async fn pool_times(&self, at: At) -> Result<PoolTimes, ClientError> {
        let [grace] = self.numbers("StakePool", "Parameters", ["grace_secs"], at).await?;
        let [cool_down] = self.numbers("Mining", "Mining", ["cool_down_secs"], at).await?;
        let secs = |number| u64::try_from(number).map_err(|_| ClientError::decode("the times of the pools", "a time is above 2^64"));
        Ok(PoolTimes {
            grace_secs: secs(grace)?,
            cool_down_secs: secs(cool_down)?,
        })
    }

    /// What is held from the owner of a pool, in planck.
    pub async fn pool_deposit(&self) -> Result<Balance, ClientError> {
        self.constant("StakePool", "PoolDeposit").await
    }

    /// The balance that keeps an account alive, in planck.
    pub async fn existential_deposit(&self) -> Result<Balance, ClientError> {
        self.constant("Balances", "ExistentialDeposit").await
    }

    /// Is an account on the allow-list of a pool?
    pub async fn is_allowed(&self, pool: PoolId, account: &AccountId32, at: At) -> Result<bool, ClientError> {
        let key = [prefix("StakePool", "Allowed"), twox_64_concat(pool), blake2_128_concat(account)].concat();
        Ok(self.storage(&key, at).await?.is_some())
    }

    /// Payments to an account that could not be made, in planck.
    pub async fn unclaimed(&self, account: &AccountId32, at: At) -> Result<Balance, ClientError> {
        let key = [prefix("StakePool", "Unclaimed"), blake2_128_concat(account)].concat();
        let Some(bytes) = self.storage(&key, at).await? else { return Ok(0) };
        Balance::decode_all(&mut bytes.as_slice()).map_err(|error| ClientError::decode("StakePool.Unclaimed", error))
    }

    /// Numbers of the requests in the queue of a pool, in the order in which they are paid; at most `most` are looked at.
    pub async fn queue(&self, pool: PoolId, most: usize, at: At) -> Result<Vec<RequestId>, ClientError> {
        self.requests_below("StakePool", pool, most, at).await
    }

    /// A request in the queue of a pool; `None` if there is none of that number.
    pub async fn pool_request(&self, pool: PoolId, request: RequestId, at: At) -> Result<Option<PoolRequest>, ClientError> {
        let stored = self.storage(&request_key(pool, request), at).await?;
        stored.map(|bytes| pool_request_in(&bytes)).transpose()
    }

    /// Numbers of the requests in one queue of a pallet, oldest first.
    pub(crate) async fn requests_below(&self, pallet: &str, queue: u32, most: usize, at: At) -> Result<Vec<RequestId>, ClientError> {
        let below = [prefix(pallet, "Requests"), twox_64_concat(queue)].concat();
        let keys = self.keys_below(&below, most, at).await?;
        let mut requests: Vec<_> = keys.iter().filter_map(|key| request_in(key)).collect();
        // New ones stand behind, with the next number.
        requests.sort_unstable();
        Ok(requests)
    }

    /// Those who may act in an account's name.
    pub async fn proxies(&self, account: &AccountId32, at: At) -> Result<Vec<Proxy>, ClientError> {
        let key = [prefix("Proxy", "Proxies"), twox_64_concat(account)].concat();
        let Some(bytes) = self.storage(&key, at).await? else {
            return Ok(Vec::new());
        };
        let decoded = <(Vec<Proxy>, Balance)>::decode_all(&mut bytes.as_slice());
        let (proxies, _deposit) = decoded.map_err(|error| ClientError::decode("Proxy.Proxies", error))?;
        Ok(proxies)
    }
}

fn request_key(pool: PoolId, request: RequestId) -> Vec<u8> {
    [prefix("StakePool", "Requests"), twox_64_concat(pool), twox_64_concat(request)].concat()
}

/// The beginning of a stored request; its deadline and its neighbours follow.
fn pool_request_in(mut bytes: &[u8]) -> Result<PoolRequest, ClientError> {
    PoolRequest::decode(&mut bytes).map_err(|error| ClientError::decode("StakePool.Requests", error))
}

/// The request's number at the end of its key.
fn request_in(key: &[u8]) -> Option<RequestId> {
    let (_, number) = key.split_last_chunk::<8>()?;
    Some(RequestId::from_le_bytes(*number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::Encode;

    #[test]
    fn a_request_is_read_from_the_end_of_its_key() {
        let key = request_key(7, 300);
        assert_eq!(request_in(&key), Some(300));
        assert_eq!(request_in(&key[..7]), None);
    }

    #[test]
    fn a_request_is_read_from_the_beginning_of_its_value() {
        let who = AccountId32::new([1; 32]);
        let bytes = (&who, 5u128, 1_735_689_600u64, false, None::<RequestId>, Some(8u64)).encode();
        assert_eq!(pool_request_in(&bytes).unwrap(), PoolRequest { who, shares: 5 });
        assert!(pool_request_in(&bytes[..40]).is_err());
    }

    #[test]
    fn a_proxy_is_read_with_its_type() {
        let delegate = AccountId32::new([1; 32]);
        let bytes = (&delegate, 3u8, 0u32).encode();
        let proxy = Proxy::decode_all(&mut bytes.as_slice()).unwrap();
        assert_eq!(
            proxy,
            Proxy {
                delegate,
                proxy_type: ProxyType::StakePool,
                delay: 0
            }
        );
    }
}
