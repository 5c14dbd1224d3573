//! Out of vaults: coins at once, shares of pools, shares that wait.

use super::{filing::Filing, lost_of, part, split, Claim, Lost, Request, Stake, Valued, MOST_REQUESTS};
use crate::{
    ledger::{Foreseen, Ledger, PoolEvent, VaultError, VaultEvent},
    runtime::vault_account,
};
use frame_support::ensure;
use khala_primitives::{AccountId32, Balance, VaultId, PHA};

/// What a withdrawal may lose to rounding, beside a share of each pool that it is asked of, in planck.
const ROUNDING: Balance = 1_000;

/// What was asked of pools for somebody who leaves.
#[derive(Default)]
struct Asked {
    paid: Balance,
    claims: Vec<Claim>,
    worth: Balance,
}

/// The claims as the chain tells of them.
pub(super) fn told_claims(claims: &[Claim]) -> khala_pallet_vault::Claims {
    let theirs = |claim: &Claim| khala_pallet_vault::Claim {
        pool: claim.pool,
        request: claim.request,
        shares: claim.shares,
    };
    claims.iter().map(theirs).collect::<Vec<_>>().try_into().unwrap_or_default()
}

impl Valued {
    /// What of so much free coins pay: all, or a smallest part that leaves a smallest part.
    fn at_once(&self, worth: Balance) -> Balance {
        if !self.vault.queue.is_empty() {
            return 0;
        }
        let most = match worth <= self.vault.free {
            true => return worth,
            false => self.vault.free.min(worth.saturating_sub(PHA)),
        };
        if most >= PHA {
            most
        } else {
            0
        }
    }
}

impl Ledger {
    pub(crate) fn leave_vault(&mut self, who: &AccountId32, id: VaultId, wanted: u128, min_amount: Balance, lost: &Lost) -> Foreseen<()> {
        ensure!(wanted > 0, VaultError::NothingToMove);
        let mut at = self.settled_vault(id, lost)?;
        let held = at.vault.held_by(who);
        ensure!(wanted <= held, VaultError::NotEnoughShares);
        let shares = if at.suffices(held - wanted) { wanted } else { held };
        ensure!(shares == held || at.suffices(shares), VaultError::RequestTooSmall);
        let worth = at.worth(shares);
        ensure!(worth >= min_amount, VaultError::TooLittleWorth);

        let (before, prices) = (at.price(), at.clone());
        let mut paid = at.at_once(worth);
        let open = worth - paid;
        at.vault.free -= paid;
        let mut asked = Asked::default();
        let mut lose = ROUNDING;
        for filing in at.plan(open) {
            lose += at.stakes[filing.place].worth(1) + 1;
            self.ask(id, &mut at, filing, lost, &mut asked)?;
        }
        paid += asked.paid;
        let missing = open - asked.worth;
        let waiting = if missing > lose { part(shares, missing, worth) } else { 0 };
        let claimed: Balance = asked.claims.iter().map(|claim| prices.claim_worth(claim)).sum();
        // Whoever leaves gets what it had, rounding aside: what it claims may lose a share of each pool, and what waits one of the vault.
        let got = paid + claimed + part(waiting, worth, shares);
        let rounding: Balance = prices.stakes.iter().map(Stake::rounding).sum();
        assert!(
            got <= worth && got + lose + prices.of_one() + rounding >= worth,
            "shares worth {worth} became {paid} planck, {:?} and {waiting} that wait",
            asked.claims
        );

        at.vault.shares -= shares - waiting;
        at.vault.hold(who, held - shares);
        let mut queued = None;
        // Of the shares that are gone, those for coins.
        let mut sold = shares;
        if waiting > 0 || !asked.claims.is_empty() {
            sold = part(shares, paid, worth);
            let mine = at.vault.queue.iter().filter(|request| request.who == *who).count();
            ensure!(mine < MOST_REQUESTS, VaultError::TooManyRequests);
            let newest = at.vault.queue.back().map_or(0, |last| last.deadline);
            let request = Request {
                id: at.vault.next_request,
                who: who.clone(),
                claims: asked.claims,
                shares: waiting,
                deadline: newest.max(self.next_deadline() + self.margin_secs),
            };
            queued = Some(VaultEvent::RequestQueued {
                vault: id,
                request: request.id,
                who: who.clone(),
                burned: shares - waiting - sold,
                shares: waiting,
                claims: told_claims(&request.claims),
                deadline_secs: request.deadline,
            });
            self.assert_in_time(&request);
            at.vault.next_request += 1;
            at.vault.queue.push_back(request);
        }
        self.put_vault(id, at.vault);
        self.assert_price_kept(id, before, rounding, lost);
        self.pay_from_pot(who, paid);
        if paid > 0 || queued.is_none() {
            self.tell(VaultEvent::Undelegated {
                vault: id,
                who: who.clone(),
                shares: sold,
                amount: paid,
            });
        }
        self.tell_all(queued);
        Ok(())
    }

