//! What the pallet stores.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use khala_pallet_stake_pool::{list::Linked, Queue, Rate};
use khala_primitives::{Balance, PoolId, RequestId};
use scale_info::TypeInfo;

/// Most pools of a vault.
pub const MAX_POOLS: u32 = 16;

/// The pools of a vault.
pub type Places = BoundedVec<Place, ConstU32<MAX_POOLS>>;
/// What a request waits for.
pub type Claims = BoundedVec<Claim, ConstU32<MAX_POOLS>>;

/// A vault. Its coins lie in the pot of all pools, and its shares of pools belong to an account of its own.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Vault<AccountId> {
    /// Who spreads and moves, and takes the fee.
    pub owner: AccountId,
    /// The owner's part of every gain over the high-water mark.
    pub fee: Rate,
    /// The highest commission of pools that it uses; a pool that goes above is left.
    pub commission_limit: Rate,
    /// The value above which nobody may delegate, in planck; `None` is no limit.
    pub cap: Option<Balance>,
    /// Coins that are in no pool, in planck.
    pub free: Balance,
    /// Shares of all delegators and of the fee, those that wait in the queue included.
    pub shares: u128,
    /// Those of them that the owner has earned and not claimed.
    pub fee_shares: u128,
    /// The highest price for which a fee was taken, 18 decimals, rounded up; one while there are no shares.
    pub mark: u128,
    /// Requests on their way out; its `queued_shares` wait for coins that the owner is moving.
    pub queue: Queue,
    /// Where it has shares.
    pub places: Places,
    /// Whether it stands in the service ring.
    pub in_ring: bool,
}

/// A pool in which a vault has shares.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Place {
    /// The pool.
    pub pool: PoolId,
    /// Of the shares in its queue, those that belong to requests of the vault's delegators.
    pub claimed: u128,
}

/// Shares of a pool, in its queue, that belong to a request: what they are paid for goes to whoever made it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Claim {
    /// The pool.
    pub pool: PoolId,
    /// The vault's request in its queue.
    pub request: RequestId,
    /// How many of that request's shares; the others are the vault's own.
    pub shares: u128,
}

/// What a delegator waits for.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Request<AccountId> {
    /// Who is paid.
    pub who: AccountId,
    /// Shares of pools.
    pub claims: Claims,
    /// Shares of the vault that wait for coins which its owner is moving out of pools.
    pub shares: u128,
    /// The worst deadline of its claims and the vault's margin, as a reading of the credited clock, in seconds.
    pub deadline_secs: u64,
    /// The request before it.
    pub prev: Option<RequestId>,
    /// The request after it.
    pub next: Option<RequestId>,
}

impl<AccountId> Linked for Request<AccountId> {
    fn prev(&mut self) -> &mut Option<RequestId> {
        &mut self.prev
    }

    fn next(&mut self) -> &mut Option<RequestId> {
        &mut self.next
    }
}
