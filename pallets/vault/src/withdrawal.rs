//! Withdrawal: shares in, coins out. What free coins do not cover becomes shares of pools, which the pools take back: from then on they
//! belong to whoever leaves, with their gains and losses, and what a pool pays for them flows through.

use crate::{
    filing::{self, Filing, Held},
    pallet::*,
    types::{Claim, Claims},
    value::{Stake, Valued},
};
use alloc::vec::Vec;
use frame_support::ensure;
use khala_economics::fixed::{mul_div, mul_div_up};
use khala_pallet_stake_pool::{shares::shares_for, Pallet as Pools, MIN_DELEGATION, MIN_SHARES};
use khala_primitives::{Balance, PoolId, RequestId, VaultId};
use sp_runtime::{DispatchError, DispatchResult};

/// What a withdrawal may lose to rounding beside a share of each pool, in planck.
const ROUNDING: Balance = 1_000;

/// What was asked of the pools for somebody who leaves.
#[derive(Default)]
struct Filed {
    /// Paid at once, in planck.
    paid: Balance,
    /// What waits in queues.
    claims: Claims,
    /// What all that is worth, in planck.
    worth: Balance,
}

impl<AccountId> Stake<AccountId> {
    fn held(&self) -> Option<Held> {
        Some(Held {
            shares: self.held,
            worth: self.pool.worth(self.held)?,
            pool_value: self.pool.value()?,
            pool_shares: self.pool.pool.shares,
        })
    }
}

impl<AccountId> Valued<AccountId> {
    /// What of `worth` planck is paid at once: all of it, or at least 1 PHA and at least 1 PHA is left; nothing while others wait.
    pub(crate) fn at_once(&self, worth: Balance) -> Balance {
        if !self.vault.queue.is_empty() {
            return 0;
        }
        if worth <= self.vault.free {
            return worth;
        }
        let part = self.vault.free.min(worth.saturating_sub(MIN_DELEGATION));
        if part < MIN_DELEGATION {
            0
        } else {
            part
        }
    }

    /// What a withdrawal from these pools may lose to rounding, in planck: a share of each, however dear it is, and a little. It is the
    /// vault's, and nobody waits for it.
    pub(crate) fn rounding(&self, pools: impl IntoIterator<Item = PoolId>) -> Option<Balance> {
        let of_share = |pool: PoolId| self.stake(pool)?.pool.worth(1)?.checked_add(1);
        pools.into_iter().try_fold(ROUNDING, |sum, pool| sum.checked_add(of_share(pool)?))
    }

    /// What to file in which of the pools so that `amount` planck come back.
    pub(crate) fn filings(&self, amount: Balance) -> Option<Vec<Filing>> {
        let held = self.stakes.iter().map(Stake::held).collect::<Option<Vec<_>>>()?;
        filing::plan(&held, amount)
    }
}

impl<T: Config> Pallet<T> {
    /// Takes so many of an account's shares back, worth at least `min_amount` planck now. All of the holding is taken if less than a
    /// smallest holding would be left of it.
    pub(crate) fn do_undelegate(who: T::AccountId, id: VaultId, shares: u128, min_amount: Balance) -> DispatchResult {
        ensure!(shares > 0, Error::<T>::NothingToMove);
        let mut at = Self::settled(id)?;
        let mut holding = Holdings::<T>::get(&who, id);
        let rest = holding.shares.checked_sub(shares).ok_or(Error::<T>::NotEnoughShares)?;
        let suffices = |shares| at.suffices(shares).ok_or(Error::<T>::Overflow);
        let shares = if suffices(rest)? { shares } else { holding.shares };
        ensure!(shares == holding.shares || suffices(shares)?, Error::<T>::RequestTooSmall);
        let worth = at.worth(shares).ok_or(Error::<T>::Overflow)?;
        ensure!(worth >= min_amount, Error::<T>::TooLittleWorth);
        holding.shares = holding.shares.saturating_sub(shares);

        let mut paid = at.at_once(worth);
        let open = worth.checked_sub(paid).ok_or(Error::<T>::Overflow)?;
        let filings = at.filings(open).ok_or(Error::<T>::Overflow)?;
        at.vault.free = at.vault.free.checked_sub(paid).ok_or(Error::<T>::Overflow)?;
        let pools = filings.iter().filter_map(|filing| Some(at.stakes.get(filing.index)?.pool.id));
        let rounding = at.rounding(pools).ok_or(Error::<T>::Overflow)?;
        let filed = Self::file(&mut at, &filings)?;
        paid = paid.checked_add(filed.paid).ok_or(Error::<T>::Overflow)?;
        // What shares of pools do not cover, rounding aside, waits for coins that are free already or that the owner is moving.
        let missing = open.saturating_sub(filed.worth);
        let waiting = if missing > rounding {
            mul_div(shares, missing, worth).ok_or(Error::<T>::Overflow)?
        } else {
            0
        };
        let burned = shares.checked_sub(waiting).ok_or(Error::<T>::Overflow)?;
        at.vault.shares = at.vault.shares.checked_sub(burned).ok_or(Error::<T>::Overflow)?;
        let queued = if waiting > 0 || !filed.claims.is_empty() {
            let claims = filed.claims;
            Some(Self::enqueue(id, &mut at.vault, &who, &mut holding, claims, waiting)?)
        } else {
            None
        };
        Self::store(id, at.vault)?;
        Self::put_holding(&who, id, holding);
        Pools::<T>::pay(&who, paid)?;
        // Of the shares that are gone, those for coins; the others are for what waits in pools.
        let sold = match queued {
            Some(_) => mul_div(shares, paid, worth).ok_or(Error::<T>::Overflow)?,
            None => burned,
        };
        if paid > 0 || queued.is_none() {
            Self::deposit_event(Event::Undelegated {
                vault: id,
                who: who.clone(),
                shares: sold,
                amount: paid,
            });
        }
        if let Some((request, deadline_secs)) = queued {
            let claims = Requests::<T>::get(id, request).map_or_else(Claims::default, |request| request.claims);
            Self::deposit_event(Event::RequestQueued {
                vault: id,
                request,
                who,
                burned: burned.saturating_sub(sold),
                shares: waiting,
                claims,
                deadline_secs,
            });
        }
        Ok(())
    }

