//! The enclave's state machine, without I/O and without a clock. How to drive it: the crate's documentation.
//!
//! It is fresh until it is told its chain and its operator; these are fixed then and sealed with the keys. The chain never
//! changes, the operator by the operator's own permission alone. Roles beside mining (`design/gatekeepers-and-contracts.md`) are further methods over the same identity.
//!
//! # What it signs
//!
//! A heartbeat says "this run of this worker is alive and has seen this seed". To sign one gives nothing away that the
//! chain does not check, so the enclave needs no proof of the seed and signs for any challenge, also for two seeds of
//! one block number: after a reorganisation the relayer must be able to answer again, and the chain counts an answer
//! for its own seed alone. But the same question gets the same answer: for one (session, block, seed) one heartbeat is
//! made, with one sample, and asking again returns its very bytes. So a repeated request costs no work, and a relayer
//! that retries never holds two different answers. The last 128 answers are known, in memory: a restart has another
//! `instance` anyway, and answers of the old one are void.

mod answers;
mod keys;
mod operator;
mod state;

pub use operator::OperatorDraft;
pub use state::Draft;

use crate::{
    api::{HeartbeatRequest, WorkerEvidence},
    kernel::{KernelInput, Work},
    seal::{self, Unsealed},
    tee::{Tee, TeeError},
};
use answers::Answers;
use keys::WorkerKeys;
use khala_primitives::{
    AccountId32, BenchmarkResult, BlockNumber, EcdhPublicKey, Freshness, Heartbeat, Instance, PRuntimeVersion, Renewal, Seed,
    SignedHeartbeat, WorkerInfo, WorkerPublicKey, WorkerSignature, H256, SS58_PREFIX,
};
use sp_core::crypto::{Ss58AddressFormat, Ss58Codec};
use state::{Identity, State};
use std::sync::Arc;

/// Shortest benchmark, in seconds.
pub const MIN_BENCHMARK_SECS: u32 = 1;
/// Longest benchmark, in seconds: twice the production network's BenchmarkSecs.
pub const MAX_BENCHMARK_SECS: u32 = 120;

/// Bit set of what the program can do; no bit has a meaning yet.
const FEATURES: u32 = 0;

/// What the machine's owner grants to the worker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Grant {
    /// Cores, at least 1.
    pub cores: u16,
    /// Memory, in MiB.
    pub memory_mib: u32,
}

/// What is public about an initialised worker.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublicIdentity {
    /// The worker's name.
    pub identity_key: WorkerPublicKey,
    /// For channels and key delivery.
    pub ecdh_key: EcdhPublicKey,
    /// Who may bind the worker to a pool.
    pub operator: AccountId32,
    /// The chain that it serves.
    pub genesis_hash: H256,
}

/// Why the enclave does not do what it is asked for.
#[derive(Debug, thiserror::Error)]
pub enum EnclaveError {
    /// No keys yet.
    #[error("this worker has no keys yet: ask for pruntime_workerInfo or pruntime_evidence first, which fixes its chain and operator")]
    Fresh,
    /// The operator is fixed.
    #[error(
        "this worker belongs to operator {}, not to {}: its operator was fixed when its keys were made, or by its last change; name that operator, \
         let it hand the worker over with pruntime_changeOperator, or start with an empty data folder for a new worker",
        ss58(.fixed), ss58(.asked)
    )]
    OtherOperator {
        /// The worker's.
        fixed: AccountId32,
        /// The caller's.
        asked: AccountId32,
    },
    /// The chain is fixed.
    #[error(
        "this worker serves the chain with genesis {fixed:?}, not {asked:?}: its chain was fixed when its keys were made; connect to that \
         chain, or start with an empty data folder for a new worker"
    )]
    OtherGenesis {
        /// The worker's.
        fixed: H256,
        /// The caller's.
        asked: H256,
    },
    /// The operator has not signed this change.
    #[error(
        "the signature is not by operator {} for this: it must be by that account's sr25519 key, over change {next} of worker {worker} to operator \
         {} on this chain; another account made it, or it is for another worker, operator or chain", ss58(.operator), ss58(.asked)
    )]
    OperatorSignature {
        /// The worker.
        worker: WorkerPublicKey,
        /// Who has to sign.
        operator: AccountId32,
        /// Who was to be the operator.
        asked: AccountId32,
        /// The number of the next change.
        next: u32,
    },
    /// The operator has signed this change with another number.
    #[error(
        "the operator signed this as change {signed}, the next one is {next}: each permission counts once and in its turn; sign again with change {next}"
    )]
    OperatorChangeNumber {
        /// The number that was signed.
        signed: u32,
        /// The number of the next change.
        next: u32,
    },
    /// The counter of changes is at its end.
    #[error("the operator of this worker was changed {} times and cannot be changed any more", u32::MAX)]
    OperatorChanges,
    /// A benchmark is not that short or long.
    #[error("a benchmark of {asked} s was asked for: it takes {MIN_BENCHMARK_SECS} to {MAX_BENCHMARK_SECS} s")]
    BenchmarkLength {
        /// The length asked for, in seconds.
        asked: u32,
    },
    /// The sealed state is whole, but means nothing to this version.
    #[error("the sealed state opens, but its content cannot be read: start the version of the pRuntime that wrote it")]
    State,
    /// The TEE failed.
    #[error(transparent)]
    Tee(#[from] TeeError),
}

