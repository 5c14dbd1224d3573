//! `khala delegate forecast`: when, how much, and from where.

use super::{shares, withdraw::shares_of};
use crate::{
    amount::Amount,
    args::{Forecast, Global},
    command::{change::now_secs, pool},
    failure::{Exit, Failure},
    output::{self, Output},
    units,
};
use khala_client::{At, Chain};
use khala_primitives::{
    status::{PoolStatus, Source, SourceKind, WithdrawalForecast},
    Balance,
};

/// `khala delegate forecast POOL AMOUNT|all [--account ACCOUNT]`, `khala delegate forecast POOL --request NUMBER`.
pub async fn forecast(global: &Global, args: &Forecast) -> Result<Exit, Failure> {
    let chain = Chain::connect(&global.url).await?;
    let at = At::Hash(chain.best().await?.hash);
    let now = now_secs(&chain, at).await?;
    let pool = pool::existing(&chain, args.pool, at).await?;
    let forecast = match (args.request, args.amount) {
        (Some(request), _) => chain.request_forecast(pool.id, request, at).await?.ok_or_else(|| {
            Failure::failed(format!(
                "the queue of pool {} has no request {request}: it was paid or cancelled, or never there",
                pool.id
            ))
        })?,
        (None, amount) => {
            let shares = match (&args.account, amount.unwrap_or(Amount::All)) {
                (Some(account), amount) => shares_of(&pool, &chain.delegation(pool.id, account, at).await?, amount)?,
                (None, Amount::Planck(amount)) => shares_for(&pool, amount)?,
                (None, Amount::All) => return Err(Failure::usage("all of whose shares? Name the account with --account")),
            };
            chain.withdrawal_forecast(pool.id, shares, at).await?.ok_or_else(|| {
                Failure::failed(format!(
                    "there is no forecast of {} shares of pool {}",
                    units::pha(shares, 6),
                    pool.id
                ))
            })?
        }
    };
    match global.output {
        Output::Json => output::print_json(&forecast)?,
        Output::Table => {
            output::print_lines([format!(
                "{} shares of pool {} are worth {} PHA at a price of {}.",
                units::pha(forecast.shares, 6),
                pool.id,
                units::pha(forecast.amount, 6),
                units::fixed18(pool.price, 6)
            )])?;
            output::print_lines(lines(&forecast, now))?;
        }
    }
    Ok(Exit::Done)
}

/// Shares of anybody that are worth an amount.
fn shares_for(pool: &PoolStatus, amount: Balance) -> Result<u128, Failure> {
    if amount == 0 {
        return Err(Failure::usage("there is nothing to forecast: name an amount above zero, or all"));
    }
    if amount > pool.value {
        return Err(Failure::failed(format!(
            "{} PHA are too much: pool {} is worth {} PHA",
            units::pha(amount, 6),
            pool.id,
            units::pha(pool.value, 6)
        )));
    }
    let shares = shares::worth_at_least(pool, amount).unwrap_or_default();
    Ok(shares.min(pool.shares))
}

/// When a withdrawal is paid, and from what.
pub(super) fn lines(forecast: &WithdrawalForecast, now_secs: u64) -> Vec<String> {
    let mut lines = vec![
        format!(
            "Paid by {} whatever happens; if nothing else comes in or goes out, {}.",
            units::date(forecast.promised_secs, now_secs),
            match forecast.expected_secs <= now_secs {
                true => "at once or within a few blocks".into(),
                false => format!("on {}", units::date(forecast.expected_secs, now_secs)),
            }
        ),
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
    use crate::command::testing::{pool, WORKER};
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
    fn an_amount_above_the_pools_value_has_no_forecast() {
        let pool = pool();
        assert_eq!(shares_for(&pool, pool.value).unwrap(), pool.shares);
        let failure = shares_for(&pool, pool.value + 1).unwrap_err();
        assert!(failure.message.contains("pool 3 is worth"), "{failure}");
        assert!(shares_for(&pool, 0).is_err());
    }
}
