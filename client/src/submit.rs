//! Sending transactions and waiting for what becomes of them.

use crate::{
    chain::Block,
    events::{self, Event},
    general_transaction, Account, Call, Chain, ClientError, PoolError,
};
use codec::{Compact, DecodeAll, Encode};
use khala_primitives::{Balance, H256};
use std::time::Duration;
use subxt::{
    config::DefaultExtrinsicParamsBuilder,
    rpcs::{self, client::RpcSubscription, methods::legacy::TransactionStatus},
    utils::AccountId32 as SubxtAccountId,
    SubstrateConfig,
};

/// How long a transaction may take into a block, and then to finality.
pub const INCLUSION_TIMEOUT: Duration = Duration::from_secs(120);
/// A signed transaction is valid for so many blocks.
const MORTALITY_BLOCKS: u64 = 64;
/// Another transaction of the same account, from another process, may take the nonce; then a new one is taken.
const NONCE_TRIES: u32 = 3;

/// What to wait for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wait {
    /// The transaction is in a block of the best chain, which may still be reorganised away.
    InBlock,
    /// The block is final.
    Finalized,
}

/// A call that was in a block and succeeded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receipt {
    /// The transaction's hash.
    pub transaction: H256,
    /// The block.
    pub block: Block,
    /// The transaction's index in the block.
    pub index: u32,
    /// Its events.
    pub events: Vec<Event>,
    /// The fee that was paid, in planck; `None` when there was none.
    pub fee: Option<Balance>,
}

impl Receipt {
    /// The first event of this name.
    pub fn event(&self, pallet: &str, name: &str) -> Option<&Event> {
        self.events.iter().find(|event| event.is(pallet, name))
    }
}

type Statuses = RpcSubscription<TransactionStatus<H256>>;

impl Chain {
    /// Signs a call, sends it, and waits at most [`INCLUSION_TIMEOUT`]. Several calls of one account may be on their
    /// way at a time: the nonce counts what is in the pool. A call that failed in its block is
    /// [`ClientError::Dispatch`].
    pub async fn submit(&self, account: &Account, call: &Call, wait: Wait) -> Result<Receipt, ClientError> {
        let (transaction, statuses) = self.sign_and_send(account, call).await?;
        self.watch(transaction, statuses, wait).await
    }

    /// Sends an authorised call as a general transaction; returns its hash as soon as the node's pool has it. When the pool has
    /// refused the same bytes a short while ago, it gets others: the call may be right by now.
    pub async fn submit_general(&self, call: &Call) -> Result<H256, ClientError> {
        let call = call.encode(&*self.metadata().await?)?;
        match self.submit_bytes(&general_transaction(&call, 0)).await {
            Err(ClientError::Pool(PoolError::Banned)) => self.submit_bytes(&general_transaction(&call, rand::random())).await,
            outcome => outcome,
        }
    }

    /// Sends an authorised call like [`Chain::submit_general`] and waits like [`Chain::submit`].
    pub async fn submit_general_and_watch(&self, call: &Call, wait: Wait) -> Result<Receipt, ClientError> {
        let call = call.encode(&*self.metadata().await?)?;
        let mut bytes = general_transaction(&call, 0);
        let statuses = match self.send(&bytes).await {
            Err(ClientError::Pool(PoolError::Banned)) => {
                bytes = general_transaction(&call, rand::random());
                self.send(&bytes).await
            }
            outcome => outcome,
        };
        self.watch(hash_of(&bytes), statuses?, wait).await
    }

    /// Sends a transaction's bytes as they are; returns its hash as soon as the node's pool has it.
    pub async fn submit_bytes(&self, bytes: &[u8]) -> Result<H256, ClientError> {
        self.pool("author_submitExtrinsic", self.methods().author_submit_extrinsic(bytes))
            .await
    }

    /// The fee that the account would pay for a call now, in planck. Nothing is sent.
    pub async fn fee(&self, account: &Account, call: &Call) -> Result<Balance, ClientError> {
        let transaction = self.sign(account, call).await?;
        let mut arguments = transaction.clone();
        arguments.extend((transaction.len() as u32).encode());
        let function = "TransactionPaymentApi_query_info";
        let answer = self
            .request(function, self.methods().state_call(function, Some(&arguments), None))
            .await?;
        fee_of(&answer).map_err(|error| ClientError::decode(function, error))
    }

