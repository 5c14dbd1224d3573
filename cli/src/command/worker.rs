//! `khala worker`: what the chain and the relayer know about workers.

use crate::{
    args::{OneWorker, WorkerName},
    command::pool,
    failure::{Exit, Failure},
    output::{self, Output},
    services::{RelayedWorker, Relayer},
    units,
};
use khala_client::{At, Chain};
use khala_primitives::{
    status::{Absence, Explanation, Reason, SessionState, WorkerStatus},
    WorkerPublicKey,
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
        Output::Table => print(&rows)?,
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
    let explanation = match key {
        Some(key) => Some(chain.explain(key, At::Best).await?),
        None => None,
    };
    match output {
        Output::Json => output::print_json(&serde_json::json!({ "worker": key, "chain": explanation, "relayer": relayed }))?,
        Output::Table => {
            output::print_lines(explanation_lines(key, explanation.as_ref()))?;
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

fn print(rows: &[Row]) -> Result<(), Failure> {
    if rows.is_empty() {
        return output::print_lines(["There are no workers yet."]);
    }
    let mut table = output::table(&[
        "name",
        "worker",
        ">level",
        "state",
        ">pool",
        ">P",
        ">V",
        ">heartbeats",
        ">earned PHA",
        ">lease",
        "relayer",
    ]);
    for row in rows {
        let chain = row.chain.as_ref();
        let registration = chain.and_then(|status| status.registration.as_ref());
        let session = chain.and_then(|status| status.session.as_ref());
        let none = || "-".to_owned();
        table.add_row([
            row.name.clone().unwrap_or_else(none),
            chain.map_or_else(none, |status| status.worker.to_string()),
            registration.map_or_else(none, |registration| registration.confidence_level.to_string()),
            chain.map_or_else(none, |status| state(status).to_owned()),
            session.map_or_else(none, |session| session.pool.to_string()),
            registration
                .and_then(|registration| registration.score)
                .map_or_else(none, |score| score.to_string()),
            session.map_or_else(none, |session| units::fixed18(session.v, 2)),
            row.relayer
                .as_ref()
                .map_or_else(none, |relayed| format!("{}/{}", relayed.answered, relayed.asked)),
            session.map_or_else(none, |session| units::pha(session.paid, 4)),
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

fn explanation_lines(key: Option<WorkerPublicKey>, explanation: Option<&Explanation>) -> Vec<String> {
    let (Some(key), Some(explanation)) = (key, explanation) else {
        return vec!["The worker has no key yet: its pRuntime was never asked for evidence.".into()];
    };
    let since = explanation
        .since_block
        .map(|block| format!(", since block {block}"))
        .unwrap_or_default();
    vec![
        format!("{key}"),
        format!("{}{since}.", sentence(&explanation.reason)),
        explanation.advice.clone(),
    ]
}

fn sentence(reason: &Reason) -> String {
    match reason {
        Reason::NotRegistered => "The chain does not know this worker".into(),
        Reason::LeaseLapsed => "Its evidence has expired".into(),
        Reason::NoScore => "Its score is not measured yet".into(),
        Reason::ScoreTooLow { score, minimum } => format!("Its score {score} is below {minimum}, which mining needs"),
        Reason::NotInPool => "It is in no stake pool".into(),
        Reason::Ready => "It is in a pool and waits for a stake".into(),
        Reason::Idle => "It is mining".into(),
        Reason::Offline { missed_block } => format!("It is offline: the challenge of block {missed_block} was not answered"),
        Reason::CoolingDown { until_secs } => {
            format!(
                "It was stopped and cools down until {} of the chain's clock",
                units::duration(Duration::from_secs(*until_secs))
            )
        }
        Reason::SubsidyEmpty => "There is nothing left to pay with".into(),
        Reason::MeasurementDeprecated => "The chain does not accept its program any more".into(),
        Reason::EvidenceRefused { why } => format!("Its evidence is refused: {why}"),
        Reason::PolicyDenied { what } => format!("The network's policy does not accept its platform: {what}"),
        Reason::Rebinding => "It has another key and was not heard of with it yet".into(),
        Reason::Maintenance { left_secs } => format!(
            "It is paused, and its value decays in {}",
            units::duration(Duration::from_secs(*left_secs))
        ),
        Reason::NoStake { free, minimum } => format!(
            "It waits for a stake: its pool has {} PHA free, and the smallest stake is {} PHA",
            units::pha(*free, 2),
            units::pha(*minimum, 2)
        ),
        Reason::StakeOutOfBounds { minimum, maximum } => format!(
            "No stake fits its score: the smallest, {} PHA, is above the largest, {} PHA",
            units::pha(*minimum, 2),
            units::pha(*maximum, 2)
        ),
        Reason::OutageGuard { missed_block } => {
            format!("It is offline as many others are: the challenge of block {missed_block} was not answered, and no value decays")
        }
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

    #[test]
    fn an_explanation_says_what_since_when_and_what_to_do() {
        let explanation = Explanation {
            reason: Reason::Offline { missed_block: 7 },
            since_block: Some(9),
            advice: "Start it.".into(),
            state: None,
            last_challenge: None,
            last_answer: None,
            last_payout: None,
            lease_end_secs: None,
        };
        let lines = explanation_lines(Some(WorkerPublicKey([1; 32])), Some(&explanation));
        assert_eq!(lines[1], "It is offline: the challenge of block 7 was not answered, since block 9.");
        assert_eq!(lines[2], "Start it.");
    }
}
