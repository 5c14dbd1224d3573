//! The negative suite, run natively and beside dcap-qvl, and the tables about it in `docs/attestation-suite.md`.
#![cfg(feature = "forge")]

mod common;

use codec::Encode;
use common::oracle;
use khala_attestation::{
    error::Group,
    forge::suite::{cases, controls, differences, Answer, Case, Oracle, Purpose, Sample},
    part::{PckField, QuoteField},
    policy::Flag,
    verify::verify_with,
    Error, Finding, ParsedCollateral, PolicyError,
};
use scale_info::{TypeDef, TypeInfo};
use std::{collections::BTreeSet, fmt::Write, fs};

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/attestation-suite.md");
/// With this environment variable the tables of the document are written anew.
const UPDATE: &str = "KHALA_UPDATE_DOCS";

#[test]
fn every_case_gets_exactly_its_answer() {
    for case in cases() {
        let found = case.answer();
        assert!(
            case.expected.is_met_by(&found),
            "{}: {found:?}, expected {:?}",
            case.name,
            case.expected
        );
        assert!(!matches!(found, Answer::Accepted(_)), "{}", case.name);
    }
}

#[test]
fn every_control_is_accepted() {
    for case in controls() {
        assert_eq!(case.answer(), case.expected, "{}", case.name);
        assert!(matches!(case.expected, Answer::Accepted(_)), "{}", case.name);
    }
}

