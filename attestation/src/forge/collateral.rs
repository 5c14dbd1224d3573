//! Collateral in the shapes of Intel's.

use super::{
    certificate::{pem, CrlDraft},
    der::rfc3339,
    keys::Key,
    pki::{Pki, AGE_SECS, LIFE_SECS},
    platform::{TcbClass, FMSPC, PCE_ID, PCE_SVN},
    quote::{qe_prod_id, QE_ATTRIBUTES, QE_ISV_SVN, QE_MRSIGNER, TEE_TCB_SVN},
};
pub use crate::development::EVALUATION_DATA_NUMBER;

use crate::collateral::Collateral;
use khala_primitives::{TcbStatus, Tee};
use serde_json::{json, Value};
use std::{string::String, string::ToString, vec::Vec};

/// Collateral to be signed. Change what you like before: all signatures are made over the changed contents.
#[derive(Clone)]
pub struct CollateralDraft {
    /// The TCB info.
    pub tcb_info: Value,
    /// The QE identity.
    pub qe_identity: Value,
    /// The root's revocation list.
    pub root_crl: CrlDraft,
    /// The PCK CA's revocation list.
    pub pck_crl: CrlDraft,
    /// Signs the root's revocation list.
    pub root_key: Key,
    /// Signs the PCK CA's revocation list.
    pub ca_key: Key,
    /// Signs TCB info and QE identity.
    pub signer_key: Key,
    /// PEM of the signer's chain.
    pub signer_chain: String,
}

impl CollateralDraft {
    /// Collateral for a TEE, made an hour before `now_secs` and good for thirty days.
    pub fn new(pki: &Pki, tee: Tee, now_secs: u64) -> Self {
        let issued = now_secs.saturating_sub(AGE_SECS);
        let dates = [rfc3339(issued), rfc3339(issued.saturating_add(LIFE_SECS))];
        Self {
            tcb_info: tcb_info(tee, &dates),
            qe_identity: qe_identity(tee, &dates),
            root_crl: pki.root_crl_draft(now_secs),
            pck_crl: pki.pck_crl_draft(now_secs),
            root_key: pki.root_key(),
            ca_key: pki.ca_key(),
            signer_key: pki.signer_key(),
            signer_chain: pki.signer_chain(),
        }
    }

    /// The collateral.
    pub fn sign(&self, pki: &Pki) -> Collateral {
        let [tcb_info, qe_identity] = [&self.tcb_info, &self.qe_identity].map(sorted);
        Collateral {
            pck_crl_issuer_chain: pem(&[pki.ca_der(), pki.root_der()]),
            root_ca_crl: self.root_crl.sign(&self.root_key),
            pck_crl: self.pck_crl.sign(&self.ca_key),
            tcb_info_issuer_chain: self.signer_chain.clone(),
            tcb_info_signature: self.signer_key.sign(tcb_info.as_bytes()).into(),
            tcb_info,
            qe_identity_issuer_chain: self.signer_chain.clone(),
            qe_identity_signature: self.signer_key.sign(qe_identity.as_bytes()).into(),
            qe_identity,
            pck_certificate_chain: None,
        }
    }
}

/// The document with its fields in the order of their names, whatever features of `serde_json` a build unifies.
fn sorted(document: &Value) -> String {
    let mut document = document.clone();
    document.sort_all_objects();
    document.to_string()
}

/// Status and advisories of each class that has a level.
fn level(class: TcbClass) -> Option<(TcbStatus, &'static [&'static str])> {
    Some(match class {
        TcbClass::UpToDate => (TcbStatus::UpToDate, &[]),
        TcbClass::SWHardeningNeeded => (TcbStatus::SWHardeningNeeded, &["INTEL-SA-00615"]),
        TcbClass::ConfigurationNeeded => (TcbStatus::ConfigurationNeeded, &["INTEL-SA-00657"]),
        TcbClass::ConfigurationAndSWHardeningNeeded => {
            (TcbStatus::ConfigurationAndSWHardeningNeeded, &["INTEL-SA-00657", "INTEL-SA-00615"])
        }
        TcbClass::OutOfDate => (TcbStatus::OutOfDate, &["INTEL-SA-00828", "INTEL-SA-00615"]),
        TcbClass::OutOfDateConfigurationNeeded => (
            TcbStatus::OutOfDateConfigurationNeeded,
            &["INTEL-SA-00828", "INTEL-SA-00657", "INTEL-SA-00615"],
        ),
        TcbClass::Revoked => (TcbStatus::Revoked, &["INTEL-SA-00837"]),
        TcbClass::BelowAllLevels => return None,
    })
}

