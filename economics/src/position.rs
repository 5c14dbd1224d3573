//! A position: one worker's stake, value and share in a session, and every transition of them.
//!
//! What a transition depends on besides the position comes in as a [`Moment`]; what all positions share is the [`Accumulator`], which has
//! to be accrued to the moment first. A transition that is refused has changed neither.

use crate::{
    score, share,
    stake::{initial_value, kept, minimal, value_of},
    value, Accumulator, ConfidenceLevel, EconomicsError, Fixed, Parameters, Pha, Precision, Score, Q96,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Readings of the two clocks, in seconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Clocks {
    /// Counts for the budget and for growth.
    pub credited: u64,
    /// Counts for decay.
    pub decaying: u64,
}

/// When and under which rules a transition happens.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The parameters in force.
    pub parameters: &'a Parameters,
    /// The clocks.
    pub now: Clocks,
    /// What amounts are rounded down to: planck on the chain.
    pub precision: Precision,
}

/// Whether a position mines.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Standing {
    /// Mines: its share is in the sum.
    Idle {
        /// Reading of the credited clock at which V was brought up to date.
        at: u64,
    },
    /// Does not mine, and may come back.
    Away {
        /// Reading of the decaying clock from which V decays, possibly in the future; `None` while it does not.
        decays_from: Option<u64>,
    },
    /// The session has ended.
    Stopped,
}

/// What a heartbeat says, and what the chain knows of the worker when it arrives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sample {
    /// P_t as claimed; it is capped here.
    pub p_instant: Score,
    /// The confidence level as of now.
    pub level: ConfidenceLevel,
    /// P as measured last; the lower of it and the session's P counts from here on.
    pub p: Score,
}

/// A payment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Payout {
    /// To the worker's pool.
    pub to_pool: Pha,
    /// To the treasury.
    pub to_treasury: Pha,
}

/// What a heartbeat did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Settlement {
    /// An idle worker is paid.
    Paid(Payout),
    /// A worker is back. It gets nothing.
    Recovered {
        /// What it had earned, if it was idle and unseen for too long.
        forfeited: Pha,
    },
}

/// A principal that left a position.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Returned {
    /// Comes back to the pool after the cool-down.
    pub returned: Pha,
    /// Goes to the treasury.
    pub lost: Pha,
}

/// One worker in a session. Fields change only by the transitions.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Position {
    /// S: the principal at stake.
    pub stake: Pha,
    /// P: in cost, k_p and the cap of P_t.
    pub p: Score,
    /// P at the start: in the bounds of the stake.
    pub p_at_start: Score,
    /// What the platform is thought of.
    pub level: ConfidenceLevel,
    /// V, as of [`Standing`]'s reading.
    pub v: Q96,
    /// V_e: the initial value, with what was added and taken away.
    pub v_e: Q96,
    /// V after the last heartbeat; a payout takes V no lower.
    pub v_last: Q96,
    /// P_t of the last heartbeat, capped.
    pub p_instant: Score,
    /// The share as of the last heartbeat; it is in the sum only while idle.
    pub share: Fixed,
    /// The reward per share when the share was set.
    pub a_then: Q96,
    /// Earned before the share was last set, and not yet paid.
    pub owed: Pha,
    /// Reading of the credited clock at the last heartbeat.
    pub seen: u64,
    /// Whether it mines.
    pub standing: Standing,
}

impl Position {
    /// Starts a session: `V = V_last = V_e`, `P_t = P`.
    ///
    /// Refused: a score of zero, a stake below S_min, an initial value above V_max.
    pub fn start(
        moment: &Moment<'_>,
        accumulator: &mut Accumulator,
        stake: Pha,
        p: Score,
        level: ConfidenceLevel,
    ) -> Result<Self, EconomicsError> {
        accrued(moment, accumulator)?;
        if p == Score::ZERO {
            return Err(EconomicsError::NoScore);
        }
        let minimum = minimal(moment.parameters, p)?;
        if stake < minimum {
            return Err(EconomicsError::StakeTooLow { stake, minimum });
        }
        let v_e = within_maximum(moment.parameters, initial_value(moment.parameters, stake, p, level)?)?;
        let mut position = Self {
            stake,
            p,
            p_at_start: p,
            level,
            v: v_e,
            v_e,
            v_last: v_e,
            p_instant: p,
            share: Fixed::ZERO,
            a_then: Q96::ZERO,
            owed: Pha::ZERO,
            seen: moment.now.credited,
            standing: Standing::Stopped,
        };
        position.join(moment, accumulator)?;
        Ok(position)
    }

