//! What operators run cannot make development evidence: the keys of the development root are in no production build.
//!
//! Cargo itself is asked which features it would build a program with. The tree is turned around (`--invert`), as cargo
//! shows a feature that is turned on by another feature (`software = ["khala-attestation/forge"]`) only that way.

use std::{
    env,
    ffi::OsString,
    path::Path,
    process::{Command, Output},
};

/// The crate that has the keys, and the feature that they are behind, as cargo writes them.
const CRATE: &str = "khala-attestation v";
const FORGE: &str = "khala-attestation feature \"forge\"";
const NO_DEFAULT_FEATURES: &str = "--no-default-features";

/// Everything that uses `khala-attestation` in a build of `package`.
fn users_of_attestation(package: &str, arguments: &[&str]) -> String {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from(env!("CARGO")));
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("this crate is in a workspace");
    let Output { status, stdout, stderr } = Command::new(cargo)
        .args(["tree", "--locked", "--offline", "--edges", "normal,features", "--package", package])
        .args(["--invert", "khala-attestation"])
        .args(arguments)
        .current_dir(workspace)
        // A build of the whole workspace in one has the features of all of its programs in each.
        .env_remove("CARGO_RESOLVER_FEATURE_UNIFICATION")
        .output()
        .expect("cargo can be run");
    let tree = String::from_utf8_lossy(&stdout).into_owned();
    let errors = String::from_utf8_lossy(&stderr);
    assert!(status.success(), "cargo tree of {package} {arguments:?} failed:\n{errors}");
    assert!(
        tree.contains(CRATE),
        "{package} {arguments:?} does not use khala-attestation:\n{tree}{errors}"
    );
    tree
}

#[test]
fn no_production_build_has_the_development_keys() {
    for package in ["khala-runtime", "khala-node", "pruntime", "relayer", "khala"] {
        let tree = users_of_attestation(package, &[NO_DEFAULT_FEATURES]);
        assert!(!tree.contains(FORGE), "{package} has the development keys:\n{tree}");
    }
}

#[test]
fn the_chain_and_the_relayer_never_have_the_development_keys() {
    for package in ["khala-runtime", "khala-node", "relayer"] {
        let tree = users_of_attestation(package, &[]);
        assert!(!tree.contains(FORGE), "{package} has the development keys:\n{tree}");
    }
}

/// Proves that the tests above would notice.
#[test]
fn development_builds_of_the_pruntime_and_the_command_line_have_them() {
    for package in ["pruntime", "khala"] {
        let tree = users_of_attestation(package, &[]);
        assert!(tree.contains(FORGE), "{package} has no development keys any more:\n{tree}");
    }
}
