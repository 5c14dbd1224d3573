//! `openapi.json` in the repository is what the code makes: the console's types are made of it.

use khala_indexer::api;
use std::path::Path;

/// Set to write the file instead of comparing it.
const UPDATE: &str = "KHALA_UPDATE_DOCS";

#[test]
fn the_document_is_what_the_code_makes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let made = api::document().to_pretty_json().unwrap() + "\n";
    if std::env::var_os(UPDATE).is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap();
    assert!(
        kept == made,
        "openapi.json is out of date: {UPDATE}=1 cargo test -p khala-indexer --test document writes it"
    );
}

#[test]
fn every_operation_has_a_name_of_its_own_and_says_how_it_fails() {
    let document = serde_json::to_value(api::document()).unwrap();
    let mut names = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let get = &item["get"];
        names.push(get["operationId"].as_str().unwrap().to_owned());
        assert!(get["summary"].as_str().is_some_and(|text| !text.is_empty()), "{path}");
        if path != "/status" && path != "/config" {
            for status in ["400", "404", "500", "503"] {
                assert!(
                    get["responses"][status]["content"]["application/problem+json"].is_object(),
                    "{path} {status}"
                );
            }
        }
    }
    names.sort();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count, "{names:?}");
}
