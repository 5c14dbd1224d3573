//! Certificate chains up to a trusted root.
//!
//! ```text
//! root -> PCK Processor or Platform CA -> PCK certificate
//! root -> TCB signing certificate
//! ```

use crate::{
    certs::{Certificate, CertificateFacts},
    collateral::saturate,
    documents::{CaHash, PckCrl, RootKeyHash},
    error::Error,
    part::Part,
    pem,
};
#[cfg(feature = "std")]
use crate::{hex_bytes::Fmspc, pck::Platform};
use alloc::vec::Vec;
use p256::ecdsa::VerifyingKey;
use sha2::{Digest, Sha256};
use x509_cert::ext::pkix::KeyUsage;

/// Most certificates that are taken in a chain. Genuine ones have two or three.
const MAX_CERTIFICATES: usize = 5;

/// A trusted root.
pub(crate) struct Root {
    pub certificate: Certificate,
    pub key: VerifyingKey,
    pub facts: CertificateFacts,
}

impl Root {
    /// Reads a root. That it is one is not verified: trust in it is what the caller says.
    pub(crate) fn parse(der: &[u8]) -> Result<Self, Error> {
        let certificate = Certificate::parse(der, Part::Root).map_err(|_| Error::RootMalformed)?;
        let key = certificate.key().map_err(|_| Error::RootMalformed)?;
        let facts = certificate.facts(may_sign_certificates).map_err(|_| Error::RootMalformed)?;
        Ok(Self { certificate, key, facts })
    }

    /// Reads all trusted roots.
    pub(crate) fn parse_all(roots: &[&[u8]]) -> Result<Vec<Self>, Error> {
        if roots.is_empty() {
            return Err(Error::NoTrustedRoot);
        }
        roots.iter().map(|der| Self::parse(der)).collect()
    }

    /// SHA-256 of the public key. Intel has issued its root more than once for the same key.
    pub(crate) fn key_hash(&self) -> RootKeyHash {
        Sha256::digest(self.key.to_sec1_point(false)).into()
    }
}

/// A PCK CA under a trusted root.
pub(crate) struct Authority<'r> {
    pub root: &'r Root,
    pub certificate: Certificate,
    pub key: VerifyingKey,
    /// SHA-256 of the certificate in DER.
    pub hash: CaHash,
}

impl<'r> Authority<'r> {
    /// Verifies that a root issued this CA.
    fn verify(der: &[u8], certificate: Certificate, roots: &'r [Root]) -> Result<Self, Error> {
        certificate.check_authority(true)?;
        let root = issuing_root(&certificate, Part::PckCa, roots)?;
        if root.certificate.path_len() == Some(0) {
            return Err(Error::PathLength);
        }
        Ok(Self {
            root,
            key: certificate.key()?,
            certificate,
            hash: Sha256::digest(der).into(),
        })
    }

    /// Verifies the chain that collateral brings for the CA's revocation list, CA first.
    pub(crate) fn verify_chain(text: &[u8], roots: &'r [Root]) -> Result<Self, Error> {
        let (blocks, _) = read_chain(text, Part::PckCrlChain)?;
        let der = blocks.first().ok_or(Error::Pem { part: Part::PckCrlChain })?;
        Self::verify(der, Certificate::parse(der, Part::PckCa)?, roots)
    }

    /// The CA's key, to remember.
    pub(crate) fn compressed_key(&self) -> Result<[u8; 33], Error> {
        let point = self.key.to_sec1_point(true);
        point.as_bytes().try_into().map_err(|_| Error::PublicKey { part: Part::PckCa })
    }

    /// What to remember of the CA.
    pub(crate) fn facts(&self) -> Result<CertificateFacts, Error> {
        self.certificate.facts(may_sign_certificates)
    }
}

/// The chain of a PCK certificate as it comes, leaf first. Nothing is verified yet.
pub(crate) struct PckChain {
    pub leaf: Certificate,
    pub leaf_key: VerifyingKey,
    /// What follows the leaf, in any order.
    others: Vec<Vec<u8>>,
    /// There are only certificates in the text.
    plain: bool,
}

