//! `khala delegate`: what somebody has in pools and vaults, gives to them, and takes out of them.

mod add;
mod cancel;
mod forecast;
mod found;
mod pay_booked;
mod positions;
mod transfer;
mod withdraw;

pub use add::add;
pub use cancel::cancel;
pub use forecast::forecast;
pub(super) use forecast::lines as forecast_lines;
pub use pay_booked::pay_booked;
pub use positions::positions;
pub use transfer::transfer;
pub use withdraw::withdraw;
