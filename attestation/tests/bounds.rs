//! What is just good beside what is just not: lengths, times, numbers, and evidence that is unusual in two ways.
#![cfg(feature = "forge")]

use khala_attestation::{
    collateral::{MAX_CHAIN, MAX_CRL, MAX_QE_IDENTITY, MAX_TCB_INFO},
    crl::MAX_REVOKED,
    development,
    forge::{
        suite::{Kind, Sample, NOW},
        TcbClass, NOT_AFTER_SECS, NOT_BEFORE_SECS, TEE_TCB_SVN,
    },
    part::Part,
    quote::{self, TdReport, MAX_QUOTE},
    shortfall::{Component, Shortfall},
    tcb_info::MAX_LEVELS,
    Error, Finding,
};
use khala_primitives::TcbStatus;
use serde_json::json;

/// Seconds after [`NOW`] at which the forge's collateral ends.
const LIFE: u64 = 30 * 24 * 3600 - 3600;

#[test]
fn quotes_that_end_early_are_refused_wherever_they_end() {
    for kind in Kind::ALL {
        let good = Sample::good(kind).quote;
        for end in 0..good.len() {
            let found = quote::parse(&good[..end]);
            assert!(matches!(found, Err(Error::QuoteTruncated { .. })), "{kind:?} at {end}: {found:?}");
        }
        assert!(quote::parse(&good).is_ok());
    }
}

#[test]
fn zeros_behind_the_end_can_be_cut_and_other_bytes_can_be_split_off() {
    for kind in Kind::ALL {
        let good = Sample::good(kind).quote;
        let longer = [&good[..], &[0, 0]].concat();
        assert_eq!(quote::trim(&longer), good);
        let foreign = [&good[..], &[0, 1]].concat();
        assert_eq!(quote::trim(&foreign), foreign);
        assert_eq!(quote::split(&foreign), (&good[..], &[0, 1][..]));
    }
}

#[test]
fn quotes_are_taken_up_to_their_longest() {
    let length = |padding: usize| Sample::quote(Kind::Sgx, |draft| draft.certification_data.extend(vec![b'\n'; padding]));
    let padding = MAX_QUOTE - length(0).quote.len();
    for (padding, good) in [(padding - 1, true), (padding, true), (padding + 1, false)] {
        assert_eq!(length(padding).verify().is_ok(), good, "{padding}");
    }
}

#[test]
fn every_attribute_of_a_td_is_refused_found_or_harmless() {
    for kind in [Kind::Tdx, Kind::Tdx15] {
        for bit in 0..64 {
            let sample = Sample::td(kind, |report| {
                report.td_attributes = (report.attributes() | 1 << bit).to_le_bytes();
            });
            let found = sample.verify().map(|verdict| verdict.not_for_registration);
            let expected = match bit {
                0 => Err(Error::Debug),
                4..=6 => Err(Error::TdProfiling),
                17 => Err(Error::TdServiceTdExt),
                29 => Err(Error::TdMigratable),
                1..=3 | 7..=15 | 23..=26 | 32..=61 => Err(Error::TdReservedAttributes { bits: 1 << bit }),
                63 => Ok(vec![Finding::Perfmon]),
                _ => Ok(vec![]),
            };
            assert_eq!(found, expected, "{kind:?}: bit {bit}");
        }
        let without = Sample::td(kind, |report| {
            report.td_attributes = (report.attributes() & !TdReport::SEPT_VE_DISABLE).to_le_bytes();
        });
        assert_eq!(without.verify(), Err(Error::TdSeptVeDisable));
    }
}

#[test]
fn revocation_lists_are_taken_up_to_their_longest() {
    let with = |count: u32| {
        Sample::collateral(Kind::Sgx, |draft| {
            draft.pck_crl.revoked = (0..count).map(|number| [&[7; 15], &number.to_be_bytes()[..]].concat()).collect();
        })
    };
    for (count, good) in [(MAX_REVOKED - 1, true), (MAX_REVOKED, true), (MAX_REVOKED + 1, false)] {
        assert_eq!(with(count).verify().is_ok(), good, "{count}");
    }
}

