//! One worker's hits: from the challenge to its pRuntime's signature, and the signs of life that end an absence.

use super::{backoff::Backoff, chain_state::ChainState, Millis};
use khala_primitives::{
    status::{Absence, RegistrationStatus, SessionState, SessionStatus},
    BlockNumber, Challenge, SessionId, WorkerPublicKey, MAX_BATCH,
};
use std::collections::VecDeque;

/// A sign of life is tried at most once in so many blocks, and the chain takes one that is so far from the last answer
/// (`design/mining.md`, Sessions).
pub const RECOVERY_SPACING_BLOCKS: BlockNumber = 10;

/// What a pRuntime is working on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Asked {
    challenge: Challenge,
    recovery: bool,
}

/// What shall be asked of the pRuntime.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Question {
    /// The challenge to answer.
    pub challenge: Challenge,
    /// The session.
    pub session: SessionId,
    /// With a speed sample: not in a hurry, and not to end an absence.
    pub sample: bool,
}

/// See the module's documentation.
#[derive(Debug)]
pub struct Answering {
    /// Hits that were not given to the pRuntime yet, oldest first.
    queue: VecDeque<Challenge>,
    asked: Option<Asked>,
    /// Hits up to this block are known.
    seen: BlockNumber,
    /// When the next sign of life may be given, while the session is absent.
    recovery_at: Option<BlockNumber>,
    backoff: Backoff,
    /// Hits that got too old, or were passed over for newer ones.
    missed: u64,
}

impl Default for Answering {
    /// A worker that was not asked anything.
    fn default() -> Self {
        Self {
            queue: VecDeque::new(),
            asked: None,
            seen: 0,
            recovery_at: None,
            backoff: Backoff::new(500, 4_000),
            missed: 0,
        }
    }
}

impl Answering {
    /// A new head is there: takes in the hits of `worker` while its session is idle. `under_way`: blocks whose answers
    /// are in the outbox.
    pub fn advance(&mut self, worker: &WorkerPublicKey, session: Option<&SessionStatus>, chain: &ChainState, under_way: &[BlockNumber]) {
        let head = chain.head().unwrap_or_default();
        let Some(session) = session.filter(|session| session.state == SessionState::Idle) else {
            self.queue.clear();
            self.seen = head;
            return;
        };
        self.recovery_at = None;
        let first = session.answerable_from.max(session.answered.saturating_add(1));
        let before = self.queue.len();
        self.queue.retain(|hit| chain.knows(hit.block, &hit.seed) && hit.block >= first);
        let live = self.queue.len();
        self.queue.retain(|hit| chain.is_answerable(hit.block));
        self.missed = self.missed.saturating_add((live - self.queue.len()) as u64);
        // After a reorganisation old numbers have new challenges.
        let reorganised = head <= self.seen || live < before;
        let unseen = if reorganised {
            first
        } else {
            first.max(self.seen.saturating_add(1))
        };
        for hit in chain.hits(worker, unseen) {
            let is_known =
                under_way.contains(&hit.block) || self.asked.is_some_and(|asked| asked.challenge == hit) || self.queue.contains(&hit);
            if !is_known {
                self.queue.push_back(hit);
            }
        }
        self.queue.make_contiguous().sort_by_key(|hit| hit.block);
        self.seen = head;
    }

    /// The next hit to answer. One at a time and in order, so that each answer counts; but when the oldest is late already,
    /// the newest alone, because it settles for all before it.
    pub fn next_hit(&mut self, session: &SessionStatus, chain: &ChainState, under_way: &[BlockNumber], now: Millis) -> Option<Question> {
        let fresh = chain.blocks_left(chain.head()?);
        let is_late = |block: BlockNumber| chain.blocks_left(block) < fresh / 4 * 3;
        let is_urgent = |block: BlockNumber| chain.blocks_left(block) < fresh / 2;
        let blocked = under_way.iter().min().is_some_and(|oldest| !is_urgent(*oldest));
        if self.asked.is_some() || blocked || !self.backoff.is_due(now) || session.state != SessionState::Idle {
            return None;
        }
        let oldest = *self.queue.front()?;
        let challenge = if is_late(oldest.block) {
            let newest = self.queue.pop_back()?;
            self.missed = self.missed.saturating_add(self.queue.len() as u64);
            self.queue.clear();
            newest
        } else {
            self.queue.pop_front()?
        };
        self.asked = Some(Asked {
            challenge,
            recovery: false,
        });
        let sample = self.queue.is_empty() && !is_late(oldest.block);
        Some(Question {
            challenge,
            session: session.id,
            sample,
        })
    }

