//! A child process with a log file, that can be killed, stopped and started again.

use anyhow::Context;
use rustix::process::{kill_process, Pid, Signal};
use std::{
    ffi::OsString,
    fs::OpenOptions,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::process::{Child, Command};

/// How long a process may take to end after SIGTERM.
const GRACE: Duration = Duration::from_secs(15);
/// Lines of a log that an error shows.
const TAIL: usize = 20;

/// What to run.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// The program.
    pub(super) program: PathBuf,
    /// Its arguments.
    pub(super) arguments: Vec<OsString>,
}

impl Line {
    pub(super) fn new(program: &Path) -> Self {
        Self {
            program: program.into(),
            arguments: Vec::new(),
        }
    }

    /// Adds arguments.
    pub(super) fn args<A: Into<OsString>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }
}

/// A child process. Killed when dropped.
#[derive(Debug)]
pub struct Process {
    name: String,
    supervisor: PathBuf,
    line: Line,
    log: PathBuf,
    child: Child,
}

impl Process {
    /// Starts it through `khala supervised` (`supervisor`); what it prints goes to `LOGS/NAME.log`.
    pub(super) fn start(name: &str, supervisor: &Path, line: Line, logs: &Path) -> anyhow::Result<Self> {
        let log = logs.join(format!("{name}.log"));
        let child = spawn(name, supervisor, &line, &log)?;
        Ok(Self {
            name: name.into(),
            supervisor: supervisor.into(),
            line,
            log,
            child,
        })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Has it not ended yet?
    ///
    /// # Errors
    /// It has ended by itself: how, and the end of its log.
    pub fn ensure_alive(&mut self) -> anyhow::Result<()> {
        match self.child.try_wait().with_context(|| format!("{} cannot be watched", self.name))? {
            None => Ok(()),
            Some(status) => anyhow::bail!(
                "{} has ended by itself ({status}); the end of {}:\n{}",
                self.name,
                self.log.display(),
                self.log_tail()
            ),
        }
    }

    /// Starts with other arguments from its next start on.
    pub(super) fn set_line(&mut self, line: Line) {
        self.line = line;
    }

    /// Is it running?
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Kills it without a warning (SIGKILL) and waits until it is gone.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        self.child.kill().await.with_context(|| format!("{} cannot be killed", self.name))
    }

    /// Asks it to end (SIGTERM). Does not wait.
    pub fn terminate(&self) {
        if let Some(pid) = self.child.id().and_then(|id| Pid::from_raw(id.cast_signed())) {
            // It may be gone already: then there is nothing to do.
            let _ = kill_process(pid, Signal::TERM);
        }
    }

    /// Asks it to end, waits, and kills it when it does not.
    pub async fn stop(&mut self) -> anyhow::Result<()> {
        self.terminate();
        match tokio::time::timeout(GRACE, self.child.wait()).await {
            Ok(ended) => ended.map(drop).with_context(|| format!("{} cannot be waited for", self.name)),
            Err(_) => self.kill().await,
        }
    }

    /// Starts it again with the same arguments. It must have ended.
    pub fn restart(&mut self) -> anyhow::Result<()> {
        anyhow::ensure!(
            !self.is_running(),
            "{} is still running: stop it before it is started again",
            self.name
        );
        self.child = spawn(&self.name, &self.supervisor, &self.line, &self.log)?;
        Ok(())
    }

    /// The last lines of its log.
    pub fn log_tail(&self) -> String {
        let Ok(bytes) = std::fs::read(&self.log) else {
            return "(no log)".into();
        };
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<_> = text.lines().collect();
        let tail = lines.get(lines.len().saturating_sub(TAIL)..).unwrap_or_default();
        tail.iter().map(|line| format!("    {line}\n")).collect()
    }
}

fn spawn(name: &str, supervisor: &Path, line: &Line, log: &Path) -> anyhow::Result<Child> {
    let open = || {
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(log)
            .with_context(|| format!("the log {} cannot be written", log.display()))
    };
    Command::new(supervisor)
        .args(["supervised", "--parent", &std::process::id().to_string(), "--"])
        .arg(&line.program)
        .args(&line.arguments)
        // Logs are files: no colours.
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .stdout(open()?)
        .stderr(open()?)
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("{name} cannot be started by {}", supervisor.display()))
}
