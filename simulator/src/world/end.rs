//! Looks at the state: values now and then, and everything at the end.

use super::{
    fleet::Fleet,
    record::{Money, Outcome, ValueRecord},
    runtime::{Mining, Runtime},
};
use khala_economics::{budget, stake, Parameters, Pha, Position, Q96};
use khala_pallet_mining::{ClockReadings, Economics, Sessions, Shares};
use khala_primitives::PHA;

/// Workers of each kind whose values are looked at during a run.
const LOOKED_AT: usize = 100;

/// The value of some workers now, as a part of their initial value.
pub fn values(steady: &[bool], secs: u64) -> ValueRecord {
    let mean = |kind: bool| {
        let some = (0u64..).zip(steady).filter(|(_, steady)| **steady == kind).take(LOOKED_AT);
        let parts: Vec<_> = some.filter_map(|(session, _)| part_of_value(session)).collect();
        (!parts.is_empty()).then(|| parts.iter().sum::<f64>() / parts.len() as f64)
    };
    ValueRecord {
        secs,
        steady: mean(true).unwrap_or(1.0),
        absent: mean(false),
    }
}

fn part_of_value(session: u64) -> Option<f64> {
    let position = Sessions::<Runtime>::get(session)?.position?;
    let now = ClockReadings::<Runtime>::get().clocks;
    let v = position.value(&Economics::<Runtime>::get(), now).ok()?;
    Some(decimals(v.to_fixed18()) / decimals(position.v_e.to_fixed18()))
}

/// Where the budget went.
pub fn money() -> Money {
    let credited = ClockReadings::<Runtime>::get().clocks.credited;
    let budget = budget::issued_until(&Economics::<Runtime>::get(), credited).map_or(0, Pha::planck);
    let ledger = Mining::ledger().unwrap_or_default();
    Money {
        budget: pha(budget),
        issued: pha(ledger.issued),
        paid: pha(ledger.paid),
        treasury: pha(ledger.treasury),
        forfeited: pha(ledger.forfeited),
        outstanding: pha(ledger.outstanding),
    }
}

/// What each worker has at the end.
pub fn outcomes(fleet: &Fleet) -> Vec<Outcome> {
    let economics = Economics::<Runtime>::get();
    let now = ClockReadings::<Runtime>::get().clocks;
    let shares = Shares::<Runtime>::get();
    let to_pool = 1.0 - decimals(economics.treasury_ratio.units());
    let outcome = |(session, worker): (u64, &super::fleet::Worker)| {
        let session = Sessions::<Runtime>::get(session)?;
        let position = session.position?;
        let outstanding = position.earned(&shares).map_or(0, Pha::planck);
        let at_recovery = worker
            .lowest_v
            .map_or(0.0, |v| 1.0 - decimals(v) / decimals(position.v_e.to_fixed18()));
        let v_now = if position.is_idle() {
            // What has grown since the last heartbeat would be forfeited by a stop.
            position.v
        } else {
            position.value(&economics, now).ok()?
        };
        let most = decimals(economics.max_principal_slash.units());
        Some(Outcome {
            earned: pha(session.paid) + to_pool * pha(outstanding),
            forfeited: to_pool * pha(worker.forfeited),
            principal_at_risk: at_recovery.clamp(0.0, most).max(lost_by_a_stop(&economics, &position, v_now)),
        })
    };
    (0..).zip(&fleet.workers).map(|of| outcome(of).unwrap_or_default()).collect()
}

/// The part of its principal that a stop would cost now.
fn lost_by_a_stop(economics: &Parameters, position: &Position, v: Q96) -> f64 {
    let kept = stake::kept(economics, v, position.v_e, position.stake).map_or(0, Pha::planck);
    1.0 - kept as f64 / position.stake.planck() as f64
}

fn pha(planck: u128) -> f64 {
    planck as f64 / PHA as f64
}

fn decimals(units: u128) -> f64 {
    units as f64 / 1e18
}
