//! QE identity: which quoting enclave may vouch for attestation keys.
//!
//! Format: Intel, *Provisioning Certification Service API*, version 4, `Get Quoting Enclave Identity`.

use crate::{
    dates,
    error::Error,
    hex_bytes::deserialize_hex,
    part::Part,
    quote::SgxReport,
    rollback::Edition,
    shortfall::{Component, Shortfall},
    tcb_info::{bounded, json_error, JsonSvnLevel, SvnLevel, MAX_LEVELS},
};
use alloc::{string::String, vec::Vec};
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use khala_primitives::{TcbStatus, Tee};
use scale_info::TypeInfo;
use serde::Deserialize;

/// QE identity, read.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct QeIdentity {
    /// Whose quoting enclave: `QE` of SGX or `TD_QE` of TDX.
    pub tee: Tee,
    /// Version of the document.
    pub version: u8,
    /// When it was issued, in seconds since 1970.
    pub issued_secs: u64,
    /// Last second, since 1970, at which it counts.
    pub next_update_secs: u64,
    /// Number of Intel's evaluation.
    pub evaluation_data_number: u32,
    /// Expected MISCSELECT.
    pub misc_select: u32,
    /// Which bits of MISCSELECT are compared.
    pub misc_select_mask: u32,
    /// Expected attributes.
    pub attributes: [u8; 16],
    /// Which bits of the attributes are compared.
    pub attributes_mask: [u8; 16],
    /// Hash of the key that signs the enclave.
    pub mr_signer: [u8; 32],
    /// The enclave's product id.
    pub isv_prod_id: u16,
    /// Levels in the document's order.
    pub levels: BoundedVec<SvnLevel<u16>, ConstU32<MAX_LEVELS>>,
}

/// What the QE report says that the identity speaks of.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct QeFacts {
    /// MISCSELECT.
    pub misc_select: u32,
    /// Attributes.
    pub attributes: [u8; 16],
    /// Hash of the key that signed the enclave.
    pub mr_signer: [u8; 32],
    /// Product id.
    pub isv_prod_id: u16,
    /// Security version.
    pub isv_svn: u16,
}

impl From<&SgxReport> for QeFacts {
    fn from(report: &SgxReport) -> Self {
        Self {
            misc_select: report.misc_select,
            attributes: report.attributes,
            mr_signer: report.mr_signer,
            isv_prod_id: report.isv_prod_id,
            isv_svn: report.isv_svn,
        }
    }
}

/// Statuses that Intel gives a quoting enclave.
const STATUSES: [TcbStatus; 5] = [
    TcbStatus::UpToDate,
    TcbStatus::OutOfDate,
    TcbStatus::ConfigurationNeeded,
    TcbStatus::Revoked,
    TcbStatus::OutOfDateConfigurationNeeded,
];

impl QeIdentity {
    /// Reads the document. Its signature is over the same bytes.
    ///
    /// # Errors
    /// [`Error::Json`], [`Error::Date`], [`Error::CollateralTooLarge`] and [`Error::QeIdentityKind`].
    pub fn parse(json: &str) -> Result<Self, Error> {
        let document: Document = serde_json::from_str(json).map_err(|error| json_error(Part::QeIdentity, &error))?;
        document.read()
    }

    /// The level of a quoting enclave that is the one described.
    ///
    /// # Errors
    /// Group 5.
    pub fn evaluate(&self, qe: &QeFacts) -> Result<&SvnLevel<u16>, Error> {
        if qe.mr_signer != self.mr_signer {
            return Err(Error::QeSigner);
        }
        // DEBUG is bit 1 of the flags.
        if qe.attributes.first().is_some_and(|flags| flags & 0b10 != 0) {
            return Err(Error::QeDebug);
        }
        if qe.isv_prod_id != self.isv_prod_id {
            return Err(Error::QeProduct {
                found: qe.isv_prod_id,
                expected: self.isv_prod_id,
            });
        }
        let (found, expected) = (qe.misc_select & self.misc_select_mask, self.misc_select & self.misc_select_mask);
        if found != expected {
            return Err(Error::QeMiscSelect { found, expected });
        }
        for (byte, ((found, expected), mask)) in (0u8..).zip(qe.attributes.iter().zip(&self.attributes).zip(&self.attributes_mask)) {
            if found & mask != expected & mask {
                return Err(Error::QeAttributes { byte });
            }
        }
        self.level(qe.isv_svn)
    }

    fn level(&self, isv_svn: u16) -> Result<&SvnLevel<u16>, Error> {
        let needed = self.levels.last().map(|level| level.isv_svn);
        let level = self
            .levels
            .iter()
            .find(|level| isv_svn >= level.isv_svn)
            .ok_or(Error::QeSvn { found: isv_svn, needed })?;
        if !STATUSES.contains(&level.status) {
            return Err(Error::StatusNotAllowed {
                part: Part::QeIdentity,
                status: level.status,
            });
        }
        Ok(level)
    }

    /// What a quoting enclave lacks for the newest level.
    pub fn shortfall(&self, isv_svn: u16) -> Option<Shortfall> {
        let newest = self.levels.iter().map(|level| level.isv_svn).max()?;
        Shortfall::check(Component::Qe, isv_svn, newest)
    }

    /// Its place among the documents of its TEE and evaluation number.
    pub fn edition(&self) -> Edition {
        Edition {
            number: 0,
            issued_secs: self.issued_secs,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    id: String,
    version: u8,
    issue_date: String,
    next_update: String,
    tcb_evaluation_data_number: u32,
    #[serde(deserialize_with = "deserialize_hex")]
    miscselect: [u8; 4],
    #[serde(deserialize_with = "deserialize_hex")]
    miscselect_mask: [u8; 4],
    #[serde(deserialize_with = "deserialize_hex")]
    attributes: [u8; 16],
    #[serde(deserialize_with = "deserialize_hex")]
    attributes_mask: [u8; 16],
    #[serde(deserialize_with = "deserialize_hex")]
    mrsigner: [u8; 32],
    isvprodid: u16,
    tcb_levels: Vec<JsonSvnLevel<u16>>,
}

impl Document {
    fn read(self) -> Result<QeIdentity, Error> {
        let part = Part::QeIdentity;
        let tee = match (self.id.as_str(), self.version) {
            ("QE", 2) => Tee::Sgx,
            ("TD_QE", 2 | 3) => Tee::Tdx,
            ("TD_QE", version) => return Err(Error::QeIdentityKind { tee: Tee::Tdx, version }),
            (_, version) => return Err(Error::QeIdentityKind { tee: Tee::Sgx, version }),
        };
        let mut levels = Vec::new();
        for level in self.tcb_levels {
            levels.push(level.read(part)?);
        }
        Ok(QeIdentity {
            tee,
            version: self.version,
            issued_secs: dates::parse(&self.issue_date).ok_or(Error::Date { part })?,
            next_update_secs: dates::parse(&self.next_update).ok_or(Error::Date { part })?,
            evaluation_data_number: self.tcb_evaluation_data_number,
            misc_select: u32::from_le_bytes(self.miscselect),
            misc_select_mask: u32::from_le_bytes(self.miscselect_mask),
            attributes: self.attributes,
            attributes_mask: self.attributes_mask,
            mr_signer: self.mrsigner,
            isv_prod_id: self.isvprodid,
            levels: bounded(levels, part)?,
        })
    }
}
