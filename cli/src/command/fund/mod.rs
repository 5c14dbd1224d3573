//! What issues shares, a pool or a vault: as much of it as joining and leaving are about. The arithmetic is the chain's own, and so are
//! the checks: what the chain would refuse is told with the figure.

mod entry;
mod exit;
mod shares;

use crate::{args::Target, failure::Failure, units};
use khala_primitives::{
    status::{DelegationStatus, Fixed18, PoolStatus, VaultPositionStatus, VaultStatus},
    AccountId32, Balance, RequestId, PHA,
};

/// Smallest delegation, holding and request, in planck; a holding that is worth less goes as a whole.
pub(super) const SMALLEST: Balance = PHA;
/// Fewest shares of a holding or a request.
const FEWEST_SHARES: u128 = 10_000_000_000;

/// A pool or a vault.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Fund {
    /// Which one.
    pub target: Target,
    /// What all shares are worth, in planck.
    pub value: Balance,
    /// All shares.
    pub shares: u128,
    /// `value / shares`, 18 decimals.
    pub price: Fixed18,
    /// Coins that can pay at once, in planck.
    pub free: Balance,
    /// Whether somebody waits in its queue already.
    pub awaited: bool,
    /// The value above which nobody may delegate, in planck.
    pub cap: Option<Balance>,
    /// Planck that may be delegated before the cap is reached.
    pub room: Option<Balance>,
    /// Without shares: what is still out and comes back to the owner, in a few words.
    pub unwinding: Option<String>,
}

impl From<&PoolStatus> for Fund {
    fn from(pool: &PoolStatus) -> Self {
        let out = pool.staked.saturating_add(pool.cooling);
        Self {
            target: Target::Pool(pool.id),
            value: pool.value,
            shares: pool.shares,
            price: pool.price,
            free: pool.free,
            awaited: pool.queued_shares > 0,
            cap: pool.cap,
            room: pool.room,
            unwinding: (pool.shares == 0 && out > 0).then(|| format!("{} PHA at stake or cooling down", units::pha(out, 4))),
        }
    }
}

impl From<&VaultStatus> for Fund {
    fn from(vault: &VaultStatus) -> Self {
        let out = vault.places.iter().fold(0u128, |sum, place| sum.saturating_add(place.value));
        Self {
            target: Target::Vault(vault.id),
            value: vault.value,
            shares: vault.shares,
            price: vault.price,
            free: vault.free,
            awaited: vault.owed > 0,
            cap: vault.cap,
            room: vault.room,
            unwinding: (vault.shares == 0 && !vault.places.is_empty()).then(|| format!("{} PHA in pools", units::pha(out, 4))),
        }
    }
}

/// What somebody has in a fund.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Held {
    /// Who.
    pub holder: String,
    /// Shares that are not queued.
    pub shares: u128,
    /// Its requests in the queue, oldest first.
    pub requests: Vec<RequestId>,
}

impl Held {
    /// Of the account that acts.
    fn of_account(shares: u128, requests: Vec<RequestId>) -> Self {
        Self {
            holder: "the account".into(),
            shares,
            requests,
        }
    }
}

impl From<&DelegationStatus> for Held {
    fn from(delegation: &DelegationStatus) -> Self {
        let requests = delegation.requests.iter().map(|request| request.id);
        Self::of_account(delegation.shares, requests.collect())
    }
}

/// Nothing, where there is no position.
impl From<Option<&VaultPositionStatus>> for Held {
    fn from(position: Option<&VaultPositionStatus>) -> Self {
        position.map_or_else(
            || Self::of_account(0, vec![]),
            |position| {
                let requests = position.requests.iter().map(|request| request.id);
                Self::of_account(position.shares, requests.collect())
            },
        )
    }
}

/// Does whoever acts own the pool or the vault?
pub(super) fn check_owner(target: Target, owner: &AccountId32, account: &AccountId32) -> Result<(), Failure> {
    if owner == account {
        return Ok(());
    }
    let owner = units::address(owner);
    Err(Failure::usage(format!(
        "{target} belongs to {owner}, not to {}: sign with that one's key, or as its proxy with --proxy-for {owner}",
        units::address(account)
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        command::testing::{account, held, pool, request, vault, vault_position},
        failure::Exit,
    };
    use khala_primitives::status::VaultPlace;

    #[test]
    fn only_the_owner_runs_a_pool_or_a_vault() {
        let owner = account("//Old");
        assert!(check_owner(Target::Pool(3), &owner, &owner).is_ok());
        let failure = check_owner(Target::Vault(2), &owner, &account("//New")).unwrap_err();
        assert_eq!(failure.exit, Exit::Usage);
        for part in ["vault 2 belongs to", &format!("--proxy-for {}", units::address(&owner))] {
            assert!(failure.message.contains(part), "{failure}");
        }
    }

    #[test]
    fn without_shares_it_is_known_what_is_still_out() {
        let (mut pool, mut vault) = (pool(), vault());
        assert_eq!((Fund::from(&pool).unwinding, Fund::from(&vault).unwinding), (None, None));
        (pool.shares, pool.staked, pool.cooling) = (0, 2 * PHA, 5 * PHA);
        assert!(Fund::from(&pool).unwinding.unwrap().starts_with("7.0000 PHA at stake"));
        vault.shares = 0;
        assert!(Fund::from(&vault).unwinding.unwrap().starts_with("900.0000 PHA in pools"));
        // Shares of pools that belong to those who leave are on their way, too.
        vault.places = vec![VaultPlace {
            value: 0,
            ..vault.places[0].clone()
        }];
        assert!(Fund::from(&vault).unwinding.unwrap().starts_with("0.0000 PHA in pools"));
        (pool.staked, pool.cooling, vault.places) = (0, 0, vec![]);
        assert_eq!((Fund::from(&pool).unwinding, Fund::from(&vault).unwinding), (None, None));
    }

    #[test]
    fn somebody_waits_who_has_queued_shares_of_a_pool_or_is_owed_something_by_a_vault() {
        let (mut pool, mut vault) = (pool(), vault());
        assert!(!Fund::from(&pool).awaited && !Fund::from(&vault).awaited);
        (pool.queued_shares, vault.owed) = (1, 1);
        assert!(Fund::from(&pool).awaited && Fund::from(&vault).awaited);
    }

    #[test]
    fn what_is_held_is_read_of_both() {
        let delegation = DelegationStatus {
            requests: vec![request(1), request(4)],
            ..held(PHA)
        };
        let position = vault_position(PHA, &[1, 4]);
        for held in [Held::from(&delegation), Held::from(Some(&position))] {
            assert_eq!((held.shares, held.requests), (PHA, vec![1, 4]));
        }
        assert_eq!(Held::from(None).shares, 0);
    }
}
