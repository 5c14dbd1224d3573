//! The core against a simulated chain and simulated pRuntimes, with faults.
//!
//! Time goes in ticks of 200 ms; a block is made every five ticks. The chain of [`chain`] follows `design/mining.md` in what
//! the relayer can see; everything that is submitted and cannot count at that moment is a violation.

mod absences;
mod chain;
mod rebinding;
mod scenarios;

use super::{
    collateral::{Content, Edition, FetchError, Fetched},
    testing::*,
    *,
};
use chain::{SimChain, Transaction};
use khala_primitives::{status::BenchmarkRequest, BenchmarkResult, WorkerSignature};
use sp_core::Pair;
use std::collections::BTreeSet;

const TICK_MS: Millis = 200;
const TICKS_PER_BLOCK: u64 = 5;

/// When the documents of the simulated source count.
const EDITION: Edition = Edition {
    issued_secs: 0,
    next_update_secs: 1_000_000,
};

/// A simulated pRuntime and its faults.
#[derive(Clone, Debug)]
struct SimPruntime {
    run: u64,
    /// Keys that it has lost.
    generation: u64,
    has_keys: bool,
    is_up: bool,
    /// Ticks on top of what an answer takes.
    delay: u64,
    /// Signs with a wrong key.
    is_wrong: bool,
}

impl Default for SimPruntime {
    fn default() -> Self {
        Self {
            run: 1,
            generation: 0,
            has_keys: false,
            is_up: true,
            delay: 0,
            is_wrong: false,
        }
    }
}

/// The whole world.
struct World {
    relayer: Relayer,
    /// Counts the relayer's runs: answers to a former run are lost.
    run: u64,
    tick: u64,
    chain: SimChain,
    pruntimes: Vec<SimPruntime>,
    /// (due tick, run of the relayer, event)
    events: Vec<(u64, u64, Event)>,
    /// What the relayer stored for its next run.
    remembered: Vec<Remembered>,
    /// The workers' configuration, when it is not the usual one.
    configs: Option<Vec<WorkerConfig>>,
    /// Does the source of collateral work?
    source_is_up: bool,
    /// Of a hundred submissions, so many are lost without a word.
    lost_percent: u64,
    random: u64,
}

impl World {
    fn new(workers: usize) -> Self {
        Self::salted(workers, 0)
    }

    /// With other challenges and other luck.
    fn salted(workers: usize, salt: u8) -> Self {
        let mut world = Self {
            relayer: Relayer::new(settings(), Vec::new()),
            run: 0,
            tick: 0,
            chain: SimChain::new(workers, salt),
            pruntimes: vec![SimPruntime::default(); workers],
            events: Vec::new(),
            remembered: Vec::new(),
            configs: None,
            source_is_up: true,
            lost_percent: 0,
            random: 0x9e37_79b9_7f4a_7c15 ^ u64::from(salt),
        };
        world.restart_relayer();
        world
    }

    fn now(&self) -> Millis {
        self.tick * TICK_MS
    }

    /// A new relayer, which knows nothing but its configuration and the keys that were stored, and is shown the window's blocks as the shell does it.
    fn restart_relayer(&mut self) {
        self.run += 1;
        self.relayer = Relayer::new(settings(), self.remembered.clone());
        let configs = || (0..self.pruntimes.len() as u64).map(config).collect();
        self.deliver(Event::Configure(self.configs.clone().unwrap_or_else(configs)));
        self.deliver(Event::Connected {
            genesis_hash: self.chain.genesis_hash,
            head: self.chain.head(),
        });
        for number in self.chain.head().saturating_sub(WINDOW - 1).max(1)..=self.chain.head() {
            self.show(number);
        }
    }

    /// Starts a worker's pRuntime again: same keys, new instance.
    fn restart_pruntime(&mut self, worker: usize) {
        self.pruntimes[worker].run += 1;
        self.pruntimes[worker].is_up = true;
    }

