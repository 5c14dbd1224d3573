//! Certificates and revocation lists in the shapes of Intel's.

use super::{
    der::{bits, integer, oid, sequence, time, tlv, BOOLEAN, ENUMERATED, OCTET_STRING, SET, UTF8_STRING},
    keys::Key,
};
use const_oid::{
    db::{
        rfc4519::{COMMON_NAME, ORGANIZATION_NAME},
        rfc5280::{
            ID_CE_AUTHORITY_KEY_IDENTIFIER, ID_CE_BASIC_CONSTRAINTS, ID_CE_CRL_DISTRIBUTION_POINTS, ID_CE_CRL_NUMBER, ID_CE_CRL_REASONS,
            ID_CE_KEY_USAGE, ID_CE_SUBJECT_KEY_IDENTIFIER,
        },
        rfc5912::{ECDSA_WITH_SHA_256, ID_EC_PUBLIC_KEY, SECP_256_R_1},
    },
    ObjectIdentifier,
};
use sha2::{Digest, Sha256};
use std::{string::String, vec::Vec};

/// Bits of a key usage, the first bit highest.
pub mod usage {
    /// Signs data.
    pub const DIGITAL_SIGNATURE: u8 = 0x80;
    /// Cannot deny to have signed.
    pub const NON_REPUDIATION: u8 = 0x40;
    /// Signs certificates.
    pub const KEY_CERT_SIGN: u8 = 0x04;
    /// Signs revocation lists.
    pub const CRL_SIGN: u8 = 0x02;
}

/// A certificate to be signed. Change what you like before.
#[derive(Clone)]
pub struct CertificateDraft {
    /// Common name of the subject.
    pub subject: String,
    /// Common name of the issuer.
    pub issuer: String,
    /// Serial number, big-endian.
    pub serial: Vec<u8>,
    /// First second of validity, since 1970.
    pub not_before_secs: u64,
    /// Last second of validity, since 1970.
    pub not_after_secs: u64,
    /// The subject's public key.
    pub key: [u8; 64],
    /// The subject is an authority, and how many authorities may stand below it.
    pub authority: Option<u8>,
    /// Key usage, see [`usage`].
    pub key_usage: u8,
    /// Other extensions: name, critical, contents.
    pub extensions: Vec<(ObjectIdentifier, bool, Vec<u8>)>,
}

impl CertificateDraft {
    /// The certificate in DER.
    pub fn sign(&self, issuer: &Key) -> Vec<u8> {
        let key_info = key_info(&self.key);
        let basic_constraints = match self.authority {
            Some(below) => sequence(&[tlv(BOOLEAN, &[0xff]), integer(&[below])]),
            None => sequence(&[]),
        };
        let unused_bits = u8::try_from(self.key_usage.trailing_zeros()).unwrap_or(0) & 7;
        let mut extensions = Vec::from([
            extension(
                ID_CE_AUTHORITY_KEY_IDENTIFIER,
                false,
                &sequence(&[tlv(0x80, &key_id(&issuer.coordinates()))]),
            ),
            extension(
                ID_CE_CRL_DISTRIBUTION_POINTS,
                false,
                &distribution_points("https://forge.khala.invalid/crl"),
            ),
            extension(ID_CE_SUBJECT_KEY_IDENTIFIER, false, &tlv(OCTET_STRING, &key_id(&self.key))),
            extension(ID_CE_KEY_USAGE, true, &bits(unused_bits, &[self.key_usage])),
            extension(ID_CE_BASIC_CONSTRAINTS, true, &basic_constraints),
        ]);
        extensions.extend(
            self.extensions
                .iter()
                .map(|(name, critical, value)| extension(*name, *critical, value)),
        );
        let signed = sequence(&[
            tlv(0xa0, &integer(&[2])),
            integer(&self.serial),
            algorithm(),
            name(&self.issuer),
            sequence(&[time(self.not_before_secs), time(self.not_after_secs)]),
            name(&self.subject),
            key_info,
            tlv(0xa3, &sequence(&extensions)),
        ]);
        sign_der(&signed, issuer)
    }
}

/// A revocation list to be signed. Change what you like before.
#[derive(Clone)]
pub struct CrlDraft {
    /// Common name of the issuer.
    pub issuer: String,
    /// Number of the list.
    pub number: u32,
    /// When it is made, in seconds since 1970.
    pub this_update_secs: u64,
    /// When it expires, in seconds since 1970.
    pub next_update_secs: u64,
    /// Serial numbers of revoked certificates, big-endian.
    pub revoked: Vec<Vec<u8>>,
    /// Extensions of each of them: name, critical, contents.
    pub entry_extensions: Vec<(ObjectIdentifier, bool, Vec<u8>)>,
    /// Other extensions: name, critical, contents.
    pub extensions: Vec<(ObjectIdentifier, bool, Vec<u8>)>,
}

