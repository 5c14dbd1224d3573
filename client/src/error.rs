//! What can go wrong between this process and the chain.

use crate::{DispatchFailure, PoolError};
use khala_primitives::H256;
use subxt::rpcs;

/// Why a request to the chain failed.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// No connection could be opened.
    #[error("cannot connect to the node at {url}: {reason}; is it running, and is this its WebSocket address (ws://host:port)?")]
    Connect {
        /// The node's address.
        url: String,
        /// What the transport said.
        reason: String,
    },
    /// The connection is gone.
    #[error("the connection to the node at {url} was lost: {reason}")]
    Disconnected {
        /// The node's address.
        url: String,
        /// What the transport said.
        reason: String,
    },
    /// No answer in time.
    #[error("the node at {url} did not answer {method} within {secs} s")]
    Timeout {
        /// The node's address.
        url: String,
        /// The request.
        method: String,
        /// How long was waited.
        secs: u64,
    },
    /// The node answered with an error.
    #[error("the node refused {method}: {message} (code {code})")]
    Rpc {
        /// The request.
        method: String,
        /// JSON-RPC's code.
        code: i32,
        /// The node's words, with the data that came along.
        message: String,
    },
    /// The node's answer is not what was asked for.
    #[error("the node's answer to {what} cannot be read: {reason}; do node and client belong to the same release?")]
    Decode {
        /// What was asked.
        what: String,
        /// What does not fit.
        reason: String,
    },
    /// The chain's runtime has no such call.
    #[error("the chain's runtime has no call {pallet}.{call}")]
    UnknownCall {
        /// The pallet.
        pallet: String,
        /// The call.
        call: String,
    },
    /// The node does not have the block.
    #[error("the node does not have block {hash:?}")]
    UnknownBlock {
        /// Its hash.
        hash: H256,
    },
    /// A signed transaction could not be made.
    #[error("cannot make a signed transaction: {reason}")]
    Sign {
        /// What does not fit.
        reason: String,
    },
    /// The transaction pool did not take the transaction.
    #[error("the node did not accept the transaction: {0}")]
    Pool(#[from] PoolError),
    /// The transaction left the pool without reaching a block.
    #[error("the transaction {hash:?} left the node's pool without reaching a block: {reason}")]
    Dropped {
        /// The transaction's hash.
        hash: H256,
        /// Why.
        reason: &'static str,
    },
    /// The transaction reached no block in time; it may still do so.
    #[error("the transaction {hash:?} was not {wanted} within {secs} s; it may still be")]
    NotIncluded {
        /// The transaction's hash.
        hash: H256,
        /// "in a block" or "finalised".
        wanted: &'static str,
        /// How long was waited.
        secs: u64,
    },
    /// The call was in a block and failed there.
    #[error("the call failed: {failure}")]
    Dispatch {
        /// Why.
        failure: DispatchFailure,
        /// The block.
        block: H256,
    },
}

impl ClientError {
    /// Is the connection of no more use? Then connect again, perhaps to another node.
    pub fn is_disconnected(&self) -> bool {
        matches!(self, Self::Connect { .. } | Self::Disconnected { .. } | Self::Timeout { .. })
    }

    /// The call's failure in a block, when that is what happened.
    pub fn dispatch_failure(&self) -> Option<&DispatchFailure> {
        match self {
            Self::Dispatch { failure, .. } => Some(failure),
            _ => None,
        }
    }

    /// The pool's refusal, when that is what happened.
    pub fn pool_error(&self) -> Option<&PoolError> {
        match self {
            Self::Pool(error) => Some(error),
            _ => None,
        }
    }

    pub(crate) fn decode(what: impl Into<String>, reason: impl ToString) -> Self {
        Self::Decode {
            what: what.into(),
            reason: reason.to_string(),
        }
    }

    pub(crate) fn from_rpc(url: &str, method: &str, error: rpcs::Error) -> Self {
        match error {
            rpcs::Error::User(user) => {
                let data = user.data.as_ref().map(|data| data.get());
                Self::Rpc {
                    method: method.into(),
                    code: user.code,
                    message: with_data(&user.message, data),
                }
            }
            rpcs::Error::Deserialization(reason) => Self::decode(method, reason),
            rpcs::Error::Serialization(reason) => Self::decode(method, reason),
            rpcs::Error::Decode(reason) => Self::decode(method, reason),
            other => Self::Disconnected {
                url: url.into(),
                reason: other.to_string(),
            },
        }
    }
}

/// What the operating system or the transport said, below all wrappers.
pub(crate) fn innermost(error: rpcs::Error) -> String {
    let rpcs::Error::Client(boxed) = &error else {
        return error.to_string();
    };
    let mut inner: &(dyn std::error::Error + 'static) = boxed.as_ref();
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}

/// The node's message with the data it sent along, unquoted.
fn with_data(message: &str, data: Option<&str>) -> String {
    match data {
        None => message.to_owned(),
        Some(json) => format!("{message}: {}", unquote(json)),
    }
}

/// A JSON string's content, or the JSON itself when it is no string.
pub(crate) fn unquote(json: &str) -> String {
    serde_json::from_str::<String>(json).unwrap_or_else(|_| json.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user_error(json: &str) -> rpcs::Error {
        rpcs::Error::User(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn an_error_of_the_node_keeps_its_code_message_and_data() {
        let error = user_error(r#"{"code":4003,"message":"Client error","data":"Api called for an unknown Block"}"#);
        let error = ClientError::from_rpc("ws://a", "state_call", error);
        assert_eq!(
            error.to_string(),
            "the node refused state_call: Client error: Api called for an unknown Block (code 4003)"
        );
        assert!(!error.is_disconnected());
    }

    #[test]
    fn a_broken_transport_is_a_lost_connection() {
        let error = rpcs::Error::Client("background task closed".into());
        let error = ClientError::from_rpc("ws://a", "state_call", error);
        assert!(error.is_disconnected(), "{error}");
    }

    #[test]
    fn an_unreadable_answer_is_no_lost_connection() {
        let error = rpcs::Error::Deserialization(serde_json::from_str::<u8>("x").unwrap_err());
        let error = ClientError::from_rpc("ws://a", "chain_getHeader", error);
        assert!(
            matches!(&error, ClientError::Decode { what, .. } if what == "chain_getHeader"),
            "{error}"
        );
    }
}
