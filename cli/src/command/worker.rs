//! `khala worker`: what the chain and the relayer know about workers.

use crate::{
    args::{OneWorker, WorkerName},
    command::{
        explanation::{Clock, Explained},
        pool,
    },
    failure::{Exit, Failure},
    output::{self, Output},
    services::{RelayedWorker, Relayer},
    units,
};
use khala_client::{At, Chain};
use khala_primitives::{
    status::{Absence, Reason, SessionState, WorkerStatus},
    BlockNumber, WorkerPublicKey,
};
use serde::Serialize;
use std::time::Duration;

/// A worker as chain and relayer see it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    /// Its name, when a relayer knows it.
    name: Option<String>,
    /// What the relayer says; none when it does not carry this worker or is not reachable.
    relayer: Option<RelayedWorker>,
    /// What the chain says; none while the worker has no key.
    chain: Option<WorkerStatus>,
}

/// `khala worker status [NAME|KEY]`. Without one: all workers of the relayer, or of all pools where no relayer answers.
pub async fn status(url: &str, relayer: &str, worker: Option<&str>, output: Output) -> Result<Exit, Failure> {
    let chain = Chain::connect(url).await?;
    let relayed = Relayer::at(relayer)?.workers().await;
    let rows = match worker.map(WorkerName::from) {
        Some(WorkerName::Key(key)) => {
            let relayed = relayed
                .ok()
                .and_then(|workers| workers.into_iter().find(|relayed| relayed.worker == Some(key)));
            vec![row(&chain, Some(key), relayed).await?]
        }
        Some(WorkerName::Name(name)) => {
            let relayed = named(relayed?, &name, relayer)?;
            vec![row(&chain, relayed.worker, Some(relayed)).await?]
        }
        None => everyone(&chain, relayed).await?,
    };
    match output {
        Output::Json => output::print_json(&rows)?,
        Output::Table => print(&rows, &Clock::now(&chain).await?)?,
    }
    Ok(Exit::Done)
}

/// `khala worker explain NAME|KEY`.
pub async fn explain(url: &str, relayer: &str, worker: &str, output: Output) -> Result<Exit, Failure> {
    let chain = Chain::connect(url).await?;
    let relayer_client = Relayer::at(relayer)?;
    let (key, relayed) = match WorkerName::from(worker) {
        WorkerName::Key(key) => (Some(key), relayer_client.explain(worker).await.ok()),
        WorkerName::Name(name) => {
            let known = named(relayer_client.workers().await?, &name, relayer)?;
            (known.worker, relayer_client.explain(&name).await.ok())
        }
    };
    let explained = match key {
        Some(key) => Some(Explained::of(&chain, key).await?),
        None => None,
    };
    match output {
        Output::Json => output::print_json(&serde_json::json!({ "worker": key, "chain": explained, "relayer": relayed }))?,
        Output::Table => {
            output::print_lines(explained.as_ref().map_or_else(
                || vec!["The worker has no key yet: its pRuntime was never asked for evidence.".into()],
                Explained::lines,
            ))?;
            if let Some(phase) = relayed.as_ref().and_then(relayer_line) {
                output::print_lines([phase])?;
            }
        }
    }
    Ok(Exit::Done)
}

/// The key of a worker that is named by it, or by its name in the relayer's configuration.
pub(super) async fn key_of(one: &OneWorker) -> Result<WorkerPublicKey, Failure> {
    let name = match WorkerName::from(one.worker.as_str()) {
        WorkerName::Key(key) => return Ok(key),
        WorkerName::Name(name) => name,
    };
    let known = named(Relayer::at(&one.relayer)?.workers().await?, &name, &one.relayer)?;
    known.worker.ok_or_else(|| {
        Failure::failed(format!(
            "the worker {name} has no key yet: its pRuntime was never asked for evidence"
        ))
    })
}

fn named(workers: Vec<RelayedWorker>, name: &str, relayer: &str) -> Result<RelayedWorker, Failure> {
    let names: Vec<_> = workers.iter().map(|worker| worker.name.clone()).collect();
    workers.into_iter().find(|worker| worker.name == name).ok_or_else(|| {
        let known = if names.is_empty() { "none".into() } else { names.join(", ") };
        Failure::usage(format!(
            "the relayer at {relayer} has no worker {name}; it has: {known}. Give one of these names, or a key (0x…)"
        ))
    })
}

async fn everyone(chain: &Chain, relayed: Result<Vec<RelayedWorker>, Failure>) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    match relayed {
        Ok(workers) => {
            for worker in workers {
                rows.push(row(chain, worker.worker, Some(worker)).await?);
            }
        }
        Err(failure) => {
            eprintln!("note: {failure}. These are the workers of all pools.");
            for key in pool::all(chain, At::Best).await?.into_iter().flat_map(|pool| pool.workers) {
                rows.push(row(chain, Some(key), None).await?);
            }
        }
    }
    Ok(rows)
}

