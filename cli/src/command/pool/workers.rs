//! A pool's workers: in, out, and the order in which stakes are taken back from them.

use super::{check_owner, existing, terms::owned};
use crate::{
    args::{AddWorker, Global, OneWorker, OrderWorkers, PoolWorker},
    command::{
        change::{Change, Desk},
        worker,
    },
    failure::{Exit, Failure},
    units,
};
use khala_client::calls::stake_pool as calls;
use khala_primitives::{
    status::{PoolStatus, SessionState, SessionStatus, WorkerStatus},
    AccountId32, WorkerPublicKey,
};
use serde_json::json;
use std::collections::BTreeSet;

/// Most workers of a pool.
const MAX_WORKERS: usize = 200;

/// `khala pool add-worker POOL WORKER --key-file FILE`.
pub async fn add_worker(global: &Global, args: &AddWorker) -> Result<Exit, Failure> {
    let key = worker::key_of(&args.worker).await?;
    let (desk, pool) = owned(global, &args.signing, args.pool).await?;
    let status = desk.chain.worker_status(key, desk.at).await?;
    check_addable(&pool, &status, desk.actor.id())?;
    let change = Change::new(
        calls::add_worker(pool.id, key),
        vec![format!(
            "{key} joins pool {}, first in the order in which stakes are taken back. It mines when it is started: khala pool start.",
            pool.id
        )],
        json!({ "pool": pool.id, "worker": key }),
    );
    desk.carry_out(change).await
}

/// `khala pool remove-worker WORKER --key-file FILE`.
pub async fn remove_worker(global: &Global, args: &PoolWorker) -> Result<Exit, Failure> {
    let key = worker::key_of(&args.worker).await?;
    let desk = Desk::open(global, &args.signing).await?;
    let (pool, session) = owned_session(&desk, key).await?;
    check_removable(key, &session)?;
    let change = Change::new(
        calls::remove_worker(key),
        vec![format!("{key} leaves pool {}; it stays registered.", pool.id)],
        json!({ "pool": pool.id, "worker": key }),
    );
    desk.carry_out(change).await
}

/// `khala pool order POOL WORKER... --key-file FILE`.
pub async fn order(global: &Global, args: &OrderWorkers) -> Result<Exit, Failure> {
    let mut order = Vec::new();
    for worker in &args.workers {
        let one = OneWorker {
            worker: worker.clone(),
            relayer: args.relayer.clone(),
        };
        order.push(worker::key_of(&one).await?);
    }
    let (desk, pool) = owned(global, &args.signing, args.pool).await?;
    check_order(&pool, &order)?;
    let mut will = vec![format!(
        "For withdrawals the chain takes stakes of pool {} back in this order, after those of workers that do not mine:",
        pool.id
    )];
    will.extend(order.iter().map(|worker| format!("  {worker}")));
    let change = Change::new(
        calls::order_workers(pool.id, &order),
        will,
        json!({ "pool": pool.id, "order": order }),
    );
    desk.carry_out(change).await
}

/// A worker's pool, which whoever acts owns, and its session.
pub(super) async fn owned_session(desk: &Desk, worker: WorkerPublicKey) -> Result<(PoolStatus, SessionStatus), Failure> {
    let session = desk.chain.worker_status(worker, desk.at).await?.session.ok_or_else(|| {
        Failure::failed(format!(
            "the worker {worker} is in no pool: take it into one with khala pool add-worker"
        ))
    })?;
    let pool = existing(&desk.chain, session.pool, desk.at).await?;
    check_owner(&pool, desk.actor.id())?;
    Ok((pool, session))
}

fn check_addable(pool: &PoolStatus, status: &WorkerStatus, owner: &AccountId32) -> Result<(), Failure> {
    let worker = status.worker;
    let Some(registration) = &status.registration else {
        return Err(Failure::failed(format!(
            "the chain does not know the worker {worker}: let a relayer register it with evidence first"
        )));
    };
    if registration.operator != *owner {
        return Err(Failure::failed(format!(
            "the operator of the worker {worker} is {}, and only workers of the pool's owner, {}, can be added: hand it over first \
             (khala worker hand-over)",
            units::address(&registration.operator),
            units::address(owner)
        )));
    }
    if let Some(session) = &status.session {
        return Err(Failure::failed(format!(
            "the worker {worker} is in pool {} already: take it out of there first (khala pool remove-worker)",
            session.pool
        )));
    }
    if pool.workers.len() >= MAX_WORKERS {
        return Err(Failure::failed(format!(
            "pool {} has {} workers, and more are not possible: create another pool",
            pool.id,
            pool.workers.len()
        )));
    }
    Ok(())
}