    /// What pools were asked for is due in them a margin before the request is.
    fn assert_in_time(&self, request: &Request) {
        for claim in &request.claims {
            let queue = self.pools.get(&claim.pool).map(|pool| &pool.queue);
            let theirs = queue.and_then(|queue| queue.iter().find(|other| other.id == claim.request));
            let in_time = theirs.is_some_and(|theirs| theirs.deadline + self.margin_secs <= request.deadline);
            assert!(in_time, "{request:?} waits for {theirs:?}");
        }
    }

    /// Takes back what a filing says. What a pool pays at once is the claim's by its part, the rest the vault's.
    fn ask(&mut self, id: VaultId, at: &mut Valued, filing: Filing, lost: &Lost, asked: &mut Asked) -> Foreseen<()> {
        let account = vault_account(id);
        let stake = &mut at.stakes[filing.place];
        let pool = stake.pool;
        asked.worth += stake.worth(filing.claim);
        let done = self.withdraw_from(&account, pool, filing.file, 0, lost)?;
        stake.held -= done.shares;
        let (taken, coins) = split(filing.claim, done.shares, done.burned, done.paid);
        asked.paid += coins;
        at.vault.free += done.paid - coins;
        let shares = filing.claim - taken;
        if let Some(request) = done.request.filter(|_| shares > 0) {
            asked.claims.push(Claim { pool, request, shares });
        }
        self.tidy(&account, &mut at.vault, pool);
        Ok(())
    }

    pub(crate) fn cancel_in_vault(&mut self, who: &AccountId32, id: VaultId, number: u64, lost: &Lost) -> Foreseen<()> {
        let place = |vault: &super::VaultEntry| vault.queue.iter().position(|request| request.id == number);
        let place = self.vaults.get(&id).and_then(place).ok_or(VaultError::RequestNotFound)?;
        ensure!(self.vault(id)?.queue[place].who == *who, VaultError::NotRequester);
        let mut at = self.settled_vault(id, lost)?;
        let request = at.vault.queue[place].clone();
        ensure!(at.vault.waiting() == request.shares, VaultError::CoinsAwaited);
        ensure!(self.clock.credited < request.deadline, VaultError::DeadlinePassed);
        let before = at.price();
        let worth: Balance = request.claims.iter().map(|claim| at.claim_worth(claim)).sum();
        let bought = match before {
            _ if request.claims.is_empty() => 0,
            (0, shares) if shares > 0 => return Err(VaultError::VaultWorthless.into()),
            (0, _) => worth,
            (_, 0) => return Err(VaultError::VaultUnwinding.into()),
            (value, shares) => part(worth, shares, value),
        };
        let account = vault_account(id);
        for claim in &request.claims {
            let events: Vec<PoolEvent> = self.cancel(&account, claim.pool, claim.request, lost_of(lost, claim.pool))?;
            self.tell_all(events);
        }
        at.vault.queue.remove(place);
        at.vault.shares += bought;
        let shares = bought + request.shares;
        let held = at.vault.held_by(who) + shares;
        ensure!(held >= super::LEAST_SHARES, VaultError::SharesTooDear);
        at.vault.hold(who, held);
        self.put_vault(id, at.vault);
        self.assert_price_kept(id, before, 0, lost);
        let who = who.clone();
        self.tell(VaultEvent::RequestCancelled {
            vault: id,
            request: number,
            who,
            shares,
        });
        Ok(())
    }
}
