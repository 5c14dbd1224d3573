//! What others do with a verdict: keep collateral, bind, look.
#![cfg(feature = "forge")]

use codec::{Decode, Encode, MaxEncodedLen};
use khala_attestation::{
    bind::check_binding,
    development,
    error::Group,
    forge::{
        suite::{Kind, Sample as Case, NOW},
        CollateralDraft, Pki, TcbClass,
    },
    part::Part,
    quote, report, verify,
    verify::verify_with,
    AttestationPolicy, Error, ParsedCollateral,
};
use khala_primitives::{
    AccountId32, ConfidenceLevel, EcdhPublicKey, Freshness, Instance, PRuntimeVersion, Tee, WorkerInfo, WorkerPublicKey, H256,
};
use proptest::prelude::*;

const ROOTS: &[&[u8]] = &[development::ROOT_DER];

#[test]
fn kept_collateral_gives_the_same_verdicts() {
    for kind in Kind::ALL {
        for class in [TcbClass::UpToDate, TcbClass::OutOfDate] {
            let case = Case::class(kind, class);
            let parsed = ParsedCollateral::verify(&case.collateral, ROOTS).unwrap();
            let kept = ParsedCollateral::decode(&mut &parsed.encode()[..]).unwrap();
            assert!(parsed.encoded_size() <= ParsedCollateral::max_encoded_len());
            assert_eq!(verify_with(&case.quote, &kept, NOW), case.verify());
            let late = kept.expires_at_secs() + 1;
            assert_eq!(verify_with(&case.quote, &kept, late), case.at(late).verify());
        }
    }
}

#[test]
fn kept_collateral_does_not_serve_platforms_of_another_ca() {
    let parsed = ParsedCollateral::verify(&Case::good(Kind::Sgx).collateral, ROOTS).unwrap();
    let evidence = Pki::stranger("somebody").platform(TcbClass::UpToDate, "case").sgx([0; 64]);
    assert_eq!(
        verify_with(evidence.quote(), &parsed, NOW),
        Err(Error::UnknownIssuer { part: Part::PckLeaf })
    );
}

#[test]
fn kept_collateral_needs_the_chain_of_its_revocation_list() {
    let mut collateral = Case::good(Kind::Sgx).collateral;
    collateral.pck_crl_issuer_chain.clear();
    let refused = ParsedCollateral::verify(&collateral, ROOTS).unwrap_err();
    assert_eq!(
        refused,
        Error::ChainLength {
            part: Part::PckCrlChain,
            found: 0,
            max: 5
        }
    );
    assert_eq!(refused.group(), Group::Certificates);
}

#[test]
fn newer_revocation_revokes_under_kept_collateral() {
    let pki = Pki::development();
    let case = Case::good(Kind::Sgx);
    let leaf = pki.platform(TcbClass::UpToDate, "case");
    let serial = x509_serial(leaf.leaf_der());
    let mut draft = CollateralDraft::new(&pki, Tee::Sgx, NOW);
    draft.pck_crl.revoked = vec![serial];
    let parsed = ParsedCollateral::verify(&draft.sign(&pki), ROOTS).unwrap();
    assert_eq!(verify_with(&case.quote, &parsed, NOW), Err(Error::Revoked { part: Part::PckLeaf }));
}

fn x509_serial(der: &[u8]) -> Vec<u8> {
    let certificate: x509_cert::Certificate = der::Decode::from_der(der).unwrap();
    certificate.tbs_certificate().serial_number().as_bytes().to_vec()
}

fn info() -> WorkerInfo {
    WorkerInfo {
        version: PRuntimeVersion {
            major: 1,
            minor: 0,
            patch: 0,
        },
        genesis_hash: H256([1; 32]),
        identity_key: WorkerPublicKey([2; 32]),
        ecdh_key: EcdhPublicKey([3; 32]),
        operator: AccountId32::new([4; 32]),
        instance: Instance([5; 16]),
        freshness: Freshness {
            number: 6,
            hash: H256([7; 32]),
        },
        cores: 8,
        memory_mib: 9,
        features: 0,
    }
}

#[test]
fn evidence_is_bound_to_every_byte_of_its_worker_info() {
    let evidence = Pki::development().platform(TcbClass::UpToDate, "a").sgx(info().report_data());
    let verdict = verify(evidence.quote(), &Pki::development().collateral(NOW), ROOTS, NOW).unwrap();
    assert_eq!(check_binding(&verdict, &info()), Ok(()));
    for other in [
        WorkerInfo {
            genesis_hash: H256([0; 32]),
            ..info()
        },
        WorkerInfo {
            operator: AccountId32::new([0; 32]),
            ..info()
        },
        WorkerInfo {
            instance: Instance([0; 16]),
            ..info()
        },
        WorkerInfo { cores: 64, ..info() },
    ] {
        assert_eq!(check_binding(&verdict, &other), Err(Error::Binding));
    }
    let mut tail = verdict;
    tail.report_data[63] = 1;
    assert_eq!(check_binding(&tail, &info()), Err(Error::Binding));
    assert_eq!(Error::Binding.group(), Group::Binding);
}

