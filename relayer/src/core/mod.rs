//! The relayer's mind, without I/O.
//!
//! # How to use this
//!
//! Make a [`Relayer`], hand it every [`Event`] with the time at which it happened, and do every [`Action`] it returns.
//! Each action must be answered by one event, sooner or later. Between blocks, send [`Event::Tick`] a
//! few times a second: batches go out and timers run on it.
//!
//! Everything that matters is derived from the chain, but for one: which worker a pRuntime was whose key is lost. Therefore
//! the last keys are remembered ([`memory`]). Thus the relayer may be stopped and started at any moment: what an
//! earlier run sent may still be on its way, therefore nothing is submitted until [`START_GRACE_BLOCKS`] after the start.
//!
//! | state | leaves it when |
//! |---|---|
//! | Unreachable | the pRuntime answers |
//! | Preparing | it is known who it is, and evidence is made |
//! | Registering | the chain has the collateral that it judges the evidence with, and shows the registration of this instance |
//! | Benchmarking | the chain has the score |
//! | Ready | its operator starts it in a pool |
//! | Mining | its session ends or turns unresponsive, or its pRuntime is started again |
//! | Recovering | a sign of life was taken |
//! | Retired | the relayer is started again |

pub mod answering;
pub mod backoff;
pub mod chain_state;
pub mod collateral;
mod event;
pub mod former;
mod heartbeats;
mod lifecycle;
pub mod link;
pub mod memory;
pub mod outbox;
pub mod registration;
mod reports;
#[cfg(test)]
mod simulation;
pub mod state;
mod summary;
#[cfg(test)]
pub(crate) mod testing;
pub mod worker;

pub use event::{Action, BlockView, Event, Identity, Millis, Prepared, SubmissionId, SubmitError, WorkerConfig, WorkerId};
pub use memory::Remembered;
pub use state::{Phase, State};
pub use summary::{Explained, Totals, WorkerSummary};

use chain_state::ChainState;
use collateral::{DocumentId, Keeper, Settings, Wish};
use khala_primitives::{collateral::CollateralStatus, status::WorkerView, BlockNumber, WorkerPublicKey, H256};
use memory::Memory;
use outbox::Outbox;
use reports::ReportBox;
use std::collections::{BTreeMap, BTreeSet};
use worker::Worker;

/// Nothing is submitted until so many blocks after the start: as long as a submission of an earlier run may be under way
/// before it counts as lost.
pub const START_GRACE_BLOCKS: BlockNumber = 2;

/// What a submission was about.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Subject {
    /// A registration, a rebinding or a renewal.
    Registration(WorkerId),
    Document(DocumentId),
    Benchmark(WorkerId),
    Heartbeats,
    Report(WorkerPublicKey),
}

/// See the module's documentation.
#[derive(Debug)]
pub struct Relayer {
    genesis_hash: Option<H256>,
    chain: ChainState,
    /// Submissions are allowed from this head on.
    submit_from: Option<BlockNumber>,
    workers: BTreeMap<WorkerId, Worker>,
    outbox: Outbox,
    reports: ReportBox,
    collateral: Keeper,
    memory: Memory,
    subjects: BTreeMap<SubmissionId, Subject>,
    next_worker: u64,
    next_submission: u64,
}

impl Relayer {
    /// A relayer that knows nothing but how it keeps collateral, and the keys that an earlier run stored.
    pub fn new(settings: Settings, remembered: Vec<Remembered>) -> Self {
        Self {
            genesis_hash: None,
            chain: ChainState::default(),
            submit_from: None,
            workers: BTreeMap::new(),
            outbox: Outbox::default(),
            reports: ReportBox::default(),
            collateral: Keeper::new(settings),
            memory: Memory::new(remembered),
            subjects: BTreeMap::new(),
            next_worker: 0,
            next_submission: 0,
        }
    }

    /// Something happened at `now`; returns what shall be done.
    pub fn handle(&mut self, event: Event, now: Millis) -> Vec<Action> {
        match event {
            Event::Connected { genesis_hash, head } => self.connected(genesis_hash, head),
            Event::Block(block) => self.on_block(*block, now),
            Event::Configure(configs) => self.configure(configs, now),
            Event::Identity(worker, answer) => self.on_identity(worker, answer, now),
            Event::Evidence(worker, answer) => return self.on_evidence(worker, *answer, now),
            Event::Benchmark(worker, answer) => self.on_benchmark(worker, answer, now),
            Event::Heartbeat(worker, block, answer) => self.on_heartbeat(worker, block, answer, now),
            Event::Collateral(answer) => self.on_collateral(answer, now),
            Event::Fetched(source, id, answer) => self.collateral.fetched(source, &id, *answer, self.chain.now_secs(), now),
            Event::Submitted(id, outcome) => self.on_submitted(id, outcome, now),
            Event::Remembered(outcome) => self.memory.stored(outcome, now),
            Event::Tick => return self.on_tick(now),
        }
        self.assess(now);
        Vec::new()
    }

    /// The workers that the next [`BlockView`] shall be about, each once.
    pub fn known_workers(&self) -> Vec<WorkerPublicKey> {
        let keys: BTreeSet<_> = self.workers.values().flat_map(Worker::asked_keys).collect();
        keys.into_iter().collect()
    }

    /// The configuration of a worker.
    pub fn config(&self, id: WorkerId) -> Option<&WorkerConfig> {
        self.workers.get(&id).map(|worker| &worker.config)
    }

    /// Number of the newest block.
    pub fn head(&self) -> Option<BlockNumber> {
        self.chain.head()
    }

