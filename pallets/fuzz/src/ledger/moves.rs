//! Calls of pools' owners, operators and the registry that succeeded.

use super::{
    check,
    pools::PoolEntry,
    rates::{pha, same},
    session::Phase,
    Check, CoolDown, Entry, Events, Foreseen, Ledger, MiningError, MiningEvent, PoolError, PoolEvent, Sure,
};
use crate::runtime::registry;
use frame_support::ensure;
use khala_pallet_mining::{EconomicParameters, MiningParameters};
use khala_pallet_registry::WorkerFacts;
use khala_primitives::{status::Absence, AccountId32, Balance, PoolId, SessionId, WorkerPublicKey};
use sp_runtime::DispatchError;

/// A relative slack for the bounds of stakes: what is that close to a bound may be in or out.
const NEAR: f64 = 1e-9;

impl Ledger {
    fn known(&self, worker: &WorkerPublicKey) -> Check<SessionId> {
        self.session_of(worker).ok_or_else(|| format!("{worker:?} has no session"))
    }

    /// A worker joins a pool.
    pub(crate) fn add_worker(&mut self, who: &AccountId32, id: PoolId, worker: &WorkerPublicKey) -> Foreseen {
        let pool = self.pools.get_mut(&id).ok_or(PoolError::PoolNotFound)?;
        ensure!(pool.owner == *who, PoolError::NotOwner);
        let facts = registry(|registry| registry.workers.get(worker).cloned()).ok_or(PoolError::WorkerNotRegistered)?;
        ensure!(facts.operator == *who, PoolError::NotOperator);
        ensure!(pool.workers.len() < 200, PoolError::TooManyWorkers);
        ensure!(
            self.sessions.values().all(|entry| entry.worker != *worker),
            MiningError::AlreadyInPool
        );
        pool.workers.insert(0, *worker);
        let entry = Entry::new(*worker, id, &facts, self.clock.block);
        self.sessions.insert(self.next_session, entry);
        self.next_session += 1;
        Ok(vec![PoolEvent::WorkerAdded { pool: id, worker: *worker }])
    }

    /// A worker leaves its pool, by its owner.
    pub(crate) fn remove_worker(&mut self, who: &AccountId32, worker: &WorkerPublicKey) -> Foreseen {
        let id = self.session_owned_by(who, worker)?;
        ensure!(self.sessions[&id].phase == Phase::Ready, MiningError::NotReady);
        self.unbound(worker).map_err(|_| DispatchError::Corruption)
    }

    /// A worker left its pool, or was retired.
    pub(crate) fn unbound(&mut self, worker: &WorkerPublicKey) -> Check<Vec<PoolEvent>> {
        let id = self.known(worker)?;
        let entry = self.sessions.remove(&id).ok_or("a session is gone")?;
        check!(entry.phase == Phase::Ready, "a worker left its pool in {:?}", entry.phase);
        check!(
            entry.cooling == 0,
            "a worker left its pool with {} planck in cool-downs",
            entry.cooling
        );
        self.pool(entry.pool)?.workers.retain(|other| other != worker);
        Ok(vec![PoolEvent::WorkerRemoved {
            pool: entry.pool,
            worker: *worker,
        }])
    }

    /// The session of a worker in a pool of this account.
    fn session_owned_by(&self, who: &AccountId32, worker: &WorkerPublicKey) -> Foreseen<SessionId> {
        let id = self.session_of(worker).ok_or(PoolError::WorkerNotInPool)?;
        ensure!(self.owns(who, id), PoolError::NotOwner);
        Ok(id)
    }

    /// The same, when the pool has so many free coins to spare.
    fn session_with_spare(&self, who: &AccountId32, worker: &WorkerPublicKey, amount: Balance, impaired: Balance) -> Foreseen<SessionId> {
        let id = self.session_owned_by(who, worker)?;
        let (pool, _) = self.touched(self.sessions[&id].pool, impaired)?;
        ensure!(amount <= pool.spare(), PoolError::NotEnoughFree);
        Ok(id)
    }

