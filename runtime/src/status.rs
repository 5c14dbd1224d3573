//! The answers of `KhalaApi` that take more than one pallet. Each pallet tells its part; this puts them together.

use crate::{
    config::{currency::TreasuryAccount, workers::SubsidyAccount},
    network, AccountId, Attestation, Balances, Mining, Registry, Runtime, StakePool, System, Timestamp,
};
use alloc::{string::ToString, vec::Vec};
use khala_pallet_attestation::{MeasurementStanding, Refusal, Roles};
use khala_primitives::{
    status::{Explanation, MiningView, NetworkStatus, Reason, WorkerStatus, WorkerView},
    Balance, WorkerPublicKey,
};

fn free(account: &AccountId) -> Balance {
    Balances::free_balance(account)
}

/// The chain as a whole, after a block.
pub(crate) fn network() -> NetworkStatus {
    let mining = khala_pallet_mining::Mining::<Runtime>::get();
    // Only numbers far beyond the supply of PHA have no planck; they cannot come about.
    let ledger = Mining::ledger().unwrap_or_default();
    let (subsidy_account, treasury_account, pot_account) = (SubsidyAccount::get(), TreasuryAccount::get(), StakePool::pot());
    NetworkStatus {
        block: System::block_number(),
        now_ms: Timestamp::get(),
        slot_ms: network::SlotMs::<Runtime>::get(),
        workers: khala_pallet_registry::Workers::<Runtime>::count(),
        idle_sessions: khala_pallet_mining::IdleSessions::<Runtime>::get(),
        pools: khala_pallet_stake_pool::Pools::<Runtime>::count(),
        total_share: Mining::total_share(),
        subsidy: free(&subsidy_account),
        subsidy_account,
        treasury: free(&treasury_account),
        treasury_account,
        pot: free(&pot_account),
        pot_account,
        issued: ledger.issued,
        paid: ledger.paid,
        treasury_part: ledger.treasury,
        forfeited: ledger.forfeited,
        budget_per_day: Mining::budget_per_day(),
        heartbeat_window: mining.heartbeat_window,
        report_window: mining.report_window,
        challenges_per_hour: mining.challenges_per_hour,
        outage: Mining::is_outage(),
    }
}

/// Everything about one worker.
pub(crate) fn worker(worker: WorkerPublicKey) -> WorkerStatus {
    WorkerStatus {
        worker,
        registration: Registry::registration_status(&worker),
        session: Mining::session_status(&worker),
        explanation: explain(&worker),
    }
}

/// Why a worker earns or does not.
///
/// Mining knows of leases, not of evidence: where a lease has lapsed because evidence was refused or code is no longer allowed,
/// that is said.
pub(crate) fn explain(worker: &WorkerPublicKey) -> Explanation {
    let explanation = Mining::explain(worker);
    if explanation.reason != Reason::LeaseLapsed {
        return explanation;
    }
    let reason = match khala_pallet_registry::Refusals::<Runtime>::get(worker).map(|refused| refused.why) {
        Some(Refusal::Measurement { .. }) => Reason::MeasurementDeprecated,
        Some(Refusal::Policy(what)) => Reason::PolicyDenied { what: what.to_string() },
        Some(why) => Reason::EvidenceRefused { why: why.message() },
        None if is_deprecated(worker) => Reason::MeasurementDeprecated,
        None => return explanation,
    };
    Explanation {
        advice: Mining::advice(&reason),
        reason,
        ..explanation
    }
}

fn is_deprecated(worker: &WorkerPublicKey) -> bool {
    let now_secs = Timestamp::get() / 1_000;
    khala_pallet_registry::Workers::<Runtime>::get(worker).is_some_and(|state| {
        Attestation::measurement_standing(&state.verdict.measurement(), Roles::WORKER, now_secs) == MeasurementStanding::Deprecated
    })
}

/// What a relayer needs after a block: the block's challenge, and these workers in this order.
pub(crate) fn mining_view(workers: &[WorkerPublicKey]) -> MiningView {
    let parameters = khala_pallet_registry::Params::<Runtime>::get();
    let block = System::block_number();
    MiningView {
        block,
        now_ms: Timestamp::get(),
        challenge: Mining::challenge_of(block),
        heartbeat_window: khala_pallet_mining::Mining::<Runtime>::get().heartbeat_window,
        freshness_blocks: parameters.freshness_blocks,
        lease_secs: parameters.lease_secs,
        workers: workers
            .iter()
            .map(|worker| WorkerView {
                registration: Registry::registration_status(worker),
                session: Mining::session_status(worker),
            })
            .collect::<Vec<_>>(),
    }
}
