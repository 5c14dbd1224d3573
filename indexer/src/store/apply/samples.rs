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
/// The first sample of a pool behind a moment, if it was not empty since: what was empty began anew, and its price before says nothing.
const FIRST_OF_POOL: &str = "SELECT time_ms, value, shares FROM pool_samples WHERE pool = ?1 AND time_ms > max(?2, \
     (SELECT empty_ms FROM pools WHERE pool = ?1)) ORDER BY time_ms LIMIT 1";
/// The same of a vault.
const FIRST_OF_VAULT: &str = "SELECT time_ms, value, shares FROM vault_samples WHERE vault = ?1 AND time_ms > max(?2, \
     (SELECT empty_ms FROM vaults WHERE vault = ?1)) ORDER BY time_ms LIMIT 1";
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
        for table in ["pools", "vaults"] {
            self.db
                .prepare_cached(&format!("UPDATE {table} SET empty_ms = ? WHERE shares = ?"))?
                .execute((now, Shares(0)))?;
        }
        self.update_gains()?;
        self.update_vault_gains()?;
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
                "INSERT INTO vault_samples (vault, time_ms, grain, block, value, shares, price, mark, apr, free, owed, fee_ppm, fee_shares, pools, \
                 delegators) SELECT vault, ?, ?, ?, value, shares, price, mark, apr, free, owed, fee_ppm, fee_shares, pools, delegators FROM vaults",
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
        let (vaults, vault_value): (u32, Planck) = self
            .db
            .prepare_cached("SELECT count(*), sum_of(value) FROM vaults")?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut statement = self.db.prepare_cached(
            "INSERT INTO network_samples (time_ms, grain, block, slot_ms, workers, idle_workers, pools, vaults, delegators, total_value, \
             vault_value, total_staked, total_share, paid, treasury_part, forfeited, issued, budget_per_day, subsidy, treasury, heartbeats, \
             apr, outage) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?;
        statement.execute(rusqlite::params![
            self.block.time_ms,
            grain,
            self.block.number,
            network.slot_ms,
            network.workers,
            network.idle_sessions,
            network.pools,
            vaults,
            delegators,
            value,
            vault_value,
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
        let mut update = self.db.prepare_cached("UPDATE pools SET apr = ? WHERE pool = ?")?;
        for (pool, value, shares) in pools {
            let gain = self.gain(FIRST_OF_POOL, pool, price(value.0, shares.0), APR_OVER_MS)?;
            update.execute((gain.and_then(Gain::yearly), pool))?;
        }
        Ok(())
    }

    /// Each vault's yearly gain, and the change of its price.
    fn update_vault_gains(&self) -> rusqlite::Result<()> {
        let vaults: Vec<(u32, Planck, Shares)> = self
            .db
            .prepare_cached("SELECT vault, value, shares FROM vaults ORDER BY vault")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let mut update = self
            .db
            .prepare_cached("UPDATE vaults SET apr = ?, change_day = ?, change_week = ?, change_month = ? WHERE vault = ?")?;
        for (vault, value, shares) in vaults {
            let gain = |over_ms| self.gain(FIRST_OF_VAULT, vault, price(value.0, shares.0), over_ms);
            let (day, week, month) = (gain(DAY_MS)?, gain(7 * DAY_MS)?, gain(30 * DAY_MS)?);
            let apr = gain(APR_OVER_MS)?.and_then(Gain::yearly);
            let change = |gain: Option<Gain>| gain.map(|gain| gain.change);
            update.execute((apr, change(day), change(week), change(month), vault))?;
        }
        Ok(())
    }

    /// How a price has changed since the first sample in so much time. `first`: the query for that sample.
    fn gain(&self, first: &str, number: u32, now: Option<u128>, over_ms: u64) -> rusqlite::Result<Option<Gain>> {
        let from = self.block.time_ms.saturating_sub(over_ms);
        let before = self
            .db
            .prepare_cached(first)?
            .query_row((number, from), |row| {
                Ok((row.get::<_, u64>(0)?, row.get::<_, Planck>(1)?, row.get::<_, Shares>(2)?))
            })
            .optional()?;
        Ok(before.and_then(|(then_ms, value, shares)| {
            let over_ms = self.block.time_ms.saturating_sub(then_ms);
            Gain::between(price(value.0, shares.0), now, over_ms)
        }))
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
        for table in ["network_samples", "pool_samples", "vault_samples", "worker_samples"] {
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

/// How a price has changed.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Gain {
    /// By what part of itself.
    change: f64,
    over_ms: u64,
}

impl Gain {
    /// `None` when a price is missing, or was nothing.
    fn between(before: Option<u128>, now: Option<u128>, over_ms: u64) -> Option<Self> {
        let (before, now) = (before? as f64, now? as f64);
        let change = now / before - 1.0;
        change.is_finite().then_some(Self { change, over_ms })
    }

    /// By what part of itself the price changes in a year at this pace; `None` when there is no pace.
    fn yearly(self) -> Option<f64> {
        (self.over_ms > 0).then(|| self.change * YEAR_MS / self.over_ms as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gain_is_told_for_a_year() {
        let yearly = |now| Gain::between(Some(ONE), Some(now), 73 * DAY_MS / 10).unwrap().yearly().unwrap();
        let (gain, loss) = (yearly(ONE + ONE / 100), yearly(ONE - ONE / 100));
        assert!((gain - 0.5).abs() < 1e-9, "{gain}");
        assert!((loss + 0.5).abs() < 1e-9, "{loss}");
    }

    #[test]
    fn there_is_no_gain_without_time_or_shares() {
        let gain = Gain::between(Some(ONE), Some(ONE), 0).unwrap();
        assert_eq!((gain.change, gain.yearly()), (0.0, None));
        assert_eq!(Gain::between(None, Some(ONE), 1), None);
        assert_eq!(Gain::between(Some(0), Some(ONE), 1), None);
    }
}
