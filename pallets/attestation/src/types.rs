//! What the pallet keeps and hands out.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{pallet_prelude::ConstU32, BoundedVec};
use khala_attestation::{
    advisory::Advisory,
    collateral::{MAX_CHAIN, MAX_CRL, MAX_QE_IDENTITY, MAX_SIGNATURE, MAX_TCB_INFO},
    documents::RootKeyHash,
    hex_bytes::Fmspc,
    policy::AttestationPolicy,
    Facts,
};
use khala_primitives::{ConfidenceLevel, MeasurementDigest, PlatformId, TcbStatus, Tee};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Longest root certificate, in bytes of DER. Intel's has 659.
pub const MAX_ROOT_LEN: u32 = 2048;
/// Most roots that may be trusted at once.
pub const MAX_ROOTS: u32 = 8;
/// Most advisories of one verdict. Intel's TCB levels name up to 28, and a verdict joins those of platform and quoting enclave.
pub const MAX_ADVISORIES: u32 = 64;

/// A root certificate, DER.
pub type RootCertificate = BoundedVec<u8, ConstU32<MAX_ROOT_LEN>>;
/// The advisories that apply to a platform.
pub type Advisories = BoundedVec<Advisory, ConstU32<MAX_ADVISORIES>>;

/// A certificate chain, PEM.
pub type Chain = BoundedVec<u8, ConstU32<{ MAX_CHAIN as u32 }>>;
/// A revocation list, DER.
pub type CrlDer = BoundedVec<u8, ConstU32<{ MAX_CRL as u32 }>>;
/// TCB info, JSON exactly as signed.
pub type TcbInfoJson = BoundedVec<u8, ConstU32<{ MAX_TCB_INFO as u32 }>>;
/// QE identity, JSON exactly as signed.
pub type QeIdentityJson = BoundedVec<u8, ConstU32<{ MAX_QE_IDENTITY as u32 }>>;
/// A signature of Intel's, `r ++ s`.
pub type IntelSignature = [u8; MAX_SIGNATURE];

/// A root certificate at which a platform's chain may end.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct TrustedRoot {
    /// The certificate.
    pub certificate: RootCertificate,
    /// SHA-256 of its public key, by which documents name it.
    pub key_hash: RootKeyHash,
    /// Trusted from this moment on, in seconds since 1970 of the chain's time.
    pub active_from_secs: u64,
}

/// The pallet's values of one network.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Parameters {
    /// Notice before more is trusted than before, in seconds. Trusting less takes no notice.
    pub loosening_delay_secs: u64,
    /// Time past their next update for which documents still serve renewals, in seconds.
    pub collateral_grace_secs: u64,
}

impl Parameters {
    /// The production network's.
    pub const KHALA: Self = Self {
        loosening_delay_secs: 24 * 3600,
        collateral_grace_secs: 7 * 24 * 3600,
    };

    /// Those of a network on one machine.
    pub const LOCAL: Self = Self {
        loosening_delay_secs: 5,
        ..Self::KHALA
    };
}

/// The TCB info of a processor family, under each evaluation number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Family {
    /// The root that it leads to.
    pub root: RootKeyHash,
    /// For which TEE.
    pub tee: Tee,
    /// The family.
    pub fmspc: Fmspc,
}

/// The quoting enclave of a TEE, under each evaluation number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct QuotingEnclave {
    /// The root that it leads to.
    pub root: RootKeyHash,
    /// Of which TEE.
    pub tee: Tee,
}

/// A kind of document.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[allow(missing_docs)]
pub enum DocumentKind {
    RootCrl,
    PckCrl,
    TcbInfo,
    QeIdentity,
}

/// What code may do: a set of bits.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Roles(pub u8);

impl Roles {
    /// Work: mine, and later run contracts.
    pub const WORKER: Self = Self(1);
    /// Keep the network's secrets.
    pub const GATEKEEPER: Self = Self(2);

    /// Has all roles of `other`.
    pub fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The roles of both.
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Has no role.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Has only bits that mean something.
    pub fn is_known(self) -> bool {
        Self::WORKER.with(Self::GATEKEEPER).contains(self)
    }
}

/// Code that may run, for what and when.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AllowedMeasurement {
    /// What it may do.
    pub roles: Roles,
    /// Allowed from this moment on, in seconds since 1970 of the chain's time.
    pub active_from_secs: u64,
    /// No longer allowed from this moment on; `None` when no end is set.
    pub deprecated_from_secs: Option<u64>,
}

/// Is it a policy for a chain?
///
/// Findings must refuse: they are what a host can do to a worker. Evaluation numbers are named, and only rise. What an advisory
/// costs is never less for not being allowed.
pub(crate) fn is_for_chain(policy: &AttestationPolicy) -> bool {
    let rises = policy
        .evaluation_numbers
        .is_some_and(|numbers| numbers.next.is_none_or(|next| numbers.current < next.number));
    !policy.accept_findings && rises && policy.statuses.are_monotone()
}

/// How a measurement stands at one moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum MeasurementStanding {
    /// Not on the list, or not for this role.
    NotAllowed,
    /// Its time has not come.
    NotYetActive,
    /// It may run.
    Active,
    /// Its time is over.
    Deprecated,
}

impl AllowedMeasurement {
    /// How it stands for `role` at `now_secs`: allowed in `active_from_secs..deprecated_from_secs`.
    pub fn standing(&self, role: Roles, now_secs: u64) -> MeasurementStanding {
        if !self.roles.contains(role) {
            MeasurementStanding::NotAllowed
        } else if now_secs < self.active_from_secs {
            MeasurementStanding::NotYetActive
        } else if self.deprecated_from_secs.is_some_and(|end| end <= now_secs) {
            MeasurementStanding::Deprecated
        } else {
            MeasurementStanding::Active
        }
    }
}

/// What the chain remembers of evidence that it has verified.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct VerdictRecord {
    /// What the signatures have proven: enough to judge it again without the quote.
    pub facts: Facts,
    /// SHA-256 of the quote's certification bytes: evidence with the same ones needs one signature verified, not three.
    pub certification_hash: [u8; 32],
    /// Status of its trusted computing base.
    pub status: TcbStatus,
    /// Intel's advisories that apply.
    pub advisories: Advisories,
    /// What the policy thinks of it.
    pub level: ConfidenceLevel,
    /// Version of the policy that judged it.
    pub policy_version: u32,
    /// When the first of the certificates and documents behind it expires, in seconds since 1970.
    pub expires_at_secs: u64,
}

impl VerdictRecord {
    /// Kind of TEE.
    pub fn tee(&self) -> Tee {
        self.facts.report.tee()
    }

    /// Which code runs.
    pub fn measurement(&self) -> MeasurementDigest {
        self.facts.report.measurement
    }

    /// Which machine it is.
    pub fn platform_id(&self) -> PlatformId {
        self.facts.certified.platform.id
    }

    /// Its processor family.
    pub fn fmspc(&self) -> Fmspc {
        self.facts.certified.platform.fmspc
    }
}
