//! Evidence with its collateral, roots and time: good, and ready to be spoilt in one place.

use super::super::{pem, sgx_extension, CertificateDraft, CollateralDraft, Key, Pki, Platform, QuoteDraft, TcbClass};
use crate::{
    collateral::Collateral,
    development,
    error::Error,
    pck::oids::SGX_EXTENSION,
    quote::{SgxReport, TdReport},
    verdict::Verdict,
    verify::verify,
};
use khala_primitives::Tee;
use serde_json::Value;
use std::{sync::OnceLock, vec, vec::Vec};

/// When the collateral of the samples is good, in seconds since 1970.
pub const NOW: u64 = 1_790_000_000;

/// Seed of the machine that gives the samples.
pub(super) const MACHINE: &str = "case";

/// A format of quotes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// SGX: version 3.
    Sgx,
    /// TDX 1.0: version 4.
    Tdx,
    /// TDX 1.5: version 5, body 3.
    Tdx15,
    /// TDX 1.5 extended: version 5, body 4.
    Tdx15Ex,
}

impl Kind {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Sgx, Self::Tdx, Self::Tdx15, Self::Tdx15Ex];
    /// The formats of TDX.
    pub const TDX: [Self; 3] = [Self::Tdx, Self::Tdx15, Self::Tdx15Ex];

    /// Its name in the names of cases.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sgx => "sgx",
            Self::Tdx => "tdx",
            Self::Tdx15 => "tdx15",
            Self::Tdx15Ex => "tdx15ex",
        }
    }

    /// Kind of TEE.
    pub fn tee(self) -> Tee {
        match self {
            Self::Sgx => Tee::Sgx,
            Self::Tdx | Self::Tdx15 | Self::Tdx15Ex => Tee::Tdx,
        }
    }

    /// Where the size of the authentication data stands: behind header and body, four bytes.
    pub fn authentication_size_at(self) -> usize {
        match self {
            Self::Sgx => 432,
            Self::Tdx => 632,
            Self::Tdx15 => 702,
            Self::Tdx15Ex => 939,
        }
    }

    /// Where the authentication data begin: signature, attestation key, and who vouches for the key.
    pub fn authentication_at(self) -> usize {
        self.authentication_size_at().saturating_add(4)
    }

    /// Where the QE report begins.
    pub fn qe_report_at(self) -> usize {
        // Signature and key; in TDX quotes a type and a size besides.
        let before: usize = if self == Self::Sgx { 128 } else { 134 };
        self.authentication_at().saturating_add(before)
    }

    fn draft(self, platform: &Platform, report_data: [u8; 64]) -> QuoteDraft {
        match self {
            Self::Sgx => platform.sgx_draft(report_data),
            Self::Tdx => platform.tdx_draft(report_data),
            Self::Tdx15 => platform.tdx15_draft(report_data),
            Self::Tdx15Ex => platform.tdx15_draft(report_data).extended(),
        }
    }
}

/// Evidence with what is needed to judge it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sample {
    /// The quote.
    pub quote: Vec<u8>,
    /// The collateral.
    pub collateral: Collateral,
    /// Trusted roots in DER.
    pub roots: Vec<Vec<u8>>,
    /// When it is judged, in seconds since 1970.
    pub at_secs: u64,
}

impl Sample {
    /// Evidence of a machine with good collateral.
    fn new(kind: Kind, platform: &Platform, report_data: [u8; 64], change: impl FnOnce(&mut QuoteDraft)) -> Self {
        let mut draft = kind.draft(platform, report_data);
        change(&mut draft);
        Self {
            quote: draft.sign(),
            collateral: good_collateral(kind.tee()).clone(),
            roots: vec![development::ROOT_DER.to_vec()],
            at_secs: NOW,
        }
    }

    /// Good evidence.
    pub fn good(kind: Kind) -> Self {
        Self::of(kind, machine())
    }

    /// Evidence of a machine of a class.
    pub fn class(kind: Kind, class: TcbClass) -> Self {
        Self::of(kind, &pki().platform(class, MACHINE))
    }

    /// Evidence of a machine, with the development PKI's collateral.
    pub fn of(kind: Kind, platform: &Platform) -> Self {
        Self::new(kind, platform, [9; 64], |_| {})
    }

    /// Good evidence with this report data.
    pub fn with_report_data(kind: Kind, report_data: [u8; 64]) -> Self {
        Self::new(kind, machine(), report_data, |_| {})
    }

    /// Evidence whose quote is changed before it is signed.
    pub fn quote(kind: Kind, change: impl FnOnce(&mut QuoteDraft)) -> Self {
        Self::new(kind, machine(), [9; 64], change)
    }

    /// Evidence whose collateral is changed before it is signed.
    pub fn collateral(kind: Kind, change: impl FnOnce(&mut CollateralDraft)) -> Self {
        let mut draft = CollateralDraft::new(pki(), kind.tee(), NOW);
        change(&mut draft);
        Self::good(kind).then(|sample| sample.collateral = draft.sign(pki()))
    }

    /// SGX evidence whose report is changed before it is signed.
    pub fn enclave(change: impl FnOnce(&mut SgxReport)) -> Self {
        Self::quote(Kind::Sgx, |draft| {
            if let Some(report) = draft.sgx_report() {
                change(report);
            }
        })
    }

    /// TDX evidence whose report is changed before it is signed.
    pub fn td(kind: Kind, change: impl FnOnce(&mut TdReport)) -> Self {
        Self::quote(kind, |draft| {
            if let Some(report) = draft.td_report() {
                change(report);
            }
        })
    }

