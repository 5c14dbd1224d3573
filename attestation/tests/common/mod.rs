//! Genuine evidence for the tests, and the oracle.
#![allow(dead_code)] // Each test takes what it needs.

use khala_attestation::{report, Collateral};
use serde::Deserialize;
use serde_json::Value;
use std::{fs, path::Path, path::PathBuf, process::Command};

/// A quote with its collateral.
pub(crate) struct Sample {
    pub(crate) name: String,
    pub(crate) quote: Vec<u8>,
    pub(crate) collateral: Collateral,
    pub(crate) oracle_collateral: dcap_qvl::QuoteCollateralV3,
    /// The collateral's file.
    pub(crate) json: Vec<u8>,
}

impl Sample {
    pub(crate) fn read(name: &str, quote: &Path, collateral: &Path) -> Self {
        let quote = report::read_quote(&fs::read(quote).unwrap()).unwrap();
        let json = fs::read(collateral).unwrap();
        Self {
            name: name.into(),
            quote,
            collateral: report::read_collateral(&json).unwrap(),
            oracle_collateral: serde_json::from_slice(&json).unwrap(),
            json,
        }
    }
}

/// The quotes that dcap-qvl's package ships, with a time in each one's window.
pub(crate) fn shipped() -> Vec<(Sample, u64)> {
    let folder = dcap_qvl_folder().join("sample");
    ["sgx_quote", "tdx_quote", "tdx_quote_outdated", "tdx_quote_td15ex"]
        .into_iter()
        .map(|name| {
            let sample = Sample::read(name, &folder.join(name), &folder.join(format!("{name}_collateral.json")));
            let at = inside_window(&sample.collateral);
            (sample, at)
        })
        .collect()
}

/// A second after everything that is dated in JSON was issued.
fn inside_window(collateral: &Collateral) -> u64 {
    let [info, qe] = [&collateral.tcb_info, &collateral.qe_identity];
    let info = khala_attestation::tcb_info::TcbInfo::parse(info).unwrap();
    let qe = khala_attestation::qe_identity::QeIdentity::parse(qe).unwrap();
    info.issued_secs.max(qe.issued_secs) + 24 * 3600
}

/// Where cargo has put dcap-qvl.
fn dcap_qvl_folder() -> PathBuf {
    // Only this platform's packages have been fetched.
    let version = output(Command::new("rustc").arg("-vV"));
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let metadata = output(
        Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()))
            .args([
                "metadata",
                "--format-version",
                "1",
                "--offline",
                "--filter-platform",
                host,
                "--manifest-path",
            ])
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")),
    );
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let package = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .find(|package| package["name"] == "dcap-qvl")
        .unwrap();
    Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap().to_owned()
}

fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What dcap-qvl says: status and advisories, or its error.
pub(crate) fn oracle(
    root: &[u8],
    quote: &[u8],
    collateral: &dcap_qvl::QuoteCollateralV3,
    at: u64,
) -> Result<(String, Vec<String>), String> {
    let verifier = dcap_qvl::verify::QuoteVerifier::new(root.to_vec());
    let report = verifier.verify(quote, collateral, at).map_err(|error| format!("{error:#}"))?;
    Ok((report.status, report.advisory_ids))
}

/// What we say, in the same form.
pub(crate) fn ours(root: &[u8], quote: &[u8], collateral: &Collateral, at: u64) -> Result<(String, Vec<String>), khala_attestation::Error> {
    let verdict = khala_attestation::verify(quote, collateral, &[root], at)?;
    Ok((
        verdict.status.to_string(),
        verdict.advisories.iter().map(ToString::to_string).collect(),
    ))
}

/// A line of a collection's index.
#[derive(Deserialize)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) valid_from: u64,
    pub(crate) valid_until: u64,
    pub(crate) at: Vec<u64>,
    pub(crate) accepted: bool,
    pub(crate) status: Option<String>,
    pub(crate) advisory_ids: Option<Vec<String>>,
    pub(crate) error: Option<String>,
}

/// The environment variable that names the folder of a larger collection of genuine quotes.
pub(crate) const COLLECTION: &str = "KHALA_DCAP_DATA";

/// A larger collection of genuine quotes, where somebody has one: `index.json`, and for each entry `NAME.quote.bin` and
/// `NAME.collateral.json`.
pub(crate) fn collection() -> Vec<(Entry, Sample)> {
    let Some(folder) = std::env::var_os(COLLECTION).map(PathBuf::from) else {
        return Vec::new();
    };
    let index = fs::read(folder.join("index.json")).unwrap();
    let entries: Vec<Entry> = serde_json::from_slice(&index).unwrap();
    entries
        .into_iter()
        .map(|entry| {
            let file = |suffix: &str| folder.join(format!("{}.{suffix}", entry.name));
            let sample = Sample::read(&entry.name, &file("quote.bin"), &file("collateral.json"));
            (entry, sample)
        })
        .collect()
}
