//! The configuration file.
//!
//! ```toml
//! nodes = ["ws://127.0.0.1:9944", "wss://rpc.example.org"]   # the first that answers is used
//! listen = "127.0.0.1:9955"                                  # metrics, health, JSON-RPC
//! state = "relayer.state.json"                               # optional: the workers' last keys; made by the relayer
//!
//! [collateral]
//! sources = [                                                # asked in this order
//!     { pccs = "https://pccs.example.org/sgx/certification/v4/" },
//!     { pcs = "https://api.trustedservices.intel.com/sgx/certification/v4/" },
//!     { folder = "collateral" },                             # QuoteCollateralV3 JSON files
//! ]
//! every_secs = 43200                                         # optional: sources are asked for newer this often
//! last_share_percent = 25                                    # optional: replaced when so little of the validity is left
//!
//! [registrar]
//! key_file = "registrar.key"                                 # mode 0600; or key_stdin = true; or KHALA_REGISTRAR_KEY
//!
//! [[worker]]
//! name = "rack-1"
//! endpoint = "http://127.0.0.1:8001"
//! operator = "42cbyRsYTpC4XyZUcnPyPYzBTYzJQQ7tzqdUEaGNkjDhkqkH"
//! pool = 0                                                   # optional
//! replaces = "0x..."                                         # optional: a lost key, whose place its new key takes
//! ```
//!
//! Paths are relative to the file. An error names the file, the line and the key.

use crate::{
    core::{collateral::Settings, WorkerConfig},
    registrar::KEY_VARIABLE,
};
use khala_client::SecretSource;
use khala_primitives::{AccountId32, PoolId, WorkerPublicKey};
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

/// What the addresses of services end with.
const API_PATH: &str = "sgx/certification/v4";
/// Intel's API has no root CRL; its certificates name this address.
const INTEL_ROOT_CRL: &str = "https://certificates.trustedservices.intel.com/IntelSGXRootCA.der";

/// What the site wants.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// WebSocket addresses of nodes; the first that answers is used.
    pub nodes: Vec<String>,
    /// Where metrics, health and JSON-RPC are served.
    pub listen: SocketAddr,
    /// Where the workers' last keys are kept.
    pub state: PathBuf,
    /// Where collateral comes from, and when.
    pub collateral: CollateralConfig,
    /// Where the registrar's key comes from; by default from the environment variable [`KEY_VARIABLE`].
    pub registrar: SecretSource,
    /// The workers.
    pub workers: Vec<WorkerConfig>,
}

/// Where collateral comes from, and when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CollateralConfig {
    /// The sources, in the order in which they are asked.
    pub sources: Vec<SourceConfig>,
    /// They are asked for newer documents this often, in seconds.
    pub every_secs: u64,
    /// A document is replaced once no more is left of its validity than this share, in percent.
    pub last_share_percent: u64,
}

impl Default for CollateralConfig {
    /// No source; every twelve hours, in the last quarter.
    fn default() -> Self {
        let Settings {
            every_secs,
            last_share_percent,
            ..
        } = Settings::default();
        Self {
            sources: Vec::new(),
            every_secs,
            last_share_percent,
        }
    }
}

/// A source of collateral.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SourceConfig {
    /// A service that speaks Intel's API.
    Service {
        /// Everything before `sgx/certification/v4/`, with a slash at its end.
        base: String,
        /// Where the root CRL is.
        root_crl: String,
    },
    /// A folder with files.
    Folder(PathBuf),
}

