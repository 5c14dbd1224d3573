//! One sealed file, as bytes.
//!
//! ```text
//! magic (8) | schema version (2, little endian) | SCALE(provider, Sealed) | blake2_256 of all before (32)
//! ```
//!
//! Magic, version and checksum stay where they are in every schema, so that a damaged file is told from one that a
//! newer version wrote. The checksum finds accidents; the AEAD finds everything else: it covers the version, the
//! provider and the key policy as associated data.

use crate::tee::{Tee, TeeError};
use codec::{Decode, DecodeAll, Encode};
use sp_crypto_hashing::blake2_256;
use zeroize::Zeroizing;

/// First bytes of every sealed file.
pub const MAGIC: [u8; 8] = *b"KhalaSl\0";
/// The schema that this version writes.
pub const SCHEMA_VERSION: u16 = 2;
/// The oldest schema that this version reads.
pub const OLDEST_SCHEMA: u16 = 1;
/// Longest file that is read, in bytes.
pub const MAX_BYTES: usize = 64 * 1024;
/// Length of a nonce.
pub const NONCE_BYTES: usize = 24;

const CHECKSUM_BYTES: usize = 32;

/// What a sealing key is bound to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
pub enum KeyPolicy {
    /// A file beside the state: to nothing.
    #[codec(index = 0)]
    File,
    /// The exact code and the processor.
    #[codec(index = 1)]
    Measurement,
    /// The code's signer and the processor.
    #[codec(index = 2)]
    Signer,
    /// The platform's TPM.
    #[codec(index = 3)]
    Tpm,
    /// One run of the program: no other run opens it.
    #[codec(index = 4)]
    Run,
}

/// A secret encrypted by a TEE.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Sealed {
    /// What the key is bound to.
    pub policy: KeyPolicy,
    /// The AEAD's nonce.
    pub nonce: [u8; NONCE_BYTES],
    /// The AEAD's ciphertext with its tag.
    pub ciphertext: Vec<u8>,
}

#[derive(Encode, Decode)]
struct Body {
    provider: Vec<u8>,
    sealed: Sealed,
}

/// What a sealed file holds.
#[derive(Clone, PartialEq, Eq)]
pub struct Unsealed {
    /// The schema in which it was written: what the bytes mean.
    pub schema: u16,
    /// The bytes, in clear.
    pub secret: Zeroizing<Vec<u8>>,
}

// The secret is not shown.
impl core::fmt::Debug for Unsealed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Unsealed").field("schema", &self.schema).finish_non_exhaustive()
    }
}

/// Why a sealed file does not open.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Flaw {
    /// Not what was written: torn, cut, or changed.
    #[error("it is damaged: its checksum does not fit")]
    Damaged,
    /// It is whole, but sealed with another key.
    #[error("it is whole, but does not open with this TEE's sealing key (other code, another machine, or another key file)")]
    Locked,
    /// Written by a newer version.
    #[error(
        "its schema version is {found}, this version reads {OLDEST_SCHEMA} to {SCHEMA_VERSION}: start the pRuntime that wrote it, or a newer one"
    )]
    UnknownSchema {
        /// The version in the file.
        found: u16,
    },
    /// Sealed by another provider.
    #[error("it was sealed by the provider `{found}`, this is `{running}`: start with `--tee {found}`, or with another data folder")]
    OtherProvider {
        /// The provider in the file.
        found: String,
        /// The provider that runs.
        running: &'static str,
    },
}

/// Bound to the ciphertext: who sealed, in which schema.
fn associated(provider: &[u8], schema: u16) -> Vec<u8> {
    let mut data = MAGIC.to_vec();
    data.extend_from_slice(&schema.to_le_bytes());
    provider.encode_to(&mut data);
    data
}

/// Seals `secret` into a file.
pub fn write(tee: &dyn Tee, secret: &[u8]) -> Result<Vec<u8>, TeeError> {
    write_schema(tee, SCHEMA_VERSION, secret)
}

