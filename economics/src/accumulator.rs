//! The reward per share, the sum of shares, and the ledger of what was issued.
//!
//! Rewards are shared without a loop over workers: a number A grows by `budget / sum of shares`, and a worker has earned
//! `share * (A now - A when its share was set)`.
//!
//! # Exactness
//! The smallest unit here is the *grain*: 2^-96 * 10^-18 PHA. A has 96 fractional bits and shares 18 decimals, so their products, and with
//! them what is issued and earned, are whole grains. Nothing is rounded but at three places, and each keeps its rest:
//! - the division of the budget: its remainder goes into the next accrual;
//! - a payment, rounded down to planck: the rest is `dust`, which stays in the subsidy;
//! - what an added stake leaves owing, rounded down to 10^-18 PHA: the rest is dust too.
//!
//! So `issued = paid + treasury + forfeited + dust + outstanding` holds exactly, where outstanding is what all positions have earned and
//! not been paid; [`Accumulator::audit`] adds that up from the positions. In whole planck ([`Ledger::planck`]) dust counts as forfeited:
//! both stay in the subsidy.

use crate::{
    amount::UNITS_PER_PLANCK,
    budget,
    fixed::{product, shift_right},
    EconomicsError, Fixed, Parameters, Payout, Pha, Position, Precision, Q96,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use khala_primitives::{Balance, U256};
use scale_info::TypeInfo;

/// What was issued and where it went, since genesis.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Ledger {
    /// Set aside for idle workers, in grains.
    issued: U256,
    /// Paid to pools.
    paid: Pha,
    /// Paid to the treasury.
    treasury: Pha,
    /// Earned by workers that left before their next heartbeat, in grains. It stays in the subsidy.
    forfeited: U256,
    /// Rests of payments, in grains. They stay in the subsidy.
    dust: U256,
}

/// A [`Ledger`] in whole planck: `issued = paid + treasury + forfeited + outstanding`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct PlanckLedger {
    /// Set aside for idle workers, rounded down.
    pub issued: Balance,
    /// Paid to pools.
    pub paid: Balance,
    /// Paid to the treasury.
    pub treasury: Balance,
    /// Left in the subsidy for good: forfeited, or the rests of payments.
    pub forfeited: Balance,
    /// Earned and not yet paid, rounded down.
    pub outstanding: Balance,
}

fn grains(amount: Pha) -> U256 {
    product(amount.units(), Q96::ONE.inner())
}

/// Rounded down to 10^-18 PHA.
fn amount(grains: U256) -> Result<Pha, EconomicsError> {
    u128::try_from(shift_right(grains, Q96::BITS))
        .map(Pha::from_units)
        .map_err(|_| EconomicsError::Overflow)
}

fn add(to: &mut U256, what: U256) -> Result<(), EconomicsError> {
    *to = to.checked_add(what).ok_or(EconomicsError::Overflow)?;
    Ok(())
}

impl Ledger {
    /// Set aside for idle workers, rounded down; at most [`Pha::MAX`].
    pub fn issued(&self) -> Pha {
        amount(self.issued).unwrap_or(Pha::MAX)
    }

    /// Earned by workers that left before their next heartbeat, rounded down, without dust; at most [`Pha::MAX`].
    pub fn forfeited(&self) -> Pha {
        amount(self.forfeited).unwrap_or(Pha::MAX)
    }

    /// Earned and not yet paid, in grains.
    fn outstanding(&self) -> Result<U256, EconomicsError> {
        let gone = grains(self.paid)
            .checked_add(grains(self.treasury))
            .and_then(|sum| sum.checked_add(self.forfeited));
        let gone = gone.and_then(|sum| sum.checked_add(self.dust)).ok_or(EconomicsError::Overflow)?;
        self.issued.checked_sub(gone).ok_or(EconomicsError::Corrupt)
    }

    /// What has to stay in the subsidy to pay all that is outstanding: rounded up to a whole planck.
    pub fn reserved(&self) -> Result<Pha, EconomicsError> {
        let planck = grains(Pha::from_units(UNITS_PER_PLANCK));
        let (whole, rest) = self.outstanding()?.div_mod(planck);
        let whole = u128::try_from(whole)
            .ok()
            .and_then(|whole| whole.checked_add(u128::from(!rest.is_zero())));
        whole.and_then(Pha::from_planck).ok_or(EconomicsError::Overflow)
    }

