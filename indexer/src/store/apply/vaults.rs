//! Vaults: as the chain tells of them, and with what their pools have gained since.

use super::{
    commissions::to_ms,
    pools::{MILLION, ONE},
    At,
};
use crate::{
    chain::{VaultChange, VaultFact},
    model::{Address, Fixed18, Planck, Shares, VaultEventKind as Kind},
    store::functions::{worth, worth_up},
};
use khala_primitives::status::VaultStatus;
use std::collections::BTreeSet;

/// What gains of pools change of a vault: the same sums as on the chain.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Books {
    fee_ppm: u32,
    shares: u128,
    fee_shares: u128,
    mark: u128,
}

impl Books {
    /// Takes the fee of a vault that is worth so much: a part of the gain over the mark, in shares at the price after it.
    fn take_fee(&mut self, value: u128) {
        if self.shares == 0 {
            self.mark = ONE;
            return;
        }
        let gain = value.saturating_sub(worth_up(self.mark, self.shares, ONE));
        if gain == 0 {
            return;
        }
        let amount = worth(gain, u128::from(self.fee_ppm), MILLION);
        let fee = worth(amount, self.shares, value.saturating_sub(amount));
        self.shares = self.shares.saturating_add(fee);
        self.fee_shares = self.fee_shares.saturating_add(fee);
        self.mark = self.mark.max(worth_up(value, ONE, self.shares));
    }

    fn price(&self, value: u128) -> u128 {
        if self.shares == 0 {
            return ONE;
        }
        worth(ONE, value, self.shares)
    }
}

