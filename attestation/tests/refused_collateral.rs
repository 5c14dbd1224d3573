//! Groups 4 and 5: TCB info and QE identity with one fault, which the forge signs properly.
#![cfg(feature = "forge")]

mod common;

use common::cases::{Case, Kind, Oracle, NOW};
use khala_attestation::{
    collateral::{MAX_CHAIN, MAX_TCB_INFO},
    forge::{TcbClass, FMSPC, TEE_TCB_SVN},
    part::Part,
    quote::TdReport15,
    shortfall::{Component, Shortfall},
    Collateral, Error, Finding, Fmspc,
};
use khala_primitives::{TcbStatus, Tee};
use serde_json::json;

/// Evidence with another value in the TCB info.
fn with_info(kind: Kind, pointer: &str, value: serde_json::Value) -> Case {
    Case::collateral(kind, |draft| *draft.tcb_info.pointer_mut(pointer).unwrap() = value)
}

/// Evidence with another value in the QE identity.
fn with_identity(kind: Kind, pointer: &str, value: serde_json::Value) -> Case {
    Case::collateral(kind, |draft| *draft.qe_identity.pointer_mut(pointer).unwrap() = value)
}

#[test]
fn signed_documents_count_from_their_issue_to_their_next_update() {
    for kind in Kind::ALL {
        // Only the document in question ends early.
        let date = "2026-09-21T14:13:20Z";
        for (part, issued, ended) in [
            (
                Part::TcbInfo,
                with_info(kind, "/issueDate", json!(date)),
                with_info(kind, "/nextUpdate", json!(date)),
            ),
            (
                Part::QeIdentity,
                with_identity(kind, "/issueDate", json!(date)),
                with_identity(kind, "/nextUpdate", json!(date)),
            ),
        ] {
            assert!(issued.verify().is_ok() && ended.verify().is_ok(), "{part}");
            issued.at(NOW - 1).refused(Error::NotYetValid { part, in_secs: 1 }, Oracle::Refuses);
            ended
                .clone()
                .at(NOW + 312)
                .refused(Error::Expired { part, secs_ago: 312 }, Oracle::Refuses);
            let message = ended.at(NOW + 312).verify().unwrap_err().to_string();
            assert_eq!(message, format!("the {part} expired 312 s ago; get newer collateral"));
        }
    }
}

#[test]
fn signed_documents_that_were_changed_are_refused() {
    let swap = |text: &mut String| *text = text.replacen("18", "19", 1);
    let good = Case::good(Kind::Tdx);
    let changed = |change: &dyn Fn(&mut Collateral)| good.clone().then(|case| change(&mut case.collateral));
    changed(&|collateral| swap(&mut collateral.tcb_info)).refused(Error::Signature { part: Part::TcbInfo }, Oracle::Refuses);
    changed(&|collateral| swap(&mut collateral.qe_identity)).refused(Error::Signature { part: Part::QeIdentity }, Oracle::Refuses);
    changed(&|collateral| collateral.tcb_info_signature[0] ^= 1).refused(Error::Signature { part: Part::TcbInfo }, Oracle::Refuses);
    changed(&|collateral| collateral.qe_identity_signature.clear()).refused(Error::Signature { part: Part::QeIdentity }, Oracle::Refuses);
    changed(&|collateral| collateral.qe_identity_issuer_chain = "-".into()).refused(
        Error::ChainLength {
            part: Part::QeIdentityChain,
            found: 0,
            max: 5,
        },
        Oracle::Refuses,
    );
    // Nobody needs the chain of the PCK CRL: the quote brings its certificates.
    let chain = changed(&|collateral| collateral.pck_crl_issuer_chain.clear());
    assert!(chain.verify().is_ok());
    chain.ask_oracle(Oracle::Accepts);
}

