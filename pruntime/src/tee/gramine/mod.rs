//! An SGX enclave of Gramine, by the files of `/dev/attestation`.
//!
//! | file | what is done |
//! |---|---|
//! | `attestation_type` | read: must be `dcap` |
//! | `user_report_data` | written: the report data of the next quote |
//! | `quote` | read: a quote over the report data that were written last |
//! | `keys/_sgx_mrenclave` | read once: 16 bytes that only this code on this processor gets |
//!
//! The files are Gramine's own, inside the enclave: the machine's owner sees neither what is written nor the key. Only
//! the quote comes from outside; it is checked to be about what was asked for.
//!
//! # Sealing
//!
//! The state's key is `blake2_256("khala/gramine-sealing-key/v1" ++ _sgx_mrenclave)`: a key of its own, so that nothing
//! else that Gramine encrypts with `_sgx_mrenclave` shares it. The processor derives `_sgx_mrenclave` from its own fused
//! key, MRENCLAVE, the attributes (a debug enclave has another key) and the security version of its microcode. Other
//! code, another processor and, as Gramine asks for the key of the version that runs, another microcode do not open what
//! was sealed: the worker then rebinds. It has 128 bits, which is what protects the state.

#[cfg(test)]
mod tests;

use super::{
    hardware::{Hardware, Source},
    interface::{failed, place, read, read_word},
    own_quote::{self, OwnQuote, SELF_REPORT_DATA},
    sealer::Sealer,
    Folder, Interface, InterfaceError, TeeError,
};
use crate::seal::{aead::SealingKey, KeyPolicy};
use khala_primitives::{Evidence, Tee as Kind};
use sp_crypto_hashing::blake2_256;
use std::{
    path::Path,
    sync::{Mutex, PoisonError},
};
use zeroize::Zeroizing;

/// The provider's name.
pub const NAME: &str = "gramine";
/// Where Gramine puts its files.
pub const FOLDER: &str = "/dev/attestation";
/// Length of Gramine's sealing key, in bytes.
pub const KEY_BYTES: usize = 16;

const TYPE: &str = "attestation_type";
const REPORT_DATA: &str = "user_report_data";
const QUOTE: &str = "quote";
const KEY: &str = "keys/_sgx_mrenclave";

const KEY_CONTEXT: &[u8] = b"khala/gramine-sealing-key/v1";
const HINT: &str = "start the pRuntime with `gramine-sgx` and the manifest of ops/gramine, on a machine with SGX";
const TYPE_HINT: &str = "build the manifest with sgx.remote_attestation = \"dcap\"";

/// An enclave of Gramine. See the module's documentation.
pub type Gramine = Hardware<Attestation>;

/// Gramine's files.
pub struct Attestation {
    files: Box<dyn Interface>,
    /// Report data are written and the quote is read in two steps, which no other thread may come between.
    turn: Mutex<()>,
}

impl Gramine {
    /// Opens the provider on the files below `folder` ([`FOLDER`]): reads the sealing key, and a quote about itself.
    pub fn open(folder: &Path) -> Result<Self, TeeError> {
        Self::with(Box::new(Folder::new(folder))).map_err(|error| TeeError::Start {
            provider: NAME,
            why: error.to_string(),
        })
    }

    fn with(files: Box<dyn Interface>) -> Result<Self, InterfaceError> {
        let found = read_word(&*files, TYPE, HINT)?;
        if found != "dcap" {
            return Err(InterfaceError::OtherKind {
                place: place(&*files, TYPE),
                found,
                expected: "dcap",
                hint: TYPE_HINT,
            });
        }
        let key = sealing_key(&*files)?;
        let own = quote(&*files, &SELF_REPORT_DATA)?;
        let source = Attestation {
            files,
            turn: Mutex::new(()),
        };
        Ok(Self::new(source, Sealer::new(key, KeyPolicy::Measurement), &own))
    }
}

fn sealing_key(files: &dyn Interface) -> Result<SealingKey, InterfaceError> {
    let bytes = Zeroizing::new(read(files, KEY, HINT)?);
    let key: &[u8; KEY_BYTES] = bytes.as_slice().try_into().map_err(|_| InterfaceError::KeyLength {
        place: place(files, KEY),
        found: bytes.len(),
        expected: KEY_BYTES,
        hint: HINT,
    })?;
    if key.iter().all(|byte| *byte == 0) {
        return Err(InterfaceError::ZeroKey { place: place(files, KEY) });
    }
    let mut preimage = Zeroizing::new(Vec::with_capacity(KEY_CONTEXT.len().saturating_add(KEY_BYTES)));
    preimage.extend_from_slice(KEY_CONTEXT);
    preimage.extend_from_slice(key);
    Ok(Zeroizing::new(blake2_256(&preimage)))
}

fn quote(files: &dyn Interface, report_data: &[u8; 64]) -> Result<OwnQuote, InterfaceError> {
    files
        .write(REPORT_DATA, report_data)
        .map_err(|error| failed(files, "write", REPORT_DATA, error, HINT))?;
    let bytes = read(files, QUOTE, HINT)?;
    own_quote::check(&bytes, Kind::Sgx, report_data).map_err(|flaw| InterfaceError::Quote {
        place: place(files, QUOTE),
        flaw,
    })
}

impl Source for Attestation {
    const NAME: &'static str = NAME;
    const SEAL_LASTS: bool = true;

    fn attest(&self, report_data: &[u8; 64]) -> Result<Evidence, TeeError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        match quote(&*self.files, report_data) {
            Ok(own) => Ok(Evidence::Sgx { quote: own.bytes }),
            Err(error) => Err(TeeError::Attest(error.to_string())),
        }
    }
}
