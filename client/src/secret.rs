//! Reading an account's secret: from a file that nobody else can use, from an environment variable, or from standard input. No
//! message repeats a secret.

use crate::{Account, AccountError};
use std::{
    env,
    fmt::{self, Display, Formatter},
    fs::File,
    io::{self, BufRead, Read},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

/// Longest secret, in bytes: a phrase with a long path and a password has less.
pub const MAX_SECRET: u64 = 4096;

/// Where a secret comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SecretSource {
    /// A file that nobody but its owner may use.
    File(PathBuf),
    /// The first line of standard input.
    Stdin,
    /// An environment variable.
    Variable(&'static str),
}

impl Display for SecretSource {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Stdin => f.write_str("standard input"),
            Self::Variable(name) => f.write_str(name),
        }
    }
}

/// Why there is no secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// It cannot be read.
    #[error("the key from {source_name} cannot be read: {reason}")]
    Read {
        /// Where it was to come from.
        source_name: SecretSource,
        /// Why.
        reason: io::Error,
    },
    /// Others may use the file.
    #[error("others may use the key file {} (mode {mode:04o}); make it yours alone: chmod 600 {}", path.display(), path.display())]
    Mode {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// It is longer than [`MAX_SECRET`].
    #[error("the key from {source_name} has more than {MAX_SECRET} bytes: it is no key")]
    TooLong {
        /// Where it came from.
        source_name: SecretSource,
    },
    /// Standard input had no line.
    #[error("the key was to come from standard input, but there was none; give it in one line, or name a file")]
    NoLine,
    /// The environment variable is not set, or is no text.
    #[error("there is no key in the environment variable {name}")]
    Unset {
        /// The variable.
        name: &'static str,
    },
    /// The text is no secret.
    #[error("the key from {source_name} cannot be used: {reason}")]
    Unusable {
        /// Where it came from.
        source_name: SecretSource,
        /// Why not.
        reason: AccountError,
    },
}

impl SecretSource {
    /// Reads the secret: as [`Account::from_uri`] does, or the 64 hexadecimal digits of a seed without `0x`.
    ///
    /// # Errors
    /// [`SecretError`].
    pub fn load(&self) -> Result<Account, SecretError> {
        match self {
            Self::File(path) => self.account(&self.text(open(path)?)?),
            Self::Stdin => self.first_line(io::stdin().lock()),
            Self::Variable(name) => self.account(&env::var(name).map_err(|_| SecretError::Unset { name })?),
        }
    }

    fn first_line(&self, input: impl BufRead) -> Result<Account, SecretError> {
        let mut line = Vec::new();
        let most = MAX_SECRET.saturating_add(1);
        let length = input
            .take(most)
            .read_until(b'\n', &mut line)
            .map_err(|reason| self.unread(reason))?;
        if length == 0 {
            return Err(SecretError::NoLine);
        }
        self.account(&self.text(line.as_slice())?)
    }

    /// All of it, if it is no longer than a secret.
    fn text(&self, input: impl Read) -> Result<String, SecretError> {
        let mut secret = String::new();
        let most = MAX_SECRET.saturating_add(1);
        let length = input.take(most).read_to_string(&mut secret).map_err(|reason| self.unread(reason))?;
        if length as u64 > MAX_SECRET {
            return Err(SecretError::TooLong { source_name: self.clone() });
        }
        Ok(secret)
    }

    fn account(&self, secret: &str) -> Result<Account, SecretError> {
        let secret = secret.trim();
        let is_bare_seed = secret.len() == 64 && secret.bytes().all(|digit| digit.is_ascii_hexdigit());
        let account = match is_bare_seed {
            true => Account::from_uri(&format!("0x{secret}")),
            false => Account::from_uri(secret),
        };
        account.map_err(|reason| SecretError::Unusable {
            source_name: self.clone(),
            reason,
        })
    }

    fn unread(&self, reason: io::Error) -> SecretError {
        SecretError::Read {
            source_name: self.clone(),
            reason,
        }
    }
}

