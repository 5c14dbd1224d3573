//! Signed transactions.

use super::At;
use crate::model::Planck;

impl At<'_> {
    pub(super) fn add_transactions(&self) -> rusqlite::Result<()> {
        for signed in &self.block.transactions {
            self.db
                .prepare_cached(
                    "INSERT INTO transactions (time_ms, place, block, hash, account, pallet, call, fee, tip, success, error) \
                     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                )?
                .execute((
                    self.block.time_ms,
                    signed.index,
                    self.block.number,
                    signed.hash,
                    signed.account,
                    &signed.pallet,
                    &signed.call,
                    Planck(signed.fee),
                    Planck(signed.tip),
                    signed.error.is_none(),
                    &signed.error,
                ))?;
            self.ensure_account(signed.account)?;
            self.db
                .prepare_cached("UPDATE accounts SET transactions = transactions + 1 WHERE account = ?")?
                .execute([signed.account])?;
        }
        Ok(())
    }
}
