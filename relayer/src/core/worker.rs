//! One worker: what is known of it, what it waits for, and the state that follows from both.

use super::{
    answering::{self, Answering},
    backoff::Backoff,
    chain_state::ChainState,
    collateral::{Family, Keeper},
    former::{Former, Replaced},
    link::{Link, Trouble},
    registration::{self, Need, Way},
    state::{Life, State},
    Identity, Millis, SubmissionId, WorkerConfig, WorkerId,
};
use khala_primitives::{
    status::{Absence, BenchmarkRequest, RegistrationStatus, SessionState, SessionStatus, WorkerView},
    BenchmarkResult, BlockNumber, Freshness, WorkerPublicKey, WorkerSignature,
};

/// A registration that was there for so many blocks does not vanish by a reorganisation, as a rule.
const SETTLED_AFTER_BLOCKS: BlockNumber = 10;
/// A worker whose settled registration is gone for so many blocks was retired.
const RETIRED_AFTER_BLOCKS: BlockNumber = 20;
/// A registration that was in a block must show up in the chain's answers within so many blocks.
const REGISTRATION_SHOWS_WITHIN_BLOCKS: BlockNumber = 20;
/// So often a benchmark's result is sent; then its time is over.
const BENCHMARK_TRIES: u32 = 5;

/// The step of preparation that a worker is in; one at a time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// Nothing to wait for.
    None,
    /// Its pRuntime makes evidence.
    Evidence {
        /// As fresh as this block.
        freshness: Freshness,
        /// What for.
        need: Need,
    },
    /// The registration, the rebinding or the renewal is with the node.
    Registration {
        /// The submission.
        id: SubmissionId,
        /// The evidence's freshness.
        freshness: Freshness,
        /// What for.
        need: Need,
        /// By which call.
        way: Way,
    },
    /// The registration was in a block and shall show up in the chain's answers.
    Registered {
        /// The evidence's freshness.
        freshness: Freshness,
        /// The head at that time.
        since: BlockNumber,
    },
    /// Its pRuntime works for the benchmark.
    Benchmark(BenchmarkRequest),
    /// The benchmark's result goes to the chain.
    Result {
        /// What was done.
        result: BenchmarkResult,
        /// The IdentityKey's signature over it.
        signature: WorkerSignature,
        /// The head when it was last sent.
        sent_at: Option<BlockNumber>,
        /// Times that it was sent.
        tries: u32,
    },
}

/// Counters of a worker, since the relayer started.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counters {
    /// Hits whose answers the chain took.
    pub answered: u64,
    /// Signs of life that the chain took.
    pub recoveries: u64,
    /// Heartbeats sent, each time counted.
    pub submitted: u64,
    /// Heartbeats and other submissions sent again.
    pub retries: u64,
    /// Lost keys that the chain replaced.
    pub rebindings: u64,
}

/// See the module's documentation.
#[derive(Debug)]
pub struct Worker {
    /// Its number.
    pub id: WorkerId,
    /// As configured.
    pub config: WorkerConfig,
    /// Its pRuntime.
    pub link: Link,
    /// What the chain says of it; `None` until it was asked.
    pub chain: Option<WorkerView>,
    /// What it waits for.
    pub step: Step,
    /// Its hits.
    pub answering: Answering,
    /// Tries to register it.
    pub registering: Backoff,
    /// Renewals whose evidence the chain refused: each spends a token.
    pub refusals: Backoff,
    /// Its lost keys.
    pub former: Former,
    /// What must happen before it can be registered or renewed.
    pub hold: Option<String>,
    /// Tries of its benchmark.
    pub benchmarking: Backoff,
    /// The benchmark that was given up, by its block.
    pub benchmark_over: Option<BlockNumber>,
    /// When its registration was last seen to arrive, in seconds since 1970.
    pub renewed_secs: Option<u64>,
    /// Its state.
    pub life: Life,
    /// Its counters.
    pub counters: Counters,
    /// The last thing that went wrong, and when.
    pub last_error: Option<(String, Millis)>,
    /// What its evidence is judged with, once it made some.
    family: Option<Family>,
    registered_since: Option<BlockNumber>,
    vanished_at: Option<BlockNumber>,
}

