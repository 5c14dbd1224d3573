//! What is told of a transaction before it is signed, and after it succeeded.

use super::consent::Consent;
use crate::{
    failure::Failure,
    output::{self, Output},
    units,
};
use khala_client::{Account, Call, Chain, Receipt, Wait};
use khala_primitives::{bytes::decimal, AccountId32, Balance, BlockNumber, H256};
use serde::Serialize;
use serde_json::{Map, Value};

/// Longest argument that is shown whole, in characters: keys, hashes and signatures are.
const MAX_SHOWN: usize = 130;

/// A call that is about to be signed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Planned {
    /// Pallet and call.
    pub call: String,
    /// Its arguments, as the chain's runtime reads them: amounts in planck.
    pub arguments: Map<String, Value>,
    /// Who signs it and pays.
    pub account: AccountId32,
    /// The fee as of now, in planck.
    #[serde(with = "decimal")]
    pub fee: Balance,
}

impl Planned {
    /// Asks the chain how it reads the call, and what it would cost.
    pub async fn new(chain: &Chain, account: &Account, call: &Call) -> Result<Self, Failure> {
        let decoded = call.decode(&*chain.metadata().await?)?;
        Ok(Self {
            call: decoded.name,
            arguments: decoded.arguments.into_iter().map(|(name, value)| (name, value.into())).collect(),
            account: account.id().clone(),
            fee: chain.fee(account, call).await?,
        })
    }

    /// As lines.
    pub fn lines(&self) -> Vec<String> {
        let width = self.arguments.keys().map(String::len).max().unwrap_or_default();
        let arguments = self.arguments.iter().map(|(name, value)| {
            let value = value.as_str().map_or_else(|| value.to_string(), shortened);
            format!("           {name:<width$}  {value}")
        });
        let mut lines = vec![format!("call     {}", self.call)];
        lines.extend(arguments);
        lines.push(format!("account  {}", units::address(&self.account)));
        lines.push(format!("fee      {} PHA", units::pha(self.fee, 6)));
        lines
    }
}

/// The beginning of a long text, such as evidence, and how long it is.
fn shortened(text: &str) -> String {
    let length = text.chars().count();
    match length > MAX_SHOWN {
        true => format!("{}… ({length} characters)", text.chars().take(MAX_SHOWN).collect::<String>()),
        false => text.to_owned(),
    }
}

/// Shows a call, asks, signs it, and follows it until its block is final; none when it was only to be shown.
pub async fn submit(consent: &Consent, chain: &Chain, account: &Account, call: &Call) -> Result<Option<Receipt>, Failure> {
    let planned = Planned::new(chain, account, call).await?;
    if consent.ask(&planned.lines())? {
        return Ok(Some(chain.submit(account, call, Wait::Finalized).await?));
    }
    match consent.output() {
        Output::Json => output::print_json(&planned)?,
        Output::Table => output::print_lines([NOTHING_SENT])?,
    }
    Ok(None)
}

/// What is said when something was only to be shown.
pub const NOTHING_SENT: &str = "Nothing was sent.";

/// A transaction in a block.
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
    fn a_call_is_shown_with_its_arguments_who_signs_and_what_it_costs() {
        let planned = Planned {
            call: "StakePool.delegate".into(),
            arguments: [("pool", "3"), ("min_shares", "5")]
                .map(|(name, value)| (name.to_owned(), value.into()))
                .into_iter()
                .collect(),
            account: AccountId32::new([1; 32]),
            fee: 1_250_000_000,
        };
        let lines = planned.lines();
        assert_eq!(lines[0], "call     StakePool.delegate");
        assert_eq!(lines[1..3], ["           pool        3", "           min_shares  5"]);
        assert!(lines[3].starts_with("account  "), "{lines:?}");
        assert_eq!(lines[4], "fee      0.001250 PHA");
    }

    #[test]
    fn a_long_argument_is_shortened_and_a_signature_is_not() {
        for (length, whole) in [(129, true), (130, true), (131, false)] {
            let text = "ä".repeat(length);
            let shown = shortened(&text);
            assert_eq!(shown == text, whole, "{length}");
            assert!(whole || shown.ends_with("… (131 characters)"), "{shown}");
        }
    }

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
