//! What transitions of sessions read and write besides their own session. It is opened once, serves any number of transitions, and
//! is closed once: a batch of 64 heartbeats reads the parameters and writes the sum of shares as often as a batch of one.

use crate::{
    clocks::Readings,
    guard::OutageGuard,
    pallet::*,
    types::{Payment, Unmoved},
};
use alloc::{collections::BTreeMap, vec::Vec};
use frame_support::{ensure, BoundedVec};
use khala_economics::{Accumulator, EconomicsError, Moment, Parameters, Precision};
use khala_primitives::{Balance, BlockNumber, PoolId};
use sp_runtime::{DispatchError, DispatchResult};

/// See the module's documentation.
pub(crate) struct Books {
    /// Number of the block being made.
    pub(crate) block: BlockNumber,
    /// The parameters; what a second leaves is that of the decaying clock.
    pub(crate) economics: Parameters,
    /// The clocks.
    pub(crate) readings: Readings,
    shares: Accumulator,
    idle: u32,
    moving: Unmoved,
    rewards: BTreeMap<PoolId, Balance>,
    payments: Vec<Payment>,
    guard: Option<OutageGuard>,
}

impl Books {
    /// Reads what every transition needs.
    pub(crate) fn open<T: Config>() -> Self {
        let readings = ClockReadings::<T>::get();
        Self {
            block: Pallet::<T>::now_block(),
            economics: readings.counted_by(Economics::<T>::get()),
            readings,
            shares: Shares::<T>::get(),
            idle: IdleSessions::<T>::get(),
            moving: Unmoved::default(),
            rewards: BTreeMap::new(),
            payments: Vec::new(),
            guard: None,
        }
    }

    /// Writes what has changed.
    pub(crate) fn close<T: Config>(self) -> DispatchResult {
        Shares::<T>::put(self.shares);
        if IdleSessions::<T>::get() != self.idle {
            IdleSessions::<T>::put(self.idle);
        }
        if let Some(guard) = self.guard {
            Guard::<T>::put(guard);
        }
        if self.moving != Unmoved::default() {
            InTransit::<T>::try_mutate(|moving| {
                sum::<T>(&mut moving.pot, self.moving.pot).and(sum::<T>(&mut moving.treasury, self.moving.treasury))
            })?;
        }
        if !self.payments.is_empty() {
            // No more than the entries of a batch, each of which pays once.
            let payments = BoundedVec::truncate_from(self.payments);
            Pallet::<T>::deposit_event(Event::Settled { payments });
        }
        self.rewards
            .into_iter()
            .try_for_each(|(pool, reward)| PoolReward::<T>::try_mutate(pool, |all| sum::<T>(all, reward)))
    }

    /// A transition of a position as of now, against the sum of shares. Nothing has changed when it fails.
    pub(crate) fn transition<T: Config, R>(
        &mut self,
        transition: impl FnOnce(&Moment<'_>, &mut Accumulator) -> Result<R, EconomicsError>,
    ) -> Result<R, DispatchError> {
        let moment = Moment {
            parameters: &self.economics,
            now: self.readings.clocks,
            precision: Precision::Planck,
        };
        transition(&moment, &mut self.shares).map_err(|error| match error {
            EconomicsError::StakeTooLow { .. } => Error::<T>::StakeTooSmall.into(),
            EconomicsError::ValueTooHigh { .. } => Error::<T>::StakeTooLarge.into(),
            EconomicsError::NothingToMove => Error::<T>::NothingToMove.into(),
            EconomicsError::Stopped => Error::<T>::NotRunning.into(),
            EconomicsError::NotIdle => Error::<T>::NotIdle.into(),
            EconomicsError::NoScore => Error::<T>::NoScore.into(),
            _ => Error::<T>::Overflow.into(),
        })
    }

    /// Books a payment to a pool; the coins follow once a block.
    pub(crate) fn pay<T: Config>(&mut self, pool: PoolId, payment: Payment) -> DispatchResult {
        sum::<T>(self.rewards.entry(pool).or_default(), payment.paid)?;
        sum::<T>(&mut self.moving.pot, payment.paid)?;
        sum::<T>(&mut self.moving.treasury, payment.treasury)?;
        self.payments.push(payment);
        Ok(())
    }

    /// How many sessions are idle.
    pub(crate) fn idle(&self) -> u32 {
        self.idle
    }

    /// One more session is idle.
    pub(crate) fn more_idle<T: Config>(&mut self) -> DispatchResult {
        self.idle = self.idle.checked_add(1).ok_or(Error::<T>::Overflow)?;
        Ok(())
    }

    /// One session less is idle.
    pub(crate) fn less_idle<T: Config>(&mut self) -> DispatchResult {
        ensure!(self.idle > 0, Error::<T>::Overflow);
        self.idle = self.idle.saturating_sub(1);
        Ok(())
    }

    /// The outage guard, to be changed.
    pub(crate) fn guard<T: Config>(&mut self) -> &mut OutageGuard {
        self.guard.get_or_insert_with(Guard::<T>::get)
    }
}

fn sum<T: Config>(to: &mut Balance, more: Balance) -> DispatchResult {
    *to = to.checked_add(more).ok_or(Error::<T>::Overflow)?;
    Ok(())
}

impl<T: Config> Pallet<T> {
    /// One transition: nothing is written when it fails.
    pub(crate) fn with_books<R>(work: impl FnOnce(&mut Books) -> Result<R, DispatchError>) -> Result<R, DispatchError> {
        let mut books = Books::open::<T>();
        let out = work(&mut books)?;
        books.close::<T>()?;
        Ok(out)
    }
}
