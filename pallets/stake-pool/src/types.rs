//! What the pallet stores.

use crate::{MAX_OPEN_REQUESTS, MAX_WORKERS};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use khala_primitives::{Balance, PoolId, RequestId, WorkerPublicKey};
use scale_info::TypeInfo;
use sp_runtime::Permill;

/// A pool's workers in the order in which the chain takes stake from them.
pub type Workers = BoundedVec<WorkerPublicKey, ConstU32<MAX_WORKERS>>;

/// A stake pool. Its coins lie in the pot of all pools; what it has are numbers, in planck.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Pool<AccountId> {
    /// Who adds and starts workers, and takes the commission.
    pub owner: AccountId,
    /// The owner's part of every reward.
    pub commission: Permill,
    /// What the commission never exceeds.
    pub max_commission: Permill,
    /// An announced rise of the commission.
    pub rise: Option<CommissionRise>,
    /// The value, less what is queued, above which nobody may delegate; `None` is no limit.
    pub cap: Option<Balance>,
    /// Coins that no worker holds.
    pub free: Balance,
    /// Stakes of running sessions.
    pub staked: Balance,
    /// What cooling sessions and reductions will give back.
    pub cooling: Balance,
    /// Commission not yet claimed.
    pub commission_due: Balance,
    /// Shares of all delegators, queued ones included: none, or at least [`crate::MIN_SHARES`].
    pub shares: u128,
    /// Shares on their way out.
    pub queue: Queue,
    /// Delegators on the allow-list; the pool is open to everybody while there are none.
    pub allowed: u32,
    /// Whether the pool stands in the service ring.
    pub in_ring: bool,
}

/// A higher commission that will be in force later.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct CommissionRise {
    /// The rate.
    pub commission: Permill,
    /// Reading of the credited clock from which on it is in force, in seconds.
    pub due_secs: u64,
}

/// The ends and sums of a pool's queue: a doubly linked list of [`Request`]s.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Queue {
    /// The request that is paid next.
    pub first: Option<RequestId>,
    /// The newest request.
    pub last: Option<RequestId>,
    /// Number of the next request.
    pub next_id: RequestId,
    /// Shares of all requests.
    pub queued_shares: u128,
    /// Shares of the requests whose deadline has passed: the first ones of the queue.
    pub due_shares: u128,
}

impl Queue {
    /// Is nobody waiting?
    pub fn is_empty(&self) -> bool {
        self.first.is_none()
    }
}

/// Shares that wait to be paid out. They earn and lose like all others.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Request<AccountId> {
    /// Whose shares they are.
    pub who: AccountId,
    /// How many are left.
    pub shares: u128,
    /// Reading of the credited clock from which on the pool takes stakes back for it, in seconds.
    pub deadline_secs: u64,
    /// Whether the deadline has passed and its shares are counted as due.
    pub due: bool,
    /// The request before it.
    pub prev: Option<RequestId>,
    /// The request after it.
    pub next: Option<RequestId>,
}

/// What an account has in a pool.
#[derive(Clone, Default, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Holding {
    /// Shares that are not queued.
    pub shares: u128,
    /// Shares of its requests in the queue.
    pub queued: u128,
    /// These requests, oldest first. Inner holders keep the list of theirs themselves.
    pub requests: BoundedVec<RequestId, ConstU32<MAX_OPEN_REQUESTS>>,
}

impl Holding {
    /// Nothing is left of it.
    pub fn is_empty(&self) -> bool {
        self.shares == 0 && self.queued == 0
    }
}

/// A deadline to come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Appointment {
    /// Reading of the credited clock, in seconds.
    pub due_secs: u64,
    /// Whose queue it is about.
    pub pool: PoolId,
    /// Which request.
    pub request: RequestId,
}

/// Length of a pool's description, in bytes of UTF-8.
pub const MAX_DESCRIPTION: u32 = 400;
/// Length of a link, in bytes of UTF-8.
pub const MAX_LINK: u32 = 120;
/// Links of a pool.
pub const MAX_LINKS: u32 = 4;
/// A description, in UTF-8.
pub type Description = BoundedVec<u8, ConstU32<MAX_DESCRIPTION>>;
/// Links, in UTF-8.
pub type Links = BoundedVec<BoundedVec<u8, ConstU32<MAX_LINK>>, ConstU32<MAX_LINKS>>;

/// What an owner says of its pool.
#[derive(Clone, Default, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Profile {
    /// In words.
    pub description: Description,
    /// Where to read more.
    pub links: Links,
}

/// The price of a pool's shares on a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Sample {
    /// Reading of the credited clock when it was taken, in seconds.
    pub at_secs: u64,
    /// `value / shares`, 18 decimals.
    pub price: u128,
}

/// Where the sweep through all pools stands.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Sweep {
    /// Time slot in which it began.
    pub slot: u64,
    /// The pool that is next.
    pub next: PoolId,
}
