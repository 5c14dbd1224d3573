//! What pools must know of holders whose coins lie in the pot: vaults.

use frame_support::weights::Weight;
use khala_primitives::{Balance, PoolId, RequestId};

/// A request of an inner holder was paid, all of it or a part.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Paid<AccountId> {
    /// The pool that paid.
    pub pool: PoolId,
    /// The request.
    pub request: RequestId,
    /// Whose it is.
    pub who: AccountId,
    /// In planck; it lies in the pot, and is the holder's from now on.
    pub amount: Balance,
    /// Shares that it bought back.
    pub shares: u128,
    /// Shares that are left in the request; none ends it.
    pub left: u128,
}

/// Holders whose coins lie in the pot, beside those of the pools. They keep a ledger of their own.
pub trait Holders<AccountId> {
    /// Is it one of them? They delegate, undelegate and are paid without any coin leaving the pot.
    fn is_inner(who: &AccountId) -> bool;

    /// A request of one of them was paid. The pool is stored when this is called, so any pool may be touched.
    fn paid(payment: Paid<AccountId>);

    /// What one call of [`Self::paid`] costs at most.
    fn paid_weight() -> Weight;

    /// What they have in the pot together, in planck, shares of pools aside: for `try_state`.
    fn coins() -> Balance;
}

/// No such holders.
impl<AccountId> Holders<AccountId> for () {
    fn is_inner(_: &AccountId) -> bool {
        false
    }

    fn paid(_: Paid<AccountId>) {}

    fn paid_weight() -> Weight {
        Weight::zero()
    }

    fn coins() -> Balance {
        0
    }
}