impl PckChain {
    /// Reads the chain.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, Error> {
        let (mut blocks, plain) = read_chain(text, Part::PckChain)?;
        let others = blocks.split_off(1);
        let leaf_der = blocks.first().ok_or(Error::Pem { part: Part::PckChain })?;
        let leaf = Certificate::parse(leaf_der, Part::PckLeaf)?;
        leaf.check_authority(false)?;
        Ok(Self {
            leaf_key: leaf.key()?,
            leaf,
            others,
            plain,
        })
    }

    /// Verifies that one of the chain's certificates issued the leaf, and a root that one. Two signatures.
    ///
    /// Of several that could be the issuer, the first that leads to a root is; genuine chains have one. The last
    /// problem is the one to tell. Dates and revocation are not looked at.
    pub(crate) fn verify<'r>(&self, roots: &'r [Root]) -> Result<Authority<'r>, Error> {
        let mut problem = Error::UnknownIssuer { part: Part::PckLeaf };
        for (der, certificate) in self.issuers() {
            let verified = Authority::verify(der, certificate, roots).and_then(|authority| {
                self.leaf.check_signed_by(&authority.key)?;
                Ok(authority)
            });
            match verified {
                Ok(authority) => return Ok(authority),
                Err(error) => problem = error,
            }
        }
        Err(problem)
    }

    /// Verifies that this CA, which is known to be good, issued the leaf. One signature.
    pub(crate) fn verify_known(&self, authority: &PckCrl) -> Result<(), Error> {
        if !self.issuer_hashes().any(|hash| hash == authority.ca_hash) {
            return Err(Error::UnknownIssuer { part: Part::PckLeaf });
        }
        let key = VerifyingKey::from_sec1_bytes(&authority.ca_key).map_err(|_| Error::PublicKey { part: Part::PckCa })?;
        self.leaf.check_signed_by(&key)
    }

    /// SHA-256 of each certificate of the chain that the leaf names as its issuer.
    pub(crate) fn issuer_hashes(&self) -> impl Iterator<Item = CaHash> + '_ {
        self.issuers().map(|(der, _)| Sha256::digest(der).into())
    }

    /// The certificates of the chain that the leaf names as its issuer.
    fn issuers(&self) -> impl Iterator<Item = (&[u8], Certificate)> {
        self.others.iter().filter_map(|der| {
            let certificate = Certificate::parse(der, Part::PckCa).ok()?;
            (certificate.subject() == self.leaf.issuer()).then_some((der.as_slice(), certificate))
        })
    }

    /// The chain is leaf, CA and a root of this key, and nothing else.
    pub(crate) fn is_plain(&self, ca_hash: &CaHash, root_key: &RootKeyHash) -> bool {
        let [ca, root] = self.others.as_slice() else { return false };
        let is_root = Root::parse(root).is_ok_and(|root| root.key_hash() == *root_key);
        self.plain && is_root && <[u8; 32]>::from(Sha256::digest(ca)) == *ca_hash
    }

    /// What to remember of the leaf.
    pub(crate) fn leaf_facts(&self) -> Result<CertificateFacts, Error> {
        self.leaf.facts(KeyUsage::digital_signature)
    }
}

/// The trusted root that issued a certificate.
fn issuing_root<'r>(certificate: &Certificate, part: Part, roots: &'r [Root]) -> Result<&'r Root, Error> {
    let mut problem = Error::UnknownIssuer { part };
    for root in roots.iter().filter(|root| root.certificate.subject() == certificate.issuer()) {
        match certificate.check_signed_by(&root.key) {
            Ok(()) => return Ok(root),
            Err(error) => problem = error,
        }
    }
    Err(problem)
}

/// The certificate that signs TCB info or QE identity.
pub(crate) struct Signer {
    pub key: VerifyingKey,
    pub facts: CertificateFacts,
    /// Which root issued it.
    pub root_key_hash: RootKeyHash,
}

/// Verifies the chain of a signing certificate, which one of `roots` issues directly. What follows it in the chain is not needed.
pub(crate) fn verify_signer(text: &[u8], chain: Part, signer: Part, roots: &[Root]) -> Result<Signer, Error> {
    let (blocks, _) = read_chain(text, chain)?;
    let der = blocks.first().ok_or(Error::Pem { part: chain })?;
    let certificate = Certificate::parse(der, signer)?;
    certificate.check_authority(false)?;
    let root = issuing_root(&certificate, signer, roots)?;
    Ok(Signer {
        root_key_hash: root.key_hash(),
        key: certificate.key()?,
        facts: certificate.facts(KeyUsage::digital_signature)?,
    })
}

/// The processor family that the leaf of a chain names. Nothing is verified.
#[cfg(feature = "std")]
pub(crate) fn leaf_fmspc(text: &[u8]) -> Result<Fmspc, Error> {
    let (blocks, _) = read_chain(text, Part::PckChain)?;
    let der = blocks.first().ok_or(Error::Pem { part: Part::PckChain })?;
    Ok(Platform::read(&Certificate::parse(der, Part::PckLeaf)?)?.fmspc)
}

/// The certificates of a PEM text, and whether there is nothing else in it.
fn read_chain(text: &[u8], part: Part) -> Result<(Vec<Vec<u8>>, bool), Error> {
    let pem = pem::parse(text).ok_or(Error::Pem { part })?;
    let found = pem.blocks.len();
    if found == 0 || found > MAX_CERTIFICATES {
        return Err(Error::ChainLength {
            part,
            found: saturate(found),
            max: saturate(MAX_CERTIFICATES),
        });
    }
    Ok((pem.blocks, pem.plain))
}

fn may_sign_certificates(usage: &KeyUsage) -> bool {
    usage.key_cert_sign() && usage.crl_sign()
}
