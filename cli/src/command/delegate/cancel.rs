//! `khala delegate cancel`.

use crate::{
    args::{CancelRequest, Global, Target},
    command::{
        change::{Change, Desk},
        fund::{Fund, Held},
        pool, vault,
    },
    failure::{Exit, Failure},
    units,
};
use khala_client::calls;
use khala_primitives::{
    status::{VaultForecast, VaultRequestStatus, VaultStatus},
    Balance, PoolId, RequestId, VaultId,
};
use serde_json::json;

/// `khala delegate cancel POOL|vault:N REQUEST --key-file FILE`.
pub async fn cancel(global: &Global, args: &CancelRequest) -> Result<Exit, Failure> {
    let desk = Desk::open(global, &args.signing).await?;
    let change = match args.target {
        Target::Pool(pool) => of_pool(&desk, pool, args.request).await?,
        Target::Vault(vault) => of_vault(&desk, vault, args.request).await?,
    };
    desk.carry_out(change).await
}

async fn of_pool(desk: &Desk, pool: PoolId, number: RequestId) -> Result<Change, Failure> {
    let (target, pool) = (Target::Pool(pool), pool::existing(&desk.chain, pool, desk.at).await?);
    let held = desk.chain.delegation(pool.id, desk.actor.id(), desk.at).await?;
    let is_there = desk.chain.request_forecast(pool.id, number, desk.at).await?.is_some();
    let own: Vec<_> = held.requests.iter().map(|request| (request.id, request)).collect();
    let request = own_request(target, &own, number, is_there)?;
    check_deadline(target, number, request.deadline_secs, request.promised_secs, desk.now_secs)?;
    let will = format!(
        "The {} shares of request {number}, worth {} PHA today, leave the queue of {target} and are held again.",
        units::pha(request.shares, 6),
        units::pha(request.value, 6)
    );
    Ok(Change::new(
        calls::stake_pool::cancel_request(pool.id, number),
        vec![will],
        target.facts(json!({ "request": request })),
    ))
}

async fn of_vault(desk: &Desk, vault: VaultId, number: RequestId) -> Result<Change, Failure> {
    let (target, vault) = (Target::Vault(vault), vault::existing(&desk.chain, vault, desk.at).await?);
    let positions = desk.chain.vault_positions(desk.actor.id(), desk.at).await?;
    let position = positions.iter().find(|position| position.vault == vault.id);
    let forecast = desk.chain.vault_request_forecast(vault.id, number, desk.at).await?;
    let requests = position.iter().flat_map(|position| &position.requests);
    let own: Vec<_> = requests.map(|request| (request.id, request)).collect();
    let request = own_request(target, &own, number, forecast.is_some())?;
    let until = forecast.as_ref().map_or(request.deadline_secs, cancellable_until);
    check_deadline(target, number, until, request.promised_secs, desk.now_secs)?;
    let awaited = vault::awaited(&desk.chain, &vault, desk.at).await?;
    let shares = given_back(&vault, &position.into(), request, awaited)?;
    let will = format!(
        "Request {number} leaves the queue: what it waits for, worth {} PHA today, is the vault's again, and buys {} shares of {target}.",
        units::pha(request.value, 6),
        units::pha(shares, 6)
    );
    Ok(Change::new(
        calls::vault::cancel_request(vault.id, number),
        vec![will],
        target.facts(json!({ "request": request, "shares": shares.to_string() })),
    ))
}

/// Until when a request of a vault can be cancelled, in seconds since 1970: until the first of its pools takes stakes back for it.
pub(super) fn cancellable_until(forecast: &VaultForecast) -> u64 {
    let deadlines = forecast.pools.iter().map(|(_, part)| part.deadline_secs);
    deadlines.min().unwrap_or(forecast.deadline_secs)
}

/// The request of this number, if it is the account's own.
fn own_request<'a, R>(target: Target, own: &[(RequestId, &'a R)], number: RequestId, is_there: bool) -> Result<&'a R, Failure> {
    if let Some((_, request)) = own.iter().find(|(id, _)| *id == number) {
        return Ok(request);
    }
    let own: Vec<_> = own.iter().map(|(id, _)| id.to_string()).collect();
    let own = if own.is_empty() { "none".into() } else { own.join(", ") };
    Err(Failure::failed(match is_there {
        true => format!("request {number} of {target} is another account's; the account's own are: {own}"),
        false => {
            format!("the queue of {target} has no request {number}: it was paid or cancelled, or never there; the account's are: {own}")
        }
    }))
}

fn check_deadline(target: Target, number: RequestId, until_secs: u64, promised_secs: u64, now_secs: u64) -> Result<(), Failure> {
    if now_secs < until_secs {
        return Ok(());
    }
    Err(Failure::failed(format!(
        "request {number} of {target} could be cancelled until {}; stakes are taken back for it now, and it is paid by {}",
        units::date(until_secs, now_secs),
        units::date(promised_secs, now_secs)
    )))
}

