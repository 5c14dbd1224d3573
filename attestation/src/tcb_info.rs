//! TCB info: which security versions of a processor family have which status.
//!
//! Format: Intel, *Provisioning Certification Service API*, version 4, `Get TCB Info`, version 3 of the document.

use crate::{advisory::Advisory, dates, error::Error, hex_bytes::Fmspc, part::Part, rollback::Edition};
use alloc::{string::String, vec::Vec};
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::cmp::Reverse;
use khala_primitives::{bytes::parse_hex, TcbStatus, Tee};
use scale_info::TypeInfo;
use serde::Deserialize;

/// Most TCB levels. Intel's documents have up to 21.
pub const MAX_LEVELS: u32 = 64;
/// Most versions of the TDX module. Intel's documents have 2.
pub const MAX_MODULES: u32 = 16;
/// Most advisories of a level. Intel's documents have up to 28.
pub const MAX_ADVISORIES: u32 = 64;

/// Advisories of a level.
pub type Advisories = BoundedVec<Advisory, ConstU32<MAX_ADVISORIES>>;

/// TCB info, read.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct TcbInfo {
    /// Which TEE it is for.
    pub tee: Tee,
    /// Version of the document.
    pub version: u8,
    /// When it was issued, in seconds since 1970.
    pub issued_secs: u64,
    /// Last second, since 1970, at which it counts.
    pub next_update_secs: u64,
    /// The processor family.
    pub fmspc: Fmspc,
    /// Which provisioning certification enclave; `None` if it is not two bytes.
    pub pce_id: Option<[u8; 2]>,
    /// Number of Intel's evaluation.
    pub evaluation_data_number: u32,
    /// Levels from the newest to the oldest.
    pub levels: BoundedVec<TcbLevel, ConstU32<MAX_LEVELS>>,
    /// TDX: the module where no version of it is told apart.
    pub module: Option<TdxModule>,
    /// TDX: the module's versions.
    pub module_versions: BoundedVec<TdxModuleVersion, ConstU32<MAX_MODULES>>,
}

/// A set of minimal security versions, and what meeting them is worth.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct TcbLevel {
    /// Minimal CPU SVN, byte by byte.
    pub cpu_svn: [u8; 16],
    /// Minimal PCE SVN.
    pub pce_svn: u16,
    /// TDX: minimal TEE_TCB_SVN, byte by byte; zero for SGX.
    pub tdx_svn: [u8; 16],
    /// The status of those who meet it.
    pub status: TcbStatus,
    /// Advisories that apply to them.
    pub advisories: Advisories,
}

/// What the TDX module's signer and attributes must be.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct TdxModule {
    /// Hash of the key that signs it.
    pub mr_signer: [u8; 48],
    /// Its attributes.
    pub attributes: [u8; 8],
    /// Which bits of the attributes are compared; the others must be zero.
    pub attributes_mask: [u8; 8],
}

/// One version of the TDX module.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct TdxModuleVersion {
    /// The version, second byte of TEE_TCB_SVN.
    pub version: u8,
    /// Signer and attributes.
    pub module: TdxModule,
    /// Levels in the document's order.
    pub levels: BoundedVec<SvnLevel<u8>, ConstU32<MAX_LEVELS>>,
}

/// A minimal security version of one component, and what meeting it is worth.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct SvnLevel<S> {
    /// Minimal ISVSVN.
    pub isv_svn: S,
    /// The status of those who meet it.
    pub status: TcbStatus,
    /// Advisories that apply to them.
    pub advisories: Advisories,
}

impl TcbInfo {
    /// Reads the document. Its signature is over the same bytes.
    ///
    /// # Errors
    /// [`Error::Json`], [`Error::Date`], [`Error::HexValue`], [`Error::ComponentCount`], [`Error::CollateralTooLarge`]
    /// and [`Error::TcbInfoKind`].
    pub fn parse(json: &str) -> Result<Self, Error> {
        let document: Document = serde_json::from_str(json).map_err(|error| json_error(Part::TcbInfo, &error))?;
        document.read()
    }

    /// The version of the TDX module that a TEE_TCB_SVN names in its second byte.
    pub fn module_version(&self, version: u8) -> Option<&TdxModuleVersion> {
        self.module_versions.iter().find(|module| module.version == version)
    }

    /// Its place among the documents of its FMSPC, TEE and evaluation number.
    pub fn edition(&self) -> Edition {
        Edition {
            number: 0,
            issued_secs: self.issued_secs,
        }
    }
}

/// An error of the JSON parser, with its place.
pub(crate) fn json_error(part: Part, error: &serde_json::Error) -> Error {
    let place = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Error::Json {
        part,
        line: place(error.line()),
        column: place(error.column()),
    }
}

/// A list within its bound.
pub(crate) fn bounded<T, const N: u32>(list: Vec<T>, part: Part) -> Result<BoundedVec<T, ConstU32<N>>, Error> {
    let size = u32::try_from(list.len()).unwrap_or(u32::MAX);
    BoundedVec::try_from(list).map_err(|_| Error::CollateralTooLarge { part, size, max: N })
}

/// A level of one component in JSON, as TDX modules and quoting enclaves have them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JsonSvnLevel<S> {
    tcb: JsonIsvSvn<S>,
    /// Decides nothing here, but must be a date.
    tcb_date: String,
    tcb_status: TcbStatus,
    #[serde(rename = "advisoryIDs", default)]
    advisory_ids: Vec<Advisory>,
}

#[derive(Deserialize)]
struct JsonIsvSvn<S> {
    isvsvn: S,
}

