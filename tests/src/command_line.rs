//! The command line, run as people run it.

use anyhow::Context;
use khala::network::Network;
use serde_json::Value;
use std::{
    io::Write,
    process::{Command, Stdio},
};

/// How a command ended.
#[derive(Debug)]
pub struct Ran {
    /// Its exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// What it printed.
    pub out: String,
    /// What it complained about.
    pub err: String,
}

impl Ran {
    /// What a command printed that succeeded.
    pub fn done(self) -> anyhow::Result<String> {
        anyhow::ensure!(self.code == Some(0), "{}", self.err);
        Ok(self.out)
    }

    /// The JSON that a command printed that succeeded.
    pub fn json(self) -> anyhow::Result<Value> {
        let out = self.done()?;
        serde_json::from_str(&out).with_context(|| out)
    }
}

/// Runs the command line against a network; a secret, where there is one, goes in by standard input, as the key that signs.
pub fn khala(network: &Network, arguments: &[&str], secret: Option<&str>) -> anyhow::Result<Ran> {
    let mut command = Command::new(network.khala());
    command
        .args(arguments)
        .env("KHALA_URL", network.node_url())
        .env("KHALA_RELAYER", network.relayer_url());
    if secret.is_some() {
        command.args(["--key-file", "-"]);
    }
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut input = child.stdin.take().context("it has no standard input")?;
    if let Some(secret) = secret {
        // One that refuses its arguments reads nothing.
        let _ = writeln!(input, "{secret}");
    }
    drop(input);
    let output = child.wait_with_output()?;
    Ok(Ran {
        code: output.status.code(),
        out: String::from_utf8(output.stdout)?,
        err: String::from_utf8(output.stderr)?,
    })
}