impl Worker {
    /// A worker that was just configured. `remembered`: its last key that the chain knew.
    pub fn new(id: WorkerId, config: WorkerConfig, remembered: Option<WorkerPublicKey>, now: Millis) -> Self {
        Self {
            id,
            former: Former::new(config.replaces, remembered),
            config,
            link: Link::default(),
            chain: None,
            step: Step::None,
            answering: Answering::default(),
            registering: Backoff::new(2_000, 60_000),
            refusals: Backoff::new(15_000, 900_000),
            hold: None,
            family: None,
            benchmarking: Backoff::new(2_000, 30_000),
            benchmark_over: None,
            renewed_secs: None,
            life: Life::new(now),
            counters: Counters::default(),
            last_error: None,
            registered_since: None,
            vanished_at: None,
        }
    }

    /// Its name on the chain, once its pRuntime has told it.
    pub fn key(&self) -> Option<WorkerPublicKey> {
        self.link.identity().and_then(|identity| identity.key)
    }

    /// Its registration.
    pub fn registration(&self) -> Option<&RegistrationStatus> {
        self.chain.as_ref().and_then(|view| view.registration.as_ref())
    }

    /// Its session.
    pub fn session(&self) -> Option<&SessionStatus> {
        self.chain.as_ref().and_then(|view| view.session.as_ref())
    }

    /// Its session, when the pRuntime that runs now may answer in it.
    pub fn answerable_session(&self) -> Option<&SessionStatus> {
        let identity = self.link.live()?;
        self.session().filter(|session| session.instance == identity.instance)
    }

    /// Is it absent, and would a sign of life of the pRuntime that runs now bring it back?
    pub fn may_return(&self, chain: &ChainState) -> bool {
        let (Some(session), Some(registration)) = (self.answerable_session(), self.registration()) else {
            return false;
        };
        answering::may_return(session, registration, chain)
    }

    /// Something went wrong.
    pub fn note_error(&mut self, error: String, now: Millis) {
        self.last_error = Some((error, now));
    }

    /// Its pRuntime answered. With another key than before everything starts anew; what the chain knew by the old one may be
    /// passed on to the new one.
    pub fn is(&mut self, mut identity: Identity) {
        let before = self.link.identity();
        let is_same_run = before.is_some_and(|before| before.instance == identity.instance);
        if is_same_run && identity.key.is_none() {
            // Asked before the first evidence made the keys, answered after it.
            identity.key = self.key();
        }
        if let Some(old) = self.key().filter(|key| identity.key != Some(*key)) {
            self.former.add(old, self.chain.take());
            self.step = Step::None;
            self.answering = Answering::default();
            self.renewed_secs = None;
            self.family = None;
            self.registered_since = None;
            self.vanished_at = None;
        }
        if !is_same_run {
            self.registering.reset();
            self.refusals.reset();
            self.former.reset();
        }
        if let Some(key) = &identity.key {
            self.former.forget(key);
        }
        self.link.is(identity);
    }

    /// The chain's word of it after a block.
    pub fn learn(&mut self, view: WorkerView, chain: &ChainState) {
        let head = chain.head().unwrap_or_default();
        if let Some(registration) = &view.registration {
            let since = self.registered_since.unwrap_or(head);
            let since = since.min(head);
            self.registered_since = Some(since);
            self.vanished_at = None;
            if head >= since.saturating_add(SETTLED_AFTER_BLOCKS) {
                self.former.clear();
            }
            self.settle_registration(registration, chain);
            self.settle_benchmark(registration);
        } else if self
            .registered_since
            .is_some_and(|since| head >= since.saturating_add(SETTLED_AFTER_BLOCKS))
        {
            self.vanished_at.get_or_insert(head);
        } else {
            self.registered_since = None;
        }
        if let Step::Registered { since, .. } = self.step {
            if head >= since.saturating_add(REGISTRATION_SHOWS_WITHIN_BLOCKS) {
                self.step = Step::None;
            }
        }
        self.chain = Some(view);
    }

    /// Was it taken off the chain by its operator?
    pub fn is_retired(&self, head: BlockNumber) -> bool {
        self.vanished_at
            .is_some_and(|since| head >= since.saturating_add(RETIRED_AFTER_BLOCKS))
    }