    /// Will a worker start? Nobody knows where a bound is too near.
    pub(crate) fn may_start(&self, who: &AccountId32, worker: &WorkerPublicKey, stake: Balance, impaired: Balance) -> Foreseen<Sure> {
        let id = self.session_with_spare(who, worker, stake, impaired)?;
        ensure!(self.sessions[&id].phase == Phase::Ready, MiningError::NotReady);
        let (facts, denied) = registry(|registry| (registry.workers.get(worker).cloned(), registry.denied.contains(worker)));
        let facts = facts.ok_or(MiningError::NotRegistered)?;
        ensure!(!denied && facts.lease_end_secs > self.clock.now_secs, MiningError::LeaseLapsed);
        let score = facts.score.ok_or(MiningError::NoScore)?;
        ensure!(score >= self.mining.minimal_score, MiningError::ScoreTooLow);
        if score == 0 {
            return Ok(Sure::Unknown);
        }
        let (p, amount) = (f64::from(score), pha(stake));
        let low = self.rates.minimal_stake(p);
        let v = self.rates.initial_value(amount, p, facts.level);
        ensure!(amount >= low * (1.0 - NEAR), MiningError::StakeTooSmall);
        self.within(v, amount >= low * (1.0 + NEAR) && amount > 0.0)
    }

    /// Whether an initial value is within its limit.
    fn within(&self, v: f64, known: bool) -> Foreseen<Sure> {
        let limit = self.rates.v_max;
        if !known {
            return Ok(Sure::Unknown);
        }
        ensure!(v <= limit * (1.0 + NEAR), MiningError::StakeTooLarge);
        Ok(if v <= limit * (1.0 - NEAR) { Sure::Yes } else { Sure::Unknown })
    }

    pub(crate) fn may_add(&self, who: &AccountId32, worker: &WorkerPublicKey, more: Balance, impaired: Balance) -> Foreseen<Sure> {
        let id = self.session_with_spare(who, worker, more, impaired)?;
        let stake = self.sessions[&id].stake.as_ref().ok_or(MiningError::NotRunning)?;
        ensure!(more > 0, MiningError::NothingToMove);
        self.within(stake.v_e + self.rates.value_of_one(stake.level) * pha(more), true)
    }

    pub(crate) fn may_reduce(&self, who: &AccountId32, worker: &WorkerPublicKey, less: Balance) -> Foreseen<Sure> {
        let id = self.session_owned_by(who, worker)?;
        let entry = &self.sessions[&id];
        ensure!(entry.reductions < 8, MiningError::TooManyReductions);
        let stake = entry.stake.as_ref().ok_or(MiningError::NotRunning)?;
        ensure!(less > 0, MiningError::NothingToMove);
        let low = self.rates.minimal_stake(stake.p_at_start);
        let rest = stake.planck.checked_sub(less).map_or(-1.0, pha);
        ensure!(rest >= low * (1.0 - NEAR), MiningError::StakeTooSmall);
        Ok(if rest >= low * (1.0 + NEAR) { Sure::Yes } else { Sure::Unknown })
    }

    pub(crate) fn may_stop(&self, who: &AccountId32, worker: &WorkerPublicKey) -> Foreseen<Sure> {
        let id = self.session_owned_by(who, worker)?;
        ensure!(self.sessions[&id].stake.is_some(), MiningError::NotRunning);
        Ok(Sure::Yes)
    }

    /// A worker mines with a stake.
    pub(crate) fn started(&mut self, worker: &WorkerPublicKey, stake: Balance, impaired: Balance) -> Check<Vec<PoolEvent>> {
        let id = self.known(worker)?;
        let facts = registry(|registry| registry.workers.get(worker).cloned()).ok_or("an unknown worker was started")?;
        let score = facts.score.ok_or("a worker without a score was started")?;
        let pool = self.with(id, |entry, now| {
            entry.start(stake, &facts, score, now);
            entry.pool
        })?;
        let told = PoolEvent::WorkerStarted {
            pool,
            worker: *worker,
            stake,
        };
        self.stake(pool, stake, impaired, told)
    }

    /// Free coins of a pool are at stake now.
    fn stake(&mut self, id: PoolId, amount: Balance, impaired: Balance, told: PoolEvent) -> Check<Vec<PoolEvent>> {
        let (mut pool, mut events) = self.touched(id, impaired).map_err(|error| format!("pool {id}: {error:?}"))?;
        pool.free = pool.free.checked_sub(amount).ok_or("a pool staked more than it had free")?;
        pool.staked += amount;
        events.push(told);
        self.put(id, pool, &mut events);
        Ok(events)
    }

    pub(crate) fn added(&mut self, worker: &WorkerPublicKey, more: Balance, impaired: Balance) -> Check<Vec<PoolEvent>> {
        let id = self.known(worker)?;
        let pool = self.with(id, |entry, now| {
            entry.add(more, now);
            entry.pool
        })?;
        let told = PoolEvent::StakeAdded {
            pool,
            worker: *worker,
            more,
        };
        self.stake(pool, more, impaired, told)
    }

