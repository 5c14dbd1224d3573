//! Moving PHA. Signed.

use super::Address;
use crate::Call;
use codec::Compact;
use khala_primitives::{AccountId32, Balance};

/// Sends `amount` planck and keeps the sender's account alive.
pub fn transfer_keep_alive(to: &AccountId32, amount: Balance) -> Call {
    Call::new("Balances", "transfer_keep_alive", (Address::Id(to), Compact(amount)))
}

/// Sends `amount` planck; the sender's account may end by it.
pub fn transfer_allow_death(to: &AccountId32, amount: Balance) -> Call {
    Call::new("Balances", "transfer_allow_death", (Address::Id(to), Compact(amount)))
}
