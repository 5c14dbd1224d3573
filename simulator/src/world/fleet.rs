//! What the simulation knows of each worker: where it is, and what the chain has said of its session.

use crate::measures::delay::Span;
use khala_primitives::{Balance, BlockNumber};

/// When a worker was last seen.
#[derive(Clone, Copy, Debug)]
pub struct Gone {
    at: u64,
    block: BlockNumber,
}

impl Gone {
    /// The absence up to a block and a time.
    pub fn span(&self, block: BlockNumber, secs: u64, noticed: bool) -> Span {
        Span {
            secs: secs.saturating_sub(self.at) as f64,
            blocks: f64::from(block.saturating_sub(self.block)),
            noticed,
        }
    }
}

/// A worker and its session.
#[derive(Clone, Debug)]
pub struct Worker {
    /// Whether it is there.
    pub there: bool,
    /// When it has vanished last.
    pub gone: Option<Gone>,
    /// Whether that was noticed; also when it was absent by the chain already.
    pub noticed: bool,
    /// First block that it has seen since it is, or was, there.
    first_seen: BlockNumber,
    /// Whether its session is Idle.
    pub idle: bool,
    /// Block since which its session is not Idle.
    pub since: BlockNumber,
    /// Block of the newest challenge that it has answered.
    pub answered: BlockNumber,
    /// Challenges before this block count for nothing.
    pub answerable_from: BlockNumber,
    /// The newest block that has asked it.
    pub last_hit: BlockNumber,
    /// Forfeited so far, in planck.
    pub forfeited: Balance,
    /// Its value, 18 decimals, when it was lowest after a recovery.
    pub lowest_v: Option<u128>,
}

impl Worker {
    /// It is not there any more; `newest` is the last block that it has seen.
    pub fn vanish(&mut self, at: u64, newest: BlockNumber) {
        self.there = false;
        self.gone = Some(Gone { at, block: newest });
        self.noticed = !self.idle;
    }

    /// It is there again and sees this block; its absence, if nobody has noticed it.
    pub fn come_back(&mut self, at: u64, block: BlockNumber) -> Option<Span> {
        let unnoticed = self.unnoticed(at, block);
        self.there = true;
        self.first_seen = block;
        unnoticed
    }

    /// The absence that nobody has noticed until now.
    pub fn unnoticed(&self, secs: u64, block: BlockNumber) -> Option<Span> {
        let gone = self.gone.filter(|_| !self.there && !self.noticed)?;
        Some(gone.span(block, secs, false))
    }

    /// Was it there at the challenge of `asked`, or back by `last_chance`?
    pub fn could_answer(&self, asked: BlockNumber, last_chance: BlockNumber) -> bool {
        let still_there = self.there || self.gone.is_some_and(|gone| gone.block >= asked);
        still_there && self.first_seen <= last_chance.max(asked)
    }
}

/// All workers, by number.
pub struct Fleet {
    /// The workers; the session's number is the worker's.
    pub workers: Vec<Worker>,
}

impl Fleet {
    /// Workers that are there and mine since block 1.
    pub fn new(workers: usize) -> Self {
        let worker = Worker {
            there: true,
            gone: None,
            noticed: false,
            first_seen: 1,
            idle: true,
            since: 1,
            answered: 0,
            answerable_from: 2,
            last_hit: 0,
            forfeited: 0,
            lowest_v: None,
        };
        Self {
            workers: vec![worker; workers],
        }
    }

    /// The worker of a session.
    pub fn worker(&mut self, session: u64) -> &mut Worker {
        &mut self.workers[session as usize]
    }

    /// A session has recovered in a block.
    pub fn recovered(&mut self, session: u64, asked: BlockNumber, block: BlockNumber, forfeited: Balance, v: u128) {
        let worker = self.worker(session);
        worker.idle = true;
        worker.answered = asked;
        worker.answerable_from = block + 1;
        worker.forfeited += forfeited;
        worker.lowest_v = Some(worker.lowest_v.map_or(v, |lowest| lowest.min(v)));
    }

    /// A session was reported in a block.
    pub fn reported(&mut self, session: u64, block: BlockNumber, forfeited: Balance) -> &mut Worker {
        let worker = self.worker(session);
        worker.idle = false;
        worker.since = block;
        worker.forfeited += forfeited;
        worker
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worker() -> Worker {
        Fleet::new(1).workers.remove(0)
    }

    #[test]
    fn a_worker_that_was_there_when_asked_could_answer() {
        let mut worker = worker();
        assert!(worker.could_answer(10, 29));
        worker.vanish(60, 10);
        assert!(worker.could_answer(10, 29));
        assert!(!worker.could_answer(11, 30));
    }

    #[test]
    fn a_worker_that_is_back_while_an_answer_is_in_time_could_answer() {
        let back_in = |block| {
            let mut worker = worker();
            worker.vanish(60, 9);
            worker.come_back(200, block);
            worker.could_answer(10, 29)
        };
        assert!(back_in(29));
        assert!(!back_in(30));
    }

    #[test]
    fn an_absence_is_unnoticed_until_it_is_reported() {
        let mut worker = worker();
        assert_eq!(worker.unnoticed(100, 20), None);
        worker.vanish(60, 10);
        let span = Span {
            secs: 40.0,
            blocks: 10.0,
            noticed: false,
        };
        assert_eq!(worker.unnoticed(100, 20), Some(span));
        worker.noticed = true;
        assert_eq!(worker.come_back(100, 20), None);
    }

    #[test]
    fn who_vanishes_while_its_session_is_absent_cannot_be_noticed() {
        let mut worker = worker();
        worker.idle = false;
        worker.vanish(60, 10);
        assert_eq!(worker.unnoticed(100, 20), None);
    }
}
