//! What fuzzing does with bytes: they become one piece of evidence, all else is good.
//!
//! A piece that must be signed is signed again by the forge, so that wrong signatures do not hide what comes after them.
//! Nothing may panic, and what the verifier accepts dcap-qvl must accept, too, with the same status and advisories.
//! This module is also part of the verifier's own tests, which run it over its seeds and some changes of them.

use khala_attestation::{
    forge::{
        pem, sign_der,
        suite::{cases, controls, Answer, Case, Kind, Sample, NOW},
        Key, Pki, Platform, TcbClass,
    },
    qe_identity::QeIdentity,
    quote,
    report::look,
    tcb_info::TcbInfo,
    AttestationPolicy, Verdict,
};
use khala_primitives::Tee;
use std::sync::OnceLock;

/// A fuzz target.
pub struct Target {
    /// Its name.
    pub name: &'static str,
    /// What it does with bytes.
    pub run: fn(&[u8]),
    /// Bytes to begin with.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// Every target.
pub const TARGETS: [Target; 5] = [
    Target {
        name: "quote",
        run: quote,
        seeds: quote_seeds,
    },
    Target {
        name: "tcb_info",
        run: tcb_info,
        seeds: || texts(|sample| &sample.collateral.tcb_info),
    },
    Target {
        name: "qe_identity",
        run: qe_identity,
        seeds: || texts(|sample| &sample.collateral.qe_identity),
    },
    Target {
        name: "crl",
        run: crl,
        seeds: crl_seeds,
    },
    Target {
        name: "chain",
        run: chain,
        seeds: chain_seeds,
    },
];

/// A quote: the first byte is odd if it is to be signed again.
pub fn quote(data: &[u8]) {
    let Some((mode, bytes)) = data.split_first() else { return };
    let _ = (quote::trim(bytes), quote::split(bytes));
    let Ok(parsed) = quote::parse(bytes) else {
        // Looking shows what there is of a quote that cannot be read.
        shown(&good(Kind::Sgx).clone().then(|sample| sample.quote = bytes.to_vec()));
        return;
    };
    let kind = match parsed.report.tee() {
        Tee::Sgx => Kind::Sgx,
        Tee::Tdx => Kind::Tdx,
    };
    let mut quote = bytes.to_vec();
    if mode & 1 == 1 {
        sign_again(&mut quote, parsed.signed.len(), parsed.authentication.outer_type.is_some());
    }
    let sample = good(kind).clone().then(|sample| sample.quote = quote);
    shown(&sample);
    judge(&sample);
}

/// A TCB info.
pub fn tcb_info(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(info) = TcbInfo::parse(text) else { return };
    for kind in kinds(info.tee) {
        judge(&good(*kind).clone().then(|sample| {
            sample.collateral.tcb_info_signature = Pki::development().signer_key().sign(data).into();
            sample.collateral.tcb_info = text.into();
        }));
    }
}

/// A QE identity.
pub fn qe_identity(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(identity) = QeIdentity::parse(text) else { return };
    for kind in kinds(identity.tee) {
        judge(&good(*kind).clone().then(|sample| {
            sample.collateral.qe_identity_signature = Pki::development().signer_key().sign(data).into();
            sample.collateral.qe_identity = text.into();
        }));
    }
}

/// A revocation list: the first byte says whose, and whether the rest is to be signed.
pub fn crl(data: &[u8]) {
    let Some((mode, bytes)) = data.split_first() else { return };
    let pki = Pki::development();
    let key = if mode & 1 == 0 { pki.root_key() } else { pki.ca_key() };
    let list = if mode & 2 == 0 { bytes.to_vec() } else { sign_der(bytes, &key) };
    judge(&good(Kind::Sgx).clone().then(|sample| match mode & 1 {
        0 => sample.collateral.root_ca_crl = list,
        _ => sample.collateral.pck_crl = list,
    }));
}

/// Certificates: the first byte says which, and whether the rest is a whole chain or what is to be signed of one.
pub fn chain(data: &[u8]) {
    let Some((mode, bytes)) = data.split_first() else { return };
    let pki = Pki::development();
    let text = || String::from_utf8_lossy(bytes).into_owned();
    let leaf = machine().leaf_der();
    if mode & 7 == 6 {
        // A root is what its owner trusts, not evidence: it need not be what the oracle would call one.
        let root = sign_der(bytes, &pki.root_key());
        let _ = good(Kind::Sgx).clone().then(|sample| sample.roots = vec![root]).verify();
        return;
    }
    judge(&good(Kind::Sgx).clone().then(|sample| {
        let collateral = &mut sample.collateral;
        match mode & 7 {
            0 => collateral.pck_certificate_chain = Some(text()),
            1 => collateral.tcb_info_issuer_chain = text(),
            2 => collateral.qe_identity_issuer_chain = text(),
            3 => collateral.pck_certificate_chain = Some(pki.pck_chain(&sign_der(bytes, &pki.ca_key()))),
            4 => collateral.pck_certificate_chain = Some(pem(&[leaf, &sign_der(bytes, &pki.root_key()), pki.root_der()])),
            5 => collateral.tcb_info_issuer_chain = pem(&[&sign_der(bytes, &pki.root_key()), pki.root_der()]),
            _ => collateral.pck_certificate_chain = Some(pem(&[bytes, pki.ca_der(), pki.root_der()])),
        }
    }));
}

/// Good evidence, made once.
fn good(kind: Kind) -> &'static Sample {
    static GOOD: OnceLock<Vec<(Kind, Sample)>> = OnceLock::new();
    let samples = GOOD.get_or_init(|| Kind::ALL.into_iter().map(|kind| (kind, Sample::good(kind))).collect());
    let found = samples.iter().find(|(found, _)| *found == kind);
    found.map(|(_, sample)| sample).unwrap()
}