impl CrlDraft {
    /// The list in DER.
    pub fn sign(&self, issuer: &Key) -> Vec<u8> {
        let entry_extensions: Vec<_> = self
            .entry_extensions
            .iter()
            .map(|(name, critical, value)| extension(*name, *critical, value))
            .collect();
        let entry_extensions = sequence(&entry_extensions);
        let revoked: Vec<_> = self
            .revoked
            .iter()
            .map(|serial| sequence(&[integer(serial), time(self.this_update_secs), entry_extensions.clone()]))
            .collect();
        let mut extensions = Vec::from([
            extension(ID_CE_CRL_NUMBER, false, &integer(&self.number.to_be_bytes())),
            extension(
                ID_CE_AUTHORITY_KEY_IDENTIFIER,
                false,
                &sequence(&[tlv(0x80, &key_id(&issuer.coordinates()))]),
            ),
        ]);
        extensions.extend(
            self.extensions
                .iter()
                .map(|(name, critical, value)| extension(*name, *critical, value)),
        );
        let signed = sequence(&[
            integer(&[1]),
            algorithm(),
            name(&self.issuer),
            time(self.this_update_secs),
            time(self.next_update_secs),
            // An empty list is left out (RFC 5280, section 5.1.2.6).
            if revoked.is_empty() { Vec::new() } else { sequence(&revoked) },
            tlv(0xa0, &sequence(&extensions)),
        ]);
        sign_der(&signed, issuer)
    }
}

/// The reason for which the forge revokes: the key is known to others.
pub(super) fn key_compromise() -> (ObjectIdentifier, bool, Vec<u8>) {
    (ID_CE_CRL_REASONS, false, tlv(ENUMERATED, &[1]))
}

/// PEM of a chain.
pub fn pem(chain: &[&[u8]]) -> String {
    let mut out = String::new();
    for der in chain {
        out.push_str("-----BEGIN CERTIFICATE-----\n");
        let digits = base64(der);
        for line in digits.as_bytes().chunks(64) {
            out.push_str(&String::from_utf8_lossy(line));
            out.push('\n');
        }
        out.push_str("-----END CERTIFICATE-----\n");
    }
    out
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let number = (0..3).fold(0u32, |number, index| {
            (number << 8) | u32::from(group.get(index).copied().unwrap_or(0))
        });
        for (position, shift) in [18u32, 12, 6, 0].into_iter().enumerate() {
            let digit = usize::try_from((number >> shift) & 63)
                .ok()
                .and_then(|digit| DIGITS.get(digit))
                .copied();
            // One byte makes two digits, two make three.
            out.push(if position <= group.len() {
                char::from(digit.unwrap_or(b'A'))
            } else {
                '='
            });
        }
    }
    out
}

/// A certificate or revocation list of these bytes, which are signed whatever they are.
pub fn sign_der(signed: &[u8], issuer: &Key) -> Vec<u8> {
    let signature = bits(0, &issuer.sign_der(signed));
    sequence(&[signed.to_vec(), algorithm(), signature])
}

fn algorithm() -> Vec<u8> {
    sequence(&[oid(ECDSA_WITH_SHA_256)])
}

fn key_info(coordinates: &[u8; 64]) -> Vec<u8> {
    sequence(&[
        sequence(&[oid(ID_EC_PUBLIC_KEY), oid(SECP_256_R_1)]),
        bits(0, &[&[4], &coordinates[..]].concat()),
    ])
}

fn key_id(coordinates: &[u8; 64]) -> Vec<u8> {
    Sha256::digest(coordinates).iter().copied().take(20).collect()
}

fn name(common_name: &str) -> Vec<u8> {
    let attribute = |name, value: &str| tlv(SET, &sequence(&[oid(name), tlv(UTF8_STRING, value.as_bytes())]));
    sequence(&[
        attribute(COMMON_NAME, common_name),
        attribute(ORGANIZATION_NAME, "Khala development"),
    ])
}

fn distribution_points(uri: &str) -> Vec<u8> {
    sequence(&[sequence(&[tlv(0xa0, &tlv(0xa0, &tlv(0x86, uri.as_bytes())))])])
}

fn extension(name: ObjectIdentifier, critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { tlv(BOOLEAN, &[0xff]) } else { Vec::new() };
    sequence(&[oid(name), critical, tlv(OCTET_STRING, value)])
}
