//! Moving PHA. Signed.

use crate::Call;
use codec::{Compact, Encode};
use khala_primitives::{AccountId32, Balance};

/// `MultiAddress::Id`.
#[derive(Encode)]
enum Address<'a> {
    #[codec(index = 0)]
    Id(&'a AccountId32),
}

/// Sends `amount` planck and keeps the sender's account alive.
pub fn transfer_keep_alive(to: &AccountId32, amount: Balance) -> Call {
    Call::new("Balances", "transfer_keep_alive", (Address::Id(to), Compact(amount)))
}

/// Sends `amount` planck; the sender's account may end by it.
pub fn transfer_allow_death(to: &AccountId32, amount: Balance) -> Call {
    Call::new("Balances", "transfer_allow_death", (Address::Id(to), Compact(amount)))
}
