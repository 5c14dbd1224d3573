//! Group 1: the form of a quote.

use super::{
    differences::{BOUNDS, TRAILING_BYTES},
    sample::{find, put},
    Kind, List, Purpose, Sample,
};
use crate::{
    collateral::saturate,
    error::Error,
    finding::Finding,
    part::QuoteField,
    quote::{MAX_QUOTE, TD_REPORT_15_SIZE},
};
use std::{format, string::String, vec};

pub(super) fn add(list: &mut List) {
    add_headers(list);
    add_bodies(list);
    add_truncations(list);
    add_lengths(list);
    add_certification_data(list);
    add_unusual_forms(list);
}

fn add_headers(list: &mut List) {
    for found in [0, 1, 2, 6, 255] {
        list.add(
            format!("quote-version-{found}"),
            format!("the header says version {found}"),
            Sample::quote(Kind::Sgx, |draft| draft.version = found),
            Error::QuoteVersion { found },
        );
    }
    for found in [0, 1, 3, 255] {
        list.add(
            format!("attestation-key-type-{found}"),
            format!("the header says attestation key type {found}"),
            Sample::quote(Kind::Sgx, |draft| draft.attestation_key_type = found),
            Error::AttestationKeyType { found },
        );
    }
    for (name, kind, version, found) in [
        ("sgx-quote-of-version-4", Kind::Sgx, 4, 0),
        ("sgx-quote-of-version-5", Kind::Sgx, 5, 0),
        ("sgx-quote-with-tee-type-of-tdx", Kind::Sgx, 3, 0x81),
        ("tdx-quote-of-version-3", Kind::Tdx, 3, 0x81),
        ("tdx-quote-with-tee-type-of-sgx", Kind::Tdx, 4, 0),
        ("tee-type-unknown", Kind::Tdx, 4, 2),
    ] {
        list.add(
            name,
            format!("the header says version {version} and TEE type {found:#x}"),
            Sample::quote(kind, |draft| (draft.version, draft.tee_type) = (version, found)),
            Error::TeeType { version, found },
        );
    }
    for kind in Kind::ALL {
        list.add(
            format!("qe-vendor/{}", kind.name()),
            "the header names another vendor of the quoting enclave",
            Sample::quote(kind, |draft| put(&mut draft.qe_vendor_id, 0, &[0])),
            Error::QeVendor,
        );
    }
}

fn add_bodies(list: &mut List) {
    let expected = saturate(TD_REPORT_15_SIZE);
    for found in [0, 1, 5] {
        list.add(
            format!("body-type-{found}"),
            format!("a version 5 quote with body type {found}"),
            Sample::quote(Kind::Tdx15, |draft| draft.body_header = Some((found, expected))),
            Error::BodyType { found },
        );
    }
    for (name, found) in [("body-size-one-less", 647), ("body-size-one-more", 649)] {
        list.add(
            name,
            format!("a TDX 1.5 body that is declared with {found} bytes"),
            Sample::quote(Kind::Tdx15, |draft| draft.body_header = Some((3, found))),
            Error::BodySize { found, expected },
        );
    }
}

