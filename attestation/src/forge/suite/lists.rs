//! Group 3: revocation lists.

use super::{
    differences::{BOUNDS, LIST_FROM_THE_FUTURE},
    sample::{machine, pki, put},
    Kind, List, Sample, NOW,
};
use crate::{
    collateral::{saturate, MAX_CRL},
    crl::MAX_REVOKED,
    error::{Error, Group},
    forge::{CollateralDraft, CrlDraft, Key},
    part::Part,
};
use const_oid::{
    db::rfc5280::{
        ID_CE_CERTIFICATE_ISSUER, ID_CE_CRL_REASONS, ID_CE_DELTA_CRL_INDICATOR, ID_CE_INVALIDITY_DATE, ID_CE_ISSUING_DISTRIBUTION_POINT,
    },
    ObjectIdentifier,
};
use std::{format, vec, vec::Vec};

/// The two lists: name, part, and where they stand in collateral.
const LISTS: [(&str, Part); 2] = [("root-crl", Part::RootCrl), ("pck-crl", Part::PckCrl)];

pub(super) fn add(list: &mut List) {
    for (name, part) in LISTS {
        add_form(list, name, part);
        add_entries(list, name, part);
        add_issuer(list, name, part);
        add_dates(list, name, part);
        add_sizes(list, name, part);
    }
    add_revoked(list);
}

/// Evidence with one of the lists changed before it is signed.
fn with(part: Part, change: impl FnOnce(&mut CrlDraft)) -> Sample {
    Sample::collateral(Kind::Sgx, |draft| match part {
        Part::RootCrl => change(&mut draft.root_crl),
        _ => change(&mut draft.pck_crl),
    })
}

/// Evidence with one of the lists changed as it is signed already.
fn spoilt(part: Part, change: impl FnOnce(&mut Vec<u8>)) -> Sample {
    Sample::good(Kind::Sgx).then(|sample| match part {
        Part::RootCrl => change(&mut sample.collateral.root_ca_crl),
        _ => change(&mut sample.collateral.pck_crl),
    })
}

fn add_form(list: &mut List, name: &str, part: Part) {
    let malformed = Error::CrlMalformed { part };
    list.add(format!("{name}-empty"), "it has no bytes", spoilt(part, Vec::clear), malformed);
    list.add(
        format!("{name}-not-der"),
        "its first byte is zero",
        spoilt(part, |der| put(der, 0, &[0])),
        malformed,
    );
    list.add(
        format!("{name}-truncated"),
        "its last byte is missing",
        spoilt(part, |der| {
            der.pop();
        }),
        malformed,
    );
    list.add(
        format!("{name}-with-a-byte-more"),
        "there is a byte behind it",
        spoilt(part, |der| der.push(0)),
        malformed,
    );
    for (what, fault, extension, critical) in [
        ("of-changes", "it lists changes only", ID_CE_DELTA_CRL_INDICATOR, false),
        (
            "of-some-certificates",
            "it is about some certificates only",
            ID_CE_ISSUING_DISTRIBUTION_POINT,
            true,
        ),
        (
            "with-unknown-critical-extension",
            "an unknown extension is critical",
            ObjectIdentifier::new_unwrap("1.2.3.4"),
            true,
        ),
    ] {
        let sample = with(part, |draft| draft.extensions.push((extension, critical, vec![2, 1, 1])));
        list.add(format!("{name}-{what}"), fault, sample, malformed);
    }
}

fn add_entries(list: &mut List, name: &str, part: Part) {
    for (what, fault, extension, value) in [
        (
            "reason-7",
            "its entry has a reason that does not exist",
            ID_CE_CRL_REASONS,
            vec![10, 1, 7],
        ),
        (
            "reason-without-value",
            "its entry has a reason without a value",
            ID_CE_CRL_REASONS,
            vec![10, 0],
        ),
        (
            "reason-with-a-byte-more",
            "there is a byte behind its entry's reason",
            ID_CE_CRL_REASONS,
            vec![10, 1, 1, 0],
        ),
        (
            "invalidity-date",
            "its entry has a date that is a number",
            ID_CE_INVALIDITY_DATE,
            vec![2, 1, 1],
        ),
        (
            "certificate-issuer",
            "its entry names an issuer of its own",
            ID_CE_CERTIFICATE_ISSUER,
            vec![0x30, 0],
        ),
    ] {
        let sample = with(part, |draft| {
            draft.revoked = vec![vec![7; 19]];
            draft.entry_extensions = vec![(extension, false, value)];
        });
        list.add(format!("{name}-entry-{what}"), fault, sample, Error::CrlMalformed { part });
    }
}

