//! `khala delegate forecast`: when, how much, and from where.

use super::found::Found;
use crate::{
    amount::Amount,
    args::{Forecast, Global, Target},
    command::{change::now_secs, fund::Fund},
    failure::{Exit, Failure},
    output::{self, Output},
    units,
};
use khala_client::{At, Chain};
use khala_primitives::{
    status::{Source, SourceKind, VaultForecast, WithdrawalForecast},
    Balance, RequestId,
};
use serde::Serialize;

/// What a vault may lose to rounding in its pools, in planck.
const ROUNDING: Balance = 1_000;

/// `khala delegate forecast POOL|vault:N AMOUNT|all [--account ACCOUNT]`, `khala delegate forecast POOL|vault:N --request NUMBER`.
pub async fn forecast(global: &Global, args: &Forecast) -> Result<Exit, Failure> {
    let chain = Chain::connect(&global.url).await?;
    let at = At::Hash(chain.best().await?.hash);
    let now = now_secs(&chain, at).await?;
    let found = Found::new(&chain, args.target, at).await?;
    let fund = found.fund();
    let shares = match (args.request, &args.account, args.amount.unwrap_or(Amount::All)) {
        (Some(_), ..) => 0,
        (None, Some(account), amount) => fund.shares_of(&found.held_by(&chain, account, at).await?, amount)?,
        (None, None, Amount::Planck(amount)) => shares_for(&fund, amount)?,
        (None, None, Amount::All) => return Err(Failure::usage("all of whose shares? Name the account with --account")),
    };
    match args.target {
        Target::Pool(pool) => {
            let forecast = match args.request {
                Some(request) => chain.request_forecast(pool, request, at).await?,
                None => chain.withdrawal_forecast(pool, shares, at).await?,
            };
            let forecast = forecast.ok_or_else(|| no_forecast(args.target, args.request, shares))?;
            let mut shown = vec![worth_line(&fund, forecast.shares, forecast.amount)];
            shown.extend(lines(&forecast, now));
            print(global.output, &forecast, &shown)
        }
        Target::Vault(vault) => {
            let forecast = match args.request {
                Some(request) => chain.vault_request_forecast(vault, request, at).await?,
                None => chain.vault_withdrawal_forecast(vault, shares, at).await?,
            };
            let forecast = forecast.ok_or_else(|| no_forecast(args.target, args.request, shares))?;
            let mut shown = vec![match args.request {
                Some(request) => format!(
                    "Request {request} of vault {vault} waits for {} PHA at the prices of today.",
                    units::pha(forecast.amount, 6)
                ),
                None => worth_line(&fund, shares, forecast.amount),
            }];
            shown.extend(vault_lines(&forecast, now));
            print(global.output, &forecast, &shown)
        }
    }
}

fn print(output: Output, forecast: &impl Serialize, lines: &[String]) -> Result<Exit, Failure> {
    match output {
        Output::Json => output::print_json(forecast)?,
        Output::Table => output::print_lines(lines)?,
    }
    Ok(Exit::Done)
}

fn worth_line(fund: &Fund, shares: u128, amount: Balance) -> String {
    format!(
        "{} shares of {} are worth {} PHA at a price of {}.",
        units::pha(shares, 6),
        fund.target,
        units::pha(amount, 6),
        units::fixed18(fund.price, 6)
    )
}

fn no_forecast(target: Target, request: Option<RequestId>, shares: u128) -> Failure {
    Failure::failed(match request {
        Some(request) => format!("the queue of {target} has no request {request}: it was paid or cancelled, or never there"),
        None => format!("there is no forecast of {} shares of {target}", units::pha(shares, 6)),
    })
}

/// Shares of anybody that are worth an amount.
fn shares_for(fund: &Fund, amount: Balance) -> Result<u128, Failure> {
    if amount == 0 {
        return Err(Failure::usage("there is nothing to forecast: name an amount above zero, or all"));
    }
    if amount > fund.value {
        return Err(Failure::failed(format!(
            "{} PHA are too much: {} is worth {} PHA",
            units::pha(amount, 6),
            fund.target,
            units::pha(fund.value, 6)
        )));
    }
    let shares = fund.worth_at_least(amount).unwrap_or_default();
    Ok(shares.min(fund.shares))
}

/// When a withdrawal from a vault is paid, and by which pools.
pub(super) fn vault_lines(forecast: &VaultForecast, now_secs: u64) -> Vec<String> {
    let mut lines = vec![paid_line(forecast.promised_secs, forecast.expected_secs, now_secs)];
    if forecast.at_once > 0 {
        lines.push(format!("  {} PHA from free coins of the vault", units::pha(forecast.at_once, 6)));
    }
    for (pool, part) in &forecast.pools {
        let takes_stakes = part
            .sources
            .iter()
            .any(|source| matches!(source.kind, SourceKind::Reduced { .. } | SourceKind::Stopped { .. }));
        let how = match takes_stakes {
            true => format!(
                ", which takes stakes back for it from {} on",
                units::date(part.deadline_secs, now_secs)
            ),
            false => String::new(),
        };
        lines.push(format!("  {} PHA from pool {pool}{how}:", units::pha(part.amount, 6)));
        lines.extend(part.sources.iter().map(|source| format!("  {}", source_line(source, now_secs))));
    }
    let planned = forecast
        .pools
        .iter()
        .fold(forecast.at_once, |sum, (_, part)| sum.saturating_add(part.amount));
    let open = forecast.amount.saturating_sub(planned);
    if open > ROUNDING {
        lines.push(format!(
            "  {} PHA from what the owner is taking out of pools already",
            units::pha(open, 6)
        ));
    }
    lines
}