    /// Starts a worker's pRuntime without its keys. Returns the number of the next key on the chain.
    fn lose_key(&mut self, worker: usize) -> usize {
        self.restart_pruntime(worker);
        self.pruntimes[worker].generation += 1;
        self.pruntimes[worker].has_keys = false;
        self.number(worker) as usize
    }

    /// The number of the key that a worker's pRuntime has, or makes next.
    fn number(&self, worker: usize) -> u64 {
        worker as u64 + self.pruntimes[worker].generation * self.pruntimes.len() as u64
    }

    fn show(&mut self, number: BlockNumber) {
        let view = self.chain.view(number, &self.relayer.known_workers());
        self.deliver(Event::Block(Box::new(view)));
    }

    fn run_blocks(&mut self, blocks: u64) {
        (0..blocks * TICKS_PER_BLOCK).for_each(|_| self.step());
    }

    fn run_until(&mut self, what: &str, mut condition: impl FnMut(&Self) -> bool) {
        for _ in 0..1_000 * TICKS_PER_BLOCK {
            if condition(self) {
                return;
            }
            self.step();
        }
        panic!("{what} did not happen; {:#?}", self.relayer.summaries());
    }

    fn step(&mut self) {
        self.tick += 1;
        if self.tick.is_multiple_of(TICKS_PER_BLOCK) {
            self.chain.make_block();
            self.show(self.chain.head());
        }
        let (due, later) = std::mem::take(&mut self.events)
            .into_iter()
            .partition(|(at, _, _)| *at <= self.tick);
        self.events = later;
        let due: Vec<(u64, u64, Event)> = due;
        for (_, run, event) in due {
            if run == self.run {
                self.deliver(event);
            }
        }
        self.deliver(Event::Tick);
    }

    /// The best chain loses its newest blocks and gets as many others and one more.
    fn reorganise(&mut self, depth: BlockNumber) {
        self.chain.fork(depth);
        let first = self.chain.head() + 1;
        (0..=depth).for_each(|_| self.chain.make_block());
        (first..=self.chain.head()).for_each(|number| self.show(number));
    }

    fn deliver(&mut self, event: Event) {
        let now = self.now();
        for action in self.relayer.handle(event, now) {
            self.act(action);
        }
    }

    fn answer(&mut self, worker: WorkerId, ticks: u64, event: Event) {
        let delay = self.pruntimes[self.index(worker)].delay;
        self.events.push((self.tick + ticks + delay, self.run, event));
    }

