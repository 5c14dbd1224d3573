//! The database's file: made, checked, locked.

use super::functions;
use crate::{
    chain::Trail,
    model::{Key, Planck},
};
use rusqlite::{Connection, OptionalExtension};
use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
};

/// Version of the tables. Another one means another `schema.sql`.
pub const SCHEMA: i64 = 2;
const TABLES: &str = include_str!("schema.sql");
/// Marks a file as one of this program: "khix".
const APPLICATION: i64 = 0x6b68_6978;

/// Why a database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Its folder or its lock cannot be written.
    #[error("the database {path} cannot be opened: {reason}; check the folder and its permissions")]
    Open {
        /// The file.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// Another process uses it.
    #[error("another indexer uses the database {path}; stop it, or give another --database")]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// It belongs to something else.
    #[error("{path} is a database of another program; give another --database")]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// Another version of the indexer made it.
    #[error(
        "the database {path} has tables of version {found}, and this indexer those of version {SCHEMA}; \
         remove it to build it anew from the chain, or use the indexer that made it"
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
    },
    /// Its samples are taken in another rhythm.
    #[error(
        "the database {path} has samples every {found} s, and --sample-secs is {wanted}; \
         give --sample-secs {found}, or remove the database to build it anew from the chain"
    )]
    SampleSecs {
        /// The file.
        path: PathBuf,
        /// Its rhythm.
        found: u64,
        /// The one that was asked for.
        wanted: u64,
    },
    /// It is of another chain.
    #[error(
        "the database {path} is of the chain with genesis {found}, and the node's is {wanted}; \
         use a node of that chain, or another --database"
    )]
    Genesis {
        /// The file.
        path: PathBuf,
        /// Its chain.
        found: Key,
        /// The node's chain.
        wanted: Key,
    },
    /// A block does not follow the newest one.
    #[error("block {found} does not follow block {newest}, the newest one in the database")]
    Gap {
        /// The newest block.
        newest: u32,
        /// The block that came.
        found: u32,
    },
    /// SQLite's error.
    #[error("the database failed: {0}; check the disk")]
    Sqlite(#[from] rusqlite::Error),
}

/// The database, for writing. One process has it at a time.
#[derive(Debug)]
pub struct Store {
    pub(super) db: Connection,
    path: PathBuf,
    /// Held while this lives.
    _lock: File,
}

impl Store {
    /// Opens the database, or makes it.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn open(path: &Path, sample_secs: u64) -> Result<Self, StoreError> {
        let failed = |error: std::io::Error| StoreError::Open {
            path: path.into(),
            reason: error.to_string(),
        };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        let lock = File::create(path.with_extension("lock")).map_err(failed)?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => StoreError::InUse { path: path.into() },
            TryLockError::Error(error) => failed(error),
        })?;
        let mut db = Connection::open(path).map_err(|error| failed(std::io::Error::other(error)))?;
        prepare(&mut db, path, sample_secs)?;
        Ok(Self {
            db,
            path: path.into(),
            _lock: lock,
        })
    }

    /// Says which chain the database is of: the first time for good.
    ///
    /// # Errors
    /// It is of another one.
    pub fn bind(&mut self, genesis: Key) -> Result<(), StoreError> {
        let found: Option<Key> = self.db.query_row("SELECT genesis FROM head", [], |row| row.get(0))?;
        match found {
            None => self.db.execute("UPDATE head SET genesis = ?", [genesis]).map(drop)?,
            Some(found) if found == genesis => {}
            Some(found) => {
                return Err(StoreError::Genesis {
                    path: self.path.clone(),
                    found,
                    wanted: genesis,
                })
            }
        }
        Ok(())
    }

    /// Where the database stands: what following goes on from.
    ///
    /// # Errors
    /// SQLite's.
    pub fn trail(&self) -> Result<Trail, StoreError> {
        let (block, hash, time_ms) = self.db.query_row("SELECT block, hash, time_ms FROM head", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
        let mut registered = self.db.prepare("SELECT worker FROM workers WHERE state <> 'gone'")?;
        let workers = registered.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        Ok(Trail {
            block,
            hash,
            time_ms,
            workers,
        })
    }
}

fn prepare(db: &mut Connection, path: &Path, sample_secs: u64) -> Result<(), StoreError> {
    let number = |db: &Connection, name: &str| db.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let foreign = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => StoreError::Foreign { path: path.into() },
        _ => StoreError::Sqlite(error),
    };
    let (application, found) = (number(db, "application_id").map_err(foreign)?, number(db, "user_version")?);
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables > 0 && application != APPLICATION {
        return Err(StoreError::Foreign { path: path.into() });
    }
    if tables > 0 && found != SCHEMA {
        return Err(StoreError::Version { path: path.into(), found });
    }
    db.pragma_update(None, "journal_mode", "WAL")?;
    // A commit may be lost when the machine fails, never a part of one: lost blocks are read again.
    db.pragma_update(None, "synchronous", "NORMAL")?;
    db.set_prepared_statement_cache_capacity(200);
    functions::register(db)?;
    let transaction = db.transaction()?;
    if tables == 0 {
        transaction.execute_batch(TABLES)?;
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", SCHEMA)?;
    }
    let kept: Option<u64> = transaction
        .query_row("SELECT sample_secs FROM head", [], |row| row.get(0))
        .optional()?;
    match kept {
        None => {
            let zero = Planck(0);
            transaction.execute(
                "INSERT INTO head (id, sample_secs, block, time_ms, credited_secs, paid, treasury_part, heartbeats, delegators) \
                 VALUES (1, ?, 0, 0, 0, ?, ?, 0, 0)",
                (sample_secs, zero, zero),
            )?;
        }
        Some(found) if found != sample_secs => {
            return Err(StoreError::SampleSecs {
                path: path.into(),
                found,
                wanted: sample_secs,
            })
        }
        Some(_) => {}
    }
    transaction.commit()?;
    Ok(())
}
