//! The folder in which a network keeps everything.
//!
//! | path | what |
//! |---|---|
//! | `lock` | held while a network runs here |
//! | `network.json` | what the network consists of |
//! | `chain.json` | the chain specification, when it is not a preset |
//! | `node-N/` | a validator's database |
//! | `pruntimes/NAME/` | a worker's sealed state |
//! | `relayer.toml`, `registrar.key` | the relayer's configuration and key |
//! | `indexer.sqlite` | the indexer's database |
//! | `logs/NAME.log` | what each process printed |

use super::{Options, Storage};
use anyhow::{ensure, Context};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File, TryLockError},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// A network's folder. Locked while this lives.
#[derive(Debug)]
pub(super) struct DataDir {
    root: PathBuf,
    _lock: File,
    /// Removed with this.
    _temporary: Option<TempDir>,
}

/// What must be the same at every start.
#[derive(PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Record {
    validators: u8,
}

impl DataDir {
    /// Opens or makes the folder.
    ///
    /// # Errors
    /// It cannot be written, another network runs in it, or it belongs to a network of another shape.
    pub(super) fn open(options: &Options) -> anyhow::Result<Self> {
        let temporary = match &options.storage {
            Storage::Kept(_) => None,
            Storage::Ephemeral => Some(
                tempfile::Builder::new()
                    .prefix("khala-")
                    .tempdir()
                    .context("no temporary folder can be made")?,
            ),
        };
        let given = match (&options.storage, &temporary) {
            (Storage::Kept(path), _) => path.clone(),
            (Storage::Ephemeral, Some(folder)) => folder.path().into(),
            (Storage::Ephemeral, None) => anyhow::bail!("no temporary folder was made"),
        };
        fs::create_dir_all(&given).with_context(|| format!("the folder {} cannot be made", given.display()))?;
        let root = given
            .canonicalize()
            .with_context(|| format!("the folder {} cannot be opened", given.display()))?;
        let lock = lock(&root)?;
        let data = Self {
            root,
            _lock: lock,
            _temporary: temporary,
        };
        data.check_record(&Record {
            validators: options.validators,
        })?;
        make(&data.logs())?;
        Ok(data)
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn chain_spec(&self) -> PathBuf {
        self.root.join("chain.json")
    }

    /// `number`: from 1.
    pub(super) fn node(&self, number: u8) -> anyhow::Result<PathBuf> {
        let folder = self.root.join(format!("node-{number}"));
        make(&folder)?;
        Ok(folder)
    }

    pub(super) fn pruntime(&self, name: &str) -> anyhow::Result<PathBuf> {
        let folder = self.root.join("pruntimes").join(name);
        make(&folder)?;
        Ok(folder)
    }

    pub(super) fn relayer_config(&self) -> PathBuf {
        self.root.join("relayer.toml")
    }

    pub(super) fn registrar_key(&self) -> PathBuf {
        self.root.join("registrar.key")
    }

    pub(super) fn indexer_database(&self) -> PathBuf {
        self.root.join("indexer.sqlite")
    }

    pub(super) fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    fn check_record(&self, wanted: &Record) -> anyhow::Result<()> {
        let path = self.root.join("network.json");
        if !path.exists() {
            let text = serde_json::to_string_pretty(wanted).context("the network's record cannot be written")?;
            return write(&path, text.as_bytes(), 0o644);
        }
        let text = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        let found: Record =
            serde_json::from_str(&text).with_context(|| format!("{} is damaged; remove {}", path.display(), self.root.display()))?;
        ensure!(
            found == *wanted,
            "{} holds a network with {} validators, not {}; give the same number, another folder (--data DIR), or remove it",
            self.root.display(),
            found.validators,
            wanted.validators
        );
        Ok(())
    }
}

fn lock(root: &Path) -> anyhow::Result<File> {
    let path = root.join("lock");
    let file = File::create(&path).with_context(|| format!("{} cannot be written", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            anyhow::bail!(
                "another network runs in {}; stop it, or give another folder (--data DIR)",
                root.display()
            )
        }
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("{} cannot be locked", path.display())),
    }
}

fn make(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("the folder {} cannot be made", folder.display()))
}

/// Writes a file whole: to another name first, so that a reader never sees a part.
pub(super) fn write(path: &Path, bytes: &[u8], mode: u32) -> anyhow::Result<()> {
    let temporary = path.with_extension("new");
    let result = (|| {
        let mut file = File::options()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(mode)
            .open(&temporary)?;
        file.write_all(bytes)?;
        fs::rename(&temporary, path)
    })();
    result.with_context(|| format!("{} cannot be written", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(path: &Path, validators: u8) -> Options {
        Options {
            validators,
            storage: Storage::Kept(path.into()),
            ..Options::ephemeral(1)
        }
    }

    #[test]
    fn a_folder_serves_one_network_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let first = DataDir::open(&kept(folder.path(), 1)).unwrap();
        let error = DataDir::open(&kept(folder.path(), 1)).unwrap_err().to_string();
        assert!(error.contains("another network runs"), "{error}");
        drop(first);
        DataDir::open(&kept(folder.path(), 1)).unwrap();
    }

    #[test]
    fn a_folder_of_another_network_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        drop(DataDir::open(&kept(folder.path(), 1)).unwrap());
        let error = DataDir::open(&kept(folder.path(), 2)).unwrap_err().to_string();
        assert!(error.contains("1 validators, not 2"), "{error}");
    }

    #[test]
    fn an_ephemeral_folder_goes_with_the_network() {
        let data = DataDir::open(&Options::ephemeral(1)).unwrap();
        let root = data.root().to_path_buf();
        assert!(root.join("logs").is_dir());
        drop(data);
        assert!(!root.exists());
    }

    #[test]
    fn a_key_file_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("registrar.key");
        write(&path, b"//Registrar", 0o600).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
