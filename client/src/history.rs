//! Reading many old blocks: hashes by the list, several values in one request, events and calls without another one.

use crate::{events, storage::twox_64_concat, Chain, ClientError, DispatchFailure, Event};
use codec::{Decode, Encode};
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

/// JSON-RPC's code for a method that is not there; nodes say it of what they do not do for strangers.
const METHOD_NOT_FOUND: i32 = -32601;

/// A block, and the keys whose values have changed in it.
type Changes = (H256, Vec<(Vec<u8>, Option<Vec<u8>>)>);

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

    /// The raw values under raw storage keys after each of these blocks, which follow each other, in one request; `None` where nothing is
    /// stored. Nodes refuse it from strangers ([`Chain::is_refused`]), and when the answer would be too large.
    pub async fn values_over(&self, keys: &[Vec<u8>], blocks: &[H256]) -> Result<Vec<Vec<Option<Vec<u8>>>>, ClientError> {
        let (Some(first), Some(last)) = (blocks.first(), blocks.last()) else {
            return Ok(Vec::new());
        };
        let method = "state_queryStorage";
        let asked = keys.iter().map(Vec::as_slice);
        let answer = self.methods().state_query_storage(asked, *first, Some(*last));
        let sets = self.request(method, answer).await?.into_iter();
        let sets = sets.map(|set| {
            let changes = set.changes.into_iter().map(|(key, value)| (key.0, value.map(|value| value.0)));
            (set.block, changes.collect())
        });
        unfold(keys, blocks, sets.collect())
            .ok_or_else(|| ClientError::decode(method, "it speaks of blocks or keys that were not asked for"))
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

    /// Is this error one of a node that does not do this for strangers?
    pub fn is_refused(error: &ClientError) -> bool {
        matches!(
            error,
            ClientError::Rpc {
                code: METHOD_NOT_FOUND,
                ..
            }
        )
    }

    /// Is this error one of a node that has thrown old states away?
    pub fn is_pruned(error: &ClientError) -> bool {
        matches!(error, ClientError::Rpc { message, .. } if message.contains("State already discarded"))
    }
}

/// What is stored under keys after each block, from what changes in which of them.
fn unfold(keys: &[Vec<u8>], blocks: &[H256], sets: Vec<Changes>) -> Option<Vec<Vec<Option<Vec<u8>>>>> {
    let (mut now, mut all) = (vec![None; keys.len()], Vec::with_capacity(blocks.len()));
    let mut sets = sets.into_iter().peekable();
    for block in blocks {
        if let Some((_, changes)) = sets.next_if(|(of, _)| of == block) {
            for (key, value) in changes {
                let place = keys.iter().position(|asked| *asked == key)?;
                *now.get_mut(place)? = value;
            }
        }
        all.push(now.clone());
    }
    sets.next().is_none().then_some(all)
}

/// `twox128(pallet) ++ twox128(item)`: the key of a storage value.
pub fn value_key(pallet: &str, item: &str) -> Vec<u8> {
    let halves = [pallet, item].map(|name| sp_crypto_hashing::twox_128(name.as_bytes()));
    halves.concat()
}

/// `twox128(pallet) ++ twox128(item) ++ twox64(key) ++ key`: the key of an entry of a map.
pub fn entry_key(pallet: &str, item: &str, key: impl Encode) -> Vec<u8> {
    [value_key(pallet, item), twox_64_concat(key)].concat()
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
    fn an_entry_stands_below_its_map() {
        let key = entry_key("Vault", "Vaults", 7u32);
        assert_eq!(
            (key.len(), &key[..32], &key[40..]),
            (44, value_key("Vault", "Vaults").as_slice(), [7, 0, 0, 0].as_slice())
        );
        assert_eq!(key[32..40], sp_crypto_hashing::twox_64(&[7, 0, 0, 0]));
    }

    #[test]
    fn values_stay_until_they_change() {
        let keys = [vec![1], vec![2]];
        let blocks: Vec<H256> = (1..=4).map(H256::repeat_byte).collect();
        let set = |block: usize, changes: &[(u8, Option<u8>)]| {
            let changes = changes.iter().map(|(key, value)| (vec![*key], value.map(|value| vec![value])));
            (blocks[block - 1], changes.collect())
        };
        let first = set(1, &[(1, Some(10)), (2, None)]);
        let sets = vec![first.clone(), set(2, &[(2, Some(20))]), set(4, &[(1, None), (2, Some(21))])];
        let some = |value: u8| Some(vec![value]);
        let expected = [[some(10), None], [some(10), some(20)], [some(10), some(20)], [None, some(21)]];
        assert_eq!(unfold(&keys, &blocks, sets).unwrap(), expected);
        // Of another key, of another block, in another order.
        assert_eq!(unfold(&keys, &blocks, vec![set(1, &[(3, None)])]), None);
        assert_eq!(unfold(&keys, &blocks[..3], vec![first.clone(), set(4, &[(1, None)])]), None);
        assert_eq!(unfold(&keys, &blocks, vec![set(2, &[(2, Some(20))]), first]), None);
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
        let refused = ClientError::Rpc {
            method: "state_queryStorage".into(),
            code: METHOD_NOT_FOUND,
            message: "RPC call is unsafe to be called externally".into(),
        };
        assert!(Chain::is_refused(&refused) && !Chain::is_refused(&error("something else")));
    }
}