    /// The sign of life that brings an absent session back, when it is time for it. With jitter when many are `away`, so that an
    /// outage does not end with everybody at once.
    pub fn next_sign_of_life(
        &mut self,
        worker: &WorkerPublicKey,
        session: &SessionStatus,
        registration: &RegistrationStatus,
        chain: &ChainState,
        away: usize,
        now: Millis,
    ) -> Option<Question> {
        if !may_return(session, registration, chain) {
            return None;
        }
        let head = chain.head()?;
        let at = *self
            .recovery_at
            .get_or_insert(head.saturating_add(jitter(worker, session.since_block, away)));
        if self.asked.is_some() || head < at || !self.backoff.is_due(now) {
            return None;
        }
        let after = session
            .since_block
            .max(session.answered.saturating_add(RECOVERY_SPACING_BLOCKS).saturating_sub(1));
        let challenge = chain.newest_challenge(after)?;
        self.recovery_at = Some(head.saturating_add(RECOVERY_SPACING_BLOCKS));
        self.asked = Some(Asked { challenge, recovery: true });
        Some(Question {
            challenge,
            session: session.id,
            sample: false,
        })
    }

    /// The pRuntime answered the challenge of `block`: returns the challenge, when it was asked for it.
    pub fn answered(&mut self, block: BlockNumber) -> Option<Challenge> {
        let asked = self.asked.take_if(|asked| asked.challenge.block == block)?;
        self.backoff.reset();
        Some(asked.challenge)
    }

    /// The pRuntime failed to answer the challenge of `block`; it is asked again later.
    pub fn failed(&mut self, block: BlockNumber, now: Millis) {
        let Some(asked) = self.asked.take_if(|asked| asked.challenge.block == block) else {
            return;
        };
        self.backoff.failed(now);
        if asked.recovery {
            self.recovery_at = None;
        } else {
            self.queue.push_front(asked.challenge);
        }
    }

    /// A hit's answer did not get into a block in time.
    pub fn lost(&mut self) {
        self.missed = self.missed.saturating_add(1);
    }

    /// A sign of life did not get into a block and cannot any more: the next one need not keep its distance from it.
    pub fn sign_of_life_is_void(&mut self) {
        self.recovery_at = None;
    }

    /// Hits that wait for the pRuntime or are with it.
    pub fn pending(&self) -> Vec<BlockNumber> {
        let asked = self.asked.iter().filter(|asked| !asked.recovery).map(|asked| asked.challenge.block);
        asked.chain(self.queue.iter().map(|hit| hit.block)).collect()
    }

    /// Hits that were not answered in time.
    pub fn missed(&self) -> u64 {
        self.missed
    }

    /// The block from which on a sign of life is given.
    pub fn recovery_at(&self) -> Option<BlockNumber> {
        self.recovery_at
    }
}

/// Is the session absent, and does the chain take a sign of life for it?
pub fn may_return(session: &SessionStatus, registration: &RegistrationStatus, chain: &ChainState) -> bool {
    match session.state {
        SessionState::Unresponsive { cause } => match cause {
            Absence::LeaseLapsed => registration.lease_end_secs > chain.now_secs(),
            Absence::Maintenance => session.resumed,
            Absence::Offline | Absence::Rebinding => true,
        },
        SessionState::Ready | SessionState::Idle | SessionState::CoolingDown { .. } => false,
    }
}

