//! Shares and coins of accounts that move in pools.

use super::{add, held::Held, At};
use crate::{
    chain::Fact,
    model::{Address, MovementKind as Kind, Planck, Shares, WithdrawalState},
    store::functions::worth,
};

/// How a delegation changes.
#[derive(Clone, Copy, Default)]
struct Change {
    shares: i128,
    queued: i128,
    put_in: u128,
    taken_out: u128,
}

/// A movement to be noted.
pub(super) struct Noted {
    kind: Kind,
    account: Address,
    held: Option<Held>,
    shares: Option<u128>,
    amount: u128,
    other: Option<Address>,
    request: Option<u64>,
}

impl Noted {
    pub(super) fn new(kind: Kind, account: Address, held: Held, shares: u128, amount: u128) -> Self {
        Self {
            shares: Some(shares),
            ..Self::coins(kind, account, Some(held), amount)
        }
    }

    pub(super) fn coins(kind: Kind, account: Address, held: Option<Held>, amount: u128) -> Self {
        Self {
            kind,
            account,
            held,
            shares: None,
            amount,
            other: None,
            request: None,
        }
    }

    pub(super) fn with(self, other: Address) -> Self {
        Self {
            other: Some(other),
            ..self
        }
    }

    pub(super) fn of(self, request: u64) -> Self {
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
                self.note(place, &Noted::new(Kind::Delegated, who, Held::Pool(pool), shares, amount))
            }
            Fact::Undelegated { pool, who, shares, amount } => {
                self.change(pool, who, sold(shares, amount))?;
                self.note(place, &Noted::new(Kind::Undelegated, who, Held::Pool(pool), shares, amount))
            }
            Fact::SharesTransferred { pool, from, to, shares } => {
                let amount = self.worth_now(pool, shares);
                self.change(pool, from, sold(shares, amount))?;
                self.change(pool, to, bought(shares, amount))?;
                self.note(place, &Noted::new(Kind::Sent, from, Held::Pool(pool), shares, amount).with(to))?;
                self.note(
                    place.saturating_add(1),
                    &Noted::new(Kind::Received, to, Held::Pool(pool), shares, amount).with(from),
                )
            }
            Fact::RequestQueued {
                pool,
                request,
                who,
                shares,
                deadline_secs,
            } => {
                let amount = self.worth_now(pool, shares);
                let after_secs = self.block.promise(pool, request).unwrap_or(0);
                self.add_request(Held::Pool(pool), request, who, (shares, amount), (deadline_secs, after_secs))?;
                self.change(pool, who, queued(shares))?;
                self.note(place, &Noted::new(Kind::Queued, who, Held::Pool(pool), shares, amount).of(request))
            }
            Fact::RequestDue { pool, request } => self.end_request(Held::Pool(pool), request, WithdrawalState::Due),
            Fact::RequestPaid {
                pool,
                request,
                who,
                shares,
                amount,
                left,
            } => {
                self.pay_shares(pool, request, amount, left)?;
                let change = Change {
                    queued: minus(shares),
                    taken_out: amount,
                    ..Change::default()
                };
                self.change(pool, who, change)?;
                self.note(place, &Noted::new(Kind::Paid, who, Held::Pool(pool), shares, amount).of(request))
            }
            Fact::RequestCancelled {
                pool,
                request,
                who,
                shares,
            } => {
                self.end_request(Held::Pool(pool), request, WithdrawalState::Cancelled)?;
                let change = Change {
                    shares: plus(shares),
                    queued: minus(shares),
                    ..Change::default()
                };
                self.change(pool, who, change)?;
                let amount = self.worth_now(pool, shares);
                self.note(
                    place,
                    &Noted::new(Kind::Cancelled, who, Held::Pool(pool), shares, amount).of(request),
                )
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
            Fact::CommissionClaimed { pool, owner, amount } => {
                self.note(place, &Noted::coins(Kind::Commission, owner, Some(Held::Pool(pool)), amount))
            }
            Fact::RestTaken { pool, amount } => match self.block.pool(pool) {
                Some(status) => self.note(
                    place,
                    &Noted::coins(Kind::Rest, Address::from(&status.owner), Some(Held::Pool(pool)), amount),
                ),
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
        let held = Held::Pool(pool);
        let before = self.held_before(held, account)?;
        let shares = Shares(moved(before.shares.0, change.shares));
        let queued = Shares(moved(before.queued.0, change.queued));
        let now = (shares.0 > 0 || queued.0 > 0).then_some((shares, queued));
        self.set_held(held, account, before, now, None, (change.put_in, change.taken_out))
    }

    fn pay_shares(&self, pool: u32, request: u64, amount: u128, left: u128) -> rusqlite::Result<()> {
        let held = Held::Pool(pool);
        self.pay_request(held, request, amount)?;
        self.db
            .prepare_cached("UPDATE withdrawals SET left_shares = ? WHERE pool = ? AND request = ?")?
            .execute((Shares(left), pool, request))?;
        if left == 0 {
            return self.end_request(held, request, WithdrawalState::Paid);
        }
        Ok(())
    }

    pub(super) fn note(&self, place: u32, noted: &Noted) -> rusqlite::Result<()> {
        self.db
            .prepare_cached(
                "INSERT INTO movements (time_ms, place, block, kind, account, pool, vault, shares, amount, other, request) \
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute((
                self.block.time_ms,
                place,
                self.block.number,
                noted.kind,
                noted.account,
                noted.held.and_then(Held::pool),
                noted.held.and_then(Held::vault),
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
