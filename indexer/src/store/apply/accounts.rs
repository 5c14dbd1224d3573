//! Shares and coins of accounts.

use super::{add, At};
use crate::{
    chain::Fact,
    model::{Address, MovementKind as Kind, Planck, Shares, WithdrawalState},
    store::{functions::worth, LATEST_MS},
};
use rusqlite::OptionalExtension;

/// How a delegation changes.
#[derive(Clone, Copy, Default)]
struct Change {
    shares: i128,
    queued: i128,
    put_in: u128,
    taken_out: u128,
}

/// A movement to be noted.
struct Noted {
    kind: Kind,
    account: Address,
    pool: Option<u32>,
    shares: Option<u128>,
    amount: u128,
    other: Option<Address>,
    request: Option<u64>,
}

impl Noted {
    fn new(kind: Kind, account: Address, pool: u32, shares: u128, amount: u128) -> Self {
        Self {
            kind,
            account,
            pool: Some(pool),
            shares: Some(shares),
            amount,
            other: None,
            request: None,
        }
    }

    fn coins(kind: Kind, account: Address, pool: Option<u32>, amount: u128) -> Self {
        Self {
            kind,
            account,
            pool,
            shares: None,
            amount,
            other: None,
            request: None,
        }
    }

    fn with(self, other: Address) -> Self {
        Self {
            other: Some(other),
            ..self
        }
    }

    fn of(self, request: u64) -> Self {
        Self {
            request: Some(request),
            ..self
        }
    }
}

