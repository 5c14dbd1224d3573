//! The shell around the state machine: answers the methods of [`crate::api`].

use super::gate::{Busy, Gate, Waits};
use crate::{
    api::{code, Health, HeartbeatRequest, Info, PRuntimeApiServer, SignedBenchmark, WorkerEvidence, WorkerOperator},
    enclave::{self, Enclave, EnclaveError},
    kernel::Work,
    seal::{Files, SealError, SealStore},
};
use jsonrpsee::{
    core::{async_trait, RpcResult},
    types::ErrorObjectOwned,
};
use khala_primitives::{status::BenchmarkRequest, AccountId32, Freshness, OperatorSignature, SignedHeartbeat, WorkerInfo, H256};
use std::{
    sync::{
        atomic::{AtomicBool, AtomicU64, Ordering},
        Arc, Mutex, PoisonError,
    },
    time::{Duration, Instant},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task,
    time::timeout,
};
use tracing::{error, info};

/// Requests that are answered at once; more are refused.
pub const MAX_REQUESTS: u32 = 64;
/// Longest wait for the state machine: evidence of real hardware takes a fraction of a second (SGX) or a few (TDX).
const ENCLAVE_DEADLINE: Duration = Duration::from_secs(20);

/// The state machine with the store of its sealed state.
struct Worker<F> {
    enclave: Enclave,
    store: SealStore<F>,
}

/// Answers the methods.
pub struct Service<F>(Arc<Shared<F>>);

struct Shared<F> {
    worker: Arc<Mutex<Worker<F>>>,
    gate: Gate,
    requests: Arc<Semaphore>,
    deadline: Duration,
    started: Instant,
    initialised: AtomicBool,
    heartbeats: AtomicU64,
    benchmarks: AtomicU64,
}

impl<F: Files + 'static> Service<F> {
    /// Joins the state machine with its store.
    pub fn new(enclave: Enclave, store: SealStore<F>) -> Self {
        Self(Arc::new(Shared {
            gate: Gate::new(enclave.grant().cores, Waits::default()),
            initialised: AtomicBool::new(enclave.public_identity().is_some()),
            worker: Arc::new(Mutex::new(Worker { enclave, store })),
            requests: Arc::new(Semaphore::new(usize::try_from(MAX_REQUESTS).unwrap_or(Semaphore::MAX_PERMITS))),
            deadline: ENCLAVE_DEADLINE,
            started: Instant::now(),
            heartbeats: AtomicU64::new(0),
            benchmarks: AtomicU64::new(0),
        }))
    }
}

impl<F: Files + 'static> Shared<F> {
    fn admit(&self) -> Result<Arc<OwnedSemaphorePermit>, ServiceError> {
        self.requests
            .clone()
            .try_acquire_owned()
            .map(Arc::new)
            .map_err(|_| ServiceError::Overloaded)
    }

    /// Calls the state machine on a thread that may block, one call at a time. The request counts until the call is
    /// over, also when its caller has given up.
    async fn call<T: Send + 'static>(
        &self,
        permit: &Arc<OwnedSemaphorePermit>,
        call: impl FnOnce(&mut Worker<F>) -> Result<T, ServiceError> + Send + 'static,
    ) -> Result<T, ServiceError> {
        let (worker, permit) = (self.worker.clone(), permit.clone());
        let task = task::spawn_blocking(move || {
            let _permit = permit;
            // A call that panicked has changed nothing by halves: the state is replaced in single steps.
            call(&mut worker.lock().unwrap_or_else(PoisonError::into_inner))
        });
        match timeout(self.deadline, task).await {
            Ok(Ok(result)) => result,
            Ok(Err(error)) => {
                error!(%error, "a call of the state machine failed");
                Err(ServiceError::Internal)
            }
            Err(_) => Err(ServiceError::Deadline),
        }
    }

    async fn benchmark(&self, request: BenchmarkRequest, permit: &Arc<OwnedSemaphorePermit>) -> Result<SignedBenchmark, ServiceError> {
        let BenchmarkRequest { block, seed, secs } = request;
        let asked = self.call(permit, move |worker| {
            let known = worker.enclave.benchmarked(block, seed, secs)?;
            Ok((known, worker.enclave.kernel_input(seed)?))
        });
        let (known, input) = asked.await?;
        if let Some((result, signature)) = known {
            return Ok(SignedBenchmark { result, signature });
        }
        let work = self.gate.benchmark(input, secs).await?;
        info!(block, iterations = work.iterations, elapsed_ms = work.elapsed_ms, "benchmark done");
        let signed = self.call(permit, move |worker| Ok(worker.enclave.benchmark(block, seed, secs, work)?));
        let (result, signature) = signed.await?;
        self.benchmarks.fetch_add(1, Ordering::Relaxed);
        Ok(SignedBenchmark { result, signature })
    }

    fn note_initialised(&self, made: bool, info: &WorkerInfo) {
        if made {
            info!(worker = %info.identity_key, operator = enclave::ss58(&info.operator), genesis = ?info.genesis_hash, "made and sealed this worker's keys");
            self.initialised.store(true, Ordering::Relaxed);
        }
    }
}

