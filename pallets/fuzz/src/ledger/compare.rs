//! Does the chain agree with the ledger?

use super::{
    check,
    rates::{same, Rates},
    session::{Entry, Phase, Stake},
    Check, Ledger,
};
use crate::runtime::{Balances, Mining, StakePool, Subsidy, Test, Treasury};
use frame_support::traits::fungible::Inspect;
use khala_economics::{Position, Standing};
use khala_pallet_mining::{ClockReadings, InTransit, NextSessionId, ReleaseRange, Session, Sessions, VoidBefore};
use khala_primitives::{status::SessionState, AccountId32, Balance, PHA};

fn phase(state: SessionState) -> Phase {
    match state {
        SessionState::Ready => Phase::Ready,
        SessionState::Idle => Phase::Idle,
        SessionState::Unresponsive { cause } => Phase::Away(cause),
        SessionState::CoolingDown { until_secs } => Phase::Cooling { until: until_secs },
    }
}

fn total(who: &AccountId32) -> Balance {
    <Balances as Inspect<AccountId32>>::total_balance(who)
}

impl Ledger {
    /// Every number that both have. Values and shares of the chain are taken over where they agree, so that errors do not add up.
    pub(crate) fn compare(&mut self) -> Check {
        self.compare_sessions()?;
        self.compare_clocks()?;
        self.compare_pools()?;
        self.compare_vaults()?;
        self.compare_money()
    }

    fn compare_sessions(&mut self) -> Check {
        let rates = self.rates;
        let mut count = 0;
        for (id, session) in Sessions::<Test>::iter() {
            let entry = self.sessions.get_mut(&id).ok_or_else(|| format!("session {id} should not be"))?;
            entry.compare(&session, &rates).map_err(|why| format!("session {id}: {why}"))?;
            count += 1;
        }
        check!(
            count == self.sessions.len(),
            "there are {count} sessions instead of {}",
            self.sessions.len()
        );
        check!(NextSessionId::<Test>::get() == self.next_session, "sessions are numbered otherwise");
        let (first, end) = ReleaseRange::<Test>::get();
        check!(
            end - first == self.queue.len() as u64,
            "{} cool-downs instead of {}",
            end - first,
            self.queue.len()
        );
        Ok(())
    }

    fn compare_clocks(&self) -> Check {
        let clocks = ClockReadings::<Test>::get().clocks;
        let ours = &self.clock;
        check!(
            clocks.credited == ours.credited,
            "the credited clock shows {}, not {}",
            clocks.credited,
            ours.credited
        );
        let off = (clocks.decaying as f64 - ours.decaying).abs();
        let allowed = if ours.rescaled { 1.01 } else { 0.0 };
        check!(
            off <= allowed,
            "the decaying clock shows {}, not {}",
            clocks.decaying,
            ours.decaying
        );
        let void = VoidBefore::<Test>::get();
        check!(
            void == self.void_before,
            "challenges before {void} are void, not before {}",
            self.void_before
        );
        check!(
            Mining::is_outage() == self.outage.is_some(),
            "the outage guard is not as its events say"
        );
        Ok(())
    }

    fn compare_money(&self) -> Check {
        let money = &self.money;
        let moving = InTransit::<Test>::get();
        let subsidy = money.subsidy - money.paid - money.to_treasury + moving.pot + moving.treasury;
        let treasury = money.treasury + money.to_treasury - moving.treasury;
        let coins: Balance = self.pools.values().map(|pool| pool.coins()).sum();
        let unclaimed: Balance = self.unclaimed.values().sum();
        let pot = money.pot + coins + self.vault_coins() + unclaimed + self.stray - moving.pot;
        for (name, who, ours) in [
            ("subsidy", Subsidy::get(), subsidy),
            ("treasury", Treasury::get(), treasury),
            ("pot", StakePool::pot(), pot),
        ] {
            let theirs = total(&who);
            check!(theirs == ours, "the {name} holds {theirs} planck, not {ours}");
        }
        let mut sum = subsidy + treasury + pot;
        for (who, ours) in &self.accounts {
            let theirs = total(who);
            check!(theirs == *ours, "{who} holds {theirs} planck, not {ours}");
            sum += ours;
        }
        let issuance = Balances::total_issuance();
        check!(
            sum == issuance && issuance == money.issuance,
            "{issuance} planck exist, {sum} are known, {} were",
            money.issuance
        );

        let theirs = Mining::ledger().ok_or("the ledger is corrupt")?;
        check!(
            theirs.paid == money.paid && theirs.treasury == money.to_treasury,
            "paid are {} and {}, not {} and {}",
            theirs.paid,
            theirs.treasury,
            money.paid,
            money.to_treasury
        );
        let gone = theirs.paid + theirs.treasury + theirs.forfeited + theirs.outstanding;
        check!(theirs.issued == gone, "{} planck are issued, {gone} accounted for", theirs.issued);
        let rough = 3.0 + 3.0 * money.payouts as f64 + if money.scarce { 1e8 } else { 0.0 };
        for (name, ours, theirs) in [
            ("issued", money.issued, theirs.issued),
            ("forfeited", money.forfeited, theirs.forfeited),
            ("outstanding", self.outstanding(), theirs.outstanding),
        ] {
            let planck = ours * PHA as f64;
            check!(
                (planck - theirs as f64).abs() <= rough || same(planck, theirs as f64, 1e-8),
                "{name} are {theirs} planck, not {planck}"
            );
        }
        Ok(())
    }
}

