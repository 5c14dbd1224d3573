//! The JSON-RPC methods of a pRuntime, as one trait for the server and for its clients.
//!
//! With `use pruntime::api::PRuntimeApiClient` every jsonrpsee client has these methods. Parameters are taken by
//! position and by name; the client sends them by position. JSON is that of `khala_primitives`: camelCase, bytes as
//! `0x` hex.

use jsonrpsee::{core::RpcResult, proc_macros::rpc};
use khala_primitives::{
    status::BenchmarkRequest, AccountId32, BenchmarkResult, Challenge, EcdhPublicKey, Evidence, Freshness, Instance, MeasurementDigest,
    OperatorSignature, PRuntimeVersion, SessionId, SignedHeartbeat, WorkerInfo, WorkerPublicKey, WorkerSignature, H256,
};
use serde::{Deserialize, Serialize};

/// Codes of JSON-RPC errors. They are stable: a program may decide on them.
pub mod code {
    /// The worker belongs to another operator.
    pub const OTHER_OPERATOR: i32 = 2001;
    /// The worker serves another chain.
    pub const OTHER_GENESIS: i32 = 2002;
    /// The worker has no keys yet.
    pub const FRESH: i32 = 2003;
    /// A benchmark of a length outside the bounds was asked for.
    pub const BENCHMARK_LENGTH: i32 = 2004;
    /// The kernel is working for another benchmark.
    pub const KERNEL_BUSY: i32 = 2005;
    /// Too many requests at once.
    pub const OVERLOADED: i32 = 2006;
    /// The TEE refused or failed.
    pub const TEE: i32 = 2007;
    /// The sealed state could not be stored.
    pub const SEAL: i32 = 2008;
    /// The program failed to do its work; its log says more.
    pub const INTERNAL: i32 = 2009;
    /// The worker's operator has not signed this change of the operator.
    pub const OPERATOR_SIGNATURE: i32 = 2010;
    /// The worker's operator has signed this change with another number, or there are no more numbers.
    pub const OPERATOR_CHANGE_NUMBER: i32 = 2011;
}

/// What a pRuntime is. Public; asking changes nothing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Info {
    /// Version of the program.
    pub version: PRuntimeVersion,
    /// The worker's name; `None` until WorkerInfo or evidence is asked for the first time.
    pub identity_key: Option<WorkerPublicKey>,
    /// The worker's key for channels; `None` as above.
    pub ecdh_key: Option<EcdhPublicKey>,
    /// Who may bind the worker to a pool; `None` as above.
    pub operator: Option<AccountId32>,
    /// How often the operator was changed: the number that the next change is signed with; `None` as above.
    pub operator_changes: Option<u32>,
    /// The chain that the worker serves; `None` as above.
    pub genesis_hash: Option<H256>,
    /// This run of the enclave.
    pub instance: Instance,
    /// The TEE provider.
    pub provider: String,
    /// Cores granted to the worker.
    pub cores: u16,
    /// Memory granted to the worker, in MiB.
    pub memory_mib: u32,
    /// The code that runs, as the provider says.
    pub measurement: MeasurementDigest,
    /// Does the provider protect the keys from the machine's owner? What that is worth is decided by the evidence alone.
    pub trusted: bool,
    /// Does the worker keep its keys over a restart? If not, its operator rebinds it after each one.
    pub keys_last: bool,
}

/// WorkerInfo with evidence that is bound to exactly this WorkerInfo.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WorkerEvidence {
    /// What the worker says of itself.
    pub info: WorkerInfo,
    /// Evidence with `info.report_data()` in its report.
    pub evidence: Evidence,
    /// By the IdentityKey, over `Renewal::new(info.identity_key, &evidence, info.freshness)`: with it anybody may bring
    /// this to the chain for a worker that is registered.
    pub renewal: WorkerSignature,
}

/// A worker's operator, and how it came to it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkerOperator {
    /// The worker.
    pub worker: WorkerPublicKey,
    /// Its operator.
    pub operator: AccountId32,
    /// How often the operator was changed: the number that the next change is signed with.
    pub changes: u32,
}

/// A benchmark's result, ready for `registry.benchmark_result`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SignedBenchmark {
    /// What was done.
    pub result: BenchmarkResult,
    /// By the IdentityKey, over `BenchmarkResult::message`.
    pub signature: WorkerSignature,
}

/// A challenge to answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HeartbeatRequest {
    /// The block's challenge. Whether it hits the worker is not checked: the sign of life that ends an absence answers
    /// a challenge that need not hit, and the chain checks anyway.
    pub challenge: Challenge,
    /// The worker's session.
    pub session_id: SessionId,
    /// Take a speed sample, about one second on all granted cores.
    pub sample: bool,
}

/// How a pRuntime is. Public; asking changes nothing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// Does the worker have its keys?
    pub initialised: bool,
    /// Time since the start, in seconds.
    pub uptime_secs: u64,
    /// Heartbeats signed since the start; a repeated answer is not counted again.
    pub heartbeats: u64,
    /// Benchmarks signed since the start; a repeated answer is not counted again.
    pub benchmarks: u64,
    /// Is the kernel at work?
    pub kernel_busy: bool,
    /// Requests that are being answered, this one included.
    pub requests: u32,
}

/// The methods of a pRuntime.
#[rpc(server, client, namespace = "pruntime")]
pub trait PRuntimeApi {
    /// What this pRuntime is.
    #[method(name = "info")]
    async fn info(&self) -> RpcResult<Info>;

    /// WorkerInfo for a recent block. The first call makes the keys and fixes chain and operator; later ones must
    /// name the same two.
    #[method(name = "workerInfo")]
    async fn worker_info(&self, genesis_hash: H256, operator: AccountId32, freshness: Freshness) -> RpcResult<WorkerInfo>;

    /// WorkerInfo as above, with evidence bound to it.
    #[method(name = "evidence")]
    async fn evidence(&self, genesis_hash: H256, operator: AccountId32, freshness: Freshness) -> RpcResult<WorkerEvidence>;

    /// Hands the worker over to another operator. The one that it has signs `OperatorChange { worker, operator, change }`
    /// with its sr25519 account, plainly or as wallets do, where `change` is `operatorChanges` of `pruntime_info`.
    ///
    /// When this answers, the change is stored, and WorkerInfo and evidence are for the new operator alone; the chain
    /// learns of it by `registry.change_operator`. Asked for the operator that the worker has, it answers the same again.
    #[method(name = "changeOperator")]
    async fn change_operator(&self, operator: AccountId32, signature: OperatorSignature) -> RpcResult<WorkerOperator>;

    /// Works for `request.secs` seconds on all granted cores and signs what was done. Asked again for the last
    /// benchmark, it answers the same again without working.
    #[method(name = "benchmark")]
    async fn benchmark(&self, request: BenchmarkRequest) -> RpcResult<SignedBenchmark>;

    /// Answers a challenge. Asked again for the same session, block and seed, it answers with the same bytes.
    ///
    /// `iterations` and `elapsedMs` are 0 when no sample was asked for, and when the kernel was not free within 8 s: an
    /// answer without a sample, which the chain counts as no speed until the next one, is better than a late answer.
    #[method(name = "heartbeat")]
    async fn heartbeat(&self, request: HeartbeatRequest) -> RpcResult<SignedHeartbeat>;

    /// How this pRuntime is.
    #[method(name = "health")]
    async fn health(&self) -> RpcResult<Health>;
}
