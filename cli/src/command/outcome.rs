//! What a change of pools or delegations has done, as the chain's events tell it.

use crate::{amount::Ppm, command::change::now_secs, failure::Failure, units};
use khala_client::{At, Chain, ClientError, Event, Receipt};
use khala_primitives::{AccountId32, Balance, PoolId, RequestId, WorkerPublicKey};
use serde::Serialize;
use serde_json::{json, Value};

/// Something that happened.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Happened {
    /// The event's name.
    pub event: String,
    /// In a sentence.
    pub text: String,
    /// Its facts: amounts and shares as decimal strings, in planck, times in seconds since 1970.
    pub facts: Value,
}

/// What a transaction did to pools and delegations.
///
/// # Errors
/// An event has another shape than this program knows, or the chain cannot be asked for a date.
pub async fn of(chain: &Chain, receipt: &Receipt) -> Result<Vec<Happened>, Failure> {
    let at = At::Hash(receipt.block.hash);
    let mut happened = Vec::new();
    for event in receipt.events.iter().filter(|event| event.pallet == "StakePool") {
        let told = match event.name.as_str() {
            // Dates are readings of the chain's clock: the status knows them as times.
            "RequestQueued" => Some(queued(chain, event, at).await?),
            "CommissionRiseAnnounced" => Some(rise(chain, event, at).await?),
            _ => told(event)?,
        };
        happened.extend(told.map(|(text, facts)| Happened {
            event: event.name.clone(),
            text,
            facts,
        }));
    }
    Ok(happened)
}

type Told = (String, Value);

async fn queued(chain: &Chain, event: &Event, at: At) -> Result<Told, Failure> {
    let (pool, number, who, shares): (PoolId, RequestId, AccountId32, u128) = event.decode()?;
    let delegation = chain.delegation(pool, &who, at).await?;
    let request = delegation.requests.into_iter().find(|request| request.id == number);
    let (deadline_secs, promised_secs) = request.map_or((0, 0), |request| (request.deadline_secs, request.promised_secs));
    let now = now_secs(chain, at).await?;
    Ok((
        format!(
            "Request {number} of pool {pool}: {} shares wait in the queue; they are paid by {}, and can be cancelled until {}.",
            units::pha(shares, 6),
            units::date(promised_secs, now),
            units::date(deadline_secs, now)
        ),
        json!({ "pool": pool, "request": number, "who": who, "shares": shares.to_string(),
            "deadlineSecs": deadline_secs, "promisedSecs": promised_secs }),
    ))
}

async fn rise(chain: &Chain, event: &Event, at: At) -> Result<Told, Failure> {
    let (pool, ppm): (PoolId, u32) = event.decode()?;
    let due_secs = chain.pool_status(pool, at).await?.and_then(|pool| pool.commission_rise);
    let due_secs = due_secs.map(|rise| rise.due_secs).unwrap_or_default();
    let now = now_secs(chain, at).await?;
    Ok((
        format!(
            "The commission of pool {pool} rises to {} at {}.",
            Ppm(ppm),
            units::date(due_secs, now)
        ),
        json!({ "pool": pool, "commissionPpm": ppm, "dueSecs": due_secs }),
    ))
}

