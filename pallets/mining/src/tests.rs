//! Tests by theme.

mod challenges;
mod evidence;
mod heartbeats;
mod offline;
mod sessions;
mod state;
mod transitions;