#[test]
fn pieces_of_collateral_are_taken_up_to_their_bounds() {
    type Fill = fn(&mut Sample, usize);
    let pieces: [(Part, usize, Fill); 5] = [
        (Part::TcbInfo, MAX_TCB_INFO, |sample, size| {
            sample.collateral.tcb_info = " ".repeat(size)
        }),
        (Part::QeIdentity, MAX_QE_IDENTITY, |sample, size| {
            sample.collateral.qe_identity = " ".repeat(size);
        }),
        (Part::RootCrl, MAX_CRL, |sample, size| sample.collateral.root_ca_crl = vec![0; size]),
        (Part::PckCrl, MAX_CRL, |sample, size| sample.collateral.pck_crl = vec![0; size]),
        (Part::TcbInfoChain, MAX_CHAIN, |sample, size| {
            sample.collateral.tcb_info_issuer_chain = " ".repeat(size);
        }),
    ];
    for (piece, max, fill) in pieces {
        for (size, too_large) in [(max - 1, false), (max, false), (max + 1, true)] {
            let found = Sample::good(Kind::Sgx).then(|sample| fill(sample, size)).verify().unwrap_err();
            let refused_for_size = matches!(found, Error::CollateralTooLarge { part, .. } if part == piece);
            assert_eq!(refused_for_size, too_large, "{piece} of {size}: {found:?}");
        }
    }
}

#[test]
fn documents_have_levels_up_to_their_bound() {
    let levels = |count: u32| {
        Sample::collateral(Kind::Sgx, |draft| {
            let level = draft.tcb_info["tcbLevels"][0].clone();
            draft.tcb_info["tcbLevels"] = vec![level; count as usize].into();
        })
    };
    for (count, good) in [(MAX_LEVELS - 1, true), (MAX_LEVELS, true), (MAX_LEVELS + 1, false)] {
        assert_eq!(levels(count).verify().is_ok(), good, "{count}");
    }
}

#[test]
fn certificates_count_in_their_first_and_in_their_last_second() {
    type Make = fn(u64, u64) -> Sample;
    let makers: [(Part, Make); 3] = [
        (Part::PckLeaf, |from, to| {
            Sample::leaf(|draft| (draft.not_before_secs, draft.not_after_secs) = (from, to))
        }),
        (Part::PckCa, |from, to| {
            Sample::ca(|draft| (draft.not_before_secs, draft.not_after_secs) = (from, to))
        }),
        (Part::Root, |from, to| {
            Sample::root(|draft| (draft.not_before_secs, draft.not_after_secs) = (from, to))
        }),
    ];
    for (part, make) in makers {
        let sample = make(NOW - 10, NOW + 10);
        for (at, expected) in [
            (NOW - 11, Err(Error::NotYetValid { part, in_secs: 1 })),
            (NOW - 10, Ok(())),
            (NOW + 10, Ok(())),
            (NOW + 11, Err(Error::Expired { part, secs_ago: 1 })),
        ] {
            assert_eq!(sample.clone().at(at).verify().map(|_| ()), expected, "{part} at {at}");
        }
    }
}

#[test]
fn revocation_lists_count_from_their_making_until_just_before_their_next_update() {
    let sample = Sample::collateral(Kind::Sgx, |draft| {
        (draft.root_crl.this_update_secs, draft.root_crl.next_update_secs) = (NOW, NOW + 10);
    });
    let part = Part::RootCrl;
    for (at, expected) in [
        (NOW - 1, Err(Error::NotYetValid { part, in_secs: 1 })),
        (NOW, Ok(())),
        (NOW + 9, Ok(())),
        (NOW + 10, Err(Error::Expired { part, secs_ago: 0 })),
        (NOW + 11, Err(Error::Expired { part, secs_ago: 1 })),
    ] {
        assert_eq!(sample.clone().at(at).verify().map(|_| ()), expected, "{at}");
    }
}

#[test]
fn signed_documents_count_from_their_issue_to_their_next_update() {
    // NOW.
    let date = "2026-09-21T14:13:20Z";
    for kind in Kind::ALL {
        for (part, issued, ended) in [
            (
                Part::TcbInfo,
                Sample::info(kind, "/issueDate", json!(date)),
                Sample::info(kind, "/nextUpdate", json!(date)),
            ),
            (
                Part::QeIdentity,
                Sample::identity(kind, "/issueDate", json!(date)),
                Sample::identity(kind, "/nextUpdate", json!(date)),
            ),
        ] {
            for (at, expected) in [
                (NOW - 1, Err(Error::NotYetValid { part, in_secs: 1 })),
                (NOW, Ok(())),
                (NOW + 1, Ok(())),
            ] {
                assert_eq!(issued.clone().at(at).verify().map(|_| ()), expected, "{part} at {at}");
            }
            for (at, expected) in [
                (NOW - 1, Ok(())),
                (NOW, Ok(())),
                (NOW + 1, Err(Error::Expired { part, secs_ago: 1 })),
            ] {
                assert_eq!(ended.clone().at(at).verify().map(|_| ()), expected, "{part} at {at}");
            }
        }
    }
}

