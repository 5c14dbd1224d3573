//! Machines of the forge, and the evidence that they give.

use super::{
    der::{integer, oid, sequence, tlv, BOOLEAN, ENUMERATED, OCTET_STRING},
    keys::{bytes_of, Key},
    pki::Pki,
    quote::QuoteDraft,
};
use crate::{hex_bytes::Fmspc, pck::oids};
use const_oid::ObjectIdentifier;
use khala_primitives::Evidence;
use std::{
    format,
    string::{String, ToString},
    vec::Vec,
};

/// Processor family of all machines of the forge.
pub const FMSPC: Fmspc = Fmspc([0x00, 0xd3, 0xe1, 0x00, 0x00, 0x00]);
/// PCE id of all machines of the forge.
pub const PCE_ID: [u8; 2] = [0, 0];
/// PCE SVN of all machines of the forge.
pub const PCE_SVN: u16 = 13;

/// How up to date a machine is: the status that the forge's TCB info gives it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum TcbClass {
    UpToDate,
    SWHardeningNeeded,
    ConfigurationNeeded,
    ConfigurationAndSWHardeningNeeded,
    OutOfDate,
    OutOfDateConfigurationNeeded,
    Revoked,
    /// Older than all levels.
    BelowAllLevels,
}

impl TcbClass {
    /// Every class, from the newest to the oldest.
    pub const ALL: [Self; 8] = [
        Self::UpToDate,
        Self::SWHardeningNeeded,
        Self::ConfigurationNeeded,
        Self::ConfigurationAndSWHardeningNeeded,
        Self::OutOfDate,
        Self::OutOfDateConfigurationNeeded,
        Self::Revoked,
        Self::BelowAllLevels,
    ];

    /// Its name on command lines.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UpToDate => "up-to-date",
            Self::SWHardeningNeeded => "sw-hardening-needed",
            Self::ConfigurationNeeded => "configuration-needed",
            Self::ConfigurationAndSWHardeningNeeded => "configuration-and-sw-hardening-needed",
            Self::OutOfDate => "out-of-date",
            Self::OutOfDateConfigurationNeeded => "out-of-date-configuration-needed",
            Self::Revoked => "revoked",
            Self::BelowAllLevels => "below-all-levels",
        }
    }

    /// First byte of the CPU SVN: classes differ in nothing else.
    pub(super) fn svn(self) -> u8 {
        match self {
            Self::UpToDate => 9,
            Self::SWHardeningNeeded => 8,
            Self::ConfigurationNeeded => 7,
            Self::ConfigurationAndSWHardeningNeeded => 6,
            Self::OutOfDate => 5,
            Self::OutOfDateConfigurationNeeded => 4,
            Self::Revoked => 3,
            Self::BelowAllLevels => 2,
        }
    }

    /// The CPU SVN of a machine of this class.
    pub fn cpu_svn(self) -> [u8; 16] {
        [self.svn(), 9, 2, 2, 4, 1, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0]
    }
}

impl core::fmt::Display for TcbClass {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Not the name of a TCB class.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UnknownTcbClass;

impl core::fmt::Display for UnknownTcbClass {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let names: Vec<_> = TcbClass::ALL.into_iter().map(TcbClass::as_str).collect();
        write!(f, "a TCB class is one of: {}", names.join(", "))
    }
}

impl core::error::Error for UnknownTcbClass {}

impl core::str::FromStr for TcbClass {
    type Err = UnknownTcbClass;

    fn from_str(text: &str) -> Result<Self, UnknownTcbClass> {
        Self::ALL.into_iter().find(|class| class.as_str() == text).ok_or(UnknownTcbClass)
    }
}

/// A machine with a PCK certificate.
#[derive(Clone)]
pub struct Platform {
    key: Key,
    seed: String,
    leaf_der: Vec<u8>,
    chain: String,
}

impl Platform {
    pub(super) fn new(pki: &Pki, class: TcbClass, seed: &str) -> Self {
        Self::with_extension(pki, seed, &class.to_string(), &sgx_extension(seed, &class.cpu_svn()))
    }

    /// A machine whose PCK certificate has another SGX extension; `name` tells its certificate apart.
    pub fn with_extension(pki: &Pki, seed: &str, name: &str, extension: &[u8]) -> Self {
        let key = Key::named(&format!("platform/{seed}/{name}"));
        let mut draft = pki.leaf_draft(&format!("{seed}/{name}"), &key);
        draft.extensions.push((oids::SGX_EXTENSION, false, extension.to_vec()));
        Self::with_leaf(pki, seed, key, draft.sign(&pki.ca_key()))
    }

