//! What the runtime API says of mining.

use crate::{pallet::*, traits::PoolLedger, types::Session};
use alloc::string::{String, ToString};
use khala_economics::{accumulator::PlanckLedger, budget, stake, Pha, Score, Standing};
use khala_pallet_registry::{WorkerDirectory, WorkerFacts};
use khala_primitives::{
    status::{Absence, Explanation, Reason, SessionState, SessionStatus},
    Balance, BlockNumber, ConfidenceLevel, SessionId, WorkerPublicKey,
};

impl<T: Config> Pallet<T> {
    /// The session of a worker, with its value as of now.
    pub fn session_status(worker: &WorkerPublicKey) -> Option<SessionStatus> {
        let id = SessionOf::<T>::get(worker)?;
        let session = Sessions::<T>::get(id)?;
        Some(Self::status_of(id, session))
    }

    /// Why a worker earns or does not, since when, and what to do.
    pub fn explain(worker: &WorkerPublicKey) -> Explanation {
        let facts = T::Workers::facts(worker);
        let session = SessionOf::<T>::get(worker).and_then(Sessions::<T>::get);
        let (reason, since_block) = Self::reason(facts.as_ref(), session.as_ref());
        let block_of = |block: Option<BlockNumber>| block.filter(|block| *block > 0);
        Explanation {
            advice: Self::advice(&reason),
            reason,
            since_block,
            state: session.as_ref().map(|session| session.state),
            last_challenge: session.as_ref().and_then(|_| Self::last_challenge(worker)),
            last_answer: block_of(session.as_ref().map(|session| session.answered)),
            last_payout: block_of(session.as_ref().map(|session| session.last_payout_block)),
            lease_end_secs: facts.map(|facts| facts.lease_end_secs),
        }
    }

    /// Is the outage guard on?
    pub fn is_outage() -> bool {
        Guard::<T>::get().is_on()
    }

    /// Block of the newest challenge in the ring that asked a worker.
    fn last_challenge(worker: &WorkerPublicKey) -> Option<BlockNumber> {
        let now = Self::now_block();
        let oldest = now.saturating_sub(Mining::<T>::get().ring_length());
        (oldest..=now)
            .rev()
            .find(|block| Self::challenge_of(*block).is_some_and(|challenge| challenge.hits(worker)))
    }

    /// What was issued since genesis and where it went, in planck; `None` only if the stored ledger is corrupt.
    pub fn ledger() -> Option<PlanckLedger> {
        Shares::<T>::get().ledger.planck().ok()
    }

    /// Sum of the shares of all idle sessions, 18 decimals.
    pub fn total_share() -> u128 {
        Shares::<T>::get().total_share.units()
    }

    /// The budget of a day at the rate in force, in planck.
    pub fn budget_per_day() -> Balance {
        budget::per_day(&Economics::<T>::get(), Self::clocks().credited).map_or(0, |budget| budget.planck())
    }

    fn status_of(id: SessionId, session: Session) -> SessionStatus {
        let readings = ClockReadings::<T>::get();
        let economics = readings.counted_by(Economics::<T>::get());
        let position = session.position.as_ref();
        let idle = session.state == SessionState::Idle;
        SessionStatus {
            id,
            pool: session.pool,
            state: session.state,
            instance: session.instance,
            stake: session.stake(),
            v: position
                .and_then(|position| position.value(&economics, readings.clocks).ok())
                .map_or(0, |v| v.to_fixed18()),
            v_e: position.map_or(0, |position| position.v_e.to_fixed18()),
            p: position.map_or(0, |position| position.p.points()),
            p_instant: position.map_or(0, |position| position.p_instant.points()),
            share: position.filter(|_| idle).map_or(0, |position| position.share.units()),
            outstanding: position
                .filter(|_| idle)
                .and_then(|position| position.earned(&Shares::<T>::get()).ok())
                .map_or(0, |earned| earned.planck()),
            paid: session.paid,
            heartbeats: session.heartbeats,
            answered: session.answered,
            answerable_from: session.answerable_from,
            since_block: session.since_block,
            last_payout_block: session.last_payout_block,
            score: session.score,
            cooling: session.cooling,
            open_reductions: session.open_reductions,
            resumed: session.resumed,
            maintenance_left_secs: Self::maintenance_left(&session),
        }
    }

    /// Seconds of maintenance that a session has left before its value decays.
    fn maintenance_left(session: &Session) -> u64 {
        let readings = ClockReadings::<T>::get();
        let standing = session.position.as_ref().map(|position| position.standing);
        match (session.state, standing) {
            (
                SessionState::Unresponsive {
                    cause: Absence::Maintenance,
                },
                Some(Standing::Away { decays_from: Some(from) }),
            ) => readings.secs_until(from).unwrap_or(u64::MAX),
            _ => session.maintenance.left(readings.clocks.credited, Mining::<T>::get().maintenance()),
        }
    }