#[test]
fn the_oracle_agrees_but_for_the_named_differences() {
    let (mut seen, mut wrong) = (BTreeSet::new(), String::new());
    for case in controls().into_iter().chain(cases()) {
        let ours = case.sample.verify();
        let [root] = case.sample.roots.as_slice() else {
            assert_eq!(case.oracle, Oracle::NotAsked, "{}: the oracle has one root", case.name);
            continue;
        };
        let json = serde_json::to_string(&case.sample.collateral).unwrap();
        let collateral = serde_json::from_str(&json).unwrap();
        let theirs = oracle(root, &case.sample.quote, &collateral, case.sample.at_secs);
        let ours = ours.map(|verdict| {
            let advisories: Vec<_> = verdict.advisories.iter().map(ToString::to_string).collect();
            (verdict.status.to_string(), advisories)
        });
        let as_listed = match (&ours, &theirs, case.oracle) {
            (Err(_), Ok(_), Oracle::Accepts(difference)) => {
                seen.insert(difference.name);
                true
            }
            // Looking and verifying have other rules for what is behind a quote.
            (Err(_), Ok(_), _) => case.purpose == Purpose::Look,
            (_, _, Oracle::Accepts(_)) => false,
            _ => ours.as_ref().ok() == theirs.as_ref().ok(),
        };
        if !as_listed {
            writeln!(wrong, "{}: {ours:?}, the oracle {theirs:?}, listed as {:?}", case.name, case.oracle).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(seen, differences::ALL.iter().map(|difference| difference.name).collect());
}

#[test]
fn collateral_that_is_verified_before_never_makes_a_quote_better() {
    let both = controls().into_iter().chain(cases());
    // A chain takes the PCK chain from the quote alone.
    for case in both.filter(|case| case.sample.collateral.pck_certificate_chain.is_none()) {
        let Sample {
            quote,
            collateral,
            roots,
            at_secs,
        } = &case.sample;
        let roots: Vec<&[u8]> = roots.iter().map(Vec::as_slice).collect();
        let kept = ParsedCollateral::verify(collateral, &roots).and_then(|parsed| verify_with(quote, &parsed, *at_secs));
        if kept.is_ok() {
            assert_eq!(kept, case.sample.verify(), "{}", case.name);
        }
    }
}

#[test]
fn cases_are_many_have_their_own_names_and_stand_in_their_groups() {
    let cases = cases();
    let names: BTreeSet<_> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len());
    assert!(cases.len() >= 100, "{}", cases.len());
    for case in &cases {
        match case.expected {
            // Of the platform, its TDX module or its quoting enclave.
            Answer::Refused(Error::TcbRevoked) => assert!([Group::TcbInfo, Group::QeIdentity].contains(&case.group), "{}", case.name),
            Answer::Refused(error) => assert_eq!(error.group(), case.group, "{}", case.name),
            _ => {}
        }
    }
    for group in GROUPS {
        assert!(cases.iter().any(|case| case.group == group), "{group:?}");
    }
}

#[test]
fn every_variant_is_produced_by_a_case() {
    let cases = cases();
    let errors = cases.iter().filter_map(|case| match case.expected {
        Answer::Refused(error) => Some(error),
        _ => None,
    });
    let errors: Vec<_> = errors.collect();
    all_produced::<Error>(errors.iter());
    all_produced::<QuoteField>(errors.iter().filter_map(|error| match error {
        Error::QuoteTruncated { field, .. } => Some(field),
        _ => None,
    }));
    all_produced::<PckField>(errors.iter().filter_map(|error| match error {
        Error::PckExtension { field } => Some(field),
        _ => None,
    }));
    all_produced::<Finding>(cases.iter().filter_map(|case| match &case.expected {
        Answer::Found(findings) => findings.first(),
        _ => None,
    }));
    let refusals = cases.iter().filter_map(|case| match &case.expected {
        Answer::NotAccepted(error) => Some(error),
        _ => None,
    });
    let refusals: Vec<_> = refusals.collect();
    all_produced::<PolicyError>(refusals.iter().copied());
    all_produced::<Flag>(refusals.iter().filter_map(|error| match error {
        PolicyError::Flag(flag) => Some(flag),
        _ => None,
    }));
}

/// The values have every variant that their type has, new ones included.
#[track_caller]
fn all_produced<'a, T: Encode + TypeInfo + 'a>(values: impl Iterator<Item = &'a T>) {
    let TypeDef::Variant(variants) = T::type_info().type_def else {
        panic!("not an enum")
    };
    // The first byte of an encoded enum is the index of its variant.
    let produced: BTreeSet<u8> = values.map(|value| value.encode()[0]).collect();
    let missing: Vec<_> = variants
        .variants
        .iter()
        .filter(|variant| !produced.contains(&variant.index))
        .collect();
    assert!(missing.is_empty(), "no case produces {missing:?}");
}

#[test]
fn messages_say_by_how_much() {
    let cases = cases();
    for case in &cases {
        let (facts, message) = match &case.expected {
            Answer::Refused(error) => (format!("{error:?}"), error.to_string()),
            Answer::NotAccepted(error @ PolicyError::EvaluationNumber { .. }) => (format!("{error:?}"), error.to_string()),
            _ => continue,
        };
        for number in numbers(&facts) {
            // A number that went back has no time to tell.
            let shown = message.contains(&number.to_string()) || message.contains(&format!("{number:x}")) || number == 0;
            assert!(shown, "{}: {number} is not in {message:?}", case.name);
        }
    }
    for (name, message) in [
        ("tcb-info-expired/sgx", "the TCB info expired 312 s ago; get newer collateral"),
        (
            "cpu-svn-15-too-low/sgx",
            "the platform meets no TCB level; for the last one CPU SVN component 15 is 0, needs 1",
        ),
        (
            "pce-svn-too-low/sgx",
            "the platform meets no TCB level; for the last one PCE SVN is 13, needs 14",
        ),
        (
            "tdx-svn-too-low/tdx",
            "the platform meets no TCB level; for the last one TDX SVN component 2 is 3, needs 4",
        ),
        (
            "tdx-module-too-old-now/tdx15",
            "the TDX module is too old: TDX module SVN is 0, needs 1",
        ),
        ("qe-too-old/sgx", "the quoting enclave's ISVSVN is 4, needs 5"),
        ("root-crl-not-yet-made", "the root CA's CRL is valid in 1 s"),
        ("quote-ends-in-header", "the quote ends in its header: 20 bytes needed, 19 left"),
        ("pck-crl-older", "a PCK CA's CRL is known that is 40 s newer"),
        ("pck-crl-number-lower", "a PCK CA's CRL with a higher number is known"),
        (
            "tcb-info-evaluation-number-old",
            "the TCB info has evaluation number 17, the current one is 18",
        ),
    ] {
        let case = cases.iter().find(|case| case.name == name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(message_of(&case.expected), message, "{name}");
    }
}

/// The decimal numbers in a text, without those that are part of a word.
fn numbers(text: &str) -> Vec<u64> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter_map(|word| word.parse().ok())
        .collect()
}

fn message_of(answer: &Answer) -> String {
    match answer {
        Answer::Refused(error) => error.to_string(),
        Answer::NotAccepted(error) => error.to_string(),
        other => other.code(),
    }
}

/// The cases that dcap-qvl's own generator of samples names, and ours of the same thing.
const PEERS: [(&str, &str); 62] = [
    ("valid_sgx_v3", "good-up-to-date/sgx"),
    ("valid_tdx_v4", "good-up-to-date/tdx"),
    ("valid_tdx_v5_td15", "good-up-to-date/tdx15"),
    ("valid_tdx_v4_tdx15_attributes", "td-attributes-of-tdx-1.5"),
    ("tdx_pks_enabled", "td-protection-keys"),
    ("tdx_kl_enabled", "td-key-locker"),
    ("component_svn_all_higher", "machine-above-all-levels/sgx"),
    ("cert_type_5_with_pck_chain", "pck-chain-in-the-collateral-and-the-quote/sgx"),
    ("cert_type_3_with_pck_chain", "pck-chain-in-the-collateral"),
    ("cert_type_3_without_pck_chain", "certification-data-type-3"),
    ("invalid_sgx_v4", "sgx-quote-of-version-4"),
    ("invalid_quote_v5", "sgx-quote-of-version-5"),
    ("invalid_quote_format", "quote-not-a-quote"),
    ("truncated_quote", "quote-one-byte-short/sgx"),
    ("unsupported_version_1", "quote-version-1"),
    ("unsupported_version_2", "quote-version-2"),
    ("unsupported_version_6", "quote-version-6"),
    ("unsupported_version_255", "quote-version-255"),
    ("unsupported_key_type_0", "attestation-key-type-0"),
    ("unsupported_key_type_1", "attestation-key-type-1"),
    ("unsupported_key_type_3", "attestation-key-type-3"),
    ("unsupported_key_type_255", "attestation-key-type-255"),
    ("debug_sgx_v3", "debug/sgx"),
    ("tdx_debug_enabled", "debug/tdx"),
    ("tdx_sept_ve_disabled", "td-sept-ve-disable/tdx"),
    ("tdx_profiling_enabled", "td-profiling-bit-5/tdx"),
    ("tdx_migratable", "td-migratable/tdx"),
    ("tdx_servtd_ext_enabled", "td-service-td-ext/tdx"),
    ("tdx_reserved_bits_set", "td-reserved-attribute-23/tdx"),
    ("tdx_missing_components", "no-tdx-components"),
    ("tdx_component_svn_mismatch", "tdx-svn-too-low/tdx"),
    ("sgx_component_svn_mismatch", "cpu-svn-15-too-low/sgx"),
    ("tdx_module_mrsigner_mismatch", "tdx-module-signer/tdx"),
    ("tdx_module_isvsvn_too_low", "tdx-module-too-old-at-launch/tdx"),
    ("tdx_td15_svn2_unappraisable", "tdx-module-too-old-now/tdx15"),
    ("tdx_qe_identity_id_mismatch", "qe-identity-of-sgx-for-tdx"),
    ("sgx_tcb_id_mismatch", "tcb-info-of-tdx-for-sgx"),
    ("tcb_expired", "tcb-info-expired/sgx"),
    ("tcb_issue_date_future", "tcb-info-not-yet-valid/sgx"),
    ("invalid_tcb_json", "tcb-info-no-json"),
    ("short_tcb_chain", "tcb-info-signer-chain-empty"),
    ("invalid_cert_format", "tcb-info-signer-chain-not-pem"),
    ("invalid_tcb_signature", "tcb-info-signature-zero"),
    ("fmspc_mismatch", "fmspc-of-another-processor/sgx"),
    ("unknown_tcb_status", "tcb-info-without-levels/sgx"),
    ("revoked_platform_tcb", "platform-revoked/sgx"),
    ("revoked_qe_tcb", "qe-revoked/sgx"),
    ("qe_report_hash_mismatch", "attestation-key-changed/sgx"),
    ("invalid_qe_report_signature", "qe-report-signature-zero/sgx"),
    ("invalid_quote_signature", "quote-signature-one/sgx"),
    ("qe_identity_expired", "qe-identity-expired/sgx"),
    ("qe_identity_issue_date_future", "qe-identity-not-yet-valid/sgx"),
    ("invalid_qe_identity_json", "qe-identity-no-json"),
    ("short_qe_identity_chain", "qe-identity-signer-chain-empty"),
    ("invalid_qe_identity_signature", "qe-identity-signature-zero"),
    ("qe_mrsigner_mismatch", "qe-signer/sgx"),
    ("qe_isvprodid_mismatch", "qe-product/sgx"),
    ("qe_miscselect_mismatch", "qe-misc-select/sgx"),
    ("qe_attributes_mismatch", "qe-attributes/sgx"),
    ("qe_debug_enabled", "qe-debug/sgx"),
    ("ca_used_as_end_entity_tcb", "tcb-info-signer-authority"),
    ("ca_used_as_end_entity_qe", "qe-identity-signer-authority"),
];

#[test]
fn every_case_of_the_oracles_generator_has_one_of_ours() {
    let all: Vec<_> = controls().into_iter().chain(cases()).collect();
    for (theirs, ours) in PEERS {
        let case = all.iter().find(|case| case.name == ours);
        let good = case
            .unwrap_or_else(|| panic!("{ours} for {theirs} is missing"))
            .sample
            .verify()
            .is_ok();
        let expected = theirs.starts_with("valid_")
            || ["tdx_pks_enabled", "tdx_kl_enabled", "component_svn_all_higher"].contains(&theirs)
            || theirs.ends_with("with_pck_chain");
        assert_eq!(good, expected, "{theirs}");
    }
}

const GROUPS: [Group; 8] = [
    Group::Quote,
    Group::Signatures,
    Group::Certificates,
    Group::TcbInfo,
    Group::QeIdentity,
    Group::Report,
    Group::RollBack,
    Group::Binding,
];

#[test]
fn the_tables_of_the_document_are_those_of_the_suite() {
    let mut document = fs::read_to_string(DOCUMENT).unwrap();
    let cases = cases();
    for (name, table) in [
        ("differences", differences_table(&cases)),
        ("cases", cases_table(&cases, &GROUPS)),
        ("controls", cases_table(&controls(), &[Group::Quote])),
        ("messages", messages_table(&cases)),
        ("generator", generator_table()),
    ] {
        let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->\n"));
        let start = document.find(&begin).unwrap_or_else(|| panic!("no {begin}")) + begin.len();
        let stop = document.find(&end).unwrap_or_else(|| panic!("no {end}"));
        if std::env::var_os(UPDATE).is_some() {
            document.replace_range(start..stop, &table);
        }
        let stop = document.find(&end).unwrap();
        assert!(
            document[start..stop] == table,
            "the table of {name} is not up to date: run this test with {UPDATE}=1"
        );
    }
    if std::env::var_os(UPDATE).is_some() {
        fs::write(DOCUMENT, document).unwrap();
    }
}

fn differences_table(cases: &[Case]) -> String {
    let mut table = String::from("| difference | why | cases | errors |\n|---|---|---|---|\n");
    for difference in differences::ALL {
        let (mut names, mut codes) = (BTreeSet::new(), BTreeSet::new());
        for case in cases {
            if case.oracle == Oracle::Accepts(difference) {
                names.insert(format!("`{}`", base(&case.name)));
                codes.insert(format!("`{}`", case.expected.code()));
            }
        }
        let (names, codes) = (join(names), join(codes));
        writeln!(table, "| {} | {} | {names} | {codes} |", difference.name, difference.reason).unwrap();
    }
    table
}

/// A line for each fault, whatever the number of formats in which it is tried.
fn cases_table(cases: &[Case], groups: &[Group]) -> String {
    let mut table = format!("{} cases.\n", cases.len());
    for (number, group) in groups.iter().enumerate() {
        let mut done = BTreeSet::new();
        if groups.len() > 1 {
            write!(table, "\n### {}: {}\n", number + 1, title(*group)).unwrap();
        }
        table.push_str("\n| case | formats | what is wrong | answer | dcap-qvl |\n|---|---|---|---|---|\n");
        for case in cases.iter().filter(|case| case.group == *group) {
            let name = base(&case.name);
            if !done.insert(name) {
                continue;
            }
            let formats = cases.iter().filter(|other| base(&other.name) == name && other.name != name);
            let formats: Vec<_> = formats.map(|other| &other.name[name.len() + 1..]).collect();
            let oracle = match (case.oracle, &case.expected) {
                (Oracle::NotAsked, _) => "-",
                (Oracle::Accepts(_), _) => "**accepts**",
                (Oracle::Agrees, Answer::Refused(_)) => "refuses",
                (Oracle::Agrees, _) => "accepts",
            };
            let (formats, code) = (formats.join(" "), case.expected.code());
            writeln!(table, "| `{name}` | {formats} | {} | `{code}` | {oracle} |", case.fault).unwrap();
        }
    }
    table
}

fn title(group: Group) -> &'static str {
    match group {
        Group::Quote => "the quote's form",
        Group::Signatures => "signatures of the quote",
        Group::Certificates => "certificates and revocation lists",
        Group::TcbInfo => "TCB info and levels",
        Group::QeIdentity => "quoting enclave",
        Group::Report => "report",
        Group::RollBack => "roll-back",
        Group::Binding => "binding",
    }
}

/// One message of each error.
fn messages_table(cases: &[Case]) -> String {
    let mut done = BTreeSet::new();
    let mut table = String::from("| error | message |\n|---|---|\n");
    for case in cases {
        let index = match &case.expected {
            // Its place depends on the order in which the document's keys were written.
            Answer::Refused(Error::Json { .. }) | Answer::Accepted(_) | Answer::Found(_) => continue,
            Answer::Refused(error) => (0, error.encode()[0]),
            Answer::NotAccepted(error) => (1, error.encode()[0]),
        };
        if done.insert(index) {
            writeln!(table, "| `{}` | {} |", case.expected.code(), message_of(&case.expected)).unwrap();
        }
    }
    table
}

fn generator_table() -> String {
    let mut table = String::from("| dcap-qvl's | ours |\n|---|---|\n");
    for (theirs, ours) in PEERS {
        writeln!(table, "| `{theirs}` | `{ours}` |").unwrap();
    }
    table
}

/// A case's name without the format.
fn base(name: &str) -> &str {
    name.split('/').next().unwrap_or(name)
}

fn join(words: BTreeSet<String>) -> String {
    words.into_iter().collect::<Vec<_>>().join(", ")
}