fn open(path: &Path) -> Result<File, SecretError> {
    let failed = |reason| SecretSource::File(path.into()).unread(reason);
    // Of the file that is open, so that it cannot be another one when it is read.
    let file = File::open(path).map_err(failed)?;
    let mode = file.metadata().map_err(failed)?.permissions().mode() & 0o7777;
    match mode & 0o077 {
        0 => Ok(file),
        _ => Err(SecretError::Mode { path: path.into(), mode }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, fs::Permissions};
    use tempfile::TempDir;

    const SEED: &str = "e5be9a5092b81bca64be81d212e7f2f9eba183bb7a90954f7b76361f6edb5c0a";

    fn key_file(content: impl AsRef<[u8]>, mode: u32) -> (TempDir, SecretSource) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        (folder, SecretSource::File(path))
    }

    fn address(secret: &str) -> String {
        Account::from_uri(secret).unwrap().address()
    }

    #[test]
    fn a_file_that_only_its_owner_can_use_is_taken() {
        for mode in [0o600, 0o400] {
            let (_folder, file) = key_file("//Operator\n", mode);
            assert_eq!(file.load().unwrap().address(), address("//Operator"));
        }
    }

    #[test]
    fn a_file_that_others_may_use_is_refused_with_what_to_do() {
        for mode in [0o640, 0o604, 0o644, 0o610, 0o601, 0o620, 0o602] {
            let (_folder, file) = key_file("//Operator", mode);
            let error = file.load().unwrap_err();
            assert!(matches!(error, SecretError::Mode { mode: found, .. } if found == mode), "{error}");
            assert!(error.to_string().contains(&format!("mode {mode:04o}")), "{error}");
            assert!(error.to_string().contains(&format!("chmod 600 {file}")), "{error}");
        }
    }

    #[test]
    fn what_is_no_secret_is_named_but_never_shown() {
        for secret in ["my secret words", "", " \n", "0x1234", "secret!!"] {
            let (_folder, file) = key_file(secret, 0o600);
            let error = file.load().unwrap_err();
            assert!(matches!(error, SecretError::Unusable { .. }), "{error}");
            let message = error.to_string();
            assert!(message.contains(&file.to_string()), "{message}");
            assert!(!message.contains("words") && !message.contains("1234"), "{message}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let absent = SecretSource::File("/absent/key".into());
        let (_folder, no_text) = key_file([0xff, b'k', b'e', b'y'], 0o600);
        for file in [absent, no_text] {
            let error = file.load().unwrap_err();
            assert!(matches!(error, SecretError::Read { .. }), "{error}");
            assert!(error.to_string().contains(&file.to_string()), "{error}");
        }
    }

    #[test]
    fn a_secret_is_read_up_to_its_longest_and_never_in_part() {
        let most = usize::try_from(MAX_SECRET).unwrap();
        for (length, good) in [(most - 1, true), (most, true), (most + 1, false), (2 * most, false)] {
            let secret = format!("{:<length$}", "//Operator");
            let (_folder, file) = key_file(&secret, 0o600);
            for read in [file.load(), SecretSource::Stdin.first_line(secret.as_bytes())] {
                match read {
                    Ok(account) => assert!(good && account.address() == address("//Operator"), "{length}"),
                    Err(error) => assert!(!good && matches!(error, SecretError::TooLong { .. }), "{length}: {error}"),
                }
            }
        }
    }

    #[test]
    fn a_seed_may_come_with_or_without_0x() {
        let expected = address(&format!("0x{SEED}"));
        for secret in [SEED.to_owned(), format!("0x{SEED}"), SEED.to_uppercase()] {
            let (_folder, file) = key_file(&secret, 0o600);
            assert_eq!(file.load().unwrap().address(), expected);
        }
        let (_folder, short) = key_file(&SEED[1..], 0o600);
        assert!(matches!(short.load(), Err(SecretError::Unusable { .. })));
    }

    #[test]
    fn standard_input_gives_its_first_line_or_says_that_there_is_none() {
        let first_line = |input: &'static str| SecretSource::Stdin.first_line(input.as_bytes());
        assert_eq!(first_line("//Operator\nmore").unwrap().address(), address("//Operator"));
        assert!(matches!(first_line(""), Err(SecretError::NoLine)));
        assert!(matches!(first_line("\n//Operator"), Err(SecretError::Unusable { .. })));
    }

    #[test]
    fn an_environment_variable_that_is_not_set_is_named() {
        let error = SecretSource::Variable("KHALA_TEST_KEY_THAT_NOBODY_SETS").load().unwrap_err();
        assert!(matches!(error, SecretError::Unset { .. }));
        assert!(error.to_string().contains("KHALA_TEST_KEY_THAT_NOBODY_SETS"));
    }
}
