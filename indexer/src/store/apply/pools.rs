//! Pools: as the chain tells of them, and with the rewards since.

use super::{add, commissions::to_ms, At};
use crate::{
    model::{Address, Fixed18, Planck, Shares, Texts},
    store::functions::{worth, worth_up},
};
use khala_primitives::status::PoolStatus;
use rusqlite::OptionalExtension;

/// One, with 18 decimals.
pub(super) const ONE: u128 = 1_000_000_000_000_000_000;
pub(super) const MILLION: u128 = 1_000_000;

/// What rewards change of a pool: the same sums as on the chain.
struct Books {
    commission_ppm: u32,
    cap: Option<Planck>,
    value: Planck,
    shares: Shares,
    free: Planck,
    staked: Planck,
    cooling: Planck,
    commission: Planck,
    queued_shares: Shares,
    due_shares: Shares,
}

impl Books {
    /// Takes a reward in: first the commission, the rest raises the price. Without shares all of it is the owner's.
    fn take_in(&mut self, reward: u128) {
        let commission = if self.shares.0 == 0 {
            reward
        } else {
            worth(reward, u128::from(self.commission_ppm), MILLION)
        };
        let rest = reward.saturating_sub(commission);
        self.commission.0 = self.commission.0.saturating_add(commission);
        self.free.0 = self.free.0.saturating_add(rest);
        self.value.0 = self.value.0.saturating_add(rest);
    }

    fn price(&self) -> u128 {
        if self.shares.0 == 0 {
            return ONE;
        }
        worth(ONE, self.value.0, self.shares.0)
    }

    fn room(&self) -> Option<Planck> {
        let queued = worth(self.queued_shares.0, self.value.0, self.shares.0);
        let taken = self.value.0.saturating_sub(queued);
        self.cap.map(|cap| Planck(cap.0.saturating_sub(taken)))
    }

    /// What shares are worth at most when what is lost heals.
    fn at_most(&self, shares: u128) -> u128 {
        let principal = self.free.0.saturating_add(self.staked.0).saturating_add(self.cooling.0);
        worth_up(shares, principal, self.shares.0)
    }

    fn spare(&self) -> u128 {
        self.free.0.saturating_sub(self.at_most(self.queued_shares.0))
    }

    fn need(&self) -> u128 {
        let coming = self.free.0.saturating_add(self.cooling.0);
        self.at_most(self.due_shares.0).saturating_sub(coming)
    }
}

