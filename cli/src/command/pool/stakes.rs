//! Stakes of a pool's workers: given, raised, reduced, taken back.

use super::workers::owned_session;
use crate::{
    amount::Stake,
    args::{Global, PoolWorker, ReducedWorker, StakedWorker},
    command::{
        change::{Change, Desk},
        worker,
    },
    failure::{Exit, Failure},
    units,
};
use khala_client::calls::stake_pool as calls;
use khala_primitives::{
    status::{Explanation, PoolStatus, Reason, SessionState, SessionStatus, StartNeeds},
    Balance, WorkerPublicKey,
};
use serde_json::json;

/// Most reductions of a stake that cool down at a time.
const MAX_OPEN_REDUCTIONS: u8 = 8;

/// `khala pool start WORKER AMOUNT|min|max --key-file FILE`.
pub async fn start(global: &Global, args: &StakedWorker) -> Result<Exit, Failure> {
    let key = worker::key_of(&args.worker).await?;
    let desk = Desk::open(global, &args.signing).await?;
    let (pool, session) = owned_session(&desk, key).await?;
    let needs = desk.chain.start_needs(key, desk.at).await?;
    let explanation = desk.chain.explain(key, desk.at).await?;
    let needs = startable(key, &session, needs, &explanation)?;
    let stake = first_stake(&needs, args.amount)?;
    let change = Change::new(
        calls::start_worker(key, stake),
        vec![
            format!(
                "{key} mines with {} PHA of pool {}; its score of {} wants a stake between {} and {} PHA.",
                units::pha(stake, 6),
                pool.id,
                needs.score,
                units::pha_up(needs.minimum, 4),
                units::pha(needs.maximum, 4)
            ),
            spare_line(&pool, stake),
        ],
        json!({ "pool": pool.id, "worker": key, "stake": stake.to_string(), "needs": needs }),
    );
    desk.carry_out(change).await
}

/// `khala pool add-stake WORKER AMOUNT|max --key-file FILE`.
pub async fn add_stake(global: &Global, args: &StakedWorker) -> Result<Exit, Failure> {
    let key = worker::key_of(&args.worker).await?;
    let desk = Desk::open(global, &args.signing).await?;
    let (pool, session) = owned_session(&desk, key).await?;
    let needs = desk.chain.start_needs(key, desk.at).await?;
    let more = more_stake(key, &session, pool.spare, needs.as_ref(), args.amount)?;
    let change = Change::new(
        calls::add_stake(key, more),
        vec![
            format!(
                "The stake of {key} rises from {} to {} PHA; it goes on mining.",
                units::pha(session.stake, 6),
                units::pha(session.stake.saturating_add(more), 6)
            ),
            spare_line(&pool, more),
        ],
        json!({ "pool": pool.id, "worker": key, "more": more.to_string(), "stake": session.stake.to_string(), "needs": needs }),
    );
    desk.carry_out(change).await
}

/// `khala pool reduce-stake WORKER AMOUNT|max --key-file FILE`.
pub async fn reduce_stake(global: &Global, args: &ReducedWorker) -> Result<Exit, Failure> {
    let key = worker::key_of(&args.worker).await?;
    let desk = Desk::open(global, &args.signing).await?;
    let (pool, session) = owned_session(&desk, key).await?;
    let needs = desk.chain.start_needs(key, desk.at).await?;
    let less = less_stake(key, &session, needs.as_ref(), args.amount)?;
    let back_secs = back_secs(&desk).await?;
    let change = Change::new(
        calls::reduce_stake(key, less),
        vec![
            format!(
                "The stake of {key} falls from {} to {} PHA; it goes on mining.",
                units::pha(session.stake, 6),
                units::pha(session.stake.saturating_sub(less), 6)
            ),
            back_line(&pool, less, back_secs, desk.now_secs),
        ],
        json!({ "pool": pool.id, "worker": key, "less": less.to_string(), "stake": session.stake.to_string(),
            "backSecs": back_secs, "needs": needs }),
    );
    desk.carry_out(change).await
}

/// `khala pool stop WORKER --key-file FILE`.
pub async fn stop(global: &Global, args: &PoolWorker) -> Result<Exit, Failure> {
    let key = worker::key_of(&args.worker).await?;
    let desk = Desk::open(global, &args.signing).await?;
    let (pool, session) = owned_session(&desk, key).await?;
    check_running(key, &session)?;
    let back_secs = back_secs(&desk).await?;
    let change = Change::new(
        calls::stop_worker(key),
        vec![
            format!("{key} stops mining, and what it has earned since its last heartbeat is lost."),
            back_line(&pool, session.stake, back_secs, desk.now_secs),
        ],
        json!({ "pool": pool.id, "worker": key, "stake": session.stake.to_string(), "backSecs": back_secs }),
    );
    desk.carry_out(change).await
}

