//! Reading the database: a few connections, each query with a deadline.

use super::functions;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::{
    path::Path,
    sync::Mutex,
    time::{Duration, Instant},
};
use tokio::sync::Semaphore;

/// How long a query may take.
pub const DEADLINE: Duration = Duration::from_secs(2);
/// How long a request may wait for a connection.
const PATIENCE: Duration = Duration::from_secs(2);
/// Instructions of SQLite's machine between two looks at the clock.
const LOOK_EVERY: i32 = 10_000;
/// Prepared statements that a connection keeps.
const STATEMENTS: usize = 200;

/// Why nothing was read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The query took too long.
    #[error("the query took more than {limit_ms} ms")]
    TooSlow {
        /// The deadline.
        limit_ms: u128,
    },
    /// All connections were in use for too long.
    #[error("all connections to the database are in use")]
    Busy,
    /// SQLite's error.
    #[error("the database cannot be read: {0}")]
    Failed(String),
}

/// Connections that only read.
pub struct Readers {
    idle: Mutex<Vec<Connection>>,
    permits: Semaphore,
    deadline: Duration,
}

impl Readers {
    /// Opens as many connections as may read at once. The database must be there.
    ///
    /// # Errors
    /// The database cannot be opened.
    pub fn open(path: &Path, count: usize, deadline: Duration) -> rusqlite::Result<Self> {
        let idle = (0..count).map(|_| connect(path)).collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(Self {
            permits: Semaphore::new(idle.len()),
            idle: Mutex::new(idle),
            deadline,
        })
    }

    /// Runs a query in one snapshot of the database.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn read<T: Send + 'static>(
        self: &std::sync::Arc<Self>,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, ReadError> {
        let readers = self.clone();
        let permit = tokio::time::timeout(PATIENCE, self.permits.acquire()).await;
        let permit = permit
            .map_err(|_| ReadError::Busy)?
            .map_err(|error| ReadError::Failed(error.to_string()))?;
        // The thread goes on when the request is dropped: it takes its permit back itself.
        permit.forget();
        let task = tokio::task::spawn_blocking(move || {
            let result = readers.run(query);
            readers.permits.add_permits(1);
            result
        });
        task.await.map_err(|error| ReadError::Failed(error.to_string()))?
    }

    fn run<T>(&self, query: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, ReadError> {
        let taken = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        let mut connection = taken.ok_or(ReadError::Busy)?;
        let end = Instant::now() + self.deadline;
        let result = connection
            .progress_handler(LOOK_EVERY, Some(move || Instant::now() >= end))
            .and_then(|()| in_snapshot(&connection, query));
        if let Ok(mut idle) = self.idle.lock() {
            idle.push(connection);
        }
        result.map_err(|error| match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) => ReadError::TooSlow {
                limit_ms: self.deadline.as_millis(),
            },
            _ => ReadError::Failed(error.to_string()),
        })
    }
}

/// Every statement of the query sees the same block.
fn in_snapshot<T>(db: &Connection, query: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
    let transaction = db.unchecked_transaction()?;
    let result = query(&transaction);
    transaction.finish()?;
    result
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let db = Connection::open_with_flags(path, flags)?;
    db.pragma_update(None, "query_only", true)?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    functions::register(&db)?;
    Ok(db)
}
