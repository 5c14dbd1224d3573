//! `khala delegate positions`.

use super::cancel::cancellable_until;
use crate::{
    args::{Global, Target},
    command::{change::now_secs, pool, vault},
    failure::{Exit, Failure},
    output::{self, Output},
    units,
};
use khala_client::{At, Chain};
use khala_primitives::{
    bytes::decimal,
    status::{Fixed18, RequestStatus, VaultForecast, VaultRequestStatus, WithdrawalForecast},
    AccountId32, Balance, RequestId,
};
use serde::Serialize;

/// What an account has in a pool or a vault.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Position<R> {
    #[serde(flatten)]
    target: Target,
    #[serde(with = "decimal")]
    price: Fixed18,
    #[serde(with = "decimal")]
    shares: u128,
    /// What the shares are worth, without what waits, in planck.
    #[serde(with = "decimal")]
    value: Balance,
    requests: Vec<R>,
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

/// A request to leave a vault, and when it is paid.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct VaultRequest {
    #[serde(flatten)]
    status: VaultRequestStatus,
    /// When it is paid if nothing else comes in or goes out, in seconds since 1970.
    expected_secs: u64,
    /// Until then it can be cancelled, in seconds since 1970.
    cancellable_until_secs: u64,
}

/// All that an account has in pools and vaults.
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
    /// In pools.
    positions: Vec<Position<Request>>,
    /// In vaults.
    vaults: Vec<Position<VaultRequest>>,
}

/// `khala delegate positions ACCOUNT`.
pub async fn positions(global: &Global, account: &AccountId32) -> Result<Exit, Failure> {
    let chain = Chain::connect(&global.url).await?;
    let at = At::Hash(chain.best().await?.hash);
    let found = Positions {
        account: account.clone(),
        now_secs: now_secs(&chain, at).await?,
        value: 0,
        booked: chain.unclaimed(account, at).await?,
        positions: in_pools(&chain, account, at).await?,
        vaults: in_vaults(&chain, account, at).await?,
    }
    .added_up();
    match global.output {
        Output::Json => output::print_json(&found)?,
        Output::Table => output::print_lines(found.lines())?,
    }
    Ok(Exit::Done)
}

async fn in_pools(chain: &Chain, account: &AccountId32, at: At) -> Result<Vec<Position<Request>>, Failure> {
    let mut positions = Vec::new();
    for found in chain.positions(account, at).await? {
        let mut requests = Vec::new();
        for status in found.delegation.requests {
            let forecast = chain.request_forecast(found.pool, status.id, at).await?;
            requests.push(Request::new(status, forecast));
        }
        positions.push(Position {
            target: Target::Pool(found.pool),
            price: pool::existing(chain, found.pool, at).await?.price,
            shares: found.delegation.shares,
            value: found.delegation.value,
            requests,
        });
    }
    positions.sort_by_key(|position| position.target);
    Ok(positions)
}

async fn in_vaults(chain: &Chain, account: &AccountId32, at: At) -> Result<Vec<Position<VaultRequest>>, Failure> {
    let mut positions = Vec::new();
    for found in chain.vault_positions(account, at).await? {
        let mut requests = Vec::new();
        for status in found.requests {
            let forecast = chain.vault_request_forecast(found.vault, status.id, at).await?;
            requests.push(VaultRequest::new(status, forecast));
        }
        positions.push(Position {
            target: Target::Vault(found.vault),
            price: vault::existing(chain, found.vault, at).await?.price,
            shares: found.shares,
            value: found.value,
            requests,
        });
    }
    positions.sort_by_key(|position| position.target);
    Ok(positions)
}

impl Request {
    fn new(status: RequestStatus, forecast: Option<WithdrawalForecast>) -> Self {
        Self {
            // Without a forecast the promise still holds.
            expected_secs: forecast.map_or(status.promised_secs, |forecast| forecast.expected_secs),
            status,
        }
    }

    fn row(&self) -> WaitingRow {
        WaitingRow {
            request: self.status.id,
            value: self.status.value,
            expected_secs: self.expected_secs,
            promised_secs: self.status.promised_secs,
            until_secs: self.status.deadline_secs,
        }
    }
}

impl VaultRequest {
    fn new(status: VaultRequestStatus, forecast: Option<VaultForecast>) -> Self {
        Self {
            cancellable_until_secs: forecast.as_ref().map_or(status.deadline_secs, cancellable_until),
            expected_secs: forecast.map_or(status.promised_secs, |forecast| forecast.expected_secs),
            status,
        }
    }

    fn row(&self) -> WaitingRow {
        WaitingRow {
            request: self.status.id,
            value: self.status.value,
            expected_secs: self.expected_secs,
            promised_secs: self.status.promised_secs,
            until_secs: self.cancellable_until_secs,
        }
    }
}

impl<R> Position<R> {
    fn row(&self, waiting: impl Fn(&R) -> WaitingRow) -> Row {
        Row {
            target: self.target,
            price: self.price,
            shares: self.shares,
            value: self.value,
            waiting: self.requests.iter().map(waiting).collect(),
        }
    }
}

/// What is shown of a position.
struct Row {
    target: Target,
    price: Fixed18,
    shares: u128,
    value: Balance,
    waiting: Vec<WaitingRow>,
}

/// What is shown of a request.
struct WaitingRow {
    request: RequestId,
    value: Balance,
    expected_secs: u64,
    promised_secs: u64,
    /// Until then it can be cancelled.
    until_secs: u64,
}

