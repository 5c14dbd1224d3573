//! Collateral for evidence: files in a folder.
//!
//! Rule: of all `*.json` files of the folder, in the order of their names, the first with which the evidence passes the
//! verifier is used, under Intel's root or the development root. The chain verifies again, with its own roots and
//! policy; evidence that no collateral supports is not sent, since it would only cost a fee. The folder is read anew each
//! time, so that whoever fetches newer collateral just replaces a file.

use khala_attestation::{development, roots, verify, Collateral};
use std::path::{Path, PathBuf};

/// Longest collateral file, in bytes; Intel's have about 30 KiB.
const MAX_FILE: u64 = 1 << 20;
/// Most files that are looked at.
const MAX_FILES: usize = 256;

/// Why there is no collateral for a worker's evidence.
#[derive(Debug, thiserror::Error)]
pub enum CollateralError {
    /// The folder cannot be read.
    #[error("cannot read the collateral folder {}: {reason}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        reason: std::io::Error,
    },
    /// No file fits.
    #[error("no collateral in {} supports the evidence: {}", folder.display(), describe(tried))]
    NoneFits {
        /// The folder.
        folder: PathBuf,
        /// Each file and why it does not fit.
        tried: Vec<(String, String)>,
    },
}

fn describe(tried: &[(String, String)]) -> String {
    if tried.is_empty() {
        return "it has no *.json files (QuoteCollateralV3)".into();
    }
    tried
        .iter()
        .map(|(file, reason)| format!("{file}: {reason}"))
        .collect::<Vec<_>>()
        .join("; ")
}

/// The collateral of the folder with which `quote` verifies at `at_secs` (seconds since 1970).
pub fn choose(folder: &Path, quote: &[u8], at_secs: u64) -> Result<Collateral, CollateralError> {
    let mut tried = Vec::new();
    for path in files(folder)? {
        let verified = read(&path).and_then(|collateral| {
            let trusted = [roots::INTEL, development::ROOT_DER];
            verify::verify(quote, &collateral, &trusted, at_secs)
                .map(|_| collateral)
                .map_err(|error| error.to_string())
        });
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match verified {
            Ok(collateral) => return Ok(collateral),
            Err(reason) => tried.push((name, reason)),
        }
    }
    Err(CollateralError::NoneFits {
        folder: folder.into(),
        tried,
    })
}

/// The folder's `*.json` files, by name.
fn files(folder: &Path) -> Result<Vec<PathBuf>, CollateralError> {
    let failed = |reason| CollateralError::Folder {
        folder: folder.into(),
        reason,
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    files.sort();
    files.truncate(MAX_FILES);
    Ok(files)
}

fn read(path: &Path) -> Result<Collateral, String> {
    let length = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if length > MAX_FILE {
        return Err(format!("it has {length} bytes, more than {MAX_FILE}"));
    }
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    serde_json::from_slice(&bytes).map_err(|error| format!("not a QuoteCollateralV3: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use khala_attestation::forge::{Pki, TcbClass};

    const NOW: u64 = 1_790_000_000;
    const DAY: u64 = 86_400;

    fn write(folder: &Path, name: &str, collateral: &Collateral) {
        std::fs::write(folder.join(name), serde_json::to_vec(collateral).unwrap()).unwrap();
    }

    fn quote() -> Vec<u8> {
        Pki::development()
            .platform(TcbClass::UpToDate, "a machine")
            .sgx([7; 64])
            .quote()
            .to_vec()
    }

    #[test]
    fn the_first_file_that_supports_the_evidence_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let fitting = Pki::development().collateral(NOW);
        write(folder.path(), "1-for-another-tee.json", &Pki::development().td_collateral(NOW));
        write(folder.path(), "2-expired.json", &Pki::development().collateral(NOW - 60 * DAY));
        std::fs::write(folder.path().join("3-damaged.json"), "{").unwrap();
        write(folder.path(), "4-fitting.json", &fitting);
        std::fs::write(folder.path().join("notes.txt"), "{").unwrap();
        assert_eq!(choose(folder.path(), &quote(), NOW).unwrap(), fitting);
    }

    #[test]
    fn when_none_fits_each_file_is_named_with_its_reason() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "expired.json", &Pki::development().collateral(NOW - 60 * DAY));
        std::fs::write(folder.path().join("damaged.json"), "{").unwrap();
        std::fs::File::create(folder.path().join("long.json"))
            .unwrap()
            .set_len(MAX_FILE + 1)
            .unwrap();
        let error = choose(folder.path(), &quote(), NOW).unwrap_err().to_string();
        for part in [
            "expired.json: ",
            "damaged.json: not a QuoteCollateralV3",
            "long.json: it has 1048577 bytes",
        ] {
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn an_empty_and_an_absent_folder_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        assert!(choose(folder.path(), &quote(), NOW)
            .unwrap_err()
            .to_string()
            .contains("no *.json files"));
        let absent = folder.path().join("absent");
        assert!(matches!(choose(&absent, &quote(), NOW), Err(CollateralError::Folder { .. })));
    }
}
