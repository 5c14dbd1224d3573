//! Doing what the core wants: one task per action, each answered by one event.

use crate::{
    collateral::Source,
    config::{Config, ConfigError, SourceConfig},
    core::{
        collateral::{CollateralSummary, Content, DocumentId, FetchError, Fetched, Settings, SourceId},
        Action, Event, Explained, Millis, Prepared, Relayer, SubmissionId, SubmitError, Totals, WorkerId, WorkerSummary,
    },
    pruntime::PRuntime,
    state_file,
};
use khala_client::{calls, Account, At, Call, Chain, ClientError, DispatchFailure, PoolError, Receipt, Wait};
use khala_primitives::{collateral::CollateralStatus, WorkerPublicKey, H256};
use std::{
    collections::{hash_map::RandomState, HashMap},
    hash::{BuildHasher, Hasher},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// Between two [`Event::Tick`]s.
const TICK: Duration = Duration::from_millis(200);
/// Between two looks at the configuration file.
const CONFIG_POLL: Duration = Duration::from_secs(2);
/// A node that brought no block for so long is no good for readiness, in milliseconds.
const READY_WITHIN_MS: Millis = 60_000;

/// The relayer at work.
pub struct Shell {
    /// The nodes' addresses.
    pub nodes: Vec<String>,
    registrar: Account,
    state: PathBuf,
    sources: Vec<Result<Source, String>>,
    core: Mutex<Relayer>,
    io: Mutex<Io>,
}

/// What I/O is done with.
#[derive(Default)]
struct Io {
    chain: Option<Chain>,
    genesis_hash: Option<H256>,
    clients: HashMap<WorkerId, (String, PRuntime)>,
    last_block: Option<Millis>,
}

/// How things stand, for `/readyz` and the metrics.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Health {
    /// The node in use.
    pub node: Option<String>,
    /// Seconds since the last block arrived.
    pub block_age_secs: Option<u64>,
}

impl Health {
    /// Why the relayer is not ready; `None` when it is.
    pub fn problem(&self) -> Option<String> {
        match (&self.node, self.block_age_secs) {
            (None, _) => Some("no node is connected".into()),
            (Some(node), None) => Some(format!("no block has come from {node} yet")),
            (Some(node), Some(age)) if age >= READY_WITHIN_MS / 1000 => Some(format!("no block has come from {node} for {age} s")),
            _ => None,
        }
    }
}

impl Shell {
    /// A relayer with this configuration and the keys that an earlier one stored. It does nothing yet.
    pub fn new(config: &Config, registrar: Account) -> Arc<Self> {
        let mut core = Relayer::new(settings(config), state_file::load(&config.state));
        core.handle(Event::Configure(config.workers.clone()), now_ms());
        // A source that cannot be used is one that fails each time: the others go on, and the reason is shown.
        let sources = config.collateral.sources.iter().map(Source::new).collect();
        Arc::new(Self {
            nodes: config.nodes.clone(),
            registrar,
            state: config.state.clone(),
            sources,
            core: Mutex::new(core),
            io: Mutex::default(),
        })
    }

    /// Tells the core what happened, and starts what it wants done.
    pub fn handle(self: &Arc<Self>, event: Event) {
        let actions = lock(&self.core).handle(event, now_ms());
        for action in actions {
            let shell = self.clone();
            tokio::spawn(async move {
                let event = shell.act(action).await;
                shell.handle(event);
            });
        }
    }

