//! Commissions, allow-lists, allowed code.

use super::At;
use crate::{
    chain::Fact,
    model::{Address, CommissionChangeKind as Kind},
};

impl At<'_> {
    pub(super) fn change_commission(&self, place: u32, fact: &Fact) -> rusqlite::Result<()> {
        let (pool, kind, ppm, due_ms) = match fact {
            Fact::PoolCreated { pool, commission_ppm, .. } => (pool, Kind::Created, commission_ppm, None),
            Fact::CommissionChanged { pool, commission_ppm } => (pool, Kind::Changed, commission_ppm, None),
            Fact::RiseCancelled { pool, commission_ppm } => (pool, Kind::RiseCancelled, commission_ppm, None),
            Fact::RiseAnnounced {
                pool,
                commission_ppm,
                due_secs,
            } => (pool, Kind::RiseAnnounced, commission_ppm, Some(self.block.moment_ms(*due_secs))),
            _ => return Ok(()),
        };
        self.db
            .prepare_cached(
                "INSERT INTO commission_changes (time_ms, place, block, pool, kind, commission_ppm, due_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute((self.block.time_ms, place, self.block.number, pool, kind, ppm, due_ms))?;
        Ok(())
    }

    pub(super) fn change_member(&self, pool: u32, account: Address, allowed: bool) -> rusqlite::Result<()> {
        if allowed {
            self.db
                .prepare_cached("INSERT INTO members (pool, account, since_block, since_ms) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")?
                .execute((pool, account, self.block.number, self.block.time_ms))?;
        } else {
            self.db
                .prepare_cached("DELETE FROM members WHERE pool = ? AND account = ?")?
                .execute((pool, account))?;
        }
        Ok(())
    }

    pub(super) fn change_measurement(&self, fact: &Fact) -> rusqlite::Result<()> {
        match fact {
            Fact::MeasurementAllowed {
                measurement,
                active_from_secs,
                deprecated_from_secs,
            } => self
                .db
                .prepare_cached(
                    "INSERT INTO measurements (measurement, from_ms, ends_ms) VALUES (?, ?, ?) \
                     ON CONFLICT (measurement) DO UPDATE SET from_ms = excluded.from_ms, ends_ms = excluded.ends_ms",
                )?
                .execute((measurement, to_ms(*active_from_secs), deprecated_from_secs.map(to_ms)))?,
            // One that was allowed at genesis was in no event: it is known from here on.
            Fact::MeasurementDeprecated { measurement, from_secs } => self
                .db
                .prepare_cached(
                    "INSERT INTO measurements (measurement, from_ms, ends_ms) VALUES (?, 0, ?) \
                     ON CONFLICT (measurement) DO UPDATE SET ends_ms = excluded.ends_ms",
                )?
                .execute((measurement, to_ms(*from_secs)))?,
            _ => 0,
        };
        Ok(())
    }
}

/// Seconds since 1970 in milliseconds; the latest moment for what has no end.
pub(super) fn to_ms(secs: u64) -> u64 {
    secs.saturating_mul(1000).min(crate::store::LATEST_MS)
}
