//! Keys that sign: from a file that nobody else can use, or from standard input.

use crate::failure::Failure;
use khala_client::{Account, SecretSource};
use std::path::Path;

/// The file name that means standard input.
const STDIN: &str = "-";

/// Reads a key: a secret phrase, a seed of 64 hexadecimal digits with or without `0x`, or either with a `//path`. Of standard
/// input (`-`) only the first line is read.
///
/// # Errors
/// A usage failure when the file cannot be read, when others may use it, or when it holds no secret.
pub fn load(file: &Path) -> Result<Account, Failure> {
    let source = match file.as_os_str() == STDIN {
        true => SecretSource::Stdin,
        false => SecretSource::File(file.into()),
    };
    source.load().map_err(|error| Failure::usage(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Exit;
    use std::{fs, fs::Permissions, os::unix::fs::PermissionsExt};

    #[test]
    fn a_key_file_is_read_and_one_that_others_may_use_is_a_wrong_argument() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, "//Operator\n").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        assert_eq!(load(&path).unwrap().id(), Account::from_uri("//Operator").unwrap().id());

        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        let failure = load(&path).unwrap_err();
        assert_eq!(failure.exit, Exit::Usage);
        assert!(failure.message.contains("chmod 600"), "{failure}");
    }
}
