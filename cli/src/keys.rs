//! Keys that sign: from a file that nobody else can read, or from standard input. No message repeats a secret.

use crate::failure::Failure;
use khala_client::Account;
use khala_primitives::OperatorSignature;
use sp_core::{sr25519, Pair};
use std::{
    fs::File,
    io::{BufRead, Read},
    os::unix::fs::PermissionsExt,
    path::Path,
};

/// Largest secret, in bytes: a phrase with a long path and a password has less.
const MAX_SECRET: u64 = 4096;
/// The file name that means standard input.
const STDIN: &str = "-";

/// An account's secret key.
pub struct Key {
    account: Account,
    pair: sr25519::Pair,
}

impl Key {
    /// Reads a key: a secret phrase, a seed of 64 hexadecimal digits with or without `0x`, or either with a `//path`. Of
    /// standard input (`-`) only the first line is read.
    ///
    /// # Errors
    /// A usage failure when the file cannot be read, when others may read it, or when it holds no secret.
    pub fn load(file: &Path) -> Result<Self, Failure> {
        if file.as_os_str() == STDIN {
            return Self::read(&first_line(std::io::stdin().lock())?, "standard input");
        }
        Self::read(&read_file(file)?, &file.display().to_string())
    }

    /// The account that signs transactions.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// A signature over a message that is no transaction.
    pub fn sign(&self, message: &[u8]) -> OperatorSignature {
        OperatorSignature(self.pair.sign(message).0)
    }

    fn read(secret: &str, source: &str) -> Result<Self, Failure> {
        let secret = secret.trim();
        let is_bare_seed = secret.len() == 64 && secret.bytes().all(|digit| digit.is_ascii_hexdigit());
        let uri = if is_bare_seed { format!("0x{secret}") } else { secret.to_owned() };
        let unusable = |reason: String| Failure::usage(format!("the key from {source} cannot be used: {reason}"));
        if secret.is_empty() {
            // Nothing would be read as the well-known development phrase.
            return Err(unusable("there is nothing in it".into()));
        }
        let account = Account::from_uri(&uri).map_err(|error| unusable(error.to_string()))?;
        let pair = sr25519::Pair::from_string(&uri, None).map_err(|_| unusable("it is no sr25519 secret".into()))?;
        Ok(Self { account, pair })
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key({})", self.account)
    }
}

fn read_file(path: &Path) -> Result<String, Failure> {
    let failed = |error: std::io::Error| Failure::usage(format!("the key file {} cannot be read: {error}", path.display()));
    // Of the file that is open, so that it cannot be another one when it is read.
    let file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    let mode = metadata.permissions().mode() & 0o7777;
    if mode & 0o077 != 0 {
        let path = path.display();
        return Err(Failure::usage(format!(
            "others may use the key file {path} (mode {mode:04o}); make it yours alone: chmod 600 {path}"
        )));
    }
    let mut secret = String::new();
    let length = file
        .take(MAX_SECRET.saturating_add(1))
        .read_to_string(&mut secret)
        .map_err(failed)?;
    if length as u64 > MAX_SECRET {
        return Err(Failure::usage(format!(
            "the key file {} has more than {MAX_SECRET} bytes: it is no key",
            path.display()
        )));
    }
    Ok(secret)
}

fn first_line(input: impl BufRead) -> Result<String, Failure> {
    let mut line = String::new();
    match input.take(MAX_SECRET).read_line(&mut line) {
        Ok(length) if length > 0 => Ok(line),
        _ => Err(Failure::usage(
            "the key was to come from standard input, but there was none; give it in one line, or name a file",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Exit;
    use std::{fs, fs::Permissions, path::PathBuf};
    use tempfile::TempDir;

    fn key_file(content: &str, mode: u32) -> (TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        (folder, path)
    }

    #[test]
    fn a_file_that_only_its_owner_can_use_is_taken() {
        for mode in [0o600, 0o400] {
            let (_folder, path) = key_file("//Operator\n", mode);
            let key = Key::load(&path).unwrap();
            assert_eq!(key.account().id(), Account::from_uri("//Operator").unwrap().id());
        }
    }

    #[test]
    fn a_file_that_others_may_use_is_refused_with_what_to_do() {
        for mode in [0o640, 0o604, 0o644, 0o610, 0o601, 0o620, 0o602] {
            let (_folder, path) = key_file("//Operator", mode);
            let failure = Key::load(&path).unwrap_err();
            assert_eq!(failure.exit, Exit::Usage);
            assert!(failure.message.contains(&format!("{mode:04o}")), "{failure}");
            assert!(failure.message.contains("chmod 600"), "{failure}");
        }
    }

    #[test]
    fn what_is_no_secret_is_named_but_never_shown() {
        for secret in ["my secret words", "", " \n", "0x1234", "secret!!"] {
            let (_folder, path) = key_file(secret, 0o600);
            let failure = Key::load(&path).unwrap_err();
            assert_eq!(failure.exit, Exit::Usage);
            assert!(failure.message.contains(path.to_str().unwrap()), "{failure}");
            assert!(!failure.message.contains("words") && !failure.message.contains("1234"), "{failure}");
        }
        let failure = Key::load(Path::new("/absent/key")).unwrap_err();
        assert!(failure.message.contains("/absent/key"), "{failure}");
    }

    #[test]
    fn a_file_is_read_up_to_the_length_of_a_secret() {
        let most = usize::try_from(MAX_SECRET).unwrap();
        for (length, good) in [(most - 1, true), (most, true), (most + 1, false)] {
            let (_folder, path) = key_file(&format!("{:<length$}", "//Operator"), 0o600);
            assert_eq!(Key::load(&path).is_ok(), good, "{length}");
        }
    }

    #[test]
    fn a_seed_may_come_with_or_without_0x() {
        let seed = "e5be9a5092b81bca64be81d212e7f2f9eba183bb7a90954f7b76361f6edb5c0a";
        let [bare, prefixed] = [seed.to_owned(), format!("0x{seed}")].map(|text| Key::read(&text, "x").unwrap());
        assert_eq!(bare.account().id(), prefixed.account().id());
    }

    #[test]
    fn messages_and_transactions_are_signed_by_the_same_key() {
        for secret in [
            "//Operator//1",
            "bottom drive obey lake curtain smoke basket hold race lonely fit walk//a",
        ] {
            let key = Key::read(secret, "x").unwrap();
            assert_eq!(key.pair.public().0, *AsRef::<[u8; 32]>::as_ref(key.account().id()));
            let signature = sr25519::Signature::from_raw(key.sign(b"message").0);
            assert!(sr25519::Pair::verify(&signature, b"message", &key.pair.public()));
        }
    }

    #[test]
    fn a_key_shows_its_address_and_nothing_else() {
        let key = Key::read("//Operator", "x").unwrap();
        assert_eq!(format!("{key:?}"), format!("Key({})", key.account().address()));
    }

    #[test]
    fn standard_input_gives_its_first_line_or_says_that_there_is_none() {
        assert_eq!(first_line(&b"//Operator\nmore"[..]).unwrap().trim(), "//Operator");
        assert_eq!(first_line(&b""[..]).unwrap_err().exit, Exit::Usage);
    }
}
