//! What the relayer remembers of the best chain: the challenges that may still be answered, and recent hashes.

use super::BlockView;
use khala_primitives::{BlockNumber, Challenge, Freshness, WorkerPublicKey, H256};
use std::collections::BTreeMap;

/// Evidence names the finalised block unless finality is further behind than this.
const FINALITY_LAG_BLOCKS: BlockNumber = 10;
/// Then it names the best block's ancestor so far back, which is rarely reorganised away.
const SAFE_DEPTH_BLOCKS: BlockNumber = 3;

/// The best chain's newest blocks.
#[derive(Default, Debug)]
pub struct ChainState {
    blocks: BTreeMap<BlockNumber, KnownBlock>,
    window: BlockNumber,
    finalized: Option<Freshness>,
    now_ms: u64,
    lease_secs: u64,
}

#[derive(Debug)]
struct KnownBlock {
    hash: H256,
    challenge: Option<Challenge>,
}

impl ChainState {
    /// Takes a block in. Blocks of the same or a higher number are of another branch and are forgotten.
    pub fn push(&mut self, block: &BlockView) {
        let number = block.view.block;
        self.blocks.split_off(&number);
        self.blocks.insert(
            number,
            KnownBlock {
                hash: block.hash,
                challenge: block.view.challenge,
            },
        );
        self.window = block.view.heartbeat_window;
        self.finalized = Some(block.finalized);
        self.now_ms = block.view.now_ms;
        self.lease_secs = block.view.lease_secs;
        let oldest = number.saturating_sub(self.window.max(SAFE_DEPTH_BLOCKS));
        self.blocks = self.blocks.split_off(&oldest);
    }

    /// Number of the newest block.
    pub fn head(&self) -> Option<BlockNumber> {
        self.blocks.keys().next_back().copied()
    }

    /// The newest block's time, in seconds since 1970.
    pub fn now_secs(&self) -> u64 {
        self.now_ms / 1000
    }

    /// Length of a lease, in seconds.
    pub fn lease_secs(&self) -> u64 {
        self.lease_secs
    }

    /// Can an answer to this block's challenge still be in time, when it gets into the next block?
    pub fn is_answerable(&self, block: BlockNumber) -> bool {
        self.head()
            .is_some_and(|head| block <= head && head.saturating_add(1).saturating_sub(block) <= self.window)
    }

    /// Blocks left until an answer comes too late.
    pub fn blocks_left(&self, block: BlockNumber) -> BlockNumber {
        let age = self.head().unwrap_or_default().saturating_add(1).saturating_sub(block);
        self.window.saturating_sub(age)
    }

    /// Is this the challenge of the best chain's block?
    pub fn knows(&self, block: BlockNumber, seed: &H256) -> bool {
        self.challenge(block).is_some_and(|challenge| challenge.seed == *seed)
    }

    /// A block's challenge.
    pub fn challenge(&self, block: BlockNumber) -> Option<Challenge> {
        self.blocks.get(&block).and_then(|known| known.challenge)
    }

    /// Answerable challenges of blocks from `first` on that hit the worker, oldest first.
    pub fn hits(&self, worker: &WorkerPublicKey, first: BlockNumber) -> Vec<Challenge> {
        let challenges = self.blocks.range(first..).filter_map(|(_, known)| known.challenge);
        challenges
            .filter(|challenge| self.is_answerable(challenge.block) && challenge.hits(worker))
            .collect()
    }

    /// The newest challenge of a block after `after`, a hit or not.
    pub fn newest_challenge(&self, after: BlockNumber) -> Option<Challenge> {
        let (_, known) = self
            .blocks
            .range(after.checked_add(1)?..)
            .rev()
            .find(|(_, known)| known.challenge.is_some())?;
        known.challenge.filter(|challenge| self.is_answerable(challenge.block))
    }

    /// The block that new evidence shall name: finalised, or recent when finality lags or `above` is not older. `None`
    /// while there is no block above `above`.
    pub fn freshness(&self, above: Option<BlockNumber>) -> Option<Freshness> {
        let head = self.head()?;
        let is_newer = |freshness: &Freshness| above.is_none_or(|above| freshness.number > above);
        let finalized = self
            .finalized
            .filter(|finalized| head.saturating_sub(finalized.number) <= FINALITY_LAG_BLOCKS)
            .filter(is_newer);
        finalized.or_else(|| {
            let number = head.checked_sub(SAFE_DEPTH_BLOCKS)?;
            let hash = self.blocks.get(&number)?.hash;
            Some(Freshness { number, hash }).filter(is_newer)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{block, challenge_for_all};
    use super::*;

    fn chain(numbers: impl Iterator<Item = BlockNumber>, finalized: BlockNumber) -> ChainState {
        let mut state = ChainState::default();
        for number in numbers {
            state.push(&block(number, 0, finalized, Some(challenge_for_all(number, 0))));
        }
        state
    }

    #[test]
    fn a_challenge_is_answerable_as_long_as_the_next_block_is_in_its_window() {
        let state = chain(1..=30, 30);
        // Window 20: block 11 can be answered in block 31, block 10 cannot.
        assert!(!state.is_answerable(10) && state.is_answerable(11) && state.is_answerable(30) && !state.is_answerable(31));
        assert_eq!((state.blocks_left(11), state.blocks_left(30)), (0, 19));
        let hits: Vec<_> = state
            .hits(&WorkerPublicKey([1; 32]), 0)
            .iter()
            .map(|challenge| challenge.block)
            .collect();
        assert_eq!(hits, (11..=30).collect::<Vec<_>>());
        assert_eq!(state.hits(&WorkerPublicKey([1; 32]), 29).len(), 2);
    }

    #[test]
    fn a_reorganisation_forgets_the_old_branch() {
        let mut state = chain(1..=10, 5);
        state.push(&block(8, 1, 5, Some(challenge_for_all(8, 1))));
        assert_eq!(state.head(), Some(8));
        assert!(state.knows(8, &challenge_for_all(8, 1).seed) && !state.knows(8, &challenge_for_all(8, 0).seed));
        assert!(state.challenge(9).is_none() && state.knows(7, &challenge_for_all(7, 0).seed));
    }

    #[test]
    fn evidence_names_the_finalised_block_unless_finality_lags_or_it_was_named_before() {
        let number = |state: &ChainState, above| state.freshness(above).map(|freshness| freshness.number);
        assert_eq!(number(&chain(1..=20, 10), None), Some(10));
        assert_eq!(number(&chain(1..=20, 9), None), Some(17));
        assert_eq!(number(&chain(1..=20, 19), Some(18)), Some(19));
        assert_eq!(number(&chain(1..=20, 15), Some(15)), Some(17));
        assert_eq!(number(&chain(1..=20, 19), Some(19)), None);
        assert_eq!(number(&ChainState::default(), None), None);
    }

    #[test]
    fn a_recovery_takes_the_newest_seed_after_the_absence_began() {
        let state = chain(1..=30, 30);
        assert_eq!(state.newest_challenge(5).unwrap().block, 30);
        assert_eq!(state.newest_challenge(29).unwrap().block, 30);
        assert!(state.newest_challenge(30).is_none());
    }

    #[test]
    fn memory_is_bounded_by_the_window() {
        assert_eq!(chain(1..=1000, 1000).blocks.len(), 21);
    }
}