impl At<'_> {
    pub(super) fn move_shares(&self, place: u32, fact: &Fact) -> rusqlite::Result<()> {
        match *fact {
            Fact::Delegated { pool, who, amount, shares } => {
                self.change(pool, who, bought(shares, amount))?;
                self.note(place, &Noted::new(Kind::Delegated, who, pool, shares, amount))
            }
            Fact::Undelegated { pool, who, shares, amount } => {
                self.change(pool, who, sold(shares, amount))?;
                self.note(place, &Noted::new(Kind::Undelegated, who, pool, shares, amount))
            }
            Fact::SharesTransferred { pool, from, to, shares } => {
                let amount = self.worth_now(pool, shares);
                self.change(pool, from, sold(shares, amount))?;
                self.change(pool, to, bought(shares, amount))?;
                self.note(place, &Noted::new(Kind::Sent, from, pool, shares, amount).with(to))?;
                self.note(
                    place.saturating_add(1),
                    &Noted::new(Kind::Received, to, pool, shares, amount).with(from),
                )
            }
            Fact::RequestQueued {
                pool,
                request,
                who,
                shares,
                deadline_secs,
            } => {
                self.add_withdrawal(pool, request, who, shares, deadline_secs)?;
                self.change(pool, who, queued(shares))?;
                let amount = self.worth_now(pool, shares);
                self.note(place, &Noted::new(Kind::Queued, who, pool, shares, amount).of(request))
            }
            Fact::RequestDue { pool, request } => self.end_withdrawal(pool, request, WithdrawalState::Due),
            Fact::RequestPaid {
                pool,
                request,
                who,
                shares,
                amount,
                left,
            } => {
                self.pay_withdrawal(pool, request, amount, left)?;
                let change = Change {
                    queued: minus(shares),
                    taken_out: amount,
                    ..Change::default()
                };
                self.change(pool, who, change)?;
                self.note(place, &Noted::new(Kind::Paid, who, pool, shares, amount).of(request))
            }
            Fact::RequestCancelled {
                pool,
                request,
                who,
                shares,
            } => {
                self.end_withdrawal(pool, request, WithdrawalState::Cancelled)?;
                let change = Change {
                    shares: plus(shares),
                    queued: minus(shares),
                    ..Change::default()
                };
                self.change(pool, who, change)?;
                let amount = self.worth_now(pool, shares);
                self.note(place, &Noted::new(Kind::Cancelled, who, pool, shares, amount).of(request))
            }
            Fact::PaymentBooked { who, amount } => {
                self.ensure_account(who)?;
                let (select, update) = (
                    "SELECT unclaimed FROM accounts WHERE account = ?",
                    "UPDATE accounts SET unclaimed = ? WHERE account = ?",
                );
                add(self.db, select, update, who, amount)?;
                self.note(place, &Noted::coins(Kind::Booked, who, None, amount))
            }
            Fact::PaymentClaimed { who, amount } => {
                self.ensure_account(who)?;
                let booked: Planck = self
                    .db
                    .prepare_cached("SELECT unclaimed FROM accounts WHERE account = ?")?
                    .query_row([who], |row| row.get(0))?;
                self.db
                    .prepare_cached("UPDATE accounts SET unclaimed = ? WHERE account = ?")?
                    .execute((Planck(booked.0.saturating_sub(amount)), who))?;
                self.note(place, &Noted::coins(Kind::Claimed, who, None, amount))
            }
            Fact::CommissionClaimed { pool, owner, amount } => self.note(place, &Noted::coins(Kind::Commission, owner, Some(pool), amount)),
            Fact::RestTaken { pool, amount } => match self.block.pool(pool) {
                Some(status) => self.note(place, &Noted::coins(Kind::Rest, Address::from(&status.owner), Some(pool), amount)),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// What shares are worth after the block, in planck: whatever moves shares touches its pool.
    fn worth_now(&self, pool: u32, shares: u128) -> u128 {
        self.block.pool(pool).map_or(0, |status| worth(shares, status.value, status.shares))
    }

    pub(super) fn ensure_account(&self, account: Address) -> rusqlite::Result<()> {
        self.db
            .prepare_cached("INSERT INTO accounts (account, put_in, taken_out, unclaimed) VALUES (?1, ?2, ?2, ?2) ON CONFLICT DO NOTHING")?
            .execute((account, Planck(0)))?;
        Ok(())
    }

    fn change(&self, pool: u32, account: Address, change: Change) -> rusqlite::Result<()> {
        let held = self
            .db
            .prepare_cached("SELECT shares, queued_shares, put_in, taken_out FROM delegations WHERE pool = ? AND account = ?")?
            .query_row((pool, account), |row| {
                Ok((
                    row.get::<_, Shares>(0)?,
                    row.get::<_, Shares>(1)?,
                    row.get::<_, Planck>(2)?,
                    row.get::<_, Planck>(3)?,
                ))
            })
            .optional()?;
        let is_new = held.is_none();
        // Who comes back has put in and taken out before.
        let (shares, queued, put_in, taken_out) = match held {
            Some(held) => held,
            None => self.left_before(pool, account)?,
        };
        let shares = Shares(moved(shares.0, change.shares));
        let queued = Shares(moved(queued.0, change.queued));
        let total = Shares(shares.0.saturating_add(queued.0));
        let (put_in, taken_out) = (
            Planck(put_in.0.saturating_add(change.put_in)),
            Planck(taken_out.0.saturating_add(change.taken_out)),
        );
        if total.0 == 0 {
            self.db
                .prepare_cached("DELETE FROM delegations WHERE pool = ? AND account = ?")?
                .execute((pool, account))?;
        } else {
            self.db
                .prepare_cached(
                    "INSERT INTO delegations (pool, account, shares, queued_shares, total_shares, put_in, taken_out, since_block, since_ms) \
                     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (pool, account) DO UPDATE SET shares = excluded.shares, \
                     queued_shares = excluded.queued_shares, total_shares = excluded.total_shares, put_in = excluded.put_in, \
                     taken_out = excluded.taken_out",
                )?
                .execute((pool, account, shares, queued, total, put_in, taken_out, self.block.number, self.block.time_ms))?;
        }
        self.db
            .prepare_cached(
                "INSERT INTO holdings (account, pool, time_ms, shares, put_in, taken_out) VALUES (?, ?, ?, ?, ?, ?) \
                 ON CONFLICT (account, pool, time_ms) DO UPDATE SET shares = excluded.shares, put_in = excluded.put_in, \
                 taken_out = excluded.taken_out",
            )?
            .execute((account, pool, self.block.time_ms, total, put_in, taken_out))?;
        self.ensure_account(account)?;
        let (select, update) = (
            "SELECT put_in FROM accounts WHERE account = ?",
            "UPDATE accounts SET put_in = ? WHERE account = ?",
        );
        add(self.db, select, update, account, change.put_in)?;
        let (select, update) = (
            "SELECT taken_out FROM accounts WHERE account = ?",
            "UPDATE accounts SET taken_out = ? WHERE account = ?",
        );
        add(self.db, select, update, account, change.taken_out)?;
        match (is_new, total.0 == 0) {
            (true, false) => self.count_delegator(pool, account, 1),
            (false, true) => self.count_delegator(pool, account, -1),
            _ => Ok(()),
        }
    }

    fn left_before(&self, pool: u32, account: Address) -> rusqlite::Result<(Shares, Shares, Planck, Planck)> {
        let before = self
            .db
            .prepare_cached("SELECT put_in, taken_out FROM holdings WHERE account = ? AND pool = ? ORDER BY time_ms DESC LIMIT 1")?
            .query_row((account, pool), |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let (put_in, taken_out) = before.unwrap_or_default();
        Ok((Shares(0), Shares(0), put_in, taken_out))
    }

    fn count_delegator(&self, pool: u32, account: Address, by: i64) -> rusqlite::Result<()> {
        self.db
            .prepare_cached("UPDATE pools SET delegators = delegators + ? WHERE pool = ?")?
            .execute((by, pool))?;
        let now: i64 = self
            .db
            .prepare_cached("UPDATE accounts SET delegations = delegations + ? WHERE account = ? RETURNING delegations")?
            .query_row((by, account), |row| row.get(0))?;
        // The first pool of an account makes it a delegator, the last one ends that.
        let delegators = match (by, now) {
            (1, 1) => 1,
            (-1, 0) => -1,
            _ => 0i64,
        };
        self.db
            .prepare_cached("UPDATE head SET delegators = delegators + ?")?
            .execute([delegators])?;
        Ok(())
    }

    fn add_withdrawal(&self, pool: u32, request: u64, who: Address, shares: u128, deadline_secs: u64) -> rusqlite::Result<()> {
        let deadline_secs = deadline_secs.min(LATEST_MS);
        let promised_secs = deadline_secs
            .saturating_add(self.block.promise(pool, request).unwrap_or(0))
            .min(LATEST_MS);
        self.db
            .prepare_cached(
                "INSERT INTO withdrawals (pool, request, account, state, shares, left_shares, paid, block, time_ms, deadline_secs, \
                 promised_secs) VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute((
                pool,
                request,
                who,
                WithdrawalState::Open,
                Shares(shares),
                Planck(0),
                self.block.number,
                self.block.time_ms,
                deadline_secs,
                promised_secs,
            ))?;
        Ok(())
    }

    fn pay_withdrawal(&self, pool: u32, request: u64, amount: u128, left: u128) -> rusqlite::Result<()> {
        let paid: Option<Planck> = self
            .db
            .prepare_cached("SELECT paid FROM withdrawals WHERE pool = ? AND request = ?")?
            .query_row((pool, request), |row| row.get(0))
            .optional()?;
        let paid = paid.unwrap_or_default();
        self.db
            .prepare_cached("UPDATE withdrawals SET paid = ?, left_shares = ? WHERE pool = ? AND request = ?")?
            .execute((Planck(paid.0.saturating_add(amount)), Shares(left), pool, request))?;
        if left == 0 {
            return self.end_withdrawal(pool, request, WithdrawalState::Paid);
        }
        Ok(())
    }

    fn end_withdrawal(&self, pool: u32, request: u64, state: WithdrawalState) -> rusqlite::Result<()> {
        let ended_ms = matches!(state, WithdrawalState::Paid | WithdrawalState::Cancelled).then_some(self.block.time_ms);
        self.db
            .prepare_cached("UPDATE withdrawals SET state = ?, ended_ms = ? WHERE pool = ? AND request = ?")?
            .execute((state, ended_ms, pool, request))?;
        Ok(())
    }

    fn note(&self, place: u32, noted: &Noted) -> rusqlite::Result<()> {
        self.db
            .prepare_cached(
                "INSERT INTO movements (time_ms, place, block, kind, account, pool, shares, amount, other, request) \
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute((
                self.block.time_ms,
                place,
                self.block.number,
                noted.kind,
                noted.account,
                noted.pool,
                noted.shares.map(Shares),
                Planck(noted.amount),
                noted.other,
                noted.request,
            ))?;
        Ok(())
    }
}

fn bought(shares: u128, amount: u128) -> Change {
    Change {
        shares: plus(shares),
        put_in: amount,
        ..Change::default()
    }
}

fn sold(shares: u128, amount: u128) -> Change {
    Change {
        shares: minus(shares),
        taken_out: amount,
        ..Change::default()
    }
}

fn queued(shares: u128) -> Change {
    Change {
        shares: minus(shares),
        queued: plus(shares),
        ..Change::default()
    }
}

fn plus(shares: u128) -> i128 {
    i128::try_from(shares).unwrap_or(i128::MAX)
}

fn minus(shares: u128) -> i128 {
    plus(shares).saturating_neg()
}

fn moved(shares: u128, by: i128) -> u128 {
    shares.saturating_add_signed(by)
}
