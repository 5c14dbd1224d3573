//! The four documents of collateral, each verified, parsed and bounded by itself: what a chain can keep and use often.
//!
//! Signatures are verified once, when a document is made of what Intel sends. Dates and revocation are not: they are judged
//! at each use, by [`Documents::check_at`].

use crate::{
    certs::{check_dates, CertificateFacts, Serial},
    chain::{verify_signer, Authority, Root, Signer},
    collateral::{check_size, MAX_CHAIN, MAX_CRL, MAX_QE_IDENTITY, MAX_TCB_INFO},
    crl::{Crl, Serials},
    error::Error,
    part::Part,
    qe_identity::QeIdentity,
    signature::verifies_raw,
    tcb_info::TcbInfo,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// SHA-256 of a root's public key (SEC1, uncompressed). Intel has issued its root more than once for the same key.
pub type RootKeyHash = [u8; 32];
/// SHA-256 of a PCK CA's certificate in DER.
pub type CaHash = [u8; 32];

/// The revocation list of a root.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct RootCrl {
    /// The root that it leads to.
    pub root_key_hash: RootKeyHash,
    /// The root.
    pub root: CertificateFacts,
    /// Its list.
    pub list: Crl,
}

/// A PCK CA and its revocation list.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct PckCrl {
    /// The root that it leads to.
    pub root_key_hash: RootKeyHash,
    /// Names the CA's certificate.
    pub ca_hash: CaHash,
    /// The CA's public key, SEC1, compressed.
    pub ca_key: [u8; 33],
    /// The CA.
    pub ca: CertificateFacts,
    /// Its list.
    pub list: Crl,
}

/// TCB info and who signed it.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct SignedTcbInfo {
    /// The root that it leads to.
    pub root_key_hash: RootKeyHash,
    /// Who signed it.
    pub signer: CertificateFacts,
    /// The TCB levels.
    pub info: TcbInfo,
}

/// QE identity and who signed it.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct SignedQeIdentity {
    /// The root that it leads to.
    pub root_key_hash: RootKeyHash,
    /// Who signed it.
    pub signer: CertificateFacts,
    /// The quoting enclave.
    pub identity: QeIdentity,
}

impl RootCrl {
    /// Verifies that one of `roots` (certificates in DER) signed this list in DER.
    ///
    /// # Errors
    /// Those of revocation lists, of group 3; of several roots, the last one's.
    pub fn verify(der: &[u8], roots: &[&[u8]]) -> Result<(Self, Serials), Error> {
        check_size(Part::RootCrl, der.len(), MAX_CRL)?;
        let mut problem = Error::NoTrustedRoot;
        for root in &Root::parse_all(roots)? {
            match Self::verify_for(der, root) {
                Ok(verified) => return Ok(verified),
                Err(error) => problem = error,
            }
        }
        Err(problem)
    }

    pub(crate) fn verify_for(der: &[u8], root: &Root) -> Result<(Self, Serials), Error> {
        let (list, revoked) = Crl::verify(der, Part::RootCrl, root.certificate.subject(), &root.key)?;
        let document = Self {
            root_key_hash: root.key_hash(),
            root: root.facts.clone(),
            list,
        };
        Ok((document, revoked))
    }
}

impl PckCrl {
    /// Verifies that the first certificate of `chain` (PEM) is a PCK CA under one of `roots`, and has signed this list.
    ///
    /// # Errors
    /// Group 3.
    pub fn verify(chain: &[u8], der: &[u8], roots: &[&[u8]]) -> Result<(Self, Serials), Error> {
        check_size(Part::PckCrlChain, chain.len(), MAX_CHAIN)?;
        check_size(Part::PckCrl, der.len(), MAX_CRL)?;
        let roots = Root::parse_all(roots)?;
        Self::verify_for(der, &Authority::verify_chain(chain, &roots)?)
    }

    pub(crate) fn verify_for(der: &[u8], authority: &Authority<'_>) -> Result<(Self, Serials), Error> {
        if authority.certificate.key_usage().is_some_and(|usage| !usage.crl_sign()) {
            return Err(Error::CrlSigner { part: Part::PckCrl });
        }
        let (list, revoked) = Crl::verify(der, Part::PckCrl, authority.certificate.subject(), &authority.key)?;
        let document = Self {
            root_key_hash: authority.root.key_hash(),
            ca_hash: authority.hash,
            ca_key: authority.compressed_key()?,
            ca: authority.facts()?,
            list,
        };
        Ok((document, revoked))
    }
}

impl SignedTcbInfo {
    /// Verifies that the first certificate of `chain` (PEM), which one of `roots` issued, signed this TCB info.
    ///
    /// # Errors
    /// Groups 3 and 4.
    pub fn verify(chain: &[u8], json: &[u8], signature: &[u8], roots: &[&[u8]]) -> Result<Self, Error> {
        check_size(Part::TcbInfoChain, chain.len(), MAX_CHAIN)?;
        check_size(Part::TcbInfo, json.len(), MAX_TCB_INFO)?;
        let roots = Root::parse_all(roots)?;
        let signer = verify_signer(chain, Part::TcbInfoChain, Part::TcbInfoSigner, &roots)?;
        Self::verify_for(json, signature, &signer)
    }

