//! The simulated chain.

use super::*;
use khala_primitives::{
    collateral::KeptDocument,
    status::{Absence, RegistrationStatus, SessionState, SessionStatus, WorkerView},
    Challenge, Freshness, Heartbeat, SignedHeartbeat, U256,
};

const BENCHMARK_SECS: u32 = 6;
const FINALITY_LAG: BlockNumber = 2;
const NUMBER: u32 = 18;
/// Renewals that a worker may save up.
const TOKENS: u32 = 4;
/// Blocks after which one comes back.
const BLOCKS_PER_TOKEN: BlockNumber = 100;

/// Keys that each worker has one after the other: key number n belongs to worker n modulo the workers.
const GENERATIONS: usize = 4;
/// A worker may be bound to another key once in so many blocks.
pub(super) const REBIND_BLOCKS: BlockNumber = 200;

/// What can be submitted.
#[derive(Clone, Debug)]
pub(super) enum Transaction {
    Document(Box<Fetched>),
    Register(Box<Prepared>),
    Rebind(WorkerPublicKey, Box<Prepared>),
    Renew(Box<Prepared>),
    Benchmark(BenchmarkResult),
    Heartbeats(Vec<SignedHeartbeat>),
    Report(WorkerPublicKey, BlockNumber),
}

/// A worker on the chain.
#[derive(Clone, Debug, Default)]
pub(super) struct OnChain {
    pub(super) registration: Option<RegistrationStatus>,
    pub(super) session: Option<SessionStatus>,
    /// When it last got another key.
    rebound: Option<BlockNumber>,
}

#[derive(Clone, Debug)]
struct Block {
    branch: u8,
    challenge: Challenge,
    workers: Vec<OnChain>,
}

/// The chain: blocks with the state after each, and a pool.
pub(super) struct SimChain {
    pub(super) genesis_hash: H256,
    pub(super) keys: Vec<WorkerPublicKey>,
    /// Transactions wait so many blocks in the pool.
    pub(super) inclusion_delay: BlockNumber,
    /// What was submitted and could not count.
    pub(super) violations: BTreeSet<String>,
    /// Registrations and renewals, results, heartbeats and reports that were taken.
    pub(super) taken: [u32; 4],
    /// Renewals that were taken.
    pub(super) renewals: u32,
    /// Rebindings that were taken.
    pub(super) rebindings: u32,
    /// Rebindings that were refused, as too early.
    pub(super) rebindings_refused: u32,
    /// Renewals whose evidence was refused.
    pub(super) refused: u32,
    /// Evidence of these workers is refused.
    pub(super) revoked: BTreeSet<usize>,
    /// The collateral that is kept.
    pub(super) documents: Vec<KeptDocument>,
    /// Offline reports by worker.
    pub(super) reported: Vec<u32>,
    blocks: Vec<Block>,
    pool: Vec<(BlockNumber, Transaction)>,
    branch: u8,
    salt: u8,
}

impl SimChain {
    /// `salt`: another one gives other challenges.
    pub(super) fn new(workers: usize, salt: u8) -> Self {
        let genesis = Block {
            branch: 0,
            challenge: challenge(0, 0, salt),
            workers: vec![OnChain::default(); workers * GENERATIONS],
        };
        Self {
            genesis_hash: H256::repeat_byte(7),
            keys: (0..(workers * GENERATIONS) as u64).map(key).collect(),
            inclusion_delay: 0,
            violations: BTreeSet::new(),
            taken: [0; 4],
            renewals: 0,
            rebindings: 0,
            rebindings_refused: 0,
            refused: 0,
            revoked: BTreeSet::new(),
            documents: family().documents(NUMBER).iter().map(keep).collect(),
            reported: vec![0; workers],
            blocks: vec![genesis],
            pool: Vec::new(),
            branch: 0,
            salt,
        }
    }

    pub(super) fn head(&self) -> BlockNumber {
        self.blocks.len() as BlockNumber - 1
    }

    pub(super) fn worker(&mut self, worker: usize) -> &mut OnChain {
        &mut self.blocks.last_mut().unwrap().workers[worker]
    }

    pub(super) fn session(&self, worker: usize) -> &SessionStatus {
        self.blocks.last().unwrap().workers[worker].session.as_ref().unwrap()
    }

    pub(super) fn registration(&self, worker: usize) -> &RegistrationStatus {
        self.blocks.last().unwrap().workers[worker].registration.as_ref().unwrap()
    }

