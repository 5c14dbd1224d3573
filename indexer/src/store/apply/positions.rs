//! What accounts have in vaults: as the chain tells, since events do not say all of it, with what went in and out.

use super::{accounts::Noted, held::Held, At};
use crate::{
    chain::{Position, VaultFact},
    model::{Address, MovementKind as Kind, Shares, WithdrawalState},
    store::LATEST_MS,
};
use khala_primitives::status::{VaultPositionStatus, VaultRequestStatus};

impl At<'_> {
    /// Notes what delegators of a vault did.
    pub(super) fn move_in_vault(&self, place: u32, vault: u32, fact: &VaultFact) -> rusqlite::Result<()> {
        let held = Held::Vault(vault);
        match *fact {
            VaultFact::Delegated { who, amount, shares } => self.note(place, &Noted::new(Kind::Delegated, who, held, shares, amount)),
            VaultFact::Undelegated { who, shares, amount } => self.note(place, &Noted::new(Kind::Undelegated, who, held, shares, amount)),
            VaultFact::SharesTransferred { from, to, shares } => {
                let amount = self.worth_in_vault(vault, shares);
                self.note(place, &Noted::new(Kind::Sent, from, held, shares, amount).with(to))?;
                let received = Noted::new(Kind::Received, to, held, shares, amount).with(from);
                self.note(place.saturating_add(1), &received)
            }
            VaultFact::RequestQueued {
                request,
                who,
                burned,
                shares,
                deadline_secs,
            } => {
                let amount = self.add_vault_request(vault, request, who, shares, deadline_secs)?;
                let given = burned.saturating_add(shares);
                self.note(place, &Noted::new(Kind::Queued, who, held, given, amount).of(request))
            }
            VaultFact::RequestPaid {
                request,
                who,
                amount,
                ended,
            } => {
                self.pay_request(held, request, amount)?;
                if ended {
                    self.end_vault_request(vault, request, WithdrawalState::Paid)?;
                }
                self.note(place, &Noted::coins(Kind::Paid, who, Some(held), amount).of(request))
            }
            VaultFact::RequestCancelled { request, who, shares } => {
                self.end_vault_request(vault, request, WithdrawalState::Cancelled)?;
                let amount = self.worth_in_vault(vault, shares);
                self.note(place, &Noted::new(Kind::Cancelled, who, held, shares, amount).of(request))
            }
            VaultFact::FeeClaimed { owner, shares } => {
                let amount = self.worth_in_vault(vault, shares);
                self.note(place, &Noted::new(Kind::Fee, owner, held, shares, amount))
            }
            VaultFact::RestTaken { amount } => match self.block.vault(vault) {
                Some(status) => self.note(place, &Noted::coins(Kind::Rest, Address::from(&status.owner), Some(held), amount)),
                None => Ok(()),
            },
            VaultFact::FeeTaken { .. } | VaultFact::Changed(_) => Ok(()),
        }
    }

    /// What it is worth: what is left of it after the block, and what of it was paid in the block.
    fn add_vault_request(&self, vault: u32, request: u64, who: Address, shares: u128, deadline_secs: u64) -> rusqlite::Result<u128> {
        let position = self
            .block
            .positions
            .iter()
            .find(|position| (position.account, position.vault) == (who, vault));
        let status = position.and_then(|position| position.status.as_ref());
        let seen = status.and_then(|status| status.requests.iter().find(|seen| seen.id == request));
        let left = seen.map_or(0, |seen| seen.value);
        let amount = self.paid_in_block(vault, request).saturating_add(left);
        let after_secs = seen.map_or(0, |seen| seen.promised_secs.saturating_sub(seen.deadline_secs));
        self.add_request(Held::Vault(vault), request, who, (shares, amount), (deadline_secs, after_secs))?;
        Ok(amount)
    }

    fn paid_in_block(&self, vault: u32, request: u64) -> u128 {
        let paid = self.block.vault_facts().map(|(of, fact)| match fact {
            VaultFact::RequestPaid { request: paid, amount, .. } if (of, *paid) == (vault, request) => *amount,
            _ => 0,
        });
        paid.fold(0, u128::saturating_add)
    }

    fn end_vault_request(&self, vault: u32, request: u64, state: WithdrawalState) -> rusqlite::Result<()> {
        self.end_request(Held::Vault(vault), request, state)?;
        self.db
            .prepare_cached("UPDATE withdrawals SET left_shares = ? WHERE vault = ? AND request = ?")?
            .execute((Shares(0), vault, request))?;
        self.forget_claims(vault, request)
    }

    fn forget_claims(&self, vault: u32, request: u64) -> rusqlite::Result<()> {
        self.db
            .prepare_cached("DELETE FROM vault_claims WHERE vault = ? AND request = ?")?
            .execute((vault, request))?;
        Ok(())
    }

    /// Takes over what the chain tells of what accounts have in vaults.
    pub(super) fn refresh_positions(&self) -> rusqlite::Result<()> {
        self.block.positions.iter().try_for_each(|position| self.refresh_position(position))
    }

    fn refresh_position(&self, position: &Position) -> rusqlite::Result<()> {
        let Position { account, vault, status } = position;
        let requests = status.as_ref().map_or(&[][..], |status| &status.requests);
        for request in requests {
            self.refresh_request(*vault, request)?;
        }
        let shares = status.as_ref().map_or(0, |status| status.shares);
        let queued = requests.iter().fold(0u128, |sum, request| sum.saturating_add(request.shares));
        let now = (shares > 0 || !requests.is_empty()).then_some((Shares(shares), Shares(queued)));
        let claims = status.as_ref().map(claims_as_json);
        let before = self.held_before(Held::Vault(*vault), *account)?;
        self.set_held(Held::Vault(*vault), *account, before, now, claims, self.flows(*vault, *account))
    }

    fn refresh_request(&self, vault: u32, request: &VaultRequestStatus) -> rusqlite::Result<()> {
        self.db
            .prepare_cached("UPDATE withdrawals SET left_shares = ? WHERE vault = ? AND request = ?")?
            .execute((Shares(request.shares), vault, request.id))?;
        self.forget_claims(vault, request.id)?;
        for claim in &request.claims {
            self.db
                .prepare_cached("INSERT INTO vault_claims (vault, request, pool, pool_request, shares) VALUES (?, ?, ?, ?, ?)")?
                .execute((vault, request.id, claim.pool, claim.request.min(LATEST_MS), Shares(claim.shares)))?;
        }
        Ok(())
    }

    /// What an account put into a vault and took out of it in the block, in planck. Shares that were earned as a fee are a gain.
    fn flows(&self, vault: u32, account: Address) -> (u128, u128) {
        let (mut put_in, mut taken_out) = (0u128, 0u128);
        for (_, fact) in self.block.vault_facts().filter(|(of, _)| *of == vault) {
            match *fact {
                VaultFact::Delegated { who, amount, .. } if who == account => put_in = put_in.saturating_add(amount),
                VaultFact::Undelegated { who, amount, .. } | VaultFact::RequestPaid { who, amount, .. } if who == account => {
                    taken_out = taken_out.saturating_add(amount);
                }
                VaultFact::SharesTransferred { from, to, shares } => {
                    let amount = self.worth_in_vault(vault, shares);
                    if from == account {
                        taken_out = taken_out.saturating_add(amount);
                    }
                    if to == account {
                        put_in = put_in.saturating_add(amount);
                    }
                }
                _ => {}
            }
        }
        (put_in, taken_out)
    }
}

/// `[[pool, "shares"], ...]`.
fn claims_as_json(status: &VaultPositionStatus) -> String {
    let claims = status.requests.iter().flat_map(|request| &request.claims);
    let claims: Vec<String> = claims.map(|claim| format!("[{},\"{}\"]", claim.pool, claim.shares)).collect();
    format!("[{}]", claims.join(","))
}