    /// The ledger in whole planck; exact on a chain, where payments are whole planck ([`Precision::Planck`]).
    pub fn planck(&self) -> Result<PlanckLedger, EconomicsError> {
        let (issued, paid, treasury) = (amount(self.issued)?.planck(), self.paid.planck(), self.treasury.planck());
        let outstanding = amount(self.outstanding()?)?.planck();
        let settled = paid
            .checked_add(treasury)
            .and_then(|sum| sum.checked_add(outstanding))
            .ok_or(EconomicsError::Overflow)?;
        let forfeited = issued.checked_sub(settled).ok_or(EconomicsError::Corrupt)?;
        Ok(PlanckLedger {
            issued,
            paid,
            treasury,
            forfeited,
            outstanding,
        })
    }
}

/// The shared state of all positions.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Accumulator {
    /// A: what one PHA of share has earned since genesis.
    pub reward_per_share: Q96,
    /// Sum of the shares of all idle positions.
    pub total_share: Fixed,
    /// Reading of the credited clock up to which A is accrued, in seconds.
    pub accrued_to: u64,
    /// What the last division of a budget left over, in grains.
    remainder: u128,
    /// What was issued, and where it went.
    pub ledger: Ledger,
}

impl Accumulator {
    /// Issues the budget of the seconds since the last accrual up to reading `credited`, at most `available`, to all idle positions.
    ///
    /// `A += budget / max(sum of shares, share_floor)`. Nothing is issued while the sum is zero; that part of the budget is never
    /// issued. `available` is what the subsidy can pay: `balance - ED - outstanding` ([`Ledger::reserved`]). Returns what was issued,
    /// rounded down. If A is full, nothing more is issued: that takes 4e9 PHA per PHA of share.
    ///
    /// Refused: a clock that went back; amounts beyond 3e20 PHA.
    pub fn accrue(&mut self, parameters: &Parameters, credited: u64, available: Pha) -> Result<Pha, EconomicsError> {
        if credited < self.accrued_to {
            return Err(EconomicsError::ClockWentBack {
                seen: self.accrued_to,
                now: credited,
            });
        }
        if credited == self.accrued_to {
            return Ok(Pha::ZERO);
        }
        if self.total_share.is_zero() {
            self.accrued_to = credited;
            return Ok(Pha::ZERO);
        }
        let mut next = *self;
        next.accrued_to = credited;
        let scheduled = budget::issued_until(parameters, credited)?.saturating_sub(budget::issued_until(parameters, self.accrued_to)?);
        let budget = grains(scheduled)
            .checked_add(U256::from(self.remainder))
            .ok_or(EconomicsError::Overflow)?
            .min(grains(available));
        let divisor = self.total_share.max(parameters.share_floor).units();
        let (step, rest) = budget.div_mod(U256::from(divisor));
        let room = u128::MAX.saturating_sub(self.reward_per_share.inner());
        let step = u128::try_from(step).map_or(room, |step| step.min(room));
        next.reward_per_share = Q96::from_inner(self.reward_per_share.inner().saturating_add(step));
        // Below the divisor, which has 128 bits.
        next.remainder = rest.low_u128();
        let issued = product(step, self.total_share.units());
        add(&mut next.ledger.issued, issued)?;
        *self = next;
        amount(issued)
    }

    /// What a position has earned and not been paid, in grains.
    fn pending(&self, position: &Position) -> Result<U256, EconomicsError> {
        let owed = grains(position.owed);
        if !position.is_idle() {
            return Ok(owed);
        }
        let growth = self.reward_per_share.checked_sub(position.a_then).ok_or(EconomicsError::Corrupt)?;
        product(position.share.units(), growth.inner())
            .checked_add(owed)
            .ok_or(EconomicsError::Overflow)
    }

    /// What a position has earned and not been paid, rounded down.
    pub(crate) fn earned(&self, position: &Position) -> Result<Pha, EconomicsError> {
        amount(self.pending(position)?)
    }

