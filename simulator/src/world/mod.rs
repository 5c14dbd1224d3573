//! A run: the real pallet, its blocks, and around them workers, relayers and a reporter.
//!
//! Data flows one way: traces and draws come in, a [`Record`] goes out. In each block
//! 1. the clock advances, the pallet accrues rewards and draws a challenge;
//! 2. heartbeats and reports that have arrived are dispatched, as far as the block has room;
//! 3. workers come and go, and everybody reacts to the new block.

pub mod chain;
mod end;
mod fleet;
pub mod record;
pub mod relayers;
pub mod reporter;
pub mod runtime;
pub mod state;

use crate::{
    cast::{Cast, INSTANCE, START_SECS},
    draws::Draws,
    measures::delay::Span,
    scenario::Trouble,
    trace::Change,
};
use fleet::Fleet;
use khala_pallet_mining::{Batch, Event, IdleSessions, Mining, MiningParameters, VoidBefore};
use khala_primitives::{BlockNumber, Heartbeat, SignedHeartbeat, WorkerSignature};
use record::{BlockRecord, Record};
use relayers::{jitter, Answer, Relayers, RECOVERY_SPACING};
use reporter::{Miss, Reporter};
use runtime::Runtime;

/// Blocks between two looks at the values of workers.
const LOOK_EVERY: u32 = 25;
/// A speed sample runs for about a second.
const SAMPLE_MS: u32 = 1_000;

/// Runs the pallet through a trouble.
pub fn run(cast: &Cast, draws: &Draws, trouble: &Trouble) -> Record {
    cast.chain().execute_with(|| {
        if !trouble.guarded {
            Mining::<Runtime>::mutate(|mining| mining.guard_secs = 0);
        }
        let mut world = World::new(cast, draws, trouble);
        for (block, secs) in (2..).zip(&trouble.times) {
            world.block(block, *secs);
        }
        world.end()
    })
}

struct World<'a> {
    cast: &'a Cast,
    draws: &'a Draws,
    trouble: &'a Trouble,
    mining: MiningParameters,
    changes: std::iter::Peekable<std::vec::IntoIter<Change>>,
    fleet: Fleet,
    relayers: Relayers,
    reporter: Reporter,
    guard: bool,
    hits: Vec<u32>,
    record: Record,
}

impl<'a> World<'a> {
    fn new(cast: &'a Cast, draws: &'a Draws, trouble: &'a Trouble) -> Self {
        let mining = Mining::<Runtime>::get();
        let steady = trouble.traces.steady();
        Self {
            cast,
            draws,
            trouble,
            changes: trouble.traces.changes().into_iter().peekable(),
            fleet: Fleet::new(steady.len()),
            relayers: Relayers::default(),
            reporter: Reporter::new(mining.heartbeat_window, trouble.delay),
            mining,
            guard: false,
            hits: Vec::new(),
            record: Record {
                steady,
                ..Record::default()
            },
        }
    }

    fn block(&mut self, block: BlockNumber, secs: u64) {
        let mut seen = BlockRecord {
            secs,
            ..BlockRecord::default()
        };
        chain::open(block, START_SECS + secs);
        self.fill(block, &mut seen);
        chain::close();
        self.listen(block, secs, &mut seen);
        self.come_and_go(block, secs);
        self.react(block);
        seen.idle = IdleSessions::<Runtime>::get();
        seen.guard = self.guard;
        self.record.blocks.push(seen);
        if block.is_multiple_of(LOOK_EVERY) {
            let values = end::values(&self.record.steady, secs);
            self.record.values.push(values);
        }
    }

    /// Dispatches what has arrived, heartbeats first, until the block is full.
    fn fill(&mut self, block: BlockNumber, seen: &mut BlockRecord) {
        let room = chain::room();
        let mut used = chain::idle_weight();
        let mut packed = used;
        let mut entries = 0;
        let oldest = block.saturating_sub(self.mining.heartbeat_window).max(VoidBefore::<Runtime>::get());
        let workers = &self.fleet.workers;
        let batches = self.relayers.batches(block, oldest, |worker| workers[worker as usize].idle);
        for batch in batches {
            let weight = chain::batch_weight(batch.len());
            if used + weight > room {
                self.relayers.put_back(batch);
                continue;
            }
            used += weight;
            entries += batch.len();
            let signed = batch.iter().map(|answer| self.heartbeat(answer)).collect::<Vec<_>>();
            let batch = Batch::try_from(signed).expect("relayers make no batch above the limit");
            chain::heartbeats(batch).expect("nothing in a batch can fail");
        }
        packed += chain::packed_weight(entries);
        for miss in self.reporter.due(block) {
            let weight = chain::report_weight();
            if used + weight > room {
                self.reporter.put_back(miss);
                continue;
            }
            used += weight;
            packed += weight;
            // A report that has become untrue meanwhile is refused, as it should be.
            let reported = chain::report(self.cast.keys[miss.worker as usize], miss.block).is_ok();
            seen.reports += u32::from(reported);
        }
        seen.weight = used as f64 / room as f64;
        seen.packed = packed as f64 / room as f64;
    }

    fn heartbeat(&self, answer: &Answer) -> SignedHeartbeat {
        let worker = answer.worker as usize;
        let heartbeat = Heartbeat {
            worker: self.cast.keys[worker],
            session_id: u64::from(answer.worker),
            instance: INSTANCE,
            block: answer.block,
            seed: self.draws.seed(answer.block),
            iterations: u64::from(self.cast.profiles[worker].points) * u64::from(SAMPLE_MS) / 6_000,
            elapsed_ms: SAMPLE_MS,
        };
        SignedHeartbeat {
            heartbeat,
            signature: WorkerSignature([0; 64]),
        }
    }

