//! What is read of every block.

use crate::model::Key;
use codec::{Compact, Decode};
use futures::{stream, StreamExt, TryStreamExt};
use khala_client::{value_key, Chain, ClientError};
use khala_primitives::{BlockNumber, H256};
use std::{
    ops::RangeInclusive,
    sync::atomic::{AtomicUsize, Ordering},
};

/// Hashes that are asked for at once.
const HASHES: usize = 256;
/// Requests that are under way at once.
pub(super) const REQUESTS: usize = 64;
/// Blocks in the first request for many.
const AT_FIRST: usize = 8;
/// Most blocks in a request.
const AT_MOST: usize = 256;
/// What the values of a request's blocks may have together, in bytes: in hexadecimal digits half of what a client takes.
const ANSWER: usize = 2_500_000;

/// The values of a block, in the order of their keys.
type Values = Vec<Option<Vec<u8>>>;

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

/// Reads blocks: many in one request where the node does that, else each in one of its own.
pub struct Reader {
    /// The keys of the values that are read of every block.
    keys: Vec<Vec<u8>>,
    /// Blocks in the next request; one when the node refuses more.
    at_once: AtomicUsize,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            keys: vec![
                value_key("System", "Events"),
                value_key("Timestamp", "Now"),
                value_key("Mining", "ClockReadings"),
                value_key("System", "LastRuntimeUpgrade"),
            ],
            at_once: AtomicUsize::new(AT_FIRST),
        }
    }
}

impl Reader {
    /// Reads blocks of the finalised chain, in order.
    ///
    /// # Errors
    /// The node does not answer, does not have a block, or has thrown its state away.
    pub async fn read(&self, chain: &Chain, numbers: RangeInclusive<BlockNumber>) -> Result<Vec<RawBlock>, ClientError> {
        let numbers: Vec<BlockNumber> = numbers.collect();
        let hashes: Vec<Vec<Option<H256>>> = stream::iter(numbers.chunks(HASHES))
            .map(|chunk| chain.block_hashes(chunk))
            .buffered(REQUESTS)
            .try_collect()
            .await?;
        let hashes: Vec<H256> = numbers
            .iter()
            .zip(hashes.into_iter().flatten())
            .map(|(number, hash)| hash.ok_or_else(|| unreadable(*number, "the node does not have it, although it is finalised")))
            .collect::<Result<_, _>>()?;
        let (mut open, mut blocks) = (hashes.as_slice(), Vec::with_capacity(hashes.len()));
        while !open.is_empty() {
            let (next, rest) = open.split_at(open.len().min(self.at_once.load(Ordering::Relaxed)));
            let values = match next {
                [_, _, ..] => self.together(chain, next).await?,
                _ => None,
            };
            match values {
                Some(values) => {
                    blocks.extend(values);
                    open = rest;
                }
                None => {
                    blocks.extend(self.each(chain, open).await?);
                    open = &[];
                }
            }
        }
        let blocks = numbers.into_iter().zip(hashes).zip(blocks);
        blocks.map(|((number, hash), values)| parse(number, hash, values)).collect()
    }

    /// In one request; `None` when the node refuses it.
    async fn together(&self, chain: &Chain, blocks: &[H256]) -> Result<Option<Vec<Values>>, ClientError> {
        match chain.values_over(&self.keys, blocks).await {
            Ok(values) => {
                let sizes = values.iter().map(|values| values.iter().flatten().map(Vec::len).sum());
                let next = next_at_once(blocks.len(), sizes.max().unwrap_or(0));
                self.at_once.store(next, Ordering::Relaxed);
                Ok(Some(values))
            }
            Err(error) if Chain::is_refused(&error) => {
                tracing::info!("the node at {} gives old blocks one by one", chain.url());
                self.at_once.store(1, Ordering::Relaxed);
                Ok(None)
            }
            // Too much for one answer: these one by one, and then a few again.
            Err(error @ ClientError::Rpc { .. }) if !Chain::is_pruned(&error) => {
                self.at_once.store(AT_FIRST, Ordering::Relaxed);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// In a request for each, many at once.
    async fn each(&self, chain: &Chain, blocks: &[H256]) -> Result<Vec<Values>, ClientError> {
        stream::iter(blocks)
            .map(|hash| chain.values(&self.keys, *hash))
            .buffered(REQUESTS)
            .try_collect()
            .await
    }
}

/// Blocks in the next request, by the largest of the blocks so far: an answer must not be larger than a connection allows. When blocks
/// become larger by much, it is, and a new connection begins with a few again.
fn next_at_once(before: usize, largest: usize) -> usize {
    let fit = ANSWER.checked_div(largest).unwrap_or(usize::MAX);
    fit.min(before.saturating_mul(2)).clamp(2, AT_MOST)
}

fn parse(number: BlockNumber, hash: H256, values: Values) -> Result<RawBlock, ClientError> {
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
    fn requests_grow_while_their_answers_fit() {
        assert_eq!(next_at_once(AT_FIRST, 500), 2 * AT_FIRST);
        assert_eq!(next_at_once(200, 500), AT_MOST);
        assert_eq!(next_at_once(200, 25_000), 100);
        assert_eq!(next_at_once(200, 0), AT_MOST);
        assert_eq!(next_at_once(200, usize::MAX), 2);
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