    /// Undelegates from pools what a plan says. Of what they pay at once the claims get their part, the vault the rest.
    fn file(at: &mut Valued<T::AccountId>, filings: &[Filing]) -> Result<Filed, DispatchError> {
        let account = Self::account(at.id);
        let mut filed = Filed::default();
        for filing in filings {
            let stake = at.stakes.get_mut(filing.index).ok_or(Error::<T>::Overflow)?;
            let pool = stake.pool.id;
            let worth = stake.pool.worth(filing.claim).ok_or(Error::<T>::Overflow)?;
            filed.worth = filed.worth.checked_add(worth).ok_or(Error::<T>::Overflow)?;
            let done = Pools::<T>::do_undelegate(account.clone(), pool, filing.file, 0)?;
            let left = done.shares.checked_sub(done.burned).ok_or(Error::<T>::Overflow)?;
            stake.held = stake.held.checked_sub(done.shares).ok_or(Error::<T>::Overflow)?;
            let (claim, coins) = split(filing.claim, done.shares, done.burned, done.paid).ok_or(Error::<T>::Overflow)?;
            filed.paid = filed.paid.checked_add(coins).ok_or(Error::<T>::Overflow)?;
            let ours = done.paid.checked_sub(coins).ok_or(Error::<T>::Overflow)?;
            at.vault.free = at.vault.free.checked_add(ours).ok_or(Error::<T>::Overflow)?;
            let shares = filing.claim.checked_sub(claim).ok_or(Error::<T>::Overflow)?;
            if let Some((request, _)) = done.queued.filter(|_| shares > 0 && left > 0) {
                let claim = Claim { pool, request, shares };
                filed.claims.try_push(claim).map_err(|_| Error::<T>::TooManyPools)?;
            }
            Self::tidy(at.id, &mut at.vault, pool);
        }
        Ok(filed)
    }

