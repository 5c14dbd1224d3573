//! Groups 1, 2 and 6: quotes with one fault, which the forge signs properly.
#![cfg(feature = "forge")]

mod common;

use common::cases::{Case, Kind, Oracle};
use khala_attestation::{
    forge::{Key, Pki, QuoteDraft, TcbClass},
    part::QuoteField,
    quote::{self, SgxReport, TdReport, MAX_QUOTE},
    Error, Finding,
};

/// Sets bits of an enclave's flags.
fn flags(draft: &mut QuoteDraft, set: u64, clear: u64) {
    let report = draft.sgx_report().unwrap();
    let flags = (report.flags() | set) & !clear;
    report.attributes[..8].copy_from_slice(&flags.to_le_bytes());
}

/// Sets bits of a TD's attributes.
fn attributes(draft: &mut QuoteDraft, set: u64, clear: u64) {
    let report = draft.td_report().unwrap();
    report.td_attributes = ((report.attributes() | set) & !clear).to_le_bytes();
}

#[test]
fn headers_of_other_formats_are_refused() {
    for kind in Kind::ALL {
        Case::quote(kind, |draft| draft.version = 6).refused(Error::QuoteVersion { found: 6 }, Oracle::Refuses);
        Case::quote(kind, |draft| draft.attestation_key_type = 3).refused(Error::AttestationKeyType { found: 3 }, Oracle::Refuses);
        Case::quote(kind, |draft| draft.qe_vendor_id[0] ^= 1).refused(Error::QeVendor, Oracle::Refuses);
    }
    Case::quote(Kind::Sgx, |draft| draft.tee_type = 0x81).refused(Error::TeeType { version: 3, found: 0x81 }, Oracle::Refuses);
    Case::quote(Kind::Sgx, |draft| draft.version = 4).refused(Error::TeeType { version: 4, found: 0 }, Oracle::Refuses);
    Case::quote(Kind::Tdx, |draft| draft.tee_type = 0).refused(Error::TeeType { version: 4, found: 0 }, Oracle::Refuses);
    Case::quote(Kind::Tdx, |draft| draft.tee_type = 2).refused(Error::TeeType { version: 4, found: 2 }, Oracle::Refuses);
}

#[test]
fn bodies_that_are_no_td_report_are_refused() {
    for found in [0, 1, 5] {
        Case::quote(Kind::Tdx15, |draft| draft.body_header = Some((found, 648))).refused(Error::BodyType { found }, Oracle::Refuses);
    }
    for found in [647, 649] {
        let case = Case::quote(Kind::Tdx15, |draft| draft.body_header = Some((3, found)));
        case.refused(Error::BodySize { found, expected: 648 }, Oracle::Refuses);
    }
}

#[test]
fn quotes_that_end_early_are_refused_wherever_they_end() {
    for kind in Kind::ALL {
        let good = Case::good(kind);
        for end in 0..good.quote.len() {
            let found = good.clone().then(|case| case.quote.truncate(end)).verify();
            assert!(matches!(found, Err(Error::QuoteTruncated { .. })), "{kind:?} at {end}: {found:?}");
        }
        let empty = good.then(|case| case.quote.clear());
        empty.refused(
            Error::QuoteTruncated {
                field: QuoteField::Header,
                needs: 2,
                has: 0,
            },
            Oracle::Refuses,
        );
    }
}

#[test]
fn bytes_behind_the_end_are_refused_and_zeros_can_be_cut() {
    for kind in Kind::ALL {
        let good = Case::good(kind);
        let longer = good.clone().then(|case| case.quote.extend([0, 0]));
        longer.refused(Error::TrailingBytes { count: 2 }, Oracle::Accepts);
        assert_eq!(quote::trim(&longer.quote), good.quote);
        let foreign = good.clone().then(|case| case.quote.extend([0, 1]));
        assert_eq!(quote::trim(&foreign.quote), foreign.quote);
        assert_eq!(quote::split(&foreign.quote), (&good.quote[..], &[0, 1][..]));
    }
}

#[test]
fn quotes_are_taken_up_to_their_longest() {
    let length = |padding: usize| Case::quote(Kind::Sgx, |draft| draft.certification_data.extend(vec![b'\n'; padding]));
    let padding = MAX_QUOTE - length(0).quote.len();
    assert!(length(padding - 1).verify().is_ok());
    assert!(length(padding).verify().is_ok());
    let max = MAX_QUOTE as u32;
    length(padding + 1).refused(Error::QuoteTooLong { length: max + 1, max }, Oracle::Accepts);
}

#[test]
fn certification_data_of_other_kinds_is_refused() {
    for kind in Kind::ALL {
        for found in [1, 2, 3, 4, 6, 7] {
            let case = Case::quote(kind, |draft| draft.certification_type = found);
            case.refused(Error::CertificationDataType { found }, Oracle::Refuses);
        }
        for length in [31, 33] {
            let case = Case::quote(kind, |draft| draft.qe_auth_data = vec![1; length]);
            case.refused(Error::QeAuthDataLength { found: length as u16 }, Oracle::Refuses);
        }
    }
}

#[test]
fn each_broken_signature_is_refused() {
    let stranger = Key::named("stranger");
    for kind in Kind::ALL {
        Case::quote(kind, |draft| draft.pck = stranger.clone()).refused(Error::QeReportSignature, Oracle::Refuses);
        // The first byte of a signature follows header, body and size; the key is behind it.
        let good = Case::good(kind);
        let at = match kind {
            Kind::Sgx => 436,
            Kind::Tdx => 636,
            Kind::Tdx15 => 706,
        };
        good.clone()
            .then(|case| case.quote[at] ^= 1)
            .refused(Error::QuoteSignature, Oracle::Refuses);
        good.clone()
            .then(|case| case.quote[60] ^= 1)
            .refused(Error::QuoteSignature, Oracle::Refuses);
        good.then(|case| case.quote[at + 64] ^= 1)
            .refused(Error::QeReportBinding, Oracle::Refuses);
    }
}

