//! A session as this ledger keeps it: the design's table of transitions, and values in floating point.

use super::{
    clock::Clock,
    rates::{conf, pha, Rates},
};
use khala_pallet_mining::MiningParameters;
use khala_pallet_registry::WorkerFacts;
use khala_primitives::{
    status::Absence, AccountId32, Balance, BlockNumber, Challenge, ConfidenceLevel, Heartbeat, Instance, PoolId, WorkerPublicKey,
};

/// Where a session stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Phase {
    Ready,
    Idle,
    Away(Absence),
    Cooling { until: u64 },
}

/// What a heartbeat does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Effect {
    Pay,
    Recover,
    Lapse,
}

/// What is at stake, worth and earned. PHA.
#[derive(Clone, Debug)]
pub(crate) struct Stake {
    pub(crate) planck: Balance,
    pub(crate) level: ConfidenceLevel,
    pub(crate) p: f64,
    pub(crate) p_at_start: f64,
    pub(crate) p_instant: f64,
    pub(crate) v: f64,
    pub(crate) v_e: f64,
    pub(crate) v_last: f64,
    pub(crate) share: f64,
    /// Added up block by block.
    pub(crate) earned: f64,
    pub(crate) seen: u64,
    /// Reading of the credited clock since which V grows, while Idle.
    grows_from: u64,
    /// Reading of the decaying clock from which V decays, while Away; none if it does not.
    pub(crate) decays_from: Option<f64>,
    /// What V may be off by when it is compared next, relative.
    pub(crate) slack: f64,
}

/// One session.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) worker: WorkerPublicKey,
    pub(crate) pool: PoolId,
    pub(crate) phase: Phase,
    pub(crate) since_block: BlockNumber,
    pub(crate) answered: BlockNumber,
    pub(crate) answerable_from: BlockNumber,
    pub(crate) instance: Instance,
    pub(crate) lease_end: u64,
    pub(crate) level: ConfidenceLevel,
    pub(crate) policy_version: u32,
    pub(crate) score: u32,
    pub(crate) resumed: bool,
    pub(crate) stake: Option<Stake>,
    pub(crate) cooling: Balance,
    pub(crate) reductions: u8,
    pub(crate) next_part: u32,
    pub(crate) paid: Balance,
    /// What would have been lost of the stake when parameters changed, and what that may be off by, in planck: so the chain may have booked
    /// it until the session is settled.
    outdated: Vec<(f64, f64)>,
    /// Seconds of maintenance used, and the reading of the credited clock at which that was so.
    maintenance: (u64, u64),
}

/// What an entry looks at.
pub(crate) struct Moment<'a> {
    pub(crate) rates: &'a Rates,
    pub(crate) mining: &'a MiningParameters,
    pub(crate) clock: &'a Clock,
}

impl Stake {
    /// V as of now.
    fn value(&self, idle: bool, now: &Moment<'_>) -> f64 {
        if idle {
            let secs = now.clock.credited - self.grows_from;
            return now.rates.grown(self.v, secs, self.p_instant, self.p);
        }
        let passed = self.decays_from.map_or(0.0, |from| (now.clock.decaying - from).max(0.0));
        self.v * (passed * now.clock.base).exp()
    }

    /// The part of it that comes back if it is taken out now.
    pub(crate) fn kept(&self, idle: bool, now: &Moment<'_>) -> f64 {
        now.rates.kept(self.value(idle, now), self.v_e)
    }

    fn set(&mut self, v: f64, now: &Moment<'_>) {
        self.v = v;
        self.grows_from = now.clock.credited;
        self.share = v.hypot(2.0 * self.p_instant * conf(self.level));
    }

    /// V as of now, for one that is away and decays.
    pub(crate) fn settle_decay(&mut self, now: &Moment<'_>) {
        // By whole seconds the chain may be a second further, also where decay has not begun yet.
        self.loosen(false, now);
        if self.decays_from.is_some_and(|from| from < now.clock.decaying) {
            self.revalue(self.value(false, now), false, now);
        }
    }

    /// What decay may be off by from now on.
    fn loosen(&mut self, idle: bool, now: &Moment<'_>) {
        if !idle && self.decays_from.is_some() {
            self.slack = now.clock.slack();
        }
    }
}

impl Entry {
    pub(crate) fn new(worker: WorkerPublicKey, pool: PoolId, facts: &WorkerFacts<AccountId32>, block: BlockNumber) -> Self {
        Self {
            worker,
            pool,
            phase: Phase::Ready,
            since_block: block,
            answered: 0,
            answerable_from: 0,
            instance: facts.instance,
            lease_end: facts.lease_end_secs,
            level: facts.level,
            policy_version: facts.policy_version,
            score: facts.score.unwrap_or(0),
            resumed: false,
            stake: None,
            cooling: 0,
            reductions: 0,
            next_part: 0,
            paid: 0,
            outdated: Vec::new(),
            maintenance: (0, 0),
        }
    }

