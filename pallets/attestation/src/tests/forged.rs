//! Machines of the forge, their evidence, and documents with one change.

use super::mock::*;
use crate::{DocumentKind, Error, Family, QuotingEnclave, Refusal, VerdictRecord, Verification};
use frame_support::{assert_ok, dispatch::DispatchResultWithPostInfo};
use khala_attestation::{
    development,
    documents::{CaHash, RootKeyHash},
    forge::{CollateralDraft, Platform, QuoteDraft, TcbClass, FMSPC},
    policy::AttestationPolicy,
    quote::TdReport,
    roots, Collateral,
};
use khala_primitives::{
    AccountId32, EcdhPublicKey, Evidence, Freshness, Instance, PRuntimeVersion, Tee, WorkerInfo, WorkerPublicKey, H256,
};
use x509_cert::der::Decode;

pub(crate) fn info() -> WorkerInfo {
    WorkerInfo {
        version: PRuntimeVersion {
            major: 0,
            minor: 1,
            patch: 0,
        },
        genesis_hash: H256::zero(),
        identity_key: WorkerPublicKey([1; 32]),
        ecdh_key: EcdhPublicKey([2; 32]),
        operator: AccountId32::new([3; 32]),
        instance: Instance([4; 16]),
        freshness: Freshness {
            number: 1,
            hash: H256::zero(),
        },
        cores: 1,
        memory_mib: 1024,
        features: 0,
    }
}

pub(crate) fn machine(class: TcbClass) -> Platform {
    pki().platform(class, "Machine")
}

/// Good evidence for [`info`].
pub(crate) fn evidence() -> Evidence {
    machine(TcbClass::UpToDate).sgx(info().report_data())
}

/// Good evidence for [`info`] of a TD.
pub(crate) fn td_evidence() -> Evidence {
    machine(TcbClass::UpToDate).tdx(info().report_data())
}

/// Good evidence but for one change, which is signed.
pub(crate) fn sgx_with(change: impl FnOnce(&mut QuoteDraft)) -> Evidence {
    let mut draft = machine(TcbClass::UpToDate).sgx_draft(info().report_data());
    change(&mut draft);
    Evidence::Sgx { quote: draft.sign() }
}

/// As [`sgx_with`], of a TD.
pub(crate) fn tdx_with(change: impl FnOnce(&mut QuoteDraft)) -> Evidence {
    let mut draft = machine(TcbClass::UpToDate).tdx_draft(info().report_data());
    change(&mut draft);
    Evidence::Tdx { quote: draft.sign() }
}

/// As [`tdx_with`], in the report.
pub(crate) fn td_with(change: impl FnOnce(&mut TdReport)) -> Evidence {
    tdx_with(|draft| change(draft.td_report().unwrap()))
}

/// The SGX documents of this moment.
pub(crate) fn collateral() -> Collateral {
    pki().collateral(NowSecs::get())
}

/// The documents of this moment with one change, which is signed.
pub(crate) fn collateral_with(tee: Tee, change: impl FnOnce(&mut CollateralDraft)) -> Collateral {
    let mut draft = CollateralDraft::new(&pki(), tee, NowSecs::get());
    change(&mut draft);
    draft.sign(&pki())
}

/// Verifies evidence for [`info`] as a registration does.
pub(crate) fn verify(evidence: &Evidence, now_secs: u64) -> Result<VerdictRecord, Refusal> {
    Attestation::verify_evidence(&info(), evidence, Verification::Complete, now_secs)
}

/// Verifies evidence for [`info`] as the renewal of what is known does.
pub(crate) fn verify_again(known: &VerdictRecord, evidence: &Evidence, now_secs: u64) -> Result<VerdictRecord, Refusal> {
    Attestation::verify_evidence(&info(), evidence, Verification::Renewal(known), now_secs)
}

/// The refusal becomes this error of a call. These have no equality, so their names are compared.
#[track_caller]
pub(crate) fn assert_refused(result: Result<VerdictRecord, Refusal>, error: Error<Test>) {
    let found = Error::<Test>::from(result.unwrap_err());
    assert_eq!(format!("{found:?}"), format!("{error:?}"));
}

/// Replaces the policy by the tests' one with a change that accepts less.
pub(crate) fn tighten(change: impl FnOnce(&mut AttestationPolicy)) {
    let mut policy = policy();
    change(&mut policy);
    assert_ok!(Attestation::set_policy(root(), policy));
}

pub(crate) fn serial_of(der: &[u8]) -> Vec<u8> {
    let certificate = x509_cert::Certificate::from_der(der).unwrap();
    certificate.tbs_certificate().serial_number().as_bytes().to_vec()
}

/// Every kind of document.
pub(crate) const KINDS: [DocumentKind; 4] = [
    DocumentKind::RootCrl,
    DocumentKind::PckCrl,
    DocumentKind::TcbInfo,
    DocumentKind::QeIdentity,
];

/// Brings one document of collateral.
pub(crate) fn bring_one(kind: DocumentKind, collateral: &Collateral) -> DispatchResultWithPostInfo {
    match kind {
        DocumentKind::RootCrl => bring_root_crl(collateral),
        DocumentKind::PckCrl => bring_pck_crl(collateral),
        DocumentKind::TcbInfo => bring_tcb_info(collateral),
        DocumentKind::QeIdentity => bring_qe_identity(collateral),
    }
}

/// SHA-256 of the public key of the development root.
pub(crate) fn root_key() -> RootKeyHash {
    roots::key_hash(development::ROOT_DER).unwrap()
}

/// Under what the TCB info of the forge's machines is kept.
pub(crate) fn family(tee: Tee) -> Family {
    Family {
        root: root_key(),
        tee,
        fmspc: FMSPC,
    }
}

/// Under what the QE identity of the forge's machines is kept.
pub(crate) fn quoting_enclave(tee: Tee) -> QuotingEnclave {
    QuotingEnclave { root: root_key(), tee }
}

/// Under what the lists of the development PCK CA are kept.
pub(crate) fn ca_hash() -> CaHash {
    sp_io::hashing::sha2_256(pki().ca_der())
}
