//! `khala vault show`: everything about one vault.

use super::existing;
use crate::{
    amount::Ppm,
    args::Global,
    command::{
        change::now_secs,
        fund::Fund,
        queue::{Queue, Waiting, COUNTED, SHOWN},
        rate::Rate,
    },
    failure::{Exit, Failure},
    output::{self, Output},
    units,
};
use khala_client::{At, Chain};
use khala_primitives::{
    status::{VaultForecast, VaultPlace, VaultStatus, WithdrawalForecast},
    PoolId, RequestId, VaultId,
};
use serde::Serialize;

/// One vault.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    #[serde(flatten)]
    vault: VaultStatus,
    /// The chain's time, in seconds since 1970.
    now_secs: u64,
    /// Those who leave.
    #[serde(flatten)]
    queue: Queue<VaultForecast>,
    /// Its own requests in the queues of pools, with their dates.
    returning: Vec<Returning>,
}

/// Shares of the vault in the queue of a pool.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Returning {
    pool: PoolId,
    request: RequestId,
    /// Whether somebody who leaves the vault waits for it.
    backed: bool,
    #[serde(flatten)]
    forecast: WithdrawalForecast,
}

/// `khala vault show VAULT`.
pub async fn show(global: &Global, vault: VaultId) -> Result<Exit, Failure> {
    let chain = Chain::connect(&global.url).await?;
    let at = At::Hash(chain.best().await?.hash);
    let vault = existing(&chain, vault, at).await?;
    let requests = chain.vault_queue(vault.id, COUNTED, at).await?;
    let queue = Queue::new(requests, |request| chain.vault_request_forecast(vault.id, request, at)).await?;
    let shown = Shown {
        now_secs: now_secs(&chain, at).await?,
        queue,
        returning: returning(&chain, &vault, at).await?,
        vault,
    };
    match global.output {
        Output::Json => output::print_json(&shown)?,
        Output::Table => output::print_lines(shown.lines())?,
    }
    Ok(Exit::Done)
}

async fn returning(chain: &Chain, vault: &VaultStatus, at: At) -> Result<Vec<Returning>, Failure> {
    let mut found = Vec::new();
    for place in vault.places.iter().filter(|place| place.returning > 0 || place.claimed > 0) {
        let held = chain.delegation(place.pool, &vault.account, at).await?;
        for request in held.requests.into_iter().take(SHOWN) {
            if let Some(forecast) = chain.request_forecast(place.pool, request.id, at).await? {
                found.push(Returning {
                    pool: place.pool,
                    request: request.id,
                    backed: chain.is_backed(place.pool, request.id, at).await?,
                    forecast,
                });
            }
        }
    }
    Ok(found)
}

impl Shown {
    fn lines(&self) -> Vec<String> {
        let vault = &self.vault;
        let pha = |amount| format!("{} PHA", units::pha(amount, 6));
        let rows = [
            ("vault", vault.id.to_string()),
            ("owner", units::address(&vault.owner)),
            ("account", units::address(&vault.account)),
            ("value", pha(vault.value)),
            ("shares", units::pha(vault.shares, 6)),
            ("price", units::fixed18(vault.price, 9)),
            (
                "mark",
                format!("{}: a fee is taken of what is above", units::fixed18(vault.high_water_mark, 9)),
            ),
            ("fee", Rate::fee(vault).shown(self.now_secs)),
            (
                "claimable",
                format!(
                    "{} shares of fees, worth {}",
                    units::pha(vault.fee_shares, 6),
                    pha(Fund::from(vault).worth(vault.fee_shares))
                ),
            ),
            (
                "commissions",
                format!("pools up to {}", Rate::commission_limit(vault).shown(self.now_secs)),
            ),
            ("cap", Fund::from(vault).cap_shown()),
            ("free", format!("{}, {} of it to spare", pha(vault.free), pha(vault.spare))),
            (
                "queue",
                format!(
                    "{} requests, owed {}{}",
                    self.queue.requests,
                    pha(vault.owed),
                    if vault.late {
                        "; the first is late, and nothing is invested"
                    } else {
                        ""
                    }
                ),
            ),
        ];
        let mut lines: Vec<_> = rows.iter().map(|(name, value)| format!("{name:<12}{value}")).collect();
        lines.extend(self.place_lines());
        lines.extend(self.queue_lines());
        lines.extend(self.returning_lines());
        lines
    }

