//! What a provider checks of a quote before anybody sees it: that it is one, and about what was asked for.
//!
//! Signatures are not checked: the chain does that, and a machine that forges gains nothing here. The checks are for the
//! operator, who reads here what the chain would refuse hours later, and against mix-ups: a quote over other report data
//! would be somebody else's.

use khala_attestation::{
    checks, measurement,
    quote::{self, Report, MAX_QUOTE, PCK_CERT_CHAIN},
    Error,
};
use khala_primitives::{MeasurementDigest, Tee as Kind};
use tracing::warn;

/// Report data of the quote by which a provider learns its own measurement. No WorkerInfo has it: that would be a hash
/// that reads as this text.
pub(super) const SELF_REPORT_DATA: [u8; 64] = {
    let mut data = [0; 64];
    let (text, _zeros) = data.split_at_mut(32);
    text.copy_from_slice(b"khala/quote-about-oneself/v1\0\0\0\0");
    data
};

/// Why a quote is not used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum QuoteFlaw {
    /// No bytes.
    #[error("it is empty: the machine's quote service failed; look at its log")]
    Empty,
    /// Longer than the chain takes.
    #[error("it has {length} bytes, the chain takes {MAX_QUOTE}")]
    TooLong {
        /// Its length.
        length: usize,
    },
    /// Cut short, or not a quote.
    #[error("{0}")]
    Unreadable(Error),
    /// Of another kind of TEE.
    #[error("it is of {found}, not of {expected}")]
    OtherTee {
        /// The quote's.
        found: Kind,
        /// The provider's.
        expected: Kind,
    },
    /// It names its platform in another way than by a certificate chain.
    #[error(
        "its certification data has type {found}, not {PCK_CERT_CHAIN} (a chain of PCK certificates): configure the machine's quote provider \
         library with a PCCS that knows this platform"
    )]
    NoCertificates {
        /// The type.
        found: u16,
    },
    /// About something else.
    #[error("its report data are not the ones that were asked for: another program uses the interface at the same time; stop it")]
    OtherReportData,
}

/// A quote that was checked.
#[derive(Debug)]
pub(super) struct OwnQuote {
    pub(super) bytes: Vec<u8>,
    report: Report,
}

impl OwnQuote {
    /// The digest by which the chain knows the code.
    pub(super) fn measurement(&self) -> MeasurementDigest {
        measurement::of(&self.report)
    }

    /// Does the report say that the memory is the code's own? Says in the log what the chain would refuse.
    pub(super) fn is_protected(&self) -> bool {
        let findings = checks::find_in_report(&self.report);
        if !findings.is_empty() {
            let findings: Vec<_> = findings.iter().map(ToString::to_string).collect();
            warn!(
                findings = findings.join(", "),
                "the chain refuses to register this TEE: see to how it is started"
            );
        }
        match checks::check_report(&self.report) {
            Ok(()) => true,
            Err(error) => {
                warn!(%error, "the chain refuses evidence of this TEE, and its keys may not be safe: see to how it is started");
                false
            }
        }
    }
}

