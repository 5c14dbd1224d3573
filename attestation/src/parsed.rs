//! Collateral with its signatures verified, for those who have all of it at hand.

use crate::{
    certs::Serial,
    chain::{verify_signer, Authority, Root},
    collateral::Collateral,
    crl::Serials,
    documents::{CaHash, Documents, PckCrl, Revocations, RootCrl, RootKeyHash, SignedQeIdentity, SignedTcbInfo},
    error::Error,
    part::Part,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Verified collateral of one platform family, with both revocation lists.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct ParsedCollateral {
    /// The documents.
    pub documents: Documents,
    /// What the root has revoked.
    pub revoked_by_root: Serials,
    /// What the PCK CA has revoked.
    pub revoked_by_ca: Serials,
}

impl Revocations for ParsedCollateral {
    fn by_root(&self, _root: &RootKeyHash, serial: &Serial) -> bool {
        self.revoked_by_root.contains(serial)
    }

    fn by_ca(&self, _ca: &CaHash, serial: &Serial) -> bool {
        self.revoked_by_ca.contains(serial)
    }
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
        let authority = Authority::verify_chain(collateral.pck_crl_issuer_chain.as_bytes(), &roots)?;
        Self::verify_for(collateral, &authority)
    }

    /// The same for a PCK CA that is verified already.
    pub(crate) fn verify_for(collateral: &Collateral, authority: &Authority<'_>) -> Result<Self, Error> {
        collateral.check_sizes()?;
        let (root_crl, revoked_by_root) = RootCrl::verify_for(&collateral.root_ca_crl, authority.root)?;
        let (pck_crl, revoked_by_ca) = PckCrl::verify_for(&collateral.pck_crl, authority)?;
        let root = core::slice::from_ref(authority.root);
        let (info_chain, qe_chain) = (&collateral.tcb_info_issuer_chain, &collateral.qe_identity_issuer_chain);
        let info_signer = verify_signer(info_chain.as_bytes(), Part::TcbInfoChain, Part::TcbInfoSigner, root)?;
        let tcb_info = SignedTcbInfo::verify_for(collateral.tcb_info.as_bytes(), &collateral.tcb_info_signature, &info_signer)?;
        // Intel signs both documents with one certificate, which then is verified once.
        let qe_signer = if qe_chain == info_chain {
            info_signer
        } else {
            verify_signer(qe_chain.as_bytes(), Part::QeIdentityChain, Part::QeIdentitySigner, root)?
        };
        let qe_identity = SignedQeIdentity::verify_for(collateral.qe_identity.as_bytes(), &collateral.qe_identity_signature, &qe_signer)?;
        Ok(Self {
            documents: Documents {
                root_crl,
                pck_crl,
                tcb_info,
                qe_identity,
            },
            revoked_by_root,
            revoked_by_ca,
        })
    }

    /// Last second, since 1970, at which all of it counts.
    pub fn expires_at_secs(&self) -> u64 {
        self.documents.expires_at_secs(0)
    }
}