    /// Does it have to be registered, and is nothing in the way?
    pub fn need(&self, chain: &ChainState) -> Option<Need> {
        let identity = self.link.live()?;
        // A worker with a key may be registered already: the chain's word comes first.
        if identity.key.is_some() && self.chain.is_none() {
            return None;
        }
        if self.vanished_at.is_some() || self.is_former_unknown() {
            return None;
        }
        let registration = self.registration();
        registration::need(registration, identity, chain, self.renewed_secs).or_else(|| {
            let request = registration?.benchmark?;
            (self.benchmark_over == Some(request.block)).then_some(Need::BenchmarkOver)
        })
    }

    /// The registration that its key shall take over, when it has none of its own.
    pub fn to_replace(&self) -> Option<Replaced> {
        let replaced = self.former.to_replace(&self.config.operator)?;
        (self.registration().is_none() && self.key() != Some(replaced.key)).then_some(replaced)
    }

    /// Keys that the chain shall be asked about.
    pub fn asked_keys(&self) -> impl Iterator<Item = WorkerPublicKey> + '_ {
        self.key().into_iter().chain(self.former.keys())
    }

    /// It has no registration of its own, and the chain was not asked yet whether an earlier key has.
    fn is_former_unknown(&self) -> bool {
        self.registration().is_none() && !self.former.is_known()
    }

    /// What its evidence is judged with: by its own word, else by the chain's.
    pub fn family(&self, keeper: &Keeper) -> Option<Family> {
        self.family.clone().or_else(|| keeper.family_of(self.registration()?))
    }

    /// Its evidence told what it is judged with.
    pub fn takes_family(&mut self, family: Family) {
        self.family = Some(family);
    }

    /// Is it time for another try to register or renew it?
    pub fn may_register(&self, now: Millis) -> bool {
        let may_replace = self.to_replace().is_none() || self.former.is_due(now);
        self.registering.is_due(now) && self.refusals.is_due(now) && may_replace
    }

    /// Why the chain does not let its key replace the lost one yet.
    pub fn rebinding_refused(&self) -> Option<&str> {
        self.former.refusal().filter(|_| self.to_replace().is_some())
    }

    /// What must happen before new evidence of it has a chance: `None` when nothing must.
    pub fn hold_up(&self, keeper: &Keeper, chain: &ChainState) -> Option<String> {
        let registration = self.registration();
        if registration.is_some_and(|registration| registration.renewals_left == 0) {
            return Some("its renewals are used up; the chain gives one back in a while".into());
        }
        keeper.lack(&self.family(keeper)?, registration.is_none(), chain.now_secs())
    }

    /// The benchmark that the chain waits for and that was not given up.
    pub fn wanted_benchmark(&self) -> Option<BenchmarkRequest> {
        let identity = self.link.live()?;
        let registration = self
            .registration()
            .filter(|registration| registration.instance == identity.instance)?;
        registration.benchmark.filter(|request| self.benchmark_over != Some(request.block))
    }

    /// The result that shall be sent now, when there is one: the first time at once, then after two blocks again. After
    /// too many tries it is given up.
    pub fn result_to_send(&mut self, head: BlockNumber) -> Option<(BenchmarkResult, WorkerSignature)> {
        let Step::Result {
            result,
            signature,
            sent_at,
            tries,
        } = &mut self.step
        else {
            return None;
        };
        if sent_at.is_some_and(|at| head < at.saturating_add(super::outbox::RESEND_AFTER_BLOCKS)) {
            return None;
        }
        if *tries >= BENCHMARK_TRIES {
            self.benchmark_over = Some(result.block);
            self.step = Step::None;
            return None;
        }
        if *tries > 0 {
            self.counters.retries = self.counters.retries.saturating_add(1);
        }
        *tries = tries.saturating_add(1);
        *sent_at = Some(head);
        Some((*result, *signature))
    }

    fn settle_registration(&mut self, registration: &RegistrationStatus, chain: &ChainState) {
        let (Step::Registered { freshness, .. } | Step::Registration { freshness, .. }) = &self.step else {
            return;
        };
        if registration.freshness >= freshness.number {
            self.renewed_secs = Some(chain.now_secs());
            self.step = Step::None;
            self.registering.reset();
            self.refusals.reset();
            self.former.reset();
        }
    }

    fn settle_benchmark(&mut self, registration: &RegistrationStatus) {
        let wanted = registration.benchmark.map(|request| request.block);
        let over = match &self.step {
            Step::Benchmark(request) => wanted != Some(request.block),
            Step::Result { result, .. } => wanted != Some(result.block),
            _ => false,
        };
        if over {
            self.step = Step::None;
            self.benchmarking.reset();
        }
    }

    /// Finds its state anew. Returns whether it changed.
    pub fn assess(&mut self, chain: &ChainState, now: Millis) -> bool {
        let (state, reason) = self.state(chain);
        self.life.enter(state, reason, now)
    }

    /// When something is tried again, in milliseconds since 1970.
    pub fn next_try(&self) -> Option<Millis> {
        let of_step = || {
            let registering = self.registering.next_try().max(self.refusals.next_try());
            let replacing = self.former.next_try().filter(|_| self.to_replace().is_some());
            registering.max(replacing).max(self.benchmarking.next_try())
        };
        self.link
            .next_try()
            .or_else(|| if self.step == Step::None { of_step() } else { None })
    }

    fn state(&self, chain: &ChainState) -> (State, String) {
        let head = chain.head().unwrap_or_default();
        match self.link.trouble() {
            Some(Trouble::Unreachable(reason)) => return (State::Unreachable, reason.clone()),
            Some(Trouble::Wrong(reason)) => return (State::Preparing, reason.clone()),
            None => {}
        }
        if self.link.identity().is_none() {
            return (State::Preparing, "its pRuntime is asked who it is".into());
        }
        if self.is_retired(head) {
            let reason = "the chain no longer knows it: its operator retired it; restart the relayer to register it again";
            return (State::Retired, reason.into());
        }
        match self.session().map(|session| session.state) {
            Some(SessionState::Unresponsive { cause }) => return (State::Recovering, self.recovering(cause, chain)),
            Some(SessionState::Idle) if self.answerable_session().is_some() => return (State::Mining, self.mining()),
            _ => {}
        }
        self.preparation(chain)
    }

    fn is_leased(&self, chain: &ChainState) -> bool {
        self.registration()
            .is_some_and(|registration| registration.lease_end_secs > chain.now_secs())
    }

    /// How its renewal stands: what is done, else what it waits for, else why the last one failed.
    fn renewal_in_words(&self) -> String {
        let refused = self.registration().and_then(|registration| registration.refused.as_ref());
        let waits_for = match (self.step_in_words(), &self.hold) {
            (Some(step), _) => step,
            (None, Some(hold)) => hold.clone(),
            (None, None) => "it must be renewed".into(),
        };
        let why = match (refused, &self.last_error) {
            (Some(refused), _) => format!("; the chain refused its evidence: {refused}"),
            (None, Some((error, _))) => format!("; last time: {error}"),
            (None, None) => String::new(),
        };
        format!("{waits_for}{why}")
    }

    fn recovering(&self, cause: Absence, chain: &ChainState) -> String {
        let why = match cause {
            Absence::Offline => "it missed a challenge",
            Absence::LeaseLapsed => "its lease ran out",
            Absence::Rebinding => "it got another key",
            Absence::Maintenance => "its operator paused it",
        };
        let waits_for = match (self.answerable_session(), self.answering.recovery_at()) {
            _ if cause == Absence::LeaseLapsed && !self.is_leased(chain) => self.renewal_in_words(),
            _ if cause == Absence::Maintenance && !self.session().is_some_and(|session| session.resumed) => "it waits to be resumed".into(),
            (None, _) => self.step_in_words().unwrap_or_else(|| self.renewal_in_words()),
            (Some(_), Some(block)) => format!("a sign of life is given from block {block} on"),
            (Some(_), None) => "a sign of life follows".into(),
        };
        format!("{why}; {waits_for}")
    }

    fn mining(&self) -> String {
        let refused = self.registration().and_then(|registration| registration.refused.as_ref());
        match (self.step_in_words(), &self.hold, refused) {
            (Some(step), _, _) => format!("it answers challenges; {step}"),
            (None, hold, Some(refused)) => {
                let hold = hold.as_ref().map_or(String::new(), |hold| format!("; {hold}"));
                format!("it answers challenges until its lease ends: the chain refused its newest evidence: {refused}{hold}")
            }
            (None, Some(hold), None) => format!("it answers challenges; {hold}"),
            (None, None, None) => "it answers challenges".into(),
        }
    }

    /// Its state while it does not mine.
    fn preparation(&self, chain: &ChainState) -> (State, String) {
        let failed = || match &self.last_error {
            Some((error, _)) => format!("; last time: {error}"),
            None => String::new(),
        };
        let state = match &self.step {
            Step::Evidence { .. } => State::Preparing,
            Step::Registration { .. } | Step::Registered { .. } => State::Registering,
            Step::Benchmark(_) | Step::Result { .. } => State::Benchmarking,
            Step::None => return self.waiting(chain, failed()),
        };
        (state, self.step_in_words().unwrap_or_default())
    }

    fn waiting(&self, chain: &ChainState, failed: String) -> (State, String) {
        if (self.chain.is_none() && self.key().is_some()) || self.is_former_unknown() {
            return (State::Preparing, "the chain is asked about it".into());
        }
        if let Some(need) = self.need(chain) {
            if let Some(replaced) = self.to_replace() {
                return (State::Registering, self.replacing(&replaced, &failed));
            }
            let refused = self.registration().and_then(|registration| registration.refused.as_ref());
            let waits_for = match (&self.hold, refused) {
                (Some(hold), None) => hold.clone(),
                (Some(hold), Some(refused)) => format!("the chain refused its evidence: {refused}; {hold}"),
                (None, Some(refused)) => format!("the chain refused its evidence: {refused}; it is tried again"),
                (None, None) if self.registering.next_try().is_some() => format!("it is tried again{failed}"),
                (None, None) => format!("a newer block is waited for{failed}"),
            };
            return (State::Registering, format!("{}; {waits_for}", need.as_str()));
        }
        let Some(registration) = self.registration() else {
            return (
                State::Registering,
                "its registration is gone from the chain; if it stays away, its operator retired it".into(),
            );
        };
        if registration.benchmark.is_some() {
            return (State::Benchmarking, format!("its benchmark is tried again{failed}"));
        }
        (State::Ready, self.ready())
    }

    /// What its rebinding waits for.
    fn replacing(&self, replaced: &Replaced, failed: &str) -> String {
        let waits_for = match (&self.hold, self.rebinding_refused()) {
            (Some(hold), _) => hold.clone(),
            (None, Some(refused)) => format!("the chain does not let it yet: {refused}; it is tried again"),
            (None, None) if self.registering.next_try().is_some() => format!("it is tried again{failed}"),
            (None, None) => format!("a newer block is waited for{failed}"),
        };
        format!(
            "its pRuntime lost the key {}, and its new one shall take over that registration; {waits_for}",
            replaced.key
        )
    }

    fn ready(&self) -> String {
        let wanted = self.config.pool;
        match self.session() {
            None => match wanted {
                Some(pool) => format!("registered; its operator must add it to pool {pool} and start it"),
                None => "registered; its operator must add it to a pool and start it".into(),
            },
            Some(session) => {
                let what = match session.state {
                    SessionState::CoolingDown { until_secs } => {
                        format!("stopped; its stake is free at second {until_secs} of the chain's clock")
                    }
                    _ => "it must be started with a stake".into(),
                };
                match wanted.filter(|pool| *pool != session.pool) {
                    Some(pool) => format!("in pool {}, the configuration says pool {pool}; {what}", session.pool),
                    None => format!("in pool {}; {what}", session.pool),
                }
            }
        }
    }

    fn step_in_words(&self) -> Option<String> {
        Some(match &self.step {
            Step::None => return None,
            Step::Evidence { need, freshness } => format!("{}; its pRuntime makes evidence for block {}", need.as_str(), freshness.number),
            Step::Registration { need, way, .. } => format!("{}; {}", need.as_str(), way.in_words()),
            Step::Registered { .. } => "its registration is in a block".into(),
            Step::Benchmark(request) => format!("it works for the benchmark of block {}, {} s", request.block, request.secs),
            Step::Result { result, .. } => format!("its result of the benchmark of block {} is on its way into a block", result.block),
        })
    }
}
