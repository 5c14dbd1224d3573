//! Looking at any quote: what `khala attest verify` prints.

use crate::{
    chain::leaf_fmspc,
    collateral::Collateral,
    error::Error,
    finding::Finding,
    measurement,
    policy::{AttestationPolicy, PolicyError},
    quote::{self, Report},
    verify::{self, pck_chain_text},
};
use khala_primitives::{ConfidenceLevel, MeasurementDigest, TcbStatus, Tee};
use serde::{Deserialize, Serialize};
use std::{format, string::String, vec::Vec};

/// What there is to say of a quote, whether it is accepted or not.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LookReport {
    /// Genuine, in date, and accepted by the policy.
    pub accepted: bool,
    /// Status of the trusted computing base, in Intel's words; `None` unless the quote is genuine.
    pub status: Option<TcbStatus>,
    /// Intel's advisories that apply.
    pub advisory_ids: Vec<String>,
    /// What the policy thinks of it, 1 to 5; `None` unless it is accepted.
    pub confidence_level: Option<ConfidenceLevel>,
    /// `SGX` or `TDX`, as the quote claims.
    pub tee: Option<String>,
    /// Version of the quote, as it claims.
    pub quote_version: Option<u16>,
    /// Digest of the code that the quote claims.
    pub measurement: Option<MeasurementDigest>,
    /// The 64 bytes that the code chose, hexadecimal, as the quote claims.
    pub report_data: Option<String>,
    /// Processor family, hexadecimal, as the certificates claim.
    pub fmspc: Option<String>,
    /// Codes of findings: why genuine evidence may not register a worker.
    pub not_for_registration: Vec<String>,
    /// Why it is refused.
    pub error: Option<LookError>,
}

/// Why a quote is refused.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LookError {
    /// A stable name for programs.
    pub code: String,
    /// What is wrong, by how much, and what to do.
    pub message: String,
}

impl From<Error> for LookError {
    fn from(error: Error) -> Self {
        Self {
            code: error.code(),
            message: format!("{error}"),
        }
    }
}

impl From<PolicyError> for LookError {
    fn from(error: PolicyError) -> Self {
        Self {
            code: error.code().into(),
            message: format!("{error}"),
        }
    }
}

/// Looks at a quote at `at_secs` since 1970. Bytes behind the quote's declared end are cut, and noted unless zero.
pub fn look(quote: &[u8], collateral: &Collateral, roots: &[&[u8]], at_secs: u64, policy: &AttestationPolicy) -> LookReport {
    let (quote, behind) = quote::split(quote);
    let mut report = claims(quote, collateral);
    let mut verdict = match verify::verify(quote, collateral, roots, at_secs) {
        Ok(verdict) => verdict,
        Err(error) => {
            return LookReport {
                error: Some(error.into()),
                ..report
            }
        }
    };
    if behind.iter().any(|byte| *byte != 0) {
        verdict.not_for_registration.push(Finding::TrailingBytes);
    }
    report.status = Some(verdict.status);
    report.advisory_ids = verdict.advisories.iter().map(|advisory| advisory.as_str().into()).collect();
    report.not_for_registration = verdict.not_for_registration.iter().map(Finding::code).collect();
    match policy.judge(&verdict) {
        Ok(level) => LookReport {
            accepted: true,
            confidence_level: Some(level),
            ..report
        },
        Err(error) => LookReport {
            error: Some(error.into()),
            ..report
        },
    }
}

/// What the quote says of itself, nothing of it verified.
fn claims(quote: &[u8], collateral: &Collateral) -> LookReport {
    let front = quote::parse_front(quote).ok();
    let report = front.as_ref().map(|front| &front.report);
    let brought = collateral.pck_certificate_chain.as_deref();
    let fmspc = quote::parse(quote)
        .ok()
        .and_then(|quote| leaf_fmspc(pck_chain_text(&quote, brought).ok()?).ok());
    LookReport {
        accepted: false,
        status: None,
        advisory_ids: Vec::new(),
        confidence_level: None,
        tee: report.map(|report| tee_name(report.tee())),
        quote_version: front.as_ref().map(|front| front.header.version),
        measurement: report.map(measurement::of),
        report_data: report.map(|report| hex::encode(Report::report_data(report))),
        fmspc: fmspc.map(|fmspc| format!("{fmspc}")),
        not_for_registration: Vec::new(),
        error: None,
    }
}

fn tee_name(tee: Tee) -> String {
    format!("{tee}")
}

/// Why a file is no quote or collateral.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FileError {
    /// The file is empty.
    Empty,
    /// The file is neither a raw quote nor one in hexadecimal digits.
    NotAQuote,
    /// The file is not the JSON of collateral.
    NotCollateral {
        /// What the JSON parser says, with line and column.
        problem: String,
    },
}

impl core::fmt::Display for FileError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Empty => f.write_str("the file is empty"),
            Self::NotAQuote => f.write_str("the file is hexadecimal, but not whole bytes"),
            Self::NotCollateral { problem } => write!(f, "the file is not collateral in JSON: {problem}"),
        }
    }
}

impl core::error::Error for FileError {}

/// The bytes of a quote in a file, which may hold them raw or as hexadecimal digits with or without `0x`.
///
/// # Errors
/// [`FileError::Empty`] and [`FileError::NotAQuote`]. Bytes that are no quote are for [`look`] to refuse.
pub fn read_quote(file: &[u8]) -> Result<Vec<u8>, FileError> {
    let text = file.trim_ascii();
    if text.is_empty() {
        return Err(FileError::Empty);
    }
    let digits = text.strip_prefix(b"0x").unwrap_or(text);
    // A raw quote begins with its version as two bytes, of which one is zero: it is never text.
    if !digits.iter().all(|byte| byte.is_ascii_hexdigit() || byte.is_ascii_whitespace()) {
        return Ok(file.to_vec());
    }
    let digits: Vec<u8> = digits.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    hex::decode(digits).map_err(|_| FileError::NotAQuote)
}

/// Collateral in a file, as the JSON of dcap-qvl's `QuoteCollateralV3`.
///
/// # Errors
/// [`FileError::NotCollateral`].
pub fn read_collateral(file: &[u8]) -> Result<Collateral, FileError> {
    serde_json::from_slice(file).map_err(|error| FileError::NotCollateral {
        problem: format!("{error}"),
    })
}