    pub(super) fn worker_at(&self, worker: usize) -> &OnChain {
        &self.blocks.last().unwrap().workers[worker]
    }

    pub(super) fn fork(&mut self, depth: BlockNumber) {
        self.blocks.truncate(self.blocks.len() - depth as usize);
        self.branch += 1;
    }

    /// What a node says after the block `number`, with the workers of the newest block.
    pub(super) fn view(&self, number: BlockNumber, asked: &[WorkerPublicKey]) -> BlockView {
        let block = &self.blocks[number as usize];
        let finalized = number.saturating_sub(FINALITY_LAG);
        let mut view = super::super::testing::block(number, block.branch, 0, Some(block.challenge));
        view.finalized = Freshness {
            number: finalized,
            hash: hash(finalized, self.blocks[finalized as usize].branch),
        };
        view.asked = asked.to_vec();
        view.view.workers = asked.iter().map(|key| self.view_of(block, key)).collect();
        view.overdue = (0..self.keys.len()).filter_map(|worker| self.overdue(worker)).collect();
        view
    }

    fn view_of(&self, block: &Block, key: &WorkerPublicKey) -> WorkerView {
        let worker = &block.workers[self.index(key)];
        WorkerView {
            registration: worker.registration.clone(),
            session: worker.session.clone(),
        }
    }

    fn index(&self, key: &WorkerPublicKey) -> usize {
        self.keys.iter().position(|known| known == key).unwrap()
    }

    /// Takes a transaction into the pool; what cannot count after the newest block is a violation.
    pub(super) fn submit(&mut self, transaction: Transaction) -> Result<(), SubmitError> {
        let problem = match &transaction {
            Transaction::Document(fetched) => self.document_problem(fetched),
            Transaction::Register(prepared) => self.registration_problem(prepared, false),
            Transaction::Rebind(old, prepared) => self
                .registration_problem(prepared, false)
                .or_else(|| self.rebinding_problem(old, prepared)),
            Transaction::Renew(prepared) => self.registration_problem(prepared, true),
            Transaction::Benchmark(result) => (!self.awaits(result)).then(|| format!("a result that is not waited for: {result:?}")),
            Transaction::Heartbeats(batch) => self.batch_problem(batch),
            Transaction::Report(worker, block) => {
                (self.overdue(self.index(worker)) != Some((*worker, *block))).then(|| format!("a void report of {block}"))
            }
        };
        if let Some(problem) = problem {
            self.violations.insert(format!("after block {}: {problem}", self.head()));
            return Err(SubmitError::Refused(problem));
        }
        if let Some(error) = self.rebinding_refused(&transaction) {
            return Err(error);
        }
        self.pool.push((self.head() + 1 + self.inclusion_delay, transaction));
        Ok(())
    }

    /// What the chain says of its collateral.
    pub(super) fn collateral(&self) -> CollateralStatus {
        CollateralStatus {
            current_number: NUMBER,
            next_number: None,
            roots: vec![family().root],
            documents: self.documents.clone(),
        }
    }

    /// Will the chain refuse the evidence in it?
    pub(super) fn refuses(&self, transaction: &Transaction) -> bool {
        matches!(transaction, Transaction::Renew(prepared) if self.revoked.contains(&self.index(&prepared.info.identity_key)))
    }

    fn document_problem(&self, fetched: &Fetched) -> Option<String> {
        let is_kept = |id: &DocumentId| self.documents.iter().any(|kept| kept.root == id.root && kept.name == id.name);
        let is_early = fetched.id != fetched.id.root_crl() && !is_kept(&fetched.id.root_crl());
        (is_kept(&fetched.id) || is_early).then(|| format!("a needless or early document: {}", fetched.id))
    }

    fn registration_problem(&self, prepared: &Prepared, is_renewal: bool) -> Option<String> {
        let stored = self.blocks.last()?.workers[self.index(&prepared.info.identity_key)]
            .registration
            .as_ref();
        let is_waiting = |(_, waiting): &(_, Transaction)| match waiting {
            Transaction::Register(other) | Transaction::Rebind(_, other) | Transaction::Renew(other) => {
                other.info.identity_key == prepared.info.identity_key
            }
            _ => false,
        };
        if self.documents.len() < 4 {
            return Some("a registration without collateral to judge it with".into());
        }
        if is_renewal != stored.is_some() || stored.is_some_and(|stored| stored.renewals_left == 0) {
            return Some("a renewal of an unknown worker or without a token, or a registration of a known one".into());
        }
        if is_renewal && !is_signed(prepared, &self.genesis_hash) {
            return Some("a renewal without the worker's signature".into());
        }
        if self.pool.iter().any(is_waiting) {
            return Some("a registration while another of the same worker waits".into());
        }
        if stored.is_some_and(|stored| stored.freshness >= prepared.info.freshness.number) {
            return Some("a registration that is not newer".into());
        }
        let now = u64::from(self.head());
        let is_needless = |stored: &RegistrationStatus| {
            stored.instance == prepared.info.instance && stored.lease_end_secs.saturating_sub(now) > LEASE_SECS / 2
        };
        stored.is_some_and(is_needless).then(|| "a needless registration".into())
    }

