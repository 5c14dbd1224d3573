//! Search over pools, vaults, workers and accounts.

use super::{
    columns::{columns, Columns},
    parameters::{checked_search, Asked},
    problem::{Failures, Problem},
    vaults::vault_of_account,
    App,
};
use crate::model::{Address, Hit, HitKind, Hits};
use axum::{extract::State, Json};
use rusqlite::{Connection, ToSql};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Least hexadecimal digits of a worker's key that are looked for.
const LEAST_DIGITS: usize = 4;

columns!(Hit {
    kind = "kind",
    pool = "pool",
    vault = "vault",
    worker = "worker",
    account = "account",
    text = "text",
});

/// What is looked for.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SearchQuery {
    /// The number of a pool or a vault, words of a description, the first digits of a worker's key (at least 4), or an account's address.
    #[param(min_length = 1, max_length = 100)]
    q: String,
}

/// Pools, vaults, workers and accounts by a number, a word, a key or an address.
#[utoipa::path(get, path = "/search", operation_id = "search", tag = "search", params(SearchQuery),
    responses((status = 200, description = "What was found", body = Hits), Failures))]
async fn search(State(app): State<App>, Asked(query): Asked<SearchQuery>) -> Result<Json<Hits>, Problem> {
    if query.q.is_empty() {
        return Err(Problem::bad_request("q is empty; give a number, a word, a key or an address"));
    }
    let text = checked_search(&query.q)?.to_owned();
    app.read(move |db| find(db, &text)).await.map(Json)
}

fn find(db: &Connection, text: &str) -> rusqlite::Result<Hits> {
    let mut items = Vec::new();
    if text.is_empty() {
        return Ok(Hits { items });
    }
    const POOL: &str = "SELECT 'pool' AS kind, pool, NULL AS vault, NULL AS worker, owner AS account, description AS text FROM pools";
    const VAULT: &str = "SELECT 'vault' AS kind, NULL AS pool, vault, NULL AS worker, owner AS account, '' AS text FROM vaults";
    const WORKER: &str = "SELECT 'worker' AS kind, pool, NULL AS vault, worker, operator AS account, '' AS text FROM workers";
    let mut add = |from: &str, filter: &str, order: &str, value: &dyn ToSql| -> rusqlite::Result<()> {
        let sql = format!("SELECT {} FROM ({from} WHERE {filter} ORDER BY {order} LIMIT 10)", Hit::SQL);
        for hit in db.prepare_cached(&sql)?.query_map([value], Hit::read)? {
            items.push(hit?);
        }
        Ok(())
    };
    let address = text.parse::<Address>().ok();
    match (text.parse::<u32>().ok(), address) {
        (Some(number), _) => {
            add(POOL, "pool = ?", "pool", &number)?;
            add(VAULT, "vault = ?", "vault", &number)?;
        }
        (None, Some(address)) => {
            add(POOL, "owner = ?", "pool", &address)?;
            add(VAULT, "?1 IN (owner, account)", "vault", &address)?;
        }
        (None, None) => add(POOL, "instr(lower(description), lower(?)) > 0", "pool", &text)?,
    }
    let digits = text.strip_prefix("0x").unwrap_or(text).to_lowercase();
    if let Some(address) = address {
        add(WORKER, "operator = ?", "worker", &address)?;
    } else if digits.len() >= LEAST_DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        add(WORKER, "begins_with(worker, ?)", "worker", &digits)?;
    }
    if let Some(account) = address {
        items.push(Hit {
            kind: HitKind::Account,
            account,
            vault: vault_of_account(db, account)?,
            ..Hit::default()
        });
    }
    Ok(Hits { items })
}

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(search))
}