impl std::fmt::Display for SourceConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Service { base, .. } => f.write_str(base),
            Self::Folder(path) => write!(f, "{}", path.display()),
        }
    }
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
    state: Option<PathBuf>,
    #[serde(default)]
    collateral: Option<RawCollateral>,
    #[serde(default)]
    registrar: Option<Spanned<RawRegistrar>>,
    #[serde(default, rename = "worker")]
    workers: Vec<RawWorker>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCollateral {
    sources: Vec<Spanned<RawSource>>,
    every_secs: Option<Spanned<u64>>,
    last_share_percent: Option<Spanned<u64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSource {
    pccs: Option<String>,
    pcs: Option<String>,
    root_crl: Option<String>,
    folder: Option<PathBuf>,
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
    replaces: Option<Spanned<String>>,
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
            state: raw
                .state
                .map_or_else(|| path.with_extension("state.json"), |state| folder.join(state)),
            collateral: reader.collateral(raw.collateral, folder)?,
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

    fn collateral(&self, raw: Option<RawCollateral>, folder: &Path) -> Result<CollateralConfig, ConfigError> {
        let default = CollateralConfig::default();
        let Some(raw) = raw else { return Ok(default) };
        let sources = raw.sources.iter().map(|source| self.source(source, folder));
        let every = raw.every_secs.as_ref();
        if let Some(every) = every.filter(|every| *every.get_ref() == 0) {
            return Err(self.wrong(every, "collateral.every_secs", "is 0; at least 1 second must be between two looks"));
        }
        let share = raw.last_share_percent.as_ref();
        if let Some(share) = share.filter(|share| !(1..=90).contains(share.get_ref())) {
            return Err(self.wrong(
                share,
                "collateral.last_share_percent",
                format!("is {}; expected 1 to 90", share.get_ref()),
            ));
        }
        Ok(CollateralConfig {
            sources: sources.collect::<Result<_, _>>()?,
            every_secs: every.map_or(default.every_secs, |every| *every.get_ref()),
            last_share_percent: share.map_or(default.last_share_percent, |share| *share.get_ref()),
        })
    }

    fn source(&self, source: &Spanned<RawSource>, folder: &Path) -> Result<SourceConfig, ConfigError> {
        let key = "collateral.sources";
        let RawSource {
            pccs,
            pcs,
            root_crl,
            folder: files,
        } = source.get_ref();
        let (url, default_root_crl) = match (pccs, pcs, files, root_crl) {
            (Some(url), None, None, _) => (url, None),
            (None, Some(url), None, _) => (url, Some(INTEL_ROOT_CRL)),
            (None, None, Some(files), None) => return Ok(SourceConfig::Folder(folder.join(files))),
            _ => {
                let problem = "has an entry that is not one of { pccs = \"URL\" }, { pcs = \"URL\" } and { folder = \"PATH\" }; \
                    the first two may have root_crl = \"URL\", too";
                return Err(self.wrong(source, key, problem));
            }
        };
        let is_http = |url: &str| url.starts_with("http://") || url.starts_with("https://");
        let base = url
            .strip_suffix('/')
            .unwrap_or(url)
            .strip_suffix(API_PATH)
            .filter(|base| is_http(base));
        let Some(base) = base else {
            let problem = format!("has {url:?}; expected an address such as \"https://pccs.example.org/{API_PATH}/\"");
            return Err(self.wrong(source, key, problem));
        };
        let root_crl = match (root_crl, default_root_crl) {
            (Some(url), _) if !is_http(url) => {
                return Err(self.wrong(
                    source,
                    key,
                    format!("has the root_crl {url:?}; expected an address that begins with https://"),
                ))
            }
            (Some(url), _) => url.clone(),
            (None, Some(url)) => url.into(),
            (None, None) => format!("{base}{API_PATH}/rootcacrl"),
        };
        Ok(SourceConfig::Service {
            base: base.into(),
            root_crl,
        })
    }

    fn registrar(&self, registrar: Option<Spanned<RawRegistrar>>, folder: &Path) -> Result<SecretSource, ConfigError> {
        let Some(spanned) = registrar else {
            return Ok(SecretSource::Variable(KEY_VARIABLE));
        };
        match (&spanned.get_ref().key_file, spanned.get_ref().key_stdin) {
            (Some(_), true) => Err(self.wrong(&spanned, "registrar", "has both key_file and key_stdin; choose one")),
            (Some(file), false) => Ok(SecretSource::File(folder.join(file))),
            (None, true) => Ok(SecretSource::Stdin),
            (None, false) => Ok(SecretSource::Variable(KEY_VARIABLE)),
        }
    }

    fn workers(&self, raw: Vec<RawWorker>) -> Result<Vec<WorkerConfig>, ConfigError> {
        let (mut names, mut endpoints, mut replaced) = (HashSet::new(), HashSet::new(), HashSet::new());
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
            let replaces = worker.replaces.as_ref().map(|key| self.replaces(key, &mut replaced)).transpose()?;
            workers.push(WorkerConfig {
                name: name.clone(),
                endpoint: endpoint.clone(),
                operator,
                pool: worker.pool,
                replaces,
            });
        }
        Ok(workers)
    }

    fn replaces(&self, key: &Spanned<String>, replaced: &mut HashSet<WorkerPublicKey>) -> Result<WorkerPublicKey, ConfigError> {
        let wrong = |problem: String| self.wrong(key, "worker.replaces", problem);
        let parsed = key.get_ref().parse::<WorkerPublicKey>();
        let parsed = parsed.map_err(|_| {
            wrong(format!(
                "is {:?}; expected a worker's key, 0x and 64 hexadecimal digits",
                key.get_ref()
            ))
        })?;
        if !replaced.insert(parsed) {
            return Err(wrong(format!("{:?} is used twice", key.get_ref())));
        }
        Ok(parsed)
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
            "nodes = [\"ws://127.0.0.1:9944\", \"wss://b\"]\nlisten = \"127.0.0.1:0\"\n\n[registrar]\nkey_file = \"r.key\"\n\
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
        assert_eq!(config.collateral, CollateralConfig::default());
        assert_eq!(config.registrar, SecretSource::File("/etc/khala/r.key".into()));
        assert_eq!((config.workers[0].pool, config.workers[1].pool), (Some(3), None));
        assert_eq!(config.workers[0].operator, AccountId32::from_ss58check(ALICE).unwrap());
    }

    #[test]
    fn the_state_is_beside_the_configuration_unless_told() {
        assert_eq!(parse(&good()).unwrap().state, Path::new("/etc/khala/relayer.state.json"));
        let told = |state: &str| parse(&format!("state = \"{state}\"\n{}", good())).unwrap().state;
        assert_eq!(told("keys.json"), Path::new("/etc/khala/keys.json"));
        assert_eq!(told("/var/lib/khala/keys.json"), Path::new("/var/lib/khala/keys.json"));
    }

    #[test]
    fn a_lost_key_may_be_named() {
        let key = format!("0x{}", "07".repeat(32));
        let text = good().replace("pool = 3", &format!("replaces = \"{key}\""));
        let workers = parse(&text).unwrap().workers;
        assert_eq!((workers[0].replaces, workers[1].replaces), (Some(WorkerPublicKey([7; 32])), None));
        let twice = parse(&format!("{text}replaces = \"{key}\"\n")).unwrap_err().to_string();
        assert!(
            twice.contains("line 15: worker.replaces") && twice.contains("is used twice"),
            "{twice}"
        );
    }

    fn collateral(section: &str) -> Result<CollateralConfig, ConfigError> {
        parse(&format!("{}\n[collateral]\n{section}", good())).map(|config| config.collateral)
    }

    #[test]
    fn sources_are_read_in_their_order_and_intels_root_crl_has_its_own_address() {
        let config = collateral(
            "sources = [{ pccs = \"http://a:1/sgx/certification/v4/\" }, { pcs = \"https://b/sgx/certification/v4\" }, \
             { pccs = \"http://c/x/sgx/certification/v4/\", root_crl = \"http://d\" }, { folder = \"e\" }]\nevery_secs = 5\nlast_share_percent = 90",
        )
        .unwrap();
        let service = |base: &str, root_crl: &str| SourceConfig::Service {
            base: base.into(),
            root_crl: root_crl.into(),
        };
        let expected = [
            service("http://a:1/", "http://a:1/sgx/certification/v4/rootcacrl"),
            service("https://b/", INTEL_ROOT_CRL),
            service("http://c/x/", "http://d"),
            SourceConfig::Folder("/etc/khala/e".into()),
        ];
        assert_eq!(
            (&config.sources[..], config.every_secs, config.last_share_percent),
            (&expected[..], 5, 90)
        );
        let config = collateral("sources = []").unwrap();
        assert_eq!(config, CollateralConfig::default());
        assert_eq!((config.every_secs, config.last_share_percent), (43_200, 25));
    }

    #[test]
    fn a_source_that_cannot_be_is_named_with_its_line() {
        for (section, expected) in [
            ("sources = [{ }]", "line 17: collateral.sources has an entry that is not one of"),
            ("sources = [{ folder = \"a\", pcs = \"b\" }]", "has an entry that is not one of"),
            (
                "sources = [{ folder = \"a\", root_crl = \"b\" }]",
                "has an entry that is not one of",
            ),
            (
                "sources = [\n{ pccs = \"http://a/\" }]",
                "line 18: collateral.sources has \"http://a/\"",
            ),
            (
                "sources = [{ pccs = \"ftp://a/sgx/certification/v4/\" }]",
                "expected an address such as",
            ),
            (
                "sources = [{ pcs = \"http://a/sgx/certification/v4/\", root_crl = \"b\" }]",
                "root_crl \"b\"",
            ),
            ("sources = []\nevery_secs = 0", "collateral.every_secs is 0"),
            ("sources = []\nlast_share_percent = 0", "collateral.last_share_percent is 0"),
            ("sources = []\nlast_share_percent = 91", "collateral.last_share_percent is 91"),
            ("sources = [{ pccz = \"a\" }]", "pccz"),
        ] {
            let error = collateral(section).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn the_key_comes_from_where_the_file_says_and_else_from_the_environment() {
        let source = |to: &str| parse(&good().replace("[registrar]\nkey_file = \"r.key\"\n", to)).unwrap().registrar;
        assert_eq!(source("[registrar]\nkey_stdin = true\n"), SecretSource::Stdin);
        assert_eq!(source("[registrar]\n"), SecretSource::Variable(KEY_VARIABLE));
        assert_eq!(source(""), SecretSource::Variable(KEY_VARIABLE));
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
            ("pool = 3", "replaces = \"0x07\"", "line 10: worker.replaces is \"0x07\""),
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
