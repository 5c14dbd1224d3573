//! Group 3: certificates and revocation lists with one fault, which the forge signs properly.
#![cfg(feature = "forge")]

mod common;

use common::cases::{Case, Kind, Oracle, NOW};
use const_oid::ObjectIdentifier;
use der::Encode;
use khala_attestation::{
    crl::MAX_REVOKED,
    development,
    forge::{pem, sgx_extension, usage, CertificateDraft, Key, Pki, Platform, TcbClass, NOT_AFTER_SECS, NOT_BEFORE_SECS},
    part::{Part, PckField},
    roots, verify, Error, Finding,
};

/// Seconds after [`NOW`] at which the forge's collateral ends.
const LIFE: u64 = 30 * 24 * 3600 - 3600;

/// Evidence of a platform whose PCK certificate is changed before it is signed.
fn with_leaf(change: impl FnOnce(&mut CertificateDraft)) -> Case {
    let pki = Pki::development();
    let mut draft = pki.leaf_draft("changed", &Key::named("changed"));
    let extension = sgx_extension("changed", &TcbClass::UpToDate.cpu_svn());
    draft
        .extensions
        .push((ObjectIdentifier::new_unwrap("1.2.840.113741.1.13.1"), false, extension));
    change(&mut draft);
    let platform = Platform::with_leaf(&pki, "changed", Key::named("changed"), draft.sign(&pki.ca_key()));
    Case::good(Kind::Sgx).then(|case| case.quote = platform.sgx_draft([9; 64]).sign())
}

/// Evidence with another CA between root and leaf.
fn with_ca(change: impl FnOnce(&mut CertificateDraft)) -> Case {
    let pki = Pki::development();
    let mut draft = pki.ca_draft();
    change(&mut draft);
    let ca = draft.sign(&pki.root_key());
    let platform = pki.platform(TcbClass::UpToDate, "case");
    let chain = pem(&[platform.leaf_der(), &ca, pki.root_der()]);
    Case::quote(Kind::Sgx, |draft| draft.certification_data = chain.into_bytes())
}

/// Evidence with another certificate behind TCB info and QE identity.
fn with_signer(change: impl FnOnce(&mut CertificateDraft)) -> Case {
    let pki = Pki::development();
    let mut draft = pki.signer_draft();
    change(&mut draft);
    let signer = draft.sign(&pki.root_key());
    Case::collateral(Kind::Sgx, |draft| draft.signer_chain = pem(&[&signer, pki.root_der()]))
}

/// Evidence with another chain in the quote.
fn with_chain(chain: &str) -> Case {
    Case::quote(Kind::Sgx, |draft| draft.certification_data = chain.as_bytes().to_vec())
}

#[test]
fn a_root_is_needed_and_must_be_readable() {
    let good = Case::good(Kind::Sgx);
    assert_eq!(verify(&good.quote, &good.collateral, &[], NOW), Err(Error::NoTrustedRoot));
    good.clone()
        .then(|case| case.root = vec![0x30, 0])
        .refused(Error::RootMalformed, Oracle::Refuses);
    good.then(|case| case.root = roots::INTEL.to_vec())
        .refused(Error::UnknownIssuer { part: Part::PckCa }, Oracle::Refuses);
}

#[test]
fn evidence_of_a_stranger_with_the_same_names_is_refused() {
    let stranger = Pki::stranger("somebody");
    let platform = stranger.platform(TcbClass::UpToDate, "case");
    let theirs = Case::good(Kind::Sgx).then(|case| case.quote = platform.sgx_draft([9; 64]).sign());
    theirs.refused(Error::Signature { part: Part::PckCa }, Oracle::Refuses);
    let collateral = Case::good(Kind::Sgx).then(|case| case.collateral = stranger.collateral(NOW));
    collateral.refused(Error::Signature { part: Part::RootCrl }, Oracle::Refuses);
}

#[test]
fn a_root_that_allows_no_authority_below_it_is_refused() {
    let pki = Pki::development();
    let root = CertificateDraft {
        authority: Some(0),
        ..pki.root_draft()
    }
    .sign(&pki.root_key());
    Case::good(Kind::Sgx)
        .then(|case| case.root = root)
        .refused(Error::PathLength, Oracle::Accepts);
}

