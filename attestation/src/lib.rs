//! DCAP evidence of SGX and TDX: what it proves, and what that is worth.
//!
//! A quote says what code runs on what processor. Intel's collateral says whether that processor can be believed. This
//! crate reads both, verifies every signature up to a trusted root, and gives a [`Verdict`] or an [`Error`] with the
//! facts: what is wrong, and by how much. It runs in the runtime (`no_std`, Wasm) and in all tools.
//!
//! # How to use this
//!
//! - [`verify()`] verifies a quote with its [`Collateral`]; [`verify::verify_with`] with collateral that was verified before
//!   ([`ParsedCollateral`]).
//! - A chain verifies each document once and keeps it ([`documents`]), verifies a quote's signatures once and keeps what they
//!   prove ([`Facts`]), and judges these again whenever it wants ([`Facts::evaluate`]).
//! - [`AttestationPolicy::judge`] says what a verdict is worth: a confidence level, or why none.
//! - [`bind::check_binding`] says whether it is about a WorkerInfo.
//! - [`rollback`] keeps collateral from going back.
//! - `report::look` (feature `std`) does what `khala attest verify` prints.
//! - `forge` (feature `forge`) makes evidence of every quality, for tests and the local network.
//!
//! # What is checked where
//!
//! | group of `design/attestation.md` | module |
//! |---|---|
//! | 1 quote | [`quote`] |
//! | 2 signatures of the quote | [`verify`](mod@verify) |
//! | 3 certificates, revocation lists, platform | `chain`, [`certs`], [`crl`], [`documents`], [`pck`] |
//! | 4 TCB info and levels | [`tcb_info`], `tcb` |
//! | 5 quoting enclave | [`qe_identity`] |
//! | 6 report | [`checks`], [`measurement`] |
//! | 7 roll-back | [`rollback`], [`policy`] |
//! | 8 binding | [`bind`] |
//!
//! # Beside dcap-qvl
//!
//! dcap-qvl is the oracle of the tests. What this crate accepts it accepts, with the same status and advisories in the
//! same order. What it accepts and a registration must not have is a [`Finding`] in the verdict, not an error. Refused
//! here and accepted there are only:
//!
//! | error | why |
//! |---|---|
//! | [`Error::NotYetValid`] of a revocation list | a list from the future says nothing about now |
//! | [`Error::Expired`] and [`Error::NotYetValid`] of the root | a root has dates, too |
//! | [`Error::PathLength`] | the root's constraint counts |
//! | [`Error::TrailingBytes`] | the chain stores exact quotes; [`quote::trim`] cuts zeros, `report::look` everything |
//! | [`Error::QuoteTooLong`], [`Error::CollateralTooLarge`] | bounds, many times what Intel makes |
//! | [`Error::PckExtension`] of optional values, and of values of another type | what a certificate says of its platform is read or refused |
//! | [`Error::CrlIssuer`] for a PCK certificate that the root has issued | its list says nothing of PCK certificates |
//! | [`Error::Date`] with an offset or a fraction | Intel writes dates in one form |
//! | [`Error::ComponentCount`], [`Error::HexValue`], [`Error::Json`] in levels that are not needed | documents are read whole |
//! | [`Error::CertificateExtension`] for an extended key usage or name constraints | Intel has none; they are not looked into |
//! | [`Error::UnknownIssuer`] for a PCK certificate that is not two steps below the root | Intel's chains are |
//!
//! All but the first need a signature of the root's, or a file larger than any genuine one.
#![no_std]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::indexing_slicing,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic
    )
)]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

pub mod advisory;
pub mod bind;
pub mod certs;
mod chain;
pub mod checks;
pub mod collateral;
pub mod crl;
mod dates;
pub mod development;
pub mod documents;
pub mod error;
pub mod facts;
pub mod finding;
#[cfg(feature = "forge")]
pub mod forge;
pub mod hex_bytes;
pub mod measurement;
pub mod origin;
pub mod parsed;
pub mod part;
pub mod pck;
mod pem;
pub mod policy;
pub mod qe_identity;
pub mod quote;
#[cfg(feature = "std")]
pub mod report;
pub mod rollback;
pub mod roots;
pub mod shortfall;
mod signature;
mod tcb;
pub mod tcb_info;
pub mod verdict;
pub mod verify;

pub use advisory::Advisory;
pub use collateral::Collateral;
pub use documents::Documents;
pub use error::Error;
pub use facts::{Evaluation, Facts};
pub use finding::Finding;
pub use hex_bytes::Fmspc;
pub use parsed::ParsedCollateral;
pub use policy::{AttestationPolicy, PolicyError};
pub use verdict::Verdict;
pub use verify::verify;
