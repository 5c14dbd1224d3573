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

use crate::{failure::Failure, units};
use khala_client::{At, Chain};
use khala_primitives::{status::PoolStatus, AccountId32, PoolId};

/// A pool that must exist.
pub(super) async fn existing(chain: &Chain, pool: PoolId, at: At) -> Result<PoolStatus, Failure> {
    chain
        .pool_status(pool, at)
        .await?
        .ok_or_else(|| Failure::failed(format!("there is no pool {pool}: see which there are with khala pool list")))
}

/// Somebody who is not on the list of a pool.
pub(super) fn not_allowed(pool: &PoolStatus, account: &AccountId32) -> Failure {
    Failure::failed(format!(
        "only accounts on its owner's list may hold shares of pool {}, and {} is not on it: ask the owner, {}, or choose another pool",
        pool.id,
        units::address(account),
        units::address(&pool.owner)
    ))
}

/// Does whoever acts own the pool?
fn check_owner(pool: &PoolStatus, account: &AccountId32) -> Result<(), Failure> {
    if pool.owner == *account {
        return Ok(());
    }
    let owner = units::address(&pool.owner);
    Err(Failure::usage(format!(
        "pool {} belongs to {owner}, not to {}: sign with that one's key, or as its proxy with --proxy-for {owner}",
        pool.id,
        units::address(account)
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        command::testing::{account, pool},
        failure::Exit,
    };

    #[test]
    fn only_the_owner_runs_a_pool() {
        assert!(check_owner(&pool(), &account("//Old")).is_ok());
        let failure = check_owner(&pool(), &account("//New")).unwrap_err();
        assert_eq!(failure.exit, Exit::Usage);
        assert!(
            failure
                .message
                .contains(&format!("--proxy-for {}", units::address(&account("//Old")))),
            "{failure}"
        );
    }

    #[test]
    fn who_is_not_on_the_list_is_told_whom_to_ask() {
        let failure = not_allowed(&pool(), &account("//New"));
        assert!(failure.message.contains("ask the owner"), "{failure}");
    }
}
