//! A TEE for unit tests: repeatable randomness, a key of one repeated byte, and faults on demand.

use super::{Tee, TeeError};
use crate::seal::{aead, KeyPolicy, Sealed};
use khala_primitives::{Evidence, MeasurementDigest};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use zeroize::Zeroizing;

/// See the module's documentation.
#[derive(Debug, Default)]
pub(crate) struct FakeTee {
    name: Option<&'static str>,
    key: u8,
    drawn: AtomicU64,
    forgets: bool,
    pub(crate) fail_random: AtomicBool,
    pub(crate) fail_attest: AtomicBool,
    pub(crate) fail_seal: AtomicBool,
}

impl FakeTee {
    pub(crate) fn new(key: u8) -> Self {
        Self { key, ..Self::default() }
    }

    pub(crate) fn named(name: &'static str, key: u8) -> Self {
        Self {
            name: Some(name),
            ..Self::new(key)
        }
    }

    /// One whose seal does not last.
    pub(crate) fn forgetting(key: u8) -> Self {
        Self {
            forgets: true,
            ..Self::restarted(key, key.into())
        }
    }

    /// Continues with other randomness than a tee just made: another start of the same machine.
    pub(crate) fn restarted(key: u8, start: u64) -> Self {
        let tee = Self::new(key);
        tee.drawn.store(start * 1000, Ordering::Relaxed);
        tee
    }
}

impl Tee for FakeTee {
    fn provider(&self) -> &'static str {
        self.name.unwrap_or("fake")
    }

    fn trusted(&self) -> bool {
        false
    }

    fn measurement(&self) -> MeasurementDigest {
        MeasurementDigest([7; 32])
    }

    fn attest(&self, report_data: &[u8; 64]) -> Result<Evidence, TeeError> {
        if self.fail_attest.load(Ordering::Relaxed) {
            return Err(TeeError::Attest("told to fail".into()));
        }
        Ok(Evidence::Sgx {
            quote: report_data.to_vec(),
        })
    }

    fn random(&self, out: &mut [u8]) -> Result<(), TeeError> {
        if self.fail_random.load(Ordering::Relaxed) {
            return Err(TeeError::Random("told to fail".into()));
        }
        for chunk in out.chunks_mut(32) {
            let number = self.drawn.fetch_add(1, Ordering::Relaxed);
            chunk.copy_from_slice(&sp_crypto_hashing::blake2_256(&number.to_le_bytes())[..chunk.len()]);
        }
        Ok(())
    }

    fn seal_lasts(&self) -> bool {
        !self.forgets
    }

    fn seal(&self, associated: &[u8], secret: &[u8]) -> Result<Sealed, TeeError> {
        if self.fail_seal.load(Ordering::Relaxed) {
            return Err(TeeError::Seal("told to fail".into()));
        }
        let mut nonce = [0; 24];
        self.random(&mut nonce)?;
        Ok(aead::seal(&Zeroizing::new([self.key; 32]), KeyPolicy::File, nonce, associated, secret).unwrap())
    }

    fn unseal(&self, associated: &[u8], sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, TeeError> {
        aead::unseal(&Zeroizing::new([self.key; 32]), associated, sealed).ok_or(TeeError::Unseal)
    }
}