/// Checks a quote that an interface gave for `report_data`, and cuts the zeros behind its end.
pub(super) fn check(bytes: &[u8], expected: Kind, report_data: &[u8; 64]) -> Result<OwnQuote, QuoteFlaw> {
    if bytes.is_empty() {
        return Err(QuoteFlaw::Empty);
    }
    let bytes = quote::trim(bytes);
    if bytes.len() > MAX_QUOTE {
        return Err(QuoteFlaw::TooLong { length: bytes.len() });
    }
    let parsed = quote::parse(bytes).map_err(QuoteFlaw::Unreadable)?;
    let found = parsed.report.tee();
    if found != expected {
        return Err(QuoteFlaw::OtherTee { found, expected });
    }
    let found = parsed.authentication.certification_type;
    if found != PCK_CERT_CHAIN {
        return Err(QuoteFlaw::NoCertificates { found });
    }
    if parsed.report.report_data() != report_data {
        return Err(QuoteFlaw::OtherReportData);
    }
    Ok(OwnQuote {
        bytes: bytes.to_vec(),
        report: parsed.report,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use khala_attestation::forge::{Pki, Platform, TcbClass};

    const DATA: [u8; 64] = [7; 64];

    fn platform() -> Platform {
        Pki::development().platform(TcbClass::UpToDate, "own")
    }

    fn flaw(bytes: &[u8], tee: Kind) -> QuoteFlaw {
        check(bytes, tee, &DATA).unwrap_err()
    }

    #[test]
    fn quotes_of_each_version_are_taken_as_they_are() {
        for evidence in [platform().sgx(DATA), platform().tdx(DATA), platform().tdx15(DATA)] {
            let own = check(evidence.quote(), evidence.tee(), &DATA).unwrap();
            assert_eq!(own.bytes, evidence.quote());
            assert!(own.is_protected());
        }
    }

    #[test]
    fn zeros_behind_the_end_are_cut_and_other_bytes_are_refused() {
        let mut bytes = platform().tdx(DATA).quote().to_vec();
        let length = bytes.len();
        bytes.resize(3 * MAX_QUOTE, 0);
        assert_eq!(check(&bytes, Kind::Tdx, &DATA).unwrap().bytes.len(), length);
        bytes.truncate(length + 9);
        bytes[length + 8] = 1;
        assert_eq!(flaw(&bytes, Kind::Tdx), QuoteFlaw::Unreadable(Error::TrailingBytes { count: 9 }));
    }

    #[test]
    fn an_empty_quote_is_refused() {
        assert_eq!(flaw(&[], Kind::Sgx), QuoteFlaw::Empty);
    }

    #[test]
    fn every_cut_is_refused() {
        for (quote, tee) in [(platform().sgx(DATA), Kind::Sgx), (platform().tdx(DATA), Kind::Tdx)] {
            for length in 1..quote.quote().len() {
                assert!(
                    matches!(flaw(&quote.quote()[..length], tee), QuoteFlaw::Unreadable(_)),
                    "{length} bytes"
                );
            }
        }
    }

    #[test]
    fn a_quote_may_be_as_long_as_the_chain_takes_and_no_longer() {
        let mut draft = platform().sgx_draft(DATA);
        let rest = draft.sign().len() - draft.certification_data.len();
        for (length, fits) in [(MAX_QUOTE - 1, true), (MAX_QUOTE, true), (MAX_QUOTE + 1, false)] {
            draft.certification_data.resize(length - rest, b' ');
            let quote = draft.sign();
            assert_eq!(quote.len(), length);
            match check(&quote, Kind::Sgx, &DATA) {
                Ok(_) => assert!(fits),
                Err(flaw) => assert!(!fits && flaw == QuoteFlaw::TooLong { length }, "{flaw}"),
            }
        }
    }

    #[test]
    fn a_quote_of_another_tee_is_refused() {
        let expected = QuoteFlaw::OtherTee {
            found: Kind::Tdx,
            expected: Kind::Sgx,
        };
        assert_eq!(flaw(platform().tdx(DATA).quote(), Kind::Sgx), expected);
    }

    #[test]
    fn a_quote_without_certificates_is_refused_and_the_message_names_the_remedy() {
        let mut draft = platform().sgx_draft(DATA);
        draft.certification_type = 3;
        let flaw = flaw(&draft.sign(), Kind::Sgx);
        assert_eq!(flaw, QuoteFlaw::NoCertificates { found: 3 });
        assert!(flaw.to_string().contains("PCCS"));
    }

    #[test]
    fn a_quote_over_other_report_data_is_refused() {
        for at in [0, 31, 32, 63] {
            let mut other = DATA;
            other[at] ^= 1;
            assert_eq!(flaw(platform().sgx(other).quote(), Kind::Sgx), QuoteFlaw::OtherReportData);
        }
    }

    #[test]
    fn a_tee_that_can_be_debugged_protects_nothing() {
        let mut draft = platform().sgx_draft(DATA);
        draft.sgx_report().unwrap().attributes[0] |= 2;
        assert!(!check(&draft.sign(), Kind::Sgx, &DATA).unwrap().is_protected());
        let mut draft = platform().tdx_draft(DATA);
        draft.td_report().unwrap().td_attributes[0] |= 1;
        assert!(!check(&draft.sign(), Kind::Tdx, &DATA).unwrap().is_protected());
    }
}
