//! Tests by theme.

mod challenges;
mod heartbeats;
mod offline;
mod sessions;
mod state;