#[test]
fn collateral_is_taken_up_to_its_bounds() {
    let info = |size: usize| Case::good(Kind::Sgx).then(|case| case.collateral.tcb_info = " ".repeat(size));
    info(MAX_TCB_INFO).refused(Error::Signature { part: Part::TcbInfo }, Oracle::Refuses);
    let (size, max) = (MAX_TCB_INFO as u32 + 1, MAX_TCB_INFO as u32);
    info(MAX_TCB_INFO + 1).refused(
        Error::CollateralTooLarge {
            part: Part::TcbInfo,
            size,
            max,
        },
        Oracle::Refuses,
    );
    let chain = Case::good(Kind::Sgx).then(|case| case.collateral.tcb_info_issuer_chain.push_str(&"\n".repeat(MAX_CHAIN)));
    assert!(matches!(
        chain.verify(),
        Err(Error::CollateralTooLarge {
            part: Part::TcbInfoChain,
            ..
        })
    ));
    let levels = |count: usize| {
        Case::collateral(Kind::Sgx, |draft| {
            let level = draft.tcb_info["tcbLevels"][0].clone();
            draft.tcb_info["tcbLevels"] = vec![level; count].into();
        })
    };
    assert!(levels(63).verify().is_ok() && levels(64).verify().is_ok());
    levels(65).refused(
        Error::CollateralTooLarge {
            part: Part::TcbInfo,
            size: 65,
            max: 64,
        },
        Oracle::Accepts,
    );
}

#[test]
fn documents_of_the_wrong_kind_are_refused() {
    for kind in Kind::ALL {
        let tee = kind.tee();
        let other = match kind {
            Kind::Sgx => Case::good(Kind::Tdx).collateral,
            Kind::Tdx | Kind::Tdx15 => Case::good(Kind::Sgx).collateral,
        };
        let info = Case::good(kind).then(|case| {
            (case.collateral.tcb_info, case.collateral.tcb_info_signature) = (other.tcb_info.clone(), other.tcb_info_signature.clone());
        });
        info.refused(Error::TcbInfoKind { tee, version: 3 }, Oracle::Refuses);
        let identity = Case::good(kind).then(|case| {
            case.collateral.qe_identity = other.qe_identity.clone();
            case.collateral.qe_identity_signature = other.qe_identity_signature.clone();
        });
        identity.refused(Error::QeIdentityKind { tee, version: 2 }, Oracle::Refuses);
        with_identity(kind, "/version", json!(4)).refused(Error::QeIdentityKind { tee, version: 4 }, Oracle::Refuses);
        with_info(kind, "/version", json!(1)).refused(Error::TcbInfoKind { tee, version: 1 }, Oracle::Refuses);
        with_info(kind, "/id", json!("sgx")).refused(Error::TcbInfoKind { tee: Tee::Sgx, version: 3 }, Oracle::Refuses);
    }
    with_identity(Kind::Tdx, "/version", json!(3)).verify().unwrap();
    with_info(Kind::Tdx, "/version", json!(2)).refused(Error::TcbInfoKind { tee: Tee::Tdx, version: 2 }, Oracle::Refuses);
}

#[test]
fn documents_of_an_unknown_form_are_refused() {
    for kind in [Kind::Sgx, Kind::Tdx] {
        with_info(kind, "/tcbLevels/0/tcbStatus", json!("Splendid")).refused_as("tcb-info-json");
        with_info(kind, "/tcbLevels/0/tcb/pcesvn", json!(65536)).refused_as("tcb-info-json");
        with_info(kind, "/tcbType", json!("0")).refused_as("tcb-info-json");
        with_info(kind, "/tcbLevels", json!({})).refused_as("tcb-info-json");
        with_info(kind, "/nextUpdate", json!("tomorrow")).refused(Error::Date { part: Part::TcbInfo }, Oracle::Refuses);
        with_info(kind, "/fmspc", json!("00d3e10000zz")).refused(Error::HexValue { part: Part::TcbInfo }, Oracle::Refuses);
        with_identity(kind, "/mrsigner", json!("00")).refused_as("qe-identity-json");
        with_identity(kind, "/issueDate", json!("")).refused(Error::Date { part: Part::QeIdentity }, Oracle::Refuses);
        with_identity(kind, "/tcbLevels/0/tcbStatus", json!("Splendid")).refused_as("qe-identity-json");
    }
    with_info(Kind::Tdx, "/tdxModule/attributes", json!("00")).refused(Error::HexValue { part: Part::TcbInfo }, Oracle::Refuses);
}