    fn rebinding_problem(&self, old: &WorkerPublicKey, prepared: &Prepared) -> Option<String> {
        let stored = self.on_chain(old).registration.as_ref()?;
        if stored.operator != prepared.info.operator {
            return Some("a rebinding of another operator's worker".into());
        }
        (stored.freshness >= prepared.info.freshness.number).then(|| "a rebinding with evidence that is not newer".into())
    }

    /// What the chain says to a rebinding that it looked at.
    fn rebinding_refused(&mut self, transaction: &Transaction) -> Option<SubmitError> {
        let Transaction::Rebind(old, _) = transaction else { return None };
        let worker = self.on_chain(old);
        if worker.registration.is_none() {
            return Some(SubmitError::NotReplaceable("Registry::UnknownWorker".into()));
        }
        worker.rebound.filter(|at| self.head() < at + REBIND_BLOCKS)?;
        self.rebindings_refused += 1;
        Some(SubmitError::ReboundRecently("Registry::ReboundRecently".into()))
    }

    fn on_chain(&self, key: &WorkerPublicKey) -> &OnChain {
        &self.blocks.last().unwrap().workers[self.index(key)]
    }

    fn batch_problem(&self, batch: &[SignedHeartbeat]) -> Option<String> {
        let workers: BTreeSet<_> = batch.iter().map(|signed| signed.heartbeat.worker).collect();
        if workers.len() != batch.len() || batch.len() > 64 || batch.is_empty() {
            return Some("a batch with a worker twice, too long, or empty".into());
        }
        batch.iter().find_map(|signed| {
            let heartbeat = &signed.heartbeat;
            let signature = sp_core::sr25519::Signature::from_raw(signed.signature.0);
            let public = sp_core::sr25519::Public::from_raw(heartbeat.worker.0);
            if !sp_core::sr25519::Pair::verify(&signature, heartbeat.message(&self.genesis_hash), &public) {
                return Some("a bad signature".into());
            }
            let session = self.blocks.last()?.workers[self.index(&heartbeat.worker)].session.as_ref()?;
            let is_live = self.is_live(heartbeat, session, self.head() + 1);
            (!is_live).then(|| {
                format!(
                    "a stale heartbeat of block {}, {:?}, answered {}",
                    heartbeat.block, session.state, session.answered
                )
            })
        })
    }

    fn is_live(&self, heartbeat: &Heartbeat, session: &SessionStatus, now: BlockNumber) -> bool {
        let Some(block) = self.blocks.get(heartbeat.block as usize) else {
            return false;
        };
        if block.challenge.seed != heartbeat.seed || now - heartbeat.block > WINDOW || session.instance != heartbeat.instance {
            return false;
        }
        match session.state {
            SessionState::Idle => {
                heartbeat.block > session.answered && heartbeat.block >= session.answerable_from && block.challenge.hits(&heartbeat.worker)
            }
            SessionState::Unresponsive { cause } => {
                let worker = &self.blocks.last().unwrap().workers[self.index(&heartbeat.worker)];
                let is_leased = || {
                    worker
                        .registration
                        .as_ref()
                        .is_some_and(|known| known.lease_end_secs > u64::from(now))
                };
                let may_return = match cause {
                    Absence::LeaseLapsed => is_leased(),
                    Absence::Maintenance => session.resumed,
                    Absence::Offline | Absence::Rebinding => true,
                };
                may_return && heartbeat.block >= session.answered + 10 && heartbeat.block > session.since_block
            }
            _ => false,
        }
    }

    fn awaits(&self, result: &BenchmarkResult) -> bool {
        let registration = &self.blocks.last().unwrap().workers[self.index(&result.worker)].registration;
        registration
            .as_ref()
            .and_then(|registration| registration.benchmark)
            .is_some_and(|request| request.block == result.block)
    }