    /// Lets time pass, for ever.
    pub async fn tick(self: Arc<Self>) {
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            self.handle(Event::Tick);
        }
    }

    /// Watches the configuration file, for ever: workers come and go with it. A file that is wrong is refused with a log,
    /// and the old one goes on.
    pub async fn watch_config(self: Arc<Self>, path: PathBuf, mut config: Config) {
        let mut stamp = stamp(&path);
        loop {
            tokio::time::sleep(CONFIG_POLL).await;
            let now = self::stamp(&path);
            if now == stamp {
                continue;
            }
            stamp = now;
            match self.reload(&path, &config) {
                Ok(new) => config = new,
                Err(error) => tracing::error!(%error, "the changed configuration is refused; the old one goes on"),
            }
        }
    }

    fn reload(self: &Arc<Self>, path: &Path, old: &Config) -> Result<Config, ConfigError> {
        let new = Config::load(path)?;
        let rest = |config: &Config| Config {
            workers: Vec::new(),
            ..config.clone()
        };
        if rest(&new) != rest(old) {
            tracing::warn!("only changes of [[worker]] are taken without a restart");
        }
        tracing::info!(workers = new.workers.len(), "the configuration was read again");
        self.handle(Event::Configure(new.workers.clone()));
        let core = lock(&self.core);
        lock(&self.io).clients.retain(|id, _| core.config(*id).is_some());
        Ok(new)
    }

    /// The chain that all nodes must be of: the first node's.
    pub fn genesis_hash(&self, of_node: H256) -> H256 {
        *lock(&self.io).genesis_hash.get_or_insert(of_node)
    }

    /// The node in use; `None` while there is none. Returns whether there was one before.
    pub fn set_chain(&self, chain: Option<Chain>) -> bool {
        std::mem::replace(&mut lock(&self.io).chain, chain).is_some()
    }

    /// A block arrived.
    pub fn saw_block(&self) {
        lock(&self.io).last_block = Some(now_ms());
    }

    /// The workers that the next block's view shall be about.
    pub fn known_workers(&self) -> Vec<WorkerPublicKey> {
        lock(&self.core).known_workers()
    }

    /// How things stand.
    pub fn health(&self) -> Health {
        let io = lock(&self.io);
        let node = io.chain.as_ref().map(|chain| chain.url().to_owned());
        Health {
            node,
            block_age_secs: io.last_block.map(|at| now_ms().saturating_sub(at) / 1000),
        }
    }

    /// All workers.
    pub fn summaries(&self) -> Vec<WorkerSummary> {
        lock(&self.core).summaries()
    }

    /// All about collateral.
    pub fn collateral(&self) -> CollateralSummary {
        lock(&self.core).collateral_summary(now_ms())
    }

    /// One worker, by name or key.
    pub fn explain(&self, name_or_key: &str) -> Option<Explained> {
        lock(&self.core).explain(name_or_key)
    }

    /// What somebody should look at, of the workers.
    pub fn troubles(&self) -> Vec<String> {
        lock(&self.core).troubles()
    }

    /// Sums over all workers.
    pub fn totals(&self) -> Totals {
        lock(&self.core).totals()
    }

    async fn act(&self, action: Action) -> Event {
        match action {
            Action::AskIdentity(id) => Event::Identity(id, ask(self.client(id), |client| async move { client.identity().await }).await),
            Action::AskEvidence(id, freshness) => Event::Evidence(id, Box::new(self.evidence(id, freshness).await)),
            Action::AskBenchmark(id, request) => Event::Benchmark(
                id,
                ask(self.client(id), |client| async move { client.benchmark(request).await }).await,
            ),
            Action::AskHeartbeat {
                worker,
                challenge,
                session,
                sample,
            } => {
                let answer = ask(self.client(worker), |client| async move {
                    client.heartbeat(challenge, session, sample).await
                })
                .await;
                Event::Heartbeat(worker, challenge.block, answer)
            }
            Action::AskCollateral => Event::Collateral(self.kept_collateral().await),
            Action::Fetch(source, id) => {
                let answer = self.fetch(source, &id).await;
                Event::Fetched(source, id, Box::new(answer))
            }
            Action::SubmitDocument(id, fetched) => Event::Submitted(id, self.submit_document(&fetched).await),
            Action::SubmitRegistration(id, prepared) => Event::Submitted(id, self.register(*prepared).await),
            Action::SubmitRebinding(id, old, prepared) => Event::Submitted(id, self.rebind(old, *prepared).await),
            Action::SubmitRenewal(id, prepared) => Event::Submitted(id, self.renew(*prepared).await),
            Action::SubmitBenchmark(id, result, signature) => self.submit(id, calls::registry::benchmark_result(&result, &signature)).await,
            Action::SubmitHeartbeats(id, batch) => self.submit(id, calls::mining::heartbeat(&batch)).await,
            Action::SubmitReport(id, worker, block) => self.submit(id, calls::mining::report_offline(worker, block)).await,
            Action::Remember(keys) => {
                let path = self.state.clone();
                let stored = tokio::task::spawn_blocking(move || state_file::store(&path, &keys)).await;
                Event::Remembered(stored.unwrap_or_else(|error| Err(error.to_string())))
            }
        }
    }

    /// The client of a worker's pRuntime, made once.
    fn client(&self, id: WorkerId) -> Result<PRuntime, String> {
        let endpoint = lock(&self.core).config(id).map(|config| config.endpoint.clone());
        let endpoint = endpoint.ok_or("it is no longer configured")?;
        let mut io = lock(&self.io);
        if let Some((of, client)) = io.clients.get(&id) {
            if *of == endpoint {
                return Ok(client.clone());
            }
        }
        let client = PRuntime::new(&endpoint)?;
        io.clients.insert(id, (endpoint, client.clone()));
        Ok(client)
    }

    async fn evidence(&self, id: WorkerId, freshness: khala_primitives::Freshness) -> Result<Prepared, String> {
        let operator = lock(&self.core).config(id).map(|config| config.operator.clone());
        let genesis_hash = lock(&self.io).genesis_hash;
        let (Some(operator), Some(genesis_hash)) = (operator, genesis_hash) else {
            return Err("it is no longer configured".into());
        };
        self.client(id)?.evidence(genesis_hash, &operator, freshness).await
    }

    async fn kept_collateral(&self) -> Result<CollateralStatus, String> {
        let chain = self.chain().map_err(|error| error.reason().to_owned())?;
        chain.collateral(At::Best).await.map_err(|error| error.to_string())
    }

    async fn fetch(&self, source: SourceId, id: &DocumentId) -> Result<Fetched, FetchError> {
        match self.sources.get(source.0) {
            Some(Ok(source)) => source.fetch(id).await,
            Some(Err(reason)) => Err(FetchError::Down(reason.clone())),
            None => Err(FetchError::Down("it is no longer configured".into())),
        }
    }

    /// Signs, and waits for a block.
    async fn submit_document(&self, fetched: &Fetched) -> Result<(), SubmitError> {
        let receipt = self.sign_and_submit(&call_of(&fetched.content)).await?;
        tracing::info!(document = %fetched.id, block = receipt.block.number, fee = ?receipt.fee, "collateral is on the chain");
        Ok(())
    }

    /// Signs, and waits for a block.
    async fn register(&self, prepared: Prepared) -> Result<(), SubmitError> {
        let call = calls::registry::register_worker(&prepared.info, &prepared.evidence);
        let receipt = self.sign_and_submit(&call).await?;
        tracing::info!(worker = %prepared.info.identity_key, block = receipt.block.number, fee = ?receipt.fee, "registered");
        Ok(())
    }

    /// Signs, and waits for a block.
    async fn rebind(&self, old: WorkerPublicKey, prepared: Prepared) -> Result<(), SubmitError> {
        let call = calls::registry::rebind_worker(old, &prepared.info, &prepared.evidence);
        let receipt = self.sign_and_submit(&call).await?;
        tracing::info!(%old, new = %prepared.info.identity_key, block = receipt.block.number, fee = ?receipt.fee, "rebound");
        Ok(())
    }

    async fn sign_and_submit(&self, call: &Call) -> Result<Receipt, SubmitError> {
        let receipt = self.chain()?.submit(&self.registrar, call, Wait::InBlock).await;
        receipt.map_err(submit_error)
    }

    /// Sends an authorised call, and waits for a block: what became of it stands in an event.
    async fn renew(&self, prepared: Prepared) -> Result<(), SubmitError> {
        let call = calls::registry::renew_worker(&prepared.info, &prepared.evidence, &prepared.renewal);
        let receipt = self
            .chain()?
            .submit_general_and_watch(&call, Wait::InBlock)
            .await
            .map_err(submit_error)?;
        let refused = calls::registry::evidence_refused(&receipt).map_err(submit_error)?;
        if refused.is_some() {
            let reason = format!(
                "the chain refused the evidence in block {}; the worker's status says why",
                receipt.block.number
            );
            return Err(SubmitError::EvidenceRefused(reason));
        }
        tracing::info!(worker = %prepared.info.identity_key, block = receipt.block.number, "renewed");
        Ok(())
    }

    /// Sends an authorised call.
    async fn submit(&self, id: SubmissionId, call: Call) -> Event {
        let outcome = match self.chain() {
            Ok(chain) => chain
                .submit_general(&call)
                .await
                .map(|hash| tracing::debug!(%call, ?hash, "sent"))
                .map_err(submit_error),
            Err(error) => Err(error),
        };
        Event::Submitted(id, outcome)
    }

    fn chain(&self) -> Result<Chain, SubmitError> {
        lock(&self.io)
            .chain
            .clone()
            .ok_or_else(|| SubmitError::Unsettled("no node is connected".into()))
    }
}

