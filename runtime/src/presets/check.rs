//! What a genesis must have that no single pallet can check.

use crate::{
    config::{
        currency::{TreasuryAccount, EXISTENTIAL_DEPOSIT},
        workers::SubsidyAccount,
    },
    Balances,
};
use alloc::{format, string::String};

/// Checks the state after genesis. Rewards and fees are paid between accounts that exist, so that no payment can fail.
pub fn check_genesis() -> Result<(), String> {
    for (name, account) in [("subsidy", SubsidyAccount::get()), ("treasury", TreasuryAccount::get())] {
        let balance = Balances::free_balance(&account);
        if balance < EXISTENTIAL_DEPOSIT {
            return Err(format!(
                "the {name} account {account:?} has {balance} planck: give it at least {EXISTENTIAL_DEPOSIT} in balances.balances"
            ));
        }
    }
    Ok(())
}
