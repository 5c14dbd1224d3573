//! Collateral whose signatures are verified, parsed and bounded: what a chain can keep and use often.

use crate::{
    certs::{check_dates, CertificateFacts},
    chain::{verify_signer, Authority, Root, Signer},
    collateral::Collateral,
    crl::Crl,
    error::Error,
    part::Part,
    qe_identity::QeIdentity,
    signature::verifies_raw,
    tcb_info::TcbInfo,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Verified collateral of one platform family.
///
/// Signatures are verified once, when this is made. Dates and revocation are not: they are judged at each use, by
/// [`ParsedCollateral::check_at`].
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct ParsedCollateral {
    /// The root that signed all of it.
    pub root: CertificateFacts,
    /// SHA-256 of the root's public key.
    pub root_key_hash: [u8; 32],
    /// Which certificates of the root are revoked.
    pub root_crl: Crl,
    /// The PCK CA whose list follows.
    pub pck_ca: CertificateFacts,
    /// SHA-256 of the PCK CA's certificate.
    pub pck_ca_hash: [u8; 32],
    /// Which PCK certificates are revoked.
    pub pck_crl: Crl,
    /// TCB levels.
    pub tcb_info: TcbInfo,
    /// Who signed the TCB info.
    pub tcb_info_signer: CertificateFacts,
    /// The quoting enclave.
    pub qe_identity: QeIdentity,
    /// Who signed the QE identity.
    pub qe_identity_signer: CertificateFacts,
}

impl ParsedCollateral {
    /// Verifies all signatures of collateral that leads to one of `roots` (certificates in DER), for the PCK CA that
    /// the collateral names as the issuer of its PCK CRL.
    ///
    /// # Errors
    /// Groups 3 to 5, except for dates and revocation.
    pub fn verify(collateral: &Collateral, roots: &[&[u8]]) -> Result<Self, Error> {
        collateral.check_sizes()?;
        let roots = Root::parse_all(roots)?;
        let authority = Authority::verify_chain(&collateral.pck_crl_issuer_chain, &roots)?;
        Self::verify_for(collateral, &authority)
    }

    /// The same for a PCK CA that is verified already.
    pub(crate) fn verify_for(collateral: &Collateral, authority: &Authority<'_>) -> Result<Self, Error> {
        collateral.check_sizes()?;
        let root = authority.root;
        let root_crl = Crl::verify(&collateral.root_ca_crl, Part::RootCrl, root.certificate.subject(), &root.key)?;
        if authority.certificate.key_usage().is_some_and(|usage| !usage.crl_sign()) {
            return Err(Error::CrlSigner { part: Part::PckCrl });
        }
        let pck_crl = Crl::verify(&collateral.pck_crl, Part::PckCrl, authority.certificate.subject(), &authority.key)?;
        let (tcb_info, tcb_info_signer) = verify_tcb_info(collateral, root)?;
        let (qe_identity, qe_identity_signer) = verify_qe_identity(collateral, root, &tcb_info_signer)?;
        Ok(Self {
            root: root.facts.clone(),
            root_key_hash: root.key_hash(),
            root_crl,
            pck_ca: authority.facts()?,
            pck_ca_hash: authority.hash,
            pck_crl,
            tcb_info,
            tcb_info_signer: tcb_info_signer.facts,
            qe_identity,
            qe_identity_signer: qe_identity_signer.facts,
        })
    }

    /// All of it counts at a time, and nobody who signed it is revoked.
    ///
    /// # Errors
    /// [`Error::NotYetValid`], [`Error::Expired`] and [`Error::Revoked`].
    pub fn check_at(&self, at_secs: u64) -> Result<(), Error> {
        self.root_crl.check_dates(Part::RootCrl, at_secs)?;
        self.pck_crl.check_dates(Part::PckCrl, at_secs)?;
        for (part, facts) in [
            (Part::Root, &self.root),
            (Part::PckCa, &self.pck_ca),
            (Part::TcbInfoSigner, &self.tcb_info_signer),
            (Part::QeIdentitySigner, &self.qe_identity_signer),
        ] {
            facts.check_dates(part, at_secs)?;
            self.root_crl.check_serial(part, &facts.serial)?;
        }
        let (info, qe) = (&self.tcb_info, &self.qe_identity);
        check_dates(Part::TcbInfo, info.issued_secs, info.next_update_secs, at_secs)?;
        check_dates(Part::QeIdentity, qe.issued_secs, qe.next_update_secs, at_secs)
    }

    /// Last second, since 1970, at which all of it counts.
    pub fn expires_at_secs(&self) -> u64 {
        [
            self.root.not_after_secs,
            self.pck_ca.not_after_secs,
            self.tcb_info_signer.not_after_secs,
            self.qe_identity_signer.not_after_secs,
            self.tcb_info.next_update_secs,
            self.qe_identity.next_update_secs,
            // A list does not count any more in the second of its next update.
            self.root_crl.next_update_secs.saturating_sub(1),
            self.pck_crl.next_update_secs.saturating_sub(1),
        ]
        .into_iter()
        .fold(u64::MAX, u64::min)
    }
}

fn verify_tcb_info(collateral: &Collateral, root: &Root) -> Result<(TcbInfo, Signer), Error> {
    let signer = verify_signer(&collateral.tcb_info_issuer_chain, Part::TcbInfoChain, Part::TcbInfoSigner, root)?;
    check_document(&signer, &collateral.tcb_info, &collateral.tcb_info_signature, Part::TcbInfo)?;
    Ok((TcbInfo::parse(&collateral.tcb_info)?, signer))
}

/// Intel signs both documents with one certificate, which then is verified once.
fn verify_qe_identity(collateral: &Collateral, root: &Root, tcb_info_signer: &Signer) -> Result<(QeIdentity, Signer), Error> {
    let signer = if collateral.qe_identity_issuer_chain == collateral.tcb_info_issuer_chain {
        tcb_info_signer.clone()
    } else {
        verify_signer(
            &collateral.qe_identity_issuer_chain,
            Part::QeIdentityChain,
            Part::QeIdentitySigner,
            root,
        )?
    };
    check_document(
        &signer,
        &collateral.qe_identity,
        &collateral.qe_identity_signature,
        Part::QeIdentity,
    )?;
    Ok((QeIdentity::parse(&collateral.qe_identity)?, signer))
}

fn check_document(signer: &Signer, document: &str, signature: &[u8], part: Part) -> Result<(), Error> {
    if !verifies_raw(&signer.key, document.as_bytes(), signature) {
        return Err(Error::Signature { part });
    }
    Ok(())
}
