//! `khala pool show`: everything about one pool.

use super::existing;
use crate::{
    args::Global,
    command::{
        change::now_secs,
        fund::Fund,
        queue::{Queue, Waiting, COUNTED},
        rate::Rate,
        worker,
    },
    failure::{Exit, Failure},
    output::{self, Output},
    units,
};
use khala_client::{At, Chain};
use khala_primitives::{
    status::{PoolStatus, StartNeeds, WithdrawalForecast, WorkerStatus, YieldStatus},
    PoolId,
};
use serde::Serialize;
use std::time::Duration;

/// One pool.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    #[serde(flatten)]
    pool: PoolStatus,
    /// The chain's time, in seconds since 1970.
    now_secs: u64,
    /// What its shares have gained; none while no earlier price is known.
    r#yield: Option<YieldStatus>,
    /// Who waits.
    #[serde(flatten)]
    queue: Queue<WithdrawalForecast>,
    /// Its workers.
    crew: Vec<Member>,
}

/// A worker of the pool.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Member {
    #[serde(flatten)]
    status: WorkerStatus,
    /// Its bounds of stake; none while it has no score.
    needs: Option<StartNeeds>,
}

/// `khala pool show POOL [--days DAYS]`.
pub async fn show(global: &Global, pool: PoolId, days: u32) -> Result<Exit, Failure> {
    let chain = Chain::connect(&global.url).await?;
    let at = At::Hash(chain.best().await?.hash);
    let pool = existing(&chain, pool, at).await?;
    let requests = chain.queue(pool.id, COUNTED, at).await?;
    let queue = Queue::new(requests, |request| chain.request_forecast(pool.id, request, at)).await?;
    let mut crew = Vec::new();
    for worker in &pool.workers {
        crew.push(Member {
            status: chain.worker_status(*worker, at).await?,
            needs: chain.start_needs(*worker, at).await?,
        });
    }
    let shown = Shown {
        now_secs: now_secs(&chain, at).await?,
        r#yield: chain.pool_yield(pool.id, days, at).await?,
        queue,
        crew,
        pool,
    };
    match global.output {
        Output::Json => output::print_json(&shown)?,
        Output::Table => output::print_lines(shown.lines())?,
    }
    Ok(Exit::Done)
}

impl Shown {
    fn lines(&self) -> Vec<String> {
        let pool = &self.pool;
        let pha = |amount| format!("{} PHA", units::pha(amount, 6));
        let rows = [
            ("pool", pool.id.to_string()),
            ("owner", units::address(&pool.owner)),
            ("about", pool.description.escape_debug().to_string()),
            (
                "links",
                pool.links
                    .iter()
                    .map(|link| link.escape_debug().to_string())
                    .collect::<Vec<_>>()
                    .join(" "),
            ),
            ("value", pha(pool.value)),
            ("shares", units::pha(pool.shares, 6)),
            ("price", units::fixed18(pool.price, 9)),
            (
                "yield",
                self.r#yield
                    .as_ref()
                    .map_or("not known yet: prices are kept once a day".into(), yield_line),
            ),
            ("commission", Rate::commission(pool).shown(self.now_secs)),
            ("cap", Fund::from(pool).cap_shown()),
            ("open to", if pool.restricted { "accounts on its list" } else { "everybody" }.into()),
            ("free", format!("{}, {} of it to spare", pha(pool.free), pha(pool.spare))),
            ("staked", pha(pool.staked)),
            ("cooling", pha(pool.cooling)),
            (
                "impaired",
                format!("{}: what its workers would lose if they were stopped", pha(pool.impaired)),
            ),
            ("claimable", format!("{} of commission", pha(pool.commission))),
            (
                "queue",
                format!(
                    "{} requests, {} shares, {} of them due; {} to be taken out of stakes",
                    self.queue.requests,
                    units::pha(pool.queued_shares, 6),
                    units::pha(pool.due_shares, 6),
                    pha(pool.need)
                ),
            ),
        ];
        let mut lines: Vec<_> = rows
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name:<12}{value}"))
            .collect();
        lines.extend(self.queue_lines());
        lines.extend(self.crew_lines());
        lines
    }

    fn queue_lines(&self) -> Vec<String> {
        let table = output::table(&[">request", ">shares", ">worth PHA", "expected", "paid by", "stakes taken back from"]);
        self.queue.lines(table, |Waiting { request, forecast }| {
            let date = |secs| units::date(secs, self.now_secs);
            vec![
                request.to_string(),
                units::pha(forecast.shares, 6),
                units::pha(forecast.amount, 6),
                date(forecast.expected_secs),
                date(forecast.promised_secs),
                date(forecast.deadline_secs),
            ]
        })
    }

    fn crew_lines(&self) -> Vec<String> {
        if self.crew.is_empty() {
            return vec![String::new(), "It has no workers.".into()];
        }
        let mut table = output::table(&[
            "worker",
            "state",
            ">stake PHA",
            ">smallest",
            ">largest",
            ">V",
            ">P",
            ">cooling PHA",
            ">earned PHA",
        ]);
        for Member { status, needs } in &self.crew {
            let (session, none) = (status.session.as_ref(), || "-".to_owned());
            let of_session = |text: &dyn Fn(&khala_primitives::status::SessionStatus) -> String| session.map_or_else(none, text);
            table.add_row([
                status.worker.to_string(),
                worker::state(status).to_owned(),
                of_session(&|session| units::pha(session.stake, 4)),
                needs.as_ref().map_or_else(none, |needs| units::pha_up(needs.minimum, 4)),
                needs.as_ref().map_or_else(none, |needs| units::pha(needs.maximum, 4)),
                of_session(&|session| units::fixed18(session.v, 2)),
                of_session(&|session| session.p.to_string()),
                of_session(&|session| units::pha(session.cooling, 4)),
                of_session(&|session| units::pha(session.paid, 4)),
            ]);
        }
        output::lines_below(&table)
    }
}