impl<S> JsonSvnLevel<S> {
    pub(crate) fn read(self, part: Part) -> Result<SvnLevel<S>, Error> {
        dates::parse(&self.tcb_date).ok_or(Error::Date { part })?;
        Ok(SvnLevel {
            isv_svn: self.tcb.isvsvn,
            status: self.tcb_status,
            advisories: bounded(self.advisory_ids, part)?,
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    id: String,
    version: u8,
    issue_date: String,
    next_update: String,
    fmspc: String,
    pce_id: String,
    #[serde(rename = "tcbType")]
    _tcb_type: u32,
    tcb_evaluation_data_number: u32,
    tcb_levels: Vec<JsonLevel>,
    #[serde(default)]
    tdx_module: Option<JsonModule>,
    #[serde(default)]
    tdx_module_identities: Vec<JsonModuleVersion>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JsonLevel {
    tcb: JsonTcb,
    tcb_date: String,
    tcb_status: TcbStatus,
    #[serde(rename = "advisoryIDs", default)]
    advisory_ids: Vec<Advisory>,
}

#[derive(Deserialize)]
struct JsonTcb {
    sgxtcbcomponents: Vec<JsonComponent>,
    pcesvn: u16,
    #[serde(default)]
    tdxtcbcomponents: Vec<JsonComponent>,
}

#[derive(Deserialize)]
struct JsonComponent {
    svn: u8,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JsonModule {
    mrsigner: String,
    attributes: String,
    attributes_mask: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JsonModuleVersion {
    id: String,
    mrsigner: String,
    attributes: String,
    attributes_mask: String,
    tcb_levels: Vec<JsonSvnLevel<u8>>,
}

impl Document {
    fn read(self) -> Result<TcbInfo, Error> {
        let part = Part::TcbInfo;
        let tee = match (self.id.as_str(), self.version) {
            ("SGX", 2..) => Tee::Sgx,
            ("TDX", 3..) => Tee::Tdx,
            ("TDX", version) => return Err(Error::TcbInfoKind { tee: Tee::Tdx, version }),
            (_, version) => return Err(Error::TcbInfoKind { tee: Tee::Sgx, version }),
        };
        let mut levels = Vec::new();
        for level in self.tcb_levels {
            levels.push(level.read(tee)?);
        }
        // The document's order does not count: the newest level comes first, by SGX components, then PCE, then TDX.
        levels.sort_by_key(|level| Reverse((level.cpu_svn, level.pce_svn, level.tdx_svn)));
        let mut module_versions = Vec::new();
        for version in self.tdx_module_identities {
            module_versions.extend(version.read()?);
        }
        Ok(TcbInfo {
            tee,
            version: self.version,
            issued_secs: dates::parse(&self.issue_date).ok_or(Error::Date { part })?,
            next_update_secs: dates::parse(&self.next_update).ok_or(Error::Date { part })?,
            fmspc: Fmspc(hex_value(&self.fmspc)?),
            pce_id: hex_value(&self.pce_id).ok(),
            evaluation_data_number: self.tcb_evaluation_data_number,
            levels: bounded(levels, part)?,
            module: self.tdx_module.map(JsonModule::read).transpose()?,
            module_versions: bounded(module_versions, part)?,
        })
    }
}

impl JsonLevel {
    fn read(self, tee: Tee) -> Result<TcbLevel, Error> {
        dates::parse(&self.tcb_date).ok_or(Error::Date { part: Part::TcbInfo })?;
        let tdx_svn = match tee {
            Tee::Sgx => [0; 16],
            Tee::Tdx => components(&self.tcb.tdxtcbcomponents, true)?,
        };
        Ok(TcbLevel {
            cpu_svn: components(&self.tcb.sgxtcbcomponents, false)?,
            pce_svn: self.tcb.pcesvn,
            tdx_svn,
            status: self.tcb_status,
            advisories: bounded(self.advisory_ids, Part::TcbInfo)?,
        })
    }
}

impl JsonModule {
    fn read(self) -> Result<TdxModule, Error> {
        Ok(TdxModule {
            mr_signer: hex_value(&self.mrsigner)?,
            attributes: hex_value(&self.attributes)?,
            attributes_mask: hex_value(&self.attributes_mask)?,
        })
    }
}

impl JsonModuleVersion {
    /// `None` for an identity that is not named `TDX_` and a version: no module can have it.
    fn read(self) -> Result<Option<TdxModuleVersion>, Error> {
        let Some(version) = module_number(&self.id) else { return Ok(None) };
        let mut levels = Vec::new();
        for level in self.tcb_levels {
            levels.push(level.read(Part::TcbInfo)?);
        }
        let module = JsonModule {
            mrsigner: self.mrsigner,
            attributes: self.attributes,
            attributes_mask: self.attributes_mask,
        };
        Ok(Some(TdxModuleVersion {
            version,
            module: module.read()?,
            levels: bounded(levels, Part::TcbInfo)?,
        }))
    }
}

/// The version in a name such as `TDX_03`.
fn module_number(id: &str) -> Option<u8> {
    let (prefix, digits) = id.split_at_checked(4)?;
    if !prefix.eq_ignore_ascii_case("TDX_") {
        return None;
    }
    parse_digits(digits).map(|[number]| number)
}

fn components(components: &[JsonComponent], tdx: bool) -> Result<[u8; 16], Error> {
    let found = u32::try_from(components.len()).unwrap_or(u32::MAX);
    let svns: Vec<u8> = components.iter().map(|component| component.svn).collect();
    svns.try_into().map_err(|_| Error::ComponentCount { tdx, found })
}

fn hex_value<const N: usize>(text: &str) -> Result<[u8; N], Error> {
    parse_digits(text).ok_or(Error::HexValue { part: Part::TcbInfo })
}

/// Hexadecimal digits without `0x`.
fn parse_digits<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.starts_with("0x") {
        return None;
    }
    parse_hex(text).ok()
}
