//! `khala delegate withdraw`.

use super::{
    forecast::{lines as forecast_lines, vault_lines},
    found::Found,
};
use crate::{
    args::{Global, Target, Withdraw},
    command::change::{Change, Desk},
    failure::{Exit, Failure},
};
use khala_client::calls;
use khala_primitives::status::VaultForecast;
use serde_json::json;

/// `khala delegate withdraw POOL|vault:N AMOUNT|all --key-file FILE`.
pub async fn withdraw(global: &Global, args: &Withdraw) -> Result<Exit, Failure> {
    let desk = Desk::open(global, &args.signing).await?;
    let found = Found::new(&desk.chain, args.target, desk.at).await?;
    let held = found.held_by(&desk.chain, desk.actor.id(), desk.at).await?;
    let fund = found.fund();
    let withdrawal = fund.left_by(&held, args.amount)?;
    let (shares, slippage) = (withdrawal.shares, args.slippage.slippage);
    let least = slippage.less_than(withdrawal.worth);
    let (call, will, forecast) = match args.target {
        Target::Pool(pool) => {
            let forecast = desk.chain.withdrawal_forecast(pool, shares, desk.at).await?;
            let mut will = fund.leaving_lines(&withdrawal, slippage, "waits in the queue, and earns and loses until it is paid");
            if withdrawal.rest() > 0 {
                fund.check_requests(&held)?;
                will.extend(forecast.iter().flat_map(|forecast| forecast_lines(forecast, desk.now_secs)));
            }
            (calls::stake_pool::undelegate(pool, shares, least), will, json!(forecast))
        }
        Target::Vault(vault) => {
            let forecast = desk.chain.vault_withdrawal_forecast(vault, shares, desk.at).await?;
            let waits = forecast.as_ref().is_none_or(|forecast| waits(forecast, desk.now_secs));
            let mut will = fund.leaving_lines(&withdrawal, slippage, if waits { VAULT_WAITS } else { VAULT_PAYS });
            if withdrawal.rest() > 0 {
                if waits {
                    fund.check_requests(&held)?;
                }
                will.extend(forecast.iter().flat_map(|forecast| vault_lines(forecast, desk.now_secs)));
            }
            (calls::vault::undelegate(vault, shares, least), will, json!(forecast))
        }
    };
    let facts = json!({ "shares": shares.to_string(), "amount": withdrawal.worth.to_string(),
        "atOnce": withdrawal.at_once.to_string(), "minAmount": least.to_string(), "price": fund.price.to_string(),
        "forecast": forecast });
    desk.carry_out(Change::new(call, will, args.target.facts(facts))).await
}

/// What becomes of the shares of a vault that its free coins do not pay.
const VAULT_WAITS: &str = "is taken out of the vault's pools: shares of pools, which are yours from then on, and earn and lose until they \
     are paid";

/// The same when the pools have it free.
const VAULT_PAYS: &str = "is taken out of the vault's pools, which have it free";

/// Will something of it wait? Else the pools pay at once.
fn waits(forecast: &VaultForecast, now_secs: u64) -> bool {
    forecast.expected_secs > now_secs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::vault_forecast;

    #[test]
    fn what_pools_pay_at_once_does_not_wait() {
        let forecast = vault_forecast();
        assert!(waits(&forecast, forecast.expected_secs - 1));
        assert!(!waits(&forecast, forecast.expected_secs));
    }
}