    /// The shell lets only one chain through, so a second node changes nothing.
    fn connected(&mut self, genesis_hash: H256, head: BlockNumber) {
        self.genesis_hash.get_or_insert(genesis_hash);
        self.submit_from.get_or_insert(head.saturating_add(START_GRACE_BLOCKS));
    }

    fn configure(&mut self, configs: Vec<WorkerConfig>, now: Millis) {
        let gone: Vec<_> = self
            .workers
            .values()
            .filter(|worker| !configs.contains(&worker.config))
            .map(|worker| worker.id)
            .collect();
        for id in gone {
            self.workers.remove(&id);
            self.outbox.remove(id);
        }
        for config in configs {
            if !self.workers.values().any(|worker| worker.config == config) {
                let id = WorkerId(self.next_worker);
                self.next_worker = self.next_worker.saturating_add(1);
                let remembered = self.memory.of(&config);
                self.workers.insert(id, Worker::new(id, config, remembered, now));
            }
        }
    }

    fn on_block(&mut self, block: BlockView, now: Millis) {
        self.chain.push(&block);
        let views: BTreeMap<_, _> = block.asked.iter().zip(block.view.workers).collect();
        for worker in self.workers.values_mut() {
            worker.former.learn(|key| views.get(key).cloned());
            let Some(key) = worker.key() else { continue };
            if let Some(view) = views.get(&key) {
                worker.learn(WorkerView::clone(view), &self.chain);
            }
            if worker.registration().is_some() {
                self.memory.learn(&worker.config, key);
            }
        }
        self.settle_heartbeats(now);
        let under_way = self.outbox.blocks();
        for worker in self.workers.values_mut() {
            if let Some(key) = worker.key() {
                let session = worker.session().cloned();
                let under_way = under_way.get(&worker.id).map_or(&[][..], Vec::as_slice);
                worker.answering.advance(&key, session.as_ref(), &self.chain, under_way);
            }
        }
        self.reports.overdue(block.overdue);
        self.need_collateral(now);
    }

    fn on_collateral(&mut self, answer: Result<CollateralStatus, String>, now: Millis) {
        self.collateral.learn(answer, now);
        self.need_collateral(now);
    }

    /// What the workers' evidence is judged with is needed.
    fn need_collateral(&mut self, now: Millis) {
        let families = self.workers.values().filter_map(|worker| worker.family(&self.collateral)).collect();
        self.collateral.need(families, now);
    }

    fn keep_collateral(&mut self, now: Millis) -> Vec<Action> {
        let (chain_secs, may_submit) = (self.chain.now_secs(), self.may_submit());
        let wishes = self.collateral.tick(chain_secs, may_submit, now);
        let action = |wish| match wish {
            Wish::AskChain => Action::AskCollateral,
            Wish::Fetch(source, id) => Action::Fetch(source, id),
            Wish::Submit(fetched) => Action::SubmitDocument(self.new_submission(Subject::Document(fetched.id.clone())), fetched),
        };
        wishes.into_iter().map(action).collect()
    }

    fn on_tick(&mut self, now: Millis) -> Vec<Action> {
        let mut actions = self.ask_identities(now);
        if self.chain.head().is_some() {
            actions.extend(self.keep_collateral(now));
            actions.extend(self.advance_lives(now));
            actions.extend(self.ask_heartbeats(now));
            actions.extend(self.send_heartbeats());
            actions.extend(self.send_reports());
        }
        actions.extend(self.memory.to_store(now).map(Action::Remember));
        self.assess(now);
        actions
    }

    fn on_submitted(&mut self, id: SubmissionId, outcome: Result<(), SubmitError>, now: Millis) {
        match (self.subjects.remove(&id), outcome) {
            (Some(Subject::Registration(worker)), outcome) => self.on_registration(worker, id, outcome, now),
            (Some(Subject::Document(id)), outcome) => {
                if let Err(error) = &outcome {
                    tracing::warn!(document = %id, error = error.reason(), "collateral did not reach the chain");
                }
                self.collateral.submitted(&id, outcome, now);
            }
            (Some(Subject::Benchmark(worker)), Err(error)) => self.note_error(worker, format!("benchmark_result: {}", error.reason()), now),
            (Some(Subject::Heartbeats), Err(error)) => self.on_heartbeats_failed(id, &error, now),
            (Some(Subject::Report(worker)), Err(error)) => {
                tracing::debug!(%worker, error = error.reason(), "an offline report was not taken")
            }
            (Some(Subject::Benchmark(_) | Subject::Heartbeats | Subject::Report(_)), Ok(())) | (None, _) => {}
        }
    }

    fn may_submit(&self) -> bool {
        matches!((self.chain.head(), self.submit_from), (Some(head), Some(from)) if head >= from)
    }

    fn new_submission(&mut self, subject: Subject) -> SubmissionId {
        let id = SubmissionId(self.next_submission);
        self.next_submission = self.next_submission.saturating_add(1);
        self.subjects.insert(id, subject);
        id
    }

    fn note_error(&mut self, worker: WorkerId, error: String, now: Millis) {
        if let Some(worker) = self.workers.get_mut(&worker) {
            tracing::warn!(worker = worker.config.name, error, "a step failed");
            worker.note_error(error, now);
        }
    }

    fn assess(&mut self, now: Millis) {
        for worker in self.workers.values_mut() {
            if worker.assess(&self.chain, now) {
                let phase = worker.life.phase();
                tracing::info!(
                    worker = worker.config.name,
                    state = phase.state.as_str(),
                    reason = phase.reason,
                    "state"
                );
            }
        }
    }
}
