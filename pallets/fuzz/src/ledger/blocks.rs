//! What a new block does: time passes, the budget is shared out, parameters come into force, principals come back.

use super::{check, rates::Rates, session::Phase, Check, Events, Ledger};
use khala_pallet_mining::Event;
use khala_primitives::{challenge, Challenge};

/// How much work a block has room for in `on_poll`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Room {
    All,
    /// Enough for the clocks, not for everything.
    Some,
    /// A migration runs.
    None,
}

impl Ledger {
    /// A block `secs` after its parent.
    pub(crate) fn open(&mut self, secs: u64, upgraded: bool, room: Room, mut events: Events, drawn: Option<Challenge>) -> Check {
        self.clock.block += 1;
        self.clock.now_secs += secs;
        self.unread_secs += secs;
        let block = self.clock.block;
        if upgraded {
            self.void_before = block;
        }
        if room == Room::None {
            check!(
                events.is_empty() && drawn.is_none(),
                "a block without room did something: {events:?}"
            );
            return Ok(());
        }
        let secs = std::mem::take(&mut self.unread_secs);
        let (credited, late) = self.clock.advance(secs, &self.mining, self.outage.is_some());
        self.share_out(credited);
        if late {
            self.void(&mut events)?;
        }
        self.apply_parameters(&mut events, room)?;
        self.turn_guard(&mut events)?;
        let drawn = drawn.ok_or("a block has no challenge")?;
        let idle = self.sessions.values().filter(|entry| entry.is_idle()).count() as u32;
        let target = challenge::target(idle, self.mining.challenges_per_hour, self.mining.max_heartbeats_per_block, 6_000);
        check!(
            drawn.block == block && drawn.target == target,
            "the challenge {drawn:?} is not one for {idle} sessions"
        );
        self.challenges.insert(block, drawn);
        let kept = self.mining.heartbeat_window + self.mining.report_window + 2;
        self.challenges = self.challenges.split_off(&block.saturating_sub(kept));
        self.release_due(&mut events, room)?;
        check!(events.is_empty(), "a block did more than it should: {events:?}");
        Ok(())
    }

    fn void(&mut self, events: &mut Events) -> Check {
        self.void_before = self.clock.block;
        let event = events.pop_front();
        check!(
            event == Some(Event::ChallengesVoided { block: self.clock.block }),
            "older challenges are void, but the chain says {event:?}"
        );
        Ok(())
    }

    /// The budget of the time that passed, to every idle session by its share.
    fn share_out(&mut self, credited: u64) {
        let total = self.total_share();
        if credited == 0 || total == 0.0 {
            return;
        }
        let money = &self.money;
        let subsidy = money.subsidy - money.paid - money.to_treasury;
        let left = super::rates::pha(subsidy) - super::rates::pha(crate::runtime::ExistentialDeposit::get()) - self.outstanding();
        let budget = self.rates.budget(self.clock.credited - credited, self.clock.credited);
        self.money.scarce |= left <= budget * (1.0 + 1e-9);
        let issued = budget.min(left.max(0.0)) * self.rates.issued_part(total);
        self.money.issued += issued;
        for entry in self.sessions.values_mut() {
            let part = issued * entry.share() / total;
            if let Some(stake) = &mut entry.stake {
                stake.earned += part;
            }
        }
    }

    fn apply_parameters(&mut self, events: &mut Events, room: Room) -> Check {
        let now = self.clock.credited;
        if let Some(Event::ChallengesVoided { .. }) = events.front() {
            // Only another length of the ring voids challenges here.
            let next = self.next_mining.as_ref().map(|(_, next)| next.ring_length());
            check!(
                next.is_some_and(|length| length != self.mining.ring_length()),
                "challenges are void for no reason"
            );
            self.void(events)?;
        }
        if let Some(Event::MiningChanged { parameters }) = events.front().cloned() {
            events.pop_front();
            let (due, expected) = self.next_mining.take().ok_or("mining parameters changed that were not announced")?;
            check!(
                due <= now && expected == parameters,
                "mining parameters due at {due} are others, or changed at {now}"
            );
            if parameters.ring_length() != self.mining.ring_length() {
                check!(
                    self.void_before == self.clock.block,
                    "another length of the ring voids no challenges"
                );
            }
            self.mining = parameters;
        }
        if let Some(Event::EconomicsChanged { parameters }) = events.front().cloned() {
            events.pop_front();
            let (due, expected) = self
                .next_economics
                .take()
                .ok_or("economic parameters changed that were not announced")?;
            check!(
                due <= now && expected == parameters,
                "economic parameters due at {due} are others, or changed at {now}"
            );
            let before = std::mem::replace(&mut self.rates, Rates::new(&parameters));
            self.sessions.values_mut().for_each(|entry| entry.outdate(&before));
            self.economics = parameters;
            self.clock.set_slash(self.rates.ln_keep);
        }
        let overdue =
            self.next_mining.as_ref().is_some_and(|(due, _)| *due <= now) || self.next_economics.is_some_and(|(due, _)| due <= now);
        check!(
            !overdue || room != Room::All,
            "announced parameters are due at {now} and not in force"
        );
        Ok(())
    }

