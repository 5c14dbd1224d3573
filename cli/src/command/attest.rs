//! `khala attest`: what any quote is worth.

use crate::{
    args::Verify,
    failure::{Exit, Failure},
    output::{self, Output},
    units,
};
use khala_attestation::{
    report::{self, LookError, LookReport},
    roots, AttestationPolicy,
};
use std::{fs, path::Path};

/// Largest file that is read, in bytes. Genuine collateral has less than 200 KiB.
const MAX_FILE: u64 = 16 << 20;

/// `khala attest verify QUOTE --collateral FILE`.
pub fn verify(args: &Verify, output: Output) -> Result<Exit, Failure> {
    let (report, exit) = look(args)?;
    match output {
        Output::Json => output::print_json(&report)?,
        Output::Table => output::print_lines(lines(&report))?,
    }
    Ok(exit)
}

/// Reads the files and looks at the quote.
///
/// Collateral that is JSON but not collateral refuses the quote; a file that is not even JSON is unusable. Both are
/// reported like any other refusal, so that a program always finds a reason.
fn look(args: &Verify) -> Result<(LookReport, Exit), Failure> {
    let quote_file = read(&args.quote, "quote")?;
    let collateral_file = read(&args.collateral, "collateral")?;
    let root = args.root.as_deref().map(|path| read(path, "root certificate")).transpose()?;
    let policy = args
        .policy
        .as_deref()
        .map(read_policy)
        .transpose()?
        .unwrap_or_else(AttestationPolicy::looking);
    let at_secs = args.at.unwrap_or_else(units::now_secs);

    // What is neither raw nor whole hexadecimal bytes is no quote: the verifier says why.
    let quote = report::read_quote(&quote_file).unwrap_or(quote_file);
    Ok(match report::read_collateral(&collateral_file) {
        Ok(collateral) => {
            let report = report::look(&quote, &collateral, &[root.as_deref().unwrap_or(roots::INTEL)], at_secs, &policy);
            let exit = if report.accepted { Exit::Done } else { Exit::Failed };
            (report, exit)
        }
        Err(error) => {
            let exit = if is_json(&collateral_file) { Exit::Failed } else { Exit::Usage };
            (
                without_collateral(format!("{}: {error}; expected QuoteCollateralV3", args.collateral.display())),
                exit,
            )
        }
    })
}

fn is_json(text: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok()
}

fn without_collateral(message: String) -> LookReport {
    LookReport {
        accepted: false,
        status: None,
        advisory_ids: Vec::new(),
        confidence_level: None,
        tee: None,
        quote_version: None,
        measurement: None,
        report_data: None,
        fmspc: None,
        not_for_registration: Vec::new(),
        error: Some(LookError {
            code: "collateral-malformed".into(),
            message,
        }),
    }
}

fn read_policy(path: &Path) -> Result<AttestationPolicy, Failure> {
    let text = read(path, "policy")?;
    serde_json::from_slice(&text).map_err(|error| Failure::usage(format!("{} is not an attestation policy: {error}", path.display())))
}

/// Reads a file of at most [`MAX_FILE`] bytes; `what` it is stands in the error.
pub(super) fn read(path: &Path, what: &str) -> Result<Vec<u8>, Failure> {
    let unusable = |reason: String| Failure::usage(format!("the {what} {} cannot be read: {reason}", path.display()));
    let length = fs::metadata(path).map_err(|error| unusable(error.to_string()))?.len();
    if length > MAX_FILE {
        return Err(unusable(format!("it has {length} bytes, more than {MAX_FILE}")));
    }
    fs::read(path).map_err(|error| unusable(error.to_string()))
}

