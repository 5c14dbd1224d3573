//! X.509 certificates (RFC 5280), as far as DCAP uses them.

use crate::{error::Error, part::Part, signature};
use alloc::vec::Vec;
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use const_oid::{
    db::{
        rfc5280::{
            ID_CE_BASIC_CONSTRAINTS, ID_CE_CRL_DISTRIBUTION_POINTS, ID_CE_EXT_KEY_USAGE, ID_CE_KEY_USAGE, ID_CE_NAME_CONSTRAINTS,
            ID_CE_SUBJECT_ALT_NAME,
        },
        rfc5912::{ECDSA_WITH_SHA_256, ID_EC_PUBLIC_KEY, SECP_256_R_1},
    },
    ObjectIdentifier,
};
use der::{Decode as _, Reader as _, SliceReader};
use p256::ecdsa::VerifyingKey;
use scale_info::TypeInfo;
use x509_cert::{
    certificate::Version,
    ext::{
        pkix::{BasicConstraints, KeyUsage},
        Extension,
    },
    name::Name,
    spki::AlgorithmIdentifierOwned,
};

/// Serial number of a certificate: big-endian, without leading zeros, at most 21 bytes.
pub type Serial = BoundedVec<u8, ConstU32<21>>;

/// What is remembered of a certificate to judge it later: its dates and whether it was revoked.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct CertificateFacts {
    /// Its serial number.
    pub serial: Serial,
    /// First second of its validity, since 1970.
    pub not_before_secs: u64,
    /// Last second of its validity, since 1970.
    pub not_after_secs: u64,
    /// Its key usage covers what it is used for.
    pub usage_fits: bool,
}

impl CertificateFacts {
    /// It is valid at a time.
    ///
    /// # Errors
    /// [`Error::NotYetValid`] and [`Error::Expired`].
    pub fn check_dates(&self, part: Part, at_secs: u64) -> Result<(), Error> {
        check_dates(part, self.not_before_secs, self.not_after_secs, at_secs)
    }
}

/// `at_secs` is neither before the first nor after the last second of validity, all in seconds since 1970.
///
/// # Errors
/// [`Error::NotYetValid`] and [`Error::Expired`].
pub fn check_dates(part: Part, first_secs: u64, last_secs: u64, at_secs: u64) -> Result<(), Error> {
    match (first_secs.checked_sub(at_secs), at_secs.checked_sub(last_secs)) {
        (Some(in_secs), _) if in_secs > 0 => Err(Error::NotYetValid { part, in_secs }),
        (_, Some(secs_ago)) if secs_ago > 0 => Err(Error::Expired { part, secs_ago }),
        _ => Ok(()),
    }
}

/// A certificate that was read, and whose extensions are understood. Nothing is verified yet.
pub(crate) struct Certificate {
    part: Part,
    inner: x509_cert::Certificate,
    /// The signed bytes as they came: signatures are over these, not over what an encoder would make of them.
    signed: Vec<u8>,
    is_ca: bool,
    path_len: Option<u8>,
    key_usage: Option<KeyUsage>,
}

impl Certificate {
    /// Reads a certificate in DER.
    pub(crate) fn parse(der: &[u8], part: Part) -> Result<Self, Error> {
        let malformed = Error::CertificateMalformed { part };
        let inner = x509_cert::Certificate::from_der(der).map_err(|_| malformed)?;
        let signed = signed_bytes(der).ok_or(malformed)?.to_vec();
        if inner.tbs_certificate().version() != Version::V3 {
            return Err(malformed);
        }
        let mut certificate = Self {
            part,
            inner,
            signed,
            is_ca: false,
            path_len: None,
            key_usage: None,
        };
        certificate.read_extensions()?;
        Ok(certificate)
    }

    fn read_extensions(&mut self) -> Result<(), Error> {
        let part = self.part;
        let tbs = self.inner.tbs_certificate();
        let extensions = tbs.extensions().map(Vec::as_slice).unwrap_or_default();
        check_extensions(extensions, &UNDERSTOOD).ok_or(Error::CertificateExtension { part })?;
        let (mut is_ca, mut path_len, mut key_usage) = (false, None, None);
        for extension in extensions {
            let value = extension.extn_value.as_bytes();
            if extension.extn_id == ID_CE_BASIC_CONSTRAINTS {
                let constraints = BasicConstraints::from_der(value).map_err(|_| Error::CertificateExtension { part })?;
                (is_ca, path_len) = (constraints.ca, constraints.path_len_constraint);
            } else if extension.extn_id == ID_CE_KEY_USAGE {
                key_usage = Some(KeyUsage::from_der(value).map_err(|_| Error::CertificateExtension { part })?);
            } else if extension.extn_id == ID_CE_EXT_KEY_USAGE || extension.extn_id == ID_CE_NAME_CONSTRAINTS {
                // Intel uses neither; what they would forbid is not looked into.
                return Err(Error::CertificateExtension { part });
            }
        }
        (self.is_ca, self.path_len, self.key_usage) = (is_ca, path_len, key_usage);
        Ok(())
    }

