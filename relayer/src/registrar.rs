//! The registrar's key: the only secret that a relayer holds, with a few PHA for fees.

use crate::config::Config;
use khala_client::{Account, SecretError};

/// The environment variable with the key.
pub const KEY_VARIABLE: &str = "KHALA_REGISTRAR_KEY";

/// Why there is no key. No message repeats the secret.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The environment variable is not set, and the configuration names nothing else.
    #[error(
        "there is no registrar's key: set registrar.key_file or registrar.key_stdin in the configuration, or the variable {KEY_VARIABLE}"
    )]
    Missing,
    /// It cannot be read.
    #[error("registrar: {0}")]
    Secret(SecretError),
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
    let account = config.registrar.load().map_err(|error| match error {
        SecretError::Unset { .. } => KeyError::Missing,
        error => KeyError::Secret(error),
    })?;
    if !insecure_operator_key && config.workers.iter().any(|worker| worker.operator == *account.id()) {
        return Err(KeyError::OperatorKey {
            operator: account.address(),
        });
    }
    Ok(account)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::WorkerConfig;
    use khala_client::SecretSource;
    use std::{fs::Permissions, os::unix::fs::PermissionsExt, path::PathBuf};

    fn config(registrar: SecretSource, operator: &str) -> Config {
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
    fn a_file_that_others_may_use_is_refused_and_named_as_the_registrars() {
        let (_folder, path) = key_file("//Registrar", 0o644);
        let error = load(&config(SecretSource::File(path), "//Operator"), false).unwrap_err();
        assert!(matches!(error, KeyError::Secret(SecretError::Mode { mode: 0o644, .. })), "{error}");
        assert!(error.to_string().starts_with("registrar: "), "{error}");
    }

    #[test]
    fn the_message_about_a_variable_that_is_not_set_names_every_way() {
        let error = load(&config(SecretSource::Variable(KEY_VARIABLE), "//Operator"), false).unwrap_err();
        assert!(matches!(error, KeyError::Missing), "{error}");
        for way in ["key_file", "key_stdin", KEY_VARIABLE] {
            assert!(error.to_string().contains(way), "{error}");
        }
    }

    #[test]
    fn an_operators_own_key_is_refused_unless_told() {
        let (_folder, path) = key_file("//Operator", 0o600);
        let config = config(SecretSource::File(path), "//Operator");
        assert!(matches!(load(&config, false).unwrap_err(), KeyError::OperatorKey { .. }));
        assert!(load(&config, true).is_ok());
    }
}