    fn place_lines(&self) -> Vec<String> {
        if self.vault.places.is_empty() {
            return vec![String::new(), "It has nothing in pools.".into()];
        }
        let mut table = output::table(&[
            ">pool",
            ">value PHA",
            ">shares",
            ">returning",
            ">of those who leave",
            ">commission",
            "",
        ]);
        for place in &self.vault.places {
            table.add_row([
                place.pool.to_string(),
                units::pha(place.value, 6),
                units::pha(place.held, 6),
                units::pha(place.returning, 6),
                units::pha(place.claimed, 6),
                Ppm(place.commission_ppm).to_string(),
                self.remark(place).into(),
            ]);
        }
        output::lines_below(&table)
    }

    fn remark(&self, place: &VaultPlace) -> &'static str {
        match place.commission_ppm > self.vault.commission_limit_ppm {
            true => "too dear, is left",
            false => "",
        }
    }

    fn queue_lines(&self) -> Vec<String> {
        let table = output::table(&[">request", ">worth PHA", "expected", "paid by", "by pools"]);
        self.queue.lines(table, |Waiting { request, forecast }| {
            let pools: Vec<_> = forecast.pools.iter().map(|(pool, _)| pool.to_string()).collect();
            vec![
                request.to_string(),
                units::pha(forecast.amount, 6),
                units::date(forecast.expected_secs, self.now_secs),
                units::date(forecast.promised_secs, self.now_secs),
                pools.join(", "),
            ]
        })
    }

    fn returning_lines(&self) -> Vec<String> {
        if self.returning.is_empty() {
            return Vec::new();
        }
        let mut table = output::table(&[">pool", ">its request", ">shares", ">worth PHA", "expected", "paid by", "for"]);
        for returning in &self.returning {
            let forecast = &returning.forecast;
            table.add_row([
                returning.pool.to_string(),
                returning.request.to_string(),
                units::pha(forecast.shares, 6),
                units::pha(forecast.amount, 6),
                units::date(forecast.expected_secs, self.now_secs),
                units::date(forecast.promised_secs, self.now_secs),
                if returning.backed { "somebody who leaves" } else { "the vault" }.into(),
            ]);
        }
        output::lines_below(&table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::{vault, vault_forecast};
    use khala_primitives::{status::CommissionRiseStatus, PHA};

    const NOW: u64 = 1_735_689_600;

    fn shown() -> Shown {
        Shown {
            vault: vault(),
            now_secs: NOW,
            queue: Queue {
                requests: 0,
                queue: vec![],
            },
            returning: vec![],
        }
    }

    #[test]
    fn a_vault_is_told_with_its_terms_coins_and_pools() {
        let mut shown = shown();
        shown.vault.fee_rise = Some(CommissionRiseStatus {
            commission_ppm: 60_000,
            due_secs: NOW + 60,
        });
        (shown.vault.cap, shown.vault.room) = (Some(1_500 * PHA), Some(500 * PHA));
        let said = shown.lines().join("\n");
        for part in [
            "price       1.000000000",
            "mark        1.000000000: a fee is taken of what is above",
            "fee         5 %, never more than 10 %; 6 % announced for 2025-01-01 00:01 UTC (in 1m 0s)",
            "claimable   0.000000 shares of fees, worth 0.000000 PHA",
            "commissions pools up to 20 %",
            "cap         1,500.000000 PHA, room for 500.000000 PHA",
            "free        100.000000 PHA, 100.000000 PHA of it to spare",
            "queue       0 requests, owed 0.000000 PHA\n",
            "   3  900.000000  900.000000   0.000000            0.000000        10 %\n",
        ] {
            assert!(format!("{said}\n").contains(part), "{part}: {said}");
        }
        shown.vault.commission_limit_ppm = 99_999;
        assert!(shown.lines().join("\n").contains("10 %  too dear, is left"));
        shown.vault.places.clear();
        assert!(shown.lines().join("\n").contains("It has nothing in pools."));
    }

    #[test]
    fn those_who_leave_and_what_comes_back_are_told_with_dates() {
        let mut shown = shown();
        let forecast = vault_forecast();
        let (pool, part) = forecast.pools[0].clone();
        shown.queue = Queue {
            requests: 3,
            queue: vec![Waiting { request: 7, forecast }],
        };
        shown.returning = [true, false]
            .map(|backed| Returning {
                pool,
                request: 4,
                backed,
                forecast: part.clone(),
            })
            .into();
        shown.vault.late = true;
        let said = shown.lines().join("\n");
        for part in [
            "the first is late",
            "7  50.000000  2025-01-01 00:04 UTC (in 4m 0s)  2025-01-01 00:05 UTC (in 5m 10s)  3",
            "and 2 more",
            "somebody who leaves",
            "the vault",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
    }
}
