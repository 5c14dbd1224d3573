//! Roots of trust. The chain keeps its trusted roots in storage; this is what the presets put there.

/// `Intel SGX Root CA`, DER: the root of all genuine SGX and TDX machines, valid until the end of 2049.
///
/// Source: `https://certificates.trustedservices.intel.com/IntelSGXRootCA.der`
pub const INTEL: &[u8] = include_bytes!("intel-sgx-root-ca.der");