/// How collateral is kept. Relayers may share a registrar and a configuration, so chance tells them apart.
fn settings(config: &Config) -> Settings {
    Settings {
        sources: config.collateral.sources.iter().map(SourceConfig::to_string).collect(),
        every_secs: config.collateral.every_secs,
        last_share_percent: config.collateral.last_share_percent,
        seed: RandomState::new().build_hasher().finish(),
    }
}

/// The call that brings a document to the chain.
fn call_of(content: &Content) -> Call {
    use calls::attestation::{upsert_pck_crl, upsert_qe_identity, upsert_root_crl, upsert_tcb_info};
    match content {
        Content::RootCrl(crl) => upsert_root_crl(crl),
        Content::PckCrl { issuer_chain, crl } => upsert_pck_crl(issuer_chain, crl),
        Content::TcbInfo(signed) => upsert_tcb_info(&signed.issuer_chain, &signed.json, &signed.signature),
        Content::QeIdentity(signed) => upsert_qe_identity(&signed.issuer_chain, &signed.json, &signed.signature),
    }
}

/// Asks a client, when there is one.
async fn ask<T, F: std::future::Future<Output = Result<T, String>>>(
    client: Result<PRuntime, String>,
    question: impl FnOnce(PRuntime) -> F,
) -> Result<T, String> {
    question(client?).await
}

