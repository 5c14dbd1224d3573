//! DCAP quotes: what their bytes mean. Nothing here is verified yet.
//!
//! Formats: Intel, *SGX Data Center Attestation Primitives: ECDSA Quote Library API* (version 3) and *Intel TDX DCAP
//! Quoting Library API* (versions 4 and 5). Numbers are little-endian.
//!
//! ```text
//! header (48) | version 5: body type (2), body size (4) | report body | size (4) | authentication data
//! ```

mod certification;
mod header;
mod reader;
mod sgx;
mod tdx;

pub use certification::{Authentication, PCK_CERT_CHAIN, QE_REPORT_CERTIFICATION_DATA};
pub use header::{Header, HEADER_SIZE, INTEL_QE_VENDOR_ID};
pub use sgx::{SgxReport, SGX_REPORT_SIZE};
pub use tdx::{TdReport, TdReport15, TD_REPORT_10_SIZE, TD_REPORT_15_EX_SIZE, TD_REPORT_15_SIZE};

use crate::{collateral::saturate, error::Error, part::QuoteField};
use header::BodyKind;
use khala_primitives::Tee;
use reader::Reader;
use sha2::{Digest, Sha256};

/// Longest quote that is taken, in bytes. Genuine ones have about 5 KiB.
pub const MAX_QUOTE: usize = khala_primitives::Evidence::MAX_QUOTE;

/// The report body: what the processor says of the code.
// A quote has one of them: a box would cost an allocation and save nothing.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Report {
    /// Of an enclave.
    Sgx(SgxReport),
    /// Of a trust domain.
    Td(TdReport),
}

impl Report {
    /// Kind of TEE.
    pub fn tee(&self) -> Tee {
        match self {
            Self::Sgx(_) => Tee::Sgx,
            Self::Td(_) => Tee::Tdx,
        }
    }

    /// The 64 bytes that the code chose.
    pub fn report_data(&self) -> &[u8; 64] {
        match self {
            Self::Sgx(report) => &report.report_data,
            Self::Td(report) => &report.report_data,
        }
    }
}

/// A quote, taken apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Quote<'a> {
    /// The header.
    pub header: Header,
    /// The report body.
    pub report: Report,
    /// The bytes that the attestation key signs: header and body.
    pub signed: &'a [u8],
    /// Who says so.
    pub authentication: Authentication<'a>,
}

impl Quote<'_> {
    /// SHA-256 of the certification bytes: of everything behind the quote's signature. Two quotes with the same hash have the
    /// same attestation key, certified by the same platform and quoting enclave.
    pub fn certification_hash(&self) -> [u8; 32] {
        Sha256::digest(self.authentication.certification).into()
    }
}

/// Header and report of a quote, which can be shown even when the rest cannot be read.
pub struct Front<'a> {
    /// The header.
    pub header: Header,
    /// The report body.
    pub report: Report,
    signed: &'a [u8],
    rest: Reader<'a>,
}

/// Reads header and report body.
///
/// # Errors
/// Group 1.
pub fn parse_front(bytes: &[u8]) -> Result<Front<'_>, Error> {
    let mut reader = Reader::new(bytes);
    let header = Header::read(&mut reader)?;
    let report = match header.read_body_kind(&mut reader)? {
        BodyKind::Sgx => Report::Sgx(SgxReport::read(&mut reader, QuoteField::Body)?),
        BodyKind::Td10 => Report::Td(TdReport::read_10(&mut reader)?),
        BodyKind::Td15 => Report::Td(TdReport::read_15(&mut reader)?),
        BodyKind::Td15Ex => Report::Td(TdReport::read_15_ex(&mut reader)?),
    };
    let signed = reader.consumed(bytes);
    Ok(Front {
        header,
        report,
        signed,
        rest: reader,
    })
}

/// Reads a whole quote; nothing may be behind its declared end.
///
/// # Errors
/// Group 1.
pub fn parse(bytes: &[u8]) -> Result<Quote<'_>, Error> {
    if bytes.len() > MAX_QUOTE {
        return Err(Error::QuoteTooLong {
            length: saturate(bytes.len()),
            max: saturate(MAX_QUOTE),
        });
    }
    let Front {
        header,
        report,
        signed,
        rest: mut reader,
    } = parse_front(bytes)?;
    let data = reader.sized_u32(QuoteField::AuthenticationData)?;
    let trailing = reader.left();
    if trailing > 0 {
        return Err(Error::TrailingBytes { count: saturate(trailing) });
    }
    let authentication = Authentication::parse(report.tee(), data)?;
    Ok(Quote {
        header,
        report,
        signed,
        authentication,
    })
}

/// Splits a file into the quote, up to its declared end, and what is behind it. All of it is the quote if the end is
/// not inside.
pub fn split(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = parse_front(bytes).and_then(|mut front| {
        front.rest.sized_u32(QuoteField::AuthenticationData)?;
        Ok(front.rest.consumed(bytes).len())
    });
    bytes.split_at_checked(end.unwrap_or(bytes.len())).unwrap_or((bytes, &[]))
}

/// Cuts the zero bytes that genuine TDX quotes come with behind their declared end. Anything else there stays, and
/// verification refuses it.
pub fn trim(bytes: &[u8]) -> &[u8] {
    match split(bytes) {
        (quote, rest) if rest.iter().all(|byte| *byte == 0) => quote,
        _ => bytes,
    }
}