#[test]
fn an_attestation_key_off_the_curve_is_refused() {
    let mut draft = Pki::development().platform(TcbClass::UpToDate, "case").sgx_draft([0; 64]);
    draft.attestation_key = Key::off_the_curve();
    Case::good(Kind::Sgx)
        .then(|case| case.quote = draft.sign())
        .refused(Error::AttestationKey, Oracle::Refuses);
}

#[test]
fn enclaves_under_debug_are_refused() {
    Case::quote(Kind::Sgx, |draft| flags(draft, SgxReport::DEBUG, 0)).refused(Error::Debug, Oracle::Refuses);
}

#[test]
fn tds_with_dangerous_attributes_are_refused() {
    for kind in [Kind::Tdx, Kind::Tdx15] {
        let with = |set, clear| Case::quote(kind, |draft| attributes(draft, set, clear));
        with(TdReport::DEBUG, 0).refused(Error::Debug, Oracle::Refuses);
        with(TdReport::MIGRATABLE, 0).refused(Error::TdMigratable, Oracle::Refuses);
        with(TdReport::SERVTD_EXT, 0).refused(Error::TdServiceTdExt, Oracle::Refuses);
        with(0, TdReport::SEPT_VE_DISABLE).refused(Error::TdSeptVeDisable, Oracle::Refuses);
        for bit in 0..64 {
            let case = with(1 << bit, 0);
            match bit {
                4..=6 => case.refused(Error::TdProfiling, Oracle::Refuses),
                1..=3 | 7..=15 | 23..=26 | 32..=61 => case.refused(Error::TdReservedAttributes { bits: 1 << bit }, Oracle::Refuses),
                0 | 17 | 29 => {}
                _ => {
                    case.verify().unwrap();
                    case.ask_oracle(Oracle::Accepts);
                }
            }
        }
    }
}

#[test]
fn a_bound_service_td_is_refused() {
    let case = Case::quote(Kind::Tdx15, |draft| {
        draft.td_report().unwrap().td15.as_mut().unwrap().mr_service_td[47] = 1
    });
    case.refused(Error::ServiceTd, Oracle::Refuses);
}

/// The oracle accepts the case, we accept it for looking, and this is the only thing that hinders a registration.
#[track_caller]
fn found(case: &Case, finding: Finding) {
    assert_eq!(case.verify().map(|verdict| verdict.not_for_registration), Ok(vec![finding]));
    case.ask_oracle(Oracle::Accepts);
}

#[test]
fn what_a_host_can_set_in_an_enclaves_report_is_found() {
    let sgx = |change: fn(&mut SgxReport)| Case::quote(Kind::Sgx, |draft| change(draft.sgx_report().unwrap()));
    found(&sgx(|report| report.config_id[63] = 1), Finding::ConfigId);
    found(&sgx(|report| report.config_svn = 1), Finding::ConfigSvn);
    found(&sgx(|report| report.isv_ext_prod_id[15] = 1), Finding::IsvExtProdId);
    found(&sgx(|report| report.isv_family_id[15] = 1), Finding::IsvFamilyId);
    found(&sgx(|report| report.reserved_zero = false), Finding::ReservedBytes);
    let sgx = |set, clear| Case::quote(Kind::Sgx, |draft| flags(draft, set, clear));
    found(&sgx(0, SgxReport::INIT), Finding::NotInitialised);
    found(&sgx(0, SgxReport::MODE64), Finding::NotMode64);
    found(&sgx(SgxReport::PROVISION_KEY, 0), Finding::ProvisionKey);
    found(&sgx(SgxReport::EINITTOKEN_KEY, 0), Finding::EinittokenKey);
}

#[test]
fn what_a_host_can_set_in_a_tds_report_is_found() {
    for kind in [Kind::Tdx, Kind::Tdx15] {
        let tdx = |change: fn(&mut TdReport)| Case::quote(kind, |draft| change(draft.td_report().unwrap()));
        found(&tdx(|report| report.mr_config_id[0] = 1), Finding::MrConfigId);
        found(&tdx(|report| report.mr_owner[0] = 1), Finding::MrOwner);
        found(&tdx(|report| report.mr_owner_config[0] = 1), Finding::MrOwnerConfig);
        found(
            &Case::quote(kind, |draft| attributes(draft, TdReport::PERFMON, 0)),
            Finding::Perfmon,
        );
        found(&Case::quote(kind, |draft| draft.outer_type = 5), Finding::OuterCertificationData);
    }
}

#[test]
fn unusual_forms_of_a_quote_are_found() {
    for kind in Kind::ALL {
        found(
            &Case::quote(kind, |draft| draft.qe_report_data_tail[31] = 1),
            Finding::QeReportDataTail,
        );
        found(
            &Case::quote(kind, |draft| draft.certification_data.extend(b"\0x")),
            Finding::PckChainForm,
        );
    }
    // One byte less of certification data leaves the NUL at the end of the chain over.
    let slack = Case::good(Kind::Sgx).then(|case| {
        let chain = case.quote.windows(10).position(|window| window == b"-----BEGIN").unwrap();
        let size = case.quote.len() - chain - 1;
        case.quote[chain - 4..chain].copy_from_slice(&(size as u32).to_le_bytes());
    });
    found(&slack, Finding::Slack);
}
