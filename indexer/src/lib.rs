//! Follows the chain's finalised blocks, keeps their history in SQLite, and serves it as HTTP/JSON together with the console.
//!
//! Blocks go one way: from the node ([`chain`]) to the database ([`store`]), from there to requests ([`api`]). What is in the
//! database follows from the chain alone: a rebuild gives the same one. [`run`] is the process around it.

pub mod api;
pub mod chain;
pub mod config;
pub mod console;
pub mod health;
pub mod metrics;
pub mod model;
pub mod run;
pub mod server;
pub mod store;
