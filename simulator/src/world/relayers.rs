//! Relayers: carry answers and signs of life into blocks, in batches.
//!
//! A relayer sends one batch a block, of all that it has and that is in no block yet. A block takes the batches with most answers first,
//! and of those with as many the ones with most signs of life, as the transaction pool does, until it is full. What found no room is
//! batched again for the next block.

use crate::scenario::WORKERS_PER_RELAYER;
use khala_primitives::{BlockNumber, WorkerPublicKey, MAX_BATCH};
use std::{cmp::Reverse, collections::BTreeMap};

/// Blocks between two signs of life of a worker that is absent, as in the relayer.
pub const RECOVERY_SPACING: BlockNumber = 10;

/// An answer to the challenge of a block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Answer {
    /// Who answers.
    pub worker: u32,
    /// The challenge's block.
    pub block: BlockNumber,
}

/// What all relayers have sent and have to do.
#[derive(Default)]
pub struct Relayers {
    /// Sent, by the first block that may take it in.
    underway: BTreeMap<BlockNumber, Vec<Answer>>,
    /// May be taken in.
    ready: Vec<Answer>,
    /// Workers that give a sign of life, by block.
    wakes: BTreeMap<BlockNumber, Vec<u32>>,
}

impl Relayers {
    /// Sends an answer that block `due` may take in at the earliest.
    pub fn send(&mut self, answer: Answer, due: BlockNumber) {
        self.underway.entry(due).or_default().push(answer);
    }

    /// Lets a worker give a sign of life when block `at` is seen.
    pub fn wake(&mut self, worker: u32, at: BlockNumber) {
        self.wakes.entry(at).or_default().push(worker);
    }

    /// The workers that give a sign of life now.
    pub fn woken(&mut self, block: BlockNumber) -> Vec<u32> {
        let later = self.wakes.split_off(&(block + 1));
        std::mem::replace(&mut self.wakes, later).into_values().flatten().collect()
    }

    /// The batches for a block, in the order in which it takes them. Answers to challenges before `oldest` are given up, and of a worker's
    /// answers only the newest is sent: it covers the others. `idle`: whether a worker's session is Idle; others give signs of life.
    pub fn batches(&mut self, block: BlockNumber, oldest: BlockNumber, idle: impl Fn(u32) -> bool) -> Vec<Vec<Answer>> {
        let later = self.underway.split_off(&(block + 1));
        let arrived = std::mem::replace(&mut self.underway, later).into_values().flatten();
        self.ready.extend(arrived);
        self.ready.retain(|answer| answer.block >= oldest);
        // Workers of a relayer have numbers that follow each other.
        self.ready.sort_unstable_by_key(|answer| (answer.worker, Reverse(answer.block)));
        self.ready.dedup_by_key(|answer| answer.worker);
        let relayer = |answer: &Answer| answer.worker / WORKERS_PER_RELAYER;
        let mut batches: Vec<_> = self
            .ready
            .chunk_by(|a, b| relayer(a) == relayer(b))
            .flat_map(|answers| answers.chunks(MAX_BATCH as usize))
            .map(<[Answer]>::to_vec)
            .collect();
        self.ready.clear();
        let answers = |batch: &[Answer]| batch.iter().filter(|answer| idle(answer.worker)).count();
        batches.sort_by_cached_key(|batch| Reverse((answers(batch), batch.len())));
        batches
    }

    /// A batch found no room in the block.
    pub fn put_back(&mut self, batch: Vec<Answer>) {
        self.ready.extend(batch);
    }
}

/// Blocks that a relayer waits before the first sign of life of an absent worker, as in the relayer.
pub fn jitter(worker: &WorkerPublicKey, since: BlockNumber) -> BlockNumber {
    let WorkerPublicKey([byte, ..]) = worker;
    (u32::from(*byte) ^ since) % RECOVERY_SPACING
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(_: u32) -> bool {
        true
    }

    fn answers(workers: impl IntoIterator<Item = u32>) -> Vec<Answer> {
        workers.into_iter().map(|worker| Answer { worker, block: 10 }).collect()
    }

    #[test]
    fn nothing_is_taken_in_before_it_is_due() {
        let mut relayers = Relayers::default();
        relayers.send(Answer { worker: 1, block: 10 }, 12);
        assert!(relayers.batches(11, 0, all).is_empty());
        assert_eq!(relayers.batches(12, 0, all), [answers([1])]);
        assert!(relayers.batches(13, 0, all).is_empty());
    }

    #[test]
    fn relayers_send_apart_and_the_largest_batch_goes_first() {
        let mut relayers = Relayers::default();
        let workers = [5, WORKERS_PER_RELAYER, WORKERS_PER_RELAYER + 1];
        for worker in workers {
            relayers.send(Answer { worker, block: 10 }, 11);
        }
        assert_eq!(
            relayers.batches(11, 0, all),
            [answers([WORKERS_PER_RELAYER, WORKERS_PER_RELAYER + 1]), answers([5])]
        );
    }

    #[test]
    fn an_answer_goes_before_any_number_of_signs_of_life() {
        let mut relayers = Relayers::default();
        let back = WORKERS_PER_RELAYER..WORKERS_PER_RELAYER + 3;
        for worker in back.clone().chain([5]) {
            relayers.send(Answer { worker, block: 10 }, 11);
        }
        assert_eq!(relayers.batches(11, 0, |worker| worker == 5), [answers([5]), answers(back)]);
    }

    #[test]
    fn a_batch_has_at_most_its_limit_and_a_worker_once() {
        let mut relayers = Relayers::default();
        (0..WORKERS_PER_RELAYER).for_each(|worker| relayers.send(Answer { worker, block: 10 }, 11));
        relayers.send(Answer { worker: 3, block: 9 }, 11);
        let sizes: Vec<_> = relayers.batches(11, 0, all).iter().map(Vec::len).collect();
        assert_eq!(sizes, [MAX_BATCH as usize, (WORKERS_PER_RELAYER - MAX_BATCH) as usize]);
    }

    #[test]
    fn what_found_no_room_is_sent_again_until_it_is_too_old() {
        let mut relayers = Relayers::default();
        relayers.send(Answer { worker: 1, block: 10 }, 11);
        let batch = relayers.batches(11, 10, all).remove(0);
        relayers.put_back(batch);
        let batch = relayers.batches(12, 10, all).remove(0);
        relayers.put_back(batch);
        assert!(relayers.batches(13, 11, all).is_empty());
    }

    #[test]
    fn workers_wake_in_their_block_or_at_the_next_look() {
        let mut relayers = Relayers::default();
        relayers.wake(1, 5);
        relayers.wake(2, 6);
        relayers.wake(3, 7);
        assert_eq!(relayers.woken(6), [1, 2]);
        assert_eq!(relayers.woken(7), [3]);
    }
}