    fn overdue(&self, worker: usize) -> Option<(WorkerPublicKey, BlockNumber)> {
        let session = self.blocks.last()?.workers[worker]
            .session
            .as_ref()
            .filter(|session| session.state == SessionState::Idle)?;
        let next = self.head() + 1;
        let first = session
            .answerable_from
            .max(session.answered + 1)
            .max(next.saturating_sub(WINDOW + 100));
        let hit = |block: &BlockNumber| self.blocks[*block as usize].challenge.hits(&self.keys[worker]);
        (first..next.saturating_sub(WINDOW))
            .find(hit)
            .map(|block| (self.keys[worker], block))
    }

    /// The operator pauses a worker in the newest block, if no challenge is open. Returns whether it is paused.
    pub(super) fn pause(&mut self, worker: usize) -> bool {
        let (head, session) = (self.head(), self.session(worker));
        let first = session.answerable_from.max(session.answered + 1).max(head.saturating_sub(WINDOW));
        let is_open = (first..=head).any(|block| self.blocks[block as usize].challenge.hits(&self.keys[worker]));
        if session.state != SessionState::Idle || is_open {
            return false;
        }
        let cause = Absence::Maintenance;
        let session = self.worker(worker).session.as_mut().unwrap();
        (session.state, session.since_block, session.resumed) = (SessionState::Unresponsive { cause }, head, false);
        true
    }

    /// The operator resumes a paused worker in the newest block.
    pub(super) fn resume(&mut self, worker: usize) {
        let head = self.head();
        let session = self.worker(worker).session.as_mut().unwrap();
        (session.since_block, session.resumed) = (head, true);
    }

    pub(super) fn make_block(&mut self) {
        let number = self.head() + 1;
        let workers = self.blocks.last().unwrap().workers.clone();
        self.blocks.push(Block {
            branch: self.branch,
            challenge: challenge(number, self.branch, self.salt),
            workers,
        });
        let (due, later) = std::mem::take(&mut self.pool).into_iter().partition(|(at, _)| *at <= number);
        self.pool = later;
        let due: Vec<(BlockNumber, Transaction)> = due;
        due.into_iter().for_each(|(_, transaction)| self.apply(number, transaction));
        self.start_sessions(number);
        self.let_time_pass(number);
    }

    /// Tokens come back, and leases run out.
    fn let_time_pass(&mut self, number: BlockNumber) {
        for worker in &mut self.blocks.last_mut().unwrap().workers {
            let Some(registration) = &mut worker.registration else { continue };
            if number.is_multiple_of(BLOCKS_PER_TOKEN) {
                registration.renewals_left = TOKENS.min(registration.renewals_left + 1);
            }
            let is_over = registration.lease_end_secs <= u64::from(number);
            if let Some(session) = worker
                .session
                .as_mut()
                .filter(|session| is_over && session.state == SessionState::Idle)
            {
                let cause = Absence::LeaseLapsed;
                (session.state, session.since_block) = (SessionState::Unresponsive { cause }, number);
            }
        }
    }

    fn apply(&mut self, number: BlockNumber, transaction: Transaction) {
        match transaction {
            Transaction::Document(fetched) => self.documents.push(keep(&fetched.id)),
            Transaction::Register(prepared) => self.register(number, &prepared),
            Transaction::Rebind(old, prepared) => self.rebind(number, &old, &prepared),
            Transaction::Renew(prepared) => self.renew(number, &prepared),
            Transaction::Benchmark(result) if self.awaits(&result) => {
                let index = self.index(&result.worker);
                let registration = self.worker(index).registration.as_mut().unwrap();
                (registration.score, registration.benchmark) = (Some(1000), None);
                self.taken[1] += 1;
            }
            Transaction::Benchmark(_) => {}
            Transaction::Heartbeats(batch) => batch.iter().for_each(|signed| self.heartbeat(number, &signed.heartbeat)),
            Transaction::Report(worker, block) => self.report(number, worker, block),
        }
    }

    /// The registration and the session pass to the new key.
    fn rebind(&mut self, number: BlockNumber, old: &WorkerPublicKey, prepared: &Prepared) {
        let (from, to) = (self.index(old), self.index(&prepared.info.identity_key));
        let mut moved = std::mem::take(self.worker(from));
        if let Some(session) = &mut moved.session {
            session.answerable_from = number + 1;
            if session.state == SessionState::Idle {
                let cause = Absence::Rebinding;
                (session.state, session.since_block) = (SessionState::Unresponsive { cause }, number);
            }
        }
        moved.rebound = Some(number);
        *self.worker(to) = moved;
        self.register(number, prepared);
        self.taken[0] -= 1;
        self.rebindings += 1;
    }