fn lines(report: &LookReport) -> Vec<String> {
    let list = |items: &[String]| if items.is_empty() { "none".into() } else { items.join(", ") };
    let mut rows = vec![("accepted", Some(if report.accepted { "yes" } else { "no" }.to_owned()))];
    if let Some(error) = &report.error {
        rows.push(("because", Some(format!("{} ({})", error.message, error.code))));
    }
    rows.extend([
        ("confidence level", report.confidence_level.map(|level| level.to_string())),
        ("status", report.status.map(|status| status.to_string())),
        ("advisories", report.status.map(|_| list(&report.advisory_ids))),
        ("TEE", report.tee.clone()),
        ("quote version", report.quote_version.map(|version| version.to_string())),
        ("measurement", report.measurement.map(|digest| digest.to_string())),
        ("report data", report.report_data.clone()),
        ("FMSPC", report.fmspc.clone()),
        ("not for registration", report.status.map(|_| list(&report.not_for_registration))),
    ]);
    rows.into_iter()
        .map(|(name, value)| format!("{name:<22}{}", value.unwrap_or_else(|| "-".into())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use khala_attestation::{
        development,
        forge::{Pki, TcbClass},
    };
    use std::path::PathBuf;
    use tempfile::TempDir;

    /// A moment inside the collateral's window.
    const AT: u64 = 1_790_000_000;

    /// A good quote of the development TEE with everything that verifies it, in files.
    struct Files {
        folder: TempDir,
        args: Verify,
    }

    impl Files {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let pki = Pki::development();
            let quote = pki.platform(TcbClass::UpToDate, "a machine").sgx([7; 64]).quote().to_vec();
            let collateral = serde_json::to_vec(&pki.collateral(AT)).unwrap();
            let args = Verify {
                quote: folder.path().join("quote"),
                collateral: folder.path().join("collateral.json"),
                at: Some(AT),
                root: Some(folder.path().join("root.der")),
                policy: None,
            };
            let files = Self { folder, args };
            files.write("quote", &quote);
            files.write("collateral.json", &collateral);
            files.write("root.der", development::ROOT_DER);
            files
        }

        fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
            let path = self.folder.path().join(name);
            fs::write(&path, bytes).unwrap();
            path
        }

        fn exit(&self) -> Exit {
            look(&self.args).map_or_else(|failure| failure.exit, |(_, exit)| exit)
        }
    }

    #[test]
    fn a_good_quote_is_accepted_raw_and_in_hexadecimal() {
        let files = Files::new();
        assert_eq!(files.exit(), Exit::Done);
        let raw = fs::read(&files.args.quote).unwrap();
        files.write("quote", format!("0x{}\n", hex::encode(raw)).as_bytes());
        assert_eq!(files.exit(), Exit::Done);
    }

    #[test]
    fn a_quote_is_refused_under_another_root_at_another_time_and_by_a_strict_policy() {
        let mut files = Files::new();
        let root = files.args.root.take();
        assert_eq!(files.exit(), Exit::Failed, "Intel's root did not issue it");
        files.args.root = root;
        files.args.at = Some(AT + 31 * 86_400);
        assert_eq!(files.exit(), Exit::Failed, "the collateral is out of date");
        files.args.at = Some(AT);
        let mut policy = serde_json::to_value(AttestationPolicy::looking()).unwrap();
        policy["deniedFmspcs"] = serde_json::json!(["00d3e1000000"]);
        files.args.policy = Some(files.write("policy.json", policy.to_string().as_bytes()));
        assert_eq!(files.exit(), Exit::Failed, "the policy denies the processor family");
    }

    #[test]
    fn what_is_no_quote_or_no_collateral_is_refused() {
        let files = Files::new();
        for quote in [&b""[..], b"nonsense", b"0x123", &[0; 5000]] {
            files.write("quote", quote);
            assert_eq!(files.exit(), Exit::Failed, "{quote:?}");
        }
        let files = Files::new();
        files.write("collateral.json", b"{}");
        assert_eq!(files.exit(), Exit::Failed);
    }

    #[test]
    fn files_that_cannot_be_used_have_their_own_exit_code() {
        let files = Files::new();
        files.write("collateral.json", b"not json");
        assert_eq!(files.exit(), Exit::Usage);
        let mut files = Files::new();
        files.args.policy = Some(files.write("policy.json", b"{}"));
        assert_eq!(files.exit(), Exit::Usage);
        let mut files = Files::new();
        files.args.quote = files.folder.path().join("missing");
        assert_eq!(files.exit(), Exit::Usage);
    }
}
