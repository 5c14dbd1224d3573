//! Events of vaults.

use super::{shares, Told};
use crate::{amount::Ppm, args::Target, command::change::now_secs, failure::Failure, units};
use codec::Decode;
use khala_client::{At, Chain, ClientError, Event};
use khala_primitives::{status::CommissionRiseStatus, AccountId32, Balance, PoolId, RequestId, VaultId};
use serde_json::json;

/// Shares of a pool that belong to a request: the pool, the vault's request in its queue, how many.
#[derive(Decode)]
struct Claim {
    pool: PoolId,
    request: RequestId,
    shares: u128,
}

/// What an event says; `None` when it says nothing to whoever made the call.
pub(super) async fn tell(chain: &Chain, event: &Event, at: At) -> Result<Option<Told>, Failure> {
    Ok(match event.name.as_str() {
        // Dates are readings of the chain's clock: the runtime API knows them as times.
        "RequestQueued" => Some(queued(chain, event, at).await?),
        "Divested" => Some(divested(chain, event, at).await?),
        "FeeRiseAnnounced" | "CommissionLimitRiseAnnounced" => Some(rise(chain, event, at).await?),
        _ => match shares::told(event, Target::Vault)? {
            None => told(event)?,
            told => told,
        },
    })
}

async fn queued(chain: &Chain, event: &Event, at: At) -> Result<Told, Failure> {
    let (vault, number, who, burned, shares, claims): (VaultId, RequestId, AccountId32, u128, u128, Vec<Claim>) = event.decode()?;
    let forecast = chain.vault_request_forecast(vault, number, at).await?;
    let now = now_secs(chain, at).await?;
    let waits = match &forecast {
        Some(forecast) => format!(
            "{} PHA at the prices of now are paid by {}.",
            units::pha(forecast.amount, 6),
            units::date(forecast.promised_secs, now)
        ),
        None => "it left the queue in the same block.".into(),
    };
    let mut text = vec![format!("Request {number} of vault {vault}: {waits}")];
    if burned > 0 {
        text.push(format!("  {} shares of the vault were taken back for it.", units::pha(burned, 6)));
    }
    text.extend(claims.iter().map(|claim| {
        format!(
            "  It waits for {} shares of pool {}, request {}.",
            units::pha(claim.shares, 6),
            claim.pool,
            claim.request
        )
    }));
    if shares > 0 {
        text.push(format!(
            "  {} shares of the vault wait for coins that are on their way.",
            units::pha(shares, 6)
        ));
    }
    let claims: Vec<_> = claims
        .iter()
        .map(|claim| json!({ "pool": claim.pool, "request": claim.request, "shares": claim.shares.to_string() }))
        .collect();
    let dates = forecast.map(|forecast| (forecast.deadline_secs, forecast.promised_secs));
    let (deadline_secs, promised_secs) = dates.unzip();
    Ok((
        text.join("\n"),
        json!({ "vault": vault, "request": number, "who": who, "burned": burned.to_string(), "shares": shares.to_string(),
            "claims": claims, "deadlineSecs": deadline_secs, "promisedSecs": promised_secs }),
    ))
}

async fn divested(chain: &Chain, event: &Event, at: At) -> Result<Told, Failure> {
    let (vault, pool, shares, paid, request): (VaultId, PoolId, u128, Balance, Option<RequestId>) = event.decode()?;
    let mut text = format!(
        "{} PHA came back to vault {vault} at once for {} shares of pool {pool}",
        units::pha(paid, 6),
        units::pha(shares, 6)
    );
    let mut promised_secs = None;
    if let Some(request) = request {
        let forecast = chain.request_forecast(pool, request, at).await?;
        promised_secs = forecast.as_ref().map(|forecast| forecast.promised_secs);
        let date = match promised_secs {
            Some(promised_secs) => format!("by {}", units::date(promised_secs, now_secs(chain, at).await?)),
            None => "in the same block".into(),
        };
        text.push_str(&format!("; the rest waits there in request {request}, and is paid {date}"));
    }
    text.push('.');
    Ok((
        text,
        json!({ "vault": vault, "pool": pool, "shares": shares.to_string(), "paid": paid.to_string(), "request": request,
            "promisedSecs": promised_secs }),
    ))
}

