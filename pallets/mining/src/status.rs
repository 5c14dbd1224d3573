//! What the runtime API says of mining.

use crate::{pallet::*, types::Session};
use alloc::string::{String, ToString};
use frame_support::traits::{fungible::Inspect, Get};
use khala_economics::{accumulator::PlanckLedger, budget};
use khala_pallet_registry::WorkerDirectory;
use khala_primitives::{
    status::{Absence, Explanation, Reason, SessionState, SessionStatus},
    Balance, BlockNumber, SessionId, WorkerPublicKey,
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
        let (reason, since_block) = Self::reason(worker);
        Explanation {
            advice: Self::advice(&reason),
            reason,
            since_block,
        }
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
        let economics = Economics::<T>::get();
        let position = session.position.as_ref();
        let idle = session.state == SessionState::Idle;
        SessionStatus {
            id,
            pool: session.pool,
            state: session.state,
            instance: session.instance,
            stake: session.stake(),
            v: position
                .and_then(|position| position.value(&economics, Self::clocks()).ok())
                .map_or(0, |v| v.to_fixed18()),
            v_e: position.map_or(0, |position| position.v_e.to_fixed18()),
            p: position.map_or(0, |position| position.p.points()),
            p_instant: position.map_or(0, |position| position.p_instant.points()),
            share: position.map_or(0, |position| position.share.units()),
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
        }
    }

    fn reason(worker: &WorkerPublicKey) -> (Reason, Option<BlockNumber>) {
        let Some(facts) = T::Workers::facts(worker) else {
            return (Reason::NotRegistered, None);
        };
        let lapsed = facts.lease_end_secs <= Self::now_secs();
        let session = SessionOf::<T>::get(worker).and_then(Sessions::<T>::get);
        let Some(session) = session else {
            return (if lapsed { Reason::LeaseLapsed } else { Reason::NotInPool }, None);
        };
        let since = Some(session.since_block);
        match session.state {
            SessionState::CoolingDown { until_secs } => (Reason::CoolingDown { until_secs }, since),
            SessionState::Unresponsive { cause: Absence::Offline } => (
                Reason::Offline {
                    missed_block: session.missed,
                },
                since,
            ),
            SessionState::Unresponsive {
                cause: Absence::LeaseLapsed,
            } => (Reason::LeaseLapsed, since),
            SessionState::Unresponsive { cause: Absence::Rebinding } => (Reason::Rebinding, since),
            SessionState::Idle | SessionState::Ready if lapsed => (Reason::LeaseLapsed, None),
            SessionState::Idle if Self::subsidy_is_empty() => (Reason::SubsidyEmpty, None),
            SessionState::Idle => (Reason::Idle, since),
            SessionState::Ready => match (facts.score, Mining::<T>::get().minimal_score) {
                (None, _) => (Reason::NoScore, None),
                (Some(score), minimum) if score < minimum => (Reason::ScoreTooLow { score, minimum }, None),
                _ => (Reason::Ready, since),
            },
        }
    }

    fn subsidy_is_empty() -> bool {
        let promised = Shares::<T>::get()
            .ledger
            .reserved()
            .map_or(Balance::MAX, |reserved| reserved.planck());
        T::Currency::balance(&T::SubsidyAccount::get()) <= T::Currency::minimum_balance().saturating_add(promised)
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
            Reason::SubsidyEmpty => "Nothing can be done by an operator: the subsidy account has nothing left to pay with.",
            Reason::MeasurementDeprecated => "Upgrade the pRuntime to an allowed version.",
            Reason::Rebinding => "Wait: the worker comes back by itself with its next heartbeat under the new key.",
            Reason::EvidenceRefused { .. } => "Do what the reason says; the relayer then renews the lease by itself.",
            Reason::PolicyDenied { .. } => "Bring the platform in line with the network's policy, or use another one.",
        }
        .to_string()
    }
}