async fn row(chain: &Chain, key: Option<WorkerPublicKey>, relayer: Option<RelayedWorker>) -> Result<Row, Failure> {
    let status = match key {
        Some(key) => Some(chain.worker_status(key, At::Best).await?),
        None => None,
    };
    Ok(Row {
        name: relayer.as_ref().map(|relayed| relayed.name.clone()),
        relayer,
        chain: status,
    })
}

fn print(rows: &[Row], clock: &Clock) -> Result<(), Failure> {
    if rows.is_empty() {
        return output::print_lines(["There are no workers yet."]);
    }
    let mut table = output::table(&[
        "name",
        "worker",
        ">level",
        "state",
        ">since",
        ">pool",
        ">P",
        ">V",
        ">heartbeats",
        ">last answer",
        ">earned PHA",
        ">last payout",
        ">lease",
        "relayer",
    ]);
    for row in rows {
        let chain = row.chain.as_ref();
        let registration = chain.and_then(|status| status.registration.as_ref());
        let session = chain.and_then(|status| status.session.as_ref());
        let none = || "-".to_owned();
        let age = |block: Option<BlockNumber>| block.map_or_else(none, |block| clock.age(block));
        table.add_row([
            row.name.clone().unwrap_or_else(none),
            chain.map_or_else(none, |status| status.worker.to_string()),
            registration.map_or_else(none, |registration| registration.confidence_level.to_string()),
            chain.map_or_else(none, state_in_words),
            age(chain.and_then(|status| status.explanation.since_block)),
            session.map_or_else(none, |session| session.pool.to_string()),
            registration
                .and_then(|registration| registration.score)
                .map_or_else(none, |score| score.to_string()),
            session.map_or_else(none, |session| units::fixed18(session.v, 2)),
            row.relayer
                .as_ref()
                .map_or_else(none, |relayed| format!("{}/{}", relayed.answered, relayed.asked)),
            age(chain.and_then(|status| status.explanation.last_answer)),
            session.map_or_else(none, |session| units::pha(session.paid, 4)),
            age(chain.and_then(|status| status.explanation.last_payout)),
            registration.map_or_else(none, |registration| {
                units::remaining(registration.lease_end_secs, units::now_secs())
            }),
            row.relayer
                .as_ref()
                .map_or_else(none, |relayed| format!("{}: {}", relayed.state, relayed.reason)),
        ]);
    }
    output::print_table(&table)
}

/// A worker's state, and while it is paused how long its value stays.
fn state_in_words(status: &WorkerStatus) -> String {
    match status.explanation.reason {
        Reason::Maintenance { left_secs: 0 } => format!("{}, decays", state(status)),
        Reason::Maintenance { left_secs } => format!("{}, {} left", state(status), units::duration(Duration::from_secs(left_secs))),
        _ => state(status).to_owned(),
    }
}

/// A worker's state in one word, as the chain sees it.
pub fn state(status: &WorkerStatus) -> &'static str {
    if matches!(status.explanation.reason, Reason::ScoreTooLow { .. }) {
        return "too slow";
    }
    match (&status.registration, &status.session) {
        (None, _) => "not registered",
        (Some(_), None) => "in no pool",
        (Some(_), Some(session)) => match session.state {
            SessionState::Ready => "ready",
            SessionState::Idle => "mining",
            SessionState::Unresponsive { cause: Absence::Offline } => "offline",
            SessionState::Unresponsive {
                cause: Absence::LeaseLapsed,
            } => "lease lapsed",
            SessionState::Unresponsive { cause: Absence::Rebinding } => "rebinding",
            SessionState::Unresponsive {
                cause: Absence::Maintenance,
            } => "paused",
            SessionState::CoolingDown { .. } => "cooling down",
        },
    }
}

/// The relayer's view in one line, when its answer has a state and a reason.
fn relayer_line(answer: &serde_json::Value) -> Option<String> {
    let text = |key: &str| answer.get(key).and_then(serde_json::Value::as_str);
    Some(format!("Relayer: {}: {}", text("state")?, text("reason")?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Exit;

    fn relayed(name: &str) -> RelayedWorker {
        RelayedWorker {
            name: name.into(),
            worker: None,
            state: "Mining".into(),
            reason: "ok".into(),
            since: 0,
            asked: 0,
            answered: 0,
        }
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_known_ones() {
        let failure = named(vec![relayed("a"), relayed("b")], "c", "http://r").unwrap_err();
        assert_eq!(failure.exit, Exit::Usage);
        assert!(failure.message.contains("a, b"), "{failure}");
        assert_eq!(named(vec![relayed("a")], "a", "http://r").unwrap().name, "a");
    }
}
