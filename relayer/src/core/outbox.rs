//! Heartbeats on their way into a block.
//!
//! A signed heartbeat waits in the outbox, goes out in a batch, and stays here until the chain shows that it was taken,
//! or until it is too late. What is in no block two blocks after it went out goes out again, in batches half as big: a
//! bad entry is alone after six tries at most, and no other suffers from it any longer.

use super::{SubmissionId, WorkerId};
use khala_primitives::{BlockNumber, SignedHeartbeat, MAX_BATCH};
use std::collections::{BTreeMap, HashSet};

/// A batch that is in no block this many blocks after it went out is sent again (`design/mining.md`, Heartbeats).
pub const RESEND_AFTER_BLOCKS: BlockNumber = 2;

/// A signed heartbeat that the chain has not taken yet.
#[derive(Clone, Debug)]
pub struct Item {
    /// Whose it is.
    pub worker: WorkerId,
    /// What goes out.
    pub heartbeat: SignedHeartbeat,
    /// Times that it went out.
    pub tries: u32,
    /// Most heartbeats in its next batch.
    limit: usize,
}

#[derive(Debug)]
struct Sent {
    id: SubmissionId,
    items: Vec<Item>,
    at: BlockNumber,
}

/// See the module's documentation.
#[derive(Default, Debug)]
pub struct Outbox {
    ready: Vec<Item>,
    sent: Vec<Sent>,
}

impl Outbox {
    /// Takes a new heartbeat in.
    pub fn push(&mut self, worker: WorkerId, heartbeat: SignedHeartbeat) {
        self.ready.push(Item {
            worker,
            heartbeat,
            tries: 0,
            limit: MAX_BATCH as usize,
        });
    }

    /// Batches that shall go out now: each of at most 64 heartbeats of different workers.
    ///
    /// `head`: the best block, after which they go out. `next_id` numbers the submissions.
    pub fn take_batches(&mut self, head: BlockNumber, mut next_id: impl FnMut() -> SubmissionId) -> Vec<(SubmissionId, Vec<Item>)> {
        let mut batches = Vec::new();
        // Those with a small limit last, so that they do not make the batches of others small.
        self.ready.sort_by_key(|item| std::cmp::Reverse(item.limit));
        while let Some(items) = self.take_batch() {
            let id = next_id();
            batches.push((id, items.clone()));
            self.sent.push(Sent { id, items, at: head });
        }
        batches
    }

    /// The next batch, as big as its members allow; `None` when nothing waits.
    fn take_batch(&mut self) -> Option<Vec<Item>> {
        let mut limit = self.ready.first()?.limit;
        let mut workers = HashSet::new();
        let (mut batch, mut rest) = (Vec::new(), Vec::new());
        for mut item in self.ready.drain(..) {
            if batch.len() < limit.min(item.limit) && workers.insert(item.worker) {
                limit = limit.min(item.limit);
                item.tries = item.tries.saturating_add(1);
                batch.push(item);
            } else {
                rest.push(item);
            }
        }
        self.ready = rest;
        Some(batch)
    }

    /// A new block is there: takes out what `is_over` says about (it was taken by the chain, or is too late), and makes
    /// ready again what went out long enough ago. Returns what was taken out.
    pub fn settle(&mut self, head: BlockNumber, mut is_over: impl FnMut(&Item) -> bool) -> Vec<Item> {
        let mut over = Vec::new();
        let mut keep = |items: Vec<Item>, over: &mut Vec<Item>| {
            let (done, open): (Vec<_>, Vec<_>) = items.into_iter().partition(|item| is_over(item));
            over.extend(done);
            open
        };
        self.ready = keep(std::mem::take(&mut self.ready), &mut over);
        for mut sent in std::mem::take(&mut self.sent) {
            let size = sent.items.len();
            sent.items = keep(sent.items, &mut over);
            if head >= sent.at.saturating_add(RESEND_AFTER_BLOCKS) {
                self.again(sent.items, size);
            } else if !sent.items.is_empty() {
                self.sent.push(sent);
            }
        }
        over
    }

    /// A batch was refused for what it is. Its parts go out again in smaller batches; a single heartbeat is given up and
    /// returned.
    pub fn refused(&mut self, id: SubmissionId) -> Option<Item> {
        let at = self.sent.iter().position(|sent| sent.id == id)?;
        let mut items = self.sent.remove(at).items;
        if items.len() == 1 {
            return items.pop();
        }
        let size = items.len();
        self.again(items, size);
        None
    }

    /// Forgets a worker.
    pub fn remove(&mut self, worker: WorkerId) {
        self.ready.retain(|item| item.worker != worker);
        for sent in &mut self.sent {
            sent.items.retain(|item| item.worker != worker);
        }
    }

