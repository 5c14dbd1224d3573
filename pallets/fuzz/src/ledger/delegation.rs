//! Coins in, shares out, and the other way round. What a call will do is said before it is made.

use super::{pools::Request, vaults::vault_of, Foreseen, Ledger, PoolError, PoolEvent};
use frame_support::ensure;
use khala_primitives::{AccountId32, Balance, PoolId, PHA};

/// Most requests of a holder in a queue.
const MOST_REQUESTS: usize = 8;
const LEAST_SHARES: u128 = 10_000_000_000;

impl Ledger {
    pub(crate) fn delegate(&mut self, who: &AccountId32, id: PoolId, amount: Balance, min_shares: u128, impaired: Balance) -> Foreseen {
        ensure!(amount >= PHA, PoolError::DelegationTooSmall);
        let (mut pool, mut events) = self.touched(id, impaired)?;
        ensure!(pool.admits(who), PoolError::NotAllowed);
        if pool.shares == 0 {
            ensure!(pool.staked + pool.cooling == 0, PoolError::PoolUnwinding);
        } else {
            ensure!(pool.value() > 0, PoolError::PoolWorthless);
        }
        ensure!(pool.cap.is_none_or(|cap| pool.capped() + amount <= cap), PoolError::CapExceeded);
        let shares = pool.shares_for(amount);
        ensure!(shares >= min_shares, PoolError::TooFewShares);
        let held = pool.held_by(who) + shares;
        ensure!(held >= LEAST_SHARES, PoolError::SharesTooDear);
        self.take_from(who, amount)?;
        pool.exchange(pool.free + amount, pool.shares + shares);
        pool.hold(who, held);
        self.put(id, pool, &mut events);
        events.push(PoolEvent::Delegated {
            pool: id,
            who: who.clone(),
            amount,
            shares,
        });
        Ok(events)
    }

    pub(crate) fn undelegate(&mut self, who: &AccountId32, id: PoolId, wanted: u128, min_amount: Balance, impaired: Balance) -> Foreseen {
        ensure!(wanted > 0, PoolError::NothingToMove);
        let (mut pool, mut events) = self.touched(id, impaired)?;
        let held = pool.held_by(who);
        ensure!(wanted <= held, PoolError::NotEnoughShares);
        let shares = if pool.suffices(held - wanted) { wanted } else { held };
        ensure!(shares == held || pool.suffices(shares), PoolError::RequestTooSmall);
        let worth = pool.worth(shares);
        ensure!(worth >= min_amount, PoolError::TooLittleWorth);
        let at_once = pool.queue.is_empty() || worth == 0;
        let (paid, burned) = pool.payment(shares).filter(|_| at_once).unwrap_or((0, 0));
        let mine = pool.queue.iter().filter(|request| request.who == *who).count();
        let many = mine >= MOST_REQUESTS && vault_of(who).is_none();
        ensure!(shares == burned || !many, PoolError::TooManyRequests);

        pool.hold(who, held - shares);
        if worth == 0 {
            // The others' shares are dearer by it: what was on its way for them may be too little.
            (pool.free, pool.shares) = (pool.free - paid, pool.shares - burned);
            pool.queue.iter_mut().for_each(|request| request.covered_by = None);
        } else {
            pool.exchange(pool.free - paid, pool.shares - burned);
        }
        let left = shares - burned;
        let queued = (left > 0).then(|| self.enqueue(id, &mut pool.queue, &mut pool.next_request, who, left));
        self.put(id, pool, &mut events);
        if burned > 0 {
            events.extend(self.pay_out(who, paid));
            events.push(PoolEvent::Undelegated {
                pool: id,
                who: who.clone(),
                shares: burned,
                amount: paid,
            });
        }
        events.extend(queued);
        Ok(events)
    }

    /// The deadline of a request that is made now.
    pub(crate) fn next_deadline(&self) -> u64 {
        let newest = self.agenda.back().map_or(0, |(due, ..)| *due);
        newest.max(self.clock.credited + self.times.grace_secs)
    }

    /// At the end of the queue, with a deadline that nothing moves, and that is never before another one's.
    fn enqueue(
        &mut self,
        pool: PoolId,
        queue: &mut std::collections::VecDeque<Request>,
        next: &mut u64,
        who: &AccountId32,
        shares: u128,
    ) -> PoolEvent {
        let deadline = self.next_deadline();
        let request = *next;
        *next += 1;
        self.agenda.push_back((deadline, pool, request));
        queue.push_back(Request {
            id: request,
            who: who.clone(),
            shares,
            deadline,
            due: false,
            covered_by: None,
        });
        PoolEvent::RequestQueued {
            pool,
            request,
            who: who.clone(),
            shares,
            deadline_secs: deadline,
        }
    }

    pub(crate) fn cancel(&mut self, who: &AccountId32, id: PoolId, request: u64, impaired: Balance) -> Foreseen {
        let (mut pool, mut events) = self.touched(id, impaired)?;
        let place = pool.queue.iter().position(|other| other.id == request);
        let place = place.ok_or(PoolError::RequestNotFound)?;
        ensure!(pool.queue[place].who == *who, PoolError::NotRequester);
        ensure!(self.clock.credited < pool.queue[place].deadline, PoolError::DeadlinePassed);
        let shares = pool.queue.remove(place).map_or(0, |request| request.shares);
        pool.hold(who, pool.held_by(who) + shares);
        self.put(id, pool, &mut events);
        events.push(PoolEvent::RequestCancelled {
            pool: id,
            request,
            who: who.clone(),
            shares,
        });
        Ok(events)
    }

    pub(crate) fn transfer_shares(
        &mut self,
        from: &AccountId32,
        id: PoolId,
        to: &AccountId32,
        shares: u128,
        impaired: Balance,
    ) -> Foreseen {
        ensure!(shares > 0, PoolError::NothingToMove);
        ensure!(from != to, PoolError::TransferToSelf);
        ensure!(vault_of(to).is_none(), PoolError::NotTransferable);
        let (mut pool, mut events) = self.touched(id, impaired)?;
        ensure!(pool.admits(to), PoolError::NotAllowed);
        let rest = pool.held_by(from).checked_sub(shares).ok_or(PoolError::NotEnoughShares)?;
        ensure!(
            rest == 0 || (pool.suffices(shares) && pool.suffices(rest)),
            PoolError::HoldingTooSmall
        );
        pool.hold(from, rest);
        pool.hold(to, pool.held_by(to) + shares);
        self.put(id, pool, &mut events);
        events.push(PoolEvent::SharesTransferred {
            pool: id,
            from: from.clone(),
            to: to.clone(),
            shares,
        });
        Ok(events)
    }
}
