//! What the chain takes out of stakes for those who are due: no more than needed, in the owner's order, and no worker is stopped when
//! reductions suffice.

use super::{check, rates::pha, service::Steps, vaults::Lost, Check, Ledger, MiningEvent, PoolEvent};
use khala_primitives::{Balance, PoolId, SessionId, WorkerPublicKey, PHA};

/// Reductions of a visit, and most that cool down for a session at a time.
const REDUCTIONS: usize = 8;
/// What is taken out may be more than needed by what is rounded up at a worker, in planck.
const ROUNDED: Balance = 5;
/// What sums in floating point may be off by, relative.
const NEAR: f64 = 1e-9;

/// What can be taken out of a worker's stake.
struct Source {
    id: SessionId,
    worker: WorkerPublicKey,
    /// By how much its stake can be reduced, in planck.
    reducible: f64,
    /// What of that comes back.
    kept: f64,
    /// What of that may be off.
    slack: f64,
}

impl Source {
    fn back(&self) -> f64 {
        self.reducible * self.kept
    }

    /// What its numbers may be off by, in planck.
    fn slack(&self) -> f64 {
        ROUNDED as f64 + self.slack * self.reducible
    }
}

impl Ledger {
    /// Stakes are taken back for what is due and not covered; whether there may be more to take at once.
    pub(crate) fn take_back(&mut self, id: PoolId, impaired: &mut Lost, steps: &mut Steps) -> Check<bool> {
        let need = self.pool(id)?.need();
        let sources = self.sources(id)?;
        if need == 0 || sources.is_empty() {
            return Ok(false);
        }
        let all: f64 = sources.iter().map(Source::back).sum();
        let slack: f64 = sources.iter().map(Source::slack).sum();
        match steps.peek() {
            Some(MiningEvent::Stopped { worker, .. }) => {
                check!(
                    all < need as f64 + slack,
                    "{worker:?} was stopped for {need} planck, and reductions give {all}"
                );
                check!(
                    *worker == sources[0].worker,
                    "{worker:?} was stopped where {:?} is the first",
                    sources[0].worker
                );
                self.stop_for(id, sources[0].id, impaired, steps)?;
                Ok(true)
            }
            Some(MiningEvent::StakeReduced { .. }) => {
                check!(
                    all >= need as f64 - slack,
                    "stakes were reduced for {need} planck, and reductions give {all}"
                );
                self.reduce_for(id, need, &sources, impaired, steps)
            }
            other => Err(format!("pool {id} needs {need} planck, and the service did {other:?}")),
        }
    }

    /// Running workers: those that do not mine first, the rest as the owner wants it.
    fn sources(&self, id: PoolId) -> Check<Vec<Source>> {
        let pool = self.pools.get(&id).ok_or("a pool is gone")?;
        let mut sources = (Vec::new(), Vec::new());
        for worker in &pool.workers {
            let session = self.session_of(worker).ok_or_else(|| format!("{worker:?} has no session"))?;
            let entry = &self.sessions[&session];
            let Some(stake) = &entry.stake else { continue };
            let least = self.rates.minimal_stake(stake.p_at_start);
            let room = ((pha(stake.planck) - least) * PHA as f64).max(0.0);
            let list = if entry.is_idle() { &mut sources.1 } else { &mut sources.0 };
            list.push(Source {
                id: session,
                worker: *worker,
                reducible: if usize::from(entry.reductions) < REDUCTIONS { room } else { 0.0 },
                kept: stake.kept(entry.is_idle(), &self.moment()),
                slack: NEAR + if entry.is_idle() { 0.0 } else { self.clock.slack() },
            });
        }
        sources.0.extend(sources.1);
        Ok(sources.0)
    }

    fn stop_for(&mut self, id: PoolId, session: SessionId, impaired: &mut Lost, steps: &mut Steps) -> Check {
        let (event, now, told) = steps.pop_pair()?;
        let MiningEvent::Stopped {
            session: stopped,
            worker,
            returned,
            lost,
            ..
        } = event
        else {
            return Err(format!("a stop is told of as {event:?}"));
        };
        check!(stopped == session, "session {stopped} was stopped, not {session}");
        let expected = PoolEvent::WorkerStopped {
            pool: id,
            worker,
            returned,
            lost,
        };
        check!(told == expected, "the pool tells of {told:?}, not of {expected:?}");
        self.take_out(id, session, &event, now, impaired)
    }

    /// Takes over what mining did, and what stakes would lose from then on.
    fn take_out(&mut self, id: PoolId, session: SessionId, event: &MiningEvent, now: Lost, impaired: &mut Lost) -> Check {
        match event {
            MiningEvent::Stopped { .. } => self.end(session, event)?,
            _ => self.shrink(session, event)?,
        }
        // Of the other pools only what was booked last is seen, not what they would lose now.
        let lost = now.get(&id).copied().unwrap_or(0);
        impaired.insert(id, lost);
        self.pool(id)?.impaired = lost;
        Ok(())
    }

    fn reduce_for(&mut self, id: PoolId, need: Balance, sources: &[Source], impaired: &mut Lost, steps: &mut Steps) -> Check<bool> {
        let (mut open, mut count) = (need, 0);
        for source in sources {
            // What is told next may be of the next pool that is visited.
            if open == 0 || count == REDUCTIONS {
                break;
            }
            let Some(MiningEvent::StakeReduced { session, .. }) = steps.peek() else {
                break;
            };
            // Where next to nothing can be taken, nothing may be.
            if *session != source.id && source.reducible <= source.slack() {
                continue;
            }
            check!(*session == source.id, "session {session} was reduced where {} is next", source.id);
            let (event, now, told) = steps.pop_pair()?;
            let MiningEvent::StakeReduced {
                worker, returned, lost, ..
            } = event
            else {
                return Err(format!("a reduction is told of as {event:?}"));
            };
            let expected = PoolEvent::StakeReduced {
                pool: id,
                worker,
                returned,
                lost,
            };
            check!(told == expected, "the pool tells of {told:?}, not of {expected:?}");
            let less = (returned + lost) as f64;
            check!(
                returned <= open + ROUNDED,
                "{returned} planck come back of {worker:?} where {open} are needed"
            );
            check!(
                returned >= open || less >= source.reducible - source.slack(),
                "{worker:?} was reduced by {less} where {open} are needed and {} can be had",
                source.reducible
            );
            open = open.saturating_sub(returned);
            count += 1;
            self.take_out(id, source.id, &event, now, impaired)?;
        }
        let more = open > 0 && count == REDUCTIONS;
        check!(
            open == 0 || more,
            "pool {id} reduced stakes for {need} planck, and {open} are missing"
        );
        Ok(more)
    }
}