impl<F: Files> Worker<F> {
    /// Makes and stores the keys if there are none yet. `true`: they were made now.
    fn initialise(&mut self, genesis_hash: H256, operator: &AccountId32) -> Result<bool, ServiceError> {
        let Some(draft) = self.enclave.prepare(genesis_hash, operator)? else {
            return Ok(false);
        };
        self.store.save(draft.sealed())?;
        self.enclave.commit(draft);
        Ok(true)
    }

    /// Hands the worker over and stores that. `true`: it is done now.
    fn change_operator(&mut self, operator: &AccountId32, signature: &OperatorSignature) -> Result<bool, ServiceError> {
        let Some(draft) = self.enclave.prepare_operator_change(operator, signature)? else {
            return Ok(false);
        };
        // The state before must not come back when the newest generation is damaged.
        self.store.supersede(draft.sealed()).map_err(ServiceError::SealChange)?;
        self.enclave.commit_operator_change(draft);
        Ok(true)
    }
}

#[async_trait]
impl<F: Files + 'static> PRuntimeApiServer for Service<F> {
    async fn info(&self) -> RpcResult<Info> {
        let permit = self.0.admit()?;
        let info = self.0.call(&permit, |worker| {
            let (enclave, tee) = (&worker.enclave, worker.enclave.tee());
            let identity = enclave.public_identity();
            Ok(Info {
                version: enclave::version(),
                identity_key: identity.as_ref().map(|identity| identity.identity_key),
                ecdh_key: identity.as_ref().map(|identity| identity.ecdh_key),
                genesis_hash: identity.as_ref().map(|identity| identity.genesis_hash),
                operator: identity.map(|identity| identity.operator),
                operator_changes: enclave.operator().ok().map(|operator| operator.changes),
                instance: enclave.instance(),
                provider: tee.provider().into(),
                cores: enclave.grant().cores,
                memory_mib: enclave.grant().memory_mib,
                measurement: tee.measurement(),
                trusted: tee.trusted(),
                keys_last: tee.seal_lasts(),
            })
        });
        Ok(info.await?)
    }

    async fn worker_info(&self, genesis_hash: H256, operator: AccountId32, freshness: Freshness) -> RpcResult<WorkerInfo> {
        let permit = self.0.admit()?;
        let answer = self.0.call(&permit, move |worker| {
            let made = worker.initialise(genesis_hash, &operator)?;
            Ok((made, worker.enclave.worker_info(genesis_hash, &operator, freshness)?))
        });
        let (made, info) = answer.await?;
        self.0.note_initialised(made, &info);
        Ok(info)
    }

    async fn evidence(&self, genesis_hash: H256, operator: AccountId32, freshness: Freshness) -> RpcResult<WorkerEvidence> {
        let permit = self.0.admit()?;
        let answer = self.0.call(&permit, move |worker| {
            let made = worker.initialise(genesis_hash, &operator)?;
            Ok((made, worker.enclave.evidence(genesis_hash, &operator, freshness)?))
        });
        let (made, evidence) = answer.await?;
        self.0.note_initialised(made, &evidence.info);
        Ok(evidence)
    }

    async fn change_operator(&self, operator: AccountId32, signature: OperatorSignature) -> RpcResult<WorkerOperator> {
        let permit = self.0.admit()?;
        let answer = self.0.call(&permit, move |worker| {
            let changed = worker.change_operator(&operator, &signature)?;
            Ok((changed, worker.enclave.operator()?))
        });
        let (changed, now) = answer.await?;
        if changed {
            info!(worker = %now.worker, operator = enclave::ss58(&now.operator), changes = now.changes, "this worker has another operator");
        }
        Ok(now)
    }

    async fn benchmark(&self, request: BenchmarkRequest) -> RpcResult<SignedBenchmark> {
        let shared = self.0.clone();
        let permit = shared.admit()?;
        // In a task of its own: when the caller hangs up the work goes on, and its result is there to be asked for again.
        let task = task::spawn(async move { shared.benchmark(request, &permit).await });
        let signed = task.await.map_err(|error| {
            error!(%error, "a benchmark failed");
            ServiceError::Internal
        })?;
        Ok(signed?)
    }

    async fn heartbeat(&self, request: HeartbeatRequest) -> RpcResult<SignedHeartbeat> {
        let permit = self.0.admit()?;
        let asked = self.0.call(&permit, move |worker| {
            let known = worker.enclave.answered(&request)?;
            Ok((known, worker.enclave.kernel_input(request.challenge.seed)?))
        });
        let (known, input) = asked.await?;
        if let Some(known) = known {
            return Ok(known);
        }
        let work = if request.sample {
            self.0.gate.sample(input).await
        } else {
            Work::NONE
        };
        let answer = self
            .0
            .call(&permit, move |worker| Ok(worker.enclave.heartbeat(&request, work)?))
            .await?;
        self.0.heartbeats.fetch_add(1, Ordering::Relaxed);
        Ok(answer)
    }

    async fn health(&self) -> RpcResult<Health> {
        // Answers also when everything else is refused: that is what it is asked for.
        let free = u32::try_from(self.0.requests.available_permits()).unwrap_or(MAX_REQUESTS);
        Ok(Health {
            initialised: self.0.initialised.load(Ordering::Relaxed),
            uptime_secs: self.0.started.elapsed().as_secs(),
            heartbeats: self.0.heartbeats.load(Ordering::Relaxed),
            benchmarks: self.0.benchmarks.load(Ordering::Relaxed),
            kernel_busy: self.0.gate.busy(),
            requests: MAX_REQUESTS.saturating_sub(free),
        })
    }
}

