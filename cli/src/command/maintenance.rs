//! `khala worker pause` and `khala worker resume`: a worker is away because its operator wants it to be.

use crate::{
    args::{Global, Maintain},
    command::{
        consent::Consent,
        registration::registered,
        transaction::{Planned, Sent, NOTHING_SENT},
        worker,
    },
    failure::{Exit, Failure},
    keys,
    output::{self, Output},
    units,
};
use khala_client::{calls::mining, Account, At, Call, Chain, ClientError, Receipt, Wait};
use khala_primitives::{
    status::{Absence, SessionState, SessionStatus, WorkerStatus},
    AccountId32, BlockNumber, WorkerPublicKey,
};
use serde::Serialize;
use std::time::{Duration, Instant};

/// How long an open challenge may take until it is answered.
const ANSWER_LIMIT: Duration = Duration::from_secs(180);
/// Time between two looks at it.
const PAUSE_BETWEEN_LOOKS: Duration = Duration::from_millis(500);
/// A pause is sent so often when each time a new challenge came first.
const TRIES: u32 = 5;

/// What was done, or would be.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Maintained {
    #[serde(flatten)]
    planned: Planned,
    worker: WorkerPublicKey,
    /// None when nothing was sent.
    sent: Option<Sent>,
    /// Seconds until its value decays while it is paused.
    maintenance_left_secs: u64,
}

/// `khala worker pause WORKER --key-file FILE [--dry-run] [--yes]`.
pub async fn pause(global: &Global, args: &Maintain) -> Result<Exit, Failure> {
    let consent = Consent::new(global, &args.signing)?;
    let key = keys::load(&args.signing.key_file)?;
    let (chain, worker) = (Chain::connect(&global.url).await?, worker::key_of(&args.worker).await?);
    let session = pausable(&chain.worker_status(worker, At::Best).await?, key.id())?;
    let call = mining::pause(worker);
    let planned = Planned::new(&chain, &key, &call).await?;
    let sent = match consent.ask(&planned.lines())? {
        true => Some(Sent::from(&pause_between_challenges(&chain, &key, worker, &call).await?)),
        false => None,
    };
    let next = format!("khala worker resume {worker} --key-file FILE");
    let maintained = Maintained {
        planned,
        worker,
        sent,
        maintenance_left_secs: session.maintenance_left_secs,
    };
    told(&maintained, global.output, |sent| paused_lines(&maintained, &next, sent))
}

/// `khala worker resume WORKER --key-file FILE [--dry-run] [--yes]`.
pub async fn resume(global: &Global, args: &Maintain) -> Result<Exit, Failure> {
    let consent = Consent::new(global, &args.signing)?;
    let key = keys::load(&args.signing.key_file)?;
    let (chain, worker) = (Chain::connect(&global.url).await?, worker::key_of(&args.worker).await?);
    let session = resumable(&chain.worker_status(worker, At::Best).await?, key.id())?;
    let call = mining::resume(worker);
    let planned = Planned::new(&chain, &key, &call).await?;
    let sent = match consent.ask(&planned.lines())? {
        true => Some(Sent::from(&chain.submit(&key, &call, Wait::Finalized).await?)),
        false => None,
    };
    let maintained = Maintained {
        planned,
        worker,
        sent,
        maintenance_left_secs: session.maintenance_left_secs,
    };
    told(&maintained, global.output, |sent| {
        vec![format!(
            "{worker} was resumed {sent}: its relayer brings its next sign of life by itself, and it earns from then on."
        )]
    })
}

fn told(maintained: &Maintained, output: Output, lines: impl FnOnce(&Sent) -> Vec<String>) -> Result<Exit, Failure> {
    match (output, &maintained.sent) {
        (Output::Json, _) => output::print_json(maintained)?,
        (Output::Table, Some(sent)) => output::print_lines(lines(sent))?,
        (Output::Table, None) => output::print_lines([NOTHING_SENT])?,
    }
    Ok(Exit::Done)
}

fn paused_lines(maintained: &Maintained, next: &str, sent: &Sent) -> Vec<String> {
    let worker = maintained.worker;
    let stays = match maintained.maintenance_left_secs {
        0 => "its value decays from now on, for its allowance of maintenance is used up".into(),
        left => format!(
            "its value stays for {} and decays after that",
            units::duration(Duration::from_secs(left))
        ),
    };
    vec![
        format!("{worker} was paused {sent}: it earns nothing and cannot be reported; {stays}."),
        "To bring it back:".into(),
        String::new(),
        format!("    {next}"),
    ]
}

/// The session of a worker that this account may pause now.
fn pausable(status: &WorkerStatus, account: &AccountId32) -> Result<SessionStatus, Failure> {
    let session = operated(status, account)?;
    match session.state {
        SessionState::Idle => Ok(session),
        _ => Err(Failure::failed(format!(
            "the worker {} is {}: only a worker that is mining can be paused",
            status.worker,
            worker::state(status)
        ))),
    }
}

/// The session of a worker that this account may bring back now.
fn resumable(status: &WorkerStatus, account: &AccountId32) -> Result<SessionStatus, Failure> {
    let session = operated(status, account)?;
    match session.state {
        SessionState::Unresponsive {
            cause: Absence::Maintenance,
        } if !session.resumed => Ok(session),
        SessionState::Unresponsive {
            cause: Absence::Maintenance,
        } => Err(Failure::failed(format!(
            "the worker {} was resumed already: it comes back with its next sign of life; start its pRuntime and its relayer",
            status.worker
        ))),
        _ => Err(Failure::failed(format!(
            "the worker {} is {}: only a worker that is paused can be resumed",
            status.worker,
            worker::state(status)
        ))),
    }
}

