//! Group 3: the PCK chain, from the leaf to a trusted root.

use super::{
    differences::{BOUNDS, LEAF_BELOW_THE_ROOT},
    sample::{find, machine, pki, put, MACHINE},
    Kind, List, Sample,
};
use crate::{
    collateral::{saturate, MAX_CHAIN},
    error::Error,
    finding::Finding,
    forge::{pem, sgx_extension, Pki, Platform, TcbClass},
    part::Part,
    pck::oids::SGX_EXTENSION,
    roots,
};
use std::{format, string::String, vec::Vec};

pub(super) fn add(list: &mut List) {
    add_roots(list);
    add_strangers(list);
    add_broken(list);
    add_lengths(list);
    add_signatures(list);
    add_unusual(list);
}

fn add_roots(list: &mut List) {
    let with = |roots: &[&[u8]]| Sample::good(Kind::Sgx).then(|sample| sample.roots = roots.iter().map(|root| root.to_vec()).collect());
    list.push(
        "no-trusted-root".into(),
        "no root is trusted".into(),
        with(&[]),
        super::Purpose::Verdict,
        Error::NoTrustedRoot.into(),
        super::Oracle::NotAsked,
    );
    list.add(
        "root-malformed",
        "the trusted root is not a certificate",
        with(&[&[0x30, 0]]),
        Error::RootMalformed,
    );
    list.add(
        "root-of-intel",
        "Intel's root alone is trusted",
        with(&[roots::INTEL]),
        Error::UnknownIssuer { part: Part::PckCa },
    );
}

fn add_strangers(list: &mut List) {
    let stranger = Pki::stranger("somebody");
    let platform = stranger.platform(TcbClass::UpToDate, MACHINE);
    for kind in Kind::ALL {
        list.add(
            format!("evidence-of-a-stranger/{}", kind.name()),
            "all certificates have the right names, and a stranger's keys",
            Sample::of(kind, &platform),
            Error::Signature { part: Part::PckCa },
        );
    }
    list.add(
        "collateral-of-a-stranger",
        "all collateral has the right names, and a stranger's keys",
        Sample::good(Kind::Sgx).then(|sample| sample.collateral = stranger.collateral(super::NOW)),
        Error::Signature { part: Part::RootCrl },
    );
}

fn add_broken(list: &mut List) {
    let (pki, leaf) = (pki(), machine().leaf_der().to_vec());
    let unknown = Error::UnknownIssuer { part: Part::PckLeaf };
    list.add(
        "pck-chain-not-pem",
        "there is something else than base64 in the PCK chain",
        Sample::chain(&pem(&[&leaf]).replace("BEGIN CERT", "BEGIN CERT\n!")),
        Error::Pem { part: Part::PckChain },
    );
    list.add(
        "pck-certificate-malformed",
        "the PCK certificate is an empty sequence",
        Sample::chain(&pem(&[&[0x30, 0], pki.ca_der(), pki.root_der()])),
        Error::CertificateMalformed { part: Part::PckLeaf },
    );
    list.add(
        "pck-certificate-alone",
        "only the PCK certificate is in the chain",
        Sample::chain(&pem(&[&leaf])),
        unknown,
    );
    list.add(
        "pck-chain-without-ca",
        "the CA is missing in the chain",
        Sample::chain(&pem(&[&leaf, pki.root_der()])),
        unknown,
    );
    list.add(
        "pck-chain-without-leaf",
        "the PCK certificate is missing in the chain",
        Sample::chain(&pem(&[pki.ca_der(), pki.root_der()])),
        Error::CertificateAuthority {
            part: Part::PckLeaf,
            is_ca: true,
        },
    );
}

fn add_lengths(list: &mut List) {
    let (pki, leaf) = (pki(), machine().leaf_der().to_vec());
    let length = |found| Error::ChainLength {
        part: Part::PckChain,
        found,
        max: 5,
    };
    list.add(
        "pck-chain-empty",
        "there is no certificate in the PCK chain",
        Sample::chain("nothing"),
        length(0),
    );
    let six = pem(&[&leaf, pki.ca_der(), pki.ca_der(), pki.ca_der(), pki.ca_der(), pki.root_der()]);
    list.add(
        "pck-chain-of-six",
        "there are six certificates in the PCK chain",
        Sample::chain(&six),
        length(6),
    );
    let (max, size) = (saturate(MAX_CHAIN), saturate(MAX_CHAIN).saturating_add(1));
    list.add_stricter(
        "pck-chain-too-large",
        "line ends behind the collateral's PCK chain, one more than there is room for",
        Sample::good(Kind::Sgx).then(|sample| {
            let mut chain = String::from(machine().chain());
            chain.push_str(&"\n".repeat(MAX_CHAIN.saturating_add(1).saturating_sub(chain.len())));
            sample.collateral.pck_certificate_chain = Some(chain);
        }),
        Error::CollateralTooLarge {
            part: Part::PckChain,
            size,
            max,
        },
        &BOUNDS,
    );
}