fn paid_line(promised_secs: u64, expected_secs: u64, now_secs: u64) -> String {
    format!(
        "Paid by {} whatever happens; if nothing else comes in or goes out, {}.",
        units::date(promised_secs, now_secs),
        match expected_secs <= now_secs {
            true => "at once or within a few blocks".into(),
            false => format!("on {}", units::date(expected_secs, now_secs)),
        }
    )
}

/// When a withdrawal is paid, and from what.
pub(in crate::command) fn lines(forecast: &WithdrawalForecast, now_secs: u64) -> Vec<String> {
    let mut lines = vec![
        paid_line(forecast.promised_secs, forecast.expected_secs, now_secs),
        format!(
            "The pool takes stakes back for it from {} on.",
            units::date(forecast.deadline_secs, now_secs)
        ),
    ];
    lines.extend(forecast.sources.iter().map(|source| source_line(source, now_secs)));
    lines
}

fn source_line(source: &Source, now_secs: u64) -> String {
    let (amount, date) = (units::pha(source.amount, 6), units::date(source.at_secs, now_secs));
    match &source.kind {
        SourceKind::Free => format!("  {amount} PHA from free coins of the pool"),
        SourceKind::Cooling { worker } => format!("  {amount} PHA from stake of {worker} that cools down already, {date}"),
        SourceKind::Reduced { worker } => format!("  {amount} PHA by reducing the stake of {worker}, {date}"),
        SourceKind::Stopped { worker } => format!("  {amount} PHA by stopping {worker}, {date}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::{pool, vault_forecast, WORKER};
    use khala_primitives::PHA;

    const NOW: u64 = 1_735_689_600;

    fn forecast(expected_secs: u64) -> WithdrawalForecast {
        let source = |kind, at_secs| Source {
            kind,
            amount: PHA,
            at_secs,
        };
        WithdrawalForecast {
            shares: 4 * PHA,
            amount: 4 * PHA,
            deadline_secs: NOW + 120,
            promised_secs: NOW + 250,
            expected_secs,
            sources: vec![
                source(SourceKind::Free, NOW),
                source(SourceKind::Cooling { worker: WORKER }, NOW + 60),
                source(SourceKind::Reduced { worker: WORKER }, NOW + 240),
                source(SourceKind::Stopped { worker: WORKER }, NOW + 240),
            ],
        }
    }

    #[test]
    fn a_forecast_says_by_when_and_from_which_workers() {
        let said = lines(&forecast(NOW + 240), NOW).join("\n");
        for part in [
            "Paid by 2025-01-01 00:04 UTC (in 4m 10s) whatever happens; if nothing else comes in or goes out, on 2025-01-01 00:04 UTC (in 4m 0s).",
            "takes stakes back for it from 2025-01-01 00:02 UTC (in 2m 0s) on",
            "1.000000 PHA from free coins of the pool",
            "that cools down already, 2025-01-01 00:01 UTC (in 1m 0s)",
            "by reducing the stake of 0x0707",
            "by stopping 0x0707",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
        assert!(lines(&forecast(NOW), NOW)[0].ends_with("at once or within a few blocks."));
    }

    #[test]
    fn a_forecast_through_a_vault_says_which_pools_pay() {
        let mut forecast = vault_forecast();
        let said = vault_lines(&forecast, NOW).join("\n");
        for part in [
            "Paid by 2025-01-01 00:05 UTC (in 5m 10s) whatever happens",
            "  10.000000 PHA from free coins of the vault",
            "  40.000000 PHA from pool 3, which takes stakes back for it from 2025-01-01 00:02 UTC (in 2m 0s) on:",
            "    40.000000 PHA by reducing the stake of 0x0707",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
        assert!(!said.contains("the owner is taking out"), "{said}");
        let mut at_once = vault_forecast();
        at_once.pools[0].1.sources[0].kind = SourceKind::Free;
        let said = vault_lines(&at_once, NOW).join("\n");
        assert!(
            said.contains("  40.000000 PHA from pool 3:\n    40.000000 PHA from free coins"),
            "{said}"
        );
        for (more, told) in [(ROUNDING, false), (ROUNDING + 1, true)] {
            forecast.amount = 50 * PHA + more;
            let said = vault_lines(&forecast, NOW).join("\n");
            assert_eq!(
                said.contains("PHA from what the owner is taking out of pools already"),
                told,
                "{said}"
            );
        }
    }

    #[test]
    fn what_there_is_no_forecast_of_is_named() {
        let gone = no_forecast(Target::Vault(2), Some(7), 0);
        assert!(gone.message.contains("the queue of vault 2 has no request 7"), "{gone}");
        let much = no_forecast(Target::Pool(3), None, PHA);
        assert!(much.message.contains("no forecast of 1.000000 shares of pool 3"), "{much}");
    }

    #[test]
    fn an_amount_above_the_value_has_no_forecast() {
        let fund = Fund::from(&pool());
        assert_eq!(shares_for(&fund, fund.value).unwrap(), fund.shares);
        let failure = shares_for(&fund, fund.value + 1).unwrap_err();
        assert!(failure.message.contains("pool 3 is worth"), "{failure}");
        assert!(shares_for(&fund, 0).is_err());
    }
}