/// The formats of a TEE whose verification differs.
fn kinds(tee: Tee) -> &'static [Kind] {
    match tee {
        Tee::Sgx => &[Kind::Sgx],
        Tee::Tdx => &[Kind::Tdx, Kind::Tdx15],
    }
}

/// The machine whose keys sign quotes again.
fn machine() -> &'static Platform {
    static MACHINE: OnceLock<Platform> = OnceLock::new();
    MACHINE.get_or_init(|| Pki::development().platform(TcbClass::UpToDate, "case"))
}

/// Verifies; what is accepted must be accepted by the oracle.
fn judge(sample: &Sample) {
    if let Ok(verdict) = sample.verify() {
        assert_eq!(Ok(ours(&verdict)), oracle(sample), "accepted here, and not by the oracle");
    }
}

fn ours(verdict: &Verdict) -> (String, Vec<String>) {
    (
        verdict.status.to_string(),
        verdict.advisories.iter().map(ToString::to_string).collect(),
    )
}

/// Status and advisories in the eyes of dcap-qvl, or its error.
fn oracle(sample: &Sample) -> Result<(String, Vec<String>), String> {
    let json = serde_json::to_string(&sample.collateral).unwrap();
    let collateral = serde_json::from_str(&json).map_err(|error| error.to_string())?;
    let root = sample.roots.first().cloned().unwrap_or_default();
    let report = dcap_qvl::verify::QuoteVerifier::new(root).verify(&sample.quote, &collateral, sample.at_secs);
    report
        .map(|report| (report.status, report.advisory_ids))
        .map_err(|error| format!("{error:#}"))
}

/// Looks at a quote as the command line does.
fn shown(sample: &Sample) {
    let roots: Vec<&[u8]> = sample.roots.iter().map(Vec::as_slice).collect();
    let report = look(
        &sample.quote,
        &sample.collateral,
        &roots,
        sample.at_secs,
        &AttestationPolicy::looking(),
    );
    assert_eq!(report.accepted, report.error.is_none());
}

/// Signs a quote again, and the QE report in it, as the machine would.
fn sign_again(quote: &mut [u8], signed: usize, nested: bool) {
    let key = machine().attestation_key();
    // Behind header, body and size: signature, key, in TDX quotes type and size, QE report, its signature, QE
    // authentication data.
    let signature = signed + 4;
    let qe_report = signature + 128 + if nested { 6 } else { 0 };
    put(quote, signature, &key.sign(&quote[..signed]));
    put(quote, signature + 64, &key.coordinates());
    put(quote, qe_report + 320, &binding(&key, &quote[qe_report + 450..qe_report + 482]));
    let qe_signature = machine().key().sign(&quote[qe_report..qe_report + 384]);
    put(quote, qe_report + 384, &qe_signature);
}

/// The hash by which a QE report names an attestation key.
fn binding(key: &Key, qe_auth_data: &[u8]) -> [u8; 32] {
    use sha2::{Digest, Sha256};
    let hash = Sha256::new().chain_update(key.coordinates()).chain_update(qe_auth_data);
    hash.finalize().into()
}