/// Seals a secret of an older schema: what an older version has left behind.
#[cfg(test)]
pub(crate) fn write_older(tee: &dyn Tee, schema: u16, secret: &[u8]) -> Vec<u8> {
    write_schema(tee, schema, secret).unwrap()
}

fn write_schema(tee: &dyn Tee, schema: u16, secret: &[u8]) -> Result<Vec<u8>, TeeError> {
    let provider = tee.provider().as_bytes().to_vec();
    let sealed = tee.seal(&associated(&provider, schema), secret)?;
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&schema.to_le_bytes());
    Body { provider, sealed }.encode_to(&mut bytes);
    let checksum = blake2_256(&bytes);
    bytes.extend_from_slice(&checksum);
    Ok(bytes)
}

/// Opens a file.
pub fn read(tee: &dyn Tee, bytes: &[u8]) -> Result<Unsealed, Flaw> {
    if bytes.len() > MAX_BYTES {
        return Err(Flaw::Damaged);
    }
    let (content, checksum) = bytes.split_last_chunk::<CHECKSUM_BYTES>().ok_or(Flaw::Damaged)?;
    if blake2_256(content) != *checksum {
        return Err(Flaw::Damaged);
    }
    let rest = content.strip_prefix(&MAGIC).ok_or(Flaw::Damaged)?;
    let (version, body) = rest.split_first_chunk::<2>().ok_or(Flaw::Damaged)?;
    let schema = u16::from_le_bytes(*version);
    if !(OLDEST_SCHEMA..=SCHEMA_VERSION).contains(&schema) {
        return Err(Flaw::UnknownSchema { found: schema });
    }
    let body = Body::decode_all(&mut &*body).map_err(|_| Flaw::Damaged)?;
    if body.provider != tee.provider().as_bytes() {
        return Err(Flaw::OtherProvider {
            found: String::from_utf8_lossy(&body.provider).into_owned(),
            running: tee.provider(),
        });
    }
    let secret = tee.unseal(&associated(&body.provider, schema), &body.sealed);
    secret.map(|secret| Unsealed { schema, secret }).map_err(|_| Flaw::Locked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tee::fake::FakeTee;
    use proptest::prelude::*;

    /// Puts a right checksum behind changed bytes.
    fn with_checksum(mut content: Vec<u8>) -> Vec<u8> {
        let checksum = blake2_256(&content);
        content.extend_from_slice(&checksum);
        content
    }

    fn content(file: &[u8]) -> Vec<u8> {
        file[..file.len() - CHECKSUM_BYTES].to_vec()
    }

    #[test]
    fn every_changed_byte_is_damage() {
        let tee = FakeTee::new(1);
        let file = write(&tee, b"the keys").unwrap();
        for at in 0..file.len() {
            for flip in [0x01, 0x80, 0xff] {
                let mut changed = file.clone();
                changed[at] ^= flip;
                assert_eq!(read(&tee, &changed).unwrap_err(), Flaw::Damaged, "byte {at}");
            }
        }
    }

    #[test]
    fn every_changed_byte_is_refused_even_when_the_checksum_is_made_to_fit() {
        let tee = FakeTee::new(1);
        let file = write(&tee, b"the keys").unwrap();
        let policy_at = MAGIC.len() + 2 + tee.provider().encode().len();
        for at in 0..content(&file).len() {
            let mut changed = content(&file);
            changed[at] ^= 0x01;
            let flaw = read(&tee, &with_checksum(changed)).unwrap_err();
            match at {
                // Version 3, and 258.
                8..10 => assert!(matches!(flaw, Flaw::UnknownSchema { .. }), "byte {at}: {flaw:?}"),
                _ if at == policy_at => assert_eq!(flaw, Flaw::Locked),
                _ => {}
            }
        }
    }

    #[test]
    fn every_cut_is_damage() {
        let tee = FakeTee::new(1);
        let file = write(&tee, b"the keys").unwrap();
        for length in 0..file.len() {
            assert_eq!(read(&tee, &file[..length]).unwrap_err(), Flaw::Damaged, "{length} bytes");
        }
    }

    #[test]
    fn bytes_behind_the_end_are_damage() {
        let tee = FakeTee::new(1);
        let mut content = content(&write(&tee, b"the keys").unwrap());
        content.push(0);
        assert_eq!(read(&tee, &with_checksum(content)).unwrap_err(), Flaw::Damaged);
    }

    #[test]
    fn another_key_is_locked() {
        let file = write(&FakeTee::new(1), b"the keys").unwrap();
        assert_eq!(read(&FakeTee::new(2), &file).unwrap_err(), Flaw::Locked);
    }

    #[test]
    fn schemas_are_read_from_the_oldest_to_the_newest() {
        let tee = FakeTee::new(1);
        for schema in [OLDEST_SCHEMA - 1, OLDEST_SCHEMA, SCHEMA_VERSION, SCHEMA_VERSION + 1, u16::MAX] {
            match read(&tee, &write_older(&tee, schema, b"the keys")) {
                Ok(unsealed) => assert_eq!((unsealed.schema, unsealed.secret.as_slice()), (schema, &b"the keys"[..])),
                Err(flaw) => assert_eq!(flaw, Flaw::UnknownSchema { found: schema }),
            }
        }
    }

    #[test]
    fn a_secret_does_not_pass_for_one_of_another_schema() {
        let tee = FakeTee::new(1);
        for (written, claimed) in [(OLDEST_SCHEMA, SCHEMA_VERSION), (SCHEMA_VERSION, OLDEST_SCHEMA)] {
            let mut content = content(&write_older(&tee, written, b"the keys"));
            content[8..10].copy_from_slice(&claimed.to_le_bytes());
            assert_eq!(read(&tee, &with_checksum(content)).unwrap_err(), Flaw::Locked);
        }
    }

    #[test]
    fn an_opened_secret_is_not_shown() {
        let tee = FakeTee::new(1);
        let opened = read(&tee, &write(&tee, b"the keys").unwrap()).unwrap();
        assert_eq!(format!("{opened:?}"), format!("Unsealed {{ schema: {SCHEMA_VERSION}, .. }}"));
    }

    #[test]
    fn another_provider_is_named() {
        let file = write(&FakeTee::named("gramine", 1), b"the keys").unwrap();
        let flaw = read(&FakeTee::new(1), &file).unwrap_err();
        assert_eq!(
            flaw,
            Flaw::OtherProvider {
                found: "gramine".into(),
                running: "fake"
            }
        );
        assert!(flaw.to_string().contains("--tee gramine"));
    }

    #[test]
    fn the_longest_file_is_the_bound() {
        let tee = FakeTee::new(1);
        let overhead = write(&tee, &[0; 20_000]).unwrap().len() - 20_000;
        let at_bound = write(&tee, &vec![0; MAX_BYTES - overhead]).unwrap();
        assert_eq!(at_bound.len(), MAX_BYTES);
        assert!(read(&tee, &at_bound).is_ok());
        let above = write(&tee, &vec![0; MAX_BYTES - overhead + 1]).unwrap();
        assert_eq!(read(&tee, &above).unwrap_err(), Flaw::Damaged);
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens(secret in proptest::collection::vec(any::<u8>(), 0..2000), key: u8) {
            let tee = FakeTee::new(key);
            let file = write(&tee, &secret).unwrap();
            prop_assert_eq!(read(&tee, &file).unwrap().secret.to_vec(), secret);
        }

        #[test]
        fn garbage_never_opens(bytes in proptest::collection::vec(any::<u8>(), 0..500)) {
            prop_assert!(read(&FakeTee::new(1), &bytes).is_err());
            prop_assert!(read(&FakeTee::new(1), &with_checksum(bytes)).is_err());
        }
    }
}