#[test]
fn evidence_ends_when_its_first_part_ends() {
    let sample = Sample::good(Kind::Sgx);
    let expires = sample.verify().unwrap().expires_at_secs;
    // A revocation list does not count in the second of its next update.
    assert_eq!(expires, NOW + LIFE - 1);
    assert!(sample.clone().at(expires).verify().is_ok());
    assert!(sample.at(expires + 1).verify().is_err());
    assert!(NOT_BEFORE_SECS < NOW && expires < NOT_AFTER_SECS);
    let early = Sample::leaf(|draft| draft.not_after_secs = NOW + 5);
    assert_eq!(early.verify().unwrap().expires_at_secs, NOW + 5);
    assert_eq!(early.roots, [development::ROOT_DER]);
}

#[test]
fn shortfalls_to_the_newest_level_are_listed() {
    let short = |sample: Sample| sample.verify().map(|verdict| (verdict.status, verdict.shortfalls));
    let shortfall = |component, has, needs| vec![Shortfall { component, has, needs }];
    assert_eq!(
        short(Sample::class(Kind::Sgx, TcbClass::OutOfDate)),
        Ok((TcbStatus::OutOfDate, shortfall(Component::Cpu(0), 5, 9)))
    );
    assert_eq!(
        short(Sample::quote(Kind::Sgx, |draft| draft.qe_report.isv_svn = 7)),
        Ok((TcbStatus::OutOfDate, shortfall(Component::Qe, 7, 8)))
    );
    assert_eq!(
        short(Sample::td(Kind::Tdx, |report| report.tee_tcb_svn[0] = 4)),
        Ok((TcbStatus::OutOfDate, shortfall(Component::TdxModule, 4, 5)))
    );
}

#[test]
fn a_module_without_version_is_judged_by_the_level_alone() {
    let lower = Sample::collateral(Kind::Tdx, |draft| {
        for level in draft.tcb_info["tcbLevels"].as_array_mut().unwrap() {
            level["tcb"]["tdxtcbcomponents"][1] = json!({ "svn": 0 });
        }
    });
    let sample = Sample::td(Kind::Tdx, |report| report.tee_tcb_svn[1] = 0).then(|sample| sample.collateral = lower.collateral);
    assert_eq!(sample.verify().unwrap().status, TcbStatus::UpToDate);
}

#[test]
fn a_td_that_was_started_before_an_update_is_advised_to_relaunch() {
    let mut old = TEE_TCB_SVN;
    old[0] = 3;
    let with = |launch, current| {
        Sample::td(Kind::Tdx15, |report| {
            report.tee_tcb_svn = launch;
            report.td15.as_mut().unwrap().tee_tcb_svn2 = current;
        })
    };
    let status = |sample: Sample| sample.verify().unwrap().status;
    assert_eq!(status(with(old, TEE_TCB_SVN)), TcbStatus::TDRelaunchAdvised);
    assert_eq!(status(with(old, old)), TcbStatus::OutOfDate);
    assert_eq!(status(with(TEE_TCB_SVN, old)), TcbStatus::UpToDate);
    let needed = json!(TcbStatus::ConfigurationNeeded.as_str());
    let configuration = Sample::info(Kind::Tdx15, "/tcbLevels/0/tcbStatus", needed).collateral;
    assert_eq!(
        status(with(old, TEE_TCB_SVN).then(|sample| sample.collateral = configuration)),
        TcbStatus::TDRelaunchAdvisedConfigurationNeeded
    );
}

#[test]
fn a_harmless_extension_of_a_certificate_is_taken() {
    let unknown = const_oid::ObjectIdentifier::new_unwrap("1.2.3.4");
    let sample = Sample::leaf(|draft| draft.extensions.push((unknown, false, vec![5, 0])));
    assert!(sample.verify().is_ok());
}