impl Row {
    fn waiting(&self) -> Balance {
        self.waiting.iter().fold(0, |sum, request| sum.saturating_add(request.value))
    }
}

impl Positions {
    fn rows(&self) -> Vec<Row> {
        let pools = self.positions.iter().map(|position| position.row(Request::row));
        let vaults = self.vaults.iter().map(|position| position.row(VaultRequest::row));
        pools.chain(vaults).collect()
    }

    /// The same with the sum of all that the account has.
    fn added_up(self) -> Self {
        let value = self
            .rows()
            .iter()
            .fold(0u128, |sum, row| sum.saturating_add(row.value).saturating_add(row.waiting()));
        Self { value, ..self }
    }

    fn lines(&self) -> Vec<String> {
        let (rows, mut lines) = (self.rows(), Vec::new());
        if rows.is_empty() {
            lines.push(format!("{} has nothing in any pool or vault.", units::address(&self.account)));
        } else {
            let mut table = output::table(&[">pool", ">shares", ">price", ">value PHA", ">waiting PHA"]);
            for row in &rows {
                table.add_row([
                    row.target.word(),
                    units::pha(row.shares, 6),
                    units::fixed18(row.price, 6),
                    units::pha(row.value, 6),
                    units::pha(row.waiting(), 6),
                ]);
            }
            lines.extend(output::lines(&table));
            lines.push(format!("In all {} PHA.", units::pha(self.value, 6)));
        }
        lines.extend(self.request_lines(&rows));
        if self.booked > 0 {
            lines.push(format!(
                "{} PHA could not be paid out and are booked: khala delegate pay-booked.",
                units::pha(self.booked, 6)
            ));
        }
        lines
    }

    fn request_lines(&self, rows: &[Row]) -> Vec<String> {
        let mut table = output::table(&[">pool", ">request", ">value PHA", "expected", "paid by", "can be cancelled"]);
        let date = |secs| units::date(secs, self.now_secs);
        for (row, waiting) in rows.iter().flat_map(|row| row.waiting.iter().map(move |waiting| (row, waiting))) {
            table.add_row([
                row.target.word(),
                waiting.request.to_string(),
                units::pha(waiting.value, 6),
                date(waiting.expected_secs),
                date(waiting.promised_secs),
                match self.now_secs < waiting.until_secs {
                    true => format!("until {}", date(waiting.until_secs)),
                    false => "no more".into(),
                },
            ]);
        }
        if rows.iter().all(|row| row.waiting.is_empty()) {
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
    use crate::command::testing::{account, request, vault_position};
    use khala_primitives::PHA;

    const ONE: Fixed18 = 1_000_000_000_000_000_000;

    /// 10 shares of pool 3 at a price of 1.1, and a request that waits.
    fn in_pool() -> Position<Request> {
        Position {
            target: Target::Pool(3),
            price: ONE + ONE / 10,
            shares: 10 * PHA,
            value: 11 * PHA,
            requests: vec![Request::new(request(4), None)],
        }
    }

    /// 5 shares of vault 2 at a price of one, and a request that waits.
    fn in_vault() -> Position<VaultRequest> {
        let status = vault_position(0, &[7]).requests[0].clone();
        Position {
            target: Target::Vault(2),
            price: ONE,
            shares: 5 * PHA,
            value: 5 * PHA,
            requests: vec![VaultRequest::new(status, None)],
        }
    }

    fn found(positions: Vec<Position<Request>>, vaults: Vec<Position<VaultRequest>>, booked: Balance, now_secs: u64) -> Positions {
        Positions {
            account: account("//Old"),
            now_secs,
            value: 0,
            booked,
            positions,
            vaults,
        }
        .added_up()
    }

    #[test]
    fn positions_are_told_with_their_requests_and_dates() {
        let said = found(vec![in_pool()], vec![in_vault()], PHA, 1_735_689_480).lines().join("\n");
        for part in [
            "      3  10.000000  1.100000  11.000000     2.000000",
            "vault:2   5.000000  1.000000   5.000000     8.000000",
            // 11 and 2 in the pool, 5 and 8 in the vault.
            "In all 26.000000 PHA.",
            "until 2025-01-01 00:00 UTC (in 2m 0s)",
            "2025-01-01 00:02 UTC (in 4m 10s)",
            "vault:2        7   8.000000",
            "1.000000 PHA could not be paid out",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
    }

    #[test]
    fn a_request_can_be_cancelled_until_its_deadline() {
        let deadline = request(4).deadline_secs;
        for (now, said) in [(deadline - 1, "until 2025"), (deadline, "no more")] {
            let lines = found(vec![in_pool()], vec![], 0, now).lines().join("\n");
            assert!(lines.contains(said), "{lines}");
        }
    }

    #[test]
    fn programs_are_told_which_is_which() {
        let json = serde_json::to_value(found(vec![in_pool()], vec![in_vault()], 0, 0)).unwrap();
        assert_eq!((&json["positions"][0]["pool"], &json["vaults"][0]["vault"]), (&3.into(), &2.into()));
        assert_eq!(json["positions"][0]["requests"][0]["id"], 4);
        assert_eq!(json["vaults"][0]["requests"][0]["cancellableUntilSecs"], 1_735_689_660);
    }

    #[test]
    fn who_has_nothing_is_told_so() {
        let said = found(vec![], vec![], 0, 0).lines().join("\n");
        assert!(said.ends_with("has nothing in any pool or vault."), "{said}");
    }
}
