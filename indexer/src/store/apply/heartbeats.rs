//! Heartbeats, and what they pay.

use super::{add, At};
use crate::{
    chain::Payment,
    model::{Fixed18, Planck},
};
use rusqlite::OptionalExtension;
use std::collections::BTreeMap;

impl At<'_> {
    pub(super) fn settle(&self, place: u32, payments: &[Payment]) -> rusqlite::Result<()> {
        let mut of_pool: BTreeMap<u32, u128> = BTreeMap::new();
        let (mut paid, mut treasury) = (0u128, 0u128);
        for (place, payment) in (place..).zip(payments) {
            let pool = self.pay_worker(payment)?;
            self.db
                .prepare_cached(
                    "INSERT INTO heartbeats (time_ms, place, block, challenge_block, worker, session, pool, paid, treasury, v, p_instant) \
                     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                )?
                .execute((
                    self.block.time_ms,
                    place,
                    self.block.number,
                    payment.block,
                    payment.worker,
                    payment.session,
                    pool,
                    Planck(payment.paid),
                    Planck(payment.treasury),
                    Fixed18(payment.v),
                    payment.p_instant,
                ))?;
            let sum = of_pool.entry(pool).or_default();
            *sum = sum.saturating_add(payment.paid);
            paid = paid.saturating_add(payment.paid);
            treasury = treasury.saturating_add(payment.treasury);
        }
        for (pool, paid) in of_pool {
            self.pay_pool(pool, paid)?;
        }
        add(
            self.db,
            "SELECT paid FROM head WHERE id = ?",
            "UPDATE head SET paid = ? WHERE id = ?",
            1,
            paid,
        )?;
        let (select, update) = (
            "SELECT treasury_part FROM head WHERE id = ?",
            "UPDATE head SET treasury_part = ? WHERE id = ?",
        );
        add(self.db, select, update, 1, treasury)?;
        self.db
            .prepare_cached("UPDATE head SET heartbeats = heartbeats + ?")?
            .execute([payments.len()])?;
        Ok(())
    }

    /// The worker's pool.
    fn pay_worker(&self, payment: &Payment) -> rusqlite::Result<u32> {
        let found = self
            .db
            .prepare_cached("SELECT pool, paid, treasury FROM workers WHERE worker = ?")?
            .query_row([payment.worker], |row| {
                Ok((row.get::<_, Option<u32>>(0)?, row.get::<_, Planck>(1)?, row.get::<_, Planck>(2)?))
            })
            .optional()?;
        let (pool, paid, treasury) = found.unwrap_or_default();
        self.db
            .prepare_cached(
                "UPDATE workers SET paid = ?, treasury = ?, heartbeats = heartbeats + 1, last_heartbeat_block = ?, \
                 last_heartbeat_ms = ?, v = ?, p_instant = ? WHERE worker = ?",
            )?
            .execute((
                Planck(paid.0.saturating_add(payment.paid)),
                Planck(treasury.0.saturating_add(payment.treasury)),
                self.block.number,
                self.block.time_ms,
                Fixed18(payment.v),
                payment.p_instant,
                payment.worker,
            ))?;
        // A heartbeat comes of a session, and a session of a pool; a worker that was seen without one has none.
        Ok(pool.unwrap_or(u32::MAX))
    }

    pub(super) fn take_reward(&self, place: u32, pool: u32, commission: u128, rest: u128) -> rusqlite::Result<()> {
        self.db
            .prepare_cached("INSERT INTO rewards (time_ms, place, block, pool, amount, commission, rest) VALUES (?, ?, ?, ?, ?, ?, ?)")?
            .execute((
                self.block.time_ms,
                place,
                self.block.number,
                pool,
                Planck(commission.saturating_add(rest)),
                Planck(commission),
                Planck(rest),
            ))?;
        self.count_reward(pool, commission, rest)
    }
}
