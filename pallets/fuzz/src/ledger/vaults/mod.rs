//! Vaults as this ledger keeps them: coins, shares, the fee and its mark, those who wait and what belongs to them.
//!
//! What a vault has in its pools is nowhere noted: it is what its account has in this ledger's pools, less what belongs to those who
//! wait. A call is tried on a copy of the ledger, so that one that is refused half-way has changed nothing.

mod compare;
mod delegation;
mod fee;
mod filing;
mod moves;
mod rate;
pub(crate) mod service;
mod withdrawal;

use super::{
    pools::{part, part_up},
    Foreseen, Ledger, PoolEvent, Told, VaultError, VaultEvent,
};
use crate::runtime::{vault_account, RuntimeEvent, VaultsId};
use khala_primitives::{AccountId32, Balance, PoolId, VaultId, PHA};
use rate::Rate;
use sp_core::U256;
use std::collections::{BTreeMap, VecDeque};

/// One, with the decimals of a price.
const ONE: u128 = 1_000_000_000_000_000_000;
/// A holding has no shares, or so many.
const LEAST_SHARES: u128 = 10_000_000_000;
/// Most requests of a holder in a queue.
const MOST_REQUESTS: usize = 8;
/// Most pools of a vault.
const MOST_POOLS: usize = 16;

/// What the stakes of each pool would lose.
pub(crate) type Lost = BTreeMap<PoolId, Balance>;

/// The vault whose account this is, whether it exists or not.
pub(crate) fn vault_of(who: &AccountId32) -> Option<VaultId> {
    let bytes: &[u8; 32] = who.as_ref();
    let number = bytes.strip_prefix(b"modl")?.strip_prefix(&VaultsId::get().0)?;
    let (number, rest) = number.split_first_chunk()?;
    rest.iter().all(|byte| *byte == 0).then_some(VaultId::from_le_bytes(*number))
}

/// Shares in a pool's queue that belong to somebody who leaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Claim {
    pub(crate) pool: PoolId,
    pub(crate) request: u64,
    pub(crate) shares: u128,
}

/// Somebody who waits.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) id: u64,
    pub(crate) who: AccountId32,
    pub(crate) claims: Vec<Claim>,
    /// Shares of the vault.
    pub(crate) shares: u128,
    pub(crate) deadline: u64,
}

/// A vault's numbers, in planck.
#[derive(Clone, Debug)]
pub(crate) struct VaultEntry {
    pub(crate) owner: AccountId32,
    pub(crate) fee: Rate,
    /// The highest commission of pools.
    pub(crate) limit: Rate,
    pub(crate) cap: Option<Balance>,
    pub(crate) free: Balance,
    pub(crate) shares: u128,
    /// Earned by the owner and not claimed.
    pub(crate) fee_shares: u128,
    /// The highest price for which a fee was taken.
    pub(crate) mark: u128,
    /// Shares that do not wait.
    pub(crate) held: BTreeMap<AccountId32, u128>,
    pub(crate) queue: VecDeque<Request>,
    pub(crate) next_request: u64,
    /// Pools, in the order in which they were entered.
    pub(crate) places: Vec<PoolId>,
}

impl VaultEntry {
    pub(crate) fn held_by(&self, who: &AccountId32) -> u128 {
        self.held.get(who).copied().unwrap_or(0)
    }

    /// Nothing is left where nothing is held.
    fn hold(&mut self, who: &AccountId32, shares: u128) {
        match shares {
            0 => self.held.remove(who),
            shares => self.held.insert(who.clone(), shares),
        };
    }

    /// Shares that wait.
    pub(crate) fn waiting(&self) -> u128 {
        self.queue.iter().map(|request| request.shares).sum()
    }

    /// Of the shares in a pool's queue, those that belong to requests.
    pub(crate) fn claimed(&self, pool: PoolId) -> u128 {
        let claims = self.queue.iter().flat_map(|request| &request.claims);
        claims.filter(|claim| claim.pool == pool).map(|claim| claim.shares).sum()
    }

    /// The same of one of the vault's requests in it.
    fn claimed_of(&self, pool: PoolId, request: u64) -> u128 {
        let claims = self.queue.iter().flat_map(|request| &request.claims);
        let on = claims.filter(|claim| (claim.pool, claim.request) == (pool, request));
        on.map(|claim| claim.shares).sum()
    }

    /// Drops what is paid of a request, and the request if that is all; whether it is.
    fn close(&mut self, place: usize) -> bool {
        let Some(request) = self.queue.get_mut(place) else { return false };
        request.claims.retain(|claim| claim.shares > 0);
        let ended = request.shares == 0 && request.claims.is_empty();
        if ended {
            self.queue.remove(place);
        }
        ended
    }

    /// Whether somebody waits whose deadline has passed.
    pub(crate) fn is_late(&self, now: u64) -> bool {
        self.queue.front().is_some_and(|first| first.deadline <= now)
    }
}

