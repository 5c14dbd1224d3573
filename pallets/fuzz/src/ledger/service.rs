//! The pools' service and sweep, step by step: who is due, who is paid, whose stake is taken back.
//!
//! How far a block gets is the chain's matter, within bounds; what is done in each step, and in which order, is foreseen here.

use super::{
    check,
    pools::PoolEntry,
    vaults::{vault_of, Lost},
    Check, Ledger, MiningEvent, PoolEvent,
};
use crate::runtime::{RuntimeEvent, Test};
use khala_primitives::{AccountId32, Balance, PoolId};
use std::collections::{BTreeMap, VecDeque};

/// Payments of a visit.
const PAYMENTS: usize = 8;
/// What a block with all its room does at least: visits, deadlines, pools swept.
pub(super) const LEAST_STEPS: u64 = 5;

/// What happened in a hook, and what each pool's stakes would lose when it had happened.
pub(crate) struct Step {
    pub(crate) event: RuntimeEvent,
    pub(crate) impaired: Lost,
}

/// A request that was paid, all of it or a part.
#[derive(Clone, Debug)]
pub(crate) struct Payment {
    pub(crate) pool: PoolId,
    pub(crate) request: u64,
    pub(crate) who: AccountId32,
    pub(crate) amount: Balance,
    /// Shares that this bought back, and those that are left.
    pub(crate) shares: u128,
    pub(crate) left: u128,
}

/// How far a hook got.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach {
    /// Whether the block had room for everything, mining's work included.
    pub(crate) roomy: bool,
    /// Number of the first deadline that is still to come.
    pub(crate) deadlines: u64,
    /// Number of the pool in the ring that is visited next.
    pub(crate) visits: u64,
}

/// The steps of a hook, to be foreseen one after the other.
pub(crate) struct Steps(VecDeque<Step>);

impl Steps {
    pub(crate) fn new(steps: VecDeque<Step>) -> Self {
        Self(steps)
    }

    /// The next step has to be this one.
    fn expect(&mut self, expected: impl Into<RuntimeEvent>) -> Check {
        let (next, expected) = (self.0.pop_front().map(|step| step.event), expected.into());
        check!(
            next.as_ref() == Some(&expected),
            "the service did {next:?}, where {expected:?} was next"
        );
        Ok(())
    }

    pub(super) fn expect_all(&mut self, expected: impl IntoIterator<Item = impl Into<RuntimeEvent>>) -> Check {
        expected.into_iter().try_for_each(|event| self.expect(event))
    }

    /// What mining does next, if it does something.
    pub(crate) fn peek(&self) -> Option<&MiningEvent> {
        match self.0.front() {
            Some(Step {
                event: RuntimeEvent::Mining(event),
                ..
            }) => Some(event),
            _ => None,
        }
    }

    /// What mining has done; then the pool has told the same.
    pub(crate) fn pop_pair(&mut self) -> Check<(MiningEvent, Lost, khala_pallet_stake_pool::Event<Test>)> {
        let first = self.0.pop_front();
        let second = self.0.pop_front();
        match (first.map(|step| (step.event, step.impaired)), second.map(|step| step.event)) {
            (Some((RuntimeEvent::Mining(event), impaired)), Some(RuntimeEvent::StakePool(told))) => Ok((event, impaired, told)),
            other => Err(format!("a stake was taken back, but what was told is {other:?}")),
        }
    }

    pub(super) fn finish(self) -> Check {
        let rest: Vec<_> = self.0.into_iter().map(|step| step.event).collect();
        check!(rest.is_empty(), "a hook did more than it should: {rest:?}");
        Ok(())
    }
}

impl Ledger {
    /// Deadlines that have passed, and visits of the pools in the ring; whether all that was to be done was. `impaired`: what stakes
    /// would lose as of now.
    pub(crate) fn serve(&mut self, reach: Reach, impaired: &Lost, mut steps: Steps) -> Check<bool> {
        let mut impaired = impaired.clone();
        let due = self.let_become_due(reach, &mut steps)?;
        let visits = reach.visits - self.visits;
        for _ in 0..visits {
            let id = self.ring.pop_front().ok_or("a pool was visited that was not in the ring")?;
            if self.visit(id, &mut impaired, &mut steps)? {
                self.join_ring(id);
            }
        }
        self.visits = reach.visits;
        steps.finish()?;
        let drained = due && self.ring.is_empty();
        check!(
            !reach.roomy || drained || visits >= LEAST_STEPS || !due,
            "a block with room left {:?} in the ring after {visits} visits",
            self.ring
        );
        let kept = reach.roomy && drained;
        if kept {
            self.keep_promises()?;
        }
        Ok(kept)
    }

    /// Whether nothing that is due is left over.
    fn let_become_due(&mut self, reach: Reach, steps: &mut Steps) -> Check<bool> {
        let now = self.clock.credited;
        let served = reach.deadlines - self.deadlines;
        for _ in 0..served {
            let (due, id, number) = self.agenda.pop_front().ok_or("a deadline came that was not fixed")?;
            check!(due <= now, "the deadline {due} came at {now}");
            let request = self.pool(id)?.queue.iter_mut().find(|request| request.id == number);
            let Some(request) = request else { continue };
            check!(request.deadline == due && !request.due, "{request:?} became due at {due}");
            request.due = true;
            self.join_ring(id);
            steps.expect(PoolEvent::RequestDue { pool: id, request: number })?;
        }
        self.deadlines = reach.deadlines;
        let left = self.agenda.front().is_some_and(|(due, ..)| *due <= now);
        check!(
            !left || !reach.roomy || served >= LEAST_STEPS,
            "a block with room let only {served} requests become due"
        );
        Ok(!left)
    }