/// An account as people write it: SS58 with the network's prefix.
pub fn ss58(account: &AccountId32) -> String {
    account.to_ss58check_with_version(Ss58AddressFormat::custom(SS58_PREFIX))
}

#[derive(Clone, Copy)]
struct Benchmarked {
    block: BlockNumber,
    seed: Seed,
    secs: u32,
    result: BenchmarkResult,
    signature: WorkerSignature,
}

/// The state machine. See the module's documentation.
pub struct Enclave {
    tee: Arc<dyn Tee>,
    grant: Grant,
    instance: Instance,
    state: State,
    answers: Answers,
    benchmarked: Option<Benchmarked>,
}

impl Enclave {
    /// Starts a run: draws its `instance`, takes up the state that an earlier run has sealed.
    pub fn start(tee: Arc<dyn Tee>, grant: Grant, sealed: Option<Unsealed>) -> Result<Self, EnclaveError> {
        let state = match sealed {
            Some(unsealed) => State::Initialised(Box::new(Identity::from_secret(&unsealed).ok_or(EnclaveError::State)?)),
            None => State::Fresh,
        };
        let mut instance = Instance([0; Instance::LEN]);
        tee.random(&mut instance.0)?;
        Ok(Self {
            tee,
            grant,
            instance,
            state,
            answers: Answers::default(),
            benchmarked: None,
        })
    }

    /// Makes the keys of a fresh enclave for this chain and operator. The caller stores [`Draft::sealed`], then calls
    /// [`Enclave::commit`]. `None`: the worker has its keys and belongs to these two already.
    pub fn prepare(&self, genesis_hash: H256, operator: &AccountId32) -> Result<Option<Draft>, EnclaveError> {
        if let State::Initialised(identity) = &self.state {
            identity.check(genesis_hash, operator)?;
            return Ok(None);
        }
        let keys = WorkerKeys::generate(&*self.tee)?;
        let identity = Box::new(Identity {
            keys,
            genesis_hash,
            operator: operator.clone(),
            operator_changes: 0,
        });
        let sealed = seal::file::write(&*self.tee, &identity.to_secret())?;
        Ok(Some(Draft { identity, sealed }))
    }

    /// Takes up a stored draft. A worker that has keys keeps them: of two drafts the first one counts.
    pub fn commit(&mut self, draft: Draft) {
        if let State::Fresh = self.state {
            self.state = State::Initialised(draft.identity);
        }
    }

    /// WorkerInfo for a recent block.
    pub fn worker_info(&self, genesis_hash: H256, operator: &AccountId32, freshness: Freshness) -> Result<WorkerInfo, EnclaveError> {
        let identity = self.identity()?;
        identity.check(genesis_hash, operator)?;
        Ok(WorkerInfo {
            version: version(),
            genesis_hash,
            identity_key: identity.keys.identity_key(),
            ecdh_key: identity.keys.ecdh_key(),
            operator: identity.operator.clone(),
            instance: self.instance,
            freshness,
            cores: self.grant.cores,
            memory_mib: self.grant.memory_mib,
            features: FEATURES,
        })
    }

    /// WorkerInfo with evidence bound to it, and the signature by which anybody may bring it to the chain.
    pub fn evidence(&self, genesis_hash: H256, operator: &AccountId32, freshness: Freshness) -> Result<WorkerEvidence, EnclaveError> {
        let info = self.worker_info(genesis_hash, operator, freshness)?;
        let evidence = self.tee.attest(&info.report_data())?;
        let renewal = Renewal::new(info.identity_key, &evidence, freshness);
        let renewal = self.identity()?.keys.sign(&renewal.message(&genesis_hash));
        Ok(WorkerEvidence { info, evidence, renewal })
    }

    /// The kernel's input for a challenge's seed.
    pub fn kernel_input(&self, seed: Seed) -> Result<KernelInput, EnclaveError> {
        Ok(KernelInput {
            seed,
            worker: self.identity()?.keys.identity_key(),
        })
    }

