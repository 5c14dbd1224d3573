//! What `--check` has seen, as JSON. Amounts are in planck, as decimal strings.

use super::Sample;
use crate::units;
use khala_primitives::{
    bytes::decimal,
    status::{NetworkStatus, SessionState},
    Balance, BlockNumber, ConfidenceLevel, Instance, TcbStatus, WorkerPublicKey, H256,
};
use serde::Serialize;

/// Proof that a network works.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// The chain's genesis hash.
    pub genesis_hash: H256,
    /// Block of the first sample.
    pub first_block: BlockNumber,
    /// Block of the last sample.
    pub last_block: BlockNumber,
    /// Newest finalised block at the end.
    pub finalized_block: BlockNumber,
    /// All workers, at the end.
    pub workers: Vec<WorkerEvidence>,
    /// Where the money came from and went.
    pub money: MoneyEvidence,
    /// The worker that was killed.
    pub killed: KilledEvidence,
}

/// A worker at the end.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkerEvidence {
    /// Its name.
    pub name: String,
    /// Its key.
    pub worker: WorkerPublicKey,
    /// Its pool.
    pub pool: u32,
    /// Status of its platform.
    pub tcb_status: TcbStatus,
    /// What that is worth.
    pub confidence_level: ConfidenceLevel,
    /// Its session's state.
    #[serde(flatten)]
    pub state: SessionState,
    /// Its score P.
    pub score: u32,
    /// Its value V, 18 decimals of PHA.
    #[serde(with = "decimal")]
    pub v: u128,
    /// Its stake.
    #[serde(with = "decimal")]
    pub stake: Balance,
    /// Challenges that hit it, as its relayer counts them.
    pub heartbeats_asked: u64,
    /// Those that it answered.
    pub heartbeats_answered: u64,
    /// Heartbeats that the chain accepted.
    pub heartbeats_accepted: u32,
    /// Paid to its pool in this run.
    #[serde(with = "decimal")]
    pub paid: Balance,
    /// End of its lease, in seconds since 1970.
    pub lease_end_secs: u64,
}

/// What left the subsidy account between the first and the last sample, and where it went.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MoneyEvidence {
    /// Address of the account that rewards come from.
    pub subsidy_account: String,
    /// Its balance in the first sample.
    #[serde(with = "decimal")]
    pub subsidy_before: Balance,
    /// Its balance in the last sample.
    #[serde(with = "decimal")]
    pub subsidy_after: Balance,
    /// `before - after`.
    #[serde(with = "decimal")]
    pub subsidy_change: Balance,
    /// Paid to pools in between.
    #[serde(with = "decimal")]
    pub paid: Balance,
    /// Paid to the treasury in between.
    #[serde(with = "decimal")]
    pub treasury_part: Balance,
    /// `paid + treasury_part`.
    #[serde(with = "decimal")]
    pub paid_and_treasury_part: Balance,
    /// Are the two sums equal?
    pub equal: bool,
}

/// A worker that was killed, found offline, and came back.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KilledEvidence {
    /// Its name.
    pub name: String,
    /// Its key, before and after.
    pub worker: WorkerPublicKey,
    /// Best block when it was killed.
    pub killed_at_block: BlockNumber,
    /// The challenge that it did not answer.
    pub missed_block: BlockNumber,
    /// Since which block the chain had it offline.
    pub offline_since_block: BlockNumber,
    /// What was forfeited on the chain until it was found offline.
    #[serde(with = "decimal")]
    pub forfeited: Balance,
    /// Run of its enclave before.
    pub instance_before: Instance,
    /// Run of its enclave after.
    pub instance_after: Instance,
    /// Since which block it mines again.
    pub back_since_block: BlockNumber,
    /// Block of its next payment.
    pub paid_again_at_block: BlockNumber,
    /// Paid to its pool in its session before it was killed.
    #[serde(with = "decimal")]
    pub paid_before: Balance,
    /// Paid to its pool in its session at the end.
    #[serde(with = "decimal")]
    pub paid_after: Balance,
}

impl MoneyEvidence {
    pub(super) fn between(before: &NetworkStatus, after: &NetworkStatus) -> Self {
        let subsidy_change = before.subsidy.saturating_sub(after.subsidy);
        let paid = after.paid.saturating_sub(before.paid);
        let treasury_part = after.treasury_part.saturating_sub(before.treasury_part);
        let sum = paid.saturating_add(treasury_part);
        Self {
            subsidy_account: units::address(&after.subsidy_account),
            subsidy_before: before.subsidy,
            subsidy_after: after.subsidy,
            subsidy_change,
            paid,
            treasury_part,
            paid_and_treasury_part: sum,
            equal: sum == subsidy_change && before.subsidy >= after.subsidy,
        }
    }
}

impl WorkerEvidence {
    /// The workers of the last sample; `before` is the first one. `None` for workers without a session.
    pub(super) fn of(before: &Sample, after: &Sample) -> Vec<Self> {
        after.workers.iter().filter_map(|worker| Self::of_one(before, worker)).collect()
    }

    fn of_one(before: &Sample, worker: &super::WorkerSample) -> Option<Self> {
        let status = worker.chain.as_ref()?;
        let (registration, session) = (status.registration.as_ref()?, status.session.as_ref()?);
        let paid_before = before.worker(&worker.spec.name).map(super::WorkerSample::paid).unwrap_or_default();
        Some(Self {
            name: worker.spec.name.clone(),
            worker: status.worker,
            pool: session.pool,
            tcb_status: registration.tcb_status,
            confidence_level: registration.confidence_level,
            state: session.state,
            score: session.p,
            v: session.v,
            stake: session.stake,
            heartbeats_asked: worker.relayed.as_ref().map(|relayed| relayed.asked).unwrap_or_default(),
            heartbeats_answered: worker.relayed.as_ref().map(|relayed| relayed.answered).unwrap_or_default(),
            heartbeats_accepted: session.heartbeats,
            paid: session.paid.saturating_sub(paid_before),
            lease_end_secs: registration.lease_end_secs,
        })
    }
}
