//! Group 3: what certificates say of themselves: dates, authority, key usage, extensions.

use super::{
    chains::broken,
    differences::{NAME_CONSTRAINTS, ROOT_DATES, ROOT_PATH_LENGTH},
    sample::{machine, pki},
    Kind, List, Sample, NOW,
};
use crate::{
    error::{Error, Group},
    finding::Finding,
    forge::{der, pem, usage, CertificateDraft},
    part::Part,
};
use const_oid::{
    db::rfc5280::{ID_CE_EXT_KEY_USAGE, ID_CE_KEY_USAGE, ID_CE_NAME_CONSTRAINTS, ID_KP_CLIENT_AUTH},
    ObjectIdentifier,
};
use std::{format, vec, vec::Vec};

type Change = fn(&mut CertificateDraft);
type Make = fn(Change) -> Sample;

/// The certificates that can be changed: name, part, and how evidence with the changed one is made.
const CERTIFICATES: [(&str, Part, Make); 4] = [
    ("pck-certificate", Part::PckLeaf, |change| Sample::leaf(change)),
    ("pck-ca", Part::PckCa, |change| Sample::ca(change)),
    ("tcb-info-signer", Part::TcbInfoSigner, |change| Sample::signer(change)),
    ("qe-identity-signer", Part::QeIdentitySigner, |change| Sample::qe_signer(change)),
];

pub(super) fn add(list: &mut List) {
    for (name, part, make) in CERTIFICATES {
        list.group = match part {
            Part::TcbInfoSigner => Group::TcbInfo,
            Part::QeIdentitySigner => Group::QeIdentity,
            _ => Group::Certificates,
        };
        add_dates(list, name, part, make);
        add_authority(list, name, part, make);
        add_extensions(list, name, part, make);
    }
    add_signers(list);
    list.group = Group::Certificates;
    add_roots(list);
    list.add(
        "pck-ca-may-not-sign-lists",
        "the PCK CA may sign certificates only",
        Sample::ca(|draft| draft.key_usage = usage::KEY_CERT_SIGN),
        Error::CrlSigner { part: Part::PckCrl },
    );
}

fn add_dates(list: &mut List, name: &str, part: Part, make: Make) {
    list.add(
        format!("{name}-not-yet-valid"),
        "its validity begins a second later",
        make(|draft| draft.not_before_secs = NOW).at(NOW.saturating_sub(1)),
        Error::NotYetValid { part, in_secs: 1 },
    );
    list.add(
        format!("{name}-expired"),
        "its validity ended 100 seconds ago",
        make(|draft| draft.not_after_secs = NOW).at(NOW.saturating_add(100)),
        Error::Expired { part, secs_ago: 100 },
    );
}

fn add_authority(list: &mut List, name: &str, part: Part, make: Make) {
    let (sample, is_ca, fault) = match part {
        Part::PckCa => (make(|draft| draft.authority = None), false, "it is no authority"),
        _ => (make(|draft| draft.authority = Some(0)), true, "it is an authority"),
    };
    list.add(
        format!("{name}-authority"),
        fault,
        sample,
        Error::CertificateAuthority { part, is_ca },
    );
    let unfit: Change = match part {
        Part::PckCa => |draft| draft.key_usage = usage::CRL_SIGN,
        _ => |draft| draft.key_usage = usage::NON_REPUDIATION,
    };
    // Both documents have the same signer, unless the QE identity's was changed alone.
    let findings = match part {
        Part::TcbInfoSigner => vec![Finding::KeyUsage(part), Finding::KeyUsage(Part::QeIdentitySigner)],
        part => vec![Finding::KeyUsage(part)],
    };
    list.add(
        format!("{name}-key-usage"),
        "its key usage does not cover what it is used for",
        make(unfit),
        super::Answer::Found(findings),
    );
}

