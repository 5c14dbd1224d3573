//! What a trusted execution environment gives, behind one trait.
//!
//! A provider is chosen by whoever starts the pRuntime. What it is worth is decided by its evidence alone, on chain.
//!
//! | provider | evidence | sealing key |
//! |---|---|---|
//! | [`gramine`] | SGX quotes, from `/dev/attestation` | of the enclave's code and the processor |
//! | [`tdx`] | TDX quotes, from `/sys/kernel/config/tsm/report` | none that lasts: keys live as long as the run |
//! | `software` | a development root of trust | a file beside the state |
//!
//! Both real ones are [`Hardware`] with files. [`Interface`] is what is done with such files, so that tests can play every fault.

#[cfg(test)]
pub(crate) mod fake;
#[cfg(test)]
mod faults;
pub mod gramine;
mod hardware;
mod interface;
mod own_quote;
mod random;
mod sealer;
#[cfg(feature = "software")]
pub mod software;
pub mod tdx;

pub use gramine::Gramine;
pub use hardware::{Hardware, Source};
pub use interface::{Folder, Interface, InterfaceError, MAX_READ};
pub use own_quote::QuoteFlaw;
#[cfg(feature = "software")]
pub use software::Software;
pub use tdx::Tdx;

use crate::seal::Sealed;
use khala_primitives::{Evidence, MeasurementDigest};
use zeroize::Zeroizing;

/// A trusted execution environment.
pub trait Tee: Send + Sync {
    /// The provider's name, in lower case. It stands in sealed files: a state sealed by one provider is not opened by
    /// another.
    fn provider(&self) -> &'static str;

    /// Does it keep secrets from the machine's owner?
    fn trusted(&self) -> bool;

    /// Digest of the code that runs.
    fn measurement(&self) -> MeasurementDigest;

    /// Evidence with `report_data` in its report.
    fn attest(&self, report_data: &[u8; 64]) -> Result<Evidence, TeeError>;

    /// Fills `out` with randomness fit for keys.
    fn random(&self, out: &mut [u8]) -> Result<(), TeeError>;

    /// Does a later run open what this one seals? If not, there is no use in storing it: the worker has a fresh key
    /// after each start, and its operator rebinds it.
    fn seal_lasts(&self) -> bool;

    /// Encrypts `secret` so that this TEE alone opens it again. `associated` is not hidden, but bound to it.
    fn seal(&self, associated: &[u8], secret: &[u8]) -> Result<Sealed, TeeError>;

    /// Opens what [`Tee::seal`] made, with the same `associated`.
    fn unseal(&self, associated: &[u8], sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, TeeError>;
}

/// Why a TEE did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum TeeError {
    /// No randomness.
    #[error("the TEE gave no randomness ({0}); without it no key is made: look at the machine's random device")]
    Random(String),
    /// No evidence.
    #[error("the TEE gave no evidence ({0}); look at the machine's attestation device or service and ask again")]
    Attest(String),
    /// The sealing key failed to encrypt.
    #[error("the state could not be sealed ({0}); nothing was stored")]
    Seal(String),
    /// Another sealing key, another provider's format, or changed bytes.
    #[error("the sealed state does not open with this TEE's key: it was sealed by other code or on another machine, or it was changed")]
    Unseal,
    /// The provider cannot start.
    #[error("the {provider} provider cannot start: {why}")]
    Start {
        /// The provider.
        provider: &'static str,
        /// What is wrong and what to do.
        why: String,
    },
}