fn operated(status: &WorkerStatus, account: &AccountId32) -> Result<SessionStatus, Failure> {
    let registration = registered(status)?;
    if registration.operator != *account {
        return Err(Failure::usage(format!(
            "the key is that of {}, but the operator of the worker {} is {}: sign with that one's key",
            units::address(account),
            status.worker,
            units::address(&registration.operator)
        )));
    }
    status
        .session
        .clone()
        .ok_or_else(|| Failure::failed(format!("the worker {} is in no pool: there is nothing to pause", status.worker)))
}

/// Sends a pause when no challenge is open; once more when one came first.
async fn pause_between_challenges(chain: &Chain, key: &Account, worker: WorkerPublicKey, call: &Call) -> Result<Receipt, Failure> {
    let mut tries = 1;
    loop {
        until_answered(chain, worker).await?;
        match chain.submit(key, call, Wait::Finalized).await {
            Err(error) if is_open_challenge(&error) && tries < TRIES => {
                eprintln!("note: a new challenge came first; the pause is sent again when it is answered.");
                tries += 1;
            }
            outcome => return Ok(outcome?),
        }
    }
}

fn is_open_challenge(error: &ClientError) -> bool {
    error
        .dispatch_failure()
        .and_then(|failure| failure.name())
        .is_some_and(|name| name == "Mining::ChallengeOpen")
}

async fn until_answered(chain: &Chain, worker: WorkerPublicKey) -> Result<(), Failure> {
    let started = Instant::now();
    while let Some(block) = open_challenge(&chain.worker_status(worker, At::Best).await?) {
        if started.elapsed() > ANSWER_LIMIT {
            return Err(Failure::failed(format!(
                "the worker {worker} did not answer the challenge of block {block} for {} s, and a pause is not taken while one is open: \
                 see `khala worker explain {worker}`",
                ANSWER_LIMIT.as_secs()
            )));
        }
        tokio::time::sleep(PAUSE_BETWEEN_LOOKS).await;
    }
    Ok(())
}

/// The newest challenge of a worker, when it counts and is not answered.
fn open_challenge(status: &WorkerStatus) -> Option<BlockNumber> {
    let session = status.session.as_ref()?;
    let asked = status.explanation.last_challenge?;
    (asked > session.answered && asked >= session.answerable_from).then_some(asked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::{account, session, status, WORKER};

    fn with(state: SessionState, resumed: bool) -> WorkerStatus {
        let mut status = status();
        status.session = Some(SessionStatus {
            state,
            resumed,
            ..session()
        });
        status
    }

    fn absent(cause: Absence, resumed: bool) -> WorkerStatus {
        with(SessionState::Unresponsive { cause }, resumed)
    }

    #[test]
    fn only_a_mining_worker_is_paused_and_only_a_paused_one_resumed() {
        let operator = account("//Old");
        let cases = [
            (with(SessionState::Idle, false), true, false),
            (absent(Absence::Maintenance, false), false, true),
            (absent(Absence::Maintenance, true), false, false),
            (absent(Absence::Offline, false), false, false),
            (with(SessionState::Ready, false), false, false),
        ];
        for (status, may_pause, may_resume) in cases {
            assert_eq!(pausable(&status, &operator).is_ok(), may_pause, "{status:?}");
            assert_eq!(resumable(&status, &operator).is_ok(), may_resume, "{status:?}");
        }
        let failure = resumable(&absent(Absence::Maintenance, true), &operator).unwrap_err();
        assert!(failure.message.contains("already"), "{failure}");
    }

    #[test]
    fn a_strangers_key_and_a_worker_without_a_pool_are_told_before_it_costs_a_fee() {
        let stranger = pausable(&with(SessionState::Idle, false), &account("//New")).unwrap_err();
        assert_eq!(stranger.exit, Exit::Usage);
        assert!(stranger.message.contains("sign with that one's key"), "{stranger}");
        let nowhere = pausable(&status(), &account("//Old")).unwrap_err();
        assert!(nowhere.message.contains("in no pool"), "{nowhere}");
    }

    #[test]
    fn a_challenge_is_open_until_it_or_a_later_one_is_answered_if_it_counts() {
        for (asked, answered, answerable_from, open) in [
            (None, 0, 0, None),
            (Some(5), 4, 0, Some(5)),
            (Some(5), 5, 0, None),
            (Some(5), 6, 0, None),
            (Some(5), 0, 5, Some(5)),
            (Some(5), 0, 6, None),
        ] {
            let mut status = with(SessionState::Idle, false);
            status.explanation.last_challenge = asked;
            status.session = status.session.map(|session| SessionStatus {
                answered,
                answerable_from,
                ..session
            });
            assert_eq!(open_challenge(&status), open, "{asked:?} {answered} {answerable_from}");
        }
        assert_eq!(open_challenge(&status()), None);
    }

    #[test]
    fn who_pauses_is_told_how_long_the_value_stays() {
        let maintained = |maintenance_left_secs| Maintained {
            planned: Planned {
                call: "Mining.pause".into(),
                arguments: Default::default(),
                account: account("//Old"),
                fee: 1_250_000_000,
            },
            worker: WORKER,
            sent: None,
            maintenance_left_secs,
        };
        let sent = Sent {
            block: 7,
            block_hash: Default::default(),
            transaction: Default::default(),
            fee: 0,
        };
        let line = |left| paused_lines(&maintained(left), "khala worker resume", &sent).remove(0);
        assert!(line(590).contains("stays for 9m 50s"), "{}", line(590));
        assert!(line(0).contains("decays from now on"), "{}", line(0));
    }
}