    /// SGX evidence of a machine whose PCK certificate is changed before it is signed.
    pub fn leaf(change: impl FnOnce(&mut CertificateDraft)) -> Self {
        let pki = pki();
        let key = Key::named("changed");
        let mut draft = pki.leaf_draft("changed", &key);
        let extension = sgx_extension(MACHINE, &TcbClass::UpToDate.cpu_svn());
        draft.extensions.push((SGX_EXTENSION, false, extension));
        change(&mut draft);
        Self::of(Kind::Sgx, &Platform::with_leaf(pki, MACHINE, key, draft.sign(&pki.ca_key())))
    }

    /// SGX evidence of a machine whose PCK certificate has another SGX extension.
    pub fn extension(change: impl FnOnce(&mut Vec<u8>)) -> Self {
        let mut extension = sgx_extension(MACHINE, &TcbClass::UpToDate.cpu_svn());
        change(&mut extension);
        Self::of(Kind::Sgx, &Platform::with_extension(pki(), MACHINE, "changed", &extension))
    }

    /// SGX evidence whose PCK CA's certificate is changed before it is signed.
    pub fn ca(change: impl FnOnce(&mut CertificateDraft)) -> Self {
        let pki = pki();
        let mut draft = pki.ca_draft();
        change(&mut draft);
        let ca = draft.sign(&pki.root_key());
        Self::chain(&pem(&[machine().leaf_der(), &ca, pki.root_der()]))
    }

    /// SGX evidence with another text in place of the PCK chain.
    pub fn chain(text: &str) -> Self {
        Self::quote(Kind::Sgx, |draft| draft.certification_data = text.as_bytes().to_vec())
    }

    /// SGX evidence with another certificate behind TCB info and QE identity.
    pub fn signer(change: impl FnOnce(&mut CertificateDraft)) -> Self {
        let pki = pki();
        let signer = changed_signer(change);
        Self::collateral(Kind::Sgx, |draft| draft.signer_chain = pem(&[&signer, pki.root_der()]))
    }

    /// SGX evidence with another certificate behind the QE identity alone.
    pub fn qe_signer(change: impl FnOnce(&mut CertificateDraft)) -> Self {
        let pki = pki();
        let chain = pem(&[&changed_signer(change), pki.root_der()]);
        Self::good(Kind::Sgx).then(|sample| sample.collateral.qe_identity_issuer_chain = chain)
    }

    /// Evidence with another trusted root, of the development root's name and key.
    pub fn root(change: impl FnOnce(&mut CertificateDraft)) -> Self {
        let pki = pki();
        let mut draft = pki.root_draft();
        change(&mut draft);
        let root = draft.sign(&pki.root_key());
        Self::good(Kind::Sgx).then(|sample| sample.roots = vec![root])
    }

    /// Evidence with another value in the TCB info. A pointer to nothing changes nothing.
    pub fn info(kind: Kind, pointer: &str, value: Value) -> Self {
        Self::collateral(kind, |draft| set(&mut draft.tcb_info, pointer, value))
    }

    /// Evidence with another value in the QE identity. A pointer to nothing changes nothing.
    pub fn identity(kind: Kind, pointer: &str, value: Value) -> Self {
        Self::collateral(kind, |draft| set(&mut draft.qe_identity, pointer, value))
    }

    /// Changes what is signed already.
    pub fn then(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// The same at another time.
    pub fn at(self, at_secs: u64) -> Self {
        Self { at_secs, ..self }
    }

    /// What the verifier says.
    ///
    /// # Errors
    /// Groups 1 to 6.
    pub fn verify(&self) -> Result<Verdict, Error> {
        let roots: Vec<&[u8]> = self.roots.iter().map(Vec::as_slice).collect();
        verify(&self.quote, &self.collateral, &roots, self.at_secs)
    }
}

/// The development PKI, made once: signatures are slow.
pub(super) fn pki() -> &'static Pki {
    static PKI: OnceLock<Pki> = OnceLock::new();
    PKI.get_or_init(Pki::development)
}

/// The machine that gives the samples, made once.
pub(super) fn machine() -> &'static Platform {
    static MACHINES: OnceLock<Platform> = OnceLock::new();
    MACHINES.get_or_init(|| pki().platform(TcbClass::UpToDate, MACHINE))
}

/// Good collateral, made once for each TEE.
fn good_collateral(tee: Tee) -> &'static Collateral {
    static SGX: OnceLock<Collateral> = OnceLock::new();
    static TDX: OnceLock<Collateral> = OnceLock::new();
    match tee {
        Tee::Sgx => SGX.get_or_init(|| pki().collateral(NOW)),
        Tee::Tdx => TDX.get_or_init(|| pki().td_collateral(NOW)),
    }
}

fn changed_signer(change: impl FnOnce(&mut CertificateDraft)) -> Vec<u8> {
    let mut draft = pki().signer_draft();
    change(&mut draft);
    draft.sign(&pki().root_key())
}

/// Sets a value of a JSON document.
pub(super) fn set(document: &mut Value, pointer: &str, value: Value) {
    if let Some(place) = document.pointer_mut(pointer) {
        *place = value;
    }
}

/// Flips the lowest bit of a byte.
pub(super) fn flip(bytes: &mut [u8], at: usize) {
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1;
    }
}

/// Writes bytes over others.
pub(super) fn put(bytes: &mut [u8], at: usize, new: &[u8]) {
    bytes.iter_mut().skip(at).zip(new).for_each(|(old, new)| *old = *new);
}

/// Where a string of bytes begins; the end when it is not there.
pub(super) fn find(bytes: &[u8], part: &[u8]) -> usize {
    bytes.windows(part.len()).position(|window| window == part).unwrap_or(bytes.len())
}
