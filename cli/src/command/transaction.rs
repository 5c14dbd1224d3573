//! What is told of a transaction that succeeded.

use crate::units;
use khala_client::Receipt;
use khala_primitives::{bytes::decimal, Balance, BlockNumber, H256};
use serde::Serialize;

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
