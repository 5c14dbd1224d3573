//! What `ops/` tells others to start is what this program is.

use crate::process::{run_with, FREE};
use std::{fs, path::Path};
use toml::{Table, Value};

fn ops(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ops").join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The arguments reach the provider, which is not there. A data folder of the test's own replaces the recipe's.
fn is_accepted(arguments: &[&str], tee: &str) {
    let data = arguments.iter().position(|argument| *argument == "--data").unwrap();
    let mut others = arguments.to_vec();
    others.drain(data..data + 2);
    let listen = others.iter().position(|argument| *argument == "--listen").unwrap();
    others.drain(listen..listen + 2);
    let folder = tempfile::tempdir().unwrap();
    let (code, log) = run_with(folder.path(), FREE, &others);
    assert_eq!(code, Some(1), "{log}");
    assert!(log.contains(&format!("the {tee} provider cannot start")), "{log}");
}

fn manifest() -> Table {
    // The template's placeholders stand in strings.
    ops("gramine/pruntime.manifest.template").parse().unwrap()
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|item| item.as_str().unwrap()).collect()
}

#[test]
fn the_manifest_starts_this_program_in_an_enclave() {
    let manifest = manifest();
    let arguments = strings(&manifest["loader"]["argv"]);
    assert_eq!(arguments[0], "pruntime");
    is_accepted(&arguments[1..], "gramine");
    assert_eq!(manifest["sgx"]["remote_attestation"].as_str(), Some("dcap"));
}

#[test]
fn the_manifest_leaves_nothing_to_the_host_but_the_data_folder() {
    let manifest = manifest();
    assert_eq!(manifest["sgx"]["debug"].as_bool(), Some(false));
    assert_eq!(strings(&manifest["sgx"]["allowed_files"]), ["file:data/"]);
    assert_eq!(manifest["loader"]["log_level"].as_str(), Some("error"));
    assert!(
        manifest["loader"]["env"].as_table().unwrap().values().all(Value::is_str),
        "no variable is passed through"
    );
    let lines = ops("gramine/pruntime.manifest.template");
    let settings = lines.lines().filter(|line| !line.starts_with('#'));
    for word in ["insecure__", "experimental__", "passthrough", "allow_all"] {
        assert!(!settings.clone().any(|line| line.contains(word)), "{word}");
    }
}

#[test]
fn the_data_folder_is_the_one_that_is_mounted() {
    let manifest = manifest();
    let arguments = strings(&manifest["loader"]["argv"]);
    let data = arguments.iter().position(|argument| *argument == "--data").unwrap() + 1;
    let mounts = manifest["fs"]["mounts"].as_array().unwrap();
    assert!(mounts
        .iter()
        .any(|mount| mount["path"].as_str() == Some(arguments[data]) && mount["uri"].as_str() == Some("file:data")));
}

#[test]
fn the_unit_starts_this_program_in_a_td() {
    let unit = ops("tdx/pruntime.service");
    let line = unit
        .lines()
        .find_map(|line| line.strip_prefix("ExecStart=/usr/bin/pruntime "))
        .unwrap();
    is_accepted(&line.split_whitespace().collect::<Vec<_>>(), "tdx");
    assert!(
        unit.contains("ReadWritePaths=/sys/kernel/config/tsm\n"),
        "the provider makes entries there"
    );
}
