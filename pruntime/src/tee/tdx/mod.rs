//! A trust domain, by the files of `/sys/kernel/config/tsm/report` (Linux 6.7 and later, `configfs-tsm`).
//!
//! Each quote has an entry of its own: a folder with a random name, made for it and removed after it.
//!
//! | file of the entry | what is done |
//! |---|---|
//! | `provider` | read: must be `tdx_guest` |
//! | `generation` | read before and after: the kernel counts each write |
//! | `inblob` | written once: the report data |
//! | `outblob` | read: the quote |
//!
//! A quote counts when the generation has grown by exactly one: it was made of what was written here, and nobody wrote
//! in between. The kernel takes what is written when the file is closed, and tells nobody when that fails: then the
//! generation has not grown. Busy entries and wrong generations are tried again, [`ATTEMPTS`] times in all. Whatever
//! happens, the quote is checked to have the report data that were asked for.
//!
//! # No sealing key
//!
//! A TD has no key of its own that outlasts it. So nothing is stored: keys live in this run's memory, and after a restart
//! the worker has fresh ones and is rebound. `docs/tee-hardware.md` says why a vTPM does not help yet.

#[cfg(test)]
mod tests;

use super::{
    hardware::{Hardware, Source},
    interface::{failed, place, read, read_word},
    own_quote::{self, OwnQuote, SELF_REPORT_DATA},
    random,
    sealer::Sealer,
    Folder, Interface, InterfaceError, TeeError,
};
use crate::seal::{aead::SealingKey, KeyPolicy};
use khala_primitives::{Evidence, Tee as Kind};
use std::{io, path::Path};
use tracing::warn;

/// The provider's name.
pub const NAME: &str = "tdx";
/// Where Linux puts the interface.
pub const FOLDER: &str = "/sys/kernel/config/tsm/report";
/// How often a quote is tried when the interface is busy or somebody else writes.
pub const ATTEMPTS: u32 = 5;

const KIND: &str = "tdx_guest";
/// The system's number for `mkdir` where no driver gives quotes.
const ENXIO: i32 = 6;

const HINT: &str = "the guest needs Linux 6.7 or later with CONFIG_TSM_REPORTS, the module tdx_guest, and configfs on /sys/kernel/config";
const KIND_HINT: &str = "this is no Intel TDX guest, and other confidential VMs are not supported";

/// A trust domain. See the module's documentation.
pub type Tdx = Hardware<Reports>;

/// The entries of the interface.
pub struct Reports {
    files: Box<dyn Interface>,
}

impl Tdx {
    /// Opens the provider on the entries below `folder` ([`FOLDER`]): reads a quote about itself.
    pub fn open(folder: &Path) -> Result<Self, TeeError> {
        let mut key = SealingKey::default();
        random::fill(&mut key[..])?;
        Self::with(Box::new(Folder::new(folder)), key).map_err(|failure| match failure {
            NoQuote::Interface(error) => TeeError::Start {
                provider: NAME,
                why: error.to_string(),
            },
            NoQuote::Tee(error) => error,
        })
    }

    fn with(files: Box<dyn Interface>, key: SealingKey) -> Result<Self, NoQuote> {
        let own = quote(&*files, &SELF_REPORT_DATA)?;
        Ok(Self::new(Reports { files }, Sealer::new(key, KeyPolicy::Run), &own))
    }
}

/// Why there is no quote.
#[derive(Debug)]
enum NoQuote {
    Interface(InterfaceError),
    /// No randomness for an entry's name.
    Tee(TeeError),
}

impl From<InterfaceError> for NoQuote {
    fn from(error: InterfaceError) -> Self {
        Self::Interface(error)
    }
}

/// Asks for a quote until the interface is free.
fn quote(files: &dyn Interface, report_data: &[u8; 64]) -> Result<OwnQuote, NoQuote> {
    let mut attempts = 1;
    loop {
        let error = match attempt(files, report_data) {
            Err(NoQuote::Interface(error)) if may_pass(&error) => error,
            done => return done,
        };
        if attempts >= ATTEMPTS {
            return Err(NoQuote::Interface(exhausted(files, error)));
        }
        attempts = attempts.saturating_add(1);
        files.pause();
    }
}

