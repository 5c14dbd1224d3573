//! What is told of a transaction before it is signed, and after it succeeded.

use crate::{failure::Failure, units};
use khala_client::{Account, Call, Chain, Receipt};
use khala_primitives::{bytes::decimal, AccountId32, Balance, BlockNumber, WorkerPublicKey, H256};
use serde::Serialize;

/// A call about a worker that is about to be signed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Planned {
    /// Pallet and call.
    pub call: String,
    /// Its argument.
    pub worker: WorkerPublicKey,
    /// Who signs it and pays.
    pub account: AccountId32,
    /// The fee as of now, in planck.
    #[serde(with = "decimal")]
    pub fee: Balance,
}

impl Planned {
    /// Asks the chain what the call would cost.
    pub async fn new(chain: &Chain, account: &Account, worker: WorkerPublicKey, call: &Call) -> Result<Self, Failure> {
        Ok(Self {
            call: call.to_string(),
            worker,
            account: account.id().clone(),
            fee: chain.fee(account, call).await?,
        })
    }

    /// As lines.
    pub fn lines(&self) -> Vec<String> {
        vec![
            format!("call     {}", self.call),
            format!("worker   {}", self.worker),
            format!("account  {}", units::address(&self.account)),
            format!("fee      {} PHA", units::pha(self.fee, 6)),
        ]
    }
}

/// A transaction in a final block.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sent {
    /// The block's number.
    pub block: BlockNumber,
    /// The block's hash.
    pub block_hash: H256,
    /// The transaction's hash.
    pub transaction: H256,
    /// The fee, in planck; 0 when it came back.
    #[serde(with = "decimal")]
    pub fee: Balance,
}

impl From<&Receipt> for Sent {
    fn from(receipt: &Receipt) -> Self {
        Self {
            block: receipt.block.number,
            block_hash: receipt.block.hash,
            transaction: receipt.transaction,
            fee: receipt.fee.unwrap_or_default(),
        }
    }
}

/// `in block 7, without a fee`.
impl std::fmt::Display for Sent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "in block {}, ", self.block)?;
        match self.fee {
            0 => f.write_str("without a fee"),
            fee => write!(f, "for a fee of {} PHA", units::pha(fee, 6)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use khala_client::Block;

    #[test]
    fn the_fee_is_told_or_that_there_was_none() {
        let hash = H256::zero();
        let block = Block {
            number: 7,
            hash,
            parent: hash,
        };
        let receipt = |fee| Receipt {
            transaction: hash,
            block,
            index: 1,
            events: vec![],
            fee,
        };
        for (fee, text) in [
            (None, "in block 7, without a fee"),
            (Some(0), "in block 7, without a fee"),
            (Some(1_250_000_000), "in block 7, for a fee of 0.001250 PHA"),
        ] {
            assert_eq!(Sent::from(&receipt(fee)).to_string(), text);
        }
    }
}
