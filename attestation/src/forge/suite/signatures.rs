//! Group 2: the signatures that tie the report to the PCK certificate.

use super::{
    sample::{flip, pki, put},
    Kind, List, Sample,
};
use crate::{
    error::Error,
    forge::{Key, TcbClass},
};
use std::{format, string::String};

pub(super) fn add(list: &mut List) {
    for kind in Kind::ALL {
        let (name, start) = (kind.name(), kind.authentication_at());
        let spoilt = |at: usize| Sample::good(kind).then(|sample| flip(&mut sample.quote, at));
        let overwritten = |at: usize, signature: [u8; 64]| Sample::good(kind).then(|sample| put(&mut sample.quote, at, &signature));
        // The last reserved byte of the header, which nothing but the signature looks at.
        list.add(
            format!("header-changed/{name}"),
            "a bit of the header's user data is flipped",
            spoilt(47),
            Error::QuoteSignature,
        );
        list.add(
            format!("report-changed/{name}"),
            "the last bit of the report body is flipped",
            spoilt(kind.authentication_size_at().saturating_sub(1)),
            Error::QuoteSignature,
        );
        list.add(
            format!("quote-signature-changed/{name}"),
            "a bit of the quote's signature is flipped",
            spoilt(start),
            Error::QuoteSignature,
        );
        list.add(
            format!("quote-signature-zero/{name}"),
            "the quote's signature is zero",
            overwritten(start, [0; 64]),
            Error::QuoteSignature,
        );
        list.add(
            format!("quote-signature-one/{name}"),
            "both numbers of the quote's signature are one",
            overwritten(start, ones()),
            Error::QuoteSignature,
        );
        list.add(
            format!("attestation-key-changed/{name}"),
            "a bit of the attestation key is flipped",
            spoilt(start.saturating_add(64)),
            Error::QeReportBinding,
        );
        let qe_report = kind.qe_report_at();
        list.add(
            format!("qe-report-changed/{name}"),
            "a bit of the QE report is flipped",
            spoilt(qe_report),
            Error::QeReportSignature,
        );
        list.add(
            format!("qe-report-signature-zero/{name}"),
            "the signature of the QE report is zero",
            overwritten(qe_report.saturating_add(384), [0; 64]),
            Error::QeReportSignature,
        );
        list.add(
            format!("qe-report-by-a-stranger/{name}"),
            "the QE report is signed with another key than the PCK certificate's",
            Sample::quote(kind, |draft| draft.pck = Key::named("stranger")),
            Error::QeReportSignature,
        );
        // Behind QE report (384), signature (64) and size (2).
        list.add(
            format!("qe-auth-data-changed/{name}"),
            "a bit of the QE authentication data is flipped",
            spoilt(qe_report.saturating_add(450)),
            Error::QeReportBinding,
        );
        list.add(
            format!("attestation-key-off-the-curve/{name}"),
            "the attestation key, which the QE report names, is not a point of the curve",
            Sample::quote(kind, |draft| draft.attestation_key = Key::off_the_curve()),
            Error::AttestationKey,
        );
    }
    list.add(
        "pck-chain-in-the-collateral-of-another-machine",
        "the collateral brings the chain of another machine",
        Sample::good(Kind::Sgx).then(|sample| {
            let other = pki().platform(TcbClass::UpToDate, "another");
            sample.collateral.pck_certificate_chain = Some(String::from(other.chain()));
        }),
        Error::QeReportSignature,
    );
}

/// A signature whose two numbers are one.
fn ones() -> [u8; 64] {
    let mut signature = [0; 64];
    put(&mut signature, 31, &[1]);
    put(&mut signature, 63, &[1]);
    signature
}
