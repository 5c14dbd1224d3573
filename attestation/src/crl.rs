//! Certificate revocation lists (RFC 5280, section 5).

use crate::{
    certs::{check_algorithm, check_extensions, serial, signed_bytes, Serial},
    error::Error,
    part::Part,
    rollback::Edition,
    signature,
};
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use const_oid::{
    db::rfc5280::{
        ID_CE_AUTHORITY_KEY_IDENTIFIER, ID_CE_CERTIFICATE_ISSUER, ID_CE_CRL_NUMBER, ID_CE_CRL_REASONS, ID_CE_DELTA_CRL_INDICATOR,
        ID_CE_INVALIDITY_DATE, ID_CE_ISSUING_DISTRIBUTION_POINT,
    },
    ObjectIdentifier,
};
use der::{
    asn1::{GeneralizedTime, UintRef},
    Decode as _,
};
use p256::ecdsa::VerifyingKey;
use scale_info::TypeInfo;
use x509_cert::{
    crl::CertificateList,
    ext::{pkix::CrlReason, Extension},
    name::Name,
    Version,
};

/// Most certificates on a list. Intel's lists have less than a hundred.
pub const MAX_REVOKED: u32 = 2048;

/// Serial numbers of revoked certificates.
pub type Serials = BoundedVec<Serial, ConstU32<MAX_REVOKED>>;

/// A verified revocation list, without the serial numbers on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Crl {
    /// Its number: it grows with each list.
    pub number: u128,
    /// When it was made, in seconds since 1970.
    pub this_update_secs: u64,
    /// When it expires, in seconds since 1970; it does not count from this second on.
    pub next_update_secs: u64,
}

impl Crl {
    /// Reads a list in DER and verifies that `issuer` signed it with `key`.
    pub(crate) fn verify(der: &[u8], part: Part, issuer: &Name, key: &VerifyingKey) -> Result<(Self, Serials), Error> {
        let malformed = Error::CrlMalformed { part };
        let list: CertificateList = CertificateList::from_der(der).map_err(|_| malformed)?;
        let tbs = &list.tbs_cert_list;
        if tbs.version != Version::V2 {
            return Err(malformed);
        }
        if &tbs.issuer != issuer {
            return Err(Error::CrlIssuer { part });
        }
        check_algorithm(&tbs.signature, &list.signature_algorithm, part)?;
        let signature = list.signature.as_bytes().ok_or(Error::Signature { part })?;
        signature::check_der(key, signed_bytes(der).ok_or(malformed)?, signature, part)?;

        let number = number_of(tbs.crl_extensions.as_deref().ok_or(malformed)?).ok_or(malformed)?;
        let mut revoked = Serials::new();
        for entry in tbs.revoked_certificates.iter().flatten() {
            check_entry(entry.crl_entry_extensions.as_deref().unwrap_or_default()).ok_or(malformed)?;
            revoked
                .try_push(serial(entry.serial_number.as_bytes()).ok_or(malformed)?)
                .map_err(|_| Error::CollateralTooLarge {
                    part,
                    size: MAX_REVOKED.saturating_add(1),
                    max: MAX_REVOKED,
                })?;
        }
        let list = Self {
            number,
            this_update_secs: tbs.this_update.to_unix_duration().as_secs(),
            next_update_secs: tbs.next_update.ok_or(malformed)?.to_unix_duration().as_secs(),
        };
        Ok((list, revoked))
    }

    /// The list counts at a time: from its making on, until just before its next update, or `grace_secs` later.
    ///
    /// # Errors
    /// [`Error::NotYetValid`] and [`Error::Expired`].
    pub fn check_dates(&self, part: Part, at_secs: u64, grace_secs: u64) -> Result<(), Error> {
        if let Some(in_secs) = self.this_update_secs.checked_sub(at_secs).filter(|secs| *secs > 0) {
            return Err(Error::NotYetValid { part, in_secs });
        }
        match at_secs.checked_sub(self.next_update_secs) {
            Some(secs_ago) if secs_ago >= grace_secs => Err(Error::Expired { part, secs_ago }),
            _ => Ok(()),
        }
    }

    /// Its place among the lists of its authority.
    pub fn edition(&self) -> Edition {
        Edition {
            number: self.number,
            issued_secs: self.this_update_secs,
        }
    }
}

const ENTRY_EXTENSIONS: [ObjectIdentifier; 2] = [ID_CE_CRL_REASONS, ID_CE_INVALIDITY_DATE];
const LIST_EXTENSIONS: [ObjectIdentifier; 2] = [ID_CE_CRL_NUMBER, ID_CE_AUTHORITY_KEY_IDENTIFIER];

/// The extensions of an entry are understood: a reason and a date, and never another issuer than the list's.
fn check_entry(extensions: &[Extension]) -> Option<()> {
    check_extensions(extensions, &ENTRY_EXTENSIONS)?;
    for extension in extensions {
        let value = extension.extn_value.as_bytes();
        if extension.extn_id == ID_CE_CRL_REASONS {
            CrlReason::from_der(value).ok()?;
        } else if extension.extn_id == ID_CE_INVALIDITY_DATE {
            GeneralizedTime::from_der(value).ok()?;
        } else if extension.extn_id == ID_CE_CERTIFICATE_ISSUER {
            return None;
        }
    }
    Some(())
}

/// The list's number, 0 where it has none. `None` if the list is one of changes, of some certificates only, or has an
/// extension that is critical and unknown: such a list does not say who is *not* revoked.
fn number_of(extensions: &[Extension]) -> Option<u128> {
    check_extensions(extensions, &LIST_EXTENSIONS)?;
    let mut number = 0;
    for extension in extensions {
        if extension.extn_id == ID_CE_CRL_NUMBER {
            number = UintRef::from_der(extension.extn_value.as_bytes())
                .ok()?
                .as_bytes()
                .iter()
                .try_fold(0u128, |number, byte| Some(number.checked_mul(256)? | u128::from(*byte)))?;
        } else if PARTIAL.contains(&extension.extn_id) {
            return None;
        }
    }
    Some(number)
}

/// Extensions of lists that are not about all certificates of an authority.
const PARTIAL: [ObjectIdentifier; 2] = [ID_CE_DELTA_CRL_INDICATOR, ID_CE_ISSUING_DISTRIBUTION_POINT];
