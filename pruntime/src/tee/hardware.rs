//! A TEE of the processor's: what does not depend on where its quotes come from.

use super::{own_quote::OwnQuote, random, sealer::Sealer, Tee, TeeError};
use crate::seal::Sealed;
use khala_primitives::{Evidence, MeasurementDigest};
use zeroize::Zeroizing;

/// Where quotes come from.
pub trait Source: Send + Sync {
    /// The provider's name, as [`Tee::provider`].
    const NAME: &'static str;
    /// As [`Tee::seal_lasts`].
    const SEAL_LASTS: bool;

    /// As [`Tee::attest`].
    ///
    /// # Errors
    /// [`TeeError::Attest`] and [`TeeError::Random`].
    fn attest(&self, report_data: &[u8; 64]) -> Result<Evidence, TeeError>;
}

/// A TEE that knows itself by a quote of its own.
pub struct Hardware<S> {
    source: S,
    sealer: Sealer,
    measurement: MeasurementDigest,
    protected: bool,
}

impl<S: Source> Hardware<S> {
    /// The one that `own` is about.
    pub(super) fn new(source: S, sealer: Sealer, own: &OwnQuote) -> Self {
        Self {
            source,
            sealer,
            measurement: own.measurement(),
            protected: own.is_protected(),
        }
    }
}

impl<S: Source> Tee for Hardware<S> {
    fn provider(&self) -> &'static str {
        S::NAME
    }

    fn trusted(&self) -> bool {
        self.protected
    }

    fn measurement(&self) -> MeasurementDigest {
        self.measurement
    }

    fn attest(&self, report_data: &[u8; 64]) -> Result<Evidence, TeeError> {
        self.source.attest(report_data)
    }

    fn random(&self, out: &mut [u8]) -> Result<(), TeeError> {
        random::fill(out)
    }

    fn seal_lasts(&self) -> bool {
        S::SEAL_LASTS
    }

    fn seal(&self, associated: &[u8], secret: &[u8]) -> Result<Sealed, TeeError> {
        self.sealer.seal(associated, secret)
    }

    fn unseal(&self, associated: &[u8], sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, TeeError> {
        self.sealer.unseal(associated, sealed)
    }
}
