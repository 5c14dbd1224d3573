//! Reading many old blocks: hashes by the list, several values in one request, events and calls without another one.

use crate::{events, Chain, ClientError, DispatchFailure, Event};
use codec::Decode;
use khala_primitives::{BlockNumber, H256};
use std::sync::Arc;
use subxt::{
    client::{OfflineClient, OfflineClientAtBlock},
    config::substrate::SpecVersionForRange,
    events::Phase,
    metadata::ArcMetadata,
    rpcs::client::rpc_params,
    Metadata, SubstrateConfig,
};

/// An event with the index of its transaction, when it belongs to one.
pub type BlockEvent = (Option<u32>, Event);

/// A call that was in a block.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Called {
    /// Hash of the transaction.
    pub hash: H256,
    /// The called pallet.
    pub pallet: String,
    /// The call's name.
    pub call: String,
}

/// What a runtime's blocks are made of: reads its events and transactions. Clones share it.
#[derive(Clone)]
pub struct Runtime {
    client: Arc<OfflineClientAtBlock<SubstrateConfig>>,
}

impl Runtime {
    /// Of a runtime's metadata in SCALE, as the runtime gives it.
    pub fn from_metadata(mut bytes: &[u8]) -> Result<Self, ClientError> {
        let metadata = Metadata::decode(&mut bytes).map_err(|error| ClientError::decode("the runtime's metadata", error))?;
        Self::new(metadata.arc())
    }

    fn new(metadata: ArcMetadata) -> Result<Self, ClientError> {
        let version = SpecVersionForRange {
            block_range: 0..1,
            spec_version: 0,
            transaction_version: 0,
        };
        let config = SubstrateConfig::builder()
            .set_metadata_for_spec_versions([(0, metadata)])
            .set_spec_version_for_block_ranges([version])
            .build();
        let client = OfflineClient::new_with_config(config).at_block(0u32);
        let client = client.map_err(|error| ClientError::decode("the runtime's metadata", error))?;
        Ok(Self { client: Arc::new(client) })
    }

    /// Reads the value of `System.Events`.
    pub fn events(&self, bytes: Vec<u8>) -> Result<Vec<BlockEvent>, ClientError> {
        let unreadable = |error| ClientError::decode("System.Events", error);
        let events = self.client.events().from_bytes(bytes);
        let mut read = Vec::new();
        for event in events.iter() {
            let event = event.map_err(unreadable)?;
            let index = match event.phase() {
                Phase::ApplyExtrinsic(index) => Some(index),
                Phase::Initialization | Phase::Finalization => None,
            };
            let event = Event {
                pallet: event.pallet_name().into(),
                name: event.event_name().into(),
                fields: event.field_bytes().to_vec(),
            };
            read.push((index, event));
        }
        Ok(read)
    }

    /// What a transaction of a block calls.
    pub async fn called(&self, transaction: Vec<u8>) -> Result<Called, ClientError> {
        let read = self.client.extrinsics().from_bytes(vec![transaction]).await;
        let first = read.iter().next();
        let first = first.ok_or_else(|| ClientError::decode("a transaction", "there is none"))?;
        let transaction = first.map_err(|error| ClientError::decode("a transaction", error))?;
        Ok(Called {
            hash: transaction.hash(),
            pallet: transaction.pallet_name().into(),
            call: transaction.call_name().into(),
        })
    }

    /// Why a call failed, by the events of its transaction; `None` when it did not.
    pub fn failure(&self, events: &[Event]) -> Option<DispatchFailure> {
        events::failure(events, self.client.metadata_ref())
    }
}

impl Chain {
    /// The hashes of the best chain's blocks of these numbers, in one request; `None` where there is no such block.
    pub async fn block_hashes(&self, numbers: &[BlockNumber]) -> Result<Vec<Option<H256>>, ClientError> {
        let method = "chain_getBlockHash";
        let answer = self.rpc().request::<Vec<Option<H256>>>(method, rpc_params![numbers]);
        let hashes = self.request(method, answer).await?;
        if hashes.len() != numbers.len() {
            return Err(ClientError::decode(
                method,
                format!("{} hashes for {} blocks", hashes.len(), numbers.len()),
            ));
        }
        Ok(hashes)
    }

    /// The raw values under raw storage keys after a block, in one request; `None` where nothing is stored.
    pub async fn values(&self, keys: &[Vec<u8>], block: H256) -> Result<Vec<Option<Vec<u8>>>, ClientError> {
        let method = "state_queryStorageAt";
        let asked = keys.iter().map(Vec::as_slice);
        let sets = self
            .request(method, self.methods().state_query_storage_at(asked, Some(block)))
            .await?;
        let mut values = vec![None; keys.len()];
        for (key, value) in sets.into_iter().flat_map(|set| set.changes) {
            if let Some(place) = keys.iter().position(|asked| *asked == key.0) {
                if let Some(slot) = values.get_mut(place) {
                    *slot = value.map(|value| value.0);
                }
            }
        }
        Ok(values)
    }

    /// The transactions of a block, as they travel.
    pub async fn transactions(&self, block: H256) -> Result<Vec<Vec<u8>>, ClientError> {
        let (_, transactions) = self.body(block).await?;
        Ok(transactions.into_iter().map(|bytes| bytes.0).collect())
    }

    /// The runtime that makes the blocks behind this one.
    pub async fn runtime_after(&self, block: H256) -> Result<Runtime, ClientError> {
        Runtime::new(self.at(block).await?.metadata())
    }

    /// Is this error one of a node that has thrown old states away?
    pub fn is_pruned(error: &ClientError) -> bool {
        matches!(error, ClientError::Rpc { message, .. } if message.contains("State already discarded") || message.contains("UnknownBlock"))
    }
}

/// `twox128(pallet) ++ twox128(item)`: the key of a storage value.
pub fn value_key(pallet: &str, item: &str) -> Vec<u8> {
    let halves = [pallet, item].map(|name| sp_crypto_hashing::twox_128(name.as_bytes()));
    halves.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_the_events_is_the_well_known_one() {
        let expected = "26aa394eea5630e07c48ae0c9558cef780d41e5e16056765bc8461851072c9d7";
        assert_eq!(hex::encode(value_key("System", "Events")), expected);
    }

    #[test]
    fn a_pruned_state_is_told_from_other_errors() {
        let error = |message: &str| ClientError::Rpc {
            method: "state_call".into(),
            code: 4003,
            message: message.into(),
        };
        assert!(Chain::is_pruned(&error("Client error: State already discarded for 0x1234")));
        assert!(!Chain::is_pruned(&error("Client error: something else")));
    }
}