/// The shares of a vault that a request gives back when it is cancelled. `awaited`: what shares of the vault are worth that wait for
/// coins on their way, those of this request included, in planck.
fn given_back(vault: &VaultStatus, held: &Held, request: &VaultRequestStatus, awaited: Balance) -> Result<u128, Failure> {
    let (fund, id) = (Fund::from(vault), vault.id);
    let others = awaited.saturating_sub(fund.worth(request.shares));
    if others > 0 {
        return Err(Failure::failed(format!(
            "others wait for {} PHA that the owner of vault {id} is taking out of pools: what has been asked of pools has to come back until \
             they are paid. Try again then",
            units::pha_up(others, 6)
        )));
    }
    if request.claims.is_empty() {
        return Ok(request.shares);
    }
    let claimed = request.claims.iter().fold(0u128, |sum, claim| sum.saturating_add(claim.value));
    if vault.shares == 0 && vault.value > 0 {
        return Err(Failure::failed(format!(
            "vault {id} has no shares, and {} PHA that its owner gets back: nobody can come back into it now. The request is paid all the same",
            units::pha(vault.value, 4)
        )));
    }
    let bought = fund.bought(claimed).ok_or_else(|| {
        Failure::failed(format!(
            "the shares of vault {id} are worth nothing after a loss: nobody can come back into it. The request is paid all the same"
        ))
    })?;
    let shares = bought.saturating_add(request.shares);
    fund.check_fewest(held.shares.saturating_add(shares))?;
    Ok(shares)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::{request, vault, vault_forecast, vault_position};
    use khala_primitives::PHA;

    const POOL: Target = Target::Pool(3);

    #[test]
    fn only_ones_own_request_is_cancelled() {
        let requests = [request(1), request(4)];
        let own: Vec<_> = requests.iter().map(|request| (request.id, request)).collect();
        assert_eq!(own_request(POOL, &own, 4, true).unwrap().id, 4);
        let others = own_request(POOL, &own, 2, true).unwrap_err();
        assert!(
            others.message.contains("another account's; the account's own are: 1, 4"),
            "{others}"
        );
        let gone = own_request::<VaultRequestStatus>(Target::Vault(2), &[], 2, false).unwrap_err();
        assert!(
            gone.message.contains("the queue of vault 2 has no request 2") && gone.message.ends_with("the account's are: none"),
            "{gone}"
        );
    }

    #[test]
    fn a_request_is_cancelled_before_its_deadline() {
        let deadline = 1_735_689_600;
        assert!(check_deadline(POOL, 1, deadline, deadline + 130, deadline - 1).is_ok());
        let late = check_deadline(POOL, 1, deadline, deadline + 130, deadline).unwrap_err();
        assert!(late.message.contains("until 2025-01-01 00:00 UTC (now); stakes"), "{late}");
    }

    #[test]
    fn the_first_deadline_of_its_pools_is_that_of_a_vaults_request() {
        let mut forecast = vault_forecast();
        let first = forecast.pools[0].clone();
        let (mut later, deadline) = (first.clone(), first.1.deadline_secs);
        later.1.deadline_secs += 1;
        forecast.pools = vec![later, first];
        assert_eq!(cancellable_until(&forecast), deadline);
        forecast.pools.clear();
        assert_eq!(cancellable_until(&forecast), forecast.deadline_secs);
    }

    #[test]
    fn claims_buy_shares_of_the_vault_again_and_waiting_shares_are_held_again() {
        let position = vault_position(0, &[1]);
        let held = Held::from(Some(&position));
        let mut request = position.requests[0].clone();
        // 6 PHA in claims, at a price of one, and two shares that wait.
        assert_eq!(given_back(&vault(), &held, &request, 2 * PHA).unwrap(), 8 * PHA);
        let awaited = given_back(&vault(), &held, &request, 2 * PHA + 1).unwrap_err();
        assert!(awaited.message.contains("others wait for 0.000001 PHA"), "{awaited}");

        let unwinding = VaultStatus { shares: 0, ..vault() };
        request.shares = 0;
        let failure = given_back(&unwinding, &held, &request, 0).unwrap_err();
        assert!(failure.message.contains("1,000.0000 PHA that its owner gets back"), "{failure}");
        let worthless = VaultStatus { value: 0, ..vault() };
        let failure = given_back(&worthless, &held, &request, 0).unwrap_err();
        assert!(failure.message.contains("worth nothing after a loss"), "{failure}");
        // A share is worth a thousand planck: 6 PHA are 6 x 10^9 shares.
        let dear = VaultStatus {
            value: 1_000_000 * PHA,
            ..vault()
        };
        let failure = given_back(&dear, &held, &request, 0).unwrap_err();
        assert!(failure.message.contains("so dear"), "{failure}");

        (request.shares, request.claims) = (2 * PHA, vec![]);
        assert_eq!(given_back(&worthless, &held, &request, 0).unwrap(), 2 * PHA);
    }
}