    /// Whether it mines: its share is in the sum.
    pub fn is_idle(&self) -> bool {
        matches!(self.standing, Standing::Idle { .. })
    }

    /// Whether V decays, or will from a known reading of the decaying clock on.
    pub fn decays(&self) -> bool {
        matches!(self.standing, Standing::Away { decays_from: Some(_) })
    }

    /// V now: grown since, or decayed.
    pub fn value(&self, parameters: &Parameters, now: Clocks) -> Result<Q96, EconomicsError> {
        match self.standing {
            Standing::Idle { at } => {
                let secs = now.credited.checked_sub(at).ok_or(EconomicsError::ClockWentBack {
                    seen: at,
                    now: now.credited,
                })?;
                value::grown(parameters, self.v, secs, self.p_instant, self.p)
            }
            Standing::Away { decays_from: Some(from) } => value::decayed(parameters, self.v, now.decaying.saturating_sub(from)),
            Standing::Away { decays_from: None } | Standing::Stopped => Ok(self.v),
        }
    }

    /// Earned and not yet paid, with the treasury's part, as of the last accrual.
    pub fn earned(&self, accumulator: &Accumulator) -> Result<Pha, EconomicsError> {
        accumulator.earned(self)
    }

    /// A heartbeat: an idle worker settles; one that is away, or was unseen for more than `max_unseen_secs`, recovers.
    ///
    /// Refused: a session that has ended.
    pub fn heartbeat(&mut self, moment: &Moment<'_>, accumulator: &mut Accumulator, sample: &Sample) -> Result<Settlement, EconomicsError> {
        accrued(moment, accumulator)?;
        let unseen = moment.now.credited.saturating_sub(self.seen);
        match self.standing {
            Standing::Idle { .. } if unseen <= moment.parameters.max_unseen_secs => self
                .atomically(accumulator, |position, accumulator| {
                    position.settle(moment, accumulator, sample).map(Settlement::Paid)
                }),
            Standing::Idle { .. } | Standing::Away { .. } => self.atomically(accumulator, |position, accumulator| {
                position
                    .recover(moment, accumulator, sample)
                    .map(|forfeited| Settlement::Recovered { forfeited })
            }),
            Standing::Stopped => Err(EconomicsError::Stopped),
        }
    }

    /// Pays what the old share has earned, grows V at the old P_t, lowers it by what was paid above the promise, sets P_t and the share.
    fn settle(&mut self, moment: &Moment<'_>, accumulator: &mut Accumulator, sample: &Sample) -> Result<Payout, EconomicsError> {
        let payout = accumulator.pay(self, moment.parameters.treasury_ratio, moment.precision)?;
        let grown = self.value(moment.parameters, moment.now)?;
        // What was paid comes off the growth, never off V_e: below that, value heals.
        let above = grown.saturating_sub(self.v_last.max(self.v_e));
        self.v = grown.saturating_sub(Q96::from_pha(payout.to_pool).map_or(above, |paid| paid.min(above)));
        accumulator.part(self.share)?;
        self.resume(moment, accumulator, sample)?;
        Ok(payout)
    }

    /// Sets what a heartbeat sets after a time that is not paid: V keeps what decay has left of it and does not grow.
    fn recover(&mut self, moment: &Moment<'_>, accumulator: &mut Accumulator, sample: &Sample) -> Result<Pha, EconomicsError> {
        let mut forfeited = Pha::ZERO;
        if self.is_idle() {
            forfeited = accumulator.forfeit(self)?;
            accumulator.part(self.share)?;
        } else {
            self.v = self.value(moment.parameters, moment.now)?;
        }
        self.resume(moment, accumulator, sample)?;
        Ok(forfeited)
    }

    /// The end of every heartbeat: the sample counts from here on, nothing is owed.
    fn resume(&mut self, moment: &Moment<'_>, accumulator: &mut Accumulator, sample: &Sample) -> Result<(), EconomicsError> {
        self.p = self.p.min(sample.p);
        if self.p == Score::ZERO {
            return Err(EconomicsError::NoScore);
        }
        self.p_instant = score::capped(sample.p_instant, self.p, moment.parameters.p_cap);
        self.level = sample.level;
        self.v_last = self.v;
        self.seen = moment.now.credited;
        self.owed = Pha::ZERO;
        self.join(moment, accumulator)
    }