    /// Takes note of what the pallet has said.
    fn listen(&mut self, block: BlockNumber, secs: u64, seen: &mut BlockRecord) {
        for event in chain::events() {
            match event {
                Event::Settled { payments } => {
                    seen.heartbeats += payments.len() as u32;
                    for payment in payments {
                        self.fleet.worker(payment.session).answered = payment.block;
                    }
                }
                Event::Recovered {
                    session,
                    block: asked,
                    forfeited,
                    v,
                    ..
                } => {
                    seen.heartbeats += 1;
                    self.fleet.recovered(session, asked, block, forfeited, v);
                }
                Event::BecameUnresponsive {
                    session,
                    missed,
                    forfeited,
                    ..
                } => self.reported(session, missed, forfeited, block, secs),
                Event::OutageBegan => self.guard(secs, true),
                Event::OutageEnded => self.guard(secs, false),
                _ => {}
            }
        }
    }

    fn guard(&mut self, secs: u64, on: bool) {
        self.guard = on;
        self.record.guard.push((secs, on));
    }

    fn reported(&mut self, session: u64, missed: BlockNumber, forfeited: u128, block: BlockNumber, secs: u64) {
        let last_chance = missed + self.mining.heartbeat_window - self.trouble.delay;
        let worker = self.fleet.reported(session, block, forfeited);
        if worker.could_answer(missed, last_chance) {
            self.record.false_reports += 1;
        }
        if let Some(gone) = worker.gone.filter(|_| !worker.there && !worker.noticed) {
            worker.noticed = true;
            self.record.spans.push(gone.span(block, secs, true));
        }
        if worker.there {
            self.wake(session as u32, block);
        }
    }

    /// Lets an absent worker that is there give a sign of life, after the relayer's jitter.
    fn wake(&mut self, worker: u32, block: BlockNumber) {
        let since = self.fleet.workers[worker as usize].since;
        self.relayers.wake(worker, block + jitter(&self.cast.keys[worker as usize], since));
    }

    fn come_and_go(&mut self, block: BlockNumber, secs: u64) {
        while let Some(Change { at, worker, there }) = self.changes.next_if(|change| change.at <= secs) {
            let member = self.fleet.worker(u64::from(worker));
            if !there {
                // The newest block that it has seen is the one before.
                member.vanish(at, block - 1);
                continue;
            }
            self.record.spans.extend(member.come_back(at, block));
            let last_hit = member.last_hit;
            let open = member.idle && last_hit > member.answered && self.can_be_answered(last_hit, block, worker);
            if open {
                let answer = Answer { worker, block: last_hit };
                self.relayers.send(answer, block + self.trouble.delay);
            } else if !self.fleet.workers[worker as usize].idle {
                self.wake(worker, block);
            }
        }
    }

    /// Would an answer that is sent now be in time?
    fn can_be_answered(&self, asked: BlockNumber, block: BlockNumber, worker: u32) -> bool {
        asked >= self.fleet.workers[worker as usize].answerable_from
            && asked >= VoidBefore::<Runtime>::get()
            && block + self.trouble.delay <= asked + self.mining.heartbeat_window
    }

    /// Workers and the reporter see the new block.
    fn react(&mut self, block: BlockNumber) {
        let challenge = runtime::Mining::challenge_of(block).expect("every block draws a challenge");
        let mut hits = std::mem::take(&mut self.hits);
        self.draws.hits(&challenge, &self.cast.keys, &mut hits);
        let due = block + self.trouble.delay;
        for worker in &hits {
            let member = &mut self.fleet.workers[*worker as usize];
            member.last_hit = block;
            if member.there && member.idle && block >= member.answerable_from {
                self.relayers.send(Answer { worker: *worker, block }, due);
            }
        }
        self.signs_of_life(block, due);
        let void_before = VoidBefore::<Runtime>::get();
        let fleet = &self.fleet;
        self.reporter.see(block, &hits, |Miss { worker, block: asked }| {
            let worker = &fleet.workers[worker as usize];
            worker.idle && worker.answered < asked && asked >= worker.answerable_from && asked >= void_before
        });
        self.hits = hits;
    }

    fn signs_of_life(&mut self, block: BlockNumber, due: BlockNumber) {
        for worker in self.relayers.woken(block) {
            let member = &self.fleet.workers[worker as usize];
            if member.idle || !member.there {
                continue;
            }
            let from = (member.since + 1).max(member.answered + self.mining.recovery_spacing);
            if block < from {
                self.relayers.wake(worker, from);
                continue;
            }
            self.relayers.send(Answer { worker, block }, due);
            self.relayers.wake(worker, block + RECOVERY_SPACING);
        }
    }

    fn end(mut self) -> Record {
        let last = self.trouble.times.last().copied().unwrap_or_default();
        let block = 1 + self.trouble.times.len() as BlockNumber;
        let left = self.fleet.workers.iter().filter_map(|worker| worker.unnoticed(last, block));
        self.record.spans.extend(left.collect::<Vec<Span>>());
        self.record.money = end::money();
        self.record.outcomes = end::outcomes(&self.fleet);
        self.record
    }
}
