//! The registrar's key: the only secret that a relayer holds, with a few PHA for fees.

use crate::config::{Config, KeySource};
use khala_client::{Account, AccountError};
use std::{
    io::BufRead,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

/// The environment variable with the key.
pub const KEY_VARIABLE: &str = "KHALA_REGISTRAR_KEY";

/// Why there is no key. No message repeats the secret.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read.
    #[error("cannot read the registrar's key {}: {reason}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: std::io::Error,
    },
    /// Others may read the file.
    #[error("others may read the registrar's key {} (mode {mode:04o}); make it yours alone: chmod 600 {}", path.display(), path.display())]
    Mode {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The environment variable is not set.
    #[error(
        "there is no registrar's key: set registrar.key_file or registrar.key_stdin in the configuration, or the variable {KEY_VARIABLE}"
    )]
    Missing,
    /// Standard input had no line.
    #[error("the registrar's key was to come from standard input, but there was none")]
    Stdin,
    /// The text is no secret.
    #[error("the registrar's key (from {source_name}) cannot be used: {reason}")]
    Secret {
        /// Where it came from.
        source_name: String,
        /// Why not.
        reason: AccountError,
    },
    /// The key of an operator moves stakes; a relayer must not hold it.
    #[error(
        "the registrar's key is that of the operator {operator}, which owns the stake: name a registrar with registry.set_registrar and give \
         the relayer its key, or start with --insecure-operator-key"
    )]
    OperatorKey {
        /// The operator's address.
        operator: String,
    },
}

/// Reads the key from where the configuration says. `insecure_operator_key`: it may be an operator's.
pub fn load(config: &Config, insecure_operator_key: bool) -> Result<Account, KeyError> {
    let account = match &config.registrar {
        KeySource::File(path) => account(&read_file(path)?, &path.display().to_string())?,
        KeySource::Stdin => account(&first_line(&mut std::io::stdin().lock())?, "standard input")?,
        KeySource::Environment => account(&std::env::var(KEY_VARIABLE).map_err(|_| KeyError::Missing)?, KEY_VARIABLE)?,
    };
    if !insecure_operator_key && config.workers.iter().any(|worker| worker.operator == *account.id()) {
        return Err(KeyError::OperatorKey {
            operator: account.address(),
        });
    }
    Ok(account)
}

fn read_file(path: &Path) -> Result<String, KeyError> {
    let failed = |reason| KeyError::Read { path: path.into(), reason };
    let mode = std::fs::metadata(path).map_err(failed)?.permissions().mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(KeyError::Mode { path: path.into(), mode });
    }
    std::fs::read_to_string(path).map_err(failed)
}

fn first_line(input: &mut impl BufRead) -> Result<String, KeyError> {
    let mut line = String::new();
    match input.read_line(&mut line) {
        Ok(length) if length > 0 => Ok(line),
        _ => Err(KeyError::Stdin),
    }
}

/// A secret URI, or the 64 hexadecimal digits of a seed without `0x`.
fn account(secret: &str, source_name: &str) -> Result<Account, KeyError> {
    let secret = secret.trim();
    let is_bare_seed = secret.len() == 64 && secret.bytes().all(|digit| digit.is_ascii_hexdigit());
    let account = if is_bare_seed {
        Account::from_uri(&format!("0x{secret}"))
    } else {
        Account::from_uri(secret)
    };
    account.map_err(|reason| KeyError::Secret {
        source_name: source_name.into(),
        reason,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::WorkerConfig;
    use std::fs::Permissions;

    fn config(registrar: KeySource, operator: &str) -> Config {
        let operator = Account::from_uri(operator).unwrap().id().clone();
        let worker = WorkerConfig {
            name: "a".into(),
            endpoint: "http://a".into(),
            operator,
            pool: None,
            replaces: None,
        };
        Config {
            nodes: vec![],
            listen: ([127, 0, 0, 1], 0).into(),
            state: PathBuf::new(),
            collateral: Default::default(),
            registrar,
            workers: vec![worker],
        }
    }

    fn key_file(content: &str, mode: u32) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        (folder, path)
    }

    #[test]
    fn a_file_of_mode_0600_or_less_is_taken() {
        for mode in [0o600, 0o400] {
            let (_folder, path) = key_file("//Registrar\n", mode);
            let account = load(&config(KeySource::File(path), "//Operator"), false).unwrap();
            assert_eq!(account.id(), Account::from_uri("//Registrar").unwrap().id());
        }
    }

    #[test]
    fn a_file_that_others_may_read_is_refused() {
        for mode in [0o640, 0o604, 0o644, 0o610, 0o601] {
            let (_folder, path) = key_file("//Registrar", mode);
            let error = load(&config(KeySource::File(path), "//Operator"), false).unwrap_err();
            assert!(matches!(error, KeyError::Mode { mode: found, .. } if found == mode), "{error}");
            assert!(error.to_string().contains("chmod 600"));
        }
    }

    #[test]
    fn a_missing_file_and_a_text_that_is_no_secret_are_named_but_not_shown() {
        let error = load(&config(KeySource::File("/absent".into()), "//Operator"), false).unwrap_err();
        assert!(matches!(error, KeyError::Read { .. }) && error.to_string().contains("/absent"));
        let (_folder, path) = key_file("my secret words", 0o600);
        let error = load(&config(KeySource::File(path.clone()), "//Operator"), false).unwrap_err();
        assert!(
            error.to_string().contains(path.to_str().unwrap()) && !error.to_string().contains("words"),
            "{error}"
        );
    }

    #[test]
    fn an_operators_own_key_is_refused_unless_told() {
        let (_folder, path) = key_file("//Operator", 0o600);
        let config = config(KeySource::File(path), "//Operator");
        assert!(matches!(load(&config, false).unwrap_err(), KeyError::OperatorKey { .. }));
        assert!(load(&config, true).is_ok());
    }

    #[test]
    fn a_seed_may_come_with_or_without_0x() {
        let seed = "e5be9a5092b81bca64be81d212e7f2f9eba183bb7a90954f7b76361f6edb5c0a";
        let accounts = [seed.to_owned(), format!("0x{seed}")].map(|text| account(&text, "x").unwrap().address());
        assert_eq!(accounts[0], accounts[1]);
    }

    #[test]
    fn standard_input_gives_its_first_line_or_says_that_there_is_none() {
        assert_eq!(first_line(&mut &b"//Registrar\nmore"[..]).unwrap().trim(), "//Registrar");
        assert!(matches!(first_line(&mut &b""[..]), Err(KeyError::Stdin)));
    }
}
