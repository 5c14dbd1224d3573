//! What the runtime API says of vaults and of what accounts have in them.

use crate::{
    pallet::*,
    types::Request,
    value::{Stake, Valued},
};
use alloc::vec::Vec;
use khala_pallet_stake_pool::{CommissionRise, Pallet as Pools};
use khala_primitives::{
    status::{CommissionRiseStatus, VaultClaim, VaultPlace, VaultPositionStatus, VaultRequestStatus, VaultStatus},
    AccountId32, RequestId, VaultId,
};

/// Most vaults in one answer.
const MAX_PAGE: u32 = 100;
/// Most positions in one answer.
const MAX_POSITIONS: usize = 1_000;

impl<T: Config> Pallet<T>
where
    T::AccountId: Into<AccountId32>,
{
    /// One vault, as of now.
    pub fn vault_status(id: VaultId) -> Option<VaultStatus> {
        let at = Self::current(id)?;
        let value = at.value()?;
        let rise = |rise: CommissionRise| CommissionRiseStatus {
            commission_ppm: rise.commission.deconstruct(),
            due_secs: Pools::<T>::unix_secs(rise.due_secs),
        };
        Some(VaultStatus {
            id,
            account: Self::account(id).into(),
            fee_ppm: at.vault.fee.now.deconstruct(),
            max_fee_ppm: at.vault.fee.maximum.deconstruct(),
            fee_rise: at.vault.fee.rise.map(rise),
            commission_limit_ppm: at.vault.commission_limit.now.deconstruct(),
            commission_limit_rise: at.vault.commission_limit.rise.map(rise),
            cap: at.vault.cap,
            room: at.vault.cap.map(|cap| cap.saturating_sub(value)),
            value,
            shares: at.vault.shares,
            price: at.price()?,
            high_water_mark: at.vault.mark,
            fee_shares: at.vault.fee_shares,
            free: at.vault.free,
            owed: at.owed()?,
            spare: at.spare()?,
            late: Self::is_late(id, &at.vault),
            places: at
                .stakes
                .iter()
                .zip(&at.vault.places)
                .map(|(stake, place)| Self::place_status(stake, place.claimed))
                .collect::<Option<_>>()?,
            owner: at.vault.owner.into(),
        })
    }

    /// At most `limit` vaults (100 at most), from number `first` on.
    pub fn vaults(first: VaultId, limit: u32) -> Vec<VaultStatus> {
        (first..NextVaultId::<T>::get())
            .take(limit.min(MAX_PAGE) as usize)
            .filter_map(Self::vault_status)
            .collect()
    }
}

impl<T: Config> Pallet<T> {
    fn place_status(stake: &Stake<T::AccountId>, claimed: u128) -> Option<VaultPlace> {
        let returning = stake.queued.checked_sub(claimed)?;
        Some(VaultPlace {
            pool: stake.pool.id,
            held: stake.held,
            returning,
            claimed,
            value: stake.pool.worth(stake.held.checked_add(returning)?)?,
            commission_ppm: Self::dearest(stake.pool.id)?.deconstruct(),
        })
    }

    /// What an account has in a vault.
    pub fn vault_position(id: VaultId, who: &T::AccountId) -> Option<VaultPositionStatus> {
        let at = Self::current(id)?;
        let holding = Holdings::<T>::get(who, id);
        let request = |number: &RequestId| Self::request_status(&at, *number, &Requests::<T>::get(id, number)?);
        Some(VaultPositionStatus {
            vault: id,
            shares: holding.shares,
            value: at.worth(holding.shares)?,
            requests: holding.requests.iter().filter_map(request).collect(),
        })
    }

    /// What an account has in all vaults, at most 1,000.
    pub fn vault_positions(who: &T::AccountId) -> Vec<VaultPositionStatus> {
        Holdings::<T>::iter_key_prefix(who)
            .take(MAX_POSITIONS)
            .filter_map(|id| Self::vault_position(id, who))
            .collect()
    }

    fn request_status(at: &Valued<T::AccountId>, id: RequestId, request: &Request<T::AccountId>) -> Option<VaultRequestStatus> {
        let mut value = at.worth(request.shares)?;
        let mut claims = Vec::new();
        for claim in &request.claims {
            let worth = at.claim_worth(claim)?;
            value = value.checked_add(worth)?;
            claims.push(VaultClaim {
                pool: claim.pool,
                request: claim.request,
                shares: claim.shares,
                value: worth,
            });
        }
        Some(VaultRequestStatus {
            id,
            value,
            claims,
            shares: request.shares,
            deadline_secs: Pools::<T>::unix_secs(request.deadline_secs),
            promised_secs: Pools::<T>::unix_secs(Pools::<T>::promise(request.deadline_secs)),
        })
    }
}
