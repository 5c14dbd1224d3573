//! Tests by theme.

mod certification;
mod collateral;
mod documents;
mod evaluation_numbers;
mod evidence;
mod forged;
mod genesis;
mod grace;
mod judging;
mod measurement_notice;
mod measurements;
pub(crate) mod mock;
mod policy;
mod policy_notice;
mod recorded;
mod refusals;
mod roots;
mod try_state;
