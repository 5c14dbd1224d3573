//! The few file operations that storing needs, so that tests can crash between any two of them.

use super::file::MAX_BYTES;
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

/// A folder of small files. What is done becomes durable only by [`Files::sync`] (a file's bytes) and
/// [`Files::sync_names`] (which name means which file).
pub trait Files: Send {
    /// A file's bytes; `None` when there is no such file. Longer files are cut behind [`MAX_BYTES`] + 1.
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>>;
    /// Creates or replaces a file, readable for the owner alone.
    fn write(&mut self, name: &str, bytes: &[u8]) -> io::Result<()>;
    /// Makes a file's bytes durable.
    fn sync(&mut self, name: &str) -> io::Result<()>;
    /// Gives a file another name; a file that had it is gone.
    fn rename(&mut self, from: &str, to: &str) -> io::Result<()>;
    /// Makes the names durable.
    fn sync_names(&mut self) -> io::Result<()>;
}

/// A folder on disk.
#[derive(Debug, Clone)]
pub struct Directory {
    path: PathBuf,
}

impl Directory {
    /// Opens a folder; makes it, for the owner alone, when there is none.
    pub fn open(path: &Path) -> io::Result<Self> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(path)?;
        Ok(Self { path: path.to_path_buf() })
    }

    /// Replaces a file so that a crash leaves the old bytes or the new ones.
    pub fn replace(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let temporary = format!("{name}.new");
        self.write(&temporary, bytes)?;
        self.sync(&temporary)?;
        self.rename(&temporary, name)?;
        self.sync_names()
    }
}

impl Files for Directory {
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        let file = match File::open(self.path.join(name)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let limit = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
        let mut bytes = Vec::new();
        file.take(limit).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    fn write(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.path.join(name);
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(path)?
            .write_all(bytes)
    }

    fn sync(&mut self, name: &str) -> io::Result<()> {
        // The call is for the file, not for the handle: another handle than the one that wrote will do.
        File::open(self.path.join(name))?.sync_all()
    }

    fn rename(&mut self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.path.join(from), self.path.join(to))
    }

    fn sync_names(&mut self) -> io::Result<()> {
        File::open(&self.path)?.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn files_and_folder_are_the_owners_alone() {
        let temporary = tempfile::tempdir().unwrap();
        let path = temporary.path().join("a/b");
        Directory::open(&path).unwrap().replace("file", b"bytes").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(fs::metadata(path.join("file")).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_missing_file_is_none_and_a_huge_one_is_cut() {
        let temporary = tempfile::tempdir().unwrap();
        let mut directory = Directory::open(temporary.path()).unwrap();
        assert_eq!(directory.read("file").unwrap(), None);
        directory.write("file", &vec![7; MAX_BYTES + 100]).unwrap();
        assert_eq!(directory.read("file").unwrap().unwrap().len(), MAX_BYTES + 1);
    }

    #[test]
    fn replacing_leaves_nothing_else_behind() {
        let temporary = tempfile::tempdir().unwrap();
        let mut directory = Directory::open(temporary.path()).unwrap();
        directory.replace("file", b"old").unwrap();
        directory.replace("file", b"new").unwrap();
        assert_eq!(directory.read("file").unwrap().unwrap(), b"new");
        assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 1);
    }
}
