//! From blocks to rows.

mod accounts;
mod commissions;
mod heartbeats;
mod held;
mod pools;
mod positions;
mod requests;
mod samples;
mod transactions;
mod vaults;
mod workers;

use super::{Store, StoreError};
use crate::{
    chain::{Block, Fact},
    model::{LeaseKind, Planck},
};
use rusqlite::Transaction;
use std::{cell::RefCell, collections::BTreeSet};

/// Places of what happened in one block: so many for each of its events.
const PLACES: u32 = 64;
/// Blocks whose hashes are kept.
const BLOCKS_KEPT: u32 = 20_000;

impl Store {
    /// Takes blocks in, all or none.
    ///
    /// # Errors
    /// They do not follow the newest block, or SQLite fails.
    pub fn apply(&mut self, blocks: &[Block]) -> Result<(), StoreError> {
        let transaction = self.db.transaction()?;
        for block in blocks {
            apply(&transaction, block)?;
        }
        transaction.commit()?;
        Ok(())
    }
}

fn apply(db: &Transaction<'_>, block: &Block) -> Result<(), StoreError> {
    let (newest, before_ms): (u32, u64) = db
        .prepare_cached("SELECT block, time_ms FROM head")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if newest.checked_add(1) != Some(block.number) {
        return Err(StoreError::Gap {
            newest,
            found: block.number,
        });
    }
    let at = At {
        db,
        block,
        paid: RefCell::default(),
    };
    at.ensure_pools()?;
    at.ensure_vaults()?;
    for (event, fact) in &block.facts {
        at.fact(event.saturating_mul(PLACES), fact)?;
    }
    at.refresh_workers()?;
    at.refresh_pools()?;
    at.refresh_vaults()?;
    at.refresh_positions()?;
    at.value_vaults()?;
    at.add_transactions()?;
    at.move_head()?;
    if let Some(network) = &block.sample {
        at.take_sample(network, before_ms)?;
    }
    Ok(())
}

/// A block that is being taken in.
struct At<'a> {
    db: &'a Transaction<'a>,
    block: &'a Block,
    /// The pools that were paid in it.
    paid: RefCell<BTreeSet<u32>>,
}

impl At<'_> {
    fn fact(&self, place: u32, fact: &Fact) -> rusqlite::Result<()> {
        match fact {
            Fact::Settled { payments } => self.settle(place, payments),
            Fact::MeasurementAllowed { .. } | Fact::MeasurementDeprecated { .. } => self.change_measurement(fact),
            Fact::WorkerRegistered {
                worker,
                level,
                lease_end_secs,
                ..
            } => {
                self.worker_event(place, fact)?;
                self.add_lease(place, LeaseKind::Registered, *worker, Some((*level, *lease_end_secs)), None)
            }
            Fact::WorkerRenewed {
                worker,
                level,
                lease_end_secs,
            } => self.add_lease(place, LeaseKind::Renewed, *worker, Some((*level, *lease_end_secs)), None),
            Fact::EvidenceRefused { worker } => {
                let view = self.block.workers.iter().find(|(key, _)| key == worker);
                let registration = view.and_then(|(_, view)| view.registration.as_ref());
                let why = registration.and_then(|registration| registration.refused.as_deref());
                self.add_lease(place, LeaseKind::Refused, *worker, None, why)
            }
            Fact::WorkerReverified { worker, level } => {
                let view = self.block.workers.iter().find(|(key, _)| key == worker);
                let end = view
                    .and_then(|(_, view)| view.registration.as_ref())
                    .map_or(0, |seen| seen.lease_end_secs);
                self.add_lease(place, LeaseKind::Reverified, *worker, Some((*level, end)), None)
            }
            Fact::WorkerRebound { new, .. } => {
                self.worker_event(place, fact)?;
                let view = self.block.workers.iter().find(|(key, _)| key == new);
                let lease = view.and_then(|(_, view)| view.registration.as_ref());
                let lease = lease.map(|seen| (seen.confidence_level.into(), seen.lease_end_secs));
                self.add_lease(place, LeaseKind::Rebound, *new, lease, None)
            }
            Fact::SessionCreated { .. }
            | Fact::SessionRemoved { .. }
            | Fact::Started { .. }
            | Fact::Recovered { .. }
            | Fact::Unresponsive { .. }
            | Fact::Stopped { .. }
            | Fact::StakeAdded { .. }
            | Fact::StakeReduced { .. }
            | Fact::Resumed { .. }
            | Fact::Released { .. }
            | Fact::OperatorChanged { .. }
            | Fact::BenchmarkAsked { .. }
            | Fact::BenchmarkMeasured { .. }
            | Fact::WorkerRetired { .. } => self.worker_event(place, fact),
            Fact::PoolCreated { .. } | Fact::CommissionChanged { .. } | Fact::RiseAnnounced { .. } | Fact::RiseCancelled { .. } => {
                self.change_commission(place, fact)
            }
            Fact::MemberChanged { pool, account, allowed } => self.change_member(*pool, *account, *allowed),
            Fact::RewardTaken { pool, commission, rest } => self.take_reward(place, *pool, *commission, *rest),
            Fact::Delegated { .. }
            | Fact::Undelegated { .. }
            | Fact::SharesTransferred { .. }
            | Fact::RequestQueued { .. }
            | Fact::RequestDue { .. }
            | Fact::RequestPaid { .. }
            | Fact::RequestCancelled { .. }
            | Fact::PaymentBooked { .. }
            | Fact::PaymentClaimed { .. }
            | Fact::RestTaken { .. }
            | Fact::CommissionClaimed { .. } => self.move_shares(place, fact),
            Fact::PoolTouched { .. } => Ok(()),
            Fact::Vault { vault, fact } => {
                self.vault_event(place, *vault, fact)?;
                self.move_in_vault(place, *vault, fact)
            }
        }
    }

    fn move_head(&self) -> rusqlite::Result<()> {
        let block = self.block;
        self.db
            .prepare_cached("UPDATE head SET block = ?, hash = ?, time_ms = ?, credited_secs = ?")?
            .execute((block.number, block.hash, block.time_ms, block.credited_secs))?;
        self.db
            .prepare_cached("INSERT INTO blocks (number, hash, time_ms) VALUES (?, ?, ?)")?
            .execute((block.number, block.hash, block.time_ms))?;
        self.db
            .prepare_cached("DELETE FROM blocks WHERE number <= ?")?
            .execute([block.number.saturating_sub(BLOCKS_KEPT)])?;
        Ok(())
    }
}

/// Adds to a number of one row.
fn add(db: &Transaction<'_>, select: &str, update: &str, key: impl rusqlite::ToSql, more: u128) -> rusqlite::Result<()> {
    if more == 0 {
        return Ok(());
    }
    let old: Planck = db.prepare_cached(select)?.query_row([&key], |row| row.get(0))?;
    db.prepare_cached(update)?.execute((Planck(old.0.saturating_add(more)), &key))?;
    Ok(())
}