    /// When the guard is turned on there is a reason for it, and it is never on for longer than its allowance.
    fn turn_guard(&mut self, events: &mut Events) -> Check {
        let (now, block) = (self.clock.credited, self.clock.block);
        // At least those that the guard knows: reports of a slot are forgotten together, and there may be fewer idle sessions.
        let sessions = self.sessions.len() as u32;
        let (hourly, most) = (self.mining.challenges_per_hour, self.mining.max_heartbeats_per_block);
        let window = challenge::mean_interval(sessions, hourly, most, 6_000)
            .saturating_mul(2)
            .saturating_add(200);
        self.reports.retain(|(reported, ..)| *reported > block.saturating_sub(window));
        match events.front() {
            Some(Event::OutageBegan) => {
                events.pop_front();
                check!(self.outage.is_none(), "an outage began twice");
                let left: f64 = self.reports.iter().map(|(_, _, share, _)| share).sum();
                let pools: std::collections::BTreeSet<_> = self.reports.iter().map(|(.., pool)| pool).collect();
                let part = f64::from(self.mining.guard_share.deconstruct()) / 1e6;
                check!(
                    left >= part * self.total_share() * (1.0 - 1e-9),
                    "an outage of {left} of {} began",
                    self.total_share()
                );
                check!(
                    self.reports.len() >= self.mining.guard_sessions as usize,
                    "an outage of {} sessions",
                    self.reports.len()
                );
                check!(
                    pools.len() >= self.mining.guard_pools as usize,
                    "an outage of {} pools",
                    pools.len()
                );
                check!(self.mining.guard_secs > 0, "an outage without an allowance");
                self.outage = Some(now);
            }
            Some(Event::OutageEnded) => {
                events.pop_front();
                check!(self.outage.take().is_some(), "an outage ended that had not begun");
            }
            _ => {}
        }
        let longest = self.mining.guard_secs + self.mining.credited_cap_secs;
        check!(
            self.outage.is_none_or(|since| now - since <= longest),
            "an outage is longer than {longest} seconds"
        );
        Ok(())
    }

    /// Every cool-down ends in the first block that it is due in, and not before.
    fn release_due(&mut self, events: &mut Events, room: Room) -> Check {
        let now = self.clock.credited;
        while let Some(event) = events.pop_front() {
            let Event::Released {
                session,
                returned,
                ended,
                worker,
            } = event
            else {
                return Err(format!("a block did {event:?}"));
            };
            let next = self.queue.pop_front().ok_or("a release of nothing")?;
            check!(
                next.session == session && next.amount == returned && next.due <= now,
                "{returned} planck of session {session} came back at {now}, where {next:?} is next"
            );
            let entry = self.sessions.get_mut(&session).ok_or("a release to a session that is gone")?;
            check!(entry.worker == worker, "a release to the wrong worker");
            entry.cooling -= returned;
            let stopped = matches!(entry.phase, Phase::Cooling { .. }) && next.part + 1 == entry.next_part;
            check!(stopped == ended, "the end of a cool-down is taken for another's");
            if stopped {
                entry.phase = Phase::Ready;
                entry.since_block = self.clock.block;
            } else {
                entry.reductions -= 1;
            }
            let id = entry.pool;
            let mut pool = self.pool(id)?.clone();
            pool.cooling -= returned;
            pool.free += returned;
            self.put_released(id, pool);
        }
        let due = self.queue.front().is_some_and(|next| next.due <= now);
        check!(!due || room != Room::All, "a cool-down was due at {now} and is not over");
        Ok(())
    }
}