    /// A visit; whether the pool is to be visited again at once.
    fn visit(&mut self, id: PoolId, impaired: &mut Lost, steps: &mut Steps) -> Check<bool> {
        let lost = impaired.get(&id).copied().unwrap_or(0);
        self.settle_decays(id);
        let now = self.clock.credited;
        let pool = self.pool(id)?;
        steps.expect_all(pool.touch(id, now, lost))?;
        steps.expect_all(pool.give_rest(id))?;
        let mut paid = Vec::new();
        while paid.len() < PAYMENTS {
            let Some(payment) = self.pay_first(id, steps)? else { break };
            paid.push(payment);
        }
        let again = paid.len() == PAYMENTS || self.take_back(id, impaired, steps)?;
        // Then vaults pass on what they were paid.
        for payment in paid {
            if let Some(vault) = vault_of(&payment.who) {
                steps.expect_all(self.paid_to_vault(vault, &payment)?)?;
            }
        }
        Ok(again)
    }

    /// The first one of the queue is paid, as far as free coins allow it.
    fn pay_first(&mut self, id: PoolId, steps: &mut Steps) -> Check<Option<Payment>> {
        let pool = self.pool(id)?;
        let Some(first) = pool.queue.front_mut() else { return Ok(None) };
        let (who, request, shares) = (first.who.clone(), first.id, first.shares);
        let Some((amount, burned)) = pool.payment(shares) else {
            return Ok(None);
        };
        let left = shares - burned;
        match left {
            0 => drop(pool.queue.pop_front()),
            left => pool.queue.iter_mut().take(1).for_each(|first| first.shares = left),
        }
        pool.exchange(pool.free - amount, pool.shares - burned);
        let rest = pool.give_rest(id);
        steps.expect_all(rest)?;
        let booked = self.pay_out(&who, amount);
        steps.expect_all(booked)?;
        steps.expect(PoolEvent::RequestPaid {
            pool: id,
            request,
            who: who.clone(),
            shares: burned,
            amount,
            left,
        })?;
        Ok(Some(Payment {
            pool: id,
            request,
            who,
            amount,
            shares: burned,
            left,
        }))
    }

    /// After a block in which everything could be done: what is due is covered, or nothing is left at stake; and whoever was to be paid
    /// by now has been.
    fn keep_promises(&mut self) -> Check {
        let now = self.clock.credited;
        let back_by = self.queue.back().map_or(now, |last| last.due);
        let cool_down = self.mining.cool_down_secs;
        let idle: BTreeMap<PoolId, bool> = self.pools.keys().map(|id| (*id, !self.runs(*id))).collect();
        for (id, pool) in &mut self.pools {
            if pool.queue.front().is_none_or(|first| first.deadline > now) {
                continue;
            }
            let need = pool.need();
            check!(
                need == 0 || idle[id],
                "pool {id} has not taken back {need} planck for what is due, and has workers"
            );
            for request in pool.queue.iter_mut().take_while(|request| request.deadline <= now) {
                check!(request.due, "{request:?} of pool {id} is not due at {now}");
                // What covers it cools down already: the last of all cool-downs ends then.
                let by = *request.covered_by.get_or_insert(back_by);
                check!(
                    by > now,
                    "{request:?} of pool {id} was to be paid by {by}, a cool-down of {cool_down} s after its deadline, and it is {now}"
                );
            }
        }
        Ok(())
    }

    fn runs(&self, id: PoolId) -> bool {
        self.sessions.values().any(|entry| entry.pool == id && entry.stake.is_some())
    }

    /// The sweep at the end of a block: as far as `reach`, a time slot and the next pool.
    pub(crate) fn sweep(&mut self, roomy: bool, reach: (u64, PoolId), impaired: &Lost, mut steps: Steps) -> Check {
        let now = self.clock.credited;
        let count = self.pools.len() as PoolId;
        let slot = now / self.times.sweep_secs;
        let over = self.swept.1 >= count;
        let begins = over && slot != self.swept.0 && (roomy || reach.0 == slot);
        if begins {
            self.swept = (slot, 0);
            let stray = std::mem::take(&mut self.stray);
            if stray > 0 {
                self.money.treasury += stray;
                steps.expect(PoolEvent::PotSwept { amount: stray })?;
            }
        }
        let from = self.swept.1;
        check!(
            reach.0 == self.swept.0 && (from..=count.max(from)).contains(&reach.1),
            "the sweep stands at {reach:?}, and stood at {:?} of {count} pools",
            self.swept
        );
        check!(
            !roomy || reach.1 >= count || u64::from(reach.1 - from) >= LEAST_STEPS,
            "a block with room swept the pools from {from} to {}",
            reach.1
        );
        for id in from..reach.1 {
            let lost = impaired.get(&id).copied().unwrap_or(0);
            let (mut pool, events) = self.touched(id, lost).map_err(|error| format!("pool {id}: {error:?}"))?;
            steps.expect_all(events)?;
            sample(&mut pool, now);
            let mut rest = Vec::new();
            self.put(id, pool, &mut rest);
            steps.expect_all(rest)?;
        }
        self.swept.1 = reach.1;
        steps.finish()
    }
}

/// Once a day the price of a pool with shares is kept, for 32 days.
fn sample(pool: &mut PoolEntry, now: u64) {
    if pool.shares == 0 {
        return pool.samples.clear();
    }
    if pool.samples.back().is_some_and(|(at, _)| now - at < 86_400) {
        return;
    }
    let price = super::pools::part(pool.value(), 1_000_000_000_000_000_000, pool.shares);
    pool.samples.push_back((now, price));
    if pool.samples.len() > 32 {
        pool.samples.pop_front();
    }
}