    /// Takes over what is known of its worker.
    pub(crate) fn take(&mut self, facts: &WorkerFacts<AccountId32>) {
        self.instance = facts.instance;
        self.lease_end = facts.lease_end_secs;
        self.level = facts.level;
        self.policy_version = facts.policy_version;
        self.score = facts.score.unwrap_or(self.score);
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.phase == Phase::Idle
    }

    /// What would be lost of the stake if it were stopped at the value of its last settlement, and what that may be off by, in planck.
    fn lost(&self, rates: &Rates) -> (f64, f64) {
        self.stake.as_ref().map_or((0.0, 0.0), |stake| {
            let planck = stake.planck as f64;
            (planck * (1.0 - rates.kept(stake.v, stake.v_e)), 2.0 + stake.slack * planck)
        })
    }

    /// Other parameters come into force.
    pub(crate) fn outdate(&mut self, before: &Rates) {
        let lost = self.lost(before);
        self.outdated.push(lost);
    }

    /// What would be lost is known under the parameters that are in force, or as it was when they came into force.
    pub(crate) fn may_lose(&mut self, planck: Balance, rates: &Rates) -> Result<(), f64> {
        let near = |(lost, off): (f64, f64)| (lost - planck as f64).abs() <= off;
        let now = self.lost(rates);
        if near(now) {
            self.outdated.clear();
            return Ok(());
        }
        self.outdated.iter().any(|before| near(*before)).then_some(()).ok_or(now.0)
    }

    /// What it adds to the sum of shares.
    pub(crate) fn share(&self) -> f64 {
        self.stake.as_ref().filter(|_| self.is_idle()).map_or(0.0, |stake| stake.share)
    }

    /// Does it have to answer this challenge, and has not?
    pub(crate) fn is_asked(&self, challenge: &Challenge) -> bool {
        self.is_idle() && challenge.block >= self.answerable_from && challenge.block > self.answered && challenge.hits(&self.worker)
    }

    /// What a heartbeat to a challenge that is open does; nothing if it is stale.
    pub(crate) fn effect(&self, heartbeat: &Heartbeat, challenge: &Challenge, now: &Moment<'_>) -> Option<Effect> {
        if heartbeat.worker != self.worker || heartbeat.instance != self.instance || heartbeat.seed != challenge.seed {
            return None;
        }
        let leased = self.lease_end > now.clock.now_secs;
        match self.phase {
            Phase::Idle if !self.is_asked(challenge) => None,
            Phase::Idle if !leased => Some(Effect::Lapse),
            Phase::Idle => {
                let unseen = now.clock.credited - self.stake.as_ref()?.seen;
                Some(if unseen > now.rates.max_unseen {
                    Effect::Recover
                } else {
                    Effect::Pay
                })
            }
            Phase::Away(absence) => {
                let may = match absence {
                    Absence::Offline | Absence::Rebinding => true,
                    Absence::LeaseLapsed => leased,
                    Absence::Maintenance => self.resumed,
                };
                let spaced = challenge.block >= self.answered + now.mining.recovery_spacing;
                let later = challenge.block > self.since_block && challenge.block >= self.answerable_from;
                (may && spaced && later).then_some(Effect::Recover)
            }
            Phase::Ready | Phase::Cooling { .. } => None,
        }
    }

    fn become_idle(&mut self, now: &Moment<'_>) {
        self.phase = Phase::Idle;
        self.since_block = now.clock.block;
        self.answerable_from = now.clock.block + 1;
    }

    pub(crate) fn start(&mut self, planck: Balance, facts: &WorkerFacts<AccountId32>, score: u32, now: &Moment<'_>) {
        let p = f64::from(score);
        let v = now.rates.initial_value(pha(planck), p, facts.level);
        let mut stake = Stake {
            planck,
            level: facts.level,
            p,
            p_at_start: p,
            p_instant: p,
            v,
            v_e: v,
            v_last: v,
            share: 0.0,
            earned: 0.0,
            seen: now.clock.credited,
            grows_from: 0,
            decays_from: None,
            slack: 1e-9,
        };
        stake.set(v, now);
        self.stake = Some(stake);
        self.take(facts);
        self.become_idle(now);
        self.paid = 0;
    }

    /// A heartbeat while Idle that pays `paid` PHA to the pool.
    pub(crate) fn settle(&mut self, paid: f64, heartbeat: &Heartbeat, now: &Moment<'_>) {
        if let Some(stake) = &mut self.stake {
            let grown = stake.value(true, now);
            let v = grown - paid.min((grown - stake.v_last.max(stake.v_e)).max(0.0));
            stake.earned = 0.0;
            self.resume_at(v, heartbeat, now);
        }
    }