fn add_signatures(list: &mut List) {
    let (pki, leaf) = (pki(), machine().leaf_der().to_vec());
    list.add(
        "pck-certificate-signature",
        "a bit of the PCK certificate's signature is flipped",
        Sample::chain(&pem(&[&broken(&leaf), pki.ca_der(), pki.root_der()])),
        Error::Signature { part: Part::PckLeaf },
    );
    list.add(
        "pck-ca-signature",
        "a bit of the PCK CA's signature is flipped",
        Sample::chain(&pem(&[&leaf, &broken(pki.ca_der()), pki.root_der()])),
        Error::Signature { part: Part::PckCa },
    );
    // The last arc of ECDSA with SHA-256 becomes that of SHA-384, outside of what is signed.
    let name = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
    let mut other = leaf.clone();
    let first = find(&other, &name).saturating_add(1);
    let place = first.saturating_add(find(other.get(first..).unwrap_or_default(), &name));
    put(&mut other, place.saturating_add(7), &[3]);
    list.add(
        "pck-certificate-signature-algorithm",
        "the PCK certificate says that it is signed with SHA-384",
        Sample::chain(&pem(&[&other, pki.ca_der(), pki.root_der()])),
        Error::SignatureAlgorithm { part: Part::PckLeaf },
    );
    list.add(
        "pck-certificate-key-off-the-curve",
        "the PCK certificate's key is not a point of the curve",
        Sample::leaf(|draft| draft.key = [1; 64]),
        Error::PublicKey { part: Part::PckLeaf },
    );
    let mut draft = pki.leaf_draft("changed", machine().key());
    draft.issuer = pki.root_draft().subject;
    let extension = sgx_extension(MACHINE, &TcbClass::UpToDate.cpu_svn());
    draft.extensions.push((SGX_EXTENSION, false, extension));
    let platform = Platform::with_leaf(pki, MACHINE, machine().key().clone(), draft.sign(&pki.root_key()));
    list.add_stricter(
        "pck-certificate-by-the-root",
        "the root itself has signed the PCK certificate, and no list of its says which of them are revoked",
        Sample::of(Kind::Sgx, &platform),
        Error::CrlIssuer { part: Part::PckCrl },
        &LEAF_BELOW_THE_ROOT,
    );
}

/// A certificate with a wrong signature: its last byte is the signature's.
pub(super) fn broken(der: &[u8]) -> Vec<u8> {
    let mut der = der.to_vec();
    let last = der.len().saturating_sub(1);
    super::sample::flip(&mut der, last);
    der
}

/// Chains that lead to the root and are not leaf, CA and root.
fn add_unusual(list: &mut List) {
    let (pki, stranger) = (pki(), Pki::stranger("somebody"));
    let platform = machine();
    let (leaf, ca, root) = (platform.leaf_der(), pki.ca_der(), pki.root_der());
    for (name, fault, chain) in [
        ("pck-chain-without-root", "the root is missing in the chain", &[leaf, ca][..]),
        ("pck-chain-out-of-order", "the root comes before the CA", &[leaf, root, ca]),
        ("pck-chain-with-the-ca-twice", "the CA comes in place of the root", &[leaf, ca, ca]),
        ("pck-chain-with-the-root-twice", "the root comes twice", &[leaf, ca, root, root]),
        (
            "pck-chain-with-a-strangers-ca",
            "a stranger's CA of the same name comes first",
            &[leaf, stranger.ca_der(), ca],
        ),
        (
            "pck-chain-with-rubbish",
            "the root is one byte of something else",
            &[leaf, ca, &[1]],
        ),
    ] {
        list.add(name, fault, Sample::chain(&pem(chain)), Finding::PckChainForm);
    }
}