    async fn sign_and_send(&self, account: &Account, call: &Call) -> Result<(H256, Statuses), ClientError> {
        let _one_at_a_time = self.lock_nonce().await;
        let mut tries = 1;
        loop {
            let bytes = self.sign(account, call).await?;
            match self.send(&bytes).await {
                Ok(statuses) => return Ok((hash_of(&bytes), statuses)),
                Err(ClientError::Pool(error)) if error.is_of_the_moment() && tries < NONCE_TRIES => {
                    tracing::debug!(%call, %error, "taking another nonce");
                    tries += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// A signed transaction with the account's next nonce, valid from a recent block on.
    async fn sign(&self, account: &Account, call: &Call) -> Result<Vec<u8>, ClientError> {
        let birth = self.birth_block().await?;
        let id = SubxtAccountId(*AsRef::<[u8; 32]>::as_ref(account.id()));
        let nonce = self
            .request("system_accountNextIndex", self.methods().system_account_next_index(&id))
            .await?;
        let at = self.at(birth.hash).await?;
        let payload = call.payload(at.metadata_ref())?;
        let params = DefaultExtrinsicParamsBuilder::<SubstrateConfig>::new()
            .nonce(nonce)
            .mortal_from_unchecked(MORTALITY_BLOCKS, birth.number.into(), birth.hash)
            .build();
        let signed = at
            .tx()
            .create_v4_signable_offline(&payload, params)
            .and_then(|mut signable| signable.sign(account.signer()));
        Ok(signed
            .map_err(|error| ClientError::Sign { reason: error.to_string() })?
            .into_encoded())
    }

    /// The newest finalised block, or the best one when finality is so far behind that a transaction signed for it
    /// would be old at once.
    async fn birth_block(&self) -> Result<Block, ClientError> {
        let (finalized, best) = (self.finalized().await?, self.best().await?);
        let lag = u64::from(best.number.saturating_sub(finalized.number));
        Ok(if lag < MORTALITY_BLOCKS / 2 { finalized } else { best })
    }

    async fn send(&self, bytes: &[u8]) -> Result<Statuses, ClientError> {
        self.pool(
            "author_submitAndWatchExtrinsic",
            self.methods().author_submit_and_watch_extrinsic(bytes),
        )
        .await
    }

    /// A request whose errors are those of the transaction pool.
    async fn pool<T>(&self, method: &str, answer: impl std::future::Future<Output = Result<T, rpcs::Error>>) -> Result<T, ClientError> {
        match self.deadline(method, answer).await? {
            Err(rpcs::Error::User(error)) => {
                Err(PoolError::from_rpc(error.code, &error.message, error.data.as_ref().map(|data| data.get())).into())
            }
            other => other.map_err(|error| ClientError::from_rpc(self.url(), method, error)),
        }
    }

    async fn watch(&self, transaction: H256, statuses: Statuses, wait: Wait) -> Result<Receipt, ClientError> {
        let wanted = match wait {
            Wait::InBlock => "in a block",
            Wait::Finalized => "finalised",
        };
        let late = |_| ClientError::NotIncluded {
            hash: transaction,
            wanted,
            secs: INCLUSION_TIMEOUT.as_secs(),
        };
        let block = tokio::time::timeout(INCLUSION_TIMEOUT, self.inclusion(transaction, statuses, wait))
            .await
            .map_err(late)??;
        self.receipt(transaction, block).await
    }

    async fn inclusion(&self, hash: H256, mut statuses: Statuses, wait: Wait) -> Result<H256, ClientError> {
        let dropped = |reason| Err(ClientError::Dropped { hash, reason });
        while let Some(status) = statuses.next().await {
            let status = status.map_err(|error| ClientError::from_rpc(self.url(), "author_submitAndWatchExtrinsic", error))?;
            match status {
                TransactionStatus::InBlock(block) if wait == Wait::InBlock => return Ok(block),
                TransactionStatus::Finalized(block) => return Ok(block),
                TransactionStatus::FinalityTimeout(_) => return dropped("the node gave up waiting for finality"),
                TransactionStatus::Usurped(_) => return dropped("another transaction took its place"),
                TransactionStatus::Dropped => return dropped("the pool is full"),
                TransactionStatus::Invalid => return dropped("it is no longer valid"),
                TransactionStatus::Future
                | TransactionStatus::Ready
                | TransactionStatus::Broadcast(_)
                | TransactionStatus::InBlock(_)
                | TransactionStatus::Retracted(_) => {}
            }
        }
        Err(ClientError::Disconnected {
            url: self.url().into(),
            reason: "the transaction's subscription ended".into(),
        })
    }

    /// What happened to a transaction in a block.
    async fn receipt(&self, transaction: H256, block: H256) -> Result<Receipt, ClientError> {
        let (header, transactions) = self.body(block).await?;
        let index = transactions.iter().position(|bytes| hash_of(&bytes.0) == transaction);
        let index = index.and_then(|index| u32::try_from(index).ok());
        let index = index.ok_or_else(|| ClientError::decode("chain_getBlock", "the transaction is not in the block"))?;
        let of_block = self.transaction_events(block).await?;
        let events: Vec<Event> = of_block
            .into_iter()
            .filter(|(of, _)| *of == index)
            .map(|(_, event)| event)
            .collect();
        if let Some(failure) = events::failure(&events, self.at(block).await?.metadata_ref()) {
            return Err(ClientError::Dispatch { failure, block });
        }
        Ok(Receipt {
            transaction,
            block: header,
            index,
            fee: events::fee(&events),
            events,
        })
    }
}

/// The fee in a `RuntimeDispatchInfo`: weight (two compact numbers), class, fee.
fn fee_of(answer: &[u8]) -> Result<Balance, codec::Error> {
    type Info = (Compact<u64>, Compact<u64>, u8, Balance);
    Info::decode_all(&mut &*answer).map(|(_, _, _, fee)| fee)
}

fn hash_of(bytes: &[u8]) -> H256 {
    H256(sp_crypto_hashing::blake2_256(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fee_stands_behind_weight_and_class() {
        let info = (Compact(400_000_000u64), Compact(3_593u64), 1u8, 1_250_000_000u128).encode();
        assert_eq!(fee_of(&info).unwrap(), 1_250_000_000);
        assert!(fee_of(&info[..info.len() - 1]).is_err() && fee_of(&[&info[..], &[0]].concat()).is_err());
    }
}
