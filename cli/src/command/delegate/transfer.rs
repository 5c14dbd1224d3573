//! `khala delegate transfer`.

use super::found::Found;
use crate::{
    args::{Global, Target, Transfer},
    command::change::{Change, Desk},
    failure::{Exit, Failure},
    units,
};
use khala_client::{calls, VaultAccounts};
use khala_primitives::AccountId32;
use serde_json::json;

/// `khala delegate transfer POOL|vault:N ACCOUNT AMOUNT|all --key-file FILE`.
pub async fn transfer(global: &Global, args: &Transfer) -> Result<Exit, Failure> {
    let desk = Desk::open(global, &args.signing).await?;
    if !desk.actor.may_give_shares(&desk.chain, desk.at).await? {
        return Err(Failure::failed(format!(
            "a proxy for pools cannot give shares of {} away: sign with that account's own key",
            units::address(desk.actor.id())
        )));
    }
    if args.to == *desk.actor.id() {
        return Err(Failure::usage("the shares are that account's already: name another one"));
    }
    check_taker(&desk.chain.vault_accounts().await?, &args.to)?;
    let found = Found::new(&desk.chain, args.target, desk.at).await?;
    found.check_holder(&desk.chain, &args.to, desk.at).await?;
    let held = found.held_by(&desk.chain, desk.actor.id(), desk.at).await?;
    let fund = found.fund();
    let moved = fund.moved(&held, args.amount)?;
    let worth = fund.worth(moved);
    let call = match args.target {
        Target::Pool(pool) => calls::stake_pool::transfer_shares(pool, args.to.clone(), moved),
        Target::Vault(vault) => calls::vault::transfer_shares(vault, args.to.clone(), moved),
    };
    let will = format!(
        "{} shares of {}, worth {} PHA today, go to {}, with all that they earn from now on.",
        units::pha(moved, 6),
        args.target,
        units::pha(worth, 6),
        units::address(&args.to)
    );
    let facts = json!({ "to": args.to, "shares": moved.to_string(), "worth": worth.to_string() });
    desk.carry_out(Change::new(call, vec![will], args.target.facts(facts))).await
}

/// Nobody gives shares to a vault: it gets its own by investing.
fn check_taker(accounts: &VaultAccounts, to: &AccountId32) -> Result<(), Failure> {
    match accounts.vault_of(to) {
        None => Ok(()),
        Some(vault) => Err(Failure::failed(format!(
            "{} is the account of vault {vault}, and shares cannot be given to a vault: give it coins with khala delegate add {}",
            units::address(to),
            Target::Vault(vault).word()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::{account, vault, vault_accounts};

    #[test]
    fn shares_are_given_to_anybody_but_a_vault() {
        assert!(check_taker(&vault_accounts(), &account("//New")).is_ok());
        let failure = check_taker(&vault_accounts(), &vault().account).unwrap_err();
        assert!(failure.message.contains("khala delegate add vault:2"), "{failure}");
    }
}
