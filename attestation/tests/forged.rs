//! Forged evidence has the genuine formats: our verifier and the oracle agree on it.
#![cfg(feature = "forge")]

mod common;

use common::{oracle, ours};
use khala_attestation::{
    development,
    forge::{expected, Pki, Platform, TcbClass},
    roots, verify, Collateral, Error,
};
use khala_primitives::{Evidence, TcbStatus};

const NOW: u64 = 1_790_000_000;

/// Evidence of all three formats, each with its collateral.
fn evidence(pki: &Pki, platform: &Platform) -> [(Evidence, Collateral); 3] {
    let (sgx, tdx) = (pki.collateral(NOW), pki.td_collateral(NOW));
    [
        (platform.sgx([1; 64]), sgx),
        (platform.tdx([2; 64]), tdx.clone()),
        (platform.tdx15([3; 64]), tdx),
    ]
}

fn for_oracle(collateral: &Collateral) -> dcap_qvl::QuoteCollateralV3 {
    serde_json::from_str(&serde_json::to_string(collateral).unwrap()).unwrap()
}

#[test]
fn the_development_root_is_the_published_one() {
    assert_eq!(Pki::development().root_der(), development::ROOT_DER);
}

#[test]
fn every_class_gets_its_status_from_us_and_from_the_oracle() {
    let pki = Pki::development();
    for class in TcbClass::ALL {
        for (evidence, collateral) in evidence(&pki, &pki.platform(class, "a")) {
            let found = ours(development::ROOT_DER, evidence.quote(), &collateral, NOW);
            let oracle = oracle(development::ROOT_DER, evidence.quote(), &for_oracle(&collateral), NOW);
            assert_eq!(found.as_ref().ok(), oracle.as_ref().ok(), "{class}: {found:?} {oracle:?}");
            match expected(class) {
                Some((TcbStatus::Revoked, _)) => assert_eq!(found, Err(Error::TcbRevoked)),
                Some((status, advisories)) => assert_eq!(found, Ok((status.to_string(), advisories))),
                None => assert!(matches!(found, Err(Error::NoTcbLevel { shortfall: Some(_) })), "{found:?}"),
            }
        }
    }
}

#[test]
fn platforms_modules_and_quoting_enclaves_converge_as_the_oracle_says() {
    let pki = Pki::development();
    let (sgx, tdx) = (pki.collateral(NOW), pki.td_collateral(NOW));
    for class in TcbClass::ALL {
        let platform = pki.platform(class, "a");
        for qe_isv_svn in [8, 7, 5] {
            for (launch, current) in [(5, 5), (3, 3), (3, 5), (5, 3), (1, 5)] {
                let (mut v3, mut v5) = (platform.sgx_draft([1; 64]), platform.tdx15_draft([1; 64]));
                v3.qe_report.isv_svn = qe_isv_svn;
                v5.qe_report.isv_svn = qe_isv_svn;
                let report = v5.td_report().unwrap();
                report.tee_tcb_svn[0] = launch;
                report.td15.as_mut().unwrap().tee_tcb_svn2[0] = current;
                for (quote, collateral) in [(v3.sign(), &sgx), (v5.sign(), &tdx)] {
                    let found = ours(development::ROOT_DER, &quote, collateral, NOW).ok();
                    let oracle = oracle(development::ROOT_DER, &quote, &for_oracle(collateral), NOW).ok();
                    assert_eq!(found, oracle, "{class}, QE {qe_isv_svn}, module {launch} {current}");
                }
            }
        }
    }
}

#[test]
fn good_evidence_has_no_findings_and_the_published_measurements() {
    let pki = Pki::development();
    for (evidence, collateral) in evidence(&pki, &pki.platform(TcbClass::UpToDate, "a")) {
        let verdict = verify(evidence.quote(), &collateral, &[roots::INTEL, development::ROOT_DER], NOW).unwrap();
        assert_eq!(verdict.not_for_registration, []);
        assert_eq!(verdict.shortfalls, []);
        let measurement = match evidence {
            Evidence::Sgx { .. } => development::measurement(),
            Evidence::Tdx { .. } => development::td_measurement(),
        };
        assert_eq!(verdict.measurement, measurement);
        development::policy().judge(&verdict).unwrap();
    }
}

#[test]
fn forged_evidence_is_refused_under_intels_root() {
    let pki = Pki::development();
    for (evidence, collateral) in evidence(&pki, &pki.platform(TcbClass::UpToDate, "a")) {
        assert!(ours(roots::INTEL, evidence.quote(), &collateral, NOW).is_err());
    }
}