#[test]
fn chains_that_do_not_lead_to_the_root_are_refused() {
    let pki = Pki::development();
    let platform = pki.platform(TcbClass::UpToDate, "case");
    let leaf = platform.leaf_der();
    with_chain("nothing").refused(
        Error::ChainLength {
            part: Part::PckChain,
            found: 0,
            max: 5,
        },
        Oracle::Refuses,
    );
    let six = pem(&[leaf, pki.ca_der(), pki.ca_der(), pki.ca_der(), pki.ca_der(), pki.root_der()]);
    with_chain(&six).refused(
        Error::ChainLength {
            part: Part::PckChain,
            found: 6,
            max: 5,
        },
        Oracle::Refuses,
    );
    with_chain(&pem(&[leaf]).replace("BEGIN CERT", "BEGIN CERT\n!")).refused(Error::Pem { part: Part::PckChain }, Oracle::Refuses);
    with_chain(&pem(&[leaf])).refused(Error::UnknownIssuer { part: Part::PckLeaf }, Oracle::Refuses);
    with_chain(&pem(&[leaf, pki.root_der()])).refused(Error::UnknownIssuer { part: Part::PckLeaf }, Oracle::Refuses);
    with_chain(&pem(&[&[0x30, 0]])).refused(Error::CertificateMalformed { part: Part::PckLeaf }, Oracle::Refuses);
    with_chain(&pem(&[pki.ca_der(), pki.root_der()])).refused(
        Error::CertificateAuthority {
            part: Part::PckLeaf,
            is_ca: true,
        },
        Oracle::Refuses,
    );
}

#[test]
fn chains_of_unusual_form_are_found() {
    let pki = Pki::development();
    let platform = pki.platform(TcbClass::UpToDate, "case");
    let (leaf, ca, root) = (platform.leaf_der(), pki.ca_der(), pki.root_der());
    let stranger = Pki::stranger("somebody");
    for chain in [
        &[leaf, ca][..],
        &[leaf, root, ca],
        &[leaf, ca, ca],
        &[leaf, ca, root, root],
        &[leaf, stranger.ca_der(), ca],
        &[leaf, ca, &[1]],
    ] {
        let case = with_chain(&pem(chain));
        assert_eq!(
            case.verify().unwrap().not_for_registration,
            [Finding::PckChainForm],
            "{}",
            chain.len()
        );
        case.ask_oracle(Oracle::Accepts);
    }
}

#[test]
fn the_collaterals_chain_serves_quotes_without_one() {
    let pki = Pki::development();
    let chain = pki.platform(TcbClass::UpToDate, "case").chain().to_owned();
    let without = Case::quote(Kind::Sgx, |draft| {
        (draft.certification_type, draft.certification_data) = (3, vec![1; 404])
    });
    without.refused(Error::CertificationDataType { found: 3 }, Oracle::Refuses);
    let with = without.then(|case| case.collateral.pck_certificate_chain = Some(chain));
    assert_eq!(with.verify().unwrap().not_for_registration, [Finding::PckChainNotInQuote]);
    with.ask_oracle(Oracle::Accepts);
}

#[test]
fn certificates_are_refused_outside_of_their_dates() {
    type Make = fn(fn(&mut CertificateDraft)) -> Case;
    let makers: [(Part, Make); 3] = [
        (Part::PckLeaf, |change| with_leaf(change)),
        (Part::PckCa, |change| with_ca(change)),
        (Part::TcbInfoSigner, |change| with_signer(change)),
    ];
    for (part, make) in makers {
        let young = make(|draft| draft.not_before_secs = NOW);
        let old = make(|draft| draft.not_after_secs = NOW);
        assert!(young.verify().is_ok() && old.verify().is_ok(), "{part}");
        young
            .at(NOW - 100)
            .refused(Error::NotYetValid { part, in_secs: 100 }, Oracle::Refuses);
        old.at(NOW + 100).refused(Error::Expired { part, secs_ago: 100 }, Oracle::Refuses);
    }
}

#[test]
fn a_root_is_refused_outside_of_its_dates() {
    let pki = Pki::development();
    let draft = CertificateDraft {
        not_after_secs: NOW - 7,
        ..pki.root_draft()
    };
    let case = Case::good(Kind::Sgx).then(|case| case.root = draft.sign(&pki.root_key()));
    case.refused(
        Error::Expired {
            part: Part::Root,
            secs_ago: 7,
        },
        Oracle::Accepts,
    );
}

