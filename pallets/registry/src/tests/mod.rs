//! Tests by theme.

mod benchmark;
mod deposits;
mod directory;
mod evidence;
mod genesis;
pub(crate) mod mock;
mod recorded;
mod registration;
mod renewal;
mod retiring;
mod try_state;