fn put(bytes: &mut [u8], at: usize, new: &[u8]) {
    bytes[at..at + new.len()].copy_from_slice(new);
}

/// Cases that differ in their answer: one of each.
fn distinct() -> Vec<Case> {
    let mut seen: Vec<Answer> = Vec::new();
    let mut cases: Vec<Case> = controls().into_iter().chain(cases()).collect();
    cases.retain(|case| {
        let new = case.sample.at_secs == NOW && !seen.contains(&case.expected);
        if new {
            seen.push(case.expected.clone());
        }
        new
    });
    cases
}

/// Bytes behind a first byte, without repetitions.
fn moded(modes: &[u8], pieces: impl Iterator<Item = Vec<u8>>) -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = Vec::new();
    for piece in pieces {
        for mode in modes {
            let seed = [&[*mode], &piece[..]].concat();
            if !seeds.contains(&seed) {
                seeds.push(seed);
            }
        }
    }
    seeds
}

fn quote_seeds() -> Vec<Vec<u8>> {
    let good = Kind::ALL.into_iter().map(|kind| good(kind).quote.clone());
    let others = distinct().into_iter().map(|case| case.sample.quote);
    // A quote that is too long teaches nothing else.
    let short = good.chain(others).filter(|quote| quote.len() < quote::MAX_QUOTE);
    moded(&[0, 1], short)
}

fn texts(piece: fn(&Sample) -> &String) -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = Vec::new();
    for sample in distinct().iter().map(|case| &case.sample) {
        let text = piece(sample).as_bytes().to_vec();
        if text.len() < 8192 && !seeds.contains(&text) {
            seeds.push(text);
        }
    }
    seeds
}

fn crl_seeds() -> Vec<Vec<u8>> {
    let cases = distinct();
    let small = |der: &Vec<u8>| der.len() < 4096;
    let roots = || cases.iter().map(|case| case.sample.collateral.root_ca_crl.clone()).filter(small);
    let cas = || cases.iter().map(|case| case.sample.collateral.pck_crl.clone()).filter(small);
    let mut seeds = moded(&[0], roots());
    seeds.extend(moded(&[1], cas()));
    seeds.extend(moded(&[2], roots().filter_map(|der| to_be_signed(&der))));
    seeds.extend(moded(&[3], cas().filter_map(|der| to_be_signed(&der))));
    seeds
}

fn chain_seeds() -> Vec<Vec<u8>> {
    let pki = Pki::development();
    let leaf = machine().leaf_der();
    let mut seeds = moded(&[0], std::iter::once(machine().chain().into()));
    seeds.extend(moded(&[1, 2], std::iter::once(pki.signer_chain().into())));
    for (mode, der) in [(3, leaf), (4, pki.ca_der()), (5, pki.signer_der()), (6, pki.root_der())] {
        seeds.extend(moded(&[mode], to_be_signed(der).into_iter()));
    }
    seeds.extend(moded(&[7], std::iter::once(leaf.to_vec())));
    for case in distinct() {
        let parsed = quote::parse(&case.sample.quote);
        let chain = parsed.ok().map(|quote| quote.authentication.certification_data.to_vec());
        let chain = chain.filter(|chain| chain.len() < 8192 && chain.starts_with(b"-----BEGIN"));
        seeds.extend(
            moded(&[0], chain.into_iter())
                .into_iter()
                .filter(|seed| !seeds.contains(seed))
                .collect::<Vec<_>>(),
        );
        let signer = case.sample.collateral.tcb_info_issuer_chain.into_bytes();
        if signer.len() < 8192 {
            seeds.extend(
                moded(&[1], std::iter::once(signer))
                    .into_iter()
                    .filter(|seed| !seeds.contains(seed))
                    .collect::<Vec<_>>(),
            );
        }
    }
    seeds
}

/// The first element of a DER sequence: what is signed in certificates and revocation lists.
fn to_be_signed(der: &[u8]) -> Option<Vec<u8>> {
    let content = &der[header(der)?.0..];
    let (start, length) = header(content)?;
    content.get(..start + length).map(<[u8]>::to_vec)
}

/// Where the contents of a DER element begin, and their length.
fn header(der: &[u8]) -> Option<(usize, usize)> {
    match *der.get(1)? {
        short @ 0..=0x7f => Some((2, usize::from(short))),
        0x81 => Some((3, usize::from(*der.get(2)?))),
        0x82 => Some((4, usize::from(u16::from_be_bytes([*der.get(2)?, *der.get(3)?])))),
        _ => None,
    }
}
