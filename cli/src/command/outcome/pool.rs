//! Events of stake pools.

use super::{shares, Told};
use crate::{amount::Ppm, args::Target, command::change::now_secs, failure::Failure, units};
use khala_client::{At, Chain, ClientError, Event, VaultAccounts};
use khala_primitives::{AccountId32, Balance, PoolId, RequestId, WorkerPublicKey};
use serde_json::json;

/// Is it about shares of a pool that a vault has? The vault's own events tell that.
pub(super) fn is_of_vault(event: &Event, accounts: &VaultAccounts) -> bool {
    let who = match event.name.as_str() {
        "Delegated" | "Undelegated" => event.decode().map(|(_, who): (PoolId, AccountId32)| who),
        "RequestQueued" | "RequestCancelled" => event.decode().map(|(_, _, who): (PoolId, RequestId, AccountId32)| who),
        _ => return false,
    };
    who.is_ok_and(|who| accounts.vault_of(&who).is_some())
}

/// What an event says; `None` when it says nothing to whoever made the call.
pub(super) async fn tell(chain: &Chain, event: &Event, at: At) -> Result<Option<Told>, Failure> {
    Ok(match event.name.as_str() {
        // Dates are readings of the chain's clock: the runtime API knows them as times.
        "RequestQueued" => Some(queued(chain, event, at).await?),
        "CommissionRiseAnnounced" => Some(rise(chain, event, at).await?),
        _ => match shares::told(event, Target::Pool)? {
            None => told(event)?,
            told => told,
        },
    })
}

async fn queued(chain: &Chain, event: &Event, at: At) -> Result<Told, Failure> {
    let (pool, number, who, shares): (PoolId, RequestId, AccountId32, u128) = event.decode()?;
    let forecast = chain.request_forecast(pool, number, at).await?;
    let dates = forecast.map(|forecast| (forecast.deadline_secs, forecast.promised_secs));
    let now = now_secs(chain, at).await?;
    let waits = match dates {
        Some((deadline_secs, promised_secs)) => format!(
            "wait in the queue; they are paid by {}, and can be cancelled until {}.",
            units::date(promised_secs, now),
            units::date(deadline_secs, now)
        ),
        None => "were queued, and left the queue in the same block.".into(),
    };
    let (deadline_secs, promised_secs) = dates.unzip();
    Ok((
        format!("Request {number} of pool {pool}: {} shares {waits}", units::pha(shares, 6)),
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
        "Undelegated" => {
            let (pool, who, shares, amount): (PoolId, AccountId32, u128, Balance) = event.decode()?;
            (
                format!("{} PHA were paid at once for {} shares of pool {pool}.", pha(amount), pha(shares)),
                json!({ "pool": pool, "who": who, "amount": amount.to_string(), "shares": shares.to_string() }),
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
        _ => return Ok(None),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::{account, vault_accounts, WORKER};
    use codec::Encode;
    use khala_primitives::PHA;

    fn event(name: &str, fields: impl Encode) -> Event {
        super::super::event("StakePool", name, fields)
    }

    #[test]
    fn what_a_vault_does_in_pools_is_left_to_its_own_events() {
        let (vault, who) = (vault_accounts().account_of(2), account("//Old"));
        for (name, number) in [
            ("Delegated", None),
            ("Undelegated", None),
            ("RequestQueued", Some(7u64)),
            ("RequestCancelled", Some(7)),
        ] {
            for (account, of_vault) in [(&vault, true), (&who, false)] {
                let event = match number {
                    Some(number) => event(name, (3u32, number, account, PHA, PHA)),
                    None => event(name, (3u32, account, PHA, PHA)),
                };
                assert_eq!(is_of_vault(&event, &vault_accounts()), of_vault, "{name}");
            }
        }
        assert!(!is_of_vault(&event("PaymentClaimed", (&vault, PHA)), &vault_accounts()));
    }

    #[test]
    fn events_are_told_in_sentences() {
        let who = account("//Old");
        for (event, part) in [
            (
                event("Undelegated", (3u32, &who, 9 * PHA, 10 * PHA)),
                "10.000000 PHA were paid at once for 9.000000 shares",
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
        ] {
            let (text, facts) = told(&event).unwrap().unwrap();
            assert!(text.contains(part), "{text}");
            assert!(facts.is_object(), "{text}");
        }
    }

    #[test]
    fn what_concerns_others_is_left_out_and_what_cannot_be_read_is_an_error() {
        assert_eq!(told(&event("RewardTaken", (3u32, PHA, PHA))).unwrap(), None);
        assert!(told(&event("Undelegated", 3u32)).is_err());
    }
}
