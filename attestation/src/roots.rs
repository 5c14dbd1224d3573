//! Roots of trust. The chain keeps its trusted roots in storage; this is what the presets put there.

use crate::{chain::Root, documents::RootKeyHash, error::Error};

/// `Intel SGX Root CA`, DER: the root of all genuine SGX and TDX machines, valid until the end of 2049.
///
/// Source: `https://certificates.trustedservices.intel.com/IntelSGXRootCA.der`
pub const INTEL: &[u8] = include_bytes!("intel-sgx-root-ca.der");

/// By this the documents below a root are kept: its certificate may be issued anew for the same key.
///
/// # Errors
/// [`Error::RootMalformed`] if it is no X.509 certificate with a P-256 key that names itself as its issuer. That it signs itself
/// proves nothing: trust in it is for whoever adds it to have.
pub fn key_hash(der: &[u8]) -> Result<RootKeyHash, Error> {
    let root = Root::parse(der)?;
    if root.certificate.subject() != root.certificate.issuer() {
        return Err(Error::RootMalformed);
    }
    Ok(root.key_hash())
}