    fn reason(facts: Option<&WorkerFacts<T::AccountId>>, session: Option<&Session>) -> (Reason, Option<BlockNumber>) {
        let Some(facts) = facts else {
            return (Reason::NotRegistered, None);
        };
        let lapsed = facts.lease_end_secs <= Self::now_secs();
        let Some(session) = session else {
            return (if lapsed { Reason::LeaseLapsed } else { Reason::NotInPool }, None);
        };
        let since = Some(session.since_block);
        match session.state {
            SessionState::CoolingDown { until_secs } => (Reason::CoolingDown { until_secs }, since),
            SessionState::Unresponsive { cause } => (Self::reason_of_absence(cause, session), since),
            SessionState::Idle | SessionState::Ready if lapsed => (Reason::LeaseLapsed, None),
            SessionState::Idle if Self::subsidy_is_empty() => (Reason::SubsidyEmpty, None),
            SessionState::Idle => (Reason::Idle, since),
            SessionState::Ready => (Self::reason_not_started(facts, session), since),
        }
    }

    fn reason_of_absence(cause: Absence, session: &Session) -> Reason {
        let missed_block = session.missed;
        match cause {
            Absence::Offline if Self::is_outage() => Reason::OutageGuard { missed_block },
            Absence::Offline => Reason::Offline { missed_block },
            Absence::LeaseLapsed => Reason::LeaseLapsed,
            Absence::Rebinding => Reason::Rebinding,
            Absence::Maintenance => Reason::Maintenance {
                left_secs: Self::maintenance_left(session),
            },
        }
    }

    fn reason_not_started(facts: &WorkerFacts<T::AccountId>, session: &Session) -> Reason {
        let needed = Mining::<T>::get().minimal_score;
        let Some(score) = facts.score else { return Reason::NoScore };
        if score < needed {
            return Reason::ScoreTooLow { score, minimum: needed };
        }
        let (minimum, maximum) = Self::stake_bounds(score, facts.level);
        let free = T::Pools::free(session.pool);
        if minimum > maximum {
            Reason::StakeOutOfBounds { minimum, maximum }
        } else if free < minimum {
            Reason::NoStake { free, minimum }
        } else {
            Reason::Ready
        }
    }

    /// S_min and S_max of a score and a level, in whole planck.
    pub fn stake_bounds(score: u32, level: ConfidenceLevel) -> (Balance, Balance) {
        let (parameters, score) = (Economics::<T>::get(), Score::from_points(score));
        let minimum = stake::minimal(&parameters, score).map_or(Balance::MAX, |stake| {
            stake
                .planck()
                .saturating_add(u128::from(Pha::from_planck(stake.planck()) != Some(stake)))
        });
        let maximum = stake::maximal(&parameters, score, level).map_or(0, |stake| stake.planck());
        (minimum, maximum)
    }

    fn subsidy_is_empty() -> bool {
        Self::available(&Shares::<T>::get()) == Pha::ZERO
    }

    /// What to do about it.
    pub fn advice(reason: &Reason) -> String {
        match reason {
            Reason::NotRegistered => "Add the worker to a relayer: it registers the worker with evidence.",
            Reason::LeaseLapsed => "Check the worker's relayer and its collateral: the evidence must be renewed.",
            Reason::NoScore => "Wait for the benchmark; if it does not come, check that the pRuntime runs and its relayer reaches it.",
            Reason::ScoreTooLow { .. } => "Grant the worker more cores and register it again.",
            Reason::NotInPool => "Let the operator add the worker to a pool of its own.",
            Reason::Ready => "Let the pool's owner start the worker with a stake.",
            Reason::Idle => "Nothing: the worker earns, and is paid with its next heartbeat.",
            Reason::Offline { .. } => {
                "Start the pRuntime and check that its relayer reaches it: it recovers by itself with its next heartbeat."
            }
            Reason::CoolingDown { .. } => "Wait: the principal comes back by itself.",
            Reason::Maintenance { .. } => "Resume the worker when the work on it is done: its value decays once its allowance is used up.",
            Reason::NoStake { .. } => "Let coins be delegated to the pool, or stop or reduce another of its workers.",
            Reason::StakeOutOfBounds { .. } => "Nothing can be done by an operator: with the network's parameters no stake fits this score.",
            Reason::OutageGuard { .. } => {
                "Start the pRuntime and check that its relayer reaches it; until then nothing is lost but rewards, for many are offline at once."
            }
            Reason::SubsidyEmpty => "Nothing can be done by an operator: the subsidy account has nothing left to pay with.",
            Reason::MeasurementDeprecated => "Upgrade the pRuntime to an allowed version.",
            Reason::Rebinding => "Wait: the worker comes back by itself with its next heartbeat under the new key.",
            Reason::EvidenceRefused { .. } => "Do what the reason says; the relayer then renews the lease by itself.",
            Reason::PolicyDenied { .. } => "Bring the platform in line with the network's policy, or use another one.",
        }
        .to_string()
    }
}