#[test]
fn components_are_counted() {
    let short = json!(vec![json!({ "svn": 0 }); 15]);
    let sgx = with_info(Kind::Sgx, "/tcbLevels/0/tcb/sgxtcbcomponents", short.clone());
    sgx.refused(Error::ComponentCount { tdx: false, found: 15 }, Oracle::Accepts);
    let tdx = with_info(Kind::Tdx, "/tcbLevels/0/tcb/tdxtcbcomponents", short);
    tdx.refused(Error::ComponentCount { tdx: true, found: 15 }, Oracle::Refuses);
}

#[test]
fn other_processors_are_refused() {
    let found = Fmspc([0, 0xd3, 0xe1, 0, 0, 1]);
    with_info(Kind::Sgx, "/fmspc", json!(found.to_string())).refused(Error::TcbInfoFmspc { found, expected: FMSPC }, Oracle::Refuses);
    let case = with_info(Kind::Sgx, "/pceId", json!("0001"));
    assert_eq!(case.verify().unwrap().not_for_registration, [Finding::PceId]);
    case.ask_oracle(Oracle::Accepts);
}

#[test]
fn platforms_below_all_levels_are_told_what_is_short() {
    let error = Error::NoTcbLevel {
        shortfall: Some(Shortfall {
            component: Component::Cpu(0),
            has: 2,
            needs: 3,
        }),
    };
    for kind in Kind::ALL {
        Case::class(kind, TcbClass::BelowAllLevels).refused(error, Oracle::Refuses);
        Case::class(kind, TcbClass::Revoked).refused(Error::TcbRevoked, Oracle::Refuses);
        with_info(kind, "/tcbLevels", json!([])).refused(Error::NoTcbLevel { shortfall: None }, Oracle::Refuses);
        let status = TcbStatus::TDRelaunchAdvised;
        let case = with_info(kind, "/tcbLevels/0/tcbStatus", json!(status.as_str()));
        case.refused(
            Error::StatusNotAllowed {
                part: Part::TcbInfo,
                status,
            },
            Oracle::Refuses,
        );
    }
    assert!(error.to_string().ends_with("CPU SVN component 0 is 2, needs 3"));
    let pce = Case::collateral(Kind::Sgx, |draft| {
        for level in draft.tcb_info["tcbLevels"].as_array_mut().unwrap() {
            level["tcb"]["pcesvn"] = json!(14);
        }
    });
    pce.refused(
        Error::NoTcbLevel {
            shortfall: Some(Shortfall {
                component: Component::Pce,
                has: 13,
                needs: 14,
            }),
        },
        Oracle::Refuses,
    );
}

#[test]
fn the_order_of_levels_in_the_document_does_not_count() {
    for kind in Kind::ALL {
        let case = Case::collateral(kind, |draft| draft.tcb_info["tcbLevels"].as_array_mut().unwrap().reverse());
        assert_eq!(case.verify().unwrap().status, TcbStatus::UpToDate);
        case.ask_oracle(Oracle::Accepts);
    }
}

