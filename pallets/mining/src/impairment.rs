//! What the sessions of a pool would lose of their stakes if they were stopped: a sum for each pool, as of the sessions' last
//! settlements, so that the price of a pool's shares knows of losses before they are fixed.
//!
//! The sum changes only with a session that has lost or wins back value: a heartbeat of any other one neither reads nor writes it.
//! Sessions whose value decays stand in a list for each pool: [`Pallet::settle_decays`] brings them up to now.

use crate::{pallet::*, types::Session};
use frame_support::{traits::ConstU32, BoundedVec};
use khala_economics::{fixed::mul_div_up, stake, EconomicsError, Parameters, Pha, Position, Precision};
use khala_primitives::{status::SessionState, Balance, PoolId, SessionId, WorkerPublicKey};
use sp_runtime::{DispatchError, DispatchResult};

/// Most sessions of a pool.
pub const MAX_POOL_SESSIONS: u32 = 200;

/// Sessions of a pool whose value decays.
pub type DecayingSessions = BoundedVec<SessionId, ConstU32<MAX_POOL_SESSIONS>>;

/// What may be taken out of a session that runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Holding {
    /// Whose stake it is.
    pub worker: WorkerPublicKey,
    /// The stake, in planck.
    pub stake: Balance,
    /// What of it would come back after a cool-down if it were taken out bit by bit, in planck.
    pub returned: Balance,
    /// By how much it can be reduced, in planck; zero when too many reductions cool down.
    pub reducible: Balance,
    /// Whether it does not mine now.
    pub unresponsive: bool,
}

impl Holding {
    /// What comes back of `less` planck of the stake, at least.
    pub fn returned_of(&self, less: Balance) -> Balance {
        // The exact loss is rounded up to a planck, and so is this one.
        let lost = ratio_up(less, self.stake.saturating_sub(self.returned), self.stake);
        less.saturating_sub(lost)
    }

    /// How much has to be taken out of the stake for `wanted` planck to come back; at most `most`.
    pub fn less_for(&self, wanted: Balance, most: Balance) -> Balance {
        if self.returned == self.stake {
            return wanted.min(most);
        }
        ratio_up(wanted, self.stake, self.returned).saturating_add(2).min(most)
    }
}

/// `a * b / divisor`, rounded up; the largest number if there is no such number.
fn ratio_up(a: Balance, b: Balance, divisor: Balance) -> Balance {
    mul_div_up(a, b, divisor).unwrap_or(Balance::MAX)
}

impl<T: Config> Pallet<T> {
    /// Number of sessions of a pool whose value decays: as many does [`Self::settle_decays`] settle.
    pub fn decaying_sessions(pool: PoolId) -> u32 {
        u32::try_from(Decaying::<T>::decode_len(pool).unwrap_or(0)).unwrap_or(u32::MAX)
    }

    /// Brings the values of a pool's decaying sessions up to now; what the pool's sessions would lose of their stakes, in planck.
    pub fn settle_decays(pool: PoolId) -> Result<Balance, DispatchError> {
        let economics = Self::economics_of_decay();
        for id in Decaying::<T>::get(pool) {
            Self::settle_decay(&economics, id)?;
        }
        Ok(Impaired::<T>::get(pool))
    }

    /// What the pool's sessions would lose of their stakes if its decaying sessions were settled now, in planck. Changes nothing.
    pub fn impaired_now(pool: PoolId) -> Option<Balance> {
        let economics = Self::economics_of_decay();
        Decaying::<T>::get(pool).into_iter().try_fold(Impaired::<T>::get(pool), |sum, id| {
            let session = Sessions::<T>::get(id)?;
            let mut position = session.position?;
            position.settle_decay(&economics, Self::clocks()).ok()?;
            let impaired = position.impaired(&economics, Precision::Planck).ok()?.planck();
            sum.checked_sub(session.impaired)?.checked_add(impaired)
        })
    }

    /// What of a worker's stake may be taken out now; `None` unless its session runs.
    pub fn holding_of(worker: &WorkerPublicKey) -> Option<Holding> {
        let (_, session) = Self::session_of(worker).ok()?;
        let position = session.position?;
        let economics = Self::economics_of_decay();
        let exact = || {
            let v = position.value(&economics, Self::clocks())?;
            let kept = stake::kept(&economics, v, position.v_e, position.stake)?;
            let minimum = stake::minimal(&economics, position.p_at_start)?;
            Ok::<_, EconomicsError>((kept.planck(), position.stake.saturating_sub(minimum).planck()))
        };
        let (returned, reducible) = exact().ok()?;
        let may_reduce = session.open_reductions < crate::MAX_OPEN_REDUCTIONS;
        Some(Holding {
            worker: *worker,
            stake: position.stake.planck(),
            returned,
            reducible: if may_reduce { reducible } else { 0 },
            unresponsive: session.state != SessionState::Idle,
        })
    }

    /// Books what a session would lose of its stake, and whether its value decays, after a transition. The caller stores the session.
    pub(crate) fn assess(economics: &Parameters, id: SessionId, session: &mut Session) -> DispatchResult {
        let lost = |position: &Position| position.impaired(economics, Precision::Planck);
        let impaired = session.position.as_ref().map_or(Ok(Pha::ZERO), lost);
        let impaired = impaired.map_err(|_| Error::<T>::Overflow)?.planck();
        if impaired != session.impaired {
            Impaired::<T>::try_mutate_exists(session.pool, |sum| {
                let now = sum
                    .unwrap_or(0)
                    .checked_sub(session.impaired)
                    .and_then(|sum| sum.checked_add(impaired));
                *sum = Some(now.ok_or(Error::<T>::Overflow)?).filter(|sum| *sum > 0);
                Ok::<_, Error<T>>(())
            })?;
            session.impaired = impaired;
        }
        let decays = session.position.as_ref().is_some_and(Position::decays);
        if decays != session.decays {
            Decaying::<T>::try_mutate_exists(session.pool, |list| {
                let mut ids = list.take().unwrap_or_default();
                ids.retain(|other| *other != id);
                if decays {
                    ids.try_push(id).map_err(|_| Error::<T>::Overflow)?;
                }
                *list = Some(ids).filter(|ids| !ids.is_empty());
                Ok::<_, Error<T>>(())
            })?;
            session.decays = decays;
        }
        Ok(())
    }

    fn settle_decay(economics: &Parameters, id: SessionId) -> DispatchResult {
        let Some(mut session) = Sessions::<T>::get(id) else { return Ok(()) };
        let Some(position) = session.position.as_mut() else { return Ok(()) };
        let changed = position.settle_decay(economics, Self::clocks()).map_err(|_| Error::<T>::Overflow)?;
        if changed {
            Self::assess(economics, id, &mut session)?;
            Sessions::<T>::insert(id, session);
        }
        Ok(())
    }

    fn economics_of_decay() -> Parameters {
        ClockReadings::<T>::get().counted_by(Economics::<T>::get())
    }
}