    /// Takes a request out of the queue as long as its pools allow it: the shares of pools are the vault's again, and the account gets
    /// shares of the vault for what they are worth now.
    pub(crate) fn do_cancel_request(who: T::AccountId, id: VaultId, number: RequestId) -> DispatchResult {
        let mut request = Requests::<T>::get(id, number).ok_or(Error::<T>::RequestNotFound)?;
        ensure!(request.who == who, Error::<T>::NotRequester);
        let mut at = Self::settled(id)?;
        // What has come out of pools already, or will soon, has to reach those who wait for it.
        ensure!(at.vault.queue.queued_shares == request.shares, Error::<T>::CoinsAwaited);
        ensure!(Pools::<T>::now() < request.deadline_secs, Error::<T>::DeadlinePassed);
        let mut worth: Balance = 0;
        for claim in &request.claims {
            let one = at.claim_worth(claim).ok_or(Error::<T>::Overflow)?;
            worth = worth.checked_add(one).ok_or(Error::<T>::Overflow)?;
        }
        let value = at.value().ok_or(Error::<T>::Overflow)?;
        let mut bought = 0;
        if !request.claims.is_empty() {
            ensure!(at.vault.shares == 0 || value > 0, Error::<T>::VaultWorthless);
            ensure!(at.vault.shares > 0 || value == 0, Error::<T>::VaultUnwinding);
            bought = shares_for(worth, value, at.vault.shares).ok_or(Error::<T>::Overflow)?;
        }
        let mut holding = Holdings::<T>::get(&who, id);
        let waiting = request.shares;
        Self::take_waiting(&mut at.vault, &mut request, &mut holding, waiting)?;
        for claim in &mut request.claims {
            let all = claim.shares;
            Self::take_from_claim(&mut at.vault, claim, all)?;
            Pools::<T>::do_cancel_request(Self::account(id), claim.pool, claim.request)?;
        }
        Self::keep_request(id, &mut at.vault, number, request, &mut holding)?;
        at.vault.shares = at.vault.shares.checked_add(bought).ok_or(Error::<T>::Overflow)?;
        let shares = bought.checked_add(waiting).ok_or(Error::<T>::Overflow)?;
        holding.shares = holding.shares.checked_add(shares).ok_or(Error::<T>::Overflow)?;
        ensure!(holding.shares >= MIN_SHARES, Error::<T>::SharesTooDear);
        Self::store(id, at.vault)?;
        Holdings::<T>::insert(&who, id, holding);
        Self::deposit_event(Event::RequestCancelled {
            vault: id,
            request: number,
            who,
            shares,
        });
        Ok(())
    }

    /// Pays the first one who waits out of free coins, wholly or in part: its shares of pools become the vault's own. `None` when free
    /// coins do not allow it.
    pub(crate) fn pay_first(mut at: Valued<T::AccountId>) -> Result<Option<Valued<T::AccountId>>, DispatchError> {
        let id = at.id;
        let Some(number) = at.vault.queue.first else { return Ok(None) };
        let mut request = Requests::<T>::get(id, number).ok_or(Error::<T>::RequestNotFound)?;
        let waiting = at.worth(request.shares).ok_or(Error::<T>::Overflow)?;
        let mut total = waiting;
        for claim in &request.claims {
            let one = at.claim_worth(claim).ok_or(Error::<T>::Overflow)?;
            total = total.checked_add(one).ok_or(Error::<T>::Overflow)?;
        }
        let amount = total.min(at.vault.free);
        if amount < total && amount < MIN_DELEGATION {
            return Ok(None);
        }
        let mut holding = Holdings::<T>::get(&request.who, id);
        let mut open = amount;
        let burned = if open >= waiting {
            request.shares
        } else {
            let value = at.value().ok_or(Error::<T>::Overflow)?;
            let part = mul_div_up(open, at.vault.shares, value).ok_or(Error::<T>::Overflow)?;
            part.min(request.shares)
        };
        open = open.saturating_sub(waiting);
        Self::take_waiting(&mut at.vault, &mut request, &mut holding, burned)?;
        for claim in &mut request.claims {
            let stake = at.stake(claim.pool).ok_or(Error::<T>::PoolNotUsed)?;
            let worth = stake.pool.worth(claim.shares).ok_or(Error::<T>::Overflow)?;
            let part = if open >= worth {
                claim.shares
            } else {
                let value = stake.pool.value().ok_or(Error::<T>::Overflow)?;
                let part = mul_div_up(open, stake.pool.pool.shares, value).ok_or(Error::<T>::Overflow)?;
                part.min(claim.shares)
            };
            open = open.saturating_sub(worth);
            Self::take_from_claim(&mut at.vault, claim, part)?;
        }
        at.vault.shares = at.vault.shares.checked_sub(burned).ok_or(Error::<T>::Overflow)?;
        at.vault.free = at.vault.free.checked_sub(amount).ok_or(Error::<T>::Overflow)?;
        let who = request.who.clone();
        let left = Self::keep_request(id, &mut at.vault, number, request, &mut holding)?;
        Self::put(id, at.vault.clone())?;
        Self::put_holding(&who, id, holding);
        Pools::<T>::pay(&who, amount)?;
        Self::deposit_event(Event::RequestPaid {
            vault: id,
            request: number,
            who,
            shares: burned,
            amount,
            ended: !left,
        });
        // Storing may have given a rest to the owner.
        at.vault = Self::vault(id)?;
        Ok(Some(at))
    }
}

/// Of a claim of `claim` shares in a request of `shares`, of which `burned` were paid with `paid` planck: the claim's shares that were
/// paid, and its coins, both rounded down unless it is all. `None` on overflow.
pub(crate) fn split(claim: u128, shares: u128, burned: u128, paid: Balance) -> Option<(u128, Balance)> {
    if burned == 0 {
        return Some((0, 0));
    }
    let taken = if burned >= shares { claim } else { mul_div(claim, burned, shares)? };
    Some((taken, mul_div(paid, taken, burned)?))
}
