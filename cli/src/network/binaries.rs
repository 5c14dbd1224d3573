//! Where the programs are.

use anyhow::{bail, Context};
use std::{
    env,
    path::{Path, PathBuf},
};

/// The environment variable that names another folder than that of the running program. Several folders are separated
/// by colons.
pub const FOLDER_VARIABLE: &str = "KHALA_BIN_DIR";

/// The programs of a network.
#[derive(Clone, Debug)]
pub struct Binaries {
    /// `khala`: starts the others so that they end with their parent.
    pub khala: PathBuf,
    /// `khala-node`.
    pub node: PathBuf,
    /// `pruntime`.
    pub pruntime: PathBuf,
    /// `relayer`.
    pub relayer: PathBuf,
    /// `khala-indexer`.
    pub indexer: PathBuf,
}

impl Binaries {
    /// Finds them in the folders of `KHALA_BIN_DIR`, then beside the running program, then one folder above it (where a
    /// test is started from `deps`).
    ///
    /// # Errors
    /// A program is in none of these folders.
    pub fn find() -> anyhow::Result<Self> {
        let running = env::current_exe().context("the running program's own path is unknown")?;
        let mut folders: Vec<PathBuf> = env::var_os(FOLDER_VARIABLE)
            .map(|value| env::split_paths(&value).collect())
            .unwrap_or_default();
        folders.extend(running.ancestors().skip(1).take(2).map(Path::to_path_buf));
        let find = |name| find_in(&folders, name);
        Ok(Self {
            khala: find("khala")?,
            node: find("khala-node")?,
            pruntime: find("pruntime")?,
            relayer: find("relayer")?,
            indexer: find("khala-indexer")?,
        })
    }
}

fn find_in(folders: &[PathBuf], name: &str) -> anyhow::Result<PathBuf> {
    if let Some(path) = folders.iter().map(|folder| folder.join(name)).find(|path| path.is_file()) {
        return Ok(path);
    }
    let searched: Vec<_> = folders.iter().map(|folder| folder.display().to_string()).collect();
    bail!(
        "the program {name} is in none of: {}; build it (cargo build --workspace --bins) or name its folder in {FOLDER_VARIABLE}",
        searched.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_folder_that_has_the_program_wins() {
        let [first, second] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let folders = [first.path().to_path_buf(), second.path().to_path_buf()];
        let error = find_in(&folders, "relayer").unwrap_err().to_string();
        assert!(error.contains("relayer") && error.contains(FOLDER_VARIABLE), "{error}");
        std::fs::write(second.path().join("relayer"), "").unwrap();
        assert_eq!(find_in(&folders, "relayer").unwrap(), second.path().join("relayer"));
        std::fs::write(first.path().join("relayer"), "").unwrap();
        assert_eq!(find_in(&folders, "relayer").unwrap(), first.path().join("relayer"));
    }
}