/// Blocks to wait before the first sign of life: none while all who are away fit into one batch, else spread over as many blocks as
/// they have batches, at most the spacing. The same at every ask.
fn jitter(worker: &WorkerPublicKey, since: BlockNumber, away: usize) -> BlockNumber {
    let WorkerPublicKey([byte, ..]) = worker;
    let batches = away.div_ceil(MAX_BATCH as usize);
    let spread = BlockNumber::try_from(batches).map_or(RECOVERY_SPACING_BLOCKS, |batches| batches.clamp(1, RECOVERY_SPACING_BLOCKS));
    (u32::from(*byte) ^ since) % spread
}

#[cfg(test)]
mod tests {
    use super::super::testing::{block, challenge_for_all, challenge_for_none, registration, session};
    use super::*;

    const WORKER: WorkerPublicKey = WorkerPublicKey([3; 32]);
    /// So many are away that their signs of life are spread over the whole spacing.
    const MANY: usize = 640;

    fn chain(from: BlockNumber, to: BlockNumber, hit: impl Fn(BlockNumber) -> bool) -> ChainState {
        let mut chain = ChainState::default();
        for number in from..=to {
            chain.push(&block(
                number,
                0,
                from,
                Some(if hit(number) {
                    challenge_for_all(number, 0)
                } else {
                    challenge_for_none(number)
                }),
            ));
        }
        chain
    }

    fn idle() -> SessionStatus {
        session(1, SessionState::Idle)
    }

    fn offline(since: BlockNumber) -> SessionStatus {
        SessionStatus {
            since_block: since,
            ..session(1, SessionState::Unresponsive { cause: Absence::Offline })
        }
    }

    #[test]
    fn hits_are_answered_one_by_one_and_in_order() {
        let chain = chain(1, 9, |number| number >= 8);
        let mut answering = Answering::default();
        answering.advance(&WORKER, Some(&idle()), &chain, &[]);
        assert_eq!(answering.pending(), [8, 9]);
        let first = answering.next_hit(&idle(), &chain, &[], 0).unwrap();
        assert_eq!((first.challenge.block, first.sample), (8, false));
        assert!(answering.next_hit(&idle(), &chain, &[], 0).is_none());
        assert!(answering.answered(7).is_none() && answering.answered(8).is_some());
        assert!(answering.next_hit(&idle(), &chain, &[8], 0).is_none(), "8 is under way");
        let second = answering.next_hit(&idle(), &chain, &[], 0).unwrap();
        assert_eq!((second.challenge.block, second.sample), (9, true));
    }

    #[test]
    fn a_hit_is_taken_once_however_often_a_head_is_seen() {
        let chain = chain(1, 9, |number| number == 9);
        let mut answering = Answering::default();
        for _ in 0..3 {
            answering.advance(&WORKER, Some(&idle()), &chain, &[]);
        }
        assert_eq!(answering.pending(), [9]);
        answering.next_hit(&idle(), &chain, &[], 0);
        answering.advance(&WORKER, Some(&idle()), &chain, &[]);
        assert_eq!(answering.pending(), [9]);
        answering.answered(9);
        answering.advance(&WORKER, Some(&idle()), &chain, &[9]);
        assert!(answering.pending().is_empty());
    }

    #[test]
    fn what_is_answered_or_void_is_not_answered_again() {
        let chain = chain(1, 9, |_| true);
        let mut answering = Answering::default();
        let status = SessionStatus {
            answered: 5,
            answerable_from: 8,
            ..idle()
        };
        answering.advance(&WORKER, Some(&status), &chain, &[]);
        assert_eq!(answering.pending(), [8, 9]);
        answering.advance(&WORKER, Some(&SessionStatus { answered: 8, ..idle() }), &chain, &[]);
        assert_eq!(answering.pending(), [9]);
    }

    #[test]
    fn when_answers_take_too_long_the_newest_goes_alone() {
        // Window 20, head 30: a hit of block 11 has no block left, one of block 29 has 18.
        let chain = chain(1, 30, |number| number == 11 || number == 20 || number == 29);
        let mut answering = Answering::default();
        answering.advance(&WORKER, Some(&idle()), &chain, &[]);
        assert_eq!(answering.pending(), [11, 20, 29]);
        assert_eq!(answering.next_hit(&idle(), &chain, &[], 0).unwrap().challenge.block, 29);
        assert_eq!((answering.pending(), answering.missed()), (vec![29], 2));
    }