fn tcb_info(tee: Tee, [issued, next_update]: &[String; 2]) -> Value {
    let levels: Vec<_> = TcbClass::ALL.into_iter().filter_map(|class| tcb_level(tee, class)).collect();
    let mut document = json!({
        "id": match tee { Tee::Sgx => "SGX", Tee::Tdx => "TDX" },
        "version": 3,
        "issueDate": issued,
        "nextUpdate": next_update,
        "fmspc": FMSPC.to_string(),
        "pceId": hex::encode(PCE_ID),
        "tcbType": 0,
        "tcbEvaluationDataNumber": EVALUATION_DATA_NUMBER,
        "tcbLevels": levels,
    });
    if let (Tee::Tdx, Some(fields)) = (tee, document.as_object_mut()) {
        let module =
            json!({ "mrsigner": hex::encode([0; 48]), "attributes": hex::encode([0; 8]), "attributesMask": hex::encode([0xff; 8]) });
        fields.insert("tdxModuleIdentities".into(), json!([module_version(&module)]));
        fields.insert("tdxModule".into(), module);
    }
    document
}

fn tcb_level(tee: Tee, class: TcbClass) -> Option<Value> {
    let (status, advisories) = level(class)?;
    let components = |svns: &[u8; 16]| svns.iter().map(|svn| json!({ "svn": svn })).collect::<Vec<_>>();
    let mut tcb = json!({ "sgxtcbcomponents": components(&class.cpu_svn()), "pcesvn": PCE_SVN });
    if let (Tee::Tdx, Some(fields)) = (tee, tcb.as_object_mut()) {
        fields.insert("tdxtcbcomponents".into(), json!(components(&TEE_TCB_SVN)));
    }
    Some(with_advisories(
        json!({ "tcb": tcb, "tcbDate": "2025-05-14T00:00:00Z", "tcbStatus": status.as_str() }),
        advisories,
    ))
}

/// Version 1 of the TDX module: ISVSVN 5 is up to date, 3 and 4 are out of date, 1 and 2 are revoked.
fn module_version(module: &Value) -> Value {
    let mut version = module.clone();
    if let Some(fields) = version.as_object_mut() {
        fields.insert("id".into(), json!("TDX_01"));
        let [isv_svn, ..] = TEE_TCB_SVN;
        let levels = [
            svn_level(u16::from(isv_svn), TcbStatus::UpToDate, &[]),
            svn_level(3, TcbStatus::OutOfDate, &["INTEL-SA-01036"]),
            svn_level(1, TcbStatus::Revoked, &["INTEL-SA-01099"]),
        ];
        fields.insert("tcbLevels".into(), json!(levels));
    }
    version
}

/// ISVSVN 8 is up to date, 6 and 7 are out of date, 5 is revoked.
fn qe_identity(tee: Tee, [issued, next_update]: &[String; 2]) -> Value {
    let levels = [
        svn_level(QE_ISV_SVN, TcbStatus::UpToDate, &[]),
        svn_level(6, TcbStatus::OutOfDate, &["INTEL-SA-00615"]),
        svn_level(5, TcbStatus::Revoked, &["INTEL-SA-00837"]),
    ];
    json!({
        "id": match tee { Tee::Sgx => "QE", Tee::Tdx => "TD_QE" },
        "version": 2,
        "issueDate": issued,
        "nextUpdate": next_update,
        "tcbEvaluationDataNumber": EVALUATION_DATA_NUMBER,
        "miscselect": "00000000",
        "miscselectMask": "FFFFFFFF",
        "attributes": hex::encode_upper(qe_attributes()),
        "attributesMask": "FBFFFFFFFFFFFFFF0000000000000000",
        "mrsigner": hex::encode_upper(QE_MRSIGNER),
        "isvprodid": qe_prod_id(tee),
        "tcbLevels": levels,
    })
}

/// The quoting enclave's attributes under the mask: MODE64 and XFRM do not count.
fn qe_attributes() -> [u8; 16] {
    let [flags, ..] = QE_ATTRIBUTES;
    let mut attributes = [0; 16];
    if let Some(first) = attributes.first_mut() {
        *first = flags & 0xfb;
    }
    attributes
}

fn svn_level(isv_svn: u16, status: TcbStatus, advisories: &[&str]) -> Value {
    let tcb = json!({ "isvsvn": isv_svn });
    with_advisories(
        json!({ "tcb": tcb, "tcbDate": "2025-05-14T00:00:00Z", "tcbStatus": status.as_str() }),
        advisories,
    )
}

/// Intel leaves an empty list out.
fn with_advisories(mut level: Value, advisories: &[&str]) -> Value {
    if let (false, Some(fields)) = (advisories.is_empty(), level.as_object_mut()) {
        fields.insert("advisoryIDs".into(), json!(advisories));
    }
    level
}

/// What the forge's TCB info says of a class, without verifying anything: for tests that expect it.
pub fn expected(class: TcbClass) -> Option<(TcbStatus, Vec<String>)> {
    level(class).map(|(status, advisories)| (status, advisories.iter().map(|advisory| advisory.to_string()).collect()))
}
