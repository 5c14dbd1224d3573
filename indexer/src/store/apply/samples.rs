//! Samples: what everything is at fixed moments, and what is thrown away then.

use super::{pools::ONE, At};
use crate::{
    chain::is_boundary,
    model::{Fixed18, Planck, Shares},
    store::{functions::worth, grain, DAY_MS, HOUR_MS},
};
use khala_primitives::status::NetworkStatus;
use rusqlite::OptionalExtension;

/// How long every sample is kept.
const SAMPLES_KEPT_MS: u64 = 2 * DAY_MS;
/// How long hourly samples and rewards are kept.
const HOURS_KEPT_MS: u64 = 35 * DAY_MS;
/// How long heartbeats are kept.
const HEARTBEATS_KEPT_MS: u64 = 7 * DAY_MS;
/// Over how long a yearly gain is measured.
const APR_OVER_MS: u64 = 7 * DAY_MS;
const YEAR_MS: f64 = 365.0 * DAY_MS as f64;

impl At<'_> {
    /// `before_ms`: the time of the block before.
    pub(super) fn take_sample(&self, network: &NetworkStatus, before_ms: u64) -> rusqlite::Result<()> {
        let (now, block) = (self.block.time_ms, self.block.number);
        let grain = if is_boundary(before_ms, now, DAY_MS) {
            grain::DAY
        } else if is_boundary(before_ms, now, HOUR_MS) {
            grain::HOUR
        } else {
            grain::SAMPLE
        };
        self.update_gains()?;
        self.db
            .prepare_cached(
                "INSERT INTO pool_samples (pool, time_ms, grain, block, value, shares, price, apr, free, staked, cooling, impaired, \
                 commission_ppm, queued_shares, workers, idle_workers, delegators, paid, paid_to_owner) \
                 SELECT pool, ?, ?, ?, value, shares, price, apr, free, staked, cooling, impaired, commission_ppm, queued_shares, workers, \
                 idle_workers, delegators, paid, paid_to_owner FROM pools",
            )?
            .execute((now, grain, block))?;
        self.db
            .prepare_cached(
                "INSERT INTO worker_samples (worker, time_ms, grain, block, state, away, pool, stake, v, v_e, p, p_instant, share, paid, \
                 heartbeats, level) SELECT worker, ?, ?, ?, state, away, pool, stake, v, v_e, p, p_instant, share, paid, heartbeats, level \
                 FROM workers WHERE state <> 'gone'",
            )?
            .execute((now, grain, block))?;
        self.sample_network(network, grain)?;
        self.forget()
    }

    fn sample_network(&self, network: &NetworkStatus, grain: u8) -> rusqlite::Result<()> {
        let (paid, treasury_part, heartbeats, delegators): (Planck, Planck, u64, u32) = self
            .db
            .prepare_cached("SELECT paid, treasury_part, heartbeats, delegators FROM head")?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        let (value, staked): (Planck, Planck) = self
            .db
            .prepare_cached("SELECT sum_of(value), sum_of(staked) FROM pools")?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut statement = self.db.prepare_cached(
            "INSERT INTO network_samples (time_ms, grain, block, slot_ms, workers, idle_workers, pools, delegators, total_value, \
             total_staked, total_share, paid, treasury_part, forfeited, issued, budget_per_day, subsidy, treasury, heartbeats, apr, outage) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?;
        statement.execute(rusqlite::params![
            self.block.time_ms,
            grain,
            self.block.number,
            network.slot_ms,
            network.workers,
            network.idle_sessions,
            network.pools,
            delegators,
            value,
            staked,
            Fixed18(network.total_share),
            paid,
            treasury_part,
            Planck(network.forfeited),
            Planck(network.issued),
            Planck(network.budget_per_day),
            Planck(network.subsidy),
            Planck(network.treasury),
            heartbeats,
            self.mean_gain()?,
            network.outage,
        ])?;
        Ok(())
    }

    /// Each pool's yearly gain, at the pace of the last days.
    fn update_gains(&self) -> rusqlite::Result<()> {
        let pools: Vec<(u32, Planck, Shares)> = self
            .db
            .prepare_cached("SELECT pool, value, shares FROM pools ORDER BY pool")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let from = self.block.time_ms.saturating_sub(APR_OVER_MS);
        // A pool that was empty began anew: its price before says nothing.
        let mut first = self.db.prepare_cached(
            "SELECT time_ms, value, shares FROM pool_samples WHERE pool = ?1 AND time_ms > max(?2, \
             ifnull((SELECT max(time_ms) FROM pool_samples WHERE pool = ?1 AND shares = ?3), 0)) ORDER BY time_ms LIMIT 1",
        )?;
        let mut update = self.db.prepare_cached("UPDATE pools SET apr = ? WHERE pool = ?")?;
        for (pool, value, shares) in pools {
            let before = first
                .query_row((pool, from, Shares(0)), |row| {
                    Ok((row.get::<_, u64>(0)?, row.get::<_, Planck>(1)?, row.get::<_, Shares>(2)?))
                })
                .optional()?;
            let apr = before.and_then(|(then_ms, value_then, shares_then)| {
                let over_ms = self.block.time_ms.saturating_sub(then_ms);
                yearly_gain(price(value_then.0, shares_then.0), price(value.0, shares.0), over_ms)
            });
            update.execute((apr, pool))?;
        }
        Ok(())
    }

    /// The mean of all pools' yearly gains, weighted by their value.
    fn mean_gain(&self) -> rusqlite::Result<Option<f64>> {
        let mut statement = self
            .db
            .prepare_cached("SELECT value, apr FROM pools WHERE apr IS NOT NULL ORDER BY pool")?;
        let mut rows = statement.query([])?;
        let (mut weights, mut sum) = (0.0, 0.0);
        while let Some(row) = rows.next()? {
            let (value, apr): (Planck, f64) = (row.get(0)?, row.get(1)?);
            let weight = value.0 as f64;
            weights += weight;
            sum += weight * apr;
        }
        Ok((weights > 0.0).then(|| sum / weights))
    }

    fn forget(&self) -> rusqlite::Result<()> {
        let before = |kept: u64| self.block.time_ms.saturating_sub(kept);
        for table in ["network_samples", "pool_samples", "worker_samples"] {
            let mut delete = self
                .db
                .prepare_cached(&format!("DELETE FROM {table} WHERE grain = ? AND time_ms < ?"))?;
            delete.execute((grain::SAMPLE, before(SAMPLES_KEPT_MS)))?;
            delete.execute((grain::HOUR, before(HOURS_KEPT_MS)))?;
        }
        self.db
            .prepare_cached("DELETE FROM heartbeats WHERE time_ms < ?")?
            .execute([before(HEARTBEATS_KEPT_MS)])?;
        self.db
            .prepare_cached("DELETE FROM rewards WHERE time_ms < ?")?
            .execute([before(HOURS_KEPT_MS)])?;
        Ok(())
    }
}

