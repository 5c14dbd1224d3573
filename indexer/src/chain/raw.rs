//! What is read of every block: in one request for each.

use crate::model::Key;
use codec::{Compact, Decode};
use futures::{stream, StreamExt, TryStreamExt};
use khala_client::{value_key, Chain, ClientError};
use khala_primitives::{BlockNumber, H256};
use std::ops::RangeInclusive;

/// Hashes that are asked for at once.
const HASHES: usize = 256;
/// Requests that are under way at once.
pub(super) const REQUESTS: usize = 64;

/// A block, undecoded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RawBlock {
    /// Its number.
    pub number: BlockNumber,
    /// Its hash.
    pub hash: H256,
    /// Its time, in milliseconds since 1970.
    pub time_ms: u64,
    /// Reading of the credited clock after it, in seconds.
    pub credited_secs: u64,
    /// Version of the runtime that made it.
    pub spec_version: u32,
    /// The value of `System.Events`.
    pub events: Vec<u8>,
}

impl RawBlock {
    /// Its hash.
    pub fn key(&self) -> Key {
        Key(self.hash.0)
    }
}

/// The keys of the values that are read of every block.
pub struct Keys(Vec<Vec<u8>>);

impl Default for Keys {
    fn default() -> Self {
        Self(vec![
            value_key("System", "Events"),
            value_key("Timestamp", "Now"),
            value_key("Mining", "ClockReadings"),
            value_key("System", "LastRuntimeUpgrade"),
        ])
    }
}

/// Reads blocks of the finalised chain, in order.
///
/// # Errors
/// The node does not answer, does not have a block, or has thrown its state away.
pub async fn read(chain: &Chain, keys: &Keys, numbers: RangeInclusive<BlockNumber>) -> Result<Vec<RawBlock>, ClientError> {
    let numbers: Vec<BlockNumber> = numbers.collect();
    let hashes: Vec<Vec<Option<H256>>> = stream::iter(numbers.chunks(HASHES))
        .map(|chunk| chain.block_hashes(chunk))
        .buffered(REQUESTS)
        .try_collect()
        .await?;
    let blocks = numbers.into_iter().zip(hashes.into_iter().flatten());
    stream::iter(blocks)
        .map(|(number, hash)| async move {
            let hash = hash.ok_or_else(|| unreadable(number, "the node does not have it, although it is finalised"))?;
            parse(number, hash, chain.values(&keys.0, hash).await?)
        })
        .buffered(REQUESTS)
        .try_collect()
        .await
}

fn parse(number: BlockNumber, hash: H256, values: Vec<Option<Vec<u8>>>) -> Result<RawBlock, ClientError> {
    let mut values = values.into_iter();
    let mut next = || values.next().flatten().unwrap_or_default();
    let (events, now, clocks, version) = (next(), next(), next(), next());
    let number_in = |what: &str, bytes: &[u8]| {
        u64::decode(&mut &*bytes).map_err(|_| unreadable(number, &format!("{what} is not stored as this indexer knows it")))
    };
    // The clocks stand behind the time at which they were read, the credited one first.
    let credited_secs = match clocks.get(8..) {
        Some(behind) => number_in("Mining.ClockReadings", behind)?,
        None => 0,
    };
    let Compact(spec_version) = Compact::<u32>::decode(&mut version.as_slice())
        .map_err(|_| unreadable(number, "System.LastRuntimeUpgrade is not stored as this indexer knows it"))?;
    Ok(RawBlock {
        number,
        hash,
        time_ms: number_in("Timestamp.Now", &now)?,
        credited_secs,
        spec_version,
        events,
    })
}

fn unreadable(number: BlockNumber, reason: &str) -> ClientError {
    ClientError::Decode {
        what: format!("block {number}"),
        reason: reason.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::Encode;

    fn values() -> Vec<Option<Vec<u8>>> {
        let clocks = (1_700_000_000u64, 77u64, 55u64).encode();
        vec![
            None,
            Some(1_700_000_000_123u64.encode()),
            Some(clocks),
            Some((Compact(105u32), "khala").encode()),
        ]
    }

    #[test]
    fn time_clock_and_version_stand_beside_the_events() {
        let block = parse(9, H256([7; 32]), values()).unwrap();
        assert_eq!(
            (block.time_ms, block.credited_secs, block.spec_version),
            (1_700_000_000_123, 77, 105)
        );
        assert!(block.events.is_empty());
    }

    #[test]
    fn a_value_of_another_shape_is_named() {
        for (place, name) in [(1, "Timestamp.Now"), (2, "Mining.ClockReadings"), (3, "System.LastRuntimeUpgrade")] {
            let mut values = values();
            values[place] = Some(vec![0; if place == 2 { 9 } else { 0 }]);
            let error = parse(9, H256([7; 32]), values).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains("block 9"), "{error}");
        }
    }
}
