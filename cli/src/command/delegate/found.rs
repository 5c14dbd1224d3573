//! A pool or a vault, as delegators meet it.

use crate::{
    args::Target,
    command::{
        fund::{Fund, Held},
        pool, vault,
    },
    failure::Failure,
};
use khala_client::{At, Chain};
use khala_primitives::{
    status::{PoolStatus, VaultStatus},
    AccountId32,
};

/// A pool or a vault that exists.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Found {
    /// A pool.
    Pool(PoolStatus),
    /// A vault.
    Vault(VaultStatus),
}

impl Found {
    /// What a delegator has named.
    ///
    /// # Errors
    /// There is no such pool or vault, or the chain cannot be asked.
    pub async fn new(chain: &Chain, target: Target, at: At) -> Result<Self, Failure> {
        Ok(match target {
            Target::Pool(pool) => Self::Pool(pool::existing(chain, pool, at).await?),
            Target::Vault(vault) => Self::Vault(vault::existing(chain, vault, at).await?),
        })
    }

    /// What its shares are about.
    pub fn fund(&self) -> Fund {
        match self {
            Self::Pool(pool) => pool.into(),
            Self::Vault(vault) => vault.into(),
        }
    }

    /// What an account has in it.
    pub async fn held_by(&self, chain: &Chain, account: &AccountId32, at: At) -> Result<Held, Failure> {
        Ok(match self {
            Self::Pool(pool) => (&chain.delegation(pool.id, account, at).await?).into(),
            Self::Vault(vault) => {
                let positions = chain.vault_positions(account, at).await?;
                positions.iter().find(|position| position.vault == vault.id).into()
            }
        })
    }

    /// May an account get shares of it?
    ///
    /// # Errors
    /// The pool's owner has made a list without it. Anybody may hold shares of a vault.
    pub async fn check_holder(&self, chain: &Chain, account: &AccountId32, at: At) -> Result<(), Failure> {
        if let Self::Pool(pool) = self {
            pool::check_allowed(chain, pool, account, at).await?;
        }
        Ok(())
    }
}
