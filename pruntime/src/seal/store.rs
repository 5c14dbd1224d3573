//! Two generations of the sealed state, of which a crash at any moment leaves at least one good.
//!
//! `state.seal` is the newest generation, `state.seal.previous` the one before; after the first save both hold the
//! same. A save writes a temporary name, makes its bytes durable, gives the newest generation the name of the previous
//! one, gives the temporary file the name of the newest, and makes the names durable. Between the two renamings there
//! is no newest generation, and the previous one is used.
//!
//! A file that does not open is never overwritten: where its name is needed it is set aside as `….unopened-1` and so
//! on. If no generation opens, nothing is touched and the pRuntime does not start: to make a fresh key is the
//! operator's decision, as it costs a rebind.

use super::{
    directory::Files,
    file::{self, Flaw, Unsealed},
};
use crate::tee::Tee;
use std::io;
use tracing::warn;

/// Name of the newest generation.
pub const NEWEST: &str = "state.seal";
/// Name of the generation before.
pub const PREVIOUS: &str = "state.seal.previous";

const TEMPORARY: &str = "state.seal.new";
/// Most files set aside under one name; more mean that something is badly wrong with the disk.
const MAX_SET_ASIDE: u32 = 100;

/// A generation of the sealed state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Generation {
    /// What was saved last.
    Newest,
    /// What was saved before; used because the newest does not open or is missing.
    Previous,
}

/// An opened state.
pub struct Opened {
    /// The state, in clear.
    pub state: Unsealed,
    /// Where it was found.
    pub generation: Generation,
}

/// Why the sealed state was not opened or saved.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// A file operation failed.
    #[error("cannot {doing} the sealed state's file {name}: {error}; see to the disk and the rights of the data folder")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// The file.
        name: String,
        /// The system's word.
        error: io::Error,
    },
    /// A file that a newer version or another provider wrote. An older generation is not used in its place: it may say
    /// less than the newer one.
    #[error("the sealed state {name} cannot be used: {flaw}; nothing was changed")]
    Foreign {
        /// The file.
        name: &'static str,
        /// Why.
        flaw: Flaw,
    },
    /// No generation opens.
    #[error(
        "no generation of the sealed state opens: {NEWEST}: {}; {PREVIOUS}: {}. Nothing was changed. Restore the data folder if you have a \
         copy of it that fits this machine. Else move the files state.seal* away and start again: the worker makes a fresh key and its operator rebinds it",
        word(.newest), word(.previous)
    )]
    Unopenable {
        /// The newest generation's flaw; `None` when it is missing.
        newest: Option<Flaw>,
        /// The previous generation's flaw; `None` when it is missing.
        previous: Option<Flaw>,
    },
    /// Too many unusable files were set aside already.
    #[error(
        "{MAX_SET_ASIDE} unusable files {name}.unopened-* are in the data folder: find out why the disk damages them, and move them away"
    )]
    TooManySetAside {
        /// The file.
        name: &'static str,
    },
}

