//! Heartbeats of all workers: asking the pRuntimes, checking their answers, sending batches, seeing what the chain took.

use super::{outbox::Item, worker::Worker, Action, ChainState, Millis, Relayer, Subject, SubmitError, WorkerId};
use khala_primitives::{
    status::{SessionState, SessionStatus},
    BlockNumber, Challenge, Heartbeat, SignedHeartbeat, H256,
};
use sp_core::{sr25519, Pair};

/// What became of a heartbeat.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fate {
    /// The chain may still take it.
    Open,
    /// The chain took it.
    Taken,
    /// It came too late.
    Late,
    /// It means nothing any more: another branch, another session, another instance.
    Void,
}

impl Relayer {
    /// Asks each pRuntime for the answer that is due next.
    pub(super) fn ask_heartbeats(&mut self, now: Millis) -> Vec<Action> {
        let Self {
            workers, chain, outbox, ..
        } = self;
        let blocks = outbox.blocks();
        let away = workers.values().filter(|worker| worker.may_return(chain)).count();
        let questions = workers.values_mut().filter_map(|worker| {
            let (key, session) = (worker.key()?, worker.answerable_session()?.clone());
            let under_way = blocks.get(&worker.id).map_or(&[][..], Vec::as_slice);
            let question = match session.state {
                SessionState::Idle => worker.answering.next_hit(&session, chain, under_way, now)?,
                SessionState::Unresponsive { .. } if under_way.is_empty() => {
                    let registration = worker.registration()?.clone();
                    worker
                        .answering
                        .next_sign_of_life(&key, &session, &registration, chain, away, now)?
                }
                _ => return None,
            };
            let sample = question.sample && worker.step == super::worker::Step::None;
            Some(Action::AskHeartbeat {
                worker: worker.id,
                challenge: question.challenge,
                session: question.session,
                sample,
            })
        });
        questions.collect()
    }

    pub(super) fn on_heartbeat(&mut self, id: WorkerId, block: BlockNumber, answer: Result<SignedHeartbeat, String>, now: Millis) {
        let Some(genesis_hash) = self.genesis_hash else { return };
        let Some(worker) = self.workers.get_mut(&id) else { return };
        let checked = answer.and_then(|signed| {
            let challenge = self.chain.challenge(block).ok_or("its block was reorganised away")?;
            check(&signed, worker, &challenge, &genesis_hash).map(|()| signed)
        });
        match checked {
            Ok(signed) => {
                if worker.answering.answered(block).is_some() {
                    self.outbox.push(id, signed);
                }
            }
            Err(error) => {
                worker.answering.failed(block, now);
                worker.link.doubt();
                self.note_error(id, format!("heartbeat of block {block}: {error}"), now);
            }
        }
    }

    pub(super) fn send_heartbeats(&mut self) -> Vec<Action> {
        let (true, Some(head)) = (self.may_submit(), self.chain.head()) else {
            return Vec::new();
        };
        let (mut next, subjects) = (self.next_submission, &mut self.subjects);
        let batches = self.outbox.take_batches(head, || {
            let id = super::SubmissionId(next);
            next = next.saturating_add(1);
            subjects.insert(id, Subject::Heartbeats);
            id
        });
        self.next_submission = next;
        for item in batches.iter().flat_map(|(_, batch)| batch) {
            if let Some(worker) = self.workers.get_mut(&item.worker) {
                worker.counters.submitted = worker.counters.submitted.saturating_add(1);
            }
        }
        let heartbeats = |batch: Vec<Item>| batch.into_iter().map(|item| item.heartbeat).collect();
        batches
            .into_iter()
            .map(|(id, batch)| Action::SubmitHeartbeats(id, heartbeats(batch)))
            .collect()
    }

    /// After a block: what was taken, what is too late, what goes out again.
    pub(super) fn settle_heartbeats(&mut self, now: Millis) {
        let Self {
            workers, chain, outbox, ..
        } = self;
        let head = chain.head().unwrap_or_default();
        let fate = |item: &Item| {
            workers
                .get(&item.worker)
                .map_or(Fate::Void, |worker| fate(&item.heartbeat.heartbeat, worker.session(), chain))
        };
        let over = outbox.settle(head, |item| fate(item) != Fate::Open);
        let fates: Vec<_> = over.iter().map(fate).collect();
        for (item, fate) in over.into_iter().zip(fates) {
            if let Some(worker) = workers.get_mut(&item.worker) {
                settle(worker, &item, fate, chain, now);
            }
        }
    }