fn add_issuer(list: &mut List, name: &str, part: Part) {
    list.add(
        format!("{name}-of-another-issuer"),
        "it names another issuer",
        with(part, |draft| draft.issuer = "Somebody".into()),
        Error::CrlIssuer { part },
    );
    list.add(
        format!("{name}-by-a-stranger"),
        "it is signed with another key",
        Sample::collateral(Kind::Sgx, |draft| {
            let CollateralDraft { root_key, ca_key, .. } = draft;
            *(if part == Part::RootCrl { root_key } else { ca_key }) = Key::named("stranger");
        }),
        Error::Signature { part },
    );
}

fn add_dates(list: &mut List, name: &str, part: Part) {
    for (what, secs_ago) in [("ends-now", 0), ("expired", 9)] {
        list.add(
            format!("{name}-{what}"),
            format!("its next update was {secs_ago} seconds ago"),
            with(part, |draft| draft.next_update_secs = NOW).at(NOW.saturating_add(secs_ago)),
            Error::Expired { part, secs_ago },
        );
    }
    list.add_stricter(
        format!("{name}-not-yet-made"),
        "it will be made in a second",
        with(part, |draft| draft.this_update_secs = NOW.saturating_add(1)),
        Error::NotYetValid { part, in_secs: 1 },
        &LIST_FROM_THE_FUTURE,
    );
}

fn add_sizes(list: &mut List, name: &str, part: Part) {
    let size = MAX_REVOKED.saturating_add(1);
    list.add_stricter(
        format!("{name}-with-too-many-entries"),
        format!("{size} certificates are revoked, none of them in use"),
        with(part, |draft| {
            draft.revoked = (0..size).map(|number| [&[7; 15], &number.to_be_bytes()[..]].concat()).collect();
        }),
        Error::CollateralTooLarge {
            part,
            size,
            max: MAX_REVOKED,
        },
        &BOUNDS,
    );
    let max = saturate(MAX_CRL);
    list.add(
        format!("{name}-too-large"),
        "zero bytes, one more than there is room for",
        spoilt(part, |der| *der = vec![0; MAX_CRL.saturating_add(1)]),
        Error::CollateralTooLarge {
            part,
            size: max.saturating_add(1),
            max,
        },
    );
}

fn add_revoked(list: &mut List) {
    let pki = pki();
    let serials = |serial: Vec<u8>| vec![vec![1, 2, 3], serial];
    for (name, part, serial) in [
        ("root-revoked", Part::Root, pki.root_draft().serial),
        ("pck-ca-revoked", Part::PckCa, pki.ca_draft().serial),
        ("tcb-info-signer-revoked", Part::TcbInfoSigner, pki.signer_draft().serial),
    ] {
        list.group = if part == Part::TcbInfoSigner {
            Group::TcbInfo
        } else {
            Group::Certificates
        };
        list.add(
            name,
            "it stands on the root's revocation list",
            with(Part::RootCrl, |draft| draft.revoked = serials(serial)),
            Error::Revoked { part },
        );
    }
    list.group = Group::QeIdentity;
    let serial = vec![0x51; 19];
    let signer = serial.clone();
    list.add(
        "qe-identity-signer-revoked",
        "it stands on the root's revocation list, and the TCB info has another signer",
        Sample::qe_signer(|draft| draft.serial = signer).then(|sample| {
            let revoked = with(Part::RootCrl, |draft| draft.revoked = serials(serial));
            sample.collateral.root_ca_crl = revoked.collateral.root_ca_crl;
        }),
        Error::Revoked {
            part: Part::QeIdentitySigner,
        },
    );
    list.group = Group::Certificates;
    let serial = pki.leaf_draft("case/up-to-date", machine().key()).serial;
    for kind in Kind::ALL {
        list.add(
            format!("pck-certificate-revoked/{}", kind.name()),
            "it stands on the PCK CA's revocation list",
            Sample::collateral(kind, |draft| draft.pck_crl.revoked = serials(serial.clone())),
            Error::Revoked { part: Part::PckLeaf },
        );
    }
}