/// When what is taken out of a stake now comes back, in seconds since 1970.
async fn back_secs(desk: &Desk) -> Result<u64, Failure> {
    let times = desk.chain.pool_times(desk.at).await?;
    Ok(desk.now_secs.saturating_add(times.cool_down_secs))
}

fn spare_line(pool: &PoolStatus, amount: Balance) -> String {
    format!(
        "Pool {} has {} PHA to spare beyond what its queue is owed; {} PHA are left of them.",
        pool.id,
        units::pha(pool.spare, 6),
        units::pha(pool.spare.saturating_sub(amount), 6)
    )
}

fn back_line(pool: &PoolStatus, amount: Balance, back_secs: u64, now_secs: u64) -> String {
    format!(
        "{} PHA, less what the worker has lost of them, come back to pool {} at {}, by themselves.",
        units::pha(amount, 6),
        pool.id,
        units::date(back_secs, now_secs)
    )
}

/// What a worker needs, when it only waits to be started.
fn startable(
    worker: WorkerPublicKey,
    session: &SessionStatus,
    needs: Option<StartNeeds>,
    explanation: &Explanation,
) -> Result<StartNeeds, Failure> {
    match session.state {
        SessionState::Ready => {}
        SessionState::CoolingDown { .. } => {
            return Err(Failure::failed(format!(
                "the worker {worker} cools down, and {} PHA are still to come back from it: start it when they have",
                units::pha(session.cooling, 4)
            )))
        }
        SessionState::Idle | SessionState::Unresponsive { .. } => {
            return Err(Failure::failed(format!(
                "the worker {worker} is started already, with a stake of {} PHA: change that with khala pool add-stake or reduce-stake",
                units::pha(session.stake, 4)
            )))
        }
    }
    let waits = format!("the worker {worker} cannot be started: {}", explanation.advice);
    let needs = needs.ok_or_else(|| Failure::failed(&waits))?;
    if needs.minimum > needs.maximum {
        return Err(Failure::failed(format!(
            "the worker {worker} cannot be started: the smallest stake for its score of {}, {} PHA, is above the largest, {} PHA",
            needs.score,
            units::pha_up(needs.minimum, 4),
            units::pha(needs.maximum, 4)
        )));
    }
    // A lack of coins is told with the amount.
    match needs.ready || matches!(explanation.reason, Reason::NoStake { .. }) {
        true => Ok(needs),
        false => Err(Failure::failed(waits)),
    }
}

fn first_stake(needs: &StartNeeds, wanted: Stake) -> Result<Balance, Failure> {
    let stake = match wanted {
        Stake::Min => needs.minimum,
        Stake::Max => needs.maximum.min(needs.spare),
        Stake::Planck(stake) => stake,
    };
    if needs.missing > 0 {
        return Err(Failure::failed(format!(
            "pool {} has {} PHA to spare, and the smallest stake for a score of {} is {} PHA: {} PHA are missing",
            needs.pool,
            units::pha(needs.spare, 4),
            needs.score,
            units::pha_up(needs.minimum, 4),
            units::pha_up(needs.missing, 4)
        )));
    }
    if stake < needs.minimum {
        return Err(Failure::failed(format!(
            "{} PHA are too little: the smallest stake for a score of {} is {} PHA",
            units::pha(stake, 4),
            needs.score,
            units::pha_up(needs.minimum, 4)
        )));
    }
    if stake > needs.maximum {
        return Err(Failure::failed(format!(
            "{} PHA are too much: the largest stake for this score and confidence level is {} PHA",
            units::pha(stake, 4),
            units::pha(needs.maximum, 4)
        )));
    }
    check_spare(needs.pool, stake, needs.spare)?;
    Ok(stake)
}

fn check_spare(pool: u32, amount: Balance, spare: Balance) -> Result<(), Failure> {
    if amount > spare {
        return Err(Failure::failed(format!(
            "{} PHA are too much: pool {pool} has {} PHA to spare beyond what its queue is owed",
            units::pha(amount, 4),
            units::pha(spare, 4)
        )));
    }
    Ok(())
}

fn check_running(worker: WorkerPublicKey, session: &SessionStatus) -> Result<(), Failure> {
    match session.state {
        SessionState::Idle | SessionState::Unresponsive { .. } => Ok(()),
        SessionState::Ready => Err(Failure::failed(format!("the worker {worker} holds no stake: it was not started"))),
        SessionState::CoolingDown { .. } => Err(Failure::failed(format!("the worker {worker} was stopped already, and cools down"))),
    }
}

