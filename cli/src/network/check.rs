//! The proof that a network works: everybody is paid; a killed worker is found offline and comes back.

use super::{
    evidence::{KilledEvidence, MoneyEvidence, WorkerEvidence},
    tend,
    wait::{until, Seen},
    Evidence, Live, Network, Sample, WorkerSample,
};
use anyhow::Context;
use khala_primitives::{
    status::{Absence, Reason, SessionState, SessionStatus},
    Instance,
};
use std::time::Duration;
use tokio::sync::Mutex;

/// Until every worker was paid: registration, benchmark, stake, the first challenges.
const PAID_LIMIT: Duration = Duration::from_secs(300);
/// Until a killed worker is found offline: the next challenge that hits it, the heartbeat window, the report.
const OFFLINE_LIMIT: Duration = Duration::from_secs(300);
/// Until it is paid again: registration, recovery, the next challenge that hits it.
const BACK_LIMIT: Duration = Duration::from_secs(300);

/// Runs the whole proof; `live` shows what happens. The network must be set up, with its relayer running.
///
/// # Errors
/// A condition was not met in time, a process ended by itself, or the money does not add up.
pub async fn check(network: &mut Network, live: &mut Live) -> anyhow::Result<Evidence> {
    let first = network.sample().await?;
    live.say("check: waiting until every worker is paid");
    let paid = everybody_paid(network, live, &first).await?;

    // The last one: with three workers that is the one of the lowest confidence level.
    let name = paid.workers.last().context("a check needs a worker")?.spec.name.clone();
    live.say(&format!("check: killing {name}"));
    let victim = Victim::of(network, &name).await?;
    network.kill_worker(&name).await?;
    let offline = found_offline(network, live, &name).await?;

    live.say(&format!("check: {name} was found offline; starting it again"));
    network.restart_worker(&name).await?;
    let last = paid_again(network, live, &name, &victim).await?;

    let money = MoneyEvidence::between(&first.network, &last.network);
    anyhow::ensure!(
        money.equal,
        "the money does not add up: the subsidy account lost {} planck, but pools got {} and the treasury {}",
        money.subsidy_change,
        money.paid,
        money.treasury_part
    );
    Ok(Evidence {
        genesis_hash: network.chain().genesis_hash(),
        first_block: first.block.number,
        last_block: last.block.number,
        finalized_block: last.finalized,
        workers: WorkerEvidence::of(&first, &last),
        money,
        killed: victim.evidence(network, &offline, &last).await?,
    })
}

/// Samples the network again and again, tending the workers, until a condition holds.
async fn watch(
    network: &mut Network,
    live: &mut Live,
    (what, limit): (String, Duration),
    killed: Option<&str>,
    condition: impl Fn(&Sample) -> Result<(), String>,
) -> anyhow::Result<Sample> {
    let state = Mutex::new((network, live));
    until(what, limit, || async {
        let (network, live) = &mut *state.lock().await;
        network.ensure_alive(killed.as_slice())?;
        let sample = network.sample().await?;
        for message in tend(network, &sample).await {
            live.say(&message);
        }
        live.show(&sample);
        Ok(match condition(&sample) {
            Ok(()) => Seen::Now(sample),
            Err(missing) => Seen::NotYet(missing),
        })
    })
    .await
}

/// Waits until every worker was paid since the sample `since`.
pub async fn everybody_paid(network: &mut Network, live: &mut Live, since: &Sample) -> anyhow::Result<Sample> {
    let goal = ("every worker to be paid".to_owned(), PAID_LIMIT);
    watch(network, live, goal, None, |sample| {
        let before = |worker: &WorkerSample| since.worker(&worker.spec.name).map(WorkerSample::paid).unwrap_or_default();
        match sample.workers.iter().find(|worker| worker.paid() <= before(worker)) {
            None => Ok(()),
            Some(worker) => Err(format!("{} is {}", worker.spec.name, worker.describe())),
        }
    })
    .await
}

/// Waits until the chain has a killed worker offline.
pub async fn found_offline(network: &mut Network, live: &mut Live, name: &str) -> anyhow::Result<Sample> {
    let goal = (format!("{name} to be found offline"), OFFLINE_LIMIT);
    watch(network, live, goal, Some(name), |sample| {
        let worker = sample.worker(name).ok_or("it is gone")?;
        match worker.state() {
            Some(SessionState::Unresponsive { cause: Absence::Offline }) => Ok(()),
            _ => Err(worker.describe()),
        }
    })
    .await
}

/// Waits until a worker that came back mines and was paid more than before.
pub async fn paid_again(network: &mut Network, live: &mut Live, name: &str, before: &Victim) -> anyhow::Result<Sample> {
    let goal = (format!("{name} to be paid again"), BACK_LIMIT);
    watch(network, live, goal, None, |sample| {
        let worker = sample.worker(name).ok_or("it is gone")?;
        let session = worker.session().ok_or("it has no session")?;
        let mines = session.state == SessionState::Idle && session.instance != before.instance;
        if mines && session.paid > before.session.paid {
            return Ok(());
        }
        Err(worker.describe())
    })
    .await
}

/// A worker before it was killed.
#[derive(Clone, Debug)]
pub struct Victim {
    /// Best block at that moment.
    pub block: u32,
    /// Its key and everything else the chain knew.
    pub worker: WorkerSample,
    /// Its session.
    pub session: SessionStatus,
    /// The run of its enclave.
    pub instance: Instance,
    /// What had been forfeited on the chain.
    pub forfeited: u128,
}

impl Victim {
    /// Looks at a worker that mines.
    pub async fn of(network: &Network, name: &str) -> anyhow::Result<Self> {
        let sample = network.sample().await?;
        let worker = sample.worker(name).with_context(|| format!("there is no worker {name}"))?.clone();
        let session = worker.session().with_context(|| format!("{name} has no session"))?.clone();
        let instance = network.instance(name).await?;
        Ok(Self {
            block: sample.block.number,
            worker,
            session,
            instance,
            forfeited: sample.network.forfeited,
        })
    }

    async fn evidence(&self, network: &Network, offline: &Sample, last: &Sample) -> anyhow::Result<KilledEvidence> {
        let name = &self.worker.spec.name;
        let missing = || format!("{name} is gone");
        let before = self.worker.chain.as_ref().with_context(missing)?;
        let away = offline
            .worker(name)
            .and_then(|worker| worker.chain.as_ref())
            .with_context(missing)?;
        let back = last.worker(name).and_then(|worker| worker.chain.as_ref()).with_context(missing)?;
        let (away_session, back_session) = (
            away.session.as_ref().with_context(missing)?,
            back.session.as_ref().with_context(missing)?,
        );
        let Reason::Offline { missed_block } = away.explanation.reason else {
            anyhow::bail!(
                "{name} is offline, but the chain explains it otherwise: {:?}",
                away.explanation.reason
            );
        };
        anyhow::ensure!(
            before.worker == back.worker,
            "{name} came back with another key: {} before, {} now",
            before.worker,
            back.worker
        );
        anyhow::ensure!(
            offline.network.forfeited > self.forfeited,
            "{name} was found offline, but lost nothing"
        );
        Ok(KilledEvidence {
            name: name.clone(),
            worker: back.worker,
            killed_at_block: self.block,
            missed_block,
            offline_since_block: away_session.since_block,
            forfeited: offline.network.forfeited.saturating_sub(self.forfeited),
            instance_before: self.instance,
            instance_after: network.instance(name).await?,
            back_since_block: back_session.since_block,
            paid_again_at_block: back_session.last_payout_block,
            paid_before: self.session.paid,
            paid_after: back_session.paid,
        })
    }
}
