//! What a console has to know first.

use super::App;
use crate::model::Config;
use axum::{extract::State, Json};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The node that anybody may use, and the chain: its name, its coin, its addresses.
#[utoipa::path(get, path = "/config", operation_id = "config", tag = "status", responses((status = 200, description = "The configuration", body = Config)))]
async fn one(State(app): State<App>) -> Json<Config> {
    Json(Config {
        node_url: app.public_node,
        chain: app.health.chain(),
        version: env!("CARGO_PKG_VERSION").into(),
    })
}

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(one))
}
