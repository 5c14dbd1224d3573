//! What the relayer tells about itself: the values of `relayer_workers` and `relayer_explain`, and the metrics' totals.

use super::{collateral::CollateralSummary, worker::Worker, Millis, Phase, Relayer, State};
use khala_primitives::{status::SessionState, AccountId32, BlockNumber, ConfidenceLevel, Instance, PoolId, SessionId, WorkerPublicKey};
use serde::Serialize;

/// One worker, as `relayer_workers` shows it. Counters run since the relayer started.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkerSummary {
    /// The site's name for it.
    pub name: String,
    /// Its name on the chain, once known.
    pub worker: Option<WorkerPublicKey>,
    /// Address of its pRuntime.
    pub endpoint: String,
    /// Its operator.
    pub operator: AccountId32,
    /// State, reason, since when.
    #[serde(flatten)]
    pub phase: Phase,
    /// When something is tried again, in seconds since 1970.
    pub next_try: Option<u64>,
    /// The run of its pRuntime.
    pub instance: Option<Instance>,
    /// Its pool.
    pub pool: Option<PoolId>,
    /// Its session.
    pub session: Option<SessionId>,
    /// Its session's state, as the chain says.
    pub session_state: Option<SessionState>,
    /// Its confidence level.
    pub confidence_level: Option<ConfidenceLevel>,
    /// Its score.
    pub score: Option<u32>,
    /// End of its lease, in seconds since 1970.
    pub lease_end_secs: Option<u64>,
    /// Renewals left.
    pub renewals_left: Option<u32>,
    /// Why the chain refused its newest renewal, or ended its lease.
    pub refused: Option<String>,
    /// The lost key that its key shall take the place of.
    pub replaces: Option<WorkerPublicKey>,
    /// Why the chain does not let it yet.
    pub rebinding_refused: Option<String>,
    /// Lost keys that the chain replaced.
    pub rebindings: u64,
    /// What must happen before it can be registered or renewed.
    pub hold: Option<String>,
    /// Challenges that hit it while it was mining: answered, not answered, and those that can still be.
    pub asked: u64,
    /// Of them, those whose answer the chain took.
    pub answered: u64,
    /// Of them, those that were not answered in time, or passed over for a newer one.
    pub missed: u64,
    /// Signs of life that the chain took.
    pub recoveries: u64,
    /// Heartbeats sent, each time counted.
    pub heartbeats_submitted: u64,
    /// Heartbeats that the chain has taken in this session, by whomever sent.
    pub heartbeats_on_chain: Option<u32>,
    /// Submissions sent again.
    pub retries: u64,
    /// The last thing that went wrong.
    pub last_error: Option<LastError>,
}

/// The last thing that went wrong.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LastError {
    /// What.
    pub message: String,
    /// When, in seconds since 1970.
    pub at: u64,
}

/// One worker, as `relayer_explain` shows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explained {
    /// What `relayer_workers` shows.
    #[serde(flatten)]
    pub summary: WorkerSummary,
    /// Its former states, the last one first.
    pub history: Vec<Phase>,
    /// Blocks of challenges that its pRuntime has still to answer.
    pub pending_blocks: Vec<BlockNumber>,
    /// Blocks of challenges whose answers are on their way into a block.
    pub under_way_blocks: Vec<BlockNumber>,
    /// The relayer's best block.
    pub head: Option<BlockNumber>,
}

/// Sums for the metrics.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Totals {
    /// Workers in each state.
    pub workers: Vec<(State, u64)>,
    /// Offline reports sent.
    pub reports: u64,
    /// The best block.
    pub head: Option<BlockNumber>,
}

impl Relayer {
    /// All workers, in the configuration's order.
    pub fn summaries(&self) -> Vec<WorkerSummary> {
        let under_way = self.outbox.blocks();
        let summary = |worker: &Worker| self.summary(worker, under_way.get(&worker.id).map_or(0, Vec::len));
        self.workers.values().map(summary).collect()
    }

    /// One worker, by its name or its key.
    pub fn explain(&self, name_or_key: &str) -> Option<Explained> {
        let key = name_or_key.parse::<WorkerPublicKey>().ok();
        let worker = self
            .workers
            .values()
            .find(|worker| worker.config.name == name_or_key || (key.is_some() && worker.key() == key))?;
        let under_way_blocks = self.outbox.blocks().remove(&worker.id).unwrap_or_default();
        Some(Explained {
            summary: self.summary(worker, under_way_blocks.len()),
            history: worker.life.history().cloned().collect(),
            pending_blocks: worker.answering.pending(),
            under_way_blocks,
            head: self.chain.head(),
        })
    }

    /// All about collateral.
    pub fn collateral_summary(&self, now: Millis) -> CollateralSummary {
        self.collateral.summary(self.chain.now_secs(), now)
    }

    /// Sums over all workers.
    pub fn totals(&self) -> Totals {
        let count = |state| self.workers.values().filter(|worker| worker.life.phase().state == state).count() as u64;
        Totals {
            workers: State::ALL.into_iter().map(|state| (state, count(state))).collect(),
            reports: self.reports.count(),
            head: self.chain.head(),
        }
    }

    /// What somebody should look at: lost keys that wait, and keys that could not be stored.
    pub fn troubles(&self) -> Vec<String> {
        let of_worker = |worker: &Worker| {
            let (refused, replaced) = (worker.rebinding_refused()?, worker.to_replace()?);
            let name = &worker.config.name;
            Some(format!(
                "the worker {name} lost its key {}, and the chain does not let it be replaced yet: {refused}",
                replaced.key
            ))
        };
        let storing = self
            .memory
            .problem()
            .map(|problem| format!("the workers' keys are not stored: {problem}"));
        self.workers.values().filter_map(of_worker).chain(storing).collect()
    }

    fn summary(&self, worker: &Worker, under_way: usize) -> WorkerSummary {
        let (registration, session) = (worker.registration(), worker.session());
        let open = under_way.saturating_add(worker.answering.pending().len()) as u64;
        let is_idle = session.is_some_and(|session| session.state == SessionState::Idle);
        let counters = &worker.counters;
        WorkerSummary {
            name: worker.config.name.clone(),
            worker: worker.key(),
            endpoint: worker.config.endpoint.clone(),
            operator: worker.config.operator.clone(),
            phase: worker.life.phase().clone(),
            next_try: worker.next_try().map(|at| at / 1000),
            instance: worker.link.identity().map(|identity| identity.instance),
            pool: session.map(|session| session.pool),
            session: session.map(|session| session.id),
            session_state: session.map(|session| session.state),
            confidence_level: registration.map(|registration| registration.confidence_level),
            score: registration.and_then(|registration| registration.score),
            lease_end_secs: registration.map(|registration| registration.lease_end_secs),
            renewals_left: registration.map(|registration| registration.renewals_left),
            refused: registration.and_then(|registration| registration.refused.clone()),
            replaces: worker.to_replace().map(|replaced| replaced.key),
            rebinding_refused: worker.rebinding_refused().map(Into::into),
            rebindings: counters.rebindings,
            hold: worker.hold.clone(),
            asked: counters
                .answered
                .saturating_add(worker.answering.missed())
                .saturating_add(if is_idle { open } else { 0 }),
            answered: counters.answered,
            missed: worker.answering.missed(),
            recoveries: counters.recoveries,
            heartbeats_submitted: counters.submitted,
            heartbeats_on_chain: session.map(|session| session.heartbeats),
            retries: counters.retries,
            last_error: worker.last_error.clone().map(|(message, at)| LastError { message, at: at / 1000 }),
        }
    }
}
