//! The last answers, so that asking again gives the same bytes.

use khala_primitives::{BlockNumber, Seed, SessionId, SignedHeartbeat};
use std::collections::VecDeque;

/// Answers kept: more than a HeartbeatWindow with a fork at every block.
pub(super) const KEPT: usize = 128;

/// What a heartbeat answers. A fork's block of the same number has another seed and is another question.
pub(super) type Question = (SessionId, BlockNumber, Seed);

/// A ring of the last answers.
#[derive(Default)]
pub(super) struct Answers {
    ring: VecDeque<SignedHeartbeat>,
}

impl Answers {
    /// The answer that was given to this question, if it is still known.
    pub(super) fn find(&self, question: &Question) -> Option<SignedHeartbeat> {
        self.ring.iter().rev().find(|known| question_of(known) == *question).copied()
    }

    /// Keeps an answer; the oldest gives way.
    pub(super) fn keep(&mut self, answer: SignedHeartbeat) {
        if self.ring.len() >= KEPT {
            self.ring.pop_front();
        }
        self.ring.push_back(answer);
    }
}

fn question_of(answer: &SignedHeartbeat) -> Question {
    (answer.heartbeat.session_id, answer.heartbeat.block, answer.heartbeat.seed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use khala_primitives::{Heartbeat, Instance, WorkerPublicKey, WorkerSignature, H256};

    fn answer(block: BlockNumber) -> SignedHeartbeat {
        SignedHeartbeat {
            heartbeat: Heartbeat {
                worker: WorkerPublicKey([1; 32]),
                session_id: 1,
                instance: Instance([2; 16]),
                block,
                seed: H256::zero(),
                iterations: 0,
                elapsed_ms: 0,
            },
            signature: WorkerSignature([0; 64]),
        }
    }

    #[test]
    fn the_oldest_answer_gives_way_when_the_ring_is_full() {
        let mut answers = Answers::default();
        (0..KEPT as u32).for_each(|block| answers.keep(answer(block)));
        assert_eq!(answers.find(&(1, 0, H256::zero())), Some(answer(0)));
        answers.keep(answer(KEPT as u32));
        assert_eq!(answers.find(&(1, 0, H256::zero())), None);
        assert_eq!(answers.find(&(1, 1, H256::zero())), Some(answer(1)));
        assert_eq!(answers.find(&(1, KEPT as u32, H256::zero())), Some(answer(KEPT as u32)));
    }
}
