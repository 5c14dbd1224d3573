//! A typed client of the chain, for the relayer, the command line and the whole-network tests.
//!
//! # How to use this
//!
//! 1. [`Chain::connect`] opens a WebSocket to a node. A [`Chain`] is cheap to clone; it does not reconnect by itself:
//!    once a call answers [`ClientError::Disconnected`], make a new one.
//! 2. Read with the methods named after the runtime API (`network_status`, `worker_status`, `mining_view`, ...), at a
//!    block chosen by [`At`].
//! 3. Make a [`Call`] with the constructors in [`calls`] and send it: [`Chain::submit`] signs with an [`Account`] and
//!    waits for a block, [`Chain::submit_general`] sends an authorised call, which needs neither account nor fee.
//!
//! Arguments of calls are SCALE data of the wire types in `khala-primitives`; only the indices of pallets and calls
//! come from the node's metadata, so a client works with every runtime that has the calls it uses. Every request has a
//! deadline ([`REQUEST_TIMEOUT`]).

mod account;
mod api;
mod call;
pub mod calls;
mod chain;
mod decoded;
mod dispatch;
mod error;
mod events;
mod heads;
mod history;
mod pool;
mod properties;
mod secret;
mod stake_pools;
mod storage;
mod submit;
mod vaults;

pub use account::{Account, AccountError};
pub use api::{AccountBalance, At};
pub use call::Call;
pub use chain::{Block, Chain, CONNECT_TIMEOUT, REQUEST_TIMEOUT};
pub use decoded::DecodedCall;
pub use dispatch::DispatchFailure;
pub use error::ClientError;
pub use events::Event;
pub use heads::Heads;
pub use history::{entry_key, value_key, BlockEvent, Called, Runtime};
pub use pool::PoolError;
pub use properties::Properties;
pub use secret::{SecretError, SecretSource, MAX_SECRET};
pub use stake_pools::{PoolRequest, PoolTimes, Proxy};
pub use submit::{Receipt, Wait, INCLUSION_TIMEOUT};
pub use vaults::VaultAccounts;

pub use khala_primitives::{self as primitives, general_transaction};