    /// Blocks of the heartbeats that are waiting or on their way, by worker.
    pub fn blocks(&self) -> BTreeMap<WorkerId, Vec<BlockNumber>> {
        let mut blocks = BTreeMap::<_, Vec<_>>::new();
        self.items()
            .for_each(|item| blocks.entry(item.worker).or_default().push(item.heartbeat.heartbeat.block));
        blocks
    }

    fn items(&self) -> impl Iterator<Item = &Item> {
        self.ready.iter().chain(self.sent.iter().flat_map(|sent| &sent.items))
    }

    fn again(&mut self, items: Vec<Item>, size: usize) {
        let limit = (size / 2).max(1);
        self.ready.extend(items.into_iter().map(|item| Item { limit, ..item }));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::signed_heartbeat;
    use super::*;

    fn outbox(workers: u64) -> Outbox {
        let mut outbox = Outbox::default();
        (0..workers).for_each(|worker| outbox.push(WorkerId(worker), signed_heartbeat(worker, 1)));
        outbox
    }

    fn sizes(outbox: &mut Outbox, head: BlockNumber) -> Vec<usize> {
        let mut id = 0;
        let batches = outbox.take_batches(head, || {
            id += 1;
            SubmissionId(id)
        });
        batches.iter().map(|(_, batch)| batch.len()).collect()
    }

    #[test]
    fn a_batch_has_at_most_64_heartbeats() {
        for (workers, expected) in [
            (0, vec![]),
            (63, vec![63]),
            (64, vec![64]),
            (65, vec![64, 1]),
            (129, vec![64, 64, 1]),
        ] {
            assert_eq!(sizes(&mut outbox(workers), 1), expected);
        }
    }

    #[test]
    fn a_worker_is_in_a_batch_once() {
        let mut outbox = outbox(2);
        outbox.push(WorkerId(0), signed_heartbeat(0, 2));
        assert_eq!(sizes(&mut outbox, 1), [2, 1]);
    }

    #[test]
    fn what_is_in_no_block_after_two_blocks_goes_out_again_in_halved_batches() {
        let mut outbox = outbox(64);
        assert_eq!(sizes(&mut outbox, 10), [64]);
        outbox.settle(11, |_| false);
        assert_eq!(sizes(&mut outbox, 11), Vec::<usize>::new());
        outbox.settle(12, |_| false);
        assert_eq!(sizes(&mut outbox, 12), [32, 32]);
        outbox.settle(14, |item| item.worker.0 < 16);
        assert_eq!(sizes(&mut outbox, 14), [16, 16, 16]);
        (0..6).for_each(|round| {
            outbox.settle(16 + 2 * round, |_| false);
            sizes(&mut outbox, 16 + 2 * round);
        });
        outbox.settle(40, |_| false);
        assert_eq!(sizes(&mut outbox, 40), vec![1; 48]);
    }

    #[test]
    fn new_heartbeats_do_not_wait_behind_old_ones() {
        let mut outbox = outbox(4);
        sizes(&mut outbox, 1);
        outbox.settle(3, |_| false);
        (10..14).for_each(|worker| outbox.push(WorkerId(worker), signed_heartbeat(worker, 3)));
        assert_eq!(sizes(&mut outbox, 3), [4, 2, 2]);
    }

    #[test]
    fn a_refused_batch_is_halved_until_the_bad_one_is_alone_and_given_up() {
        let mut outbox = outbox(8);
        let mut next = 0;
        let mut taken = Vec::new();
        let mut given_up = Vec::new();
        while !outbox.ready.is_empty() {
            let batches = outbox.take_batches(1, || {
                next += 1;
                SubmissionId(next)
            });
            for (id, batch) in batches {
                if batch.iter().any(|item| item.worker == WorkerId(5)) {
                    given_up.extend(outbox.refused(id));
                } else {
                    taken.extend(batch);
                }
            }
        }
        assert_eq!((taken.len(), given_up.len(), given_up[0].worker), (7, 1, WorkerId(5)));
    }

    #[test]
    fn an_unknown_submission_is_no_matter() {
        assert!(outbox(1).refused(SubmissionId(77)).is_none());
    }

    #[test]
    fn what_is_over_is_returned_and_forgotten_wherever_it_is() {
        let mut outbox = outbox(2);
        sizes(&mut outbox, 1);
        outbox.push(WorkerId(2), signed_heartbeat(2, 1));
        assert_eq!(outbox.settle(2, |item| item.worker.0 != 1).len(), 2);
        assert_eq!(outbox.blocks(), BTreeMap::from([(WorkerId(1), vec![1])]));
        outbox.remove(WorkerId(1));
        assert!(outbox.blocks().is_empty());
    }
}
