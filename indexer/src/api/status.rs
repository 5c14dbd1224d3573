//! How the indexer is.

use super::App;
use crate::model::Status;
use axum::{extract::State, Json};
use utoipa_axum::{router::OpenApiRouter, routes};

/// How the indexer is: what it does, how far it is, what is wrong.
#[utoipa::path(get, path = "/status", operation_id = "status", tag = "status", responses((status = 200, description = "The status", body = Status)))]
async fn one(State(app): State<App>) -> Json<Status> {
    Json(app.health.status())
}

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(one))
}