async fn rise(chain: &Chain, event: &Event, at: At) -> Result<Told, Failure> {
    let (vault, ppm): (VaultId, u32) = event.decode()?;
    let status = chain.vault_status(vault, at).await?;
    let of_fee = event.name == "FeeRiseAnnounced";
    let rise = status.and_then(|status| if of_fee { status.fee_rise } else { status.commission_limit_rise });
    let now = now_secs(chain, at).await?;
    Ok(announced(vault, Ppm(ppm), of_fee, rise, now))
}

fn announced(vault: VaultId, rate: Ppm, of_fee: bool, rise: Option<CommissionRiseStatus>, now_secs: u64) -> Told {
    let due_secs = rise.map(|rise| rise.due_secs);
    let (what, field) = match of_fee {
        true => ("The fee", "feePpm"),
        false => ("The limit on commissions", "limitPpm"),
    };
    let date = due_secs.map_or_else(
        || "as announced".into(),
        |due_secs| format!("at {}", units::date(due_secs, now_secs)),
    );
    (
        format!("{what} of vault {vault} rises to {rate} {date}."),
        json!({ "vault": vault, field: rate.0, "dueSecs": due_secs }),
    )
}

/// What an event without dates says.
fn told(event: &Event) -> Result<Option<Told>, ClientError> {
    let pha = |amount: Balance| units::pha(amount, 6);
    Ok(Some(match event.name.as_str() {
        "Undelegated" => {
            let (vault, who, shares, amount): (VaultId, AccountId32, u128, Balance) = event.decode()?;
            (
                format!(
                    "{} shares of vault {vault} were taken back, and {} PHA were paid at once.",
                    pha(shares),
                    pha(amount)
                ),
                json!({ "vault": vault, "who": who, "amount": amount.to_string(), "shares": shares.to_string() }),
            )
        }
        _ => return of_owner(event),
    }))
}

