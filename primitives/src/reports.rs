//! Reports of missed challenges: which of them a watcher of the chain sends after a block. Without I/O; relayers and nodes
//! both decide by it (`design/mining.md`, Offline detection).
//!
//! # How to use this
//!
//! Keep one [`Reports`], give it the chain's list of misses after each new best block, and send what it returns. Nothing has
//! to be told about what became of a report: a miss that was reported is no longer in a later list.

use crate::{BlockNumber, WorkerPublicKey};
use alloc::{collections::BTreeMap, vec::Vec};

/// A worker, and the block of a challenge that it did not answer in time.
pub type Miss = (WorkerPublicKey, BlockNumber);

/// Most reports that one watcher sends after one block. The chain asks 2,000 workers a block at most, so that one watcher alone
/// keeps up with an eighth of the network being away; others see the same misses and make the same reports of them.
pub const REPORTS_PER_BLOCK: usize = 256;

/// Misses to ask the chain for: so many that those reported a block ago do not hide the others.
pub const MISSES_ASKED: u32 = 512;

/// A miss that can still be reported so many blocks after its report went out is reported again.
pub const RESEND_AFTER_BLOCKS: BlockNumber = 2;

/// What one watcher reported lately. Bounded: it forgets what is due again.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reports {
    /// The worker, and the best block after which the report went out.
    sent: BTreeMap<WorkerPublicKey, BlockNumber>,
}

impl Reports {
    /// The reports that shall go out after the block `head`, when the chain says that `misses` can be reported: at most
    /// [`REPORTS_PER_BLOCK`], and none that went out less than [`RESEND_AFTER_BLOCKS`] ago. They count as sent.
    pub fn due(&mut self, misses: impl IntoIterator<Item = Miss>, head: BlockNumber) -> Vec<Miss> {
        // Sent after a block that is not below the best one any more: the chain was reorganised, and the report may be gone.
        self.sent
            .retain(|_, at| *at <= head && head < at.saturating_add(RESEND_AFTER_BLOCKS));
        let is_due = |(worker, _): &Miss| !self.sent.contains_key(worker);
        let due: Vec<_> = misses.into_iter().filter(is_due).take(REPORTS_PER_BLOCK).collect();
        self.sent.extend(due.iter().map(|(worker, _)| (*worker, head)));
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn miss(worker: u16) -> Miss {
        let mut key = [0; 32];
        key[..2].copy_from_slice(&worker.to_be_bytes());
        (WorkerPublicKey(key), 5)
    }

    #[test]
    fn a_miss_is_reported_again_when_it_is_still_there_after_two_blocks() {
        let mut reports = Reports::default();
        let sent: Vec<_> = (30..36).map(|head| reports.due([miss(1)], head).len()).collect();
        assert_eq!(sent, [1, 0, 1, 0, 1, 0]);
    }

    #[test]
    fn a_miss_is_reported_once_after_a_block_however_often_it_is_asked() {
        let mut reports = Reports::default();
        assert_eq!(reports.due([miss(1), miss(2)], 30), [miss(1), miss(2)]);
        assert_eq!(reports.due([miss(1), miss(2), miss(3)], 30), [miss(3)]);
    }

    #[test]
    fn a_block_gets_a_bounded_number_of_reports_and_the_next_one_the_rest() {
        let most = REPORTS_PER_BLOCK as u16;
        for (misses, first, second) in [(most - 1, most - 1, 0u16), (most, most, 0), (most + 1, most, 1)] {
            let mut reports = Reports::default();
            assert_eq!(reports.due((0..misses).map(miss), 30).len(), usize::from(first));
            assert_eq!(reports.due((0..misses).map(miss), 31).len(), usize::from(second));
        }
    }

    #[test]
    fn a_list_of_the_misses_asked_for_has_some_that_were_not_reported_a_block_ago() {
        let mut reports = Reports::default();
        let list = || (0..MISSES_ASKED as u16).map(miss);
        assert_eq!(reports.due(list(), 30).len(), REPORTS_PER_BLOCK);
        assert_eq!(reports.due(list(), 31).len(), REPORTS_PER_BLOCK);
    }

    #[test]
    fn after_a_reorganisation_to_a_lower_block_a_miss_is_reported_again() {
        let mut reports = Reports::default();
        assert_eq!(reports.due([miss(1)], 30), [miss(1)]);
        assert_eq!(reports.due([miss(1)], 29), [miss(1)]);
    }

    #[test]
    fn what_is_remembered_is_forgotten_when_it_is_due_again() {
        let mut reports = Reports::default();
        reports.due((0..100).map(miss), 30);
        assert_eq!(reports.due(vec![], 32), []);
        assert_eq!(reports, Reports::default());
    }
}
