//! Tests by theme.

mod authorize_renewal;
mod benchmark;
mod deposits;
mod directory;
mod evidence;
mod free_renewal;
mod genesis;
pub(crate) mod mock;
mod operator;
mod rebind;
mod rebind_elsewhere;
mod recorded;
mod registration;
mod removal;
mod renewal;
mod retiring;
mod reverify;
mod tokens;
mod try_state;
mod worker;
