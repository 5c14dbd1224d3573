//! What accounts have in pools and vaults, and its history.

use super::{add, At};
use crate::model::{Address, Planck, Shares};
use rusqlite::OptionalExtension;

/// Where an account has shares.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    Pool(u32),
    Vault(u32),
}

impl Held {
    pub(super) fn pool(self) -> Option<u32> {
        match self {
            Self::Pool(pool) => Some(pool),
            Self::Vault(_) => None,
        }
    }

    pub(super) fn vault(self) -> Option<u32> {
        match self {
            Self::Pool(_) => None,
            Self::Vault(vault) => Some(vault),
        }
    }

    /// The column that has its number, and the number.
    pub(super) fn key(self) -> (&'static str, u32) {
        match self {
            Self::Pool(pool) => ("pool", pool),
            Self::Vault(vault) => ("vault", vault),
        }
    }
}

/// A delegation as it was.
#[derive(Clone, Copy, Default)]
pub(super) struct Before {
    pub(super) shares: Shares,
    pub(super) queued: Shares,
    put_in: Planck,
    taken_out: Planck,
    is_there: bool,
}

impl At<'_> {
    /// What an account had there. Who comes back has put in and taken out before.
    pub(super) fn held_before(&self, held: Held, account: Address) -> rusqlite::Result<Before> {
        let (column, number) = held.key();
        let sql = format!("SELECT shares, queued_shares, put_in, taken_out FROM delegations WHERE {column} = ? AND account = ?");
        let found = self
            .db
            .prepare_cached(&sql)?
            .query_row((number, account), |row| {
                Ok(Before {
                    shares: row.get(0)?,
                    queued: row.get(1)?,
                    put_in: row.get(2)?,
                    taken_out: row.get(3)?,
                    is_there: true,
                })
            })
            .optional()?;
        if let Some(found) = found {
            return Ok(found);
        }
        let sql = format!("SELECT put_in, taken_out FROM holdings WHERE account = ? AND {column} = ? ORDER BY time_ms DESC LIMIT 1");
        let left = self
            .db
            .prepare_cached(&sql)?
            .query_row((account, number), |row| {
                Ok(Before {
                    put_in: row.get(0)?,
                    taken_out: row.get(1)?,
                    ..Before::default()
                })
            })
            .optional()?;
        Ok(left.unwrap_or_default())
    }

    /// Notes what an account has there from now on: its shares and those that are queued, or nothing; and what it has put in and taken out
    /// more. `claims`: shares of pools that its requests of a vault have claimed, as JSON.
    pub(super) fn set_held(
        &self,
        held: Held,
        account: Address,
        before: Before,
        now: Option<(Shares, Shares)>,
        claims: Option<String>,
        (more_in, more_out): (u128, u128),
    ) -> rusqlite::Result<()> {
        let (column, number) = held.key();
        let put_in = Planck(before.put_in.0.saturating_add(more_in));
        let taken_out = Planck(before.taken_out.0.saturating_add(more_out));
        let total = now.map_or(Shares(0), |(shares, queued)| Shares(shares.0.saturating_add(queued.0)));
        match now {
            None => self
                .db
                .prepare_cached(&format!("DELETE FROM delegations WHERE {column} = ? AND account = ?"))?
                .execute((number, account))?,
            Some((shares, queued)) => self
                .db
                .prepare_cached(&format!(
                    "INSERT INTO delegations ({column}, account, shares, queued_shares, total_shares, put_in, taken_out, since_block, since_ms) \
                     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT ({column}, account) WHERE {column} IS NOT NULL DO UPDATE SET \
                     shares = excluded.shares, queued_shares = excluded.queued_shares, total_shares = excluded.total_shares, \
                     put_in = excluded.put_in, taken_out = excluded.taken_out"
                ))?
                .execute((
                    number,
                    account,
                    shares,
                    queued,
                    total,
                    put_in,
                    taken_out,
                    self.block.number,
                    self.block.time_ms,
                ))?,
        };
        self.db
            .prepare_cached(&format!(
                "INSERT INTO holdings (account, {column}, time_ms, shares, claims, put_in, taken_out) VALUES (?, ?, ?, ?, ?, ?, ?) \
                 ON CONFLICT (account, {column}, time_ms) WHERE {column} IS NOT NULL DO UPDATE SET shares = excluded.shares, \
                 claims = excluded.claims, put_in = excluded.put_in, taken_out = excluded.taken_out"
            ))?
            .execute((account, number, self.block.time_ms, total, claims, put_in, taken_out))?;
        self.ensure_account(account)?;
        let (select, update) = (
            "SELECT put_in FROM accounts WHERE account = ?",
            "UPDATE accounts SET put_in = ? WHERE account = ?",
        );
        add(self.db, select, update, account, more_in)?;
        let (select, update) = (
            "SELECT taken_out FROM accounts WHERE account = ?",
            "UPDATE accounts SET taken_out = ? WHERE account = ?",
        );
        add(self.db, select, update, account, more_out)?;
        match (before.is_there, now.is_some()) {
            (false, true) => self.count_delegator(held, account, 1),
            (true, false) => self.count_delegator(held, account, -1),
            _ => Ok(()),
        }
    }

    fn count_delegator(&self, held: Held, account: Address, by: i64) -> rusqlite::Result<()> {
        let (of_place, of_account) = match held {
            Held::Pool(_) => (
                "UPDATE pools SET delegators = delegators + ? WHERE pool = ?",
                "UPDATE accounts SET delegations = delegations + ? WHERE account = ? RETURNING delegations + vault_delegations",
            ),
            Held::Vault(_) => (
                "UPDATE vaults SET delegators = delegators + ? WHERE vault = ?",
                "UPDATE accounts SET vault_delegations = vault_delegations + ? WHERE account = ? RETURNING delegations + vault_delegations",
            ),
        };
        self.db.prepare_cached(of_place)?.execute((by, held.key().1))?;
        let now: i64 = self.db.prepare_cached(of_account)?.query_row((by, account), |row| row.get(0))?;
        // The first place of an account makes it a delegator, the last one ends that. The account of a vault is none.
        let by = match (by, now) {
            (1, 1) => 1,
            (-1, 0) => -1,
            _ => 0i64,
        };
        self.db
            .prepare_cached("UPDATE head SET delegators = delegators + ? WHERE NOT EXISTS (SELECT 1 FROM vaults WHERE account = ?)")?
            .execute((by, account))?;
        Ok(())
    }
}
