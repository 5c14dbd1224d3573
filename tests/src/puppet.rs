//! A worker without an enclave: a test holds its IdentityKey and signs with it whatever it wants.

use crate::forged::Registration;
use anyhow::Context;
use khala::{
    command::pool,
    network::{
        wait::{until, Seen},
        Network,
    },
};
use khala_client::{calls, Account, At, Call, Chain, Wait};
use khala_primitives::{
    status::SessionStatus, Balance, BenchmarkResult, BlockNumber, Challenge, Heartbeat, SessionId, SignedHeartbeat, WorkerPublicKey,
    WorkerSignature, H256, PHA,
};
use sp_core::{sr25519, Pair};
use std::time::Duration;

/// What it puts at stake.
const STAKE: Balance = 2_000 * PHA;
/// What it says that its benchmark did: a score of 360 when the chain takes a second for it, less when more, so that the stake is
/// enough.
const ITERATIONS: u64 = 60;
/// Until the chain does its part of one step.
const LIMIT: Duration = Duration::from_secs(120);

/// A worker that mines and answers nothing by itself.
pub struct Puppet {
    pair: sr25519::Pair,
    genesis_hash: H256,
    registration: Registration,
    /// Its session.
    pub session: SessionId,
    /// A session that it had before.
    pub old_session: SessionId,
}

impl Puppet {
    /// Registers a worker of the first operator, claims a score for it, and starts it in that operator's pool. `number` tells it
    /// from others. The chain must have the development collateral.
    pub async fn start(network: &Network, number: u8) -> anyhow::Result<Self> {
        let (chain, operator) = (network.chain(), network.cast().operator(0));
        let pair = sr25519::Pair::from_seed(&[number; 32]);
        let mut registration = Registration::new(chain, operator.id(), number).await?;
        registration.info.identity_key = WorkerPublicKey(pair.public().0);
        registration.send(chain, &network.cast().registrar).await?;
        let mut puppet = Self {
            pair,
            genesis_hash: chain.genesis_hash(),
            registration,
            session: 0,
            old_session: 0,
        };
        puppet.claim_score(chain).await?;
        puppet.join(chain, operator).await?;
        Ok(puppet)
    }

    /// Its IdentityKey.
    pub fn key(&self) -> WorkerPublicKey {
        self.registration.info.identity_key
    }

    /// Its session.
    pub async fn status(&self, chain: &Chain) -> anyhow::Result<SessionStatus> {
        let status = chain.worker_status(self.key(), At::Best).await?;
        status.session.with_context(|| format!("{} has no session", self.key()))
    }

    /// The right answer to a challenge.
    pub fn answer(&self, challenge: &Challenge) -> Heartbeat {
        Heartbeat {
            worker: self.key(),
            session_id: self.session,
            instance: self.registration.info.instance,
            block: challenge.block,
            seed: challenge.seed,
            iterations: 0,
            elapsed_ms: 0,
        }
    }

    /// Signs a heartbeat, whatever it says.
    pub fn sign(&self, heartbeat: Heartbeat) -> SignedHeartbeat {
        SignedHeartbeat {
            heartbeat,
            signature: WorkerSignature(self.pair.sign(&heartbeat.message(&self.genesis_hash)).0),
        }
    }

    /// Waits for a challenge that hits it, that it did not answer yet, and that is at most `age` blocks old. The newest one.
    pub async fn hit(&self, chain: &Chain, age: BlockNumber) -> anyhow::Result<Challenge> {
        until(format!("a challenge for {}", self.key()), LIMIT, || async {
            let session = self.status(chain).await?;
            let head = chain.best().await?.number;
            let first = session.answerable_from.max(session.answered + 1).max(head.saturating_sub(age));
            let hits = challenges(chain, first, head).await?;
            let newest = hits.into_iter().rev().find(|challenge| challenge.hits(&self.key()));
            Ok(newest.map_or(Seen::NotYet(format!("block {head}; {session:?}")), Seen::Now))
        })
        .await
    }

    /// Waits until the chain has taken its answer to the challenge of `block`.
    pub async fn answered(&self, chain: &Chain, block: BlockNumber) -> anyhow::Result<SessionStatus> {
        until(format!("the answer of {} to block {block}", self.key()), LIMIT, || async {
            let session = self.status(chain).await?;
            Ok(match session.answered >= block {
                true => Seen::Now(session),
                false => Seen::NotYet(format!("{session:?}")),
            })
        })
        .await
    }

    async fn claim_score(&self, chain: &Chain) -> anyhow::Result<()> {
        until(format!("a score of {}", self.key()), LIMIT, || async {
            let status = chain.worker_status(self.key(), At::Best).await?;
            let registration = status.registration.context("it is not registered")?;
            let Some(request) = registration.benchmark else {
                return Ok(match registration.score {
                    Some(_) => Seen::Now(()),
                    None => Seen::NotYet("no benchmark is asked for".into()),
                });
            };
            let result = BenchmarkResult {
                worker: self.key(),
                block: request.block,
                iterations: ITERATIONS,
            };
            let signature = WorkerSignature(self.pair.sign(&result.message(&self.genesis_hash)).0);
            // Refused while it is too early.
            let sent = chain.submit_general(&calls::registry::benchmark_result(&result, &signature)).await;
            Ok(Seen::NotYet(format!("{sent:?}")))
        })
        .await
    }

    /// Into the operator's pool, out of it and in again, so that it has had a session before; and to work.
    async fn join(&mut self, chain: &Chain, operator: &Account) -> anyhow::Result<()> {
        let pools = pool::all(chain, At::Best).await?;
        let pool = pools
            .iter()
            .find(|pool| pool.owner == *operator.id())
            .context("the operator has no pool")?;
        let send = |call: Call| async move { chain.submit(operator, &call, Wait::InBlock).await };
        send(calls::stake_pool::add_worker(pool.id, self.key())).await?;
        self.old_session = self.status(chain).await?.id;
        send(calls::stake_pool::remove_worker(self.key())).await?;
        send(calls::stake_pool::add_worker(pool.id, self.key())).await?;
        send(calls::stake_pool::start_worker(self.key(), STAKE)).await?;
        self.session = self.status(chain).await?.id;
        Ok(())
    }
}

/// The challenges of the best chain's blocks from `first` to `last`, both included, oldest first.
pub async fn challenges(chain: &Chain, first: BlockNumber, last: BlockNumber) -> anyhow::Result<Vec<Challenge>> {
    let mut challenges = Vec::new();
    for number in first..=last {
        let Some(hash) = chain.block_hash(number).await? else { break };
        challenges.extend(chain.mining_view(&[], At::Hash(hash)).await?.challenge);
    }
    Ok(challenges)
}
