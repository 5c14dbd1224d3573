//! The configuration file.
//!
//! ```toml
//! nodes = ["ws://127.0.0.1:9944", "wss://rpc.example.org"]   # the first that answers is used
//! listen = "127.0.0.1:9955"                                  # metrics, health, JSON-RPC
//! collateral_dir = "collateral"                              # QuoteCollateralV3 JSON files
//!
//! [registrar]
//! key_file = "registrar.key"                                 # mode 0600; or key_stdin = true; or KHALA_REGISTRAR_KEY
//!
//! [[worker]]
//! name = "rack-1"
//! endpoint = "http://127.0.0.1:8001"
//! operator = "42cbyRsYTpC4XyZUcnPyPYzBTYzJQQ7tzqdUEaGNkjDhkqkH"
//! pool = 0                                                   # optional
//! ```
//!
//! Paths are relative to the file. An error names the file, the line and the key.

use crate::core::WorkerConfig;
use khala_primitives::{AccountId32, PoolId};
use serde::Deserialize;
use sp_core::crypto::Ss58Codec;
use std::{
    collections::HashSet,
    net::SocketAddr,
    path::{Path, PathBuf},
};
use toml::Spanned;

/// Longest configuration file, in bytes: a worker takes about 200.
const MAX_FILE: u64 = 16 << 20;

/// What the site wants.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// WebSocket addresses of nodes; the first that answers is used.
    pub nodes: Vec<String>,
    /// Where metrics, health and JSON-RPC are served.
    pub listen: SocketAddr,
    /// The folder with collateral files.
    pub collateral_dir: PathBuf,
    /// Where the registrar's key comes from.
    pub registrar: KeySource,
    /// The workers.
    pub workers: Vec<WorkerConfig>,
}

/// Where the registrar's key comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum KeySource {
    /// A file that nobody else may read.
    File(PathBuf),
    /// The first line of standard input.
    Stdin,
    /// The environment variable [`crate::registrar::KEY_VARIABLE`].
    Environment,
}

/// Why a configuration is refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration {}: {reason}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The file is no TOML, or has a wrong key or type; the message shows the line.
    #[error("the configuration {} is wrong: {message}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Line, column, key and what is expected.
        message: String,
    },
    /// A value cannot be used.
    #[error("the configuration {} is wrong in line {line}: {key} {problem}", path.display())]
    Value {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The key.
        key: String,
        /// What is wrong with its value, and what is expected.
        problem: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawConfig {
    nodes: Spanned<Vec<Spanned<String>>>,
    listen: Spanned<String>,
    collateral_dir: PathBuf,
    #[serde(default)]
    registrar: Option<Spanned<RawRegistrar>>,
    #[serde(default, rename = "worker")]
    workers: Vec<RawWorker>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRegistrar {
    key_file: Option<PathBuf>,
    #[serde(default)]
    key_stdin: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWorker {
    name: Spanned<String>,
    endpoint: Spanned<String>,
    operator: Spanned<String>,
    pool: Option<PoolId>,
}

impl Config {
    /// Reads a file.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let failed = |reason: String| ConfigError::Read { path: path.into(), reason };
        let length = std::fs::metadata(path).map_err(|error| failed(error.to_string()))?.len();
        if length > MAX_FILE {
            return Err(failed(format!("it has {length} bytes, more than {MAX_FILE}")));
        }
        let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
        Self::parse(&text, path)
    }

    /// Reads a text; `path` is for errors and for relative paths.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let raw: RawConfig = toml::from_str(text).map_err(|error| ConfigError::Syntax {
            path: path.into(),
            message: error.to_string().trim_end().into(),
        })?;
        let reader = Reader { text, path };
        let folder = path.parent().unwrap_or_else(|| Path::new("."));
        Ok(Self {
            nodes: reader.nodes(&raw.nodes)?,
            listen: reader.listen(&raw.listen)?,
            collateral_dir: folder.join(raw.collateral_dir),
            registrar: reader.registrar(raw.registrar, folder)?,
            workers: reader.workers(raw.workers)?,
        })
    }
}

