//! `khala vault`: vaults, to look at and to run.

mod list;
mod moves;
mod show;
mod terms;

pub use list::list;
pub use moves::{cancel_divest, divest, invest};
pub use show::show;
pub use terms::{claim, create, set_cap, set_commission_limit, set_fee};

use super::{change::Desk, fund, fund::Fund, pool};
use crate::{
    args::{Global, PoolSigning, Target},
    failure::Failure,
};
use khala_client::{At, Chain};
use khala_primitives::{
    status::{PoolStatus, VaultStatus},
    Balance, VaultId,
};

/// A vault that must exist.
pub(super) async fn existing(chain: &Chain, vault: VaultId, at: At) -> Result<VaultStatus, Failure> {
    chain
        .vault_status(vault, at)
        .await?
        .ok_or_else(|| Failure::failed(format!("there is no vault {vault}: see which there are with khala vault list")))
}

/// A desk of a vault's owner.
async fn owned(global: &Global, signing: &PoolSigning, vault: VaultId) -> Result<(Desk, VaultStatus), Failure> {
    let desk = Desk::open(global, signing).await?;
    let vault = existing(&desk.chain, vault, desk.at).await?;
    fund::check_owner(Target::Vault(vault.id), &vault.owner, desk.actor.id())?;
    Ok((desk, vault))
}

/// What shares of the vault are worth that wait for coins which its owner is taking out of pools, in planck.
pub(super) async fn awaited(chain: &Chain, vault: &VaultStatus, at: At) -> Result<Balance, Failure> {
    let mut pools = Vec::new();
    for place in vault.places.iter().filter(|place| place.claimed > 0) {
        pools.push(pool::existing(chain, place.pool, at).await?);
    }
    Ok(waiting(vault, &pools))
}

/// All that is owed is owed in shares of pools and in shares of the vault.
fn waiting(vault: &VaultStatus, pools: &[PoolStatus]) -> Balance {
    let claimed = |pool: &PoolStatus| vault.places.iter().find(|place| place.pool == pool.id).map(|place| place.claimed);
    let in_pools = pools.iter().map(|pool| Fund::from(pool).worth(claimed(pool).unwrap_or_default()));
    in_pools.fold(vault.owed, Balance::saturating_sub)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::{pool, vault};
    use khala_primitives::PHA;

    #[test]
    fn what_is_owed_beyond_claims_waits_for_the_owners_moves() {
        let mut vault = vault();
        assert_eq!(waiting(&vault, &[]), 0);
        vault.places[0].claimed = 6 * PHA;
        for (owed, expected) in [(6 * PHA, 0), (6 * PHA + 1, 1), (8 * PHA, 2 * PHA)] {
            vault.owed = owed;
            assert_eq!(waiting(&vault, &[pool()]), expected, "{owed}");
        }
    }
}