/// What a vault has in a pool, and what the pool is worth.
#[derive(Clone, Debug)]
pub(crate) struct Stake {
    pub(crate) pool: PoolId,
    value: Balance,
    shares: u128,
    pub(crate) held: u128,
    pub(crate) queued: u128,
}

impl Stake {
    pub(crate) fn worth(&self, shares: u128) -> Balance {
        part(shares, self.value, self.shares)
    }

    /// What coins and shares that move between it and a vault may lose: a share, and a planck for each number that is rounded.
    fn rounding(&self) -> Balance {
        part_up(1, self.value, self.shares) + 3
    }
}

/// A vault at the prices of now.
#[derive(Clone, Debug)]
pub(crate) struct Valued {
    pub(crate) vault: VaultEntry,
    pub(crate) stakes: Vec<Stake>,
}

impl Valued {
    pub(crate) fn value(&self) -> Balance {
        let own = |stake: &Stake| stake.worth(stake.held + stake.queued - self.vault.claimed(stake.pool));
        self.vault.free + self.stakes.iter().map(own).sum::<Balance>()
    }

    pub(crate) fn worth(&self, shares: u128) -> Balance {
        part(shares, self.value(), self.vault.shares)
    }

    /// What a share is worth, rounded up.
    fn of_one(&self) -> Balance {
        part_up(1, self.value(), self.vault.shares)
    }

    pub(crate) fn suffices(&self, shares: u128) -> bool {
        shares >= LEAST_SHARES && self.worth(shares) >= PHA
    }

    pub(crate) fn stake(&self, pool: PoolId) -> Option<&Stake> {
        self.stakes.iter().find(|stake| stake.pool == pool)
    }

    /// What may be lost by coins and shares that move to or from a pool.
    fn rounding(&self, pool: PoolId) -> Balance {
        self.stake(pool).map_or(0, Stake::rounding)
    }

    fn claim_worth(&self, claim: &Claim) -> Balance {
        self.stake(claim.pool).map_or(0, |stake| stake.worth(claim.shares))
    }

    /// What a request is worth: its claims, and its shares of the vault.
    pub(crate) fn request_worth(&self, request: &Request) -> Balance {
        self.worth(request.shares) + request.claims.iter().map(|claim| self.claim_worth(claim)).sum::<Balance>()
    }

    /// Free coins beyond what those who wait may be owed.
    pub(crate) fn spare(&self) -> Balance {
        let claims = self.stakes.iter().map(|stake| stake.worth(self.vault.claimed(stake.pool)));
        let owed = self.worth(self.vault.waiting()) + claims.sum::<Balance>();
        self.vault.free.saturating_sub(owed)
    }

    /// Value and shares.
    fn price(&self) -> (Balance, u128) {
        (self.value(), self.vault.shares)
    }

    /// Nobody who stays has lost more than `rounding` planck together.
    fn assert_kept(&self, before: (Balance, u128), rounding: Balance) {
        let (value, shares) = self.price();
        let fell = U256::from(value + rounding) * U256::from(before.1) < U256::from(before.0) * U256::from(shares);
        assert!(
            before.1 == 0 || shares == 0 || !fell,
            "a vault's price fell from {before:?} to {value} of {shares}"
        );
    }
}

/// What a pool did when shares were taken back.
#[derive(Clone, Copy, Debug, Default)]
struct Withdrawn {
    shares: u128,
    /// Of these, those that were paid at once, and for how much.
    burned: u128,
    paid: Balance,
    request: Option<u64>,
}

impl Ledger {
    /// Does a call on a copy, which counts if nothing refuses it: what is told of it.
    pub(crate) fn foresee(&mut self, call: impl FnOnce(&mut Self) -> Foreseen<()>) -> Foreseen<Told> {
        let mut draft = self.clone();
        call(&mut draft)?;
        *self = draft;
        Ok(self.take_told())
    }

    fn tell(&mut self, event: impl Into<RuntimeEvent>) {
        self.told.push(event.into());
    }

    fn tell_all(&mut self, events: impl IntoIterator<Item = impl Into<RuntimeEvent>>) {
        events.into_iter().for_each(|event| self.tell(event));
    }

    fn take_told(&mut self) -> Told {
        std::mem::take(&mut self.told)
    }

    /// Coins of the pot go to an account, or are booked, which is told.
    fn pay_from_pot(&mut self, who: &AccountId32, amount: Balance) {
        let booked = self.pay_out(who, amount);
        self.tell_all(booked);
    }

    /// Coins of all vaults that are in no pool.
    pub(crate) fn vault_coins(&self) -> Balance {
        self.vaults.values().map(|vault| vault.free).sum()
    }

    pub(crate) fn vault(&self, id: VaultId) -> Foreseen<VaultEntry> {
        Ok(self.vaults.get(&id).cloned().ok_or(VaultError::VaultNotFound)?)
    }

    /// The same for its owner.
    fn vault_owned_by(&self, who: &AccountId32, id: VaultId) -> Foreseen<VaultEntry> {
        let vault = self.vault(id)?;
        frame_support::ensure!(vault.owner == *who, VaultError::NotOwner);
        Ok(vault)
    }

