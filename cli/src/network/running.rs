//! A running network: its processes and its addresses.

use super::{
    cast::Cast, data::DataDir, indexer, nodes, ports::PortPlan, pruntimes, relayer, set_up, Binaries, Options, Process, Sample, WorkerSpec,
};
use crate::services::{PRuntime, Relayer};
use anyhow::Context;
use khala_client::Chain;
use khala_pccs::{Pccs, Served};
use khala_primitives::Instance;
use std::{
    net::Ipv4Addr,
    path::Path,
    time::{Duration, Instant},
};

/// How long all processes together may take to end.
const STOP_LIMIT: Duration = Duration::from_secs(15);

/// A running network. Everything that it started ends with it.
pub struct Network {
    cast: Cast,
    binaries: Binaries,
    chain: Chain,
    node_urls: Vec<String>,
    nodes: Vec<Process>,
    workers: Vec<pruntimes::Running>,
    relayer: Option<Process>,
    relayer_port: u16,
    indexer: Option<Process>,
    indexer_port: u16,
    collateral: Pccs,
    collateral_every_secs: u64,
    /// Last: the folder goes, and its lock is released, when no process uses it any more.
    data: DataDir,
}

impl Network {
    /// Starts the validators and the pRuntimes; returns when the chain finalises and every pRuntime answers. Nothing is
    /// on chain yet, and no relayer runs.
    pub async fn start(options: &Options) -> anyhow::Result<Self> {
        let binaries = Binaries::find()?;
        let data = DataDir::open(options)?;
        let ports = PortPlan::pick(options)?;
        let collateral = Pccs::start((Ipv4Addr::LOCALHOST, 0).into())
            .await
            .context("the local collateral service cannot listen")?;
        let nodes = nodes::start(&ports.nodes, &options.genesis, &data, &binaries).await?;
        let workers = pruntimes::start(&options.workers, &ports.pruntimes, &data, &binaries).await?;
        Ok(Self {
            cast: Cast::new()?,
            binaries,
            chain: nodes.chain,
            node_urls: nodes.urls,
            nodes: nodes.processes,
            workers,
            relayer: None,
            relayer_port: ports.relayer,
            indexer: None,
            indexer_port: ports.indexer,
            collateral,
            collateral_every_secs: options.collateral_every_secs,
            data,
        })
    }

    /// Funds the accounts, names the registrar, opens the pools and delegates, as far as that is not done yet. Returns
    /// what was done.
    pub async fn set_up(&self) -> anyhow::Result<Vec<String>> {
        set_up::set_up(&self.chain, &self.cast, &self.specs()).await
    }

    /// Starts the relayer; it registers the workers.
    pub async fn start_relayer(&mut self) -> anyhow::Result<()> {
        let operator = |running: &pruntimes::Running| self.cast.operator(running.spec.operator).clone();
        let site = relayer::Site {
            nodes: &self.node_urls,
            port: self.relayer_port,
            workers: &self.workers,
            collateral_url: self.collateral.url(),
            collateral_every_secs: self.collateral_every_secs,
        };
        let process = relayer::start(&site, operator, &self.data, &self.binaries).await?;
        self.relayer = Some(process);
        Ok(())
    }

    /// Starts the indexer; it reads the chain from its beginning, or from where it was.
    pub async fn start_indexer(&mut self) -> anyhow::Result<()> {
        let process = indexer::start(self.chain.url(), self.indexer_port, &self.data, &self.binaries).await?;
        self.indexer = Some(process);
        Ok(())
    }

    /// Stops the indexer; its database stays.
    pub async fn stop_indexer(&mut self) -> anyhow::Result<()> {
        let mut indexer = self.indexer.take().context("no indexer runs")?;
        indexer.stop().await
    }

    /// The indexer's address: its interface is under `/api/v1`, the console at `/`.
    pub fn indexer_url(&self) -> String {
        indexer::url(self.indexer_port)
    }

