//! Roots of trust. The chain keeps its trusted roots in storage; this is what the presets put there.

use crate::{chain::Root, documents::RootKeyHash, error::Error};

/// `Intel SGX Root CA`, DER: the root of all genuine SGX and TDX machines, valid until the end of 2049.
///
/// Source: `https://certificates.trustedservices.intel.com/IntelSGXRootCA.der`
pub const INTEL: &[u8] = include_bytes!("intel-sgx-root-ca.der");

/// Can a certificate in DER be trusted as a root? That it is one is for whoever trusts it to say.
///
/// # Errors
/// [`Error::RootMalformed`] if it is no X.509 certificate with a P-256 key.
pub fn check(der: &[u8]) -> Result<(), Error> {
    Root::parse(der).map(|_| ())
}

/// By this the documents below a root are kept: its certificate may be issued anew for the same key.
///
/// # Errors
/// [`Error::RootMalformed`].
pub fn key_hash(der: &[u8]) -> Result<RootKeyHash, Error> {
    Ok(Root::parse(der)?.key_hash())
}
