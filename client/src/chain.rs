//! The connection to a node: requests with deadlines, blocks, heads.

use crate::{error::innermost, ClientError, Heads};
use codec::Encode;
use khala_primitives::{BlockNumber, H256};
use std::{future::Future, sync::Arc, time::Duration};
use subxt::{
    backend::LegacyBackend,
    client::OnlineClientAtBlock,
    config::{substrate::SubstrateHeader, RpcConfigFor},
    rpcs::{self, client::rpc_params, methods::legacy::Bytes, LegacyRpcMethods, RpcClient},
    Metadata, OnlineClient, SubstrateConfig,
};

/// How long opening a connection may take.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a node may take to answer one request.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);

pub(crate) type Header = SubstrateHeader<H256>;
pub(crate) type Methods = LegacyRpcMethods<RpcConfigFor<SubstrateConfig>>;

/// A block's place in the chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Block {
    /// Its number.
    pub number: BlockNumber,
    /// Its hash.
    pub hash: H256,
    /// Its parent's hash.
    pub parent: H256,
}

impl Block {
    pub(crate) fn from_header(header: &Header) -> Result<Self, ClientError> {
        let number = BlockNumber::try_from(header.number).map_err(|_| ClientError::decode("a header", "its number is above 2^32"))?;
        Ok(Self {
            number,
            hash: H256(sp_crypto_hashing::blake2_256(&header.encode())),
            parent: header.parent_hash,
        })
    }
}

/// A connection to a node. Clones share it.
#[derive(Clone)]
pub struct Chain {
    inner: Arc<Inner>,
}

struct Inner {
    url: String,
    rpc: RpcClient,
    methods: Methods,
    client: OnlineClient<SubstrateConfig>,
    genesis_hash: H256,
    /// Held from asking for a nonce until the pool has the transaction, so that two calls never get the same one.
    nonce: tokio::sync::Mutex<()>,
}

impl Chain {
    /// Connects to a node, for example `ws://127.0.0.1:9944`, within [`CONNECT_TIMEOUT`].
    ///
    /// Unencrypted addresses are allowed; across a network, use `wss://`.
    pub async fn connect(url: &str) -> Result<Self, ClientError> {
        let failed = |reason: String| ClientError::Connect { url: url.into(), reason };
        let open = async {
            let rpc = RpcClient::from_insecure_url(url).await.map_err(|error| failed(innermost(error)))?;
            let methods = Methods::new(rpc.clone());
            let genesis_hash = methods.genesis_hash().await.map_err(|error| failed(innermost(error)))?;
            let backend = Arc::new(LegacyBackend::builder().build(rpc.clone()));
            let client = OnlineClient::from_backend(backend)
                .await
                .map_err(|error| failed(error.to_string()))?;
            Ok(Self {
                inner: Arc::new(Inner {
                    url: url.to_owned(),
                    rpc,
                    methods,
                    client,
                    genesis_hash,
                    nonce: Default::default(),
                }),
            })
        };
        let in_time = tokio::time::timeout(CONNECT_TIMEOUT, open).await;
        in_time.unwrap_or_else(|_| Err(failed(format!("no answer within {} s", CONNECT_TIMEOUT.as_secs()))))
    }

    /// The node's address.
    pub fn url(&self) -> &str {
        &self.inner.url
    }

    /// The chain's genesis hash.
    pub fn genesis_hash(&self) -> H256 {
        self.inner.genesis_hash
    }

    /// The newest block of the best chain.
    pub async fn best(&self) -> Result<Block, ClientError> {
        let header = self.request("chain_getHeader", self.methods().chain_get_header(None)).await?;
        header.map_or_else(
            || Err(ClientError::decode("chain_getHeader", "there is no best block")),
            |header| Block::from_header(&header),
        )
    }

    /// The newest finalised block.
    pub async fn finalized(&self) -> Result<Block, ClientError> {
        let hash = self.finalized_hash().await?;
        self.block(hash).await
    }

    /// A block by its hash; [`ClientError::UnknownBlock`] when the node does not have it.
    pub async fn block(&self, hash: H256) -> Result<Block, ClientError> {
        let header = self.request("chain_getHeader", self.methods().chain_get_header(Some(hash))).await?;
        header.map_or(Err(ClientError::UnknownBlock { hash }), |header| Block::from_header(&header))
    }