/// Was it refused for what it is, or may the moment be to blame?
fn submit_error(error: ClientError) -> SubmitError {
    let reason = error.to_string();
    match error.dispatch_failure().and_then(DispatchFailure::name).as_deref() {
        Some("Registry::ReboundRecently") => return SubmitError::ReboundRecently(reason),
        Some("Registry::KeyInUse" | "Registry::UnknownWorker") => return SubmitError::NotReplaceable(reason),
        _ => {}
    }
    match &error {
        ClientError::Pool(PoolError::Banned | PoolError::Unknown(_)) => SubmitError::Unsettled(reason),
        ClientError::Pool(pool) if pool.is_of_the_moment() => SubmitError::Unsettled(reason),
        ClientError::Pool(_) | ClientError::Dispatch { .. } | ClientError::UnknownCall { .. } => SubmitError::Refused(reason),
        _ => SubmitError::Unsettled(reason),
    }
}

/// What changes when a file is written: time and length.
fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

/// Milliseconds since 1970.
pub fn now_ms() -> Millis {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX))
}

/// What a panicking task left behind is used as it is: the chain corrects it with the next block.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::Remembered;

    fn config(folder: &Path, workers: &[&str]) -> String {
        let operator = Account::from_uri("//Operator").unwrap().address();
        let worker = |(index, name): (usize, &&str)| {
            format!(
                "[[worker]]\nname = \"{name}\"\nendpoint = \"http://127.0.0.1:{}\"\noperator = \"{operator}\"\n",
                index + 1
            )
        };
        let workers: String = workers.iter().enumerate().map(worker).collect();
        format!(
            "nodes = [\"ws://127.0.0.1:1\"]\nlisten = \"127.0.0.1:0\"\n[collateral]\nsources = [{{ folder = \"{}\" }}]\n{workers}",
            folder.display()
        )
    }

    fn names(shell: &Shell) -> Vec<String> {
        shell.summaries().into_iter().map(|summary| summary.name).collect()
    }

    #[tokio::test]
    async fn workers_come_and_go_with_the_file_and_a_wrong_file_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("relayer.toml");
        std::fs::write(&path, config(folder.path(), &["a", "b"])).unwrap();
        let old = Config::load(&path).unwrap();
        let shell = Shell::new(&old, Account::from_uri("//Registrar").unwrap());
        assert_eq!(names(&shell), ["a", "b"]);

        std::fs::write(&path, config(folder.path(), &["a", "c"])).unwrap();
        let new = shell.reload(&path, &old).unwrap();
        assert_eq!(names(&shell), ["a", "c"]);

        std::fs::write(&path, "nodes = [").unwrap();
        assert!(shell.reload(&path, &new).is_err());
        assert_eq!(names(&shell), ["a", "c"]);
    }

    #[test]
    fn what_the_call_is_to_blame_for_is_told_from_what_the_moment_is() {
        let kind = |error: ClientError| matches!(submit_error(error), SubmitError::Refused(_));
        assert!(kind(PoolError::BadProof.into()) && kind(PoolError::Payment.into()));
        assert!(!kind(PoolError::Stale.into()) && !kind(PoolError::AlreadyImported.into()) && !kind(PoolError::Banned.into()));
        assert!(!kind(ClientError::Disconnected {
            url: "a".into(),
            reason: "b".into()
        }));
    }

    #[test]
    fn what_the_chain_says_to_a_rebinding_is_told_apart_by_name() {
        let error = |pallet: &str, error: &str| {
            submit_error(ClientError::Dispatch {
                failure: DispatchFailure::Pallet {
                    pallet: pallet.into(),
                    error: error.into(),
                    docs: "wait".into(),
                },
                block: H256::zero(),
            })
        };
        let recent = error("Registry", "ReboundRecently");
        assert!(matches!(&recent, SubmitError::ReboundRecently(reason) if reason.contains("wait")));
        for name in ["KeyInUse", "UnknownWorker"] {
            assert!(matches!(error("Registry", name), SubmitError::NotReplaceable(_)), "{name}");
        }
        for (pallet, name) in [
            ("Registry", "OperatorDiffers"),
            ("Mining", "ReboundRecently"),
            ("Other", "UnknownWorker"),
        ] {
            assert!(matches!(error(pallet, name), SubmitError::Refused(_)), "{pallet}::{name}");
        }
    }

    #[tokio::test]
    async fn keys_that_were_stored_are_there_after_a_restart_and_damaged_ones_do_not_hold_it_up() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("relayer.toml");
        std::fs::write(&path, config(folder.path(), &["a"])).unwrap();
        let config = Config::load(&path).unwrap();
        let start = || Shell::new(&config, Account::from_uri("//Registrar").unwrap());
        let key = WorkerPublicKey([7; 32]);
        let remembered = Remembered {
            name: "a".into(),
            endpoint: "http://127.0.0.1:1".into(),
            key,
        };
        assert_eq!(start().known_workers(), []);
        let stored = start().act(Action::Remember(vec![remembered])).await;
        assert_eq!(stored, Event::Remembered(Ok(())));
        assert_eq!(start().known_workers(), [key]);
        std::fs::write(&config.state, "{").unwrap();
        assert_eq!(start().known_workers(), []);
    }

    #[test]
    fn readiness_needs_a_node_and_a_recent_block() {
        let health = |node: Option<&str>, block_age_secs| {
            Health {
                node: node.map(Into::into),
                block_age_secs,
            }
            .problem()
        };
        assert!(health(None, Some(1)).unwrap().contains("no node"));
        assert!(health(Some("a"), None).unwrap().contains("no block"));
        assert!(health(Some("a"), Some(60)).unwrap().contains("60 s"));
        assert_eq!(health(Some("a"), Some(59)), None);
    }
}