#[test]
fn certificates_that_may_not_do_what_they_do_are_refused() {
    with_ca(|draft| draft.authority = None).refused(
        Error::CertificateAuthority {
            part: Part::PckCa,
            is_ca: false,
        },
        Oracle::Refuses,
    );
    with_leaf(|draft| draft.authority = Some(0)).refused(
        Error::CertificateAuthority {
            part: Part::PckLeaf,
            is_ca: true,
        },
        Oracle::Refuses,
    );
    with_signer(|draft| draft.authority = Some(0)).refused(
        Error::CertificateAuthority {
            part: Part::TcbInfoSigner,
            is_ca: true,
        },
        Oracle::Refuses,
    );
    with_ca(|draft| draft.key_usage = usage::KEY_CERT_SIGN).refused(Error::CrlSigner { part: Part::PckCrl }, Oracle::Refuses);
}

#[test]
fn key_usage_that_the_oracle_does_not_look_at_is_found() {
    for (part, case) in [
        (Part::PckLeaf, with_leaf(|draft| draft.key_usage = usage::NON_REPUDIATION)),
        (Part::PckCa, with_ca(|draft| draft.key_usage = usage::CRL_SIGN)),
    ] {
        assert_eq!(case.verify().unwrap().not_for_registration, [Finding::KeyUsage(part)]);
        case.ask_oracle(Oracle::Accepts);
    }
    let signer = with_signer(|draft| draft.key_usage = usage::NON_REPUDIATION);
    let both = [Finding::KeyUsage(Part::TcbInfoSigner), Finding::KeyUsage(Part::QeIdentitySigner)];
    assert_eq!(signer.verify().unwrap().not_for_registration, both);
    signer.ask_oracle(Oracle::Accepts);
}

#[test]
fn certificates_with_extensions_that_are_not_understood_are_refused() {
    let unknown = ObjectIdentifier::new_unwrap("1.2.3.4");
    let key_usage = ObjectIdentifier::new_unwrap("2.5.29.15");
    let client_auth = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");
    for extension in [
        (unknown, true, vec![5, 0]),
        (key_usage, false, vec![3, 2, 7, 0x80]),
        (
            ObjectIdentifier::new_unwrap("2.5.29.37"),
            false,
            vec![client_auth].to_der().unwrap(),
        ),
    ] {
        with_leaf(|draft| draft.extensions.push(extension)).refused(Error::CertificateExtension { part: Part::PckLeaf }, Oracle::Refuses);
    }
    assert!(with_leaf(|draft| draft.extensions.push((unknown, false, vec![5, 0])))
        .verify()
        .is_ok());
}

#[test]
fn certificates_signed_by_others_are_refused() {
    let pki = Pki::development();
    let platform = pki.platform(TcbClass::UpToDate, "case");
    let (leaf, ca, root) = (platform.leaf_der(), pki.ca_der(), pki.root_der());
    // The last byte of a certificate is in its signature.
    let broken = |der: &[u8]| [&der[..der.len() - 1], &[der[der.len() - 1] ^ 1]].concat();
    with_chain(&pem(&[&broken(leaf), ca, root])).refused(Error::Signature { part: Part::PckLeaf }, Oracle::Refuses);
    with_chain(&pem(&[leaf, &broken(ca), root])).refused(Error::Signature { part: Part::PckCa }, Oracle::Refuses);
    let signer = Case::collateral(Kind::Sgx, |draft| draft.signer_chain = pem(&[&broken(pki.signer_der()), root]));
    signer.refused(Error::Signature { part: Part::TcbInfoSigner }, Oracle::Refuses);
    let nobody = Case::collateral(Kind::Sgx, |draft| draft.signer_chain = pem(&[leaf, ca, root]));
    nobody.refused(Error::UnknownIssuer { part: Part::TcbInfoSigner }, Oracle::Refuses);
}

#[test]
fn certificates_with_other_algorithms_are_refused() {
    let pki = Pki::development();
    let platform = pki.platform(TcbClass::UpToDate, "case");
    // The last of the object identifier of ECDSA with SHA-256 becomes SHA-384, outside of what is signed.
    let mut leaf = platform.leaf_der().to_vec();
    let name = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
    let place = leaf.windows(8).rposition(|window| window == name).unwrap();
    leaf[place + 7] = 3;
    let case = with_chain(&pem(&[&leaf, pki.ca_der(), pki.root_der()]));
    case.refused(Error::SignatureAlgorithm { part: Part::PckLeaf }, Oracle::Refuses);
    with_leaf(|draft| draft.key = [1; 64]).refused(Error::PublicKey { part: Part::PckLeaf }, Oracle::Refuses);
}

