//! `khala delegate positions`.

use crate::{
    args::Global,
    command::{change::now_secs, pool},
    failure::{Exit, Failure},
    output::{self, Output},
    units,
};
use khala_client::{At, Chain};
use khala_primitives::{
    bytes::decimal,
    status::{DelegationStatus, Fixed18, RequestStatus, WithdrawalForecast},
    AccountId32, Balance, PoolId,
};
use serde::Serialize;

/// What an account has in a pool.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Position {
    pool: PoolId,
    #[serde(with = "decimal")]
    price: Fixed18,
    #[serde(with = "decimal")]
    shares: u128,
    /// What the shares are worth that are not queued, in planck.
    #[serde(with = "decimal")]
    value: Balance,
    requests: Vec<Request>,
}

/// A request, and when it is paid.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    #[serde(flatten)]
    status: RequestStatus,
    /// When it is paid if nothing else comes in or goes out, in seconds since 1970.
    expected_secs: u64,
}

/// All that an account has in pools.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Positions {
    account: AccountId32,
    /// The chain's time, in seconds since 1970.
    now_secs: u64,
    /// Everything, queued or not, in planck.
    #[serde(with = "decimal")]
    value: Balance,
    /// Payments that could not be made, in planck.
    #[serde(with = "decimal")]
    booked: Balance,
    positions: Vec<Position>,
}

/// `khala delegate positions ACCOUNT`.
pub async fn positions(global: &Global, account: &AccountId32) -> Result<Exit, Failure> {
    let chain = Chain::connect(&global.url).await?;
    let at = At::Hash(chain.best().await?.hash);
    let mut positions = Vec::new();
    for found in chain.positions(account, at).await? {
        let price = pool::existing(&chain, found.pool, at).await?.price;
        let mut forecasts = Vec::new();
        for request in &found.delegation.requests {
            forecasts.push(chain.request_forecast(found.pool, request.id, at).await?);
        }
        positions.push(Position::new(found.pool, price, found.delegation, forecasts));
    }
    positions.sort_by_key(|position| position.pool);
    let found = Positions {
        account: account.clone(),
        now_secs: now_secs(&chain, at).await?,
        value: positions.iter().fold(0, |sum, position| sum.saturating_add(position.everything())),
        booked: chain.unclaimed(account, at).await?,
        positions,
    };
    match global.output {
        Output::Json => output::print_json(&found)?,
        Output::Table => output::print_lines(found.lines())?,
    }
    Ok(Exit::Done)
}

impl Position {
    fn new(pool: PoolId, price: Fixed18, delegation: DelegationStatus, forecasts: Vec<Option<WithdrawalForecast>>) -> Self {
        let requests = delegation.requests.into_iter().zip(forecasts);
        Self {
            pool,
            price,
            shares: delegation.shares,
            value: delegation.value,
            requests: requests
                .map(|(status, forecast)| Request {
                    // Without a forecast the promise still holds.
                    expected_secs: forecast.map_or(status.promised_secs, |forecast| forecast.expected_secs),
                    status,
                })
                .collect(),
        }
    }

    fn everything(&self) -> Balance {
        self.requests
            .iter()
            .fold(self.value, |sum, request| sum.saturating_add(request.status.value))
    }
}

impl Positions {
    fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.positions.is_empty() {
            lines.push(format!("{} has nothing in any pool.", units::address(&self.account)));
        } else {
            let mut table = output::table(&[">pool", ">shares", ">price", ">value PHA", ">waiting PHA"]);
            for position in &self.positions {
                table.add_row([
                    position.pool.to_string(),
                    units::pha(position.shares, 6),
                    units::fixed18(position.price, 6),
                    units::pha(position.value, 6),
                    units::pha(position.everything().saturating_sub(position.value), 6),
                ]);
            }
            lines.extend(output::lines(&table));
            lines.push(format!("In all {} PHA.", units::pha(self.value, 6)));
        }
        lines.extend(self.request_lines());
        if self.booked > 0 {
            lines.push(format!(
                "{} PHA could not be paid out and are booked: khala delegate pay-booked.",
                units::pha(self.booked, 6)
            ));
        }
        lines
    }

    fn request_lines(&self) -> Vec<String> {
        let mut table = output::table(&[
            ">pool",
            ">request",
            ">shares",
            ">value PHA",
            "expected",
            "paid by",
            "can be cancelled",
        ]);
        let mut any = false;
        for position in &self.positions {
            for Request { status, expected_secs } in &position.requests {
                any = true;
                let date = |secs| units::date(secs, self.now_secs);
                table.add_row([
                    position.pool.to_string(),
                    status.id.to_string(),
                    units::pha(status.shares, 6),
                    units::pha(status.value, 6),
                    date(*expected_secs),
                    date(status.promised_secs),
                    match status.cancellable {
                        true => format!("until {}", date(status.deadline_secs)),
                        false => "no more".into(),
                    },
                ]);
            }
        }
        if !any {
            return Vec::new();
        }
        let mut lines = vec![String::new(), "Waiting to be paid:".into()];
        lines.extend(output::lines(&table));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::{account, held, request};
    use khala_primitives::PHA;

    fn found(positions: Vec<Position>, booked: Balance) -> String {
        let found = Positions {
            account: account("//Old"),
            now_secs: 1_735_689_480,
            value: positions.iter().map(Position::everything).sum(),
            booked,
            positions,
        };
        found.lines().join("\n")
    }

    #[test]
    fn positions_are_told_with_their_requests_and_dates() {
        let delegation = DelegationStatus {
            value: 11 * PHA,
            requests: vec![request(4)],
            ..held(10 * PHA)
        };
        let position = Position::new(3, 1_100_000_000_000_000_000, delegation, vec![None]);
        let said = found(vec![position], PHA);
        for part in [
            "10.000000  1.100000  11.000000",
            "In all 13.000000 PHA.",
            "until 2025-01-01 00:00 UTC (in 2m 0s)",
            "2025-01-01 00:02 UTC (in 4m 10s)",
            "1.000000 PHA could not be paid out",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
    }

    #[test]
    fn who_has_nothing_is_told_so() {
        let said = found(vec![], 0);
        assert!(said.ends_with("has nothing in any pool."), "{said}");
    }
}
