//! Follows the chain's finalised blocks, keeps their history in SQLite, and serves it as HTTP/JSON together with the console.
//!
//! Blocks go one way: from the node to the database (a block's events say what changed, the runtime API at that block to what),
//! from the database to the [`api`]. What is in the database follows from the chain alone.

pub mod api;
pub mod health;
pub mod model;
pub mod store;
