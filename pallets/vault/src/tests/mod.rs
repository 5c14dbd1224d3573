//! What vaults do, by theme.

mod delegation;
mod design;
mod fees;
mod limits;
mod moves;
mod promise;
mod state;
mod status;
mod withdrawal;