    pub(crate) fn subject(&self) -> &Name {
        self.inner.tbs_certificate().subject()
    }

    pub(crate) fn issuer(&self) -> &Name {
        self.inner.tbs_certificate().issuer()
    }

    pub(crate) fn key_usage(&self) -> Option<&KeyUsage> {
        self.key_usage.as_ref()
    }

    /// The contents of an extension; `None` unless it is there.
    pub(crate) fn extension(&self, oid: ObjectIdentifier) -> Option<&[u8]> {
        let extensions = self.inner.tbs_certificate().extensions()?;
        extensions
            .iter()
            .find(|extension| extension.extn_id == oid)
            .map(|extension| extension.extn_value.as_bytes())
    }

    /// The public key, which must be one of P-256.
    pub(crate) fn key(&self) -> Result<VerifyingKey, Error> {
        let error = Error::PublicKey { part: self.part };
        let info = self.inner.tbs_certificate().subject_public_key_info();
        let curve = info
            .algorithm
            .parameters
            .as_ref()
            .and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
        if info.algorithm.oid != ID_EC_PUBLIC_KEY || curve != Some(SECP_256_R_1) {
            return Err(error);
        }
        let point = info.subject_public_key.as_bytes().ok_or(error)?;
        VerifyingKey::from_sec1_bytes(point).map_err(|_| error)
    }

    /// It is, or is not, a certificate authority.
    pub(crate) fn check_authority(&self, wanted: bool) -> Result<(), Error> {
        if self.is_ca != wanted {
            return Err(Error::CertificateAuthority {
                part: self.part,
                is_ca: self.is_ca,
            });
        }
        Ok(())
    }

    /// How many authorities may stand below this one; `None` for any number.
    pub(crate) fn path_len(&self) -> Option<u8> {
        self.path_len
    }

    /// The key signs this certificate.
    pub(crate) fn check_signed_by(&self, key: &VerifyingKey) -> Result<(), Error> {
        let part = self.part;
        let tbs = self.inner.tbs_certificate();
        check_algorithm(tbs.signature(), self.inner.signature_algorithm(), part)?;
        let signature = self.inner.signature().as_bytes().ok_or(Error::Signature { part })?;
        signature::check_der(key, &self.signed, signature, part)
    }

    /// What to remember of it; `usage_fits` says whether its key usage, if it names one, is the wanted one.
    pub(crate) fn facts(&self, fits: impl Fn(&KeyUsage) -> bool) -> Result<CertificateFacts, Error> {
        let tbs = self.inner.tbs_certificate();
        let serial = serial(tbs.serial_number().as_bytes()).ok_or(Error::CertificateMalformed { part: self.part })?;
        Ok(CertificateFacts {
            serial,
            not_before_secs: tbs.validity().not_before.to_unix_duration().as_secs(),
            not_after_secs: tbs.validity().not_after.to_unix_duration().as_secs(),
            usage_fits: self.key_usage.as_ref().is_some_and(fits),
        })
    }
}

/// Extensions that this verifier understands, beyond the SGX extension, which is not critical.
const UNDERSTOOD: [ObjectIdentifier; 6] = [
    ID_CE_KEY_USAGE,
    ID_CE_SUBJECT_ALT_NAME,
    ID_CE_BASIC_CONSTRAINTS,
    ID_CE_NAME_CONSTRAINTS,
    ID_CE_CRL_DISTRIBUTION_POINTS,
    ID_CE_EXT_KEY_USAGE,
];

/// No extension comes twice, and each critical one is understood. `None` otherwise.
pub(crate) fn check_extensions(extensions: &[Extension], understood: &[ObjectIdentifier]) -> Option<()> {
    let mut rest = extensions;
    while let Some((extension, others)) = rest.split_first() {
        let twice = others.iter().any(|other| other.extn_id == extension.extn_id);
        if twice || (extension.critical && !understood.contains(&extension.extn_id)) {
            return None;
        }
        rest = others;
    }
    Some(())
}

/// The same algorithm inside and outside of what is signed, and the only one there is.
pub(crate) fn check_algorithm(inner: &AlgorithmIdentifierOwned, outer: &AlgorithmIdentifierOwned, part: Part) -> Result<(), Error> {
    if inner != outer || outer.oid != ECDSA_WITH_SHA_256 || outer.parameters.is_some() {
        return Err(Error::SignatureAlgorithm { part });
    }
    Ok(())
}

/// The first element of a DER sequence, tag and length included: what is signed in certificates and revocation lists.
pub(crate) fn signed_bytes(der: &[u8]) -> Option<&[u8]> {
    let mut reader = SliceReader::new(der).ok()?;
    let header = der::Header::decode(&mut reader).ok()?;
    let content = reader.read_slice(header.length()).ok()?;
    SliceReader::new(content).ok()?.tlv_bytes().ok()
}

/// A serial number to remember.
pub(crate) fn serial(bytes: &[u8]) -> Option<Serial> {
    Serial::try_from(bytes.to_vec()).ok()
}