    /// The program `khala-indexer`.
    pub fn indexer_program(&self) -> &Path {
        &self.binaries.indexer
    }

    /// The accounts that act.
    pub fn cast(&self) -> &Cast {
        &self.cast
    }

    /// The connection to the first validator.
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    /// The first validator's WebSocket address.
    pub fn node_url(&self) -> &str {
        self.chain.url()
    }

    /// A connection to another validator; the first one is number 0.
    pub async fn chain_of(&self, validator: usize) -> anyhow::Result<Chain> {
        let url = self.node_urls.get(validator).with_context(|| no_validator(validator))?;
        Ok(Chain::connect(url).await?)
    }

    /// The relayer's address, for JSON-RPC and `/metrics`.
    pub fn relayer_url(&self) -> String {
        relayer::url(self.relayer_port)
    }

    /// The relayer.
    pub fn relayer(&self) -> anyhow::Result<Relayer> {
        Ok(Relayer::at(&self.relayer_url())?)
    }

    /// The program `khala`.
    pub fn khala(&self) -> &Path {
        &self.binaries.khala
    }

    /// Where everything is kept.
    pub fn folder(&self) -> &Path {
        self.data.root()
    }

    /// The workers, as they were asked for.
    pub fn specs(&self) -> Vec<WorkerSpec> {
        self.workers.iter().map(|worker| worker.spec.clone()).collect()
    }

    /// A worker's pRuntime: where it listens.
    pub fn pruntime_url(&self, name: &str) -> anyhow::Result<&str> {
        self.workers
            .iter()
            .find(|worker| worker.spec.name == name)
            .map(|worker| worker.url.as_str())
            .with_context(|| no_worker(name))
    }

    /// The run of a worker's enclave.
    pub async fn instance(&self, name: &str) -> anyhow::Result<Instance> {
        Ok(PRuntime::at(self.pruntime_url(name)?)?.info().await?.instance)
    }

    /// Kills a worker's pRuntime (SIGKILL).
    pub async fn kill_worker(&mut self, name: &str) -> anyhow::Result<()> {
        self.worker(name)?.process.kill().await
    }

    /// Starts a worker's pRuntime again, and waits until it answers.
    pub async fn restart_worker(&mut self, name: &str) -> anyhow::Result<()> {
        let worker = self.worker(name)?;
        worker.process.restart()?;
        worker.answers().await
    }

    /// Stops a worker's pRuntime and starts another build of it on the same sealed state.
    pub async fn upgrade_worker(&mut self, name: &str, build: u32) -> anyhow::Result<()> {
        let place = self.place(name)?;
        let worker = self.workers.get_mut(place).with_context(|| no_worker(name))?;
        worker.spec.build = build;
        worker.process.stop().await?;
        worker
            .process
            .set_line(pruntimes::line(&worker.spec, worker.port, &self.data, &self.binaries)?);
        worker.process.restart()?;
        worker.answers().await
    }

    /// Stops a worker's pRuntime and throws its sealed state away, as when a seal does not open any more; a start makes new keys.
    pub async fn lose_keys(&mut self, name: &str) -> anyhow::Result<()> {
        let place = self.place(name)?;
        let worker = self.workers.get_mut(place).with_context(|| no_worker(name))?;
        worker.process.stop().await?;
        let folder = self.data.pruntime(name)?;
        std::fs::remove_dir_all(&folder).with_context(|| format!("{} cannot be removed", folder.display()))?;
        self.data.pruntime(name)?;
        worker.process.restart()?;
        worker.answers().await
    }

    /// The collateral that the relayer finds, which can be changed: platforms revoked, the service broken.
    pub fn collateral(&self) -> &Served {
        self.collateral.served()
    }

    /// Stops a validator; the first one is number 0.
    pub async fn stop_node(&mut self, validator: usize) -> anyhow::Result<()> {
        self.node(validator)?.stop().await
    }

