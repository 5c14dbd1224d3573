//! `khala pool`: stake pools, to look at and to run.

mod list;
mod show;
mod stakes;
mod terms;
mod workers;

pub use list::{all, list};
pub use show::show;
pub use stakes::{add_stake, reduce_stake, start, stop};
pub use terms::{allow, claim, create, set_cap, set_commission, set_profile};
pub use workers::{add_worker, order, remove_worker};

use super::fund;
use crate::{args::Target, failure::Failure, units};
use khala_client::{At, Chain};
use khala_primitives::{status::PoolStatus, AccountId32, PoolId};

/// A pool that must exist.
pub(super) async fn existing(chain: &Chain, pool: PoolId, at: At) -> Result<PoolStatus, Failure> {
    chain
        .pool_status(pool, at)
        .await?
        .ok_or_else(|| Failure::failed(format!("there is no pool {pool}: see which there are with khala pool list")))
}

/// May an account hold shares of a pool?
///
/// # Errors
/// The pool's owner has made a list, and the account is not on it.
pub(super) async fn check_allowed(chain: &Chain, pool: &PoolStatus, account: &AccountId32, at: At) -> Result<(), Failure> {
    match !pool.restricted || chain.is_allowed(pool.id, account, at).await? {
        true => Ok(()),
        false => Err(not_allowed(pool, account)),
    }
}

/// Somebody who is not on the list of a pool.
fn not_allowed(pool: &PoolStatus, account: &AccountId32) -> Failure {
    Failure::failed(format!(
        "only accounts on its owner's list may hold shares of pool {}, and {} is not on it: ask the owner, {}, or choose another pool",
        pool.id,
        units::address(account),
        units::address(&pool.owner)
    ))
}

/// Does whoever acts own the pool?
fn check_owner(pool: &PoolStatus, account: &AccountId32) -> Result<(), Failure> {
    fund::check_owner(Target::Pool(pool.id), &pool.owner, account)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::{account, pool};

    #[test]
    fn who_is_not_on_the_list_is_told_whom_to_ask() {
        let failure = not_allowed(&pool(), &account("//New"));
        assert!(failure.message.contains("ask the owner"), "{failure}");
    }
}