    pub(super) fn on_heartbeats_failed(&mut self, submission: super::SubmissionId, error: &SubmitError, now: Millis) {
        match error {
            SubmitError::Unsettled(reason) => tracing::debug!(reason, "a batch of heartbeats may not have reached the pool"),
            SubmitError::Refused(reason)
            | SubmitError::EvidenceRefused(reason)
            | SubmitError::ReboundRecently(reason)
            | SubmitError::NotReplaceable(reason) => {
                let Some(item) = self.outbox.refused(submission) else { return };
                if let Some(worker) = self.workers.get_mut(&item.worker) {
                    worker.answering.lost();
                }
                self.note_error(
                    item.worker,
                    format!("heartbeat of block {}: {reason}", item.heartbeat.heartbeat.block),
                    now,
                );
            }
        }
    }
}

/// Is this the answer to the challenge, by the worker that is asked, with its signature? A bad one would refuse the whole
/// batch and cost other workers theirs.
fn check(signed: &SignedHeartbeat, worker: &Worker, challenge: &Challenge, genesis_hash: &H256) -> Result<(), String> {
    let heartbeat = &signed.heartbeat;
    let (Some(key), Some(session)) = (worker.key(), worker.session()) else {
        return Err("its session is gone".into());
    };
    if heartbeat.worker != key
        || heartbeat.session_id != session.id
        || heartbeat.block != challenge.block
        || heartbeat.seed != challenge.seed
    {
        return Err("its pRuntime answered something else than it was asked".into());
    }
    if heartbeat.instance != session.instance {
        return Err("its pRuntime was started again and must be registered first".into());
    }
    let signature = sr25519::Signature::from_raw(signed.signature.0);
    if !sr25519::Pair::verify(&signature, heartbeat.message(genesis_hash), &sr25519::Public::from_raw(key.0)) {
        return Err("its pRuntime's signature is wrong".into());
    }
    Ok(())
}

fn fate(heartbeat: &Heartbeat, session: Option<&SessionStatus>, chain: &ChainState) -> Fate {
    let Some(session) = session.filter(|session| session.id == heartbeat.session_id && session.instance == heartbeat.instance) else {
        return Fate::Void;
    };
    let open = || match (chain.knows(heartbeat.block, &heartbeat.seed), chain.is_answerable(heartbeat.block)) {
        (true, true) => Fate::Open,
        (true, false) => Fate::Late,
        (false, _) if chain.challenge(heartbeat.block).is_some() => Fate::Void,
        (false, _) => Fate::Late,
    };
    match session.state {
        SessionState::Idle if session.answered >= heartbeat.block => Fate::Taken,
        SessionState::Idle if session.answerable_from > heartbeat.block => Fate::Void,
        SessionState::Unresponsive { .. } if session.since_block >= heartbeat.block => Fate::Late,
        SessionState::Idle | SessionState::Unresponsive { .. } => open(),
        SessionState::Ready | SessionState::CoolingDown { .. } => Fate::Void,
    }
}

fn settle(worker: &mut Worker, item: &Item, fate: Fate, chain: &ChainState, now: Millis) {
    let heartbeat = &item.heartbeat.heartbeat;
    let is_hit = chain
        .challenge(heartbeat.block)
        .is_none_or(|challenge| challenge.hits(&heartbeat.worker));
    let counters = &mut worker.counters;
    counters.retries = counters.retries.saturating_add(u64::from(item.tries.saturating_sub(1)));
    if matches!(fate, Fate::Late | Fate::Void) {
        worker.answering.sign_of_life_is_void();
    }
    match fate {
        Fate::Taken if is_hit => counters.answered = counters.answered.saturating_add(1),
        Fate::Taken => counters.recoveries = counters.recoveries.saturating_add(1),
        Fate::Late => {
            worker.answering.lost();
            worker.note_error(format!("the answer to block {} reached no block in time", heartbeat.block), now);
        }
        Fate::Void | Fate::Open => {}
    }
}
