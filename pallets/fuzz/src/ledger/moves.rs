//! Calls of pools' owners, operators and the registry that succeeded.

use super::{
    check,
    pools::PoolEntry,
    rates::{pha, same},
    session::Phase,
    Check, CoolDown, Entry, Events, Ledger,
};
use crate::runtime::registry;
use khala_pallet_mining::{EconomicParameters, Event, MiningParameters};
use khala_pallet_registry::WorkerFacts;
use khala_primitives::{status::Absence, AccountId32, Balance, PoolId, SessionId, WorkerPublicKey};

/// A relative slack for the bounds of stakes: what is that close to a bound may be in or out.
const NEAR: f64 = 1e-9;

impl Ledger {
    fn known(&self, worker: &WorkerPublicKey) -> Check<SessionId> {
        self.session_of(worker).ok_or_else(|| format!("{worker:?} has no session"))
    }

    /// A worker joined a pool.
    pub(crate) fn bound(&mut self, who: &AccountId32, pool: PoolId, worker: &WorkerPublicKey) -> Check {
        let facts = registry(|registry| registry.workers.get(worker).cloned()).ok_or("a worker was bound that is not registered")?;
        check!(self.session_of(worker).is_none(), "a worker was bound twice");
        check!(facts.operator == *who, "a worker was bound by another than its operator");
        let entry = Entry::new(*worker, pool, &facts, self.clock.block);
        let owned = self.pool(pool)?;
        check!(owned.owner == *who, "a worker was bound to another's pool");
        owned.workers += 1;
        self.sessions.insert(self.next_session, entry);
        self.next_session += 1;
        Ok(())
    }

    /// A worker left its pool, or was retired.
    pub(crate) fn unbound(&mut self, worker: &WorkerPublicKey) -> Check {
        let id = self.known(worker)?;
        let entry = self.sessions.remove(&id).ok_or("a session is gone")?;
        check!(entry.phase == Phase::Ready, "a worker left its pool in {:?}", entry.phase);
        check!(
            entry.cooling == 0,
            "a worker left its pool with {} planck in cool-downs",
            entry.cooling
        );
        self.pool(entry.pool)?.workers -= 1;
        Ok(())
    }

    pub(crate) fn started(&mut self, who: &AccountId32, worker: &WorkerPublicKey, stake: Balance) -> Check {
        let id = self.known(worker)?;
        let facts = registry(|registry| registry.workers.get(worker).cloned()).ok_or("an unknown worker was started")?;
        let score = facts.score.ok_or("a worker without a score was started")?;
        check!(self.owns(who, id), "a worker was started by another than the pool's owner");
        check!(
            facts.lease_end_secs > self.clock.now_secs,
            "a worker whose lease has lapsed was started"
        );
        check!(score >= self.mining.minimal_score, "a worker with a score of {score} was started");
        let (p, amount) = (f64::from(score), pha(stake));
        check!(
            amount >= self.rates.minimal_stake(p) * (1.0 - NEAR),
            "{amount} PHA were enough for a score of {score}"
        );
        let v = self.rates.initial_value(amount, p, facts.level);
        check!(v <= self.rates.v_max * (1.0 + NEAR), "an initial value of {v}");
        let pool = self.with(id, |entry, now| {
            check!(entry.phase == Phase::Ready, "a session in {:?} was started", entry.phase);
            entry.start(stake, &facts, score, now);
            Ok(entry.pool)
        })??;
        self.stake(pool, stake)
    }

    /// Free coins of a pool are at stake now.
    fn stake(&mut self, id: PoolId, amount: Balance) -> Check {
        self.settle_decays(id);
        let pool = self.pool(id)?;
        pool.take_in();
        pool.free = pool.free.checked_sub(amount).ok_or("a pool staked more than it had free")?;
        pool.staked += amount;
        Ok(())
    }

    pub(crate) fn added(&mut self, who: &AccountId32, worker: &WorkerPublicKey, more: Balance) -> Check {
        let id = self.known(worker)?;
        check!(self.owns(who, id), "a stake was raised by another than the pool's owner");
        check!(more > 0, "a stake was raised by nothing");
        let limit = self.rates.v_max * (1.0 + NEAR);
        let pool = self.with(id, |entry, now| {
            entry.add(more, now);
            let stake = entry.stake.as_ref().ok_or("the stake of a session that does not run was raised")?;
            check!(stake.v_e <= limit, "an initial value of {}", stake.v_e);
            Ok::<_, String>(entry.pool)
        })??;
        self.stake(pool, more)
    }

    pub(crate) fn reduced(&mut self, who: &AccountId32, worker: &WorkerPublicKey, less: Balance, mut events: Events) -> Check {
        let id = self.known(worker)?;
        check!(self.owns(who, id), "a stake was lowered by another than the pool's owner");
        check!(less > 0, "a stake was lowered by nothing");
        let event = events.pop_front();
        let Some(Event::StakeReduced {
            returned, lost, due_secs, ..
        }) = event
        else {
            return Err(format!("a stake was lowered: {event:?}"));
        };
        let rates = self.rates;
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

    pub(crate) fn stopped(&mut self, who: &AccountId32, worker: &WorkerPublicKey, mut events: Events) -> Check {
        let id = self.known(worker)?;
        check!(self.owns(who, id), "a worker was stopped by another than the pool's owner");
        let event = events.pop_front();
        let Some(Event::Stopped {
            returned, lost, due_secs, ..
        }) = event
        else {
            return Err(format!("a worker was stopped: {event:?}"));
        };
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
        self.settle_decays(pool);
        let entry = self.pool(pool)?;
        entry.take_in();
        let PoolEntry { staked, cooling, .. } = entry;
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