    /// An owner reduced a stake, or stopped a worker: `event` of mining says which.
    pub(crate) fn withdrawn(&mut self, worker: &WorkerPublicKey, impaired: Balance, event: &MiningEvent) -> Check<Vec<PoolEvent>> {
        let session = self.known(worker)?;
        let id = self.with(session, |entry, _| entry.pool)?;
        let (pool, mut events) = self.touched(id, impaired).map_err(|error| format!("pool {id}: {error:?}"))?;
        self.pools.insert(id, pool);
        self.settle_decays(id);
        let worker = *worker;
        match *event {
            MiningEvent::StakeReduced { returned, lost, .. } => {
                self.shrink(session, event)?;
                events.push(PoolEvent::StakeReduced {
                    pool: id,
                    worker,
                    returned,
                    lost,
                });
            }
            MiningEvent::Stopped { returned, lost, .. } => {
                self.end(session, event)?;
                events.push(PoolEvent::WorkerStopped {
                    pool: id,
                    worker,
                    returned,
                    lost,
                });
            }
            _ => return Err(format!("a stake was taken out: {event:?}")),
        }
        let pool = self.pool(id)?.clone();
        self.put(id, pool, &mut events);
        Ok(events)
    }

    /// A stake was reduced.
    pub(crate) fn shrink(&mut self, id: SessionId, event: &MiningEvent) -> Check {
        let MiningEvent::StakeReduced {
            session,
            returned,
            lost,
            due_secs,
            ..
        } = *event
        else {
            return Err(format!("a stake was lowered: {event:?}"));
        };
        check!(session == id, "session {session} was reduced, not {id}");
        let (rates, less) = (self.rates, returned + lost);
        let kept = self.with(id, |entry, now| {
            check!(entry.reductions < 8, "a ninth reduction of session {id}");
            entry.reductions += 1;
            let stake = entry.stake.as_ref().ok_or("the stake of a session that does not run was lowered")?;
            let rest = pha(stake.planck.checked_sub(less).ok_or("a stake was lowered by more than it is")?);
            check!(
                rest >= rates.minimal_stake(stake.p_at_start) * (1.0 - NEAR),
                "a stake was lowered to {rest}"
            );
            Ok::<_, String>(entry.reduce(less, now))
        })??;
        self.come_back(id, less, kept, returned, lost, due_secs)
    }

    /// A worker was stopped.
    pub(crate) fn end(&mut self, id: SessionId, event: &MiningEvent) -> Check {
        let MiningEvent::Stopped {
            session,
            returned,
            lost,
            due_secs,
            ..
        } = *event
        else {
            return Err(format!("a worker was stopped: {event:?}"));
        };
        check!(session == id, "session {session} was stopped, not {id}");
        let ((earned, kept), planck) = self.with(id, |entry, now| {
            let planck = entry
                .stake
                .as_ref()
                .map(|stake| stake.planck)
                .ok_or("a session that does not run was stopped")?;
            let out = entry.stop(now);
            entry.phase = Phase::Cooling { until: due_secs };
            Ok::<_, String>((out, planck))
        })??;
        self.money.forfeited += earned;
        self.come_back(id, planck, kept, returned, lost, due_secs)
    }

    /// A principal leaves the stake: a part of it comes back after a cool-down, the rest is lost to the treasury.
    fn come_back(&mut self, session: SessionId, principal: Balance, kept: f64, returned: Balance, lost: Balance, due: u64) -> Check {
        check!(returned + lost == principal, "{principal} planck became {returned} and {lost}");
        let ours = principal as f64 * kept;
        check!(
            (ours - returned as f64).abs() <= 2.0 || same(ours, returned as f64, 2.0 * self.clock.slack()),
            "{returned} planck come back of {principal}, where {ours} should"
        );
        let promised = self.clock.credited + self.mining.cool_down_secs;
        let expected = self.queue.back().map_or(promised, |last| last.due.max(promised));
        check!(due >= promised, "a cool-down ends at {due}, before {promised}");
        check!(due == expected, "a cool-down ends at {due}, not at {expected}");
        let (pool, part) = self.with(session, |entry, _| {
            entry.cooling += returned;
            entry.next_part += 1;
            (entry.pool, entry.next_part - 1)
        })?;
        self.queue.push_back(CoolDown {
            due,
            session,
            part,
            amount: returned,
        });
        let PoolEntry { staked, cooling, .. } = self.pool(pool)?;
        *staked = staked
            .checked_sub(principal)
            .ok_or("a pool has less at stake than came out of it")?;
        *cooling += returned;
        self.money.treasury += lost;
        Ok(())
    }

