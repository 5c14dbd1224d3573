//! What can be a trusted root.

use x509_cert::{
    der::{oid::ObjectIdentifier, Decode},
    Certificate,
};

const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");

/// Is it one X.509 certificate, DER, that names itself as its issuer and has a P-256 key?
///
/// With anything else among the roots the verifier would refuse all evidence. That it signs itself proves nothing: trust in it
/// comes from who adds it.
pub(crate) fn is_root(der: &[u8]) -> bool {
    Certificate::from_der(der).is_ok_and(|certificate| {
        let tbs = certificate.tbs_certificate();
        let algorithm = &tbs.subject_public_key_info().algorithm;
        let curve = algorithm
            .parameters
            .as_ref()
            .and_then(|parameters| parameters.decode_as::<ObjectIdentifier>().ok());
        tbs.subject() == tbs.issuer() && algorithm.oid == EC_PUBLIC_KEY && curve == Some(P_256)
    })
}