/// Checks values, and knows in which line they stand.
struct Reader<'a> {
    text: &'a str,
    path: &'a Path,
}

impl Reader<'_> {
    fn wrong<T>(&self, at: &Spanned<T>, key: &str, problem: impl Into<String>) -> ConfigError {
        let before = self.text.get(..at.span().start).unwrap_or_default();
        let line = before.matches('\n').count().saturating_add(1);
        ConfigError::Value {
            path: self.path.into(),
            line,
            key: key.into(),
            problem: problem.into(),
        }
    }

    fn nodes(&self, nodes: &Spanned<Vec<Spanned<String>>>) -> Result<Vec<String>, ConfigError> {
        if nodes.get_ref().is_empty() {
            return Err(self.wrong(
                nodes,
                "nodes",
                "is empty; at least one node is needed, for example \"ws://127.0.0.1:9944\"",
            ));
        }
        let is_websocket = |url: &str| url.starts_with("ws://") || url.starts_with("wss://");
        match nodes.get_ref().iter().find(|url| !is_websocket(url.get_ref())) {
            Some(url) => Err(self.wrong(
                url,
                "nodes",
                format!("has {:?}; a node's address begins with ws:// or wss://", url.get_ref()),
            )),
            None => Ok(nodes.get_ref().iter().map(|url| url.get_ref().clone()).collect()),
        }
    }

    fn listen(&self, listen: &Spanned<String>) -> Result<SocketAddr, ConfigError> {
        let problem = || {
            format!(
                "is {:?}; expected an address and a port, for example \"127.0.0.1:9955\"",
                listen.get_ref()
            )
        };
        listen.get_ref().parse().map_err(|_| self.wrong(listen, "listen", problem()))
    }

    fn registrar(&self, registrar: Option<Spanned<RawRegistrar>>, folder: &Path) -> Result<KeySource, ConfigError> {
        let Some(spanned) = registrar else {
            return Ok(KeySource::Environment);
        };
        match (&spanned.get_ref().key_file, spanned.get_ref().key_stdin) {
            (Some(_), true) => Err(self.wrong(&spanned, "registrar", "has both key_file and key_stdin; choose one")),
            (Some(file), false) => Ok(KeySource::File(folder.join(file))),
            (None, true) => Ok(KeySource::Stdin),
            (None, false) => Ok(KeySource::Environment),
        }
    }

    fn workers(&self, raw: Vec<RawWorker>) -> Result<Vec<WorkerConfig>, ConfigError> {
        let (mut names, mut endpoints) = (HashSet::new(), HashSet::new());
        let mut workers = Vec::new();
        for worker in raw {
            let (name, endpoint) = (worker.name.get_ref(), worker.endpoint.get_ref());
            if name.is_empty() || name.len() > 64 {
                return Err(self.wrong(&worker.name, "worker.name", "must have 1 to 64 characters"));
            }
            if !names.insert(name.clone()) {
                return Err(self.wrong(&worker.name, "worker.name", format!("{name:?} is used twice")));
            }
            if !(endpoint.starts_with("http://") || endpoint.starts_with("https://")) {
                return Err(self.wrong(
                    &worker.endpoint,
                    "worker.endpoint",
                    format!("is {endpoint:?}; a pRuntime's address begins with http://"),
                ));
            }
            if !endpoints.insert(endpoint.clone()) {
                return Err(self.wrong(&worker.endpoint, "worker.endpoint", format!("{endpoint:?} is used twice")));
            }
            let operator = self.operator(&worker.operator)?;
            workers.push(WorkerConfig {
                name: name.clone(),
                endpoint: endpoint.clone(),
                operator,
                pool: worker.pool,
            });
        }
        Ok(workers)
    }

    fn operator(&self, operator: &Spanned<String>) -> Result<AccountId32, ConfigError> {
        let problem = || format!("is {:?}; expected an account's address in SS58", operator.get_ref());
        AccountId32::from_ss58check(operator.get_ref()).map_err(|_| self.wrong(operator, "worker.operator", problem()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";

    fn good() -> String {
        format!(
            "nodes = [\"ws://127.0.0.1:9944\", \"wss://b\"]\nlisten = \"127.0.0.1:0\"\ncollateral_dir = \"c\"\n[registrar]\nkey_file = \"r.key\"\n\
             [[worker]]\nname = \"a\"\nendpoint = \"http://127.0.0.1:1\"\noperator = \"{ALICE}\"\npool = 3\n\
             [[worker]]\nname = \"b\"\nendpoint = \"http://127.0.0.1:2\"\noperator = \"{ALICE}\"\n"
        )
    }

    fn parse(text: &str) -> Result<Config, ConfigError> {
        Config::parse(text, Path::new("/etc/khala/relayer.toml"))
    }

    /// The error of `good()` with a piece replaced.
    fn error(from: &str, to: &str) -> String {
        let text = good().replacen(from, to, 1);
        assert_ne!(text, good(), "{from} is in the text");
        parse(&text).unwrap_err().to_string()
    }

    #[test]
    fn a_good_file_is_read_with_paths_beside_it() {
        let config = parse(&good()).unwrap();
        assert_eq!(config.nodes.len(), 2);
        assert_eq!(config.collateral_dir, Path::new("/etc/khala/c"));
        assert_eq!(config.registrar, KeySource::File("/etc/khala/r.key".into()));
        assert_eq!((config.workers[0].pool, config.workers[1].pool), (Some(3), None));
        assert_eq!(config.workers[0].operator, AccountId32::from_ss58check(ALICE).unwrap());
    }

    #[test]
    fn the_key_comes_from_where_the_file_says_and_else_from_the_environment() {
        let source = |to: &str| parse(&good().replace("[registrar]\nkey_file = \"r.key\"\n", to)).unwrap().registrar;
        assert_eq!(source("[registrar]\nkey_stdin = true\n"), KeySource::Stdin);
        assert_eq!(source("[registrar]\n"), KeySource::Environment);
        assert_eq!(source(""), KeySource::Environment);
        assert!(error("key_file = \"r.key\"", "key_file = \"r.key\"\nkey_stdin = true").contains("line 4: registrar has both"));
    }

    #[test]
    fn a_wrong_value_is_named_with_its_line_and_key() {
        for (from, to, expected) in [
            ("ws://127", "http://127", "line 1: nodes has \"http://127.0.0.1:9944\""),
            ("[\"ws://127.0.0.1:9944\", \"wss://b\"]", "[]", "line 1: nodes is empty"),
            ("127.0.0.1:0", "localhost", "line 2: listen is \"localhost\""),
            ("name = \"a\"", "name = \"\"", "line 7: worker.name must have"),
            ("name = \"b\"", "name = \"a\"", "line 12: worker.name \"a\" is used twice"),
            ("http://127.0.0.1:1", "127.0.0.1:1", "line 8: worker.endpoint is \"127.0.0.1:1\""),
            ("http://127.0.0.1:2", "http://127.0.0.1:1", "line 13: worker.endpoint"),
            (ALICE, "5Grw", "line 9: worker.operator is \"5Grw\""),
        ] {
            let error = error(from, to);
            assert!(error.contains("/etc/khala/relayer.toml") && error.contains(expected), "{error}");
        }
    }

    #[test]
    fn a_wrong_shape_is_shown_with_its_line() {
        for (from, to, expected) in [
            ("pool = 3", "pool = \"x\"", "line 10"),
            ("pool = 3", "pol = 3", "pol"),
            ("listen = \"127.0.0.1:0\"\n", "", "listen"),
            ("[registrar]", "[registrar", "line 4"),
        ] {
            let error = error(from, to);
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn a_file_that_is_not_there_or_too_long_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let error = Config::load(&folder.path().join("absent.toml")).unwrap_err().to_string();
        assert!(error.contains("absent.toml") && error.contains("cannot read"), "{error}");
        let long = folder.path().join("long.toml");
        std::fs::File::create(&long).unwrap().set_len(MAX_FILE + 1).unwrap();
        assert!(Config::load(&long).unwrap_err().to_string().contains("bytes, more than"));
    }
}