/// What an event without dates says; `None` when it says nothing to whoever made the call.
fn told(event: &Event) -> Result<Option<Told>, ClientError> {
    let pha = |amount: Balance| units::pha(amount, 6);
    Ok(Some(match event.name.as_str() {
        "Delegated" => {
            let (pool, who, amount, shares): (PoolId, AccountId32, Balance, u128) = event.decode()?;
            (
                format!("{} PHA bought {} shares of pool {pool}.", pha(amount), pha(shares)),
                json!({ "pool": pool, "who": who, "amount": amount.to_string(), "shares": shares.to_string() }),
            )
        }
        "Undelegated" => {
            let (pool, who, shares, amount): (PoolId, AccountId32, u128, Balance) = event.decode()?;
            (
                format!("{} PHA were paid at once for {} shares of pool {pool}.", pha(amount), pha(shares)),
                json!({ "pool": pool, "who": who, "amount": amount.to_string(), "shares": shares.to_string() }),
            )
        }
        "RequestCancelled" => {
            let (pool, number, who, shares): (PoolId, RequestId, AccountId32, u128) = event.decode()?;
            (
                format!(
                    "Request {number} of pool {pool} was cancelled; its {} shares are held again.",
                    pha(shares)
                ),
                json!({ "pool": pool, "request": number, "who": who, "shares": shares.to_string() }),
            )
        }
        "SharesTransferred" => {
            let (pool, from, to, shares): (PoolId, AccountId32, AccountId32, u128) = event.decode()?;
            (
                format!("{} shares of pool {pool} went to {}.", pha(shares), units::address(&to)),
                json!({ "pool": pool, "from": from, "to": to, "shares": shares.to_string() }),
            )
        }
        "PaymentBooked" => {
            let (who, amount): (AccountId32, Balance) = event.decode()?;
            (
                format!(
                    "{} PHA could not be paid to {}, and are booked for it: khala delegate pay-booked.",
                    pha(amount),
                    units::address(&who)
                ),
                json!({ "who": who, "amount": amount.to_string() }),
            )
        }
        "PaymentClaimed" => {
            let (who, amount): (AccountId32, Balance) = event.decode()?;
            (
                format!("{} PHA were paid to {}.", pha(amount), units::address(&who)),
                json!({ "who": who, "amount": amount.to_string() }),
            )
        }
        "CommissionClaimed" => {
            let (pool, owner, amount): (PoolId, AccountId32, Balance) = event.decode()?;
            (
                format!(
                    "{} PHA of commission of pool {pool} were paid to {}.",
                    pha(amount),
                    units::address(&owner)
                ),
                json!({ "pool": pool, "owner": owner, "amount": amount.to_string() }),
            )
        }
        _ => return of_owner(event),
    }))
}

