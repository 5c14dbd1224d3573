//! Requests for withdrawals, of pools and of vaults.

use super::{held::Held, At};
use crate::{
    model::{Address, Planck, Shares, WithdrawalState},
    store::LATEST_MS,
};
use rusqlite::OptionalExtension;

impl At<'_> {
    /// `amount`: what it is worth, in planck. `after_secs`: time from its deadline to its promise.
    pub(super) fn add_request(
        &self,
        held: Held,
        request: u64,
        who: Address,
        (shares, amount): (u128, u128),
        (deadline_secs, after_secs): (u64, u64),
    ) -> rusqlite::Result<()> {
        let deadline_secs = deadline_secs.min(LATEST_MS);
        self.db
            .prepare_cached(
                "INSERT INTO withdrawals (pool, vault, request, account, state, shares, left_shares, amount, paid, block, time_ms, \
                 deadline_secs, promised_secs) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            )?
            .execute((
                held.pool(),
                held.vault(),
                request,
                who,
                WithdrawalState::Open,
                Shares(shares),
                Planck(amount),
                Planck(0),
                self.block.number,
                self.block.time_ms,
                deadline_secs,
                deadline_secs.saturating_add(after_secs).min(LATEST_MS),
            ))?;
        Ok(())
    }

    /// Adds what a request was paid, in planck.
    pub(super) fn pay_request(&self, held: Held, request: u64, amount: u128) -> rusqlite::Result<()> {
        let (column, number) = held.key();
        let paid: Option<Planck> = self
            .db
            .prepare_cached(&format!("SELECT paid FROM withdrawals WHERE {column} = ? AND request = ?"))?
            .query_row((number, request), |row| row.get(0))
            .optional()?;
        let paid = paid.unwrap_or_default();
        self.db
            .prepare_cached(&format!("UPDATE withdrawals SET paid = ? WHERE {column} = ? AND request = ?"))?
            .execute((Planck(paid.0.saturating_add(amount)), number, request))?;
        Ok(())
    }

    /// Notes how a request stands.
    pub(super) fn end_request(&self, held: Held, request: u64, state: WithdrawalState) -> rusqlite::Result<()> {
        let (column, number) = held.key();
        let ended_ms = matches!(state, WithdrawalState::Paid | WithdrawalState::Cancelled).then_some(self.block.time_ms);
        self.db
            .prepare_cached(&format!(
                "UPDATE withdrawals SET state = ?, ended_ms = ? WHERE {column} = ? AND request = ?"
            ))?
            .execute((state, ended_ms, number, request))?;
        Ok(())
    }
}
