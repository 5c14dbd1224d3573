//! Reports of anybody's missed challenges.

use super::{outbox::RESEND_AFTER_BLOCKS, Action, Relayer, Subject};
use khala_primitives::{BlockNumber, WorkerPublicKey};
use std::collections::BTreeMap;

/// Most reports that this relayer sends in one block: others see the same misses.
const REPORTS_PER_BLOCK: usize = 16;

/// Misses that may be reported, and what was reported lately.
#[derive(Debug, Default)]
pub struct Reports {
    overdue: Vec<(WorkerPublicKey, BlockNumber)>,
    sent: BTreeMap<WorkerPublicKey, BlockNumber>,
    count: u64,
}

impl Reports {
    /// The chain's list after the block `head`.
    pub fn overdue(&mut self, overdue: Vec<(WorkerPublicKey, BlockNumber)>, head: BlockNumber) {
        self.sent
            .retain(|_, at| *at <= head && head < at.saturating_add(RESEND_AFTER_BLOCKS));
        self.overdue = overdue;
    }

    /// The reports that shall go out after the block `head`.
    pub fn take(&mut self, head: BlockNumber) -> Vec<(WorkerPublicKey, BlockNumber)> {
        let sent = &mut self.sent;
        let due: Vec<_> = std::mem::take(&mut self.overdue)
            .into_iter()
            .filter(|(worker, _)| !sent.contains_key(worker))
            .take(REPORTS_PER_BLOCK)
            .collect();
        sent.extend(due.iter().map(|(worker, _)| (*worker, head)));
        self.count = self.count.saturating_add(due.len() as u64);
        due
    }

    /// Reports sent since the start.
    pub fn count(&self) -> u64 {
        self.count
    }
}

impl Relayer {
    pub(super) fn send_reports(&mut self) -> Vec<Action> {
        let (true, Some(head)) = (self.may_submit(), self.chain.head()) else {
            return Vec::new();
        };
        let due = self.reports.take(head);
        let report = |(worker, block)| Action::SubmitReport(self.new_submission(Subject::Report(worker)), worker, block);
        due.into_iter().map(report).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn miss(worker: u8) -> (WorkerPublicKey, BlockNumber) {
        (WorkerPublicKey([worker; 32]), 5)
    }

    #[test]
    fn a_miss_is_reported_again_when_it_is_still_there_after_two_blocks() {
        let mut reports = Reports::default();
        let sent: Vec<_> = (30..36)
            .map(|head| {
                reports.overdue(vec![miss(1)], head);
                reports.take(head).len()
            })
            .collect();
        assert_eq!((sent, reports.count()), (vec![1, 0, 1, 0, 1, 0], 3));
    }

    #[test]
    fn a_block_gets_a_bounded_number_of_reports() {
        let mut reports = Reports::default();
        reports.overdue((0..40).map(miss).collect(), 30);
        assert_eq!(reports.take(30).len(), REPORTS_PER_BLOCK);
        assert!(reports.take(30).is_empty());
    }
}
