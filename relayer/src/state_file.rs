//! The file with the workers' last keys, as JSON. It holds no secret. Without it the relayer works as before, but a worker
//! whose key is lost while the relayer is down is registered as a new one.

use crate::core::Remembered;
use khala_primitives::WorkerPublicKey;
use serde::{Deserialize, Serialize};
use std::{
    fs::File,
    io::{ErrorKind, Read, Write},
    path::{Path, PathBuf},
};

/// The format.
const VERSION: u32 = 1;
/// Longest file, in bytes: a worker takes about 200.
const MAX_FILE: u64 = 16 << 20;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    version: u32,
    workers: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    endpoint: String,
    key: WorkerPublicKey,
}

/// What an earlier run stored. A file that cannot be used is put aside under another name; the log says what to do, and the
/// relayer starts without it.
pub fn load(path: &Path) -> Vec<Remembered> {
    match read(path) {
        Ok(keys) => keys,
        Err(reason) => {
            let aside = with_suffix(path, ".damaged");
            let kept = match std::fs::rename(path, &aside) {
                Ok(()) => format!("it is kept as {}", aside.display()),
                Err(error) => format!("it could not be put aside: {error}"),
            };
            tracing::error!(
                "the state {} cannot be used: {reason} ({kept}). The relayer goes on without it and makes a new one. A worker whose \
                 key was lost meanwhile would be registered as a new one: name its old key as `replaces` in its [[worker]] entry, or stop \
                 the relayer and put a good copy of the file back",
                path.display()
            );
            Vec::new()
        }
    }
}

fn read(path: &Path) -> Result<Vec<Remembered>, String> {
    let file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        file => file.map_err(|error| error.to_string())?,
    };
    let mut text = Vec::new();
    let length = file.take(MAX_FILE + 1).read_to_end(&mut text).map_err(|error| error.to_string())?;
    if length as u64 > MAX_FILE {
        return Err(format!("it has more than {MAX_FILE} bytes"));
    }
    let content: Content = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
    if content.version != VERSION {
        return Err(format!("it has version {}, this relayer knows {VERSION}", content.version));
    }
    let remembered = |Entry { name, endpoint, key }| Remembered { name, endpoint, key };
    Ok(content.workers.into_iter().map(remembered).collect())
}

/// Replaces the file: whenever the machine stops, the old one or the new one is there.
pub fn store(path: &Path, keys: &[Remembered]) -> Result<(), String> {
    let entry = |known: &Remembered| Entry {
        name: known.name.clone(),
        endpoint: known.endpoint.clone(),
        key: known.key,
    };
    let content = Content {
        version: VERSION,
        workers: keys.iter().map(entry).collect(),
    };
    let mut text = serde_json::to_string_pretty(&content).map_err(|error| error.to_string())?;
    text.push('\n');
    // Relayers that share a configuration do not write into each other's file.
    let temporary = with_suffix(path, &format!(".{}.tmp", std::process::id()));
    replace(path, &temporary, &text).map_err(|error| {
        drop(std::fs::remove_file(&temporary));
        format!(
            "cannot write {}: {error}; make its folder writable, or name another with `state`",
            path.display()
        )
    })
}

fn replace(path: &Path, temporary: &Path, text: &str) -> std::io::Result<()> {
    let mut file = File::create(temporary)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(temporary, path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(count: u8) -> Vec<Remembered> {
        let remembered = |number: u8| Remembered {
            name: format!("worker-{number}"),
            endpoint: format!("http://{number}"),
            key: WorkerPublicKey([number; 32]),
        };
        (0..count).map(remembered).collect()
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn what_was_stored_last_is_loaded_and_nothing_else_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("relayer.state.json");
        assert_eq!(load(&path), []);
        for count in [3, 0, 2] {
            store(&path, &keys(count)).unwrap();
            assert_eq!(load(&path), keys(count));
        }
        assert_eq!(names(folder.path()), ["relayer.state.json"]);
    }

    #[test]
    fn a_damaged_file_is_put_aside_and_the_relayer_starts_without_it() {
        let good = format!("0x{}", "07".repeat(32));
        let entry = |key: &str| format!("{{\"version\":1,\"workers\":[{{\"name\":\"a\",\"endpoint\":\"b\",\"key\":\"{key}\"}}]}}");
        let other_version = entry(&good).replace(":1,", ":2,");
        for damaged in ["", "{", "{\"version\":1,\"workers\":[", &entry("0x07"), &other_version] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("s.json");
            std::fs::write(&path, damaged).unwrap();
            assert_eq!(load(&path), [], "{damaged}");
            assert_eq!(std::fs::read_to_string(folder.path().join("s.json.damaged")).unwrap(), damaged);
            store(&path, &keys(1)).unwrap();
            assert_eq!(load(&path), keys(1));
        }
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error_that_says_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let error = store(&folder.path().join("absent/s.json"), &keys(1)).unwrap_err();
        assert!(error.contains("absent/s.json") && error.contains("`state`"), "{error}");
    }
}
