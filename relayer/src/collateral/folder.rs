//! A folder with collateral files: every `*.json` is a QuoteCollateralV3, and the newest document of all counts.
//!
//! The folder is read anew each time, so that whoever fetches newer collateral just replaces a file.

use super::verify;
use crate::core::collateral::{Content, DocumentId, FetchError, Fetched, Signed};
use khala_attestation::Collateral;
use khala_primitives::collateral::DocumentName;
use std::path::{Path, PathBuf};

/// Longest collateral file, in bytes; Intel's have about 30 KiB.
const MAX_FILE: u64 = 1 << 20;
/// Most files that are looked at.
const MAX_FILES: usize = 256;

/// See the module's documentation.
pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.into() }
    }

    pub(super) async fn fetch(&self, id: &DocumentId) -> Result<Fetched, FetchError> {
        let (path, id) = (self.path.clone(), id.clone());
        let chosen = tokio::task::spawn_blocking(move || choose(&path, &id)).await;
        chosen.unwrap_or_else(|error| Err(FetchError::Down(error.to_string())))
    }
}

/// The newest edition of a document in a folder.
fn choose(folder: &Path, id: &DocumentId) -> Result<Fetched, FetchError> {
    let failed = |reason: std::io::Error| FetchError::Down(format!("cannot read the folder {}: {reason}", folder.display()));
    let (mut newest, mut tried) = (None::<Fetched>, Vec::new());
    for path in files(folder).map_err(failed)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match read(&path).and_then(|collateral| verify(of_kind(collateral, id))) {
            Ok(fetched) if fetched.id != *id => tried.push(format!("{name} has the {}", fetched.id)),
            Ok(fetched) => {
                let is_newer = |newest: &Fetched| fetched.edition.issued_secs > newest.edition.issued_secs;
                if newest.as_ref().is_none_or(is_newer) {
                    newest = Some(fetched);
                }
            }
            Err(reason) => tried.push(format!("{name}: {reason}")),
        }
    }
    newest.ok_or_else(|| {
        FetchError::Unusable(if tried.is_empty() {
            "it has no *.json files (QuoteCollateralV3)".into()
        } else {
            tried.join("; ")
        })
    })
}

/// The folder's `*.json` files, by name.
fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
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

/// The document of the kind that is asked for.
fn of_kind(collateral: Collateral, id: &DocumentId) -> Content {
    let [root_crl, pck_crl, tcb_info, qe_identity] = documents(collateral);
    match id.name {
        DocumentName::RootCrl => root_crl,
        DocumentName::PckCrl { .. } => pck_crl,
        DocumentName::TcbInfo { .. } => tcb_info,
        DocumentName::QeIdentity { .. } => qe_identity,
    }
}

/// Takes collateral apart: root CRL, PCK CRL, TCB info, QE identity.
pub(super) fn documents(collateral: Collateral) -> [Content; 4] {
    [
        Content::RootCrl(collateral.root_ca_crl),
        Content::PckCrl {
            issuer_chain: collateral.pck_crl_issuer_chain,
            crl: collateral.pck_crl,
        },
        Content::TcbInfo(Signed {
            issuer_chain: collateral.tcb_info_issuer_chain,
            json: collateral.tcb_info,
            signature: fixed(&collateral.tcb_info_signature),
        }),
        Content::QeIdentity(Signed {
            issuer_chain: collateral.qe_identity_issuer_chain,
            json: collateral.qe_identity,
            signature: fixed(&collateral.qe_identity_signature),
        }),
    ]
}

/// A signature of another length is none: zeros verify under no key.
fn fixed(signature: &[u8]) -> [u8; 64] {
    signature.try_into().unwrap_or([0; 64])
}

#[cfg(test)]
mod tests {
    use super::*;
    use khala_attestation::forge::{Pki, EVALUATION_DATA_NUMBER};
    use khala_primitives::Tee;

    const NOW: u64 = 1_790_000_000;
    const DAY: u64 = 86_400;

    fn write(folder: &Path, name: &str, collateral: &Collateral) {
        std::fs::write(folder.join(name), serde_json::to_vec(collateral).unwrap()).unwrap();
    }

    fn qe_identity() -> DocumentId {
        let [_, _, _, content] = documents(Pki::development().collateral(NOW));
        verify(content).unwrap().id
    }

    #[tokio::test]
    async fn the_newest_edition_of_all_files_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "1-old.json", &Pki::development().collateral(NOW - DAY));
        write(folder.path(), "2-new.json", &Pki::development().collateral(NOW));
        write(folder.path(), "3-older.json", &Pki::development().collateral(NOW - 2 * DAY));
        write(
            folder.path(),
            "4-for-another-tee.json",
            &Pki::development().td_collateral(NOW + DAY),
        );
        std::fs::write(folder.path().join("5-damaged.json"), "{").unwrap();
        std::fs::write(folder.path().join("notes.txt"), "{").unwrap();
        let fetched = Folder::new(folder.path()).fetch(&qe_identity()).await.unwrap();
        assert_eq!(fetched.id, qe_identity());
        let [_, _, _, expected] = documents(Pki::development().collateral(NOW));
        assert_eq!(fetched.content, expected);
    }

    #[test]
    fn when_none_fits_each_file_is_named_with_its_reason() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "tdx.json", &Pki::development().td_collateral(NOW));
        write(folder.path(), "stranger.json", &Pki::stranger("x").collateral(NOW));
        std::fs::write(folder.path().join("damaged.json"), "{").unwrap();
        std::fs::File::create(folder.path().join("long.json"))
            .unwrap()
            .set_len(MAX_FILE + 1)
            .unwrap();
        let error = choose(folder.path(), &qe_identity()).unwrap_err();
        assert!(matches!(error, FetchError::Unusable(_)));
        for part in [
            "tdx.json has the TDX QE identity, number 18",
            "stranger.json: ",
            "damaged.json: not a QuoteCollateralV3",
            "long.json: it has 1048577 bytes",
        ] {
            assert!(error.reason().contains(part), "{}", error.reason());
        }
        let other = DocumentId {
            name: DocumentName::QeIdentity {
                tee: Tee::Sgx,
                number: EVALUATION_DATA_NUMBER + 1,
            },
            ..qe_identity()
        };
        assert!(choose(folder.path(), &other).is_err());
    }

    #[test]
    fn an_empty_and_an_absent_folder_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let empty = choose(folder.path(), &qe_identity()).unwrap_err();
        assert!(matches!(&empty, FetchError::Unusable(reason) if reason.contains("no *.json files")));
        let absent = choose(&folder.path().join("absent"), &qe_identity()).unwrap_err();
        assert!(matches!(&absent, FetchError::Down(reason) if reason.contains("cannot read the folder")));
    }

    #[test]
    fn a_signature_of_another_length_verifies_nothing() {
        for length in [0, 63, 65] {
            let mut collateral = Pki::development().collateral(NOW);
            collateral.qe_identity_signature.resize(length, 0);
            let [_, _, _, content] = documents(collateral);
            assert!(verify(content).is_err(), "{length}");
        }
    }
}
