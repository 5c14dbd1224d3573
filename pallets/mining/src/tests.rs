//! Tests by theme.

mod challenges;
mod differential;
mod evidence;
mod explain;
mod guard;
mod heartbeats;
mod impairment;
mod maintenance;
mod migration;
mod offline;
mod parameters;
mod reports;
mod scores;
mod sessions;
mod stakes;
mod state;
mod transitions;
