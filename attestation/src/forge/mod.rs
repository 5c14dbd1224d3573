//! The development TEE: a root of trust of its own, machines below it, and evidence in the genuine formats.
//!
//! Everything is made of names: the same names give the same keys, certificates and quotes, on every machine. Nothing
//! here is secret, so nothing here may ever be trusted where money is: the feature `forge` is for tests and for the
//! software provider of the local network.
//!
//! ```
//! use khala_attestation::{forge::{Pki, TcbClass}, development, verify};
//!
//! let (pki, now) = (Pki::development(), 1_790_000_000);
//! let evidence = pki.platform(TcbClass::UpToDate, "first machine").sgx([7; 64]);
//! let verdict = verify(evidence.quote(), &pki.collateral(now), &[development::ROOT_DER], now).unwrap();
//! assert_eq!(verdict.measurement, development::measurement());
//! assert_eq!(verdict.report_data, [7; 64]);
//! ```
//!
//! Bad evidence is made of drafts: [`QuoteDraft`], [`CollateralDraft`], [`CertificateDraft`] and [`CrlDraft`] are
//! changed and then signed, so that exactly one thing is wrong. [`suite`] is the list of everything that can be.

mod certificate;
mod collateral;
mod der;
mod keys;
mod pki;
mod platform;
mod quote;
pub mod suite;

pub use certificate::{pem, sign_der, usage, CertificateDraft, CrlDraft};
pub use collateral::{expected, CollateralDraft, EVALUATION_DATA_NUMBER};
pub use keys::Key;
pub use pki::{Pki, NOT_AFTER_SECS, NOT_BEFORE_SECS};
pub use platform::{ppid, sgx_extension, Platform, TcbClass, UnknownTcbClass, FMSPC, PCE_ID, PCE_SVN};
pub use quote::{qe_prod_id, QuoteDraft, QE_ATTRIBUTES, QE_ISV_SVN, QE_MRSIGNER, TEE_TCB_SVN};