    /// Starts a validator again at the same address and waits until it answers; [`Network::chain`] connects to the first one anew.
    pub async fn restart_node(&mut self, validator: usize) -> anyhow::Result<()> {
        let url = self.node_urls.get(validator).with_context(|| no_validator(validator))?.clone();
        let node = self.node(validator)?;
        node.restart()?;
        let chain = nodes::connect(&url, node).await?;
        if validator == 0 {
            self.chain = chain;
        }
        Ok(())
    }

    /// Stops the relayer: nobody answers for the workers any more.
    pub async fn stop_relayer(&mut self) -> anyhow::Result<()> {
        let mut relayer = self.relayer.take().context("no relayer runs")?;
        relayer.stop().await
    }

    /// What the network looks like at its best block.
    pub async fn sample(&self) -> anyhow::Result<Sample> {
        Sample::take(self).await
    }

    /// Do all processes run that should? Those that were killed on purpose are not asked.
    ///
    /// # Errors
    /// One has ended by itself: which, how, and the end of its log.
    pub fn ensure_alive(&mut self, except: &[&str]) -> anyhow::Result<()> {
        let workers = self.workers.iter_mut().map(|worker| &mut worker.process);
        let all = self
            .nodes
            .iter_mut()
            .chain(workers)
            .chain(self.relayer.as_mut())
            .chain(self.indexer.as_mut());
        all.filter(|process| !except.contains(&process.name()))
            .try_for_each(Process::ensure_alive)
    }

    /// The end of every process's log.
    pub fn log_tails(&self) -> String {
        let workers = self.workers.iter().map(|worker| &worker.process);
        let all = self
            .nodes
            .iter()
            .chain(workers)
            .chain(self.relayer.as_ref())
            .chain(self.indexer.as_ref());
        all.map(|process| format!("--- {}\n{}", process.name(), process.log_tail()))
            .collect()
    }

    /// Stops everything, indexer and relayer first and the validators last.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        if let Some(mut indexer) = self.indexer.take() {
            indexer.stop().await?;
        }
        if let Some(mut relayer) = self.relayer.take() {
            relayer.stop().await?;
        }
        for worker in &self.workers {
            worker.process.terminate();
        }
        for worker in &mut self.workers {
            worker.process.stop().await?;
        }
        for node in &self.nodes {
            node.terminate();
        }
        for node in &mut self.nodes {
            node.stop().await?;
        }
        Ok(())
    }

    fn worker(&mut self, name: &str) -> anyhow::Result<&mut pruntimes::Running> {
        let place = self.place(name)?;
        self.workers.get_mut(place).with_context(|| no_worker(name))
    }

    fn place(&self, name: &str) -> anyhow::Result<usize> {
        let place = self.workers.iter().position(|worker| worker.spec.name == name);
        place.with_context(|| no_worker(name))
    }

    fn node(&mut self, validator: usize) -> anyhow::Result<&mut Process> {
        self.nodes.get_mut(validator).with_context(|| no_validator(validator))
    }
}

fn no_worker(name: &str) -> String {
    format!("the network has no worker {name}")
}

fn no_validator(validator: usize) -> String {
    format!("the network has no validator {validator}")
}

impl Drop for Network {
    /// Asks everything that still runs to end and waits a little, so that databases are closed; what remains is killed
    /// when its [`Process`] is dropped.
    fn drop(&mut self) {
        let workers = self.workers.iter_mut().map(|worker| &mut worker.process);
        let mut running: Vec<_> = self
            .nodes
            .iter_mut()
            .chain(workers)
            .chain(self.relayer.as_mut())
            .chain(self.indexer.as_mut())
            .filter_map(|process| process.is_running().then_some(process))
            .collect();
        running.iter().for_each(|process| process.terminate());
        let started = Instant::now();
        while started.elapsed() < STOP_LIMIT && running.iter_mut().any(|process| process.is_running()) {
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}
