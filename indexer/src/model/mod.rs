//! What the HTTP interface answers: one type for each noun, in the order of its columns.
//!
//! Amounts are decimal strings of planck ([`Planck`]), values with 18 decimals decimal strings of their units
//! ([`Fixed18`]), times whole milliseconds since 1970 in fields that end with `Ms`, keys `0x` hex, accounts SS58 with the
//! network's prefix.

mod account;
mod lists;
mod named;
mod network;
mod number;
mod pool;
mod series;
mod state;
mod text;
mod vault;
mod worker;

pub use account::{Account, Delegation, Movement, MovementKind, Transaction, Withdrawal, WithdrawalState};
pub use lists::{Page, Slice};
pub use network::{ChainFacts, ChainLink, Config, FollowState, Hit, HitKind, Hits, Network, Status};
pub use number::{Fixed18, Planck, Shares};
pub use pool::{CommissionChange, CommissionChangeKind, Member, Pool, Reward};
pub use series::{AccountPoint, Interval, NetworkPoint, PoolPoint, Series, WorkerPoint};
pub use state::{Away, State};
pub use text::{Address, Key, Texts};
pub use vault::{Vault, VaultClaim, VaultClaims, VaultEvent, VaultEventKind, VaultPlace, VaultPoint};
pub use worker::{Attestation, Heartbeat, Lease, LeaseKind, Slash, SlashKind, Worker, WorkerDetail, WorkerEvent, WorkerEventKind};