    fn index(&self, worker: WorkerId) -> usize {
        let name = &self.relayer.config(worker).unwrap().name;
        name.strip_prefix("worker-").unwrap().parse().unwrap()
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::AskIdentity(id) => {
                let index = self.index(id);
                let pruntime = &self.pruntimes[index];
                let key = pruntime.has_keys.then(|| key(self.number(index)));
                let identity = Identity {
                    key,
                    operator: None,
                    genesis_hash: None,
                    instance: instance(pruntime.run),
                };
                let answer = if pruntime.is_up {
                    Ok(identity)
                } else {
                    Err("connection refused".into())
                };
                self.answer(id, 1, Event::Identity(id, answer));
            }
            Action::AskEvidence(id, freshness) => {
                let index = self.index(id);
                self.pruntimes[index].has_keys |= self.pruntimes[index].is_up;
                let prepared = prepared(self.number(index), self.pruntimes[index].run, freshness, self.chain.genesis_hash);
                let answer = self.if_up(index, prepared);
                self.answer(id, 1, Event::Evidence(id, Box::new(answer)));
            }
            Action::AskBenchmark(id, BenchmarkRequest { block, secs, .. }) => {
                let index = self.index(id);
                let result = BenchmarkResult {
                    worker: key(self.number(index)),
                    block,
                    iterations: 1000,
                };
                let signature = WorkerSignature(pair(self.number(index)).sign(&result.message(&self.chain.genesis_hash)).0);
                let answer = self.if_up(index, (result, signature));
                self.answer(id, u64::from(secs) * TICKS_PER_BLOCK, Event::Benchmark(id, answer));
            }
            Action::AskHeartbeat {
                worker,
                challenge,
                session,
                sample,
            } => {
                let index = self.index(worker);
                let signer = if self.pruntimes[index].is_wrong { 999 } else { self.number(index) };
                let heartbeat = heartbeat(self.number(index), self.pruntimes[index].run, session, &challenge);
                let answer = self.if_up(index, sign(signer, heartbeat, &self.chain.genesis_hash));
                self.answer(
                    worker,
                    if sample { TICKS_PER_BLOCK } else { 1 },
                    Event::Heartbeat(worker, challenge.block, answer),
                );
            }
            Action::AskCollateral => self.reply(Event::Collateral(Ok(self.chain.collateral()))),
            Action::Fetch(source, document) => {
                let answer = if self.source_is_up {
                    Ok(Fetched {
                        id: document.clone(),
                        edition: EDITION,
                        content: Content::RootCrl(Vec::new()),
                    })
                } else {
                    Err(FetchError::Down("connection refused".into()))
                };
                self.reply(Event::Fetched(source, document, Box::new(answer)));
            }
            Action::SubmitDocument(id, fetched) => self.submit(id, Transaction::Document(fetched)),
            Action::SubmitRegistration(id, prepared) => self.submit(id, Transaction::Register(prepared)),
            Action::SubmitRebinding(id, old, prepared) => self.submit(id, Transaction::Rebind(old, prepared)),
            Action::SubmitRenewal(id, prepared) => self.submit(id, Transaction::Renew(prepared)),
            Action::SubmitBenchmark(id, result, _) => self.submit(id, Transaction::Benchmark(result)),
            Action::SubmitHeartbeats(id, batch) => self.submit(id, Transaction::Heartbeats(batch)),
            Action::SubmitReport(id, worker, block) => self.submit(id, Transaction::Report(worker, block)),
            Action::Remember(keys) => {
                self.remembered = keys;
                self.reply(Event::Remembered(Ok(())));
            }
        }
    }

    /// An answer of the chain's, or of a source of collateral.
    fn reply(&mut self, event: Event) {
        self.events.push((self.tick + 1, self.run, event));
    }

    fn if_up<T>(&self, index: usize, answer: T) -> Result<T, String> {
        if self.pruntimes[index].is_up {
            Ok(answer)
        } else {
            Err("connection refused".into())
        }
    }

    fn submit(&mut self, id: SubmissionId, transaction: Transaction) {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        let is_lost = self.random % 100 < self.lost_percent;
        let is_refused = self.chain.refuses(&transaction);
        let outcome = match is_lost {
            true => Ok(()),
            false => self.chain.submit(transaction),
        };
        let outcome = match outcome {
            Ok(()) if is_refused => Err(SubmitError::EvidenceRefused("Registry.EvidenceRefused".into())),
            outcome => outcome,
        };
        self.events.push((self.tick + 1, self.run, Event::Submitted(id, outcome)));
    }

    fn summary(&self, worker: usize) -> WorkerSummary {
        self.relayer
            .summaries()
            .into_iter()
            .find(|summary| summary.name == format!("worker-{worker}"))
            .unwrap()
    }

    fn state(&self, worker: usize) -> State {
        self.summary(worker).phase.state
    }

    fn all_mine(&self) -> bool {
        (0..self.pruntimes.len()).all(|worker| self.state(worker) == State::Mining)
    }

    /// A world in which all workers mine.
    fn mining(workers: usize) -> Self {
        Self::new(workers).until_mining()
    }

    fn until_mining(mut self) -> Self {
        self.run_until("mining", Self::all_mine);
        self
    }

    /// Ten worlds with different challenges in which all workers mine.
    fn ten_mining(workers: usize) -> impl Iterator<Item = Self> {
        (0..10).map(move |salt| Self::salted(workers, salt).until_mining())
    }

    fn assert_no_violation(&self) {
        assert_eq!(self.chain.violations, BTreeSet::new());
    }
}