#[test]
fn shortfalls_to_the_newest_level_are_listed() {
    let verdict = Case::class(Kind::Sgx, TcbClass::OutOfDate).verify().unwrap();
    assert_eq!(
        verdict.shortfalls,
        [Shortfall {
            component: Component::Cpu(0),
            has: 5,
            needs: 9
        }]
    );
    let old_qe = Case::quote(Kind::Sgx, |draft| draft.qe_report.isv_svn = 7).verify().unwrap();
    assert_eq!(
        old_qe.shortfalls,
        [Shortfall {
            component: Component::Qe,
            has: 7,
            needs: 8
        }]
    );
    assert_eq!(old_qe.status, TcbStatus::OutOfDate);
}

/// A TD with other TDX security versions, at its start and now.
fn with_svns(kind: Kind, launch: [u8; 16], current: [u8; 16]) -> Case {
    Case::quote(kind, |draft| {
        let report = draft.td_report().unwrap();
        report.tee_tcb_svn = launch;
        if let Some(TdReport15 { tee_tcb_svn2, .. }) = &mut report.td15 {
            *tee_tcb_svn2 = current;
        }
    })
}

/// TDX security versions with another ISVSVN and version of the module.
fn svn(isv_svn: u8, version: u8) -> [u8; 16] {
    let mut svn = TEE_TCB_SVN;
    (svn[0], svn[1]) = (isv_svn, version);
    svn
}

#[test]
fn tdx_modules_that_are_unknown_old_or_foreign_are_refused() {
    for kind in [Kind::Tdx, Kind::Tdx15] {
        with_svns(kind, svn(5, 2), TEE_TCB_SVN).refused(Error::TdxModuleVersion { found: 2 }, Oracle::Refuses);
        let shortfall = Shortfall {
            component: Component::TdxModule,
            has: 0,
            needs: 1,
        };
        with_svns(kind, svn(0, 1), TEE_TCB_SVN).refused(Error::TdxModuleSvn { shortfall }, Oracle::Refuses);
        with_svns(kind, svn(2, 1), TEE_TCB_SVN).refused(Error::TcbRevoked, Oracle::Refuses);
        let foreign = Case::quote(kind, |draft| draft.td_report().unwrap().mr_signer_seam[0] = 1);
        foreign.refused(Error::TdxModuleSigner, Oracle::Refuses);
        let debug = Case::quote(kind, |draft| draft.td_report().unwrap().seam_attributes[7] = 1);
        debug.refused(Error::SeamAttributes { byte: 7 }, Oracle::Refuses);
        let missing = Case::collateral(kind, |draft| drop(draft.tcb_info.as_object_mut().unwrap().remove("tdxModule")));
        missing.refused(Error::TdxModuleMissing, Oracle::Refuses);
        let status = TcbStatus::SWHardeningNeeded;
        let odd = with_info(kind, "/tdxModuleIdentities/0/tcbLevels/0/tcbStatus", json!(status.as_str()));
        odd.refused(
            Error::StatusNotAllowed {
                part: Part::TcbInfo,
                status,
            },
            Oracle::Refuses,
        );
    }
}

#[test]
fn bits_of_seam_attributes_outside_the_mask_must_be_zero() {
    let mask = |mask: &str| {
        let pointer = "/tdxModuleIdentities/0/attributesMask";
        Case::collateral(Kind::Tdx, |draft| *draft.tcb_info.pointer_mut(pointer).unwrap() = json!(mask)).collateral
    };
    let case = Case::quote(Kind::Tdx, |draft| draft.td_report().unwrap().seam_attributes[1] = 4);
    let case = case.then(|case| case.collateral = mask("FF00FFFFFFFFFFFF"));
    case.refused(Error::SeamAttributes { byte: 1 }, Oracle::Refuses);
}