    /// May an account pause a worker now?
    pub(crate) fn may_pause(&self, who: &AccountId32, worker: &WorkerPublicKey) -> bool {
        let operated = registry(|registry| registry.workers.get(worker).is_some_and(|facts| facts.operator == *who));
        let Some(entry) = self.session_of(worker).and_then(|id| self.sessions.get(&id)) else {
            return false;
        };
        let oldest = (self.clock.block + 1).saturating_sub(self.mining.ring_length());
        let open = (oldest..=self.clock.block).any(|block| self.challenge(block).is_some_and(|challenge| entry.is_asked(challenge)));
        operated && entry.is_idle() && !open
    }

    pub(crate) fn paused(&mut self, worker: &WorkerPublicKey, mut events: Events) -> Check {
        let id = self.known(worker)?;
        self.leave(id, Absence::Maintenance, &mut events)
    }

    pub(crate) fn may_resume(&self, who: &AccountId32, worker: &WorkerPublicKey) -> bool {
        let operated = registry(|registry| registry.workers.get(worker).is_some_and(|facts| facts.operator == *who));
        let entry = self.session_of(worker).and_then(|id| self.sessions.get(&id));
        operated && entry.is_some_and(|entry| entry.phase == Phase::Away(Absence::Maintenance) && !entry.resumed)
    }

    pub(crate) fn resumed(&mut self, worker: &WorkerPublicKey) -> Check {
        let id = self.known(worker)?;
        self.with(id, |entry, now| {
            entry.resumed = true;
            entry.answerable_from = now.clock.block + 1;
        })
    }

    /// A worker was registered again. If its lease had lapsed while it mined, it has left.
    pub(crate) fn registered(&mut self, worker: &WorkerPublicKey, facts: &WorkerFacts<AccountId32>, mut events: Events) -> Check {
        let Some(id) = self.session_of(worker) else { return Ok(()) };
        let left = self.with(id, |entry, now| {
            let lapsed = entry.lease_end <= now.clock.now_secs;
            if lapsed {
                entry.answerable_from = now.clock.block + 1;
            }
            entry.take(facts);
            lapsed && entry.is_idle()
        })?;
        if left {
            self.leave(id, Absence::LeaseLapsed, &mut events)?;
        }
        check!(events.is_empty(), "a registration did more than it should: {events:?}");
        Ok(())
    }

    /// A worker was judged or measured again.
    pub(crate) fn judged(&mut self, worker: &WorkerPublicKey, facts: &WorkerFacts<AccountId32>) -> Check {
        self.session_of(worker)
            .map_or(Ok(()), |id| self.with(id, |entry, _| entry.take(facts)))
    }

    /// A worker has another key.
    pub(crate) fn rebound(
        &mut self,
        old: &WorkerPublicKey,
        new: &WorkerPublicKey,
        facts: &WorkerFacts<AccountId32>,
        mut events: Events,
    ) -> Check {
        let Some(id) = self.session_of(old) else { return Ok(()) };
        let pool = self.with(id, |entry, _| entry.pool)?;
        self.rename(pool, old, new)?;
        let idle = self.with(id, |entry, now| {
            entry.worker = *new;
            entry.answerable_from = now.clock.block + 1;
            entry.take(facts);
            entry.is_idle()
        })?;
        if idle {
            self.leave(id, Absence::Rebinding, &mut events)?;
        }
        check!(events.is_empty(), "a rebinding did more than it should: {events:?}");
        Ok(())
    }

    pub(crate) fn may_retire(&self, worker: &WorkerPublicKey) -> bool {
        let entry = self.session_of(worker).and_then(|id| self.sessions.get(&id));
        entry.is_none_or(|entry| entry.phase == Phase::Ready)
    }

    pub(crate) fn announced_mining(&mut self, parameters: MiningParameters) {
        self.next_mining = Some((self.clock.credited + self.mining.parameter_delay_secs, parameters));
    }

    pub(crate) fn announced_economics(&mut self, parameters: EconomicParameters) {
        self.next_economics = Some((self.clock.credited + self.mining.parameter_delay_secs, parameters));
    }

    pub(crate) fn has_announced(&self) -> bool {
        self.next_mining.is_some() || self.next_economics.is_some()
    }

    pub(crate) fn cancelled(&mut self) {
        (self.next_mining, self.next_economics) = (None, None);
    }
}