fn word(flaw: &Option<Flaw>) -> String {
    flaw.as_ref().map_or_else(|| "missing".into(), Flaw::to_string)
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Slot {
    Empty,
    Good,
    Bad,
}

/// The store of the sealed state. One per data folder: whoever opens it holds the folder's lock.
pub struct SealStore<F> {
    files: F,
    newest: Slot,
    previous: Slot,
}

impl<F: Files> SealStore<F> {
    /// Opens the newest generation that is good; `None` when nothing was ever saved.
    ///
    /// If the other generation is missing or does not open, it is written again from the good one; a failure of that is
    /// logged and does no harm.
    pub fn open(files: F, tee: &dyn Tee) -> Result<(Self, Option<Opened>), SealError> {
        let newest = look(&files, NEWEST, tee)?;
        let previous = look(&files, PREVIOUS, tee)?;
        if let Look::Bad(flaw @ (Flaw::UnknownSchema { .. } | Flaw::OtherProvider { .. })) = newest {
            return Err(SealError::Foreign { name: NEWEST, flaw });
        }
        let mut store = Self {
            files,
            newest: newest.slot(),
            previous: previous.slot(),
        };
        let opened = match (newest, previous) {
            (Look::Empty, Look::Empty) => return Ok((store, None)),
            (Look::Good(bytes, state), _) => {
                store.heal(&bytes);
                Opened {
                    state,
                    generation: Generation::Newest,
                }
            }
            (newest, Look::Good(bytes, state)) => {
                warn!(
                    newest = word(&newest.flaw()),
                    "the newest generation of the sealed state does not open: the previous one is used"
                );
                store.heal(&bytes);
                Opened {
                    state,
                    generation: Generation::Previous,
                }
            }
            (Look::Empty, Look::Bad(flaw @ (Flaw::UnknownSchema { .. } | Flaw::OtherProvider { .. }))) => {
                return Err(SealError::Foreign { name: PREVIOUS, flaw })
            }
            (newest, previous) => {
                return Err(SealError::Unopenable {
                    newest: newest.flaw(),
                    previous: previous.flaw(),
                })
            }
        };
        Ok((store, Some(opened)))
    }

    /// Saves a sealed file as the newest generation. When this returns `Ok`, no crash loses it.
    pub fn save(&mut self, sealed: &[u8]) -> Result<(), SealError> {
        self.write_temporary(sealed)?;
        match self.newest {
            Slot::Good => {
                if self.previous == Slot::Bad {
                    self.set_aside(PREVIOUS)?;
                }
                self.rename(NEWEST, PREVIOUS)?;
                self.previous = Slot::Good;
            }
            Slot::Bad => self.set_aside(NEWEST)?,
            Slot::Empty => {}
        }
        self.newest = Slot::Empty;
        self.rename(TEMPORARY, NEWEST)?;
        self.newest = Slot::Good;
        self.sync_names()?;
        if self.previous != Slot::Good {
            self.install(PREVIOUS, sealed)?;
        }
        Ok(())
    }

    /// Saves a sealed file as both generations, for a state behind which there is no way back: when this returns `Ok`, the
    /// state before is in neither. A failure in between leaves the new state as the newest generation.
    pub fn supersede(&mut self, sealed: &[u8]) -> Result<(), SealError> {
        self.save(sealed)?;
        self.install(PREVIOUS, sealed)
    }

    /// Fills the generation that is missing or bad from the good one.
    fn heal(&mut self, good: &[u8]) {
        for name in [NEWEST, PREVIOUS] {
            if *self.slot(name) != Slot::Good {
                if let Err(error) = self.install(name, good) {
                    warn!(%error, "the sealed state has one good generation only");
                }
            }
        }
    }

    fn install(&mut self, name: &'static str, sealed: &[u8]) -> Result<(), SealError> {
        self.write_temporary(sealed)?;
        if *self.slot(name) == Slot::Bad {
            self.set_aside(name)?;
        }
        self.rename(TEMPORARY, name)?;
        *self.slot(name) = Slot::Good;
        self.sync_names()
    }

    fn slot(&mut self, name: &str) -> &mut Slot {
        if name == NEWEST {
            &mut self.newest
        } else {
            &mut self.previous
        }
    }

    fn set_aside(&mut self, name: &'static str) -> Result<(), SealError> {
        for number in 1..=MAX_SET_ASIDE {
            let aside = format!("{name}.unopened-{number}");
            let taken = self
                .files
                .read(&aside)
                .map_err(|error| SealError::Io {
                    doing: "look for",
                    name: aside.clone(),
                    error,
                })?
                .is_some();
            if !taken {
                self.rename(name, &aside)?;
                *self.slot(name) = Slot::Empty;
                warn!(file = aside, "a sealed state that does not open was set aside");
                return Ok(());
            }
        }
        Err(SealError::TooManySetAside { name })
    }

    fn write_temporary(&mut self, sealed: &[u8]) -> Result<(), SealError> {
        let written = self.files.write(TEMPORARY, sealed);
        written.map_err(|error| SealError::Io {
            doing: "write",
            name: TEMPORARY.into(),
            error,
        })?;
        self.files.sync(TEMPORARY).map_err(|error| SealError::Io {
            doing: "sync",
            name: TEMPORARY.into(),
            error,
        })
    }

    fn rename(&mut self, from: &str, to: &str) -> Result<(), SealError> {
        self.files.rename(from, to).map_err(|error| SealError::Io {
            doing: "rename",
            name: format!("{from} to {to}"),
            error,
        })
    }

    fn sync_names(&mut self) -> Result<(), SealError> {
        self.files.sync_names().map_err(|error| SealError::Io {
            doing: "sync the names of",
            name: NEWEST.into(),
            error,
        })
    }
}

/// What stands under a name.
enum Look {
    Empty,
    Good(Vec<u8>, Unsealed),
    Bad(Flaw),
}

impl Look {
    fn slot(&self) -> Slot {
        match self {
            Self::Empty => Slot::Empty,
            Self::Good(..) => Slot::Good,
            Self::Bad(_) => Slot::Bad,
        }
    }

    fn flaw(&self) -> Option<Flaw> {
        match self {
            Self::Bad(flaw) => Some(flaw.clone()),
            _ => None,
        }
    }
}

fn look(files: &impl Files, name: &'static str, tee: &dyn Tee) -> Result<Look, SealError> {
    let Some(bytes) = files.read(name).map_err(|error| SealError::Io {
        doing: "read",
        name: name.into(),
        error,
    })?
    else {
        return Ok(Look::Empty);
    };
    Ok(match file::read(tee, &bytes) {
        Ok(state) => Look::Good(bytes, state),
        Err(flaw) => Look::Bad(flaw),
    })
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
