//! The development PKI: a root, a PCK CA and a signer of TCB data, as Intel has them.

use super::{
    certificate::{key_compromise, pem, usage, CertificateDraft, CrlDraft},
    collateral::CollateralDraft,
    keys::{bytes_of, Key},
    platform::{Platform, TcbClass},
};
use crate::collateral::Collateral;
use khala_primitives::Tee;
use std::{format, string::String, vec::Vec};

const ROOT: &str = "Khala Development Root CA";
const PCK_CA: &str = "Khala Development PCK Platform CA";
const SIGNER: &str = "Khala Development TCB Signing";
const LEAF: &str = "Khala Development PCK Certificate";

/// 2025-01-01T00:00:00Z, from when all certificates are valid.
pub const NOT_BEFORE_SECS: u64 = 1_735_689_600;
/// 2049-12-31T23:59:59Z, until when all certificates are valid.
pub const NOT_AFTER_SECS: u64 = 2_524_607_999;

/// A root of trust and everything below it, keys included.
#[derive(Clone)]
pub struct Pki {
    /// Part of the name of every key.
    realm: String,
    root_der: Vec<u8>,
    ca_der: Vec<u8>,
    signer_der: Vec<u8>,
}

impl Pki {
    /// The PKI whose root is [`crate::development::ROOT_DER`].
    pub fn development() -> Self {
        Self::of_realm("development")
    }

    /// A PKI with the same names and other keys, which nobody trusts.
    pub fn stranger(seed: &str) -> Self {
        Self::of_realm(&format!("stranger/{seed}"))
    }

    fn of_realm(realm: &str) -> Self {
        let mut pki = Self {
            realm: realm.into(),
            root_der: Vec::new(),
            ca_der: Vec::new(),
            signer_der: Vec::new(),
        };
        pki.root_der = pki.root_draft().sign(&pki.root_key());
        pki.ca_der = pki.ca_draft().sign(&pki.root_key());
        pki.signer_der = pki.signer_draft().sign(&pki.root_key());
        pki
    }

    fn key(&self, name: &str) -> Key {
        Key::named(&format!("{}/{name}", self.realm))
    }

    /// The root's key.
    pub fn root_key(&self) -> Key {
        self.key("root")
    }

    /// The PCK CA's key.
    pub fn ca_key(&self) -> Key {
        self.key("pck-ca")
    }

    /// The key that signs TCB info and QE identity.
    pub fn signer_key(&self) -> Key {
        self.key("tcb-signing")
    }

    /// The root certificate in DER.
    pub fn root_der(&self) -> &[u8] {
        &self.root_der
    }

    /// The PCK CA's certificate in DER.
    pub fn ca_der(&self) -> &[u8] {
        &self.ca_der
    }

    /// The certificate in DER that signs TCB info and QE identity.
    pub fn signer_der(&self) -> &[u8] {
        &self.signer_der
    }

    /// The root certificate, to be changed and signed anew.
    pub fn root_draft(&self) -> CertificateDraft {
        self.draft(ROOT, ROOT, &self.root_key(), Some(1))
    }

    /// The PCK CA's certificate, to be changed and signed anew.
    pub fn ca_draft(&self) -> CertificateDraft {
        self.draft(ROOT, PCK_CA, &self.ca_key(), Some(0))
    }

    /// The certificate of the signer of TCB data, to be changed and signed anew.
    pub fn signer_draft(&self) -> CertificateDraft {
        self.draft(ROOT, SIGNER, &self.signer_key(), None)
    }

    /// A PCK certificate without its SGX extension, to be completed and signed.
    pub fn leaf_draft(&self, name: &str, key: &Key) -> CertificateDraft {
        CertificateDraft {
            serial: self.serial(name),
            ..self.draft(PCK_CA, LEAF, key, None)
        }
    }

    fn draft(&self, issuer: &str, subject: &str, key: &Key, authority: Option<u8>) -> CertificateDraft {
        let key_usage = match authority {
            Some(_) => usage::KEY_CERT_SIGN | usage::CRL_SIGN,
            None => usage::DIGITAL_SIGNATURE | usage::NON_REPUDIATION,
        };
        CertificateDraft {
            subject: subject.into(),
            issuer: issuer.into(),
            serial: self.serial(subject),
            not_before_secs: NOT_BEFORE_SECS,
            not_after_secs: NOT_AFTER_SECS,
            key: key.coordinates(),
            authority,
            key_usage,
            extensions: Vec::new(),
        }
    }

    /// Nineteen bytes, so that no sign bit makes them more than twenty.
    fn serial(&self, name: &str) -> Vec<u8> {
        bytes_of::<19>("serial", &format!("{}/{name}", self.realm)).to_vec()
    }

    /// A machine of a TCB class. The same seed is the same machine in every class.
    pub fn platform(&self, class: TcbClass, seed: &str) -> Platform {
        Platform::new(self, class, seed)
    }

    /// The chain above a PCK certificate, as quotes carry it: leaf, CA, root, in PEM.
    pub fn pck_chain(&self, leaf_der: &[u8]) -> String {
        pem(&[leaf_der, &self.ca_der, &self.root_der])
    }

    /// The chain of the signer of TCB data, as collateral carries it.
    pub fn signer_chain(&self) -> String {
        pem(&[&self.signer_der, &self.root_der])
    }

    /// The root's revocation list, to be changed and signed.
    pub fn root_crl_draft(&self, now_secs: u64) -> CrlDraft {
        crl_draft(ROOT, now_secs)
    }

    /// The PCK CA's revocation list, to be changed and signed.
    pub fn pck_crl_draft(&self, now_secs: u64) -> CrlDraft {
        crl_draft(PCK_CA, now_secs)
    }

    /// Collateral for SGX quotes of all classes, made an hour before `now_secs` and good for thirty days.
    pub fn collateral(&self, now_secs: u64) -> Collateral {
        CollateralDraft::new(self, Tee::Sgx, now_secs).sign(self)
    }

    /// Collateral for TDX quotes of all classes, made an hour before `now_secs` and good for thirty days.
    pub fn td_collateral(&self, now_secs: u64) -> Collateral {
        CollateralDraft::new(self, Tee::Tdx, now_secs).sign(self)
    }
}

/// Seconds that collateral is old when it is made.
pub(super) const AGE_SECS: u64 = 3600;
/// Seconds that collateral counts from when it is made, as Intel's does.
pub(super) const LIFE_SECS: u64 = 30 * 24 * 3600;

fn crl_draft(issuer: &str, now_secs: u64) -> CrlDraft {
    let this_update_secs = now_secs.saturating_sub(AGE_SECS);
    CrlDraft {
        issuer: issuer.into(),
        number: 1,
        this_update_secs,
        next_update_secs: this_update_secs.saturating_add(LIFE_SECS),
        revoked: Vec::new(),
        entry_extensions: Vec::from([key_compromise()]),
        extensions: Vec::new(),
    }
}