impl Entry {
    fn compare(&mut self, session: &Session, rates: &Rates) -> Check {
        let ours = (
            self.worker,
            self.pool,
            self.phase,
            self.since_block,
            self.answered,
            self.answerable_from,
        );
        let theirs = (
            session.worker,
            session.pool,
            phase(session.state),
            session.since_block,
            session.answered,
            session.answerable_from,
        );
        check!(ours == theirs, "is {theirs:?}, not {ours:?}");
        let ours = (
            self.instance,
            self.lease_end,
            self.level,
            self.policy_version,
            self.score,
            self.resumed,
        );
        let theirs = (
            session.instance,
            session.lease_end_secs,
            session.level,
            session.policy_version,
            session.score,
            session.resumed,
        );
        check!(ours == theirs, "knows {theirs:?}, not {ours:?}");
        let ours = (self.cooling, self.reductions, self.next_part, self.paid);
        let theirs = (session.cooling, session.open_reductions, session.next_part, session.paid);
        check!(ours == theirs, "counts {theirs:?}, not {ours:?}");
        let idle = self.is_idle();
        match (&mut self.stake, &session.position) {
            (None, None) => Ok(()),
            (Some(stake), Some(position)) => stake.compare(position, idle, rates.v_max),
            (ours, _) => Err(format!("should have a stake: {}", ours.is_some())),
        }?;
        self.may_lose(session.impaired, rates)
            .map_err(|ours| format!("would lose {} planck, not {ours}", session.impaired))
    }
}

impl Stake {
    fn compare(&mut self, position: &Position, idle: bool, v_max: f64) -> Check {
        check!(
            self.planck == position.stake.planck(),
            "has {} planck at stake, not {}",
            position.stake.planck(),
            self.planck
        );
        check!(self.level == position.level, "has level {:?}, not {:?}", position.level, self.level);
        check!(
            idle == matches!(position.standing, Standing::Idle { .. }),
            "is {:?}",
            position.standing
        );
        check!(self.seen == position.seen, "was seen at {}, not at {}", position.seen, self.seen);
        let q96 = |number: khala_economics::Q96| number.inner() as f64 / 2f64.powi(96);
        let share = position.share.units() as f64 / 1e18;
        let score = |score: khala_economics::Score| score.inner() as f64 / 2f64.powi(32);
        let slack = std::mem::replace(&mut self.slack, 1e-9);
        for (name, ours, theirs) in [
            ("V", &mut self.v, q96(position.v)),
            ("V_e", &mut self.v_e, q96(position.v_e)),
            ("V_last", &mut self.v_last, q96(position.v_last)),
            ("a share", &mut self.share, share),
            ("P", &mut self.p, score(position.p)),
            ("P_t", &mut self.p_instant, score(position.p_instant)),
        ] {
            check!(same(*ours, theirs, slack), "has {name} of {theirs}, not {ours}");
            // A value beyond its limit is one from before the limit was lowered; it never rises.
            check!(
                name != "V" || theirs <= v_max.max(*ours) * (1.0 + slack),
                "has V of {theirs}, above {v_max}"
            );
            *ours = theirs;
        }
        Ok(())
    }
}
