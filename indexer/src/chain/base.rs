//! Vaults as they are stored: the chain says what a vault would be if its fee were taken now, and stores what it was when it was.

use codec::Decode;
use khala_client::{entry_key, Chain, ClientError};
use khala_primitives::{AccountId32, Balance, VaultId, H256};
use std::collections::BTreeSet;

/// A vault when its fee was last taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct VaultBase {
    /// The vault.
    pub vault: VaultId,
    /// Shares of all delegators, and those of the fee.
    pub shares: u128,
    /// Those of the fee that were not claimed.
    pub fee_shares: u128,
    /// The high-water mark, 18 decimals.
    pub mark: u128,
}

/// A fee or a limit: in force, its maximum, and an announced rise.
type Rate = (u32, u32, Option<(u32, u64)>);
/// The beginning of a stored vault: owner, fee, limit, cap, free coins, shares, shares of the fee, mark.
type Stored = (AccountId32, Rate, Rate, Option<Balance>, Balance, u128, u128, u128);

/// Reads vaults; those that are not there are left out.
pub(super) async fn read(chain: &Chain, block: H256, vaults: &BTreeSet<VaultId>) -> Result<Vec<VaultBase>, ClientError> {
    if vaults.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<Vec<u8>> = vaults.iter().map(|vault| entry_key("Vault", "Vaults", vault)).collect();
    let values = chain.values(&keys, block).await?.into_iter();
    let found = vaults.iter().zip(values).filter_map(|(vault, value)| Some((*vault, value?)));
    found.map(|(vault, value)| parse(vault, &value)).collect()
}

fn parse(vault: VaultId, mut bytes: &[u8]) -> Result<VaultBase, ClientError> {
    let (.., shares, fee_shares, mark) = Stored::decode(&mut bytes).map_err(|_| ClientError::Decode {
        what: format!("vault {vault}"),
        reason: "it is not stored as this indexer knows it".into(),
    })?;
    Ok(VaultBase {
        vault,
        shares,
        fee_shares,
        mark,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::Encode;
    use khala_pallet_stake_pool::{CommissionRise, Queue, Rate};
    use khala_pallet_vault::Vault;
    use sp_runtime::Permill;

    #[test]
    fn a_vault_is_read_as_the_chain_stores_it() {
        let rate = |rise| Rate {
            now: Permill::from_percent(1),
            maximum: Permill::from_percent(2),
            rise,
        };
        let rise = CommissionRise {
            commission: Permill::from_percent(3),
            due_secs: 4,
        };
        let stored = Vault {
            owner: AccountId32::new([1; 32]),
            fee: rate(Some(rise)),
            commission_limit: rate(None),
            cap: Some(5),
            free: 6,
            shares: 7,
            fee_shares: 8,
            mark: 9,
            queue: Queue::default(),
            places: Default::default(),
            in_ring: false,
        };
        let expected = VaultBase {
            vault: 3,
            shares: 7,
            fee_shares: 8,
            mark: 9,
        };
        assert_eq!(parse(3, &stored.encode()).unwrap(), expected);
        let error = parse(3, &stored.encode()[..60]).unwrap_err().to_string();
        assert!(error.contains("vault 3"), "{error}");
    }
}