    #[test]
    fn an_old_answer_under_way_does_not_hold_up_a_new_one() {
        let chain = chain(1, 30, |number| number == 29);
        let mut answering = Answering::default();
        answering.advance(&WORKER, Some(&idle()), &chain, &[12]);
        assert_eq!(answering.next_hit(&idle(), &chain, &[12], 0).unwrap().challenge.block, 29);
    }

    #[test]
    fn hits_that_get_too_old_are_counted() {
        let mut answering = Answering::default();
        answering.advance(&WORKER, Some(&idle()), &chain(1, 5, |number| number == 5), &[]);
        answering.advance(&WORKER, Some(&idle()), &chain(5, 24, |number| number == 5), &[]);
        assert_eq!((answering.pending(), answering.missed()), (vec![5], 0));
        answering.advance(&WORKER, Some(&idle()), &chain(5, 25, |number| number == 5), &[]);
        assert_eq!((answering.pending(), answering.missed()), (vec![], 1));
    }

    #[test]
    fn after_a_reorganisation_the_new_branch_counts() {
        let mut state = chain(1, 10, |number| number == 10);
        let mut answering = Answering::default();
        answering.advance(&WORKER, Some(&idle()), &state, &[]);
        state.push(&block(9, 1, 1, Some(challenge_for_all(9, 1))));
        answering.advance(&WORKER, Some(&idle()), &state, &[]);
        assert_eq!((answering.pending(), answering.missed()), (vec![9], 0));
        assert_eq!(
            answering.next_hit(&idle(), &state, &[], 0).unwrap().challenge,
            challenge_for_all(9, 1)
        );
    }

    #[test]
    fn a_failed_answer_is_asked_for_again_after_a_while() {
        let chain = chain(1, 9, |number| number == 9);
        let mut answering = Answering::default();
        answering.advance(&WORKER, Some(&idle()), &chain, &[]);
        answering.next_hit(&idle(), &chain, &[], 0).unwrap();
        answering.failed(9, 0);
        assert!(answering.next_hit(&idle(), &chain, &[], 499).is_none());
        assert_eq!(answering.next_hit(&idle(), &chain, &[], 500).unwrap().challenge.block, 9);
    }

    #[test]
    fn nothing_is_answered_without_an_idle_session() {
        let chain = chain(1, 9, |_| true);
        let mut answering = Answering::default();
        for status in [None, Some(session(1, SessionState::Ready)), Some(offline(1))] {
            answering.advance(&WORKER, status.as_ref(), &chain, &[]);
            assert!(answering.pending().is_empty());
        }
        assert!(answering.next_hit(&offline(1), &chain, &[], 0).is_none());
    }

    #[test]
    fn an_absence_ends_with_one_sign_of_life_in_ten_blocks_after_its_jitter() {
        let mut answering = Answering::default();
        let status = offline(30);
        let mut tried = Vec::new();
        for head in 31..=70 {
            let chain = chain(head - 15, head, |_| false);
            if let Some(question) = answering.next_sign_of_life(&WORKER, &status, &registration(1, 10_000), &chain, MANY, 0) {
                assert!(question.challenge.block == head && !question.sample);
                answering.answered(head).unwrap();
                tried.push(head);
            }
        }
        let first = 31 + jitter(&WORKER, 30, MANY);
        assert_eq!(
            tried,
            (0..)
                .map(|round| first + 10 * round)
                .take_while(|head| *head <= 70)
                .collect::<Vec<_>>()
        );
    }