#[test]
fn revoked_certificates_are_refused() {
    let pki = Pki::development();
    let serial = |draft: CertificateDraft| vec![vec![1, 2, 3], draft.serial];
    let by_root = |draft: CertificateDraft| Case::collateral(Kind::Sgx, |collateral| collateral.root_crl.revoked = serial(draft));
    by_root(pki.root_draft()).refused(Error::Revoked { part: Part::Root }, Oracle::Refuses);
    by_root(pki.ca_draft()).refused(Error::Revoked { part: Part::PckCa }, Oracle::Refuses);
    by_root(pki.signer_draft()).refused(Error::Revoked { part: Part::TcbInfoSigner }, Oracle::Refuses);
    let leaf = serial(pki.leaf_draft("case/up-to-date", &Key::named("any")));
    let by_ca = Case::collateral(Kind::Sgx, |collateral| collateral.pck_crl.revoked = leaf);
    by_ca.refused(Error::Revoked { part: Part::PckLeaf }, Oracle::Refuses);
    let others = Case::collateral(Kind::Sgx, |collateral| {
        collateral.pck_crl.revoked = vec![vec![1; 20]; MAX_REVOKED as usize]
    });
    assert!(others.verify().is_ok());
}

#[test]
fn revocation_lists_are_bounded() {
    let with = |count: u32| Case::collateral(Kind::Sgx, |draft| draft.pck_crl.revoked = vec![vec![1; 20]; count as usize]);
    assert!(with(MAX_REVOKED - 1).verify().is_ok());
    let error = Error::CollateralTooLarge {
        part: Part::PckCrl,
        size: MAX_REVOKED + 1,
        max: MAX_REVOKED,
    };
    with(MAX_REVOKED + 1).refused(error, Oracle::Accepts);
}

#[test]
fn revocation_lists_of_others_are_refused() {
    let stranger = Key::named("stranger");
    let root = Case::collateral(Kind::Sgx, |draft| draft.root_key = stranger.clone());
    root.refused(Error::Signature { part: Part::RootCrl }, Oracle::Refuses);
    let ca = Case::collateral(Kind::Sgx, |draft| draft.ca_key = stranger.clone());
    ca.refused(Error::Signature { part: Part::PckCrl }, Oracle::Refuses);
    let named = Case::collateral(Kind::Sgx, |draft| draft.pck_crl.issuer = "Somebody".into());
    named.refused(Error::CrlIssuer { part: Part::PckCrl }, Oracle::Refuses);
    let named = Case::collateral(Kind::Sgx, |draft| draft.root_crl.issuer = "Somebody".into());
    named.refused(Error::CrlIssuer { part: Part::RootCrl }, Oracle::Refuses);
}

#[test]
fn revocation_lists_that_cannot_be_read_or_are_partial_are_refused() {
    let good = Case::good(Kind::Sgx);
    good.clone()
        .then(|case| case.collateral.pck_crl.clear())
        .refused(Error::CrlMalformed { part: Part::PckCrl }, Oracle::Refuses);
    good.then(|case| case.collateral.root_ca_crl[0] = 0)
        .refused(Error::CrlMalformed { part: Part::RootCrl }, Oracle::Refuses);
    for (extension, critical) in [("2.5.29.27", false), ("2.5.29.28", true), ("1.2.3.4", true)] {
        let extension = (ObjectIdentifier::new_unwrap(extension), critical, vec![2, 1, 1]);
        let case = Case::collateral(Kind::Sgx, |draft| draft.pck_crl.extensions.push(extension));
        case.refused(Error::CrlMalformed { part: Part::PckCrl }, Oracle::Refuses);
    }
}

