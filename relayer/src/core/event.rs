//! What the core is told, and what it wants done.

use super::{
    collateral::{DocumentId, Family, FetchError, Fetched, SourceId},
    memory::Remembered,
};
use khala_primitives::{
    collateral::CollateralStatus,
    status::{BenchmarkRequest, MiningView},
    AccountId32, BenchmarkResult, BlockNumber, Challenge, Evidence, Freshness, Instance, Miss, PoolId, SessionId, SignedHeartbeat,
    WorkerInfo, WorkerPublicKey, WorkerSignature, H256,
};

/// A moment: milliseconds since 1970.
pub type Millis = u64;

/// A worker of this relayer. Never used again after the worker was taken out of the configuration, so that a late answer
/// finds nobody.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct WorkerId(pub u64);

/// A submission of this relayer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SubmissionId(pub u64);

/// A worker as it is configured.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WorkerConfig {
    /// The name that the site gives it.
    pub name: String,
    /// Address of its pRuntime, `http://host:port`.
    pub endpoint: String,
    /// Who may bind it to a pool or retire it.
    pub operator: AccountId32,
    /// The pool that it shall be in; shown, and compared with the chain's word.
    pub pool: Option<PoolId>,
    /// The lost key that its new one replaces, when the relayer does not know it by itself.
    pub replaces: Option<WorkerPublicKey>,
}

/// What a pRuntime says of itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Identity {
    /// Its IdentityKey; `None` before its first evidence.
    pub key: Option<WorkerPublicKey>,
    /// The operator it was made for.
    pub operator: Option<AccountId32>,
    /// The chain it was made for.
    pub genesis_hash: Option<H256>,
    /// This run of it.
    pub instance: Instance,
}

/// Evidence and what it is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Prepared {
    /// What the worker says of itself.
    pub info: WorkerInfo,
    /// Evidence for exactly this.
    pub evidence: Evidence,
    /// The IdentityKey's signature over the [`khala_primitives::Renewal`] of this evidence.
    pub renewal: WorkerSignature,
    /// What it is judged with.
    pub family: Family,
}

/// One block of the best chain, as the node tells it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BlockView {
    /// The block's hash.
    pub hash: H256,
    /// The newest finalised block.
    pub finalized: Freshness,
    /// The workers that `view.workers` is about, in its order.
    pub asked: Vec<WorkerPublicKey>,
    /// The chain's answer after this block.
    pub view: MiningView,
    /// Anybody's missed challenges that may be reported now.
    pub overdue: Vec<Miss>,
}

/// Why a submission failed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SubmitError {
    /// It did not reach the pool, or nobody knows whether it did; or the reason lies in the moment. The chain's next
    /// words decide.
    Unsettled(String),
    /// It was looked at and refused for what it is.
    Refused(String),
    /// The chain looked at the evidence, refused it, and spent one of the worker's renewals.
    EvidenceRefused(String),
    /// The worker was bound to another key not long ago; later it may be again.
    ReboundRecently(String),
    /// There is nothing to replace: the old key is not registered any more, or the new one is.
    NotReplaceable(String),
}

impl SubmitError {
    /// The reason in words.
    pub fn reason(&self) -> &str {
        match self {
            Self::Unsettled(reason)
            | Self::Refused(reason)
            | Self::EvidenceRefused(reason)
            | Self::ReboundRecently(reason)
            | Self::NotReplaceable(reason) => reason,
        }
    }
}

/// Something happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// A node of the chain is there, and this is its best block. Blocks follow by [`Event::Block`]. All nodes that are
    /// ever connected are of one chain.
    Connected {
        /// The chain's genesis hash.
        genesis_hash: H256,
        /// Number of the best block.
        head: BlockNumber,
    },
    /// A block of the best chain. After a reorganisation the new chain's blocks come again from the fork on.
    Block(Box<BlockView>),
    /// These are the workers from now on.
    Configure(Vec<WorkerConfig>),
    /// A pRuntime's answer to [`Action::AskIdentity`].
    Identity(WorkerId, Result<Identity, String>),
    /// A pRuntime's answer to [`Action::AskEvidence`].
    Evidence(WorkerId, Box<Result<Prepared, String>>),
    /// A pRuntime's answer to [`Action::AskBenchmark`].
    Benchmark(WorkerId, Result<(BenchmarkResult, WorkerSignature), String>),
    /// A pRuntime's answer to [`Action::AskHeartbeat`] for the challenge of this block.
    Heartbeat(WorkerId, BlockNumber, Result<SignedHeartbeat, String>),
    /// The chain's answer to [`Action::AskCollateral`].
    Collateral(Result<CollateralStatus, String>),
    /// A source's answer to [`Action::Fetch`].
    Fetched(SourceId, DocumentId, Box<Result<Fetched, FetchError>>),
    /// What became of a submission: it is in the pool; a registration, a renewal, a rebinding or a document in a block; or
    /// neither.
    Submitted(SubmissionId, Result<(), SubmitError>),
    /// What became of [`Action::Remember`].
    Remembered(Result<(), String>),
    /// Time passed.
    Tick,
}

/// Something shall be done. Every one is answered by exactly one event, within its deadline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Action {
    /// Ask a pRuntime who it is.
    AskIdentity(WorkerId),
    /// Ask a pRuntime for evidence as fresh as this block.
    AskEvidence(WorkerId, Freshness),
    /// Let a pRuntime work for the benchmark.
    AskBenchmark(WorkerId, BenchmarkRequest),
    /// Let a pRuntime answer a challenge, with a speed sample or in a hurry.
    AskHeartbeat {
        /// Who answers.
        worker: WorkerId,
        /// The challenge.
        challenge: Challenge,
        /// The session that the answer belongs to.
        session: SessionId,
        /// Take a speed sample, about a second long.
        sample: bool,
    },
    /// Ask the chain which collateral it keeps.
    AskCollateral,
    /// Get the newest edition of a document from a source, and verify it up to a root that this relayer knows.
    Fetch(SourceId, DocumentId),
    /// Sign a document of collateral as registrar, send it, and wait for a block.
    SubmitDocument(SubmissionId, Box<Fetched>),
    /// Register an unknown worker: sign as registrar, send, and wait for a block.
    SubmitRegistration(SubmissionId, Box<Prepared>),
    /// Renew a known worker as an authorised call, and wait for a block.
    SubmitRenewal(SubmissionId, Box<Prepared>),
    /// Put a new worker in the place of the one with this key: sign as registrar, send, and wait for a block.
    SubmitRebinding(SubmissionId, WorkerPublicKey, Box<Prepared>),
    /// Send a benchmark's result as an authorised call.
    SubmitBenchmark(SubmissionId, BenchmarkResult, WorkerSignature),
    /// Send heartbeats as one authorised call.
    SubmitHeartbeats(SubmissionId, Vec<SignedHeartbeat>),
    /// Report a missed challenge as an authorised call.
    SubmitReport(SubmissionId, WorkerPublicKey, BlockNumber),
    /// Store the workers' keys for later runs, in place of what was stored before.
    Remember(Vec<Remembered>),
}