/// What a change by a pool's owner did.
fn of_owner(event: &Event) -> Result<Option<Told>, ClientError> {
    let pha = |amount: Balance| units::pha(amount, 6);
    Ok(Some(match event.name.as_str() {
        "PoolCreated" => {
            let (pool, owner): (PoolId, AccountId32) = event.decode()?;
            (format!("Pool {pool} was created."), json!({ "pool": pool, "owner": owner }))
        }
        "CommissionChanged" => {
            let (pool, ppm): (PoolId, u32) = event.decode()?;
            (
                format!("The commission of pool {pool} is {}.", Ppm(ppm)),
                json!({ "pool": pool, "commissionPpm": ppm }),
            )
        }
        "CommissionRiseCancelled" => {
            let (pool, ppm): (PoolId, u32) = event.decode()?;
            (
                format!("The rise of pool {pool} to {} is withdrawn.", Ppm(ppm)),
                json!({ "pool": pool, "commissionPpm": ppm }),
            )
        }
        "CapChanged" => {
            let (pool, cap): (PoolId, Option<Balance>) = event.decode()?;
            let shown = cap.map_or("gone".into(), |cap| format!("{} PHA", pha(cap)));
            (
                format!("The cap of pool {pool} is {shown}."),
                json!({ "pool": pool, "cap": cap.map(|cap| cap.to_string()) }),
            )
        }
        "AllowListChanged" => {
            let (pool, delegator, allowed): (PoolId, AccountId32, bool) = event.decode()?;
            let done = if allowed { "is on" } else { "is off" };
            (
                format!("{} {done} the list of pool {pool}.", units::address(&delegator)),
                json!({ "pool": pool, "delegator": delegator, "allowed": allowed }),
            )
        }
        "ProfileChanged" | "WorkersOrdered" => {
            let pool: PoolId = event.decode()?;
            let what = if event.name == "ProfileChanged" {
                "The profile"
            } else {
                "The order of the workers"
            };
            (format!("{what} of pool {pool} was changed."), json!({ "pool": pool }))
        }
        "WorkerAdded" | "WorkerRemoved" => {
            let (pool, worker): (PoolId, WorkerPublicKey) = event.decode()?;
            let done = if event.name == "WorkerAdded" { "joined" } else { "left" };
            (format!("{worker} {done} pool {pool}."), json!({ "pool": pool, "worker": worker }))
        }
        "WorkerStarted" | "StakeAdded" => {
            let (pool, worker, stake): (PoolId, WorkerPublicKey, Balance) = event.decode()?;
            let done = if event.name == "WorkerStarted" {
                "mines with"
            } else {
                "has more stake, by"
            };
            (
                format!("{worker} {done} {} PHA of pool {pool}.", pha(stake)),
                json!({ "pool": pool, "worker": worker, "stake": stake.to_string() }),
            )
        }
        "WorkerStopped" | "StakeReduced" => {
            let (pool, worker, returned, lost): (PoolId, WorkerPublicKey, Balance, Balance) = event.decode()?;
            let done = if event.name == "WorkerStopped" {
                "was stopped"
            } else {
                "has less stake"
            };
            (
                format!(
                    "{worker} {done}: {} PHA come back to pool {pool} after the cool-down, {} PHA are lost.",
                    pha(returned),
                    pha(lost)
                ),
                json!({ "pool": pool, "worker": worker, "returned": returned.to_string(), "lost": lost.to_string() }),
            )
        }
        "RestTaken" => {
            let (pool, amount): (PoolId, Balance) = event.decode()?;
            (
                format!(
                    "Pool {pool} has no shares any more: {} PHA that were left are its owner's.",
                    pha(amount)
                ),
                json!({ "pool": pool, "amount": amount.to_string() }),
            )
        }
        _ => return Ok(None),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::{account, WORKER};
    use codec::Encode;
    use khala_primitives::PHA;

    fn event(name: &str, fields: impl Encode) -> Event {
        Event {
            pallet: "StakePool".into(),
            name: name.into(),
            fields: fields.encode(),
        }
    }

    #[test]
    fn events_are_told_in_sentences() {
        let who = account("//Old");
        for (event, part) in [
            (
                event("Delegated", (3u32, &who, 10 * PHA, 9 * PHA)),
                "10.000000 PHA bought 9.000000 shares of pool 3.",
            ),
            (
                event("Undelegated", (3u32, &who, 9 * PHA, 10 * PHA)),
                "10.000000 PHA were paid at once for 9.000000 shares",
            ),
            (
                event("RequestCancelled", (3u32, 7u64, &who, PHA)),
                "Request 7 of pool 3 was cancelled",
            ),
            (
                event("SharesTransferred", (3u32, &who, &who, PHA)),
                "1.000000 shares of pool 3 went to",
            ),
            (event("PaymentBooked", (&who, PHA)), "could not be paid"),
            (event("PaymentClaimed", (&who, PHA)), "1.000000 PHA were paid to"),
            (
                event("CommissionClaimed", (3u32, &who, PHA)),
                "1.000000 PHA of commission of pool 3",
            ),
            (
                event("PoolCreated", (3u32, &who, 0u32, 0u32, None::<Balance>)),
                "Pool 3 was created.",
            ),
            (
                event("CommissionChanged", (3u32, 125_000u32)),
                "The commission of pool 3 is 12.5 %.",
            ),
            (event("CommissionRiseCancelled", (3u32, 125_000u32)), "to 12.5 % is withdrawn"),
            (event("CapChanged", (3u32, None::<Balance>)), "The cap of pool 3 is gone."),
            (event("CapChanged", (3u32, Some(PHA))), "The cap of pool 3 is 1.000000 PHA."),
            (event("AllowListChanged", (3u32, &who, true)), "is on the list of pool 3."),
            (event("AllowListChanged", (3u32, &who, false)), "is off the list of pool 3."),
            (event("ProfileChanged", 3u32), "The profile of pool 3"),
            (event("WorkersOrdered", 3u32), "The order of the workers of pool 3"),
            (event("WorkerAdded", (3u32, WORKER)), "joined pool 3."),
            (event("WorkerRemoved", (3u32, WORKER)), "left pool 3."),
            (event("WorkerStarted", (3u32, WORKER, PHA)), "mines with 1.000000 PHA of pool 3."),
            (event("StakeAdded", (3u32, WORKER, PHA)), "has more stake, by 1.000000 PHA"),
            (
                event("StakeReduced", (3u32, WORKER, PHA, 0u128)),
                "has less stake: 1.000000 PHA come back",
            ),
            (
                event("WorkerStopped", (3u32, WORKER, PHA, PHA)),
                "was stopped: 1.000000 PHA come back",
            ),
            (event("RestTaken", (3u32, PHA)), "1.000000 PHA that were left"),
        ] {
            let (text, facts) = told(&event).unwrap().unwrap();
            assert!(text.contains(part), "{text}");
            assert!(facts.is_object(), "{text}");
        }
    }

    #[test]
    fn what_concerns_others_is_left_out_and_what_cannot_be_read_is_an_error() {
        assert_eq!(told(&event("RewardTaken", (3u32, PHA, PHA))).unwrap(), None);
        assert!(told(&event("Delegated", 3u32)).is_err());
    }
}
