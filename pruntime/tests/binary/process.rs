//! A pRuntime as a real process.

use std::{
    fs,
    io::Read,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Far more than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// An address with a port that the system chooses.
pub(crate) const FREE: &str = "127.0.0.1:0";

/// A process that is killed when the test ends.
pub(crate) struct Process {
    child: Child,
    pub(crate) address: String,
}

/// `pruntime` with one core.
fn command(data: &Path, listen: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pruntime"));
    command.arg("--data").arg(data).args(["--listen", listen, "--cores", "1"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

impl Process {
    /// Starts one on a free port and waits until it says where it listens.
    pub(crate) fn start(data: &Path) -> Self {
        // A killed one leaves its address behind.
        let _ = fs::remove_file(data.join("address"));
        let mut child = command(data, FREE).stderr(Stdio::null()).spawn().unwrap();
        let address = wait_for(|| {
            assert!(child.try_wait().unwrap().is_none(), "the pRuntime ended");
            let text = fs::read_to_string(data.join("address")).ok()?;
            text.strip_suffix('\n').map(str::to_string)
        });
        Self { child, address }
    }

    pub(crate) fn http(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Sends a signal and waits for the end.
    pub(crate) fn signal(mut self, signal: &str) -> ExitStatus {
        let kill = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(kill.success());
        wait_for(|| self.child.try_wait().unwrap())
    }

    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs one that is expected to end by itself: exit code and log.
pub(crate) fn run(data: &Path, listen: &str) -> (Option<i32>, String) {
    run_with(data, listen, &[])
}

/// The same with further arguments.
pub(crate) fn run_with(data: &Path, listen: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let mut child = command(data, listen).args(arguments).spawn().unwrap();
    let status = wait_for(|| child.try_wait().unwrap());
    let mut log = String::new();
    child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    (status.code(), log)
}

fn wait_for<T>(mut condition: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(value) = condition() {
            return value;
        }
        assert!(start.elapsed() < PATIENCE, "waited in vain");
        thread::sleep(Duration::from_millis(10));
    }
}