#[test]
fn a_module_without_version_is_judged_by_the_level_alone() {
    for kind in [Kind::Tdx, Kind::Tdx15] {
        // Without a version, the first two bytes count in the level: it needs version 1.
        let shortfall = Some(Shortfall {
            component: Component::Tdx(1),
            has: 0,
            needs: 1,
        });
        with_svns(kind, svn(5, 0), TEE_TCB_SVN).refused(Error::NoTcbLevel { shortfall }, Oracle::Refuses);
    }
    let case = with_svns(Kind::Tdx, svn(5, 0), TEE_TCB_SVN).then(|case| {
        let lower = Case::collateral(Kind::Tdx, |draft| {
            for level in draft.tcb_info["tcbLevels"].as_array_mut().unwrap() {
                level["tcb"]["tdxtcbcomponents"][1] = json!({ "svn": 0 });
            }
        });
        case.collateral = lower.collateral;
    });
    assert_eq!(case.verify().unwrap().status, TcbStatus::UpToDate);
    case.ask_oracle(Oracle::Accepts);
}

#[test]
fn a_td_that_was_started_before_an_update_is_advised_to_relaunch() {
    let old = svn(3, 1);
    let relaunch = with_svns(Kind::Tdx15, old, TEE_TCB_SVN);
    assert_eq!(relaunch.verify().unwrap().status, TcbStatus::TDRelaunchAdvised);
    relaunch.ask_oracle(Oracle::Accepts);
    assert_eq!(with_svns(Kind::Tdx15, old, old).verify().unwrap().status, TcbStatus::OutOfDate);
    assert_eq!(
        with_svns(Kind::Tdx15, TEE_TCB_SVN, old).verify().unwrap().status,
        TcbStatus::UpToDate
    );
    with_svns(Kind::Tdx15, TEE_TCB_SVN, svn(2, 1)).refused(Error::TcbRevoked, Oracle::Refuses);
    with_svns(Kind::Tdx15, TEE_TCB_SVN, svn(5, 9)).refused(Error::TdxModuleVersion { found: 9 }, Oracle::Refuses);
    let needs_configuration = relaunch.then(|case| {
        let status = json!(TcbStatus::ConfigurationNeeded.as_str());
        case.collateral = with_info(Kind::Tdx15, "/tcbLevels/0/tcbStatus", status).collateral;
    });
    assert_eq!(
        needs_configuration.verify().unwrap().status,
        TcbStatus::TDRelaunchAdvisedConfigurationNeeded
    );
    needs_configuration.ask_oracle(Oracle::Accepts);
}

#[test]
fn other_quoting_enclaves_are_refused() {
    for kind in Kind::ALL {
        Case::quote(kind, |draft| draft.qe_report.mr_signer[0] ^= 1).refused(Error::QeSigner, Oracle::Refuses);
        Case::quote(kind, |draft| draft.qe_report.attributes[0] |= 2).refused(Error::QeDebug, Oracle::Refuses);
        let expected = if kind == Kind::Sgx { 1 } else { 2 };
        Case::quote(kind, |draft| draft.qe_report.isv_prod_id = 7).refused(Error::QeProduct { found: 7, expected }, Oracle::Refuses);
        Case::quote(kind, |draft| draft.qe_report.misc_select = 1).refused(Error::QeMiscSelect { found: 1, expected: 0 }, Oracle::Refuses);
        Case::quote(kind, |draft| draft.qe_report.attributes[1] = 1).refused(Error::QeAttributes { byte: 1 }, Oracle::Refuses);
        Case::quote(kind, |draft| draft.qe_report.isv_svn = 4).refused(Error::QeSvn { found: 4, needed: Some(5) }, Oracle::Refuses);
        Case::quote(kind, |draft| draft.qe_report.isv_svn = 5).refused(Error::TcbRevoked, Oracle::Refuses);
        with_identity(kind, "/tcbLevels", json!([])).refused(Error::QeSvn { found: 8, needed: None }, Oracle::Refuses);
        let status = TcbStatus::SWHardeningNeeded;
        with_identity(kind, "/tcbLevels/0/tcbStatus", json!(status.as_str())).refused(
            Error::StatusNotAllowed {
                part: Part::QeIdentity,
                status,
            },
            Oracle::Refuses,
        );
    }
}
