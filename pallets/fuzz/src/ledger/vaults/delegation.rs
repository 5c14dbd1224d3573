//! Coins into vaults, and shares from hand to hand.

use super::{part, vault_of, Lost, LEAST_SHARES};
use crate::ledger::{Foreseen, Ledger, VaultError, VaultEvent};
use frame_support::ensure;
use khala_primitives::{AccountId32, Balance, VaultId, PHA};

impl Ledger {
    pub(crate) fn join_vault(&mut self, who: &AccountId32, id: VaultId, amount: Balance, min_shares: u128, lost: &Lost) -> Foreseen<()> {
        ensure!(amount >= PHA, VaultError::DelegationTooSmall);
        let mut at = self.settled_vault(id, lost)?;
        let before = at.price();
        if before.1 == 0 {
            ensure!(at.vault.places.is_empty(), VaultError::VaultUnwinding);
        } else {
            ensure!(before.0 > 0, VaultError::VaultWorthless);
        }
        ensure!(at.vault.cap.is_none_or(|cap| before.0 + amount <= cap), VaultError::CapExceeded);
        let shares = match before {
            (_, 0) => amount,
            (value, shares) => part(amount, shares, value),
        };
        ensure!(shares >= min_shares, VaultError::TooFewShares);
        let held = at.vault.held_by(who) + shares;
        ensure!(held >= LEAST_SHARES, VaultError::SharesTooDear);
        self.take_from(who, amount)?;
        at.vault.free += amount;
        at.vault.shares += shares;
        at.vault.hold(who, held);
        // Nobody pays for the newcomer, nor the newcomer for anybody: no fee is due on what it has brought.
        at.assert_kept(before, 0);
        assert!(
            at.worth(shares) <= amount,
            "{amount} planck bought shares worth {}",
            at.worth(shares)
        );
        assert!(
            at.gain() <= at.of_one(),
            "of {amount} planck just brought in {} are gain",
            at.gain()
        );
        self.put_vault(id, at.vault);
        let who = who.clone();
        self.tell(VaultEvent::Delegated {
            vault: id,
            who,
            amount,
            shares,
        });
        Ok(())
    }

    pub(crate) fn transfer_in_vault(
        &mut self,
        from: &AccountId32,
        id: VaultId,
        to: &AccountId32,
        shares: u128,
        lost: &Lost,
    ) -> Foreseen<()> {
        ensure!(shares > 0, VaultError::NothingToMove);
        ensure!(from != to, VaultError::TransferToSelf);
        ensure!(vault_of(to).is_none(), VaultError::VaultInVault);
        let mut at = self.settled_vault(id, lost)?;
        let held = at.vault.held_by(from);
        let rest = held.checked_sub(shares).ok_or(VaultError::NotEnoughShares)?;
        let enough = rest == 0 || (at.suffices(shares) && at.suffices(rest));
        ensure!(enough, VaultError::HoldingTooSmall);
        at.vault.hold(from, rest);
        at.vault.hold(to, at.vault.held_by(to) + shares);
        self.put_vault(id, at.vault);
        let (from, to) = (from.clone(), to.clone());
        self.tell(VaultEvent::SharesTransferred {
            vault: id,
            from,
            to,
            shares,
        });
        Ok(())
    }
}
