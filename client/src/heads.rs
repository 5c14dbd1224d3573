//! Following the chain.

use crate::{
    chain::{Block, Header},
    ClientError,
};
use subxt::rpcs::client::RpcSubscription;

/// Heads of the chain, one after another. After a reorganisation the next head's parent is not the last head.
pub struct Heads {
    url: String,
    stream: RpcSubscription<Header>,
}

impl Heads {
    pub(crate) fn new(url: String, stream: RpcSubscription<Header>) -> Self {
        Self { url, stream }
    }

    /// The next head. Fails with [`ClientError::Disconnected`] when the connection is gone; then connect again.
    pub async fn next(&mut self) -> Result<Block, ClientError> {
        match self.stream.next().await {
            Some(Ok(header)) => Block::from_header(&header),
            Some(Err(error)) => Err(ClientError::from_rpc(&self.url, "a subscription to heads", error)),
            None => Err(ClientError::Disconnected {
                url: self.url.clone(),
                reason: "the subscription to heads ended".into(),
            }),
        }
    }
}
