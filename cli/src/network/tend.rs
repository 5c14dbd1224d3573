//! What the workers' operators do once the relayer has registered the workers: into a pool, and to work.

use super::{set_up::pool_of, Network, Sample, WorkerSample};
use crate::units;
use anyhow::Context;
use khala_client::{calls, Wait};
use khala_economics::{stake, Parameters, Score};
use khala_primitives::{
    status::{Reason, RegistrationStatus, SessionState},
    Balance, WorkerPublicKey,
};

/// Adds every measured worker to its operator's pool and starts every ready one. Returns what was done, and what could not be
/// done, one line each. To be called again and again: it does what can be done now.
pub async fn tend(network: &Network, sample: &Sample) -> Vec<String> {
    let mut done = Vec::new();
    for worker in &sample.workers {
        match tend_one(network, worker).await {
            Ok(message) => done.extend(message),
            // The sample may be older than what was done after it: the next one shows whether anything is left to do.
            Err(error) => done.push(format!("note: {} was not put to work: {error:#}", worker.spec.name)),
        }
    }
    done
}

async fn tend_one(network: &Network, worker: &WorkerSample) -> anyhow::Result<Option<String>> {
    let Some(status) = &worker.chain else { return Ok(None) };
    if matches!(status.explanation.reason, Reason::ScoreTooLow { .. }) {
        return Ok(None);
    }
    let Some((registration, score)) = status
        .registration
        .as_ref()
        .and_then(|known| known.score.map(|score| (known, score)))
    else {
        return Ok(None);
    };
    let name = &worker.spec.name;
    let (chain, operator) = (network.chain(), network.cast().operator(worker.spec.operator));
    match &status.session {
        None => {
            let pool = pool_of(chain, operator)
                .await?
                .with_context(|| format!("the pool of {operator} is gone"))?;
            chain
                .submit(operator, &calls::stake_pool::add_worker(pool.id, status.worker), Wait::InBlock)
                .await?;
            Ok(Some(format!("added {name} to pool {}", pool.id)))
        }
        Some(session) if session.state == SessionState::Ready => {
            let stake = stake_for(registration, score)?;
            start(network, worker, status.worker, stake).await?;
            Ok(Some(format!(
                "started {name} with a stake of {} PHA, score {score}",
                units::pha(stake, 0)
            )))
        }
        Some(_) => Ok(None),
    }
}

async fn start(network: &Network, worker: &WorkerSample, key: WorkerPublicKey, stake: Balance) -> anyhow::Result<()> {
    let operator = network.cast().operator(worker.spec.operator);
    network
        .chain()
        .submit(operator, &calls::stake_pool::start_worker(key, stake), Wait::InBlock)
        .await?;
    Ok(())
}

/// A third above the minimum, in whole PHA; the maximum where that is less.
fn stake_for(registration: &RegistrationStatus, score: u32) -> anyhow::Result<Balance> {
    let (parameters, score) = (Parameters::khala(), Score::from_points(score));
    let minimum = stake::minimal(&parameters, score)?.planck();
    let maximum = stake::maximal(&parameters, score, registration.confidence_level)?.planck();
    let one = khala_primitives::PHA;
    let wanted = (minimum.saturating_mul(4) / 3).div_ceil(one).saturating_mul(one);
    Ok(wanted.min(maximum))
}
