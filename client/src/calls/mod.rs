//! The chain's calls, typed. Each makes a [`crate::Call`]; what it does and what it may answer stands in the pallet's documentation.

pub mod attestation;
pub mod balances;
pub mod mining;
pub mod proxy;
pub mod registry;
pub mod stake_pool;
pub mod sudo;
pub mod utility;
pub mod vault;

use codec::Encode;
use khala_primitives::AccountId32;

/// `MultiAddress::Id`.
#[derive(Encode)]
enum Address<'a> {
    #[codec(index = 0)]
    Id(&'a AccountId32),
}
