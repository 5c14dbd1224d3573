//! The development TEE: no protection at all, evidence in genuine format under a development root of trust.
//!
//! The production preset does not trust that root. The sealing key lies in a file beside the sealed state, so whoever
//! reads the data folder has the worker's keys.

use super::{random, sealer::Sealer, Tee, TeeError};
use crate::seal::{aead::SealingKey, Directory, Files, KeyPolicy, Sealed};
use khala_attestation::{
    development,
    forge::{Pki, Platform, TcbClass},
};
use khala_primitives::{Evidence, MeasurementDigest, H256};
use sp_crypto_hashing::blake2_256;
use std::{fs, os::unix::fs::PermissionsExt, path::Path};
use tracing::warn;
use zeroize::Zeroizing;

/// The provider's name.
pub const NAME: &str = "software";
/// Name of the sealing key's file in the data folder.
pub const KEY_FILE: &str = "sealing-key";

const PLATFORM_CONTEXT: &[u8] = b"khala/software-platform/v1";

/// What the development platform looks like.
#[derive(Clone, Debug)]
pub struct Options {
    /// Status of its trusted computing base.
    pub tcb: TcbClass,
    /// Its name: the same name is the same platform. `None`: one of its own for each data folder.
    pub platform_seed: Option<String>,
    /// Which build of the program it says runs, 1 to 99,999: another one has another measurement.
    pub build: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            tcb: TcbClass::UpToDate,
            platform_seed: None,
            build: 1,
        }
    }
}

/// The development TEE. See the module's documentation.
pub struct Software {
    platform: Platform,
    build: u32,
    sealer: Sealer,
}

impl Software {
    /// Opens the provider; makes the sealing key at the first start.
    pub fn open(data: &Path, options: Options) -> Result<Self, TeeError> {
        warn!("the `software` TEE protects nothing: keys can be read by whoever reads the data folder, and only development networks trust its evidence");
        let key = open_key(data)?;
        let seed = options.platform_seed.unwrap_or_else(|| platform_of(&key));
        let platform = Pki::development().platform(options.tcb, &seed);
        Ok(Self {
            platform,
            build: options.build,
            sealer: Sealer::new(key, KeyPolicy::File),
        })
    }
}

/// A name that is stable for a data folder and gives nothing of the key away.
fn platform_of(key: &SealingKey) -> String {
    let mut preimage = Zeroizing::new(PLATFORM_CONTEXT.to_vec());
    preimage.extend_from_slice(&key[..]);
    format!("{:?}", H256(blake2_256(&preimage)))
}

fn open_key(data: &Path) -> Result<SealingKey, TeeError> {
    let path = data.join(KEY_FILE);
    let start = |why: String| TeeError::Start { provider: NAME, why };
    let failed = |error: std::io::Error| start(format!("cannot use {}: {error}", path.display()));
    let mut directory = Directory::open(data).map_err(failed)?;
    let Some(bytes) = directory.read(KEY_FILE).map_err(failed)?.map(Zeroizing::new) else {
        let mut key = SealingKey::default();
        random::fill(&mut key[..])?;
        directory.replace(KEY_FILE, &key[..]).map_err(failed)?;
        return Ok(key);
    };
    let mode = fs::metadata(&path).map_err(failed)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(start(format!(
            "others may read the sealing key {} (mode {:03o}): run `chmod 600` on it, and make a new worker if somebody may have read it",
            path.display(),
            mode & 0o777
        )));
    }
    let key: [u8; 32] = bytes.as_slice().try_into().map_err(|_| {
        start(format!(
            "the sealing key {} has {} bytes instead of 32: restore it from a copy of the data folder",
            path.display(),
            bytes.len()
        ))
    })?;
    Ok(Zeroizing::new(key))
}

impl Tee for Software {
    fn provider(&self) -> &'static str {
        NAME
    }

    fn trusted(&self) -> bool {
        false
    }

    fn measurement(&self) -> MeasurementDigest {
        development::measurement_of(self.build)
    }

    fn attest(&self, report_data: &[u8; 64]) -> Result<Evidence, TeeError> {
        let mut draft = self.platform.sgx_draft(*report_data);
        if let Some(report) = draft.sgx_report() {
            report.mr_enclave = development::mr_enclave(self.build);
        }
        Ok(Evidence::Sgx { quote: draft.sign() })
    }

    fn random(&self, out: &mut [u8]) -> Result<(), TeeError> {
        random::fill(out)
    }

    fn seal_lasts(&self) -> bool {
        true
    }

    fn seal(&self, associated: &[u8], secret: &[u8]) -> Result<Sealed, TeeError> {
        self.sealer.seal(associated, secret)
    }

    fn unseal(&self, associated: &[u8], sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, TeeError> {
        self.sealer.unseal(associated, sealed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(data: &Path) -> Result<Software, TeeError> {
        Software::open(data, Options::default())
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn the_sealing_key_is_made_once_and_is_the_owners_alone() {
        let data = tempfile::tempdir().unwrap();
        let sealed = open(data.path()).unwrap().seal(b"header", b"secret").unwrap();
        assert_eq!(mode(&data.path().join(KEY_FILE)), 0o600);
        assert_eq!(open(data.path()).unwrap().unseal(b"header", &sealed).unwrap().as_slice(), b"secret");
    }

    #[test]
    fn another_data_folder_does_not_open_the_seal() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let sealed = open(one.path()).unwrap().seal(b"header", b"secret").unwrap();
        assert!(matches!(
            open(other.path()).unwrap().unseal(b"header", &sealed),
            Err(TeeError::Unseal)
        ));
    }

    #[test]
    fn a_sealing_key_that_others_may_read_is_refused() {
        let data = tempfile::tempdir().unwrap();
        open(data.path()).unwrap();
        for mode in [0o640, 0o604, 0o666] {
            fs::set_permissions(data.path().join(KEY_FILE), fs::Permissions::from_mode(mode)).unwrap();
            let error = open(data.path()).err().unwrap().to_string();
            assert!(error.contains("chmod 600"), "{error}");
        }
    }

    #[test]
    fn a_sealing_key_of_another_length_is_refused_and_kept() {
        for length in [0, 31, 33] {
            let data = tempfile::tempdir().unwrap();
            Directory::open(data.path()).unwrap().replace(KEY_FILE, &vec![1; length]).unwrap();
            let error = open(data.path()).err().unwrap().to_string();
            assert!(error.contains(&format!("{length} bytes")), "{error}");
            assert_eq!(fs::read(data.path().join(KEY_FILE)).unwrap().len(), length);
        }
    }

    #[test]
    fn a_data_folder_that_cannot_be_made_is_an_error() {
        let data = tempfile::tempdir().unwrap();
        let file = data.path().join("file");
        fs::write(&file, b"").unwrap();
        assert!(matches!(open(&file), Err(TeeError::Start { .. })));
    }
}