    /// A machine with a PCK certificate of its own making.
    pub fn with_leaf(pki: &Pki, seed: &str, key: Key, leaf_der: Vec<u8>) -> Self {
        Self {
            key,
            seed: seed.into(),
            chain: pki.pck_chain(&leaf_der),
            leaf_der,
        }
    }

    /// The machine's PCK.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// The key that signs the machine's quotes.
    pub fn attestation_key(&self) -> Key {
        Key::named(&format!("attestation/{}", self.seed))
    }

    /// The PCK certificate in DER.
    pub fn leaf_der(&self) -> &[u8] {
        &self.leaf_der
    }

    /// The PCK certificate's chain in PEM.
    pub fn chain(&self) -> &str {
        &self.chain
    }

    /// SGX evidence of the development pRuntime.
    pub fn sgx(&self, report_data: [u8; 64]) -> Evidence {
        Evidence::Sgx {
            quote: self.sgx_draft(report_data).sign(),
        }
    }

    /// TDX 1.0 evidence (a quote of version 4) of the development guest.
    pub fn tdx(&self, report_data: [u8; 64]) -> Evidence {
        Evidence::Tdx {
            quote: self.tdx_draft(report_data).sign(),
        }
    }

    /// TDX 1.5 evidence (a quote of version 5) of the development guest.
    pub fn tdx15(&self, report_data: [u8; 64]) -> Evidence {
        Evidence::Tdx {
            quote: self.tdx15_draft(report_data).sign(),
        }
    }

    /// An SGX quote, to be changed and signed.
    pub fn sgx_draft(&self, report_data: [u8; 64]) -> QuoteDraft {
        QuoteDraft::sgx(self, report_data)
    }

    /// A TDX 1.0 quote, to be changed and signed.
    pub fn tdx_draft(&self, report_data: [u8; 64]) -> QuoteDraft {
        QuoteDraft::tdx(self, report_data)
    }

    /// A TDX 1.5 quote, to be changed and signed.
    pub fn tdx15_draft(&self, report_data: [u8; 64]) -> QuoteDraft {
        QuoteDraft::tdx15(self, report_data)
    }
}

/// The PPID of a machine.
pub fn ppid(seed: &str) -> [u8; 16] {
    bytes_of("ppid", seed)
}

/// The SGX extension of a machine's PCK certificate, as the PCK Platform CA writes it.
pub fn sgx_extension(seed: &str, cpu_svn: &[u8; 16]) -> Vec<u8> {
    let pair = |name: ObjectIdentifier, value: Vec<u8>| sequence(&[oid(name), value]);
    let octets = |bytes: &[u8]| tlv(OCTET_STRING, bytes);
    let flag = |name, set: bool| pair(name, tlv(BOOLEAN, &[if set { 0xff } else { 0 }]));
    let mut tcb: Vec<_> = (1u32..)
        .zip(cpu_svn)
        .map(|(index, svn)| pair(component_oid(index), integer(&[*svn])))
        .collect();
    tcb.push(pair(oids::PCE_SVN, integer(&PCE_SVN.to_be_bytes())));
    tcb.push(pair(oids::CPU_SVN, octets(cpu_svn)));
    let configuration = [
        flag(oids::DYNAMIC_PLATFORM, false),
        flag(oids::CACHED_KEYS, false),
        flag(oids::SMT_ENABLED, false),
    ];
    sequence(&[
        pair(oids::PPID, octets(&ppid(seed))),
        pair(oids::TCB, sequence(&tcb)),
        pair(oids::PCE_ID, octets(&PCE_ID)),
        pair(oids::FMSPC, octets(&FMSPC.0)),
        pair(oids::SGX_TYPE, tlv(ENUMERATED, &[1])),
        pair(oids::PLATFORM_INSTANCE_ID, octets(&bytes_of::<16>("platform-instance", seed))),
        pair(oids::CONFIGURATION, sequence(&configuration)),
    ])
}

/// Name of the SVN of a TCB component, 1 to 16.
fn component_oid(index: u32) -> ObjectIdentifier {
    // An arc more is always possible: the object identifier is far from its longest.
    oids::TCB.push_arc(index).unwrap_or(oids::TCB)
}