/// Why a request is not answered.
#[derive(Debug, thiserror::Error)]
pub(super) enum ServiceError {
    #[error(transparent)]
    Enclave(#[from] EnclaveError),
    #[error("{0}; no key was made and nothing was answered")]
    Seal(#[from] SealError),
    #[error("{0}; the worker keeps its operator for now, but may have the new one after a restart: ask again with the same signature")]
    SealChange(SealError),
    #[error(transparent)]
    Busy(#[from] Busy),
    #[error("{MAX_REQUESTS} requests are being answered already: ask again in a second")]
    Overloaded,
    #[error(
        "the enclave did not answer within {} s: it is busy, or its TEE hangs; ask again, and restart the pRuntime if that does not help",
        ENCLAVE_DEADLINE.as_secs()
    )]
    Deadline,
    #[error("the pRuntime failed to do this: its log says why; please report it")]
    Internal,
}

impl ServiceError {
    fn code(&self) -> i32 {
        match self {
            Self::Enclave(EnclaveError::Fresh) => code::FRESH,
            Self::Enclave(EnclaveError::OtherOperator { .. }) => code::OTHER_OPERATOR,
            Self::Enclave(EnclaveError::OtherGenesis { .. }) => code::OTHER_GENESIS,
            Self::Enclave(EnclaveError::BenchmarkLength { .. }) => code::BENCHMARK_LENGTH,
            Self::Enclave(EnclaveError::OperatorSignature { .. }) => code::OPERATOR_SIGNATURE,
            Self::Enclave(EnclaveError::OperatorChangeNumber { .. } | EnclaveError::OperatorChanges) => code::OPERATOR_CHANGE_NUMBER,
            Self::Enclave(EnclaveError::Tee(_)) => code::TEE,
            Self::Seal(_) | Self::SealChange(_) | Self::Enclave(EnclaveError::State) => code::SEAL,
            Self::Busy(_) => code::KERNEL_BUSY,
            Self::Overloaded | Self::Deadline => code::OVERLOADED,
            Self::Internal => code::INTERNAL,
        }
    }
}

impl From<ServiceError> for ErrorObjectOwned {
    fn from(error: ServiceError) -> Self {
        Self::owned(error.code(), error.to_string(), None::<()>)
    }
}

#[cfg(test)]
#[path = "service_tests.rs"]
mod tests;
