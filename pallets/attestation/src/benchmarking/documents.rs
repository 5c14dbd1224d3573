//! Documents of the development TEE: as recorded, and as large as the chain takes them.
//!
//! Benchmarks run in Wasm, where the forge is not. So collateral that the forge has made once lies in `collateral.scale`; a test
//! makes it again and compares. What is larger is made of it here, and signed with the forge's keys, which everybody can know.

use crate::{CrlDer, IntelSignature, QeIdentityJson, TcbInfoJson};
use alloc::{format, string::String, vec, vec::Vec};
use codec::DecodeAll;
use core::time::Duration;
use der::{
    asn1::{BitString, ObjectIdentifier, OctetString, UtcTime},
    Decode as _, Encode as _,
};
use khala_attestation::{
    collateral::{Collateral, MAX_QE_IDENTITY, MAX_TCB_INFO},
    tcb_info::MAX_LEVELS,
};
use p256::ecdsa::{signature::Signer, Signature, SigningKey};
use serde_json::{json, Value};
use x509_cert::{
    crl::{CertificateList, RevokedCert},
    ext::Extension,
    serial_number::SerialNumber,
    time::Time,
};

/// Names of the forge's keys.
pub(super) const ROOT: &str = "development/root";
pub(super) const PCK_CA: &str = "development/pck-ca";
const TCB_SIGNER: &str = "development/tcb-signing";

/// Most advisories that a TCB level of Intel's names.
const ADVISORIES: u32 = 28;
const REASON_CODE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.21");
/// `keyCompromise`, DER.
const KEY_COMPROMISE: [u8; 3] = [0x0a, 1, 1];

/// SCALE of the collateral, and of the time in seconds since 1970 at which it is in date.
const RECORDED: &[u8] = include_bytes!("collateral.scale");

/// The recorded collateral, and a time in seconds since 1970 at which it is in date.
pub fn recorded() -> (Collateral, u64) {
    DecodeAll::decode_all(&mut &RECORDED[..]).expect("a test proves that the record can be read")
}

/// A list of `count` certificates of `issuer`, made so many seconds after the recorded one. No two have a certificate in common.
pub(super) fn list(recorded: &[u8], issuer: &str, count: u32, seconds: u8) -> CrlDer {
    let mut list: CertificateList = CertificateList::from_der(recorded).unwrap();
    let tbs = &mut list.tbs_cert_list;
    let made = tbs.this_update.to_unix_duration() + Duration::from_secs(seconds.into());
    tbs.this_update = Time::UtcTime(UtcTime::from_unix_duration(made).unwrap());
    let revoked = |index: u32| {
        let mut serial = [seconds; 20];
        serial[16..].copy_from_slice(&index.to_be_bytes());
        RevokedCert {
            serial_number: SerialNumber::new(&serial).unwrap(),
            revocation_date: tbs.this_update,
            crl_entry_extensions: Some(vec![Extension {
                extn_id: REASON_CODE,
                critical: false,
                extn_value: OctetString::new(KEY_COMPROMISE).unwrap(),
            }]),
        }
    };
    tbs.revoked_certificates = (count > 0).then(|| (0..count).map(revoked).collect());
    let signature: Signature = key(issuer).sign(&tbs.to_der().unwrap());
    list.signature = BitString::from_bytes(signature.to_der().as_bytes()).unwrap();
    list.to_der().unwrap().try_into().unwrap()
}

/// TCB info with as many levels as there can be, as long as it can be.
pub(super) fn largest_tcb_info(recorded: &str) -> (TcbInfoJson, IntelSignature) {
    let mut document: Value = serde_json::from_str(recorded).unwrap();
    let advisories: Vec<String> = (0..ADVISORIES).map(|number| format!("INTEL-SA-{number:05}")).collect();
    let levels = fill_levels(&mut document);
    levels.iter_mut().for_each(|level| level["advisoryIDs"] = json!(advisories));
    let (json, signature) = sign(document, MAX_TCB_INFO);
    (json.try_into().unwrap(), signature)
}

/// QE identity with as many levels as there can be, as long as it can be.
pub(super) fn largest_qe_identity(recorded: &str) -> (QeIdentityJson, IntelSignature) {
    let mut document: Value = serde_json::from_str(recorded).unwrap();
    fill_levels(&mut document);
    let (json, signature) = sign(document, MAX_QE_IDENTITY);
    (json.try_into().unwrap(), signature)
}

fn fill_levels(document: &mut Value) -> &mut Vec<Value> {
    let levels = document["tcbLevels"].as_array_mut().unwrap();
    let newest = levels[0].clone();
    levels.resize(MAX_LEVELS as usize, newest);
    levels
}

/// The document with space behind it up to `length` bytes, and its signature.
fn sign(document: Value, length: usize) -> (Vec<u8>, IntelSignature) {
    let mut json = serde_json::to_vec(&document).unwrap();
    assert!(json.len() <= length);
    json.resize(length, b' ');
    let signature: Signature = key(TCB_SIGNER).sign(&json);
    (json, signature.to_bytes().into())
}

/// The forge's key of a name.
fn key(name: &str) -> SigningKey {
    let preimage = [b"khala/forge/key/v1\0", name.as_bytes()].concat();
    SigningKey::from_slice(&sp_io::hashing::sha2_256(&preimage)).unwrap()
}