    /// The signed result of the last benchmark, when it was for just this. The chain times a benchmark itself, so
    /// answering again gains nobody anything, and a relayer that was restarted need not wait for the work again.
    pub fn benchmarked(
        &self,
        block: BlockNumber,
        seed: Seed,
        secs: u32,
    ) -> Result<Option<(BenchmarkResult, WorkerSignature)>, EnclaveError> {
        self.identity()?;
        if !(MIN_BENCHMARK_SECS..=MAX_BENCHMARK_SECS).contains(&secs) {
            return Err(EnclaveError::BenchmarkLength { asked: secs });
        }
        let known = self
            .benchmarked
            .filter(|known| (known.block, known.seed, known.secs) == (block, seed, secs));
        Ok(known.map(|known| (known.result, known.signature)))
    }

    /// Signs a benchmark: `work` was done on [`Enclave::kernel_input`] of `seed`.
    pub fn benchmark(
        &mut self,
        block: BlockNumber,
        seed: Seed,
        secs: u32,
        work: Work,
    ) -> Result<(BenchmarkResult, WorkerSignature), EnclaveError> {
        if let Some(known) = self.benchmarked(block, seed, secs)? {
            return Ok(known);
        }
        let identity = self.identity()?;
        let result = BenchmarkResult {
            worker: identity.keys.identity_key(),
            block,
            iterations: work.iterations,
        };
        let signature = identity.keys.sign(&result.message(&identity.genesis_hash));
        self.benchmarked = Some(Benchmarked {
            block,
            seed,
            secs,
            result,
            signature,
        });
        Ok((result, signature))
    }

    /// The heartbeat that was signed for this challenge and session before, if there is one.
    pub fn answered(&self, request: &HeartbeatRequest) -> Result<Option<SignedHeartbeat>, EnclaveError> {
        self.identity()?;
        Ok(self
            .answers
            .find(&(request.session_id, request.challenge.block, request.challenge.seed)))
    }

    /// Signs a heartbeat with the work of its speed sample, [`Work::NONE`] without one. For a challenge that was
    /// answered before, the answer is the old one.
    pub fn heartbeat(&mut self, request: &HeartbeatRequest, work: Work) -> Result<SignedHeartbeat, EnclaveError> {
        if let Some(known) = self.answered(request)? {
            return Ok(known);
        }
        let identity = self.identity()?;
        let heartbeat = Heartbeat {
            worker: identity.keys.identity_key(),
            session_id: request.session_id,
            instance: self.instance,
            block: request.challenge.block,
            seed: request.challenge.seed,
            iterations: work.iterations,
            elapsed_ms: work.elapsed_ms,
        };
        let answer = SignedHeartbeat {
            heartbeat,
            signature: identity.keys.sign(&heartbeat.message(&identity.genesis_hash)),
        };
        self.answers.keep(answer);
        Ok(answer)
    }

    /// What is public about the worker; `None` while it is fresh.
    pub fn public_identity(&self) -> Option<PublicIdentity> {
        let identity = self.identity().ok()?;
        Some(PublicIdentity {
            identity_key: identity.keys.identity_key(),
            ecdh_key: identity.keys.ecdh_key(),
            operator: identity.operator.clone(),
            genesis_hash: identity.genesis_hash,
        })
    }

    /// This run.
    pub fn instance(&self) -> Instance {
        self.instance
    }

    /// What the owner granted.
    pub fn grant(&self) -> Grant {
        self.grant
    }

    /// The TEE that this runs in.
    pub fn tee(&self) -> &dyn Tee {
        &*self.tee
    }

    fn identity(&self) -> Result<&Identity, EnclaveError> {
        match &self.state {
            State::Initialised(identity) => Ok(identity),
            State::Fresh => Err(EnclaveError::Fresh),
        }
    }
}

impl Identity {
    fn check(&self, genesis_hash: H256, operator: &AccountId32) -> Result<(), EnclaveError> {
        if self.genesis_hash != genesis_hash {
            return Err(EnclaveError::OtherGenesis {
                fixed: self.genesis_hash,
                asked: genesis_hash,
            });
        }
        if self.operator != *operator {
            return Err(EnclaveError::OtherOperator {
                fixed: self.operator.clone(),
                asked: operator.clone(),
            });
        }
        Ok(())
    }
}

/// Version of this program.
pub fn version() -> PRuntimeVersion {
    // Cargo gives decimal numbers; a test holds that they fit.
    let number = |text: &str| text.parse().unwrap_or(u16::MAX);
    PRuntimeVersion {
        major: number(env!("CARGO_PKG_VERSION_MAJOR")),
        minor: number(env!("CARGO_PKG_VERSION_MINOR")),
        patch: number(env!("CARGO_PKG_VERSION_PATCH")),
    }
}

#[cfg(test)]
mod tests;
