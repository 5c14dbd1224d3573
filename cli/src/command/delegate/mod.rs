//! `khala delegate`: what somebody has in pools, gives to them, and takes out of them.

mod add;
mod forecast;
mod positions;
mod requests;
mod shares;
mod transfer;
mod withdraw;

pub use add::add;
pub use forecast::forecast;
pub use positions::positions;
pub use requests::{cancel, pay_booked};
pub use transfer::transfer;
pub use withdraw::withdraw;

use khala_primitives::{Balance, PHA};

/// Smallest delegation, holding and request, in planck; a holding that is worth less goes as a whole.
const SMALLEST: Balance = PHA;
/// Fewest shares of a holding or a request.
const FEWEST_SHARES: u128 = 10_000_000_000;
/// Most requests of an account in the queue of a pool.
const MOST_REQUESTS: usize = 8;