fn nothing_to_move() -> Failure {
    Failure::usage("there is nothing to move: name an amount above zero")
}

fn more_stake(
    worker: WorkerPublicKey,
    session: &SessionStatus,
    spare: Balance,
    needs: Option<&StartNeeds>,
    wanted: Stake,
) -> Result<Balance, Failure> {
    check_running(worker, session)?;
    let room = needs.map(|needs| needs.maximum.saturating_sub(session.stake));
    let more = match wanted {
        Stake::Min => return Err(Failure::usage("min is no amount to add: name one, or max")),
        Stake::Max => room.unwrap_or(spare).min(spare),
        Stake::Planck(more) => more,
    };
    if let Some(room) = room.filter(|room| more > *room) {
        return Err(Failure::failed(format!(
            "{} PHA are too much: the worker holds {} PHA, and {} PHA more reach the largest stake for its score and confidence level",
            units::pha(more, 4),
            units::pha(session.stake, 4),
            units::pha(room, 4)
        )));
    }
    check_spare(session.pool, more, spare)?;
    if more == 0 {
        return Err(nothing_to_move());
    }
    Ok(more)
}

fn less_stake(worker: WorkerPublicKey, session: &SessionStatus, needs: Option<&StartNeeds>, wanted: Stake) -> Result<Balance, Failure> {
    check_running(worker, session)?;
    if session.open_reductions >= MAX_OPEN_REDUCTIONS {
        return Err(Failure::failed(format!(
            "{} reductions of this worker's stake cool down, and more are not possible: wait for the first to end",
            session.open_reductions
        )));
    }
    // The chain measures by the score with which the worker was started: known when nothing has changed it.
    let minimum = needs
        .filter(|needs| needs.score == session.p && needs.score == session.score)
        .map(|needs| needs.minimum);
    let room = minimum.map_or(session.stake, |minimum| session.stake.saturating_sub(minimum));
    let less = match wanted {
        Stake::Min => return Err(Failure::usage("min is no amount to take away: name one, or max")),
        Stake::Max if minimum.is_none() => {
            return Err(Failure::failed(
                "the worker's score has changed, and with it what is known of its smallest stake: name an amount",
            ))
        }
        Stake::Max => room,
        Stake::Planck(less) => less,
    };
    if less > room {
        return Err(Failure::failed(format!(
            "{} PHA are too much: the worker holds {} PHA, and {} PHA less reach the smallest stake for its score. To take all back, stop \
             it (khala pool stop)",
            units::pha(less, 4),
            units::pha(session.stake, 4),
            units::pha(room, 4)
        )));
    }
    if less == 0 {
        return Err(nothing_to_move());
    }
    Ok(less)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::{session, status, WORKER};
    use khala_primitives::{status::Absence, PHA};

    fn needs() -> StartNeeds {
        StartNeeds {
            pool: 3,
            score: 100,
            minimum: 500 * PHA,
            maximum: 2_000 * PHA,
            spare: 1_500 * PHA,
            missing: 0,
            ready: true,
        }
    }

    fn running(stake: Balance) -> SessionStatus {
        SessionStatus {
            state: SessionState::Idle,
            stake,
            ..session()
        }
    }

    fn planck(amount: Balance) -> Stake {
        Stake::Planck(amount)
    }

    #[test]
    fn a_first_stake_is_within_its_bounds_and_what_is_spare() {
        for (wanted, stake) in [
            (Stake::Min, Some(500 * PHA)),
            (Stake::Max, Some(1_500 * PHA)),
            (planck(500 * PHA - 1), None),
            (planck(500 * PHA), Some(500 * PHA)),
            (planck(1_500 * PHA), Some(1_500 * PHA)),
            (planck(1_500 * PHA + 1), None),
        ] {
            assert_eq!(first_stake(&needs(), wanted).ok(), stake, "{wanted:?}");
        }
        let rich = StartNeeds {
            spare: 9_000 * PHA,
            ..needs()
        };
        assert_eq!(first_stake(&rich, Stake::Max).unwrap(), 2_000 * PHA);
        let poor = StartNeeds {
            spare: 400 * PHA,
            missing: 100 * PHA,
            ..needs()
        };
        for (needs, wanted, part) in [
            (needs(), planck(PHA), "the smallest stake for a score of 100 is 500.0000 PHA"),
            (
                rich,
                planck(2_000 * PHA + 1),
                "the largest stake for this score and confidence level is 2,000.0000 PHA",
            ),
            (needs(), planck(1_501 * PHA), "pool 3 has 1,500.0000 PHA to spare"),
            (poor, Stake::Min, "100.0000 PHA are missing"),
        ] {
            let failure = first_stake(&needs, wanted).unwrap_err();
            assert!(failure.message.contains(part), "{failure}");
        }
    }

    #[test]
    fn only_a_worker_that_is_ready_is_started_and_others_are_told_why_not() {
        let explained = |reason| Explanation {
            reason,
            advice: "Wait for the benchmark.".into(),
            ..status().explanation
        };
        let found = |state, needs, reason| startable(WORKER, &SessionStatus { state, ..running(PHA) }, needs, &explained(reason));
        assert!(found(SessionState::Ready, Some(needs()), Reason::Ready).is_ok());
        let short = StartNeeds { ready: false, ..needs() };
        let no_stake = Reason::NoStake { free: 0, minimum: 1 };
        assert!(
            found(SessionState::Ready, Some(short.clone()), no_stake).is_ok(),
            "coins are told with the amount"
        );
        let narrow = StartNeeds {
            minimum: 2,
            maximum: 1,
            ..needs()
        };
        for (failure, part) in [
            (
                found(SessionState::Idle, Some(needs()), Reason::Idle),
                "is started already, with a stake of 1.0000 PHA",
            ),
            (
                found(SessionState::CoolingDown { until_secs: 0 }, Some(needs()), Reason::Ready),
                "cools down",
            ),
            (found(SessionState::Ready, None, Reason::NoScore), "Wait for the benchmark."),
            (
                found(SessionState::Ready, Some(short), Reason::LeaseLapsed),
                "Wait for the benchmark.",
            ),
            (found(SessionState::Ready, Some(narrow), Reason::Ready), "is above the largest"),
        ] {
            let failure = failure.unwrap_err();
            assert!(failure.message.contains(part), "{failure}");
        }
    }

    #[test]
    fn only_what_runs_is_changed_or_stopped() {
        let absent = SessionState::Unresponsive { cause: Absence::Offline };
        for (state, good) in [
            (SessionState::Idle, true),
            (absent, true),
            (SessionState::Ready, false),
            (SessionState::CoolingDown { until_secs: 0 }, false),
        ] {
            let session = SessionStatus { state, ..running(PHA) };
            assert_eq!(check_running(WORKER, &session).is_ok(), good, "{state:?}");
        }
    }

    #[test]
    fn more_stake_stays_below_the_largest_and_what_is_spare() {
        let more = |spare, wanted| more_stake(WORKER, &running(1_200 * PHA), spare, Some(&needs()), wanted);
        let (little, much) = (100 * PHA, 5_000 * PHA);
        assert_eq!(more(little, Stake::Max).unwrap(), little);
        assert_eq!(more(much, Stake::Max).unwrap(), 800 * PHA);
        assert_eq!(more(much, planck(800 * PHA)).unwrap(), 800 * PHA);
        for (spare, wanted, part) in [
            (much, planck(800 * PHA + 1), "800.0000 PHA more reach the largest stake"),
            (little, planck(little + 1), "to spare"),
            (much, planck(0), "above zero"),
            (much, Stake::Min, "min is no amount"),
        ] {
            let failure = more(spare, wanted).unwrap_err();
            assert!(failure.message.contains(part), "{failure}");
        }
    }

    #[test]
    fn less_stake_stays_above_the_smallest() {
        let less = |wanted| less_stake(WORKER, &running(1_200 * PHA), Some(&needs()), wanted);
        assert_eq!(less(Stake::Max).unwrap(), 700 * PHA);
        assert_eq!(less(planck(700 * PHA)).unwrap(), 700 * PHA);
        for (wanted, part) in [
            (planck(700 * PHA + 1), "700.0000 PHA less reach the smallest stake"),
            (planck(0), "above zero"),
            (Stake::Min, "min is no amount"),
        ] {
            let failure = less(wanted).unwrap_err();
            assert!(failure.message.contains(part), "{failure}");
        }
        let other_score = SessionStatus {
            score: 90,
            ..running(1_200 * PHA)
        };
        assert!(less_stake(WORKER, &other_score, Some(&needs()), Stake::Max).is_err());
        let amount = planck(1_000 * PHA);
        assert_eq!(less_stake(WORKER, &other_score, Some(&needs()), amount).unwrap(), 1_000 * PHA);
    }

    #[test]
    fn a_ninth_reduction_waits() {
        for (open, good) in [(7, true), (8, false), (9, false)] {
            let session = SessionStatus {
                open_reductions: open,
                ..running(1_200 * PHA)
            };
            let found = less_stake(WORKER, &session, Some(&needs()), planck(PHA));
            assert_eq!(found.is_ok(), good, "{open}");
        }
    }
}
