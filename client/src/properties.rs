//! What a chain says of itself.

use crate::{Chain, ClientError};

/// A chain's name and the units that it is spoken of in, as its specification says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Properties {
    /// Its name.
    pub name: String,
    /// Symbol of its coin.
    pub token_symbol: Option<String>,
    /// Decimals of its coin: one coin is 10 to this power of its smallest unit.
    pub token_decimals: Option<u8>,
    /// Prefix of its addresses.
    pub ss58_prefix: Option<u16>,
}

impl Chain {
    /// What the chain says of itself. What its specification does not say is `None`.
    pub async fn properties(&self) -> Result<Properties, ClientError> {
        let name = self.request("system_chain", self.methods().system_chain()).await?;
        let said = self.request("system_properties", self.methods().system_properties()).await?;
        let number = |field: &str| said.get(field).and_then(serde_json::Value::as_u64);
        Ok(Properties {
            name,
            token_symbol: said.get("tokenSymbol").and_then(|symbol| symbol.as_str()).map(str::to_owned),
            token_decimals: number("tokenDecimals").and_then(|decimals| decimals.try_into().ok()),
            ss58_prefix: number("ss58Format").and_then(|prefix| prefix.try_into().ok()),
        })
    }
}
