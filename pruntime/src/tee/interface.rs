//! The file interface of a TEE: few operations, on names below one folder.

use super::own_quote::QuoteFlaw;
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::PathBuf,
    thread,
    time::Duration,
};

/// Most bytes that are read of a file: the kernel gives out at most 32 KiB for a quote.
pub const MAX_READ: usize = 64 * 1024;

/// Pause before an interface that was busy is asked again.
const PAUSE: Duration = Duration::from_millis(300);

/// What is done with the files of a TEE's interface. Names are relative to the interface's folder.
pub trait Interface: Send + Sync {
    /// A file's bytes, cut behind [`MAX_READ`] + 1.
    fn read(&self, name: &str) -> io::Result<Vec<u8>>;
    /// Writes to a file that exists, in one piece: these files take a value by one write.
    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()>;
    /// Makes a folder.
    fn make_folder(&self, name: &str) -> io::Result<()>;
    /// Removes a folder. The files in it belong to the interface and go with it.
    fn remove_folder(&self, name: &str) -> io::Result<()>;
    /// Waits a moment, for an interface that is busy.
    fn pause(&self);
    /// Where the files are, for messages.
    fn place(&self) -> String;
}

/// An interface in the file system.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// The interface whose files are below this folder.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }
}

impl Interface for Folder {
    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        let limit = u64::try_from(MAX_READ).unwrap_or(u64::MAX).saturating_add(1);
        let mut bytes = Vec::new();
        File::open(self.0.join(name))?.take(limit).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).open(self.0.join(name))?;
        match file.write(bytes)? {
            all if all == bytes.len() => Ok(()),
            some => Err(io::Error::new(
                io::ErrorKind::WriteZero,
                format!("{some} of {} bytes were taken", bytes.len()),
            )),
        }
    }

    fn make_folder(&self, name: &str) -> io::Result<()> {
        fs::create_dir(self.0.join(name))
    }

    fn remove_folder(&self, name: &str) -> io::Result<()> {
        fs::remove_dir(self.0.join(name))
    }

    fn pause(&self) {
        thread::sleep(PAUSE);
    }

    fn place(&self) -> String {
        self.0.display().to_string()
    }
}

/// Why an interface did not give what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum InterfaceError {
    /// The interface is not there.
    #[error("{place} is not there ({error}): {hint}")]
    Missing {
        /// The file or folder.
        place: String,
        /// The system's word.
        error: io::Error,
        /// What to do.
        hint: &'static str,
    },
    /// A file operation failed.
    #[error("cannot {doing} {place}: {error}; see to the rights of this program and to the system's log")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// The file or folder.
        place: String,
        /// The system's word.
        error: io::Error,
    },
    /// A file has more bytes than any interface gives.
    #[error("{place} has more than {MAX_READ} bytes: it is not the interface that it should be")]
    TooLong {
        /// The file.
        place: String,
    },
    /// It is the interface of something else.
    #[error("{place} says `{found}` instead of `{expected}`: {hint}")]
    OtherKind {
        /// The file.
        place: String,
        /// What it says.
        found: String,
        /// What it should say.
        expected: &'static str,
        /// What to do.
        hint: &'static str,
    },
    /// A sealing key of another length.
    #[error("the sealing key {place} has {found} bytes instead of {expected}: {hint}")]
    KeyLength {
        /// The file.
        place: String,
        /// Its length.
        found: usize,
        /// The right length.
        expected: usize,
        /// What to do.
        hint: &'static str,
    },
    /// A sealing key that everybody knows.
    #[error("the sealing key {place} is nothing but zeros, which is no key: the machine gives none to this enclave")]
    ZeroKey {
        /// The file.
        place: String,
    },
    /// A generation that is no number.
    #[error("{place} says `{found}` instead of a number")]
    NoNumber {
        /// The file.
        place: String,
        /// What it says.
        found: String,
    },
    /// Others were faster, each time.
    #[error("{place} was busy {attempts} times: another program asks for quotes, or the machine's quote service hangs; ask again")]
    Busy {
        /// The interface.
        place: String,
        /// How often it was asked.
        attempts: u32,
    },
    /// Somebody else wrote in between, each time.
    #[error(
        "{place} was not written once, by this program alone, in {attempts} attempts (generation {before}, then {after}): another program \
         writes there; stop it"
    )]
    Generation {
        /// The interface.
        place: String,
        /// How often it was tried.
        attempts: u32,
        /// The generation before writing.
        before: u64,
        /// The generation after reading.
        after: u64,
    },
    /// The quote cannot be used.
    #[error("the quote of {place} cannot be used: {flaw}")]
    Quote {
        /// The file.
        place: String,
        /// Why.
        flaw: QuoteFlaw,
    },
}

/// Reads a file whole.
pub(super) fn read(interface: &dyn Interface, name: &str, hint: &'static str) -> Result<Vec<u8>, InterfaceError> {
    let bytes = interface.read(name).map_err(|error| failed(interface, "read", name, error, hint))?;
    if bytes.len() > MAX_READ {
        return Err(InterfaceError::TooLong {
            place: place(interface, name),
        });
    }
    Ok(bytes)
}

/// Reads a file of one word.
pub(super) fn read_word(interface: &dyn Interface, name: &str, hint: &'static str) -> Result<String, InterfaceError> {
    let bytes = read(interface, name, hint)?;
    Ok(String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\0']).to_string())
}

/// What the system's error means: the interface is missing, or it failed.
pub(super) fn failed(interface: &dyn Interface, doing: &'static str, name: &str, error: io::Error, hint: &'static str) -> InterfaceError {
    let place = place(interface, name);
    match error.kind() {
        io::ErrorKind::NotFound => InterfaceError::Missing { place, error, hint },
        _ => InterfaceError::Io { doing, place, error },
    }
}

/// A file of an interface, for messages.
pub(super) fn place(interface: &dyn Interface, name: &str) -> String {
    format!("{}/{name}", interface.place())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_and_written_below_the_folder() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::new(root.path());
        folder.make_folder("entry").unwrap();
        fs::write(root.path().join("entry/file"), b"").unwrap();
        folder.write("entry/file", b"bytes").unwrap();
        assert_eq!(folder.read("entry/file").unwrap(), b"bytes");
        fs::remove_file(root.path().join("entry/file")).unwrap();
        folder.remove_folder("entry").unwrap();
        assert_eq!(folder.remove_folder("entry").unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn a_file_that_is_not_there_is_not_made() {
        let root = tempfile::tempdir().unwrap();
        let error = Folder::new(root.path()).write("file", b"bytes").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        assert!(!root.path().join("file").exists());
    }

    #[test]
    fn a_device_that_takes_nothing_is_an_error() {
        let error = Folder::new("/dev").write("full", b"bytes").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    }

    #[test]
    fn files_are_read_up_to_the_bound() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::new(root.path());
        for (length, fits) in [(MAX_READ - 1, true), (MAX_READ, true), (MAX_READ + 1, false), (2 * MAX_READ, false)] {
            fs::write(root.path().join("file"), vec![1; length]).unwrap();
            match read(&folder, "file", "") {
                Ok(bytes) => assert!(fits && bytes.len() == length),
                Err(error) => assert!(!fits && matches!(error, InterfaceError::TooLong { .. }), "{length}: {error}"),
            }
        }
    }

    #[test]
    fn a_word_ends_before_its_line_end() {
        let root = tempfile::tempdir().unwrap();
        for text in ["word", "word\n", "word\0"] {
            fs::write(root.path().join("file"), text).unwrap();
            assert_eq!(read_word(&Folder::new(root.path()), "file", "").unwrap(), "word");
        }
    }
}