#[test]
fn classes_reach_the_confidence_levels_of_the_design() {
    use ConfidenceLevel::{Five, Four, One, Two};
    for kind in Kind::ALL {
        for (class, level) in [
            (TcbClass::UpToDate, One),
            (TcbClass::SWHardeningNeeded, Two),
            (TcbClass::ConfigurationNeeded, Four),
            (TcbClass::ConfigurationAndSWHardeningNeeded, Four),
            (TcbClass::OutOfDate, Five),
            (TcbClass::OutOfDateConfigurationNeeded, Five),
        ] {
            let verdict = Case::class(kind, class).verify().unwrap();
            assert_eq!(development::policy().judge(&verdict), Ok(level), "{class}");
            assert_eq!(class.to_string().parse(), Ok(class));
        }
    }
}

fn look(case: &Case) -> report::LookReport {
    report::look(&case.quote, &case.collateral, ROOTS, case.at_secs, &AttestationPolicy::looking())
}

#[test]
fn a_look_shows_everything_of_good_evidence() {
    let json = serde_json::to_value(look(&Case::class(Kind::Sgx, TcbClass::SWHardeningNeeded))).unwrap();
    let expected = serde_json::json!({
        "accepted": true,
        "status": "SWHardeningNeeded",
        "advisory_ids": ["INTEL-SA-00615"],
        "confidence_level": 2,
        "tee": "SGX",
        "quote_version": 3,
        "measurement": development::measurement().to_string(),
        "report_data": "09".repeat(64),
        "fmspc": "00d3e1000000",
        "not_for_registration": [],
        "error": null,
    });
    assert_eq!(json, expected);
}

#[test]
fn a_look_shows_what_refused_evidence_claims() {
    for kind in Kind::ALL {
        let late = look(&Case::good(kind).at(u64::MAX));
        assert!(!late.accepted && late.status.is_none() && late.confidence_level.is_none());
        assert!(late.measurement.is_some() && late.report_data.is_some() && late.quote_version.is_some());
        assert_eq!(
            (late.tee.as_deref(), late.fmspc.as_deref()),
            (Some(kind.tee().to_string().as_str()), Some("00d3e1000000"))
        );
        let error = late.error.unwrap();
        assert!(error.code.ends_with("-expired") && error.message.contains(" s ago"), "{error:?}");
    }
    let nothing = look(&Case::good(Kind::Sgx).then(|case| case.quote.truncate(10)));
    assert_eq!(
        (nothing.tee, nothing.fmspc, nothing.error.unwrap().code),
        (None, None, "quote-truncated".into())
    );
}

#[test]
fn a_look_cuts_what_is_behind_the_quote_and_notes_it() {
    for (tail, findings) in [(&[0, 0][..], vec![]), (&[0, 7], vec!["trailing-bytes".to_string()])] {
        let report = look(&Case::good(Kind::Tdx).then(|case| case.quote.extend(tail)));
        assert!(report.accepted);
        assert_eq!(report.not_for_registration, findings);
    }
}

#[test]
fn a_look_under_a_strict_policy_refuses_with_the_policys_reason() {
    let case = Case::quote(Kind::Sgx, |draft| draft.sgx_report().unwrap().config_svn = 1);
    let report = report::look(&case.quote, &case.collateral, ROOTS, NOW, &development::policy());
    assert_eq!(report.error.unwrap().code, "policy-not-for-registration");
    assert_eq!(report.status.map(|status| status.to_string()).as_deref(), Some("UpToDate"));
}

#[test]
fn quotes_are_read_raw_or_in_hexadecimal() {
    let raw = Case::good(Kind::Sgx).quote;
    let digits = raw.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let folded = digits
        .as_bytes()
        .chunks(64)
        .map(|line| [line, b"\r\n"].concat())
        .collect::<Vec<_>>()
        .concat();
    for file in [
        raw.clone(),
        digits.clone().into_bytes(),
        format!(" 0x{digits}\n").into_bytes(),
        digits.to_uppercase().into_bytes(),
        folded,
    ] {
        assert_eq!(report::read_quote(&file).unwrap(), raw);
    }
    assert_eq!(report::read_quote(b" \n"), Err(report::FileError::Empty));
    assert_eq!(report::read_quote(b"abc"), Err(report::FileError::NotAQuote));
    assert!(matches!(
        report::read_collateral(b"{}"),
        Err(report::FileError::NotCollateral { .. })
    ));
}

proptest! {
    #[test]
    fn no_bytes_make_a_parser_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000), place in 0usize..6000, text in ".{0,200}") {
        let _ = quote::parse(&bytes);
        let _ = quote::trim(&bytes);
        let _ = report::read_quote(&bytes);
        let _ = khala_attestation::Collateral::decode(&mut &bytes[..]);
        let _ = ParsedCollateral::decode(&mut &bytes[..]);
        let _ = khala_attestation::tcb_info::TcbInfo::parse(&text);
        let _ = khala_attestation::qe_identity::QeIdentity::parse(&text);
        let mut quote = Case::good(Kind::Tdx15).quote;
        let end = (place + bytes.len()).min(quote.len());
        if let Some(target) = quote.get_mut(place..end) {
            target.copy_from_slice(&bytes[..end - place]);
        }
        let _ = quote::parse(&quote);
    }
}