impl At<'_> {
    /// Gives a row to each vault that is new.
    pub(super) fn ensure_vaults(&self) -> rusqlite::Result<()> {
        for vault in &self.block.vaults {
            self.db
                .prepare_cached(
                    "INSERT INTO vaults (vault, owner, account, fee_ppm, max_fee_ppm, commission_limit_ppm, value, shares, price, mark, \
                     fee_shares, base_shares, base_fee_shares, base_mark, fees_taken, free, owed, spare, pools, created_block, created_ms, \
                     refreshed_block) VALUES (?1, ?2, ?3, 0, 0, 0, ?4, ?4, ?4, ?4, ?4, ?4, ?4, ?4, ?4, ?4, ?4, ?4, 0, ?5, ?6, ?5) \
                     ON CONFLICT DO NOTHING",
                )?
                .execute((
                    vault.id,
                    Address::from(&vault.owner),
                    Address::from(&vault.account),
                    Planck(0),
                    self.block.number,
                    self.block.time_ms,
                ))?;
        }
        Ok(())
    }

    /// Notes what happened to a vault itself.
    pub(super) fn vault_event(&self, place: u32, vault: u32, fact: &VaultFact) -> rusqlite::Result<()> {
        let nothing = VaultChange::default();
        let change = match *fact {
            VaultFact::Changed(change) => change,
            VaultFact::FeeTaken { shares, amount } => {
                let (select, update) = (
                    "SELECT fees_taken FROM vaults WHERE vault = ?",
                    "UPDATE vaults SET fees_taken = ? WHERE vault = ?",
                );
                super::add(self.db, select, update, vault, amount)?;
                VaultChange {
                    kind: Kind::FeeTaken,
                    shares: Some(shares),
                    amount: Some(amount),
                    ..nothing
                }
            }
            VaultFact::FeeClaimed { shares, .. } => VaultChange {
                kind: Kind::FeeClaimed,
                shares: Some(shares),
                amount: Some(self.worth_in_vault(vault, shares)),
                ..nothing
            },
            VaultFact::RestTaken { amount } => VaultChange {
                kind: Kind::RestTaken,
                amount: Some(amount),
                ..nothing
            },
            _ => return Ok(()),
        };
        self.db
            .prepare_cached(
                "INSERT INTO vault_events (time_ms, place, block, vault, kind, pool, request, shares, amount, ppm, due_ms) \
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute((
                self.block.time_ms,
                place,
                self.block.number,
                vault,
                change.kind,
                change.pool,
                change.request,
                change.shares.map(Shares),
                change.amount.map(Planck),
                change.ppm,
                change.due_secs.map(|due| self.block.moment_ms(due)),
            ))?;
        Ok(())
    }

    /// What shares of a vault are worth after the block, in planck: whatever moves shares touches its vault.
    pub(super) fn worth_in_vault(&self, vault: u32, shares: u128) -> u128 {
        self.block
            .vault(vault)
            .map_or(0, |status| worth(shares, status.value, status.shares))
    }

    /// Takes over what the chain tells of the block's vaults.
    pub(super) fn refresh_vaults(&self) -> rusqlite::Result<()> {
        self.block.vaults.iter().try_for_each(|vault| self.refresh_vault(vault))
    }

    fn refresh_vault(&self, vault: &VaultStatus) -> rusqlite::Result<()> {
        self.db
            .prepare_cached(
                "UPDATE vaults SET owner = ?, fee_ppm = ?, max_fee_ppm = ?, fee_rise_ppm = ?, fee_rise_due_ms = ?, commission_limit_ppm = ?, \
                 limit_rise_ppm = ?, limit_rise_due_ms = ?, cap = ?, room = ?, pools = ?, refreshed_block = ? WHERE vault = ?",
            )?
            .execute((
                Address::from(&vault.owner),
                vault.fee_ppm,
                vault.max_fee_ppm,
                vault.fee_rise.map(|rise| rise.commission_ppm),
                vault.fee_rise.map(|rise| to_ms(rise.due_secs)),
                vault.commission_limit_ppm,
                vault.commission_limit_rise.map(|rise| rise.commission_ppm),
                vault.commission_limit_rise.map(|rise| to_ms(rise.due_secs)),
                vault.cap.map(Planck),
                vault.room.map(Planck),
                vault.places.len(),
                self.block.number,
                vault.id,
            ))?;
        self.db
            .prepare_cached(
                "UPDATE vaults SET value = ?, shares = ?, price = ?, mark = ?, fee_shares = ?, free = ?, owed = ?, spare = ? WHERE vault = ?",
            )?
            .execute((
                Planck(vault.value),
                Shares(vault.shares),
                Fixed18(vault.price),
                Fixed18(vault.high_water_mark),
                Shares(vault.fee_shares),
                Planck(vault.free),
                Planck(vault.owed),
                Planck(vault.spare),
                vault.id,
            ))?;
        self.rebase(vault)?;
        self.db
            .prepare_cached("DELETE FROM vault_places WHERE vault = ?")?
            .execute([vault.id])?;
        for place in &vault.places {
            self.db
                .prepare_cached(
                    "INSERT INTO vault_places (vault, pool, shares, returning_shares, claimed_shares, commission_ppm) VALUES (?, ?, ?, ?, ?, ?)",
                )?
                .execute((
                    vault.id,
                    place.pool,
                    Shares(place.held),
                    Shares(place.returning),
                    Shares(place.claimed),
                    place.commission_ppm,
                ))?;
        }
        Ok(())
    }

    /// The chain says what a vault would be if its fee were taken now. The fee is one of the whole gain since it was last taken: that base
    /// is what is stored of a vault that the block touches. Of another one, what was read is a new base only if it does not follow from the
    /// old one.
    fn rebase(&self, vault: &VaultStatus) -> rusqlite::Result<()> {
        let seen = Books {
            fee_ppm: vault.fee_ppm,
            shares: vault.shares,
            fee_shares: vault.fee_shares,
            mark: vault.high_water_mark,
        };
        let base = match self.block.bases.iter().find(|base| base.vault == vault.id) {
            Some(stored) => Books {
                shares: stored.shares,
                fee_shares: stored.fee_shares,
                mark: stored.mark,
                ..seen
            },
            None => {
                let (base, ..) = self.base(vault.id)?;
                let mut now = base;
                now.take_fee(vault.value);
                if now == seen {
                    return Ok(());
                }
                seen
            }
        };
        self.db
            .prepare_cached("UPDATE vaults SET base_shares = ?, base_fee_shares = ?, base_mark = ? WHERE vault = ?")?
            .execute((Shares(base.shares), Shares(base.fee_shares), Fixed18(base.mark), vault.id))?;
        Ok(())
    }

    /// A vault as it was when its fee was last taken, its free coins, and its cap.
    fn base(&self, vault: u32) -> rusqlite::Result<(Books, Planck, Option<Planck>)> {
        self.db
            .prepare_cached("SELECT fee_ppm, base_shares, base_fee_shares, base_mark, free, cap FROM vaults WHERE vault = ?")?
            .query_row([vault], |row| {
                let (shares, fee_shares, mark): (Shares, Shares, Fixed18) = (row.get(1)?, row.get(2)?, row.get(3)?);
                let books = Books {
                    fee_ppm: row.get(0)?,
                    shares: shares.0,
                    fee_shares: fee_shares.0,
                    mark: mark.0,
                };
                Ok((books, row.get(4)?, row.get(5)?))
            })
    }

    /// Values the vaults anew that have shares of a pool whose value has changed in the block, and were not read from the chain.
    pub(super) fn value_vaults(&self) -> rusqlite::Result<()> {
        let paid = self.paid.borrow();
        let changed: BTreeSet<u32> = paid.iter().copied().chain(self.block.pools.iter().map(|pool| pool.id)).collect();
        let mut of_pool = self.db.prepare_cached("SELECT vault FROM vault_places WHERE pool = ?")?;
        let mut vaults = BTreeSet::new();
        for pool in changed {
            for vault in of_pool.query_map([pool], |row| row.get::<_, u32>(0))? {
                vaults.insert(vault?);
            }
        }
        vaults.retain(|vault| self.block.vault(*vault).is_none());
        vaults.into_iter().try_for_each(|vault| self.value_vault(vault))
    }

    fn value_vault(&self, vault: u32) -> rusqlite::Result<()> {
        let (in_pools, claimed): (Planck, Planck) = self
            .db
            .prepare_cached("SELECT sum_of(value), sum_of(claimed_value) FROM places WHERE vault = ?")?
            .query_row([vault], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let waiting: Shares = self
            .db
            .prepare_cached("SELECT sum_of(left_shares) FROM withdrawals WHERE vault = ? AND ended_ms IS NULL")?
            .query_row([vault], |row| row.get(0))?;
        let (mut books, free, cap) = self.base(vault)?;
        let value = in_pools.0.saturating_add(free.0);
        books.take_fee(value);
        let owed = claimed.0.saturating_add(worth(waiting.0, value, books.shares));
        self.db
            .prepare_cached(
                "UPDATE vaults SET value = ?, shares = ?, price = ?, mark = ?, fee_shares = ?, room = ?, owed = ?, spare = ? WHERE vault = ?",
            )?
            .execute((
                Planck(value),
                Shares(books.shares),
                Fixed18(books.price(value)),
                Fixed18(books.mark),
                Shares(books.fee_shares),
                cap.map(|cap| Planck(cap.0.saturating_sub(value))),
                Planck(owed),
                Planck(free.0.saturating_sub(owed)),
                vault,
            ))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn books(shares: u128, mark: u128) -> Books {
        Books {
            fee_ppm: 200_000,
            shares,
            fee_shares: 0,
            mark,
        }
    }

    #[test]
    fn the_fee_is_a_part_of_the_gain_in_shares_at_the_price_after_it() {
        let mut books = books(1_000_000, ONE);
        books.take_fee(1_100_000);
        // A fifth of 100,000, at a price of 1.08: what the others have is worth that.
        assert_eq!(books.fee_shares, 18_518);
        assert_eq!(worth(1_000_000, 1_100_000, books.shares), 1_080_000);
        assert_eq!(worth(books.fee_shares, 1_100_000, books.shares), 19_999);
        let (shares, mark) = (books.shares, books.mark);
        assert!(mark > ONE * 107 / 100 && mark < ONE * 109 / 100);
        books.take_fee(1_100_000);
        assert_eq!((books.shares, books.mark), (shares, mark));
    }

    #[test]
    fn a_loss_has_to_be_won_back_before_a_fee_is_taken() {
        let mut books = books(1_000_000, 2 * ONE);
        books.take_fee(1_900_000);
        assert_eq!((books.shares, books.mark), (1_000_000, 2 * ONE));
        assert_eq!(books.price(1_900_000), ONE * 19 / 10);
    }

    #[test]
    fn a_vault_without_shares_begins_anew() {
        let mut books = books(0, 2 * ONE);
        books.take_fee(7);
        assert_eq!((books.mark, books.shares, books.price(7)), (ONE, 0, ONE));
    }
}