    /// A heartbeat that pays nothing. What was earned until now is returned.
    pub(crate) fn recover(&mut self, heartbeat: &Heartbeat, now: &Moment<'_>) -> f64 {
        let idle = self.is_idle();
        let Some(stake) = &mut self.stake else { return 0.0 };
        // Growth of a silence that was too long does not count either.
        let v = if idle { stake.v } else { stake.value(false, now) };
        stake.loosen(idle, now);
        let forfeited = std::mem::take(&mut stake.earned);
        self.end_absence(now);
        self.become_idle(now);
        self.resume_at(v, heartbeat, now);
        forfeited
    }

    fn resume_at(&mut self, v: f64, heartbeat: &Heartbeat, now: &Moment<'_>) {
        let (level, score) = (self.level, f64::from(self.score.max(1)));
        self.answered = heartbeat.block;
        let Some(stake) = &mut self.stake else { return };
        let claim = match heartbeat.elapsed_ms {
            0..500 => 0.0,
            elapsed => heartbeat.iterations as f64 * 6_000.0 / f64::from(elapsed),
        };
        stake.p = stake.p.min(score);
        stake.p_instant = claim.min(now.rates.p_cap * stake.p);
        stake.level = level;
        stake.v_last = v;
        stake.seen = now.clock.credited;
        stake.decays_from = None;
        stake.set(v, now);
    }

    /// Out of the sum of shares. What was earned is returned.
    pub(crate) fn leave(&mut self, absence: Absence, now: &Moment<'_>) -> f64 {
        let (clock, mining) = (now.clock, now.mining);
        let after = |secs: u64| Some(clock.decaying + secs as f64 * clock.speed);
        let decays_from = match absence {
            Absence::Offline => after(0),
            Absence::Rebinding => after(mining.rebinding_grace_secs),
            Absence::Maintenance => {
                self.recover_maintenance(now);
                after(mining.maintenance_secs.saturating_sub(self.maintenance.0))
            }
            Absence::LeaseLapsed => None,
        };
        self.phase = Phase::Away(absence);
        self.since_block = clock.block;
        let Some(stake) = &mut self.stake else { return 0.0 };
        stake.decays_from = decays_from;
        std::mem::take(&mut stake.earned)
    }

    /// Used maintenance comes back evenly, all of it in one period.
    fn recover_maintenance(&mut self, now: &Moment<'_>) {
        let (used, at) = self.maintenance;
        let back =
            (now.clock.credited - at) as u128 * u128::from(now.mining.maintenance_secs) / u128::from(now.mining.maintenance_period_secs);
        self.maintenance = (used.saturating_sub(back as u64), now.clock.credited);
    }

    fn end_absence(&mut self, now: &Moment<'_>) {
        if self.phase == Phase::Away(Absence::Maintenance) {
            let (used, at) = self.maintenance;
            let used = (used + now.clock.credited - at).min(now.mining.maintenance_secs);
            self.maintenance = (used, now.clock.credited);
            self.resumed = false;
        }
    }

    pub(crate) fn add(&mut self, more: Balance, now: &Moment<'_>) {
        let idle = self.is_idle();
        let Some(stake) = &mut self.stake else { return };
        let rise = now.rates.value_of_one(stake.level) * pha(more);
        let before = stake.value(idle, now);
        let v = (before + rise).min(now.rates.v_max);
        stake.v_last += (v - before).max(0.0);
        stake.v_e += rise;
        stake.planck += more;
        stake.revalue(v, idle, now);
    }

    /// Takes `less` out; the part of it that comes back is returned.
    pub(crate) fn reduce(&mut self, less: Balance, now: &Moment<'_>) -> f64 {
        let idle = self.is_idle();
        let Some(stake) = &mut self.stake else { return 0.0 };
        let before = stake.value(idle, now);
        let kept = now.rates.kept(before, stake.v_e);
        let part = (stake.planck - less) as f64 / stake.planck as f64;
        stake.v_last *= part;
        stake.v_e *= part;
        stake.planck -= less;
        stake.revalue(before * part, idle, now);
        kept
    }

    /// Ends the session: what was earned, and the part of the principal that comes back.
    pub(crate) fn stop(&mut self, now: &Moment<'_>) -> (f64, f64) {
        let idle = self.is_idle();
        self.end_absence(now);
        let Some(stake) = self.stake.take() else { return (0.0, 0.0) };
        // Growth since the last heartbeat is forfeited with the reward of that time.
        let v = if idle { stake.v } else { stake.value(false, now) };
        self.since_block = now.clock.block;
        (stake.earned, now.rates.kept(v, stake.v_e))
    }
}

impl Stake {
    fn revalue(&mut self, v: f64, idle: bool, now: &Moment<'_>) {
        self.loosen(idle, now);
        if idle {
            self.set(v, now);
        } else {
            self.v = v;
            self.decays_from = self.decays_from.map(|from| from.max(now.clock.decaying));
        }
    }
}
