//! The reporter: sees every challenge, and reports each miss once, as early as it may.

use khala_primitives::BlockNumber;
use std::collections::{BTreeMap, VecDeque};

/// A worker was asked and has not answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Miss {
    /// Which worker.
    pub worker: u32,
    /// The block that asked it.
    pub block: BlockNumber,
}

/// Everybody who reports, as one.
pub struct Reporter {
    window: BlockNumber,
    delay: u32,
    /// Whom the newest blocks have asked, the oldest first.
    asked: VecDeque<(BlockNumber, Vec<u32>)>,
    /// Sent, by the first block that may take it in.
    underway: BTreeMap<BlockNumber, Vec<Miss>>,
}

impl Reporter {
    /// A reporter of misses that are older than `window` blocks, whose reports take `delay` blocks to be in one.
    pub fn new(window: BlockNumber, delay: u32) -> Self {
        Self {
            window,
            delay,
            asked: VecDeque::new(),
            underway: BTreeMap::new(),
        }
    }

    /// A new block that asks `hits`. Reports the misses that `is_missed` sees in the block that was asked a window ago: the next block
    /// may take them in.
    pub fn see(&mut self, block: BlockNumber, hits: &[u32], is_missed: impl Fn(Miss) -> bool) {
        self.asked.push_back((block, hits.to_vec()));
        let window = self.window;
        let over = self.asked.partition_point(|(asked, _)| *asked + window <= block);
        for (asked, workers) in self.asked.drain(..over) {
            let misses = workers.into_iter().map(|worker| Miss { worker, block: asked });
            let due = self.underway.entry(block + self.delay).or_default();
            due.extend(misses.filter(|miss| is_missed(*miss)));
        }
    }

    /// The reports that a block may take in.
    pub fn due(&mut self, block: BlockNumber) -> Vec<Miss> {
        let later = self.underway.split_off(&(block + 1));
        std::mem::replace(&mut self.underway, later).into_values().flatten().collect()
    }

    /// A report found no room in the block.
    pub fn put_back(&mut self, miss: Miss) {
        self.underway.entry(0).or_default().push(miss);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_miss_is_reported_once_and_as_early_as_may_be() {
        let mut reporter = Reporter::new(20, 1);
        reporter.see(5, &[7, 8], |_| true);
        (6..=24).for_each(|block| reporter.see(block, &[], |_| true));
        assert!(reporter.due(25).is_empty());
        reporter.see(25, &[], |miss| miss.worker == 7);
        assert_eq!(reporter.due(26), [Miss { worker: 7, block: 5 }]);
        reporter.see(26, &[], |_| true);
        assert!(reporter.due(30).is_empty());
    }

    #[test]
    fn reports_that_found_no_room_come_again() {
        let mut reporter = Reporter::new(1, 9);
        reporter.see(5, &[7], |_| true);
        reporter.see(6, &[], |_| true);
        assert!(reporter.due(14).is_empty());
        let due = reporter.due(15);
        assert_eq!(due, [Miss { worker: 7, block: 5 }]);
        reporter.put_back(due[0]);
        assert_eq!(reporter.due(16), due);
    }
}