/// Value of a share, 18 decimals; `None` when there are none.
fn price(value: u128, shares: u128) -> Option<u128> {
    (shares > 0).then(|| worth(ONE, value, shares))
}

/// By what part of itself a price changes in a year at the pace of `over_ms`; `None` when there is no pace.
fn yearly_gain(before: Option<u128>, now: Option<u128>, over_ms: u64) -> Option<f64> {
    let (before, now) = (before? as f64, now? as f64);
    (before > 0.0 && over_ms > 0).then(|| (now / before - 1.0) * YEAR_MS / over_ms as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gain_is_told_for_a_year() {
        let gain = yearly_gain(Some(ONE), Some(ONE + ONE / 100), 73 * DAY_MS / 10).unwrap();
        assert!((gain - 0.5).abs() < 1e-9, "{gain}");
        let loss = yearly_gain(Some(ONE), Some(ONE - ONE / 100), 73 * DAY_MS / 10).unwrap();
        assert!((loss + 0.5).abs() < 1e-9, "{loss}");
    }

    #[test]
    fn there_is_no_gain_without_time_or_shares() {
        assert_eq!(yearly_gain(Some(ONE), Some(ONE), 0), None);
        assert_eq!(yearly_gain(None, Some(ONE), 1), None);
        assert_eq!(yearly_gain(Some(0), Some(ONE), 1), None);
    }
}