fn check_removable(worker: WorkerPublicKey, session: &SessionStatus) -> Result<(), Failure> {
    match session.state {
        SessionState::Ready => Ok(()),
        SessionState::Idle | SessionState::Unresponsive { .. } => Err(Failure::failed(format!(
            "the worker {worker} holds a stake of {} PHA: stop it first (khala pool stop), and wait for the cool-down",
            units::pha(session.stake, 4)
        ))),
        SessionState::CoolingDown { .. } => Err(Failure::failed(format!(
            "the worker {worker} cools down, and {} PHA are still to come back from it: wait until they have (khala pool show {})",
            units::pha(session.cooling, 4),
            session.pool
        ))),
    }
}

fn check_order(pool: &PoolStatus, order: &[WorkerPublicKey]) -> Result<(), Failure> {
    let (all, named): (BTreeSet<_>, BTreeSet<_>) = (pool.workers.iter().collect(), order.iter().collect());
    let listed = |keys: Vec<&&WorkerPublicKey>| keys.iter().map(|key| key.to_string()).collect::<Vec<_>>().join(", ");
    let (missing, strange) = (
        all.difference(&named).collect::<Vec<_>>(),
        named.difference(&all).collect::<Vec<_>>(),
    );
    let wrong = if !missing.is_empty() {
        format!("missing are {}", listed(missing))
    } else if !strange.is_empty() {
        format!("not in the pool are {}", listed(strange))
    } else if named.len() < order.len() {
        "some are named twice".into()
    } else {
        return Ok(());
    };
    Err(Failure::usage(format!(
        "the order must name each of the {} workers of pool {} once: {wrong}",
        all.len(),
        pool.id
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::{account, pool, session, status, WORKER};
    use khala_primitives::PHA;

    #[test]
    fn only_a_registered_worker_of_the_owner_in_no_pool_is_added() {
        let owner = account("//Old");
        assert!(check_addable(&pool(), &status(), &owner).is_ok());
        let unknown = WorkerStatus {
            registration: None,
            ..status()
        };
        let others = check_addable(&pool(), &status(), &account("//New")).unwrap_err();
        let busy = WorkerStatus {
            session: Some(session()),
            ..status()
        };
        for (failure, part) in [
            (check_addable(&pool(), &unknown, &owner).unwrap_err(), "does not know the worker"),
            (others, "hand it over first"),
            (check_addable(&pool(), &busy, &owner).unwrap_err(), "is in pool 1 already"),
        ] {
            assert!(failure.message.contains(part), "{failure}");
        }
    }

    #[test]
    fn a_pool_has_at_most_200_workers() {
        for (count, good) in [(199, true), (200, false), (201, false)] {
            let full = PoolStatus {
                workers: vec![WORKER; count],
                ..pool()
            };
            assert_eq!(check_addable(&full, &status(), &account("//Old")).is_ok(), good, "{count}");
        }
    }

    #[test]
    fn a_worker_leaves_when_its_stake_is_back() {
        let with = |state| SessionStatus {
            state,
            stake: 5 * PHA,
            cooling: 4 * PHA,
            ..session()
        };
        assert!(check_removable(WORKER, &with(SessionState::Ready)).is_ok());
        let mining = check_removable(WORKER, &with(SessionState::Idle)).unwrap_err();
        assert!(mining.message.contains("a stake of 5.0000 PHA"), "{mining}");
        let cooling = check_removable(WORKER, &with(SessionState::CoolingDown { until_secs: 1 })).unwrap_err();
        assert!(cooling.message.contains("4.0000 PHA are still to come back"), "{cooling}");
    }

    #[test]
    fn an_order_names_each_worker_once() {
        let [a, b, c] = [1, 2, 3].map(|byte| WorkerPublicKey([byte; 32]));
        let pool = PoolStatus {
            workers: vec![a, b],
            ..pool()
        };
        assert!(check_order(&pool, &[b, a]).is_ok());
        for (order, part) in [
            (vec![a], format!("missing are {b}")),
            (vec![a, b, c], format!("not in the pool are {c}")),
            (vec![a, b, a], "some are named twice".into()),
        ] {
            let failure = check_order(&pool, &order).unwrap_err();
            assert!(failure.message.contains(&part), "{failure}");
        }
    }
}