    /// A block's header, and its transactions as they travel.
    ///
    /// Asked for here and not through subxt's legacy methods: these cannot read a block that has justifications.
    pub(crate) async fn body(&self, hash: H256) -> Result<(Block, Vec<Bytes>), ClientError> {
        #[derive(serde::Deserialize)]
        struct SignedBlock {
            block: Body,
        }
        #[derive(serde::Deserialize)]
        struct Body {
            header: Header,
            extrinsics: Vec<Bytes>,
        }
        let answer = self.inner.rpc.request::<Option<SignedBlock>>("chain_getBlock", rpc_params![hash]);
        let SignedBlock { block } = self
            .request("chain_getBlock", answer)
            .await?
            .ok_or(ClientError::UnknownBlock { hash })?;
        Ok((Block::from_header(&block.header)?, block.extrinsics))
    }

    /// The hash of the best chain's block of this number, when there is one.
    pub async fn block_hash(&self, number: BlockNumber) -> Result<Option<H256>, ClientError> {
        self.request("chain_getBlockHash", self.methods().chain_get_block_hash(Some(number.into())))
            .await
    }

    /// The best chain's heads, from now on.
    pub async fn best_heads(&self) -> Result<Heads, ClientError> {
        let stream = self
            .request("chain_subscribeNewHeads", self.methods().chain_subscribe_new_heads())
            .await?;
        Ok(Heads::new(self.inner.url.clone(), stream))
    }

    /// The finalised heads, from now on.
    pub async fn finalized_heads(&self) -> Result<Heads, ClientError> {
        let stream = self
            .request("chain_subscribeFinalizedHeads", self.methods().chain_subscribe_finalized_heads())
            .await?;
        Ok(Heads::new(self.inner.url.clone(), stream))
    }

    /// The metadata of the runtime at the newest finalised block.
    pub async fn metadata(&self) -> Result<Arc<Metadata>, ClientError> {
        let at = self.at(self.finalized_hash().await?).await?;
        Ok(at.metadata())
    }

    pub(crate) async fn finalized_hash(&self) -> Result<H256, ClientError> {
        self.request("chain_getFinalizedHead", self.methods().chain_get_finalized_head())
            .await
    }

    /// subxt's client at a block, with the metadata that was in force there.
    pub(crate) async fn at(&self, hash: H256) -> Result<OnlineClientAtBlock<SubstrateConfig>, ClientError> {
        let at = self.deadline("the runtime's metadata", self.inner.client.at_block(hash)).await?;
        at.map_err(|error| ClientError::decode("the runtime's metadata", error))
    }

    pub(crate) fn rpc(&self) -> &RpcClient {
        &self.inner.rpc
    }

    pub(crate) fn methods(&self) -> &Methods {
        &self.inner.methods
    }

    pub(crate) async fn lock_nonce(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.inner.nonce.lock().await
    }

    /// Waits for a request's answer, at most [`REQUEST_TIMEOUT`].
    pub(crate) async fn request<T>(&self, method: &str, answer: impl Future<Output = Result<T, rpcs::Error>>) -> Result<T, ClientError> {
        self.deadline(method, answer)
            .await?
            .map_err(|error| ClientError::from_rpc(&self.inner.url, method, error))
    }

    pub(crate) async fn deadline<T>(&self, method: &str, answer: impl Future<Output = T>) -> Result<T, ClientError> {
        let secs = REQUEST_TIMEOUT.as_secs();
        let late = |_| ClientError::Timeout {
            url: self.inner.url.clone(),
            method: method.into(),
            secs,
        };
        tokio::time::timeout(REQUEST_TIMEOUT, answer).await.map_err(late)
    }
}

impl std::fmt::Debug for Chain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Chain({})", self.inner.url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[tokio::test]
    async fn a_node_that_is_not_there_is_named_with_what_to_check() {
        // A port that was free a moment ago.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let url = format!("ws://127.0.0.1:{port}");
        let error = Chain::connect(&url).await.unwrap_err();
        assert!(matches!(error, ClientError::Connect { .. }), "{error}");
        assert!(
            error.to_string().contains(&url) && error.to_string().contains("is it running"),
            "{error}"
        );
    }

    #[tokio::test]
    async fn an_address_that_is_none_is_refused() {
        let error = Chain::connect("nonsense").await.unwrap_err();
        assert!(matches!(error, ClientError::Connect { .. }), "{error}");
    }

    #[test]
    fn a_header_above_32_bits_is_refused() {
        let header = |number| Header {
            parent_hash: H256::zero(),
            number,
            state_root: H256::zero(),
            extrinsics_root: H256::zero(),
            digest: Default::default(),
        };
        assert_eq!(Block::from_header(&header(u32::MAX.into())).unwrap().number, u32::MAX);
        assert!(Block::from_header(&header(1 << 32)).is_err());
    }
}