    pub(crate) fn verify_for(json: &[u8], signature: &[u8], signer: &Signer) -> Result<Self, Error> {
        let json = check_document(signer, json, signature, Part::TcbInfo)?;
        Ok(Self {
            root_key_hash: signer.root_key_hash,
            signer: signer.facts.clone(),
            info: TcbInfo::parse(json)?,
        })
    }
}

impl SignedQeIdentity {
    /// Verifies that the first certificate of `chain` (PEM), which one of `roots` issued, signed this QE identity.
    ///
    /// # Errors
    /// Groups 3 and 5.
    pub fn verify(chain: &[u8], json: &[u8], signature: &[u8], roots: &[&[u8]]) -> Result<Self, Error> {
        check_size(Part::QeIdentityChain, chain.len(), MAX_CHAIN)?;
        check_size(Part::QeIdentity, json.len(), MAX_QE_IDENTITY)?;
        let roots = Root::parse_all(roots)?;
        let signer = verify_signer(chain, Part::QeIdentityChain, Part::QeIdentitySigner, &roots)?;
        Self::verify_for(json, signature, &signer)
    }

    pub(crate) fn verify_for(json: &[u8], signature: &[u8], signer: &Signer) -> Result<Self, Error> {
        let json = check_document(signer, json, signature, Part::QeIdentity)?;
        Ok(Self {
            root_key_hash: signer.root_key_hash,
            signer: signer.facts.clone(),
            identity: QeIdentity::parse(json)?,
        })
    }
}

fn check_document<'d>(signer: &Signer, document: &'d [u8], signature: &[u8], part: Part) -> Result<&'d str, Error> {
    if !verifies_raw(&signer.key, document, signature) {
        return Err(Error::Signature { part });
    }
    // JSON is UTF-8: where the first bad byte is, it ends.
    core::str::from_utf8(document).map_err(|_| Error::Json { part, line: 0, column: 0 })
}

/// All that evidence of one platform family is judged by.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Documents {
    /// Which certificates of the root are revoked.
    pub root_crl: RootCrl,
    /// The PCK CA, and which of its certificates are revoked.
    pub pck_crl: PckCrl,
    /// TCB levels.
    pub tcb_info: SignedTcbInfo,
    /// The quoting enclave.
    pub qe_identity: SignedQeIdentity,
}

/// Where revoked serial numbers are looked up.
pub trait Revocations {
    /// Has the root of this key revoked this certificate?
    fn by_root(&self, root: &RootKeyHash, serial: &Serial) -> bool;

    /// Has the PCK CA of this certificate revoked this certificate?
    fn by_ca(&self, ca: &CaHash, serial: &Serial) -> bool;
}

impl Documents {
    /// All of it counts at a time, and nobody who signed it is revoked. Documents count `grace_secs` longer than they say,
    /// certificates do not.
    ///
    /// # Errors
    /// [`Error::NotYetValid`], [`Error::Expired`] and [`Error::Revoked`].
    pub fn check_at(&self, revocations: &impl Revocations, at_secs: u64, grace_secs: u64) -> Result<(), Error> {
        let (root_crl, pck_crl) = (&self.root_crl, &self.pck_crl);
        root_crl.list.check_dates(Part::RootCrl, at_secs, grace_secs)?;
        pck_crl.list.check_dates(Part::PckCrl, at_secs, grace_secs)?;
        for (part, facts) in [
            (Part::Root, &root_crl.root),
            (Part::PckCa, &pck_crl.ca),
            (Part::TcbInfoSigner, &self.tcb_info.signer),
            (Part::QeIdentitySigner, &self.qe_identity.signer),
        ] {
            facts.check_dates(part, at_secs)?;
            if revocations.by_root(&root_crl.root_key_hash, &facts.serial) {
                return Err(Error::Revoked { part });
            }
        }
        let (info, qe) = (&self.tcb_info.info, &self.qe_identity.identity);
        let until = |next_update_secs: u64| next_update_secs.saturating_add(grace_secs);
        check_dates(Part::TcbInfo, info.issued_secs, until(info.next_update_secs), at_secs)?;
        check_dates(Part::QeIdentity, qe.issued_secs, until(qe.next_update_secs), at_secs)
    }

    /// Last second, since 1970, at which all of it counts when documents have `grace_secs` more.
    pub fn expires_at_secs(&self, grace_secs: u64) -> u64 {
        let certificates = [
            &self.root_crl.root,
            &self.pck_crl.ca,
            &self.tcb_info.signer,
            &self.qe_identity.signer,
        ]
        .map(|facts| facts.not_after_secs);
        let documents = self.next_update_secs().saturating_add(grace_secs);
        certificates.into_iter().fold(documents, u64::min)
    }

    /// Last second, since 1970, at which all documents count without grace.
    pub fn next_update_secs(&self) -> u64 {
        [
            self.tcb_info.info.next_update_secs,
            self.qe_identity.identity.next_update_secs,
            // A list does not count any more in the second of its next update.
            self.root_crl.list.next_update_secs.saturating_sub(1),
            self.pck_crl.list.next_update_secs.saturating_sub(1),
        ]
        .into_iter()
        .fold(u64::MAX, u64::min)
    }
}