    /// A vault at the prices of its pools once they are touched.
    pub(crate) fn valued(&self, id: VaultId, lost: &Lost) -> Foreseen<Valued> {
        let (vault, account) = (self.vault(id)?, vault_account(id));
        let stake = |id: &PoolId| {
            let (mut pool, _) = self.touched(*id, lost_of(lost, *id))?;
            pool.give_rest(*id);
            Ok(Stake {
                pool: *id,
                value: pool.value(),
                shares: pool.shares,
                held: pool.held_by(&account),
                queued: pool.queued_by(&account),
            })
        };
        let stakes = vault.places.iter().map(stake).collect::<Foreseen<_>>()?;
        Ok(Valued { vault, stakes })
    }

    /// A vault that was changed: it is served as long as free coins may pay somebody.
    fn put_vault(&mut self, id: VaultId, vault: VaultEntry) {
        if vault.free > 0 && !vault.queue.is_empty() {
            self.join_vault_ring(id);
        }
        self.put_served_vault(id, vault);
    }

    /// The same without the ring. Without shares all that is free is the owner's, unless somebody waits for what lies in pools.
    fn put_served_vault(&mut self, id: VaultId, mut vault: VaultEntry) {
        if vault.shares == 0 {
            vault.mark = ONE;
            if vault.free > 0 && vault.queue.is_empty() {
                let amount = std::mem::take(&mut vault.free);
                let owner = vault.owner.clone();
                self.pay_from_pot(&owner, amount);
                self.tell(VaultEvent::RestTaken { vault: id, amount });
            }
        }
        self.vaults.insert(id, vault);
    }

    fn join_vault_ring(&mut self, id: VaultId) {
        if !self.vault_ring.contains(&id) {
            self.vault_ring.push_back(id);
        }
    }

    /// A vault's account takes shares of a pool back.
    fn withdraw_from(
        &mut self,
        account: &AccountId32,
        pool: PoolId,
        shares: u128,
        min_amount: Balance,
        lost: &Lost,
    ) -> Foreseen<Withdrawn> {
        let events = self.undelegate(account, pool, shares, min_amount, lost_of(lost, pool))?;
        let mut done = Withdrawn::default();
        for event in &events {
            match event {
                PoolEvent::Undelegated { shares, amount, .. } => {
                    done.shares += shares;
                    (done.burned, done.paid) = (*shares, *amount);
                }
                PoolEvent::RequestQueued { request, shares, .. } => {
                    done.shares += shares;
                    done.request = Some(*request);
                }
                _ => {}
            }
        }
        self.tell_all(events);
        Ok(done)
    }

    /// A pool is forgotten when nothing of the vault is in it, and nobody waits for news of it.
    fn tidy(&self, account: &AccountId32, vault: &mut VaultEntry, id: PoolId) {
        let there = |pool: &super::pools::PoolEntry| pool.held_by(account) + pool.queued_by(account) > 0;
        if !self.pools.get(&id).is_some_and(there) && vault.claimed(id) == 0 {
            vault.places.retain(|place| *place != id);
        }
    }

    /// After something that moves coins into or out of pools, nobody who stays has lost more than `rounding` planck.
    fn assert_price_kept(&self, id: VaultId, before: (Balance, u128), rounding: Balance, lost: &Lost) {
        if let Ok(at) = self.valued(id, lost) {
            at.assert_kept(before, rounding);
        }
    }
}

fn lost_of(lost: &Lost, pool: PoolId) -> Balance {
    lost.get(&pool).copied().unwrap_or(0)
}

/// Of a claim in a request of `shares`, of which `burned` were paid with `paid` planck: what of the claim was paid, and with how much.
fn split(claim: u128, shares: u128, burned: u128, paid: Balance) -> (u128, Balance) {
    let taken = if burned == shares { claim } else { part(claim, burned, shares) };
    let coins = part(paid, taken, burned);
    let whole = part_up(paid, claim, shares);
    // Never more than its part, nor less by more than a share of it and a planck.
    let off = part_up(paid, 1, burned) + 1;
    assert!(
        coins <= whole && coins + off >= whole,
        "a claim of {claim} in {shares} got {coins} of {paid}"
    );
    (taken, coins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vaults_account_is_known_by_its_bytes() {
        for id in [0, 1, 7, u32::MAX] {
            assert_eq!(vault_of(&vault_account(id)), Some(id));
        }
        assert_eq!(vault_of(&crate::runtime::account(0)), None);
        let mut bytes: [u8; 32] = vault_account(1).into();
        bytes[31] = 1;
        assert_eq!(vault_of(&bytes.into()), None);
    }

    #[test]
    fn a_claim_gets_its_part_of_a_payment() {
        assert_eq!(split(100, 100, 100, 250), (100, 250));
        assert_eq!(split(50, 100, 100, 251), (50, 125));
        assert_eq!(split(50, 100, 9, 90), (4, 40));
        assert_eq!(split(100, 100, 0, 0), (0, 0));
    }
}
