//! Heartbeats and reports.

use super::{check, rates::same, Check, Effect, Events, Ledger};
use crate::runtime::registry;
use khala_pallet_mining::{Event, Payment};
use khala_primitives::{status::Absence, BlockNumber, Heartbeat, SessionId, WorkerPublicKey, PHA};
use std::collections::{BTreeSet, VecDeque};

impl Ledger {
    /// What a heartbeat would do now.
    pub(crate) fn effect(&self, heartbeat: &Heartbeat) -> Option<Effect> {
        let age = self.clock.block.checked_sub(heartbeat.block)?;
        let challenge = self.challenge(heartbeat.block).filter(|_| age <= self.mining.heartbeat_window)?;
        self.sessions
            .get(&heartbeat.session_id)?
            .effect(heartbeat, challenge, &self.moment())
    }

    /// Is a batch accepted? `forged`: the signature at this place is not the worker's.
    pub(crate) fn accepts(&self, batch: &[Heartbeat], forged: Option<usize>) -> bool {
        let workers: BTreeSet<_> = batch.iter().map(|heartbeat| heartbeat.worker).collect();
        let live: Vec<_> = (0..batch.len()).filter(|place| self.effect(&batch[*place]).is_some()).collect();
        workers.len() == batch.len() && !live.is_empty() && forged.is_none_or(|place| !live.contains(&place))
    }

    /// A batch was accepted: its live entries count, the others do nothing.
    pub(crate) fn heartbeats(&mut self, batch: &[Heartbeat], mut events: Events) -> Check {
        // One event says all payments of the batch, after all else.
        let mut payments = VecDeque::new();
        if let Some(Event::Settled { payments: paid }) = events.back() {
            payments.extend(paid.iter().copied());
            events.pop_back();
        }
        for heartbeat in batch {
            if self.effect(heartbeat).is_none() {
                continue;
            }
            let version = registry(|registry| registry.policy_version);
            let judged = self.with(heartbeat.session_id, |entry, _| entry.policy_version != version)?;
            if judged {
                self.judge(heartbeat.session_id, version)?;
            }
            match self.effect(heartbeat) {
                Some(Effect::Pay) => self.pay(heartbeat, payments.pop_front())?,
                Some(Effect::Recover) => self.recover(heartbeat, &mut events)?,
                Some(Effect::Lapse) => self.leave(heartbeat.session_id, Absence::LeaseLapsed, &mut events)?,
                None => {}
            }
        }
        check!(
            events.is_empty() && payments.is_empty(),
            "a batch did more than it should: {events:?} {payments:?}"
        );
        Ok(())
    }

    /// The policy has changed: what the registry knows of the worker now.
    fn judge(&mut self, id: SessionId, version: u32) -> Check {
        let worker = self.with(id, |entry, _| entry.worker)?;
        let facts = registry(|registry| registry.workers.get(&worker).cloned());
        self.with(id, |entry, _| {
            if let Some(facts) = facts {
                entry.take(&facts);
            }
            entry.policy_version = version;
        })
    }

    fn pay(&mut self, heartbeat: &Heartbeat, payment: Option<Payment>) -> Check {
        let id = heartbeat.session_id;
        let Some(Payment {
            session,
            worker,
            block,
            paid,
            treasury,
            ..
        }) = payment
        else {
            return Err(format!("session {id} answered and was not paid"));
        };
        check!(
            (session, worker, block) == (id, heartbeat.worker, heartbeat.block),
            "session {session} was paid for {id}"
        );
        let earned = self.with(id, |entry, _| entry.stake.as_ref().map_or(0.0, |stake| stake.earned))? * PHA as f64;
        let to_treasury = earned * self.rates.treasury;
        let rough = if self.money.scarce { 1e7 } else { 3.0 };
        for (ours, theirs) in [(earned - to_treasury, paid), (to_treasury, treasury)] {
            check!(
                (ours - theirs as f64).abs() <= rough || same(ours, theirs as f64, 1e-9),
                "session {id} earned {ours} planck and was paid {theirs}"
            );
        }
        self.money.paid += paid;
        self.money.to_treasury += treasury;
        self.money.payouts += 1;
        // What floors left over stays in the subsidy.
        self.money.forfeited += (earned - (paid + treasury) as f64) / PHA as f64;
        let pool = self.with(id, |entry, now| {
            entry.settle(super::rates::pha(paid), heartbeat, now);
            entry.paid += paid;
            entry.pool
        })?;
        self.pool(pool)?.reward += paid;
        Ok(())
    }

    fn recover(&mut self, heartbeat: &Heartbeat, events: &mut Events) -> Check {
        let id = heartbeat.session_id;
        let Some(Event::Recovered {
            session,
            worker,
            block,
            forfeited,
            ..
        }) = events.pop_front()
        else {
            return Err(format!("session {id} came back and was not told of"));
        };
        check!(
            (session, worker, block) == (id, heartbeat.worker, heartbeat.block),
            "session {session} came back for {id}"
        );
        let lost = self.with(id, |entry, now| entry.recover(heartbeat, now))?;
        self.forfeit(id, lost, forfeited)
    }

    pub(crate) fn leave(&mut self, id: SessionId, absence: Absence, events: &mut Events) -> Check {
        let event = events.pop_front();
        let Some(Event::BecameUnresponsive {
            session,
            absence: why,
            forfeited,
            ..
        }) = event
        else {
            return Err(format!("session {id} should leave as {absence:?}, but {event:?}"));
        };
        check!(
            session == id && why == absence,
            "session {session} left as {why:?} where {id} should as {absence:?}"
        );
        let lost = self.with(id, |entry, now| entry.leave(absence, now))?;
        self.forfeit(id, lost, forfeited)
    }

    /// An accepted report.
    pub(crate) fn reported(&mut self, worker: &WorkerPublicKey, _block: BlockNumber, mut events: Events) -> Check {
        let id = self.session_of(worker).ok_or("a worker without a session was reported")?;
        let (lapsed, share, pool) = self.with(id, |entry, now| (entry.lease_end <= now.clock.now_secs, entry.share(), entry.pool))?;
        let absence = if lapsed { Absence::LeaseLapsed } else { Absence::Offline };
        self.leave(id, absence, &mut events)?;
        if !lapsed {
            // It counts once: since its first report, or anew when the guard has forgotten that one, which may be earlier than here.
            let before = self.reports.iter().position(|(_, session, ..)| *session == id);
            let before = before.and_then(|place| self.reports.remove(place));
            let share = before.map_or(share, |(_, _, before, _)| share.max(before));
            self.reports.push_back((self.clock.block, id, share, pool));
        }
        check!(events.is_empty(), "a report did more than it should: {events:?}");
        Ok(())
    }

    /// What was earned and will not be paid stays in the subsidy.
    pub(crate) fn forfeit(&mut self, id: SessionId, ours: f64, theirs: khala_primitives::Balance) -> Check {
        let rough = if self.money.scarce { 1e7 } else { 3.0 };
        let planck = ours * PHA as f64;
        check!(
            (planck - theirs as f64).abs() <= rough || same(planck, theirs as f64, 1e-9),
            "session {id} forfeited {theirs} planck of {planck}"
        );
        self.money.forfeited += ours;
        Ok(())
    }
}