#[test]
fn revocation_lists_count_from_their_making_until_just_before_their_next_update() {
    let root = Case::collateral(Kind::Sgx, |draft| draft.root_crl.next_update_secs = NOW);
    assert!(root.clone().at(NOW - 1).verify().is_ok());
    root.clone().refused(
        Error::Expired {
            part: Part::RootCrl,
            secs_ago: 0,
        },
        Oracle::Refuses,
    );
    root.at(NOW + 9).refused(
        Error::Expired {
            part: Part::RootCrl,
            secs_ago: 9,
        },
        Oracle::Refuses,
    );
    let pck = Case::collateral(Kind::Sgx, |draft| draft.pck_crl.next_update_secs = NOW);
    pck.refused(
        Error::Expired {
            part: Part::PckCrl,
            secs_ago: 0,
        },
        Oracle::Refuses,
    );
    let young = Case::collateral(Kind::Sgx, |draft| draft.pck_crl.this_update_secs = NOW);
    assert!(young.verify().is_ok());
    young.at(NOW - 1).refused(
        Error::NotYetValid {
            part: Part::PckCrl,
            in_secs: 1,
        },
        Oracle::Accepts,
    );
    let young = Case::collateral(Kind::Sgx, |draft| draft.root_crl.this_update_secs = NOW + 1);
    young.refused(
        Error::NotYetValid {
            part: Part::RootCrl,
            in_secs: 1,
        },
        Oracle::Accepts,
    );
}

#[test]
fn sgx_extensions_that_lack_something_are_refused() {
    let pki = Pki::development();
    let good = sgx_extension("case", &TcbClass::UpToDate.cpu_svn());
    let with = |extension: &[u8]| {
        let platform = Platform::with_extension(&pki, "case", "changed", extension);
        Case::good(Kind::Sgx).then(|case| case.quote = platform.sgx_draft([9; 64]).sign())
    };
    assert!(with(&good).verify().is_ok());
    with(&[0x30]).refused(
        Error::PckExtension {
            field: PckField::Extension,
        },
        Oracle::Refuses,
    );
    with_leaf(|draft| draft.extensions.clear()).refused(
        Error::PckExtension {
            field: PckField::Extension,
        },
        Oracle::Refuses,
    );
    // Each value is hidden under an object identifier that nobody knows.
    for (field, name) in [
        (PckField::Ppid, "1.2.840.113741.1.13.1.1"),
        (PckField::Tcb, "1.2.840.113741.1.13.1.2"),
        (PckField::PceSvn, "1.2.840.113741.1.13.1.2.17"),
        (PckField::CpuSvn, "1.2.840.113741.1.13.1.2.18"),
        (PckField::PceId, "1.2.840.113741.1.13.1.3"),
        (PckField::Fmspc, "1.2.840.113741.1.13.1.4"),
        (PckField::SgxType, "1.2.840.113741.1.13.1.5"),
    ] {
        let name = ObjectIdentifier::new_unwrap(name).to_der().unwrap();
        let place = good.windows(name.len()).position(|window| window == name).unwrap();
        let mut extension = good.clone();
        extension[place + name.len() - 1] = 0x7f;
        with(&extension).refused(Error::PckExtension { field }, Oracle::Refuses);
    }
}

#[test]
fn optional_values_of_the_sgx_extension_must_have_their_form() {
    let pki = Pki::development();
    let mut extension = sgx_extension("case", &TcbClass::UpToDate.cpu_svn());
    // Two booleans in front of the end become null values.
    for (field, name, tag) in [
        (PckField::Configuration, "1.2.840.113741.1.13.1.7.3", 0x02),
        (PckField::PlatformInstanceId, "1.2.840.113741.1.13.1.6", 0x0c),
    ] {
        let name = ObjectIdentifier::new_unwrap(name).to_der().unwrap();
        let place = extension.windows(name.len()).position(|window| window == name).unwrap() + name.len();
        let before = std::mem::replace(&mut extension[place], tag);
        let platform = Platform::with_extension(&pki, "case", "changed", &extension);
        let case = Case::good(Kind::Sgx).then(|case| case.quote = platform.sgx_draft([9; 64]).sign());
        case.refused(Error::PckExtension { field }, Oracle::Accepts);
        extension[place] = before;
    }
}

#[test]
fn evidence_ends_when_its_first_part_ends() {
    let case = Case::good(Kind::Sgx);
    let expires = case.verify().unwrap().expires_at_secs;
    // A revocation list does not count in the second of its next update.
    assert_eq!(expires, NOW + LIFE - 1);
    assert!(case.clone().at(expires).verify().is_ok());
    assert!(case.at(expires + 1).verify().is_err());
    assert!(NOT_BEFORE_SECS < NOW && expires < NOT_AFTER_SECS);
    let early = with_leaf(|draft| draft.not_after_secs = NOW + 5);
    assert_eq!(early.verify().unwrap().expires_at_secs, NOW + 5);
    assert_eq!(early.root, development::ROOT_DER);
}