fn add_truncations(list: &mut List) {
    list.add(
        "quote-empty",
        "nothing at all",
        Sample::good(Kind::Sgx).then(|sample| sample.quote.clear()),
        truncated(QuoteField::Header, 2, 0),
    );
    list.add(
        "quote-not-a-quote",
        "eight bytes of something else",
        Sample::good(Kind::Sgx).then(|sample| sample.quote = vec![0xff; 8]),
        truncated(QuoteField::Header, 4, 0),
    );
    list.add(
        "quote-ends-in-header",
        "the last byte of the header is missing",
        Sample::good(Kind::Sgx).then(|sample| sample.quote.truncate(47)),
        truncated(QuoteField::Header, 20, 19),
    );
    for kind in Kind::ALL {
        let size_at = kind.authentication_size_at();
        // The last field of TDX 1.0 and SGX bodies is the report data; 1.5 adds a measurement, its extension is one block.
        let last = match kind {
            Kind::Sgx | Kind::Tdx => 64,
            Kind::Tdx15 => 48,
            Kind::Tdx15Ex => 237,
        };
        list.add(
            format!("quote-ends-in-body/{}", kind.name()),
            "the last byte of the report body is missing, and all behind it",
            Sample::good(kind).then(|sample| sample.quote.truncate(size_at.saturating_sub(1))),
            truncated(QuoteField::Body, last, last.saturating_sub(1)),
        );
        let sample = Sample::good(kind);
        let length = saturate(sample.quote.len().saturating_sub(kind.authentication_at()));
        list.add(
            format!("quote-one-byte-short/{}", kind.name()),
            "the last byte is missing",
            sample.then(|sample| {
                sample.quote.pop();
            }),
            truncated(QuoteField::AuthenticationData, length, length.saturating_sub(1)),
        );
    }
    // The size of the authentication data goes down with them: fields inside are missing.
    for (name, length, field, needs, has) in [
        ("signature", 63, QuoteField::Signature, 64, 63),
        ("attestation-key", 127, QuoteField::AttestationKey, 64, 63),
        ("qe-report", 511, QuoteField::QeReport, 64, 63),
        ("qe-report-signature", 575, QuoteField::QeReportSignature, 64, 63),
        ("qe-auth-data-size", 577, QuoteField::QeAuthData, 2, 1),
        ("qe-auth-data", 609, QuoteField::QeAuthData, 32, 31),
        ("certification-data-type", 611, QuoteField::CertificationData, 2, 1),
        ("certification-data-size", 615, QuoteField::CertificationData, 4, 3),
    ] {
        list.add(
            format!("authentication-data-end-in-{name}"),
            format!("the authentication data are {length} bytes long and say so"),
            Sample::good(Kind::Sgx).then(|sample| cut_authentication(sample, length)),
            truncated(field, needs, has),
        );
    }
}

fn truncated(field: QuoteField, needs: u32, has: u32) -> Error {
    Error::QuoteTruncated { field, needs, has }
}

/// Leaves so many bytes of an SGX quote's authentication data, and says so in their size.
fn cut_authentication(sample: &mut Sample, length: u32) {
    let kind = Kind::Sgx;
    let end = kind
        .authentication_at()
        .saturating_add(usize::try_from(length).unwrap_or(usize::MAX));
    sample.quote.truncate(end);
    put(&mut sample.quote, kind.authentication_size_at(), &length.to_le_bytes());
}

fn add_lengths(list: &mut List) {
    for kind in Kind::ALL {
        let size_at = kind.authentication_size_at();
        let sample = Sample::good(kind).then(|sample| put(&mut sample.quote, size_at, &[0xff; 4]));
        let has = saturate(sample.quote.len().saturating_sub(kind.authentication_at()));
        list.add(
            format!("authentication-data-of-4-gib/{}", kind.name()),
            "the size of the authentication data is the largest number",
            sample,
            truncated(QuoteField::AuthenticationData, u32::MAX, has),
        );
        // Behind QE report (384) and its signature (64).
        let auth_size_at = kind.qe_report_at().saturating_add(448);
        let sample = Sample::good(kind).then(|sample| put(&mut sample.quote, auth_size_at, &[0xff; 2]));
        let has = saturate(sample.quote.len().saturating_sub(auth_size_at).saturating_sub(2));
        list.add(
            format!("qe-auth-data-of-64-kib/{}", kind.name()),
            "the size of the QE authentication data is the largest number",
            sample,
            truncated(QuoteField::QeAuthData, 0xffff, has),
        );
        // Behind the QE authentication data (2 + 32) and a type (2).
        let chain_size_at = auth_size_at.saturating_add(36);
        let sample = Sample::good(kind).then(|sample| put(&mut sample.quote, chain_size_at, &[0xff; 4]));
        let has = saturate(sample.quote.len().saturating_sub(chain_size_at).saturating_sub(4));
        list.add(
            format!("certification-data-of-4-gib/{}", kind.name()),
            "the size of the certification data is the largest number",
            sample,
            truncated(QuoteField::CertificationData, u32::MAX, has),
        );
        list.add_stricter(
            format!("trailing-zeros/{}", kind.name()),
            "two zero bytes behind the end",
            Sample::good(kind).then(|sample| sample.quote.extend([0, 0])),
            Error::TrailingBytes { count: 2 },
            &TRAILING_BYTES,
        );
        list.add_stricter(
            format!("trailing-bytes/{}", kind.name()),
            "a byte behind the end",
            Sample::good(kind).then(|sample| sample.quote.push(7)),
            Error::TrailingBytes { count: 1 },
            &TRAILING_BYTES,
        );
    }
    let padded = |padding| Sample::quote(Kind::Sgx, |draft| draft.certification_data.extend(vec![b'\n'; padding]));
    let padding = MAX_QUOTE.saturating_sub(padded(0).quote.len()).saturating_add(1);
    let max = saturate(MAX_QUOTE);
    list.add_stricter(
        "quote-too-long",
        "line ends behind the PCK chain, one more than the longest quote has room for",
        padded(padding),
        Error::QuoteTooLong {
            length: max.saturating_add(1),
            max,
        },
        &BOUNDS,
    );
}