fn add_extensions(list: &mut List, name: &str, part: Part, make: Make) {
    let extensions: [(&str, &str, Change); 4] = [
        ("unknown-critical-extension", "an unknown extension is critical", |draft| {
            draft.extensions.push((ObjectIdentifier::new_unwrap("1.2.3.4"), true, vec![5, 0]));
        }),
        ("extension-twice", "the key usage comes twice", |draft| {
            draft.extensions.push((ID_CE_KEY_USAGE, true, vec![3, 2, 7, 0x80]));
        }),
        ("extended-key-usage", "an extended key usage of web clients", |draft| {
            let purposes = der::sequence(&[der::oid(ID_KP_CLIENT_AUTH)]);
            draft.extensions.push((ID_CE_EXT_KEY_USAGE, false, purposes));
        }),
        ("name-constraints", "constraints of names", |draft| {
            draft.extensions.push((ID_CE_NAME_CONSTRAINTS, true, der::sequence(&[])));
        }),
    ];
    for (what, fault, change) in extensions {
        // A PCK CA that cannot be read issues nothing.
        let error = match part {
            Part::PckCa => Error::UnknownIssuer { part: Part::PckLeaf },
            part => Error::CertificateExtension { part },
        };
        let name = format!("{name}-{what}");
        if what == "name-constraints" {
            list.add_stricter(name, fault, make(change), error, &NAME_CONSTRAINTS);
        } else {
            list.add(name, fault, make(change), error);
        }
    }
}

/// The chains behind the signed documents.
fn add_signers(list: &mut List) {
    let pki = pki();
    let chains: [(&str, &str, Vec<u8>); 3] = [
        (
            "malformed",
            "the first certificate of the issuer chain is an empty sequence",
            vec![0x30, 0],
        ),
        (
            "signature",
            "a bit of the signer's certificate's signature is flipped",
            broken(pki.signer_der()),
        ),
        (
            "unknown-issuer",
            "a PCK certificate is in place of the signer's",
            machine().leaf_der().to_vec(),
        ),
    ];
    for (part, chain) in [
        (Part::TcbInfoSigner, Part::TcbInfoChain),
        (Part::QeIdentitySigner, Part::QeIdentityChain),
    ] {
        let (name, group) = match part {
            Part::TcbInfoSigner => ("tcb-info-signer", Group::TcbInfo),
            _ => ("qe-identity-signer", Group::QeIdentity),
        };
        list.group = group;
        let with = |text: &str| {
            Sample::good(Kind::Sgx).then(|sample| match part {
                Part::TcbInfoSigner => sample.collateral.tcb_info_issuer_chain = text.into(),
                _ => sample.collateral.qe_identity_issuer_chain = text.into(),
            })
        };
        for (what, fault, first) in &chains {
            let error = match *what {
                "malformed" => Error::CertificateMalformed { part },
                "signature" => Error::Signature { part },
                _ => Error::UnknownIssuer { part },
            };
            list.add(format!("{name}-{what}"), *fault, with(&pem(&[first, pki.root_der()])), error);
        }
        list.add(
            format!("{name}-chain-empty"),
            "there is no certificate in the issuer chain",
            with("\n"),
            Error::ChainLength {
                part: chain,
                found: 0,
                max: 5,
            },
        );
        list.add(
            format!("{name}-chain-not-pem"),
            "there is something else than base64 in the issuer chain",
            with(&pki.signer_chain().replacen("CERTIFICATE-----\n", "CERTIFICATE-----\n!", 1)),
            Error::Pem { part: chain },
        );
    }
}

fn add_roots(list: &mut List) {
    list.add_stricter(
        "root-expired",
        "the root's validity ended 7 seconds ago",
        Sample::root(|draft| draft.not_after_secs = NOW.saturating_sub(7)),
        Error::Expired {
            part: Part::Root,
            secs_ago: 7,
        },
        &ROOT_DATES,
    );
    list.add_stricter(
        "root-not-yet-valid",
        "the root's validity begins in 7 seconds",
        Sample::root(|draft| draft.not_before_secs = NOW.saturating_add(7)),
        Error::NotYetValid {
            part: Part::Root,
            in_secs: 7,
        },
        &ROOT_DATES,
    );
    list.add_stricter(
        "root-path-length",
        "the root allows no authority below it",
        Sample::root(|draft| draft.authority = Some(0)),
        Error::PathLength,
        &ROOT_PATH_LENGTH,
    );
    list.add(
        "root-key-usage",
        "the root may sign data only",
        Sample::root(|draft| draft.key_usage = usage::DIGITAL_SIGNATURE),
        // The chain names the genuine root, which has the same key.
        Finding::KeyUsage(Part::Root),
    );
}
