//! What owners do: vaults are created, their coins spread over pools and moved, their terms set.

use super::{
    lost_of,
    rate::{Rate, Refusals, Turn},
    Lost, VaultEntry, MOST_POOLS, ONE,
};
use crate::{
    ledger::{Foreseen, Ledger, PoolError, PoolEvent, Told, VaultError, VaultEvent},
    runtime::{vault_account, Deposit},
};
use frame_support::ensure;
use khala_primitives::{AccountId32, Balance, PoolId, VaultId};
use sp_runtime::Permill;
use std::collections::{BTreeMap, VecDeque};

impl Ledger {
    pub(crate) fn create_vault(&mut self, owner: &AccountId32, fee: u32, max_fee: u32, limit: u32, cap: Option<Balance>) -> Foreseen<Told> {
        ensure!(fee <= max_fee, VaultError::FeeAboveMaximum);
        ensure!(self.to_give(owner) >= Deposit::get(), VaultError::CannotPayDeposit);
        let vault = self.vaults.len() as VaultId;
        let entry = VaultEntry {
            owner: owner.clone(),
            fee: Rate::new(fee, max_fee),
            limit: Rate::new(limit, 1_000_000),
            cap,
            free: 0,
            shares: 0,
            fee_shares: 0,
            mark: ONE,
            held: BTreeMap::new(),
            queue: VecDeque::new(),
            next_request: 0,
            places: Vec::new(),
        };
        self.vaults.insert(vault, entry);
        let event = VaultEvent::VaultCreated {
            vault,
            owner: owner.clone(),
            fee: Permill::from_parts(fee),
            max_fee: Permill::from_parts(max_fee),
            commission_limit: Permill::from_parts(limit),
            cap,
        };
        Ok(vec![event.into()])
    }

    /// The commission of a pool, in force or announced.
    pub(crate) fn dearest(&self, pool: PoolId) -> Option<u32> {
        let pool = self.pools.get(&pool)?;
        Some(pool.rise.map_or(pool.commission, |(rise, _)| rise.max(pool.commission)))
    }

    pub(crate) fn invest(
        &mut self,
        who: &AccountId32,
        id: VaultId,
        pool: PoolId,
        amount: Balance,
        min_shares: u128,
        lost: &Lost,
    ) -> Foreseen<()> {
        self.vault_owned_by(who, id)?;
        let mut at = self.settled_vault(id, lost)?;
        let dearest = self.dearest(pool).ok_or(PoolError::PoolNotFound)?;
        ensure!(dearest <= at.vault.limit.now, VaultError::CommissionTooHigh);
        ensure!(!at.vault.is_late(self.clock.credited), VaultError::VaultLate);
        ensure!(amount <= at.spare(), VaultError::NotEnoughFree);
        let known = at.vault.places.contains(&pool);
        ensure!(known || at.vault.places.len() < MOST_POOLS, VaultError::TooManyPools);
        let before = at.price();
        let events = self.delegate(&vault_account(id), pool, amount, min_shares, lost_of(lost, pool))?;
        let bought = events.iter().find_map(|event| match event {
            PoolEvent::Delegated { shares, .. } => Some(*shares),
            _ => None,
        });
        let shares = bought.unwrap_or(0);
        self.tell_all(events);
        at.vault.free -= amount;
        if !known {
            at.vault.places.push(pool);
        }
        self.put_vault(id, at.vault);
        let rounding = self.valued(id, lost)?.rounding(pool);
        self.assert_price_kept(id, before, rounding, lost);
        self.tell(VaultEvent::Invested {
            vault: id,
            pool,
            amount,
            shares,
        });
        Ok(())
    }

    pub(crate) fn divest(
        &mut self,
        who: &AccountId32,
        id: VaultId,
        pool: PoolId,
        shares: u128,
        min_amount: Balance,
        lost: &Lost,
    ) -> Foreseen<()> {
        let mut vault = self.vault_owned_by(who, id)?;
        ensure!(vault.places.contains(&pool), VaultError::PoolNotUsed);
        let at = self.valued(id, lost)?;
        self.take_out_of_pool(id, &mut vault, pool, shares, min_amount, lost)?;
        self.put_vault(id, vault);
        self.assert_price_kept(id, at.price(), at.rounding(pool), lost);
        Ok(())
    }

    /// Shares of a pool are taken back; what it pays at once is free.
    pub(super) fn take_out_of_pool(
        &mut self,
        id: VaultId,
        vault: &mut VaultEntry,
        pool: PoolId,
        shares: u128,
        min_amount: Balance,
        lost: &Lost,
    ) -> Foreseen<()> {
        let account = vault_account(id);
        let done = self.withdraw_from(&account, pool, shares, min_amount, lost)?;
        vault.free += done.paid;
        self.tidy(&account, vault, pool);
        self.tell(VaultEvent::Divested {
            vault: id,
            pool,
            shares: done.shares,
            paid: done.paid,
            request: done.request,
        });
        Ok(())
    }

    pub(crate) fn cancel_divest(&mut self, who: &AccountId32, id: VaultId, pool: PoolId, request: u64, lost: &Lost) -> Foreseen<()> {
        let vault = self.vault_owned_by(who, id)?;
        let backed = self.vaults.values().any(|vault| vault.claimed_of(pool, request) > 0);
        ensure!(!backed, VaultError::RequestBacked);
        ensure!(vault.waiting() == 0, VaultError::CoinsAwaited);
        let events = self.cancel(&vault_account(id), pool, request, lost_of(lost, pool))?;
        let cancelled = events.iter().find_map(|event| match event {
            PoolEvent::RequestCancelled { shares, .. } => Some(*shares),
            _ => None,
        });
        self.tell_all(events);
        self.tell(VaultEvent::DivestCancelled {
            vault: id,
            pool,
            request,
            shares: cancelled.unwrap_or(0),
        });
        Ok(())
    }

    pub(crate) fn set_limit(&mut self, who: &AccountId32, id: VaultId, limit: u32) -> Foreseen<()> {
        let mut vault = self.vault_owned_by(who, id)?;
        if let Some(limit) = vault.limit.apply(self.clock.credited).map(Permill::from_parts) {
            self.tell(VaultEvent::CommissionLimitChanged { vault: id, limit });
        }
        let too_much = VaultError::LimitRiseTooLarge;
        let refusals = Refusals(VaultError::LimitRiseTooLarge, too_much, VaultError::LimitUnchanged);
        match vault.limit.set(limit, self.rise_due(), refusals)? {
            Turn::Announced(due_secs) => {
                let limit = Permill::from_parts(limit);
                let vault = id;
                self.tell(VaultEvent::CommissionLimitRiseAnnounced { vault, limit, due_secs });
            }
            Turn::Lowered { to, withdrawn } => {
                let cancelled = withdrawn.map(Permill::from_parts);
                self.tell_all(cancelled.map(|limit| VaultEvent::CommissionLimitRiseCancelled { vault: id, limit }));
                if let Some(limit) = to.map(Permill::from_parts) {
                    self.tell(VaultEvent::CommissionLimitChanged { vault: id, limit });
                    // Pools that are too dear now are left.
                    self.join_vault_ring(id);
                }
            }
        }
        self.vaults.insert(id, vault);
        Ok(())
    }

    pub(crate) fn set_vault_cap(&mut self, who: &AccountId32, id: VaultId, cap: Option<Balance>) -> Foreseen<Told> {
        let mut vault = self.vault_owned_by(who, id)?;
        vault.cap = cap;
        self.vaults.insert(id, vault);
        Ok(vec![VaultEvent::CapChanged { vault: id, cap }.into()])
    }
}