    #[test]
    fn a_new_key_gives_a_sign_of_life_as_after_an_absence_whatever_its_lease() {
        let cause = Absence::Rebinding;
        let status = SessionStatus {
            since_block: 59,
            answered: 50,
            ..session(1, SessionState::Unresponsive { cause })
        };
        for (head, expected) in [(59, None), (60, Some(60)), (61, Some(61))] {
            let mut answering = Answering {
                recovery_at: Some(0),
                ..Answering::default()
            };
            let sign = answering.next_sign_of_life(&WORKER, &status, &registration(1, 10), &chain(45, head, |_| false), 1, 0);
            assert_eq!(sign.map(|question| question.challenge.block), expected);
        }
    }

    #[test]
    fn a_lapsed_lease_comes_back_only_once_it_lives_again() {
        let status = session(
            1,
            SessionState::Unresponsive {
                cause: Absence::LeaseLapsed,
            },
        );
        let chain = chain(40, 60, |_| false);
        // The test chain's block n is of second n.
        for (end, expected) in [(60, false), (61, true)] {
            let mut answering = Answering {
                recovery_at: Some(0),
                ..Answering::default()
            };
            let sign = answering.next_sign_of_life(&WORKER, &status, &registration(1, end), &chain, 1, 0);
            assert_eq!(sign.is_some(), expected);
        }
    }

    #[test]
    fn a_sign_of_life_keeps_its_distance_from_the_last_answer() {
        let status = SessionStatus {
            answered: 55,
            ..offline(30)
        };
        for (head, expected) in [(64, None), (65, Some(65))] {
            let mut answering = Answering {
                recovery_at: Some(0),
                ..Answering::default()
            };
            let sign = answering.next_sign_of_life(&WORKER, &status, &registration(1, 10_000), &chain(50, head, |_| false), 1, 0);
            assert_eq!(sign.map(|question| question.challenge.block), expected);
        }
    }

    #[test]
    fn a_paused_worker_comes_back_only_after_it_was_resumed_and_then_at_once() {
        let paused = |resumed| SessionStatus {
            since_block: 59,
            resumed,
            ..session(
                1,
                SessionState::Unresponsive {
                    cause: Absence::Maintenance,
                },
            )
        };
        let ask = |answering: &mut Answering, head, resumed| {
            let chain = chain(45, head, |_| true);
            let sign = answering.next_sign_of_life(&WORKER, &paused(resumed), &registration(1, 10_000), &chain, 1, 0);
            sign.map(|question| question.challenge.block)
        };
        let mut answering = Answering::default();
        assert_eq!(ask(&mut answering, 60, false), None);
        assert_eq!(answering.recovery_at(), None);
        assert_eq!(ask(&mut answering, 59, true), None, "the block of the resumption does not count");
        assert_eq!(ask(&mut answering, 60, true), Some(60));
    }

    #[test]
    fn a_sign_of_life_that_is_void_is_followed_by_another_at_once() {
        let mut answering = Answering::default();
        let ask = |answering: &mut Answering, head| {
            let chain = chain(head - 15, head, |_| false);
            let sign = answering.next_sign_of_life(&WORKER, &offline(30), &registration(1, 10_000), &chain, 1, 0);
            sign.map(|question| question.challenge.block)
        };
        assert_eq!(ask(&mut answering, 40), Some(40));
        answering.answered(40).unwrap();
        assert_eq!(ask(&mut answering, 41), None);
        answering.sign_of_life_is_void();
        assert_eq!(ask(&mut answering, 41), Some(41));
    }

    #[test]
    fn jitter_spreads_many_workers_over_the_spacing_and_a_batch_of_them_not_at_all() {
        let spread = |away| {
            let blocks: std::collections::BTreeSet<_> = (0..=255).map(|byte| jitter(&WorkerPublicKey([byte; 32]), 77, away)).collect();
            (blocks.len() as u32, blocks.last().copied())
        };
        assert_eq!(spread(0), (1, Some(0)));
        assert_eq!(spread(64), (1, Some(0)));
        assert_eq!(spread(65), (2, Some(1)));
        for away in [577, 640, 641, usize::MAX] {
            assert_eq!(spread(away), (RECOVERY_SPACING_BLOCKS, Some(RECOVERY_SPACING_BLOCKS - 1)), "{away}");
        }
    }
}
