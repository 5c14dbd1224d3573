//! Tests by theme.

mod evidence;
mod forged;
mod genesis;
mod measurements;
pub(crate) mod mock;
mod policy;
mod recorded;
mod refusals;
mod roots;
mod try_state;