    /// Pays what a position has earned, without changing the position.
    pub(crate) fn pay(&mut self, position: &Position, ratio: Fixed, precision: Precision) -> Result<Payout, EconomicsError> {
        let pending = self.pending(position)?;
        let earned = amount(pending)?;
        let to_treasury = earned.checked_mul(ratio).ok_or(EconomicsError::Overflow)?;
        let to_pool = earned.saturating_sub(to_treasury).rounded_down(precision);
        let to_treasury = to_treasury.rounded_down(precision);
        let ledger = &mut self.ledger;
        ledger.paid = ledger.paid.checked_add(to_pool).ok_or(EconomicsError::Overflow)?;
        ledger.treasury = ledger.treasury.checked_add(to_treasury).ok_or(EconomicsError::Overflow)?;
        let paid = grains(to_pool).checked_add(grains(to_treasury)).ok_or(EconomicsError::Overflow)?;
        add(&mut ledger.dust, pending.checked_sub(paid).ok_or(EconomicsError::Corrupt)?)?;
        Ok(Payout { to_pool, to_treasury })
    }

    /// Books what a position has earned as forfeited, without changing the position. Returns it, rounded down.
    pub(crate) fn forfeit(&mut self, position: &Position) -> Result<Pha, EconomicsError> {
        let pending = self.pending(position)?;
        add(&mut self.ledger.forfeited, pending)?;
        amount(pending)
    }

    /// What a position has earned, to be owed to it from now on; books the rest below 10^-18 PHA as dust.
    pub(crate) fn owe(&mut self, position: &Position) -> Result<Pha, EconomicsError> {
        let pending = self.pending(position)?;
        let owed = amount(pending)?;
        add(
            &mut self.ledger.dust,
            pending.checked_sub(grains(owed)).ok_or(EconomicsError::Corrupt)?,
        )?;
        Ok(owed)
    }

    /// Adds a share to the sum.
    pub(crate) fn join(&mut self, share: Fixed) -> Result<(), EconomicsError> {
        self.total_share = self.total_share.checked_add(share).ok_or(EconomicsError::Overflow)?;
        Ok(())
    }

    /// Takes a share out of the sum.
    pub(crate) fn part(&mut self, share: Fixed) -> Result<(), EconomicsError> {
        self.total_share = self.total_share.checked_sub(share).ok_or(EconomicsError::Corrupt)?;
        Ok(())
    }

    /// Compares the sum of shares and the ledger with all positions; both have to agree to the last unit.
    pub fn audit<'a>(&self, positions: impl IntoIterator<Item = &'a Position>) -> Result<(), AuditError> {
        let (mut shares, mut pending) = (Fixed::ZERO, U256::zero());
        for position in positions {
            if position.is_idle() {
                shares = shares.checked_add(position.share).ok_or(EconomicsError::Overflow)?;
            }
            add(&mut pending, self.pending(position)?)?;
        }
        if shares != self.total_share {
            return Err(AuditError::TotalShare {
                stored: self.total_share,
                sum: shares,
            });
        }
        let outstanding = self.ledger.outstanding()?;
        if pending != outstanding {
            return Err(AuditError::Outstanding {
                ledger: outstanding,
                sum: pending,
            });
        }
        Ok(())
    }
}

/// What [`Accumulator::audit`] found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AuditError {
    /// The stored sum of shares is not the sum of the idle positions' shares.
    TotalShare {
        /// Stored.
        stored: Fixed,
        /// Added up.
        sum: Fixed,
    },
    /// What the ledger says is outstanding is not what the positions have earned, both in grains.
    Outstanding {
        /// By the ledger.
        ledger: U256,
        /// Added up.
        sum: U256,
    },
    /// A sum could not be formed.
    Arithmetic(EconomicsError),
}

impl From<EconomicsError> for AuditError {
    fn from(error: EconomicsError) -> Self {
        Self::Arithmetic(error)
    }
}

impl fmt::Display for AuditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TotalShare { stored, sum } => write!(f, "the sum of shares is stored as {stored}, the idle positions have {sum}"),
            Self::Outstanding { ledger, sum } => {
                write!(
                    f,
                    "{ledger} grains are outstanding by the ledger, the positions have earned {sum} (a grain is 2^-96 * 10^-18 PHA)"
                )
            }
            Self::Arithmetic(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for AuditError {}