fn yield_line(known: &YieldStatus) -> String {
    let sign = if known.gained { "" } else { "-" };
    format!(
        "{sign}{} % a year at the pace of the last {}",
        units::fixed18(known.apr.saturating_mul(100), 2),
        units::duration(Duration::from_secs(known.secs))
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::{pool, session, status};
    use khala_primitives::{status::CommissionRiseStatus, PHA};

    const NOW: u64 = 1_735_689_600;

    fn shown() -> Shown {
        Shown {
            pool: pool(),
            now_secs: NOW,
            r#yield: None,
            queue: Queue {
                requests: 0,
                queue: vec![],
            },
            crew: vec![],
        }
    }

    #[test]
    fn a_pool_is_told_with_price_commission_cap_and_coins() {
        let mut shown = shown();
        shown.pool.commission_rise = Some(CommissionRiseStatus {
            commission_ppm: 150_000,
            due_secs: NOW + 60,
        });
        (shown.pool.cap, shown.pool.room) = (Some(1_500 * PHA), Some(500 * PHA));
        let said = shown.lines().join("\n");
        for part in [
            "price       1.000000000",
            "commission  10 %, never more than 50 %; 15 % announced for 2025-01-01 00:01 UTC (in 1m 0s)",
            "cap         1,500.000000 PHA, room for 500.000000 PHA",
            "open to     everybody",
            "yield       not known yet",
            "It has no workers.",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
        assert!(!said.contains("about"), "what is empty is left out: {said}");
    }

    #[test]
    fn what_an_owner_says_cannot_move_the_cursor() {
        let mut shown = shown();
        shown.pool.description = "a\u{1b}[2J\nvalue       1".into();
        let said = shown.lines();
        assert!(
            said.iter()
                .any(|line| line.starts_with("about") && line.contains("\\u{1b}") && line.contains("\\n")),
            "{said:?}"
        );
    }

    #[test]
    fn a_yield_is_told_per_year_with_its_sign() {
        let known = |gained| YieldStatus {
            secs: 172_800,
            price: 0,
            price_before: 0,
            gained,
            apr: 123_400_000_000_000_000,
        };
        assert_eq!(yield_line(&known(true)), "12.34 % a year at the pace of the last 2d 0h");
        assert!(yield_line(&known(false)).starts_with("-12.34 %"));
    }

    #[test]
    fn the_queue_and_the_workers_are_told_with_dates_and_bounds() {
        let mut shown = shown();
        let forecast = WithdrawalForecast {
            shares: PHA,
            amount: 2 * PHA,
            deadline_secs: NOW + 120,
            promised_secs: NOW + 250,
            expected_secs: NOW + 240,
            sources: vec![],
        };
        shown.queue = Queue {
            requests: 3,
            queue: vec![Waiting { request: 7, forecast }],
        };
        let mut status = status();
        status.session = Some(session());
        shown.crew = vec![Member {
            needs: Some(StartNeeds {
                pool: 3,
                score: 100,
                minimum: 500 * PHA,
                maximum: 2_000 * PHA,
                spare: 0,
                missing: 0,
                ready: true,
            }),
            status,
        }];
        let said = shown.lines().join("\n");
        for part in [
            "2025-01-01 00:04 UTC (in 4m 0s)",
            "2025-01-01 00:04 UTC (in 4m 10s)",
            "and 2 more",
            "500.0000  2,000.0000",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
        let json = serde_json::to_value(&shown).unwrap();
        assert_eq!((&json["queue"][0]["request"], &json["id"]), (&7.into(), &3.into()));
    }
}
