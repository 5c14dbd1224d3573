//! `khala delegate pay-booked`.

use crate::{
    args::{Global, PayBooked},
    command::change::{Change, Desk},
    failure::{Exit, Failure},
    units,
};
use khala_client::calls::stake_pool as calls;
use khala_primitives::Balance;
use serde_json::json;

/// `khala delegate pay-booked --key-file FILE`.
pub async fn pay_booked(global: &Global, args: &PayBooked) -> Result<Exit, Failure> {
    let desk = Desk::open(global, &args.signing).await?;
    let booked = booked(desk.chain.unclaimed(desk.actor.id(), desk.at).await?)?;
    let change = Change::new(
        calls::claim_unclaimed(),
        vec![format!(
            "{} PHA, which the chain could not pay out before, are paid to {}.",
            units::pha(booked, 6),
            units::address(desk.actor.id())
        )],
        json!({ "amount": booked.to_string() }),
    );
    desk.carry_out(change).await
}

fn booked(amount: Balance) -> Result<Balance, Failure> {
    match amount {
        0 => Err(Failure::failed(
            "no payment is booked for the account: whatever was due to it has been paid out",
        )),
        amount => Ok(amount),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_booked_cannot_be_claimed() {
        assert_eq!(booked(1).unwrap(), 1);
        assert!(booked(0).unwrap_err().message.contains("no payment is booked"));
    }
}