/// What a change by a vault's owner did.
fn of_owner(event: &Event) -> Result<Option<Told>, ClientError> {
    let pha = |amount: Balance| units::pha(amount, 6);
    Ok(Some(match event.name.as_str() {
        "VaultCreated" => {
            let (vault, owner): (VaultId, AccountId32) = event.decode()?;
            (format!("Vault {vault} was created."), json!({ "vault": vault, "owner": owner }))
        }
        "FeeTaken" => {
            let (vault, shares, amount): (VaultId, u128, Balance) = event.decode()?;
            (
                format!(
                    "The owner of vault {vault} earned {} shares, worth {} PHA, for what was gained over the highest price so far.",
                    pha(shares),
                    pha(amount)
                ),
                json!({ "vault": vault, "shares": shares.to_string(), "amount": amount.to_string() }),
            )
        }
        "FeeClaimed" => {
            let (vault, owner, shares): (VaultId, AccountId32, u128) = event.decode()?;
            (
                format!("{} shares of vault {vault} are held by {}.", pha(shares), units::address(&owner)),
                json!({ "vault": vault, "owner": owner, "shares": shares.to_string() }),
            )
        }
        "FeeChanged" => {
            let (vault, ppm): (VaultId, u32) = event.decode()?;
            (
                format!("The fee of vault {vault} is {}.", Ppm(ppm)),
                json!({ "vault": vault, "feePpm": ppm }),
            )
        }
        "FeeRiseCancelled" => {
            let (vault, ppm): (VaultId, u32) = event.decode()?;
            (
                format!("The rise of the fee of vault {vault} to {} is withdrawn.", Ppm(ppm)),
                json!({ "vault": vault, "feePpm": ppm }),
            )
        }
        "CommissionLimitChanged" => {
            let (vault, ppm): (VaultId, u32) = event.decode()?;
            (
                format!("Vault {vault} uses pools with commissions up to {}.", Ppm(ppm)),
                json!({ "vault": vault, "limitPpm": ppm }),
            )
        }
        "CommissionLimitRiseCancelled" => {
            let (vault, ppm): (VaultId, u32) = event.decode()?;
            (
                format!("The rise of the limit of vault {vault} to {} is withdrawn.", Ppm(ppm)),
                json!({ "vault": vault, "limitPpm": ppm }),
            )
        }
        "Invested" => {
            let (vault, pool, amount, shares): (VaultId, PoolId, Balance, u128) = event.decode()?;
            (
                format!("{} PHA of vault {vault} bought {} shares of pool {pool}.", pha(amount), pha(shares)),
                json!({ "vault": vault, "pool": pool, "amount": amount.to_string(), "shares": shares.to_string() }),
            )
        }
        "DivestCancelled" => {
            let (vault, pool, request, shares): (VaultId, PoolId, RequestId, u128) = event.decode()?;
            (
                format!(
                    "Request {request} of pool {pool} was cancelled; vault {vault} holds its {} shares again.",
                    pha(shares)
                ),
                json!({ "vault": vault, "pool": pool, "request": request, "shares": shares.to_string() }),
            )
        }
        _ => return Ok(None),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::account;
    use codec::Encode;
    use khala_primitives::PHA;

    fn event(name: &str, fields: impl Encode) -> Event {
        super::super::event("Vault", name, fields)
    }

    #[test]
    fn events_are_told_in_sentences() {
        let who = account("//Old");
        for (event, part) in [
            (
                event("Undelegated", (2u32, &who, 9 * PHA, 10 * PHA)),
                "9.000000 shares of vault 2 were taken back, and 10.000000 PHA were paid at once.",
            ),
            (event("VaultCreated", (2u32, &who, 0u32, 0u32, 0u32)), "Vault 2 was created."),
            (
                event("FeeTaken", (2u32, PHA, 2 * PHA)),
                "earned 1.000000 shares, worth 2.000000 PHA",
            ),
            (event("FeeClaimed", (2u32, &who, PHA)), "1.000000 shares of vault 2 are held by"),
            (event("FeeChanged", (2u32, 125_000u32)), "The fee of vault 2 is 12.5 %."),
            (event("FeeRiseCancelled", (2u32, 125_000u32)), "to 12.5 % is withdrawn"),
            (event("CommissionLimitChanged", (2u32, 125_000u32)), "commissions up to 12.5 %"),
            (event("CommissionLimitRiseCancelled", (2u32, 125_000u32)), "to 12.5 % is withdrawn"),
            (
                event("Invested", (2u32, 3u32, 2 * PHA, PHA)),
                "2.000000 PHA of vault 2 bought 1.000000 shares of pool 3.",
            ),
            (
                event("DivestCancelled", (2u32, 3u32, 7u64, PHA)),
                "Request 7 of pool 3 was cancelled; vault 2 holds its 1.000000 shares again.",
            ),
        ] {
            let (text, facts) = told(&event).unwrap().unwrap();
            assert!(text.contains(part), "{text}");
            assert_eq!(facts["vault"], 2, "{text}");
        }
    }

    #[test]
    fn a_rise_is_told_with_its_date() {
        let rise = CommissionRiseStatus {
            commission_ppm: 60_000,
            due_secs: 1_735_689_600,
        };
        let (text, facts) = announced(2, Ppm(60_000), true, Some(rise), rise.due_secs - 60);
        assert_eq!(text, "The fee of vault 2 rises to 6 % at 2025-01-01 00:00 UTC (in 1m 0s).");
        assert_eq!(facts["dueSecs"], 1_735_689_600u64);
        let (text, facts) = announced(2, Ppm(60_000), false, None, 0);
        assert_eq!(text, "The limit on commissions of vault 2 rises to 6 % as announced.");
        assert_eq!((&facts["limitPpm"], &facts["dueSecs"]), (&60_000.into(), &serde_json::Value::Null));
    }

    #[test]
    fn what_concerns_others_is_left_out_and_what_cannot_be_read_is_an_error() {
        assert_eq!(told(&event("CoinsReturned", (2u32, 3u32, PHA))).unwrap(), None);
        assert!(told(&event("Undelegated", 2u32)).is_err());
    }
}
