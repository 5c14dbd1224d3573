//! `khala delegate cancel` and `khala delegate pay-booked`.

use crate::{
    args::{CancelRequest, Global, PayBooked},
    command::{
        change::{Change, Desk},
        pool,
    },
    failure::{Exit, Failure},
    units,
};
use khala_client::calls::stake_pool as calls;
use khala_primitives::{
    status::{DelegationStatus, RequestStatus},
    Balance, PoolId, RequestId,
};
use serde_json::json;

/// `khala delegate cancel POOL REQUEST --key-file FILE`.
pub async fn cancel(global: &Global, args: &CancelRequest) -> Result<Exit, Failure> {
    let desk = Desk::open(global, &args.signing).await?;
    let pool = pool::existing(&desk.chain, args.pool, desk.at).await?;
    let held = desk.chain.delegation(pool.id, desk.actor.id(), desk.at).await?;
    let is_there = desk.chain.request_forecast(pool.id, args.request, desk.at).await?.is_some();
    let request = cancellable(pool.id, &held, args.request, is_there, desk.now_secs)?;
    let change = Change::new(
        calls::cancel_request(pool.id, request.id),
        vec![format!(
            "The {} shares of request {}, worth {} PHA today, leave the queue of pool {} and are held again.",
            units::pha(request.shares, 6),
            request.id,
            units::pha(request.value, 6),
            pool.id
        )],
        json!({ "pool": pool.id, "request": request }),
    );
    desk.carry_out(change).await
}

/// A request of an account, when it can still be cancelled.
fn cancellable(pool: PoolId, held: &DelegationStatus, number: RequestId, is_there: bool, now_secs: u64) -> Result<&RequestStatus, Failure> {
    let own: Vec<_> = held.requests.iter().map(|request| request.id.to_string()).collect();
    let own = if own.is_empty() { "none".into() } else { own.join(", ") };
    let Some(request) = held.requests.iter().find(|request| request.id == number) else {
        return Err(Failure::failed(match is_there {
            true => format!("request {number} of pool {pool} is another account's; the account's own are: {own}"),
            false => {
                format!(
                    "the queue of pool {pool} has no request {number}: it was paid or cancelled, or never there; the account's are: {own}"
                )
            }
        }));
    };
    if !request.cancellable {
        return Err(Failure::failed(format!(
            "request {number} of pool {pool} could be cancelled until {}; stakes are taken back for it now, and it is paid by {}",
            units::date(request.deadline_secs, now_secs),
            units::date(request.promised_secs, now_secs)
        )));
    }
    Ok(request)
}

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
    use crate::command::testing::{held, request};

    fn with(requests: Vec<RequestStatus>) -> DelegationStatus {
        DelegationStatus { requests, ..held(0) }
    }

    #[test]
    fn only_ones_own_request_is_cancelled_and_only_before_its_deadline() {
        let own = with(vec![request(1), request(4)]);
        assert_eq!(cancellable(3, &own, 4, true, 0).unwrap().id, 4);
        let others = cancellable(3, &own, 2, true, 0).unwrap_err();
        assert!(
            others.message.contains("another account's; the account's own are: 1, 4"),
            "{others}"
        );
        let gone = cancellable(3, &with(vec![]), 2, false, 0).unwrap_err();
        assert!(
            gone.message.contains("no request 2") && gone.message.ends_with("the account's are: none"),
            "{gone}"
        );
        let late = with(vec![RequestStatus {
            cancellable: false,
            ..request(1)
        }]);
        let late = cancellable(3, &late, 1, true, 1_735_689_700).unwrap_err();
        assert!(late.message.contains("until 2025-01-01 00:00 UTC (1m 40s ago)"), "{late}");
    }

    #[test]
    fn what_is_not_booked_cannot_be_claimed() {
        assert_eq!(booked(1).unwrap(), 1);
        assert!(booked(0).unwrap_err().message.contains("no payment is booked"));
    }
}