    fn renew(&mut self, number: BlockNumber, prepared: &Prepared) {
        let index = self.index(&prepared.info.identity_key);
        let is_revoked = self.revoked.contains(&index);
        let Some(registration) = self.worker(index).registration.as_mut().filter(|known| known.renewals_left > 0) else {
            return;
        };
        registration.renewals_left -= 1;
        if is_revoked {
            registration.refused = Some("the PCK certificate is revoked".into());
            self.refused += 1;
            return;
        }
        self.renewals += 1;
        self.register(number, prepared);
    }

    fn register(&mut self, number: BlockNumber, prepared: &Prepared) {
        let index = self.index(&prepared.info.identity_key);
        let seed = challenge(number, self.branch, self.salt).seed;
        let worker = self.worker(index);
        let (score, benchmark) = match &worker.registration {
            None => (
                None,
                Some(BenchmarkRequest {
                    block: number,
                    seed,
                    secs: BENCHMARK_SECS,
                }),
            ),
            Some(stored) => (stored.score, stored.benchmark),
        };
        let lease_end = u64::from(number) + LEASE_SECS;
        let freshness = prepared.info.freshness.number;
        let renewals_left = worker.registration.as_ref().map_or(TOKENS, |stored| stored.renewals_left);
        let registration = super::super::testing::registration(0, lease_end);
        worker.registration = Some(RegistrationStatus {
            instance: prepared.info.instance,
            freshness,
            score,
            benchmark,
            renewals_left,
            ..registration
        });
        if let Some(session) = &mut worker.session {
            session.instance = prepared.info.instance;
        }
        self.taken[0] += 1;
    }

    fn heartbeat(&mut self, number: BlockNumber, heartbeat: &Heartbeat) {
        let index = self.index(&heartbeat.worker);
        let Some(session) = self.worker(index).session.clone() else {
            return;
        };
        if !self.is_live(heartbeat, &session, number) {
            return;
        }
        let session = self.worker(index).session.as_mut().unwrap();
        if session.state != SessionState::Idle {
            (session.answerable_from, session.since_block, session.state) = (number + 1, number, SessionState::Idle);
        }
        session.answered = heartbeat.block;
        session.heartbeats += 1;
        self.taken[2] += 1;
    }

    fn report(&mut self, number: BlockNumber, worker: WorkerPublicKey, block: BlockNumber) {
        let index = self.index(&worker);
        let next_is_due = self.overdue(index).is_some_and(|(_, overdue)| overdue <= block);
        if next_is_due {
            let session = self.worker(index).session.as_mut().unwrap();
            (session.state, session.since_block) = (SessionState::Unresponsive { cause: Absence::Offline }, number);
            self.taken[3] += 1;
            let workers = self.reported.len();
            self.reported[index % workers] += 1;
        }
    }

    /// The operator starts every worker that has a score, in the block after.
    fn start_sessions(&mut self, number: BlockNumber) {
        for (id, worker) in self.blocks.last_mut().unwrap().workers.iter_mut().enumerate() {
            let Some(registration) = worker.registration.as_ref().filter(|registration| registration.score.is_some()) else {
                continue;
            };
            if worker.session.is_none() {
                let session = super::super::testing::session(0, SessionState::Idle);
                let instance = registration.instance;
                worker.session = Some(SessionStatus {
                    id: id as u64,
                    instance,
                    answerable_from: number + 1,
                    since_block: number,
                    ..session
                });
            }
        }
    }
}

fn keep(id: &DocumentId) -> KeptDocument {
    KeptDocument {
        root: id.root,
        name: id.name.clone(),
        issued_secs: EDITION.issued_secs,
        next_update_secs: EDITION.next_update_secs,
    }
}

fn is_signed(prepared: &Prepared, genesis_hash: &H256) -> bool {
    let info = &prepared.info;
    let message = khala_primitives::Renewal::new(info.identity_key, &prepared.evidence, info.freshness).message(genesis_hash);
    let signature = sp_core::sr25519::Signature::from_raw(prepared.renewal.0);
    sp_core::sr25519::Pair::verify(&signature, message, &sp_core::sr25519::Public::from_raw(info.identity_key.0))
}

/// Hits every tenth worker.
fn challenge(block: BlockNumber, branch: u8, salt: u8) -> Challenge {
    let mut seed = hash(block, branch);
    seed.0[31] = salt;
    Challenge {
        block,
        seed,
        target: U256::MAX / 10,
    }
}
