//! Tests by theme.

mod access;
mod commission;
mod delegation;
mod design;
mod fairness;
mod inner;
mod migration;
mod money;
mod pools;
mod promise;
mod queue;
mod service;
mod state;
mod status;
mod workers;