impl At<'_> {
    /// Gives a row to each pool that is new.
    pub(super) fn ensure_pools(&self) -> rusqlite::Result<()> {
        for pool in &self.block.pools {
            self.db
                .prepare_cached(
                    "INSERT INTO pools (pool, owner, description, links, commission_ppm, max_commission_ppm, restricted, value, shares, \
                     price, free, spare, staked, cooling, impaired, commission, queued_shares, due_shares, need, workers, idle_workers, \
                     paid, paid_to_delegators, paid_to_owner, lost, created_block, created_ms, refreshed_block) \
                     VALUES (?1, ?2, '', '[]', 0, 0, 0, ?3, ?3, ?3, ?3, ?3, ?3, ?3, ?3, ?3, ?3, ?3, ?3, 0, 0, ?3, ?3, ?3, ?3, ?4, ?5, ?4) \
                     ON CONFLICT DO NOTHING",
                )?
                .execute((
                    pool.id,
                    Address::from(&pool.owner),
                    Planck(0),
                    self.block.number,
                    self.block.time_ms,
                ))?;
        }
        Ok(())
    }

    /// Takes over what the chain tells of the block's pools.
    pub(super) fn refresh_pools(&self) -> rusqlite::Result<()> {
        self.block.pools.iter().try_for_each(|pool| self.refresh_pool(pool))
    }

    fn refresh_pool(&self, pool: &PoolStatus) -> rusqlite::Result<()> {
        self.db
            .prepare_cached(
                "UPDATE pools SET owner = ?, description = ?, links = ?, commission_ppm = ?, max_commission_ppm = ?, rise_ppm = ?, \
                 rise_due_ms = ?, restricted = ?, cap = ?, room = ?, refreshed_block = ? WHERE pool = ?",
            )?
            .execute((
                Address::from(&pool.owner),
                &pool.description,
                Texts(pool.links.clone()),
                pool.commission_ppm,
                pool.max_commission_ppm,
                pool.commission_rise.map(|rise| rise.commission_ppm),
                pool.commission_rise.map(|rise| to_ms(rise.due_secs)),
                pool.restricted,
                pool.cap.map(Planck),
                pool.room.map(Planck),
                self.block.number,
                pool.id,
            ))?;
        self.db
            .prepare_cached(
                "UPDATE pools SET value = ?, shares = ?, price = ?, free = ?, spare = ?, staked = ?, cooling = ?, impaired = ?, \
                 commission = ?, queued_shares = ?, due_shares = ?, need = ?, workers = ? WHERE pool = ?",
            )?
            .execute((
                Planck(pool.value),
                Shares(pool.shares),
                Fixed18(pool.price),
                Planck(pool.free),
                Planck(pool.spare),
                Planck(pool.staked),
                Planck(pool.cooling),
                Planck(pool.impaired),
                Planck(pool.commission),
                Shares(pool.queued_shares),
                Shares(pool.due_shares),
                Planck(pool.need),
                pool.workers.len(),
                pool.id,
            ))?;
        self.db
            .prepare_cached(
                "UPDATE pools SET idle_workers = (SELECT count(*) FROM workers WHERE pool = ?1 AND state = 'idle') WHERE pool = ?1",
            )?
            .execute([pool.id])?;
        Ok(())
    }

    /// Adds what workers were paid.
    pub(super) fn pay_pool(&self, pool: u32, paid: u128) -> rusqlite::Result<()> {
        let found = self
            .db
            .prepare_cached(
                "SELECT commission_ppm, cap, value, shares, free, staked, cooling, commission, queued_shares, due_shares, paid \
                 FROM pools WHERE pool = ?",
            )?
            .query_row([pool], |row| {
                let books = Books {
                    commission_ppm: row.get(0)?,
                    cap: row.get(1)?,
                    value: row.get(2)?,
                    shares: row.get(3)?,
                    free: row.get(4)?,
                    staked: row.get(5)?,
                    cooling: row.get(6)?,
                    commission: row.get(7)?,
                    queued_shares: row.get(8)?,
                    due_shares: row.get(9)?,
                };
                Ok((books, row.get::<_, Planck>(10)?))
            })
            .optional()?;
        let Some((mut books, before)) = found else { return Ok(()) };
        books.take_in(paid);
        self.db
            .prepare_cached(
                "UPDATE pools SET value = ?, price = ?, room = ?, free = ?, spare = ?, commission = ?, need = ?, paid = ? WHERE pool = ?",
            )?
            .execute((
                books.value,
                Fixed18(books.price()),
                books.room(),
                books.free,
                Planck(books.spare()),
                books.commission,
                Planck(books.need()),
                Planck(before.0.saturating_add(paid)),
                pool,
            ))?;
        self.paid.borrow_mut().insert(pool);
        Ok(())
    }

    /// Counts a reward that the pool took in: its coins were counted when they were paid.
    pub(super) fn count_reward(&self, pool: u32, commission: u128, rest: u128) -> rusqlite::Result<()> {
        if !self.has_pool(pool)? {
            return Ok(());
        }
        let (select, update) = (
            "SELECT paid_to_owner FROM pools WHERE pool = ?",
            "UPDATE pools SET paid_to_owner = ? WHERE pool = ?",
        );
        add(self.db, select, update, pool, commission)?;
        let (select, update) = (
            "SELECT paid_to_delegators FROM pools WHERE pool = ?",
            "UPDATE pools SET paid_to_delegators = ? WHERE pool = ?",
        );
        add(self.db, select, update, pool, rest)
    }

    pub(super) fn count_lost(&self, pool: u32, lost: u128) -> rusqlite::Result<()> {
        if !self.has_pool(pool)? {
            return Ok(());
        }
        add(
            self.db,
            "SELECT lost FROM pools WHERE pool = ?",
            "UPDATE pools SET lost = ? WHERE pool = ?",
            pool,
            lost,
        )
    }

    /// A pool has a row from the first block on that touches it.
    fn has_pool(&self, pool: u32) -> rusqlite::Result<bool> {
        self.db.prepare_cached("SELECT 1 FROM pools WHERE pool = ?")?.exists([pool])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn books(shares: u128, commission_ppm: u32) -> Books {
        Books {
            commission_ppm,
            cap: Some(Planck(10_000)),
            value: Planck(7_000),
            shares: Shares(shares),
            free: Planck(1_000),
            staked: Planck(6_000),
            cooling: Planck(0),
            commission: Planck(0),
            queued_shares: Shares(0),
            due_shares: Shares(0),
        }
    }

    #[test]
    fn the_commission_is_taken_first_and_the_rest_raises_the_price() {
        let mut books = books(7_000, 600_000);
        books.take_in(10);
        assert_eq!(
            (books.commission, books.value, books.free),
            (Planck(6), Planck(7_004), Planck(1_004))
        );
        assert_eq!(books.price(), ONE * 7_004 / 7_000);
        assert_eq!(books.room(), Some(Planck(2_996)));
    }

    #[test]
    fn a_pool_without_shares_gives_all_to_its_owner() {
        let mut books = books(0, 600_000);
        books.take_in(10);
        assert_eq!((books.commission, books.value), (Planck(10), Planck(7_000)));
        assert_eq!(books.price(), ONE);
    }

    #[test]
    fn the_queue_is_owed_before_workers_are_started() {
        let mut books = books(7_000, 0);
        (books.queued_shares, books.due_shares) = (Shares(1_500), Shares(1_200));
        assert_eq!((books.spare(), books.need()), (0, 200));
        (books.queued_shares, books.due_shares) = (Shares(400), Shares(0));
        assert_eq!((books.spare(), books.need()), (600, 0));
    }
}
