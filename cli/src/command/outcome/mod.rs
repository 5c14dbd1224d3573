//! What a change of pools, vaults or delegations has done, as the chain's events tell it.

mod pool;
mod shares;
mod vault;

use crate::failure::Failure;
use khala_client::{At, Chain, Receipt};
use serde::Serialize;
use serde_json::Value;

/// Something that happened.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Happened {
    /// The event's name.
    pub event: String,
    /// In a sentence.
    pub text: String,
    /// Its facts: amounts and shares as decimal strings, in planck, times in seconds since 1970.
    pub facts: Value,
}

/// A sentence, and its facts.
type Told = (String, Value);

/// What a transaction did to pools, vaults and delegations.
///
/// # Errors
/// An event has another shape than this program knows, or the chain cannot be asked for a date.
pub async fn of(chain: &Chain, receipt: &Receipt) -> Result<Vec<Happened>, Failure> {
    let at = At::Hash(receipt.block.hash);
    // A runtime without vaults has no such accounts, and what was done is told all the same.
    let accounts = chain.vault_accounts().await.ok();
    let mut happened = Vec::new();
    for event in &receipt.events {
        let told = match event.pallet.as_str() {
            "StakePool" if accounts.is_some_and(|accounts| pool::is_of_vault(event, &accounts)) => None,
            "StakePool" => pool::tell(chain, event, at).await?,
            "Vault" => vault::tell(chain, event, at).await?,
            _ => None,
        };
        happened.extend(told.map(|(text, facts)| Happened {
            event: event.name.clone(),
            text,
            facts,
        }));
    }
    Ok(happened)
}

#[cfg(test)]
fn event(pallet: &str, name: &str, fields: impl codec::Encode) -> khala_client::Event {
    khala_client::Event {
        pallet: pallet.into(),
        name: name.into(),
        fields: fields.encode(),
    }
}
