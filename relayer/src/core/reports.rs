//! Reports of anybody's missed challenges: when they go out, and how many have.

use super::{Action, Relayer, Subject};
use khala_primitives::{BlockNumber, Miss, Reports};

/// Misses that may be reported, and what was reported lately.
#[derive(Debug, Default)]
pub struct ReportBox {
    overdue: Vec<Miss>,
    reports: Reports,
    count: u64,
}

impl ReportBox {
    /// The chain's list after its newest block.
    pub fn overdue(&mut self, overdue: Vec<Miss>) {
        self.overdue = overdue;
    }

    /// The reports that shall go out after the block `head`.
    pub fn take(&mut self, head: BlockNumber) -> Vec<Miss> {
        let due = self.reports.due(std::mem::take(&mut self.overdue), head);
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
    use khala_primitives::WorkerPublicKey;

    #[test]
    fn the_newest_list_counts_and_every_report_is_counted() {
        let miss = |worker| (WorkerPublicKey([worker; 32]), 5);
        let mut reports = ReportBox::default();
        reports.overdue(vec![miss(1)]);
        reports.overdue(vec![miss(2), miss(3)]);
        assert_eq!(reports.take(30), [miss(2), miss(3)]);
        assert_eq!(reports.take(30), []);
        reports.overdue(vec![miss(2)]);
        assert_eq!((reports.take(32), reports.count()), (vec![miss(2)], 3));
    }
}