    /// An idle worker goes away: offline, lapsed, paused or rebinding. It forfeits what it has earned, which is returned.
    ///
    /// `decays_from` is the reading of the decaying clock from which V decays: now when offline, later with a grace, `None` if never.
    ///
    /// Refused: a worker that is not idle.
    pub fn leave(&mut self, moment: &Moment<'_>, accumulator: &mut Accumulator, decays_from: Option<u64>) -> Result<Pha, EconomicsError> {
        accrued(moment, accumulator)?;
        if !self.is_idle() {
            return Err(EconomicsError::NotIdle);
        }
        self.atomically(accumulator, |position, accumulator| {
            position.go(accumulator, Standing::Away { decays_from })
        })
    }

    /// What would be lost of the stake if the session ended at the value of its last settlement.
    pub fn impaired(&self, parameters: &Parameters, precision: Precision) -> Result<Pha, EconomicsError> {
        let kept = kept(parameters, self.v, self.v_e, self.stake)?.rounded_down(precision);
        Ok(self.stake.saturating_sub(kept))
    }

    /// Brings the value of a position that decays up to now, and says whether it has changed. Nothing else changes.
    pub fn settle_decay(&mut self, parameters: &Parameters, now: Clocks) -> Result<bool, EconomicsError> {
        let Standing::Away { decays_from: Some(from) } = self.standing else {
            return Ok(false);
        };
        if now.decaying <= from {
            return Ok(false);
        }
        self.v = self.value(parameters, now)?;
        self.standing = Standing::Away {
            decays_from: Some(now.decaying),
        };
        Ok(true)
    }

    /// Adds `more` to the stake. V rises by what it buys, up to V_max; what was earned is owed from now on.
    ///
    /// Refused: nothing to add, an initial value above V_max, a session that has ended.
    pub fn add_stake(&mut self, moment: &Moment<'_>, accumulator: &mut Accumulator, more: Pha) -> Result<(), EconomicsError> {
        self.movable(moment, accumulator, more)?;
        let rise = value_of(moment.parameters, more, self.level)?;
        let v_e = within_maximum(moment.parameters, self.v_e.checked_add(rise).ok_or(EconomicsError::Overflow)?)?;
        let stake = self.stake.checked_add(more).ok_or(EconomicsError::Overflow)?;
        let before = self.value(moment.parameters, moment.now)?;
        let v = before
            .checked_add(rise)
            .ok_or(EconomicsError::Overflow)?
            .min(moment.parameters.v_max);
        // New stake is not growth: the next payout takes nothing off it.
        let v_last = self.v_last.checked_add(v.saturating_sub(before)).ok_or(EconomicsError::Overflow)?;
        self.atomically(accumulator, |position, accumulator| {
            (position.stake, position.v_e, position.v_last) = (stake, v_e, v_last);
            position.revalue(moment, accumulator, v)
        })
    }

    /// Takes `less` out of the stake; V, V_e and V_last fall in proportion. What comes back of it cools down by itself.
    ///
    /// Refused: nothing to take, a rest below S_min, a session that has ended.
    pub fn reduce_stake(&mut self, moment: &Moment<'_>, accumulator: &mut Accumulator, less: Pha) -> Result<Returned, EconomicsError> {
        self.movable(moment, accumulator, less)?;
        let (stake, minimum) = (self.stake.saturating_sub(less), minimal(moment.parameters, self.p_at_start)?);
        if less > self.stake || stake < minimum {
            return Err(EconomicsError::StakeTooLow { stake, minimum });
        }
        let before = self.value(moment.parameters, moment.now)?;
        let returned = self.returned(moment, before, less)?;
        let part = |value: Q96| value.mul_ratio(stake.units(), self.stake.units()).ok_or(EconomicsError::Overflow);
        let (v, v_e, v_last) = (part(before)?, part(self.v_e)?, part(self.v_last)?);
        self.atomically(accumulator, |position, accumulator| {
            (position.stake, position.v_e, position.v_last) = (stake, v_e, v_last);
            position.revalue(moment, accumulator, v)
        })?;
        Ok(returned)
    }

