//! The owner's part of gains over the mark.

use super::{
    part, part_up,
    rate::{Refusals, Turn},
    Lost, Valued, ONE,
};
use crate::ledger::{Foreseen, Ledger, VaultError, VaultEvent};
use frame_support::ensure;
use khala_primitives::{AccountId32, Balance, VaultId};
use sp_runtime::Permill;

impl Valued {
    /// What it is worth beyond its mark.
    pub(super) fn gain(&self) -> Balance {
        self.value().saturating_sub(part_up(self.vault.mark, self.vault.shares, ONE))
    }

    /// The fee is taken: shares for the owner, and what they are worth.
    fn take_fee(&mut self) -> (u128, Balance) {
        if self.vault.shares == 0 {
            self.vault.mark = ONE;
        }
        if self.vault.shares == 0 {
            return (0, 0);
        }
        let gain = self.gain();
        let (value, held) = self.price();
        let amount = part(gain, self.vault.fee.now.into(), 1_000_000);
        let minted = part(amount, held, value - amount);
        self.vault.shares += minted;
        self.vault.fee_shares += minted;
        self.vault.mark = self.vault.mark.max(part_up(value, ONE, self.vault.shares));
        // The owner has no more than its part of the gain, and the others keep all that is not gain.
        let (theirs, ours) = (self.worth(held), self.worth(minted));
        assert!(
            ours <= amount && theirs >= value - amount && amount <= gain,
            "of {value} planck and a gain of {gain} a fee took {ours} and left {theirs}"
        );
        assert!(self.gain() == 0, "a fee on {value} planck leaves a gain of {}", self.gain());
        (minted, amount)
    }
}

impl Ledger {
    /// A vault whose fee is taken. It counts when it is put back.
    pub(super) fn settled_vault(&mut self, id: VaultId, lost: &Lost) -> Foreseen<Valued> {
        let mut at = self.valued(id, lost)?;
        let (shares, amount) = at.take_fee();
        if shares > 0 {
            self.tell(VaultEvent::FeeTaken { vault: id, shares, amount });
        }
        let now = self.clock.credited;
        if let Some(fee) = at.vault.fee.apply(now).map(Permill::from_parts) {
            self.tell(VaultEvent::FeeChanged { vault: id, fee });
        }
        if let Some(limit) = at.vault.limit.apply(now).map(Permill::from_parts) {
            self.tell(VaultEvent::CommissionLimitChanged { vault: id, limit });
        }
        Ok(at)
    }

    /// When a rise that is announced now is in force.
    pub(super) fn rise_due(&self) -> u64 {
        self.clock.credited + self.times.grace_secs + self.mining.cool_down_secs
    }

    pub(crate) fn set_fee(&mut self, who: &AccountId32, id: VaultId, fee: u32, lost: &Lost) -> Foreseen<()> {
        self.vault_owned_by(who, id)?;
        let mut at = self.settled_vault(id, lost)?;
        let refusals = Refusals(VaultError::FeeAboveMaximum, VaultError::FeeRiseTooLarge, VaultError::FeeUnchanged);
        match at.vault.fee.set(fee, self.rise_due(), refusals)? {
            Turn::Announced(due_secs) => {
                let fee = Permill::from_parts(fee);
                self.tell(VaultEvent::FeeRiseAnnounced { vault: id, fee, due_secs });
            }
            Turn::Lowered { to, withdrawn } => {
                let cancelled = withdrawn.map(Permill::from_parts);
                self.tell_all(cancelled.map(|fee| VaultEvent::FeeRiseCancelled { vault: id, fee }));
                let lowered = to.map(Permill::from_parts);
                self.tell_all(lowered.map(|fee| VaultEvent::FeeChanged { vault: id, fee }));
            }
        }
        self.put_vault(id, at.vault);
        Ok(())
    }

    pub(crate) fn claim_fee(&mut self, who: &AccountId32, id: VaultId, lost: &Lost) -> Foreseen<()> {
        self.vault_owned_by(who, id)?;
        let mut at = self.settled_vault(id, lost)?;
        let shares = std::mem::take(&mut at.vault.fee_shares);
        ensure!(shares > 0, VaultError::NothingToClaim);
        let held = at.vault.held_by(who) + shares;
        ensure!(at.suffices(held), VaultError::FeeTooSmall);
        at.vault.hold(who, held);
        self.put_vault(id, at.vault);
        let owner = who.clone();
        self.tell(VaultEvent::FeeClaimed { vault: id, owner, shares });
        Ok(())
    }
}