fn add_certification_data(list: &mut List) {
    for found in [1, 2, 3, 4, 6, 7] {
        list.add(
            format!("certification-data-type-{found}"),
            format!("certification data of type {found}, and no chain in the collateral"),
            Sample::quote(Kind::Sgx, |draft| draft.certification_type = found),
            Error::CertificationDataType { found },
        );
    }
    for kind in Kind::TDX {
        list.add(
            format!("certification-data-type-3/{}", kind.name()),
            "certification data of type 3, and no chain in the collateral",
            Sample::quote(kind, |draft| draft.certification_type = 3),
            Error::CertificationDataType { found: 3 },
        );
    }
    for found in [0, 31, 33] {
        list.add(
            format!("qe-auth-data-of-{found}-bytes"),
            format!("QE authentication data of {found} bytes"),
            Sample::quote(Kind::Sgx, |draft| draft.qe_auth_data = vec![1; usize::from(found)]),
            Error::QeAuthDataLength { found },
        );
    }
}

fn add_unusual_forms(list: &mut List) {
    list.add_for(
        Purpose::Look,
        "bytes-behind-a-quote-that-is-looked-at",
        "a byte behind the end, which looking cuts off",
        Sample::good(Kind::Tdx).then(|sample| sample.quote.push(7)),
        Finding::TrailingBytes,
    );
    list.add(
        "slack-behind-certification-data",
        "the certification data are declared one byte shorter than they are",
        Sample::good(Kind::Sgx).then(|sample| {
            let chain = find(&sample.quote, b"-----BEGIN");
            let size = saturate(sample.quote.len().saturating_sub(chain).saturating_sub(1));
            put(&mut sample.quote, chain.saturating_sub(4), &size.to_le_bytes());
        }),
        Finding::Slack,
    );
    for kind in Kind::TDX {
        list.add(
            format!("outer-certification-data-type/{}", kind.name()),
            "the QE report is declared as certification data of type 5",
            Sample::quote(kind, |draft| draft.outer_type = 5),
            Finding::OuterCertificationData,
        );
    }
    for kind in Kind::ALL {
        list.add(
            format!("qe-report-data-tail/{}", kind.name()),
            "the second half of the QE report's report data is not zero",
            Sample::quote(kind, |draft| put(&mut draft.qe_report_data_tail, 31, &[1])),
            Finding::QeReportDataTail,
        );
        list.add(
            format!("text-behind-the-pck-chain/{}", kind.name()),
            "a letter behind the PCK chain",
            Sample::quote(kind, |draft| draft.certification_data.extend(b"\0x")),
            Finding::PckChainForm,
        );
    }
    let chain = String::from(super::sample::machine().chain());
    list.add(
        "pck-chain-in-the-collateral",
        "certification data of type 3, and the PCK chain in the collateral",
        Sample::quote(Kind::Sgx, |draft| {
            (draft.certification_type, draft.certification_data) = (3, vec![1; 404]);
        })
        .then(|sample| sample.collateral.pck_certificate_chain = Some(chain)),
        Finding::PckChainNotInQuote,
    );
}