fn may_pass(error: &InterfaceError) -> bool {
    use io::ErrorKind::{AlreadyExists, ResourceBusy, WouldBlock};
    match error {
        InterfaceError::Generation { .. } => true,
        InterfaceError::Io { error, .. } => matches!(error.kind(), ResourceBusy | WouldBlock | AlreadyExists),
        _ => false,
    }
}

fn exhausted(files: &dyn Interface, last: InterfaceError) -> InterfaceError {
    match last {
        InterfaceError::Io { .. } => InterfaceError::Busy {
            place: files.place(),
            attempts: ATTEMPTS,
        },
        InterfaceError::Generation { place, before, after, .. } => InterfaceError::Generation {
            place,
            attempts: ATTEMPTS,
            before,
            after,
        },
        other => other,
    }
}

fn attempt(files: &dyn Interface, report_data: &[u8; 64]) -> Result<OwnQuote, NoQuote> {
    let mut number = [0; 8];
    random::fill(&mut number).map_err(NoQuote::Tee)?;
    let entry = Entry::make(files, format!("khala-{:016x}", u64::from_le_bytes(number)))?;
    Ok(entry.quote(report_data)?)
}

/// An entry of the interface; removed when dropped.
struct Entry<'a> {
    files: &'a dyn Interface,
    name: String,
}

impl<'a> Entry<'a> {
    fn make(files: &'a dyn Interface, name: String) -> Result<Self, InterfaceError> {
        match files.make_folder(&name) {
            Ok(()) => Ok(Self { files, name }),
            Err(error) if error.raw_os_error() == Some(ENXIO) => Err(InterfaceError::Missing {
                place: place(files, &name),
                error,
                hint: HINT,
            }),
            Err(error) => Err(failed(files, "make", &name, error, HINT)),
        }
    }

    fn quote(&self, report_data: &[u8; 64]) -> Result<OwnQuote, InterfaceError> {
        self.check_kind()?;
        let before = self.generation()?;
        let inblob = self.file("inblob");
        self.files
            .write(&inblob, report_data)
            .map_err(|error| failed(self.files, "write", &inblob, error, HINT))?;
        let outblob = self.file("outblob");
        let bytes = read(self.files, &outblob, HINT);
        let after = self.generation()?;
        if before.checked_add(1) != Some(after) {
            return Err(InterfaceError::Generation {
                place: place(self.files, &self.name),
                attempts: 1,
                before,
                after,
            });
        }
        own_quote::check(&bytes?, Kind::Tdx, report_data).map_err(|flaw| InterfaceError::Quote {
            place: place(self.files, &outblob),
            flaw,
        })
    }

    fn check_kind(&self) -> Result<(), InterfaceError> {
        let name = self.file("provider");
        let found = read_word(self.files, &name, HINT)?;
        if found != KIND {
            return Err(InterfaceError::OtherKind {
                place: place(self.files, &name),
                found,
                expected: KIND,
                hint: KIND_HINT,
            });
        }
        Ok(())
    }

    fn generation(&self) -> Result<u64, InterfaceError> {
        let name = self.file("generation");
        let found = read_word(self.files, &name, HINT)?;
        found.parse().map_err(|_| InterfaceError::NoNumber {
            place: place(self.files, &name),
            found,
        })
    }

    fn file(&self, name: &str) -> String {
        format!("{}/{name}", self.name)
    }
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.files.remove_folder(&self.name) {
            warn!(%error, entry = place(self.files, &self.name), "an entry that is not needed any more could not be removed");
        }
    }
}

impl Source for Reports {
    const NAME: &'static str = NAME;
    const SEAL_LASTS: bool = false;

    fn attest(&self, report_data: &[u8; 64]) -> Result<Evidence, TeeError> {
        match quote(&*self.files, report_data) {
            Ok(own) => Ok(Evidence::Tdx { quote: own.bytes }),
            Err(NoQuote::Interface(error)) => Err(TeeError::Attest(error.to_string())),
            Err(NoQuote::Tee(error)) => Err(error),
        }
    }
}