    /// Ends the session. An idle worker forfeits what it has earned; the principal is returned as far as V / V_e allows.
    ///
    /// Refused: a session that has ended.
    pub fn stop(&mut self, moment: &Moment<'_>, accumulator: &mut Accumulator) -> Result<Returned, EconomicsError> {
        accrued(moment, accumulator)?;
        // Growth since the last heartbeat is forfeited with the reward of that time.
        let v = match self.standing {
            Standing::Idle { .. } => self.v,
            Standing::Away { .. } => self.value(moment.parameters, moment.now)?,
            Standing::Stopped => return Err(EconomicsError::Stopped),
        };
        let returned = self.returned(moment, v, self.stake)?;
        self.atomically(accumulator, |position, accumulator| {
            if position.is_idle() {
                position.go(accumulator, Standing::Stopped)?;
            }
            (position.v, position.standing) = (v, Standing::Stopped);
            Ok(())
        })?;
        Ok(returned)
    }

    /// Out of the sum of shares; what was earned is forfeited and returned.
    fn go(&mut self, accumulator: &mut Accumulator, standing: Standing) -> Result<Pha, EconomicsError> {
        let forfeited = accumulator.forfeit(self)?;
        accumulator.part(self.share)?;
        self.owed = Pha::ZERO;
        self.standing = standing;
        Ok(forfeited)
    }

    /// Into the sum of shares with the value of now.
    fn join(&mut self, moment: &Moment<'_>, accumulator: &mut Accumulator) -> Result<(), EconomicsError> {
        self.share = share::share(self.v, self.p_instant, self.level)?;
        self.a_then = accumulator.reward_per_share;
        self.standing = Standing::Idle { at: moment.now.credited };
        accumulator.join(self.share)
    }

    /// Gives a position that may be away another value as of now, outside a heartbeat.
    fn revalue(&mut self, moment: &Moment<'_>, accumulator: &mut Accumulator, v: Q96) -> Result<(), EconomicsError> {
        self.v = v;
        match self.standing {
            Standing::Idle { .. } => {
                self.owed = accumulator.owe(self)?;
                accumulator.part(self.share)?;
                self.join(moment, accumulator)?;
            }
            Standing::Away { decays_from: Some(from) } => {
                self.standing = Standing::Away {
                    decays_from: Some(from.max(moment.now.decaying)),
                };
            }
            Standing::Away { decays_from: None } | Standing::Stopped => {}
        }
        Ok(())
    }

    /// What comes back of `principal` at value `v`, and what is lost.
    fn returned(&self, moment: &Moment<'_>, v: Q96, principal: Pha) -> Result<Returned, EconomicsError> {
        let returned = kept(moment.parameters, v, self.v_e, principal)?.rounded_down(moment.precision);
        Ok(Returned {
            returned,
            lost: principal.saturating_sub(returned),
        })
    }

    /// Whether `amount` of stake can be moved in or out at all.
    fn movable(&self, moment: &Moment<'_>, accumulator: &Accumulator, amount: Pha) -> Result<(), EconomicsError> {
        accrued(moment, accumulator)?;
        if self.standing == Standing::Stopped {
            return Err(EconomicsError::Stopped);
        }
        if amount.is_zero() {
            return Err(EconomicsError::NothingToMove);
        }
        Ok(())
    }

    /// Runs a transition on copies and keeps them only if it succeeds.
    fn atomically<R>(
        &mut self,
        accumulator: &mut Accumulator,
        transition: impl FnOnce(&mut Self, &mut Accumulator) -> Result<R, EconomicsError>,
    ) -> Result<R, EconomicsError> {
        let (mut position, mut sums) = (*self, *accumulator);
        let result = transition(&mut position, &mut sums)?;
        (*self, *accumulator) = (position, sums);
        Ok(result)
    }
}

/// A transition needs the reward per share of its own moment.
fn accrued(moment: &Moment<'_>, accumulator: &Accumulator) -> Result<(), EconomicsError> {
    if accumulator.accrued_to == moment.now.credited {
        Ok(())
    } else {
        Err(EconomicsError::NotAccrued {
            accrued_to: accumulator.accrued_to,
            now: moment.now.credited,
        })
    }
}

fn within_maximum(parameters: &Parameters, v_e: Q96) -> Result<Q96, EconomicsError> {
    if v_e <= parameters.v_max {
        Ok(v_e)
    } else {
        Err(EconomicsError::ValueTooHigh {
            initial: v_e,
            maximum: parameters.v_max,
        })
    }
}
