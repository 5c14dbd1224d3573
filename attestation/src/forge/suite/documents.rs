//! Groups 4 and 5: the two signed JSON documents, as documents.

use super::{
    differences::{BOUNDS, DOCUMENTS_READ_WHOLE, FORM_OF_DATES},
    sample::{flip, pki},
    Kind, List, Sample, NOW,
};
use crate::{
    collateral::{saturate, MAX_CHAIN, MAX_QE_IDENTITY, MAX_TCB_INFO},
    error::Error,
    forge::Key,
    part::Part,
    tcb_info::MAX_LEVELS,
};
use khala_primitives::Tee;
use serde_json::{json, Value};
use std::{format, string::String, vec, vec::Vec};

/// [`NOW`] in the form of the documents.
const NOW_TEXT: &str = "2026-09-21T14:13:20Z";

/// One of the two documents, and how to change it.
#[derive(Clone, Copy)]
struct Document {
    name: &'static str,
    part: Part,
    chain: Part,
    max: usize,
    /// Evidence with another value in the document.
    with: fn(Kind, &str, Value) -> Sample,
    /// The document's text.
    text: fn(&mut Sample) -> &mut String,
    /// The document's signature.
    signature: fn(&mut Sample) -> &mut Vec<u8>,
    /// The document's issuer chain.
    issuers: fn(&mut Sample) -> &mut String,
}

const TCB_INFO: Document = Document {
    name: "tcb-info",
    part: Part::TcbInfo,
    chain: Part::TcbInfoChain,
    max: MAX_TCB_INFO,
    with: Sample::info,
    text: |sample| &mut sample.collateral.tcb_info,
    signature: |sample| &mut sample.collateral.tcb_info_signature,
    issuers: |sample| &mut sample.collateral.tcb_info_issuer_chain,
};

const QE_IDENTITY: Document = Document {
    name: "qe-identity",
    part: Part::QeIdentity,
    chain: Part::QeIdentityChain,
    max: MAX_QE_IDENTITY,
    with: Sample::identity,
    text: |sample| &mut sample.collateral.qe_identity,
    signature: |sample| &mut sample.collateral.qe_identity_signature,
    issuers: |sample| &mut sample.collateral.qe_identity_issuer_chain,
};

pub(super) fn add_tcb_info(list: &mut List) {
    add_dates(list, TCB_INFO);
    add_signatures(list, TCB_INFO);
    add_sizes(list, TCB_INFO);
    add_forms(
        list,
        TCB_INFO,
        &[
            ("unknown-status", "/tcbLevels/0/tcbStatus", json!("Splendid")),
            ("svn-too-large", "/tcbLevels/0/tcb/pcesvn", json!(65_536)),
            ("type-of-another-type", "/tcbType", json!("0")),
            ("levels-of-another-type", "/tcbLevels", json!({})),
        ],
    );
    list.add(
        "tcb-info-fmspc-not-hexadecimal",
        "the FMSPC has letters that are no digits",
        Sample::info(Kind::Sgx, "/fmspc", json!("00d3e10000zz")),
        Error::HexValue { part: Part::TcbInfo },
    );
    list.add(
        "tdx-module-attributes-too-short",
        "the TDX module's attributes have one byte",
        Sample::info(Kind::Tdx, "/tdxModule/attributes", json!("00")),
        Error::HexValue { part: Part::TcbInfo },
    );
    let early = json!("1012-05-14T00:00:00Z");
    for (name, pointer) in [
        ("tcb-info-level-before-1970", "/tcbLevels/0/tcbDate"),
        ("tdx-module-level-before-1970", "/tdxModuleIdentities/0/tcbLevels/0/tcbDate"),
    ] {
        list.add(
            name,
            format!("the tcbDate of the level is {early}"),
            Sample::info(Kind::Tdx, pointer, early.clone()),
            Error::Date { part: Part::TcbInfo },
        );
    }
    for (name, kind, pointer, value, tee, version) in [
        ("tcb-info-of-tdx-for-sgx", Kind::Sgx, "/id", json!("TDX"), Tee::Sgx, 3),
        ("tcb-info-of-sgx-for-tdx", Kind::Tdx, "/id", json!("SGX"), Tee::Tdx, 3),
        ("tcb-info-of-nothing", Kind::Sgx, "/id", json!("sgx"), Tee::Sgx, 3),
        ("tcb-info-version-1", Kind::Sgx, "/version", json!(1), Tee::Sgx, 1),
        ("tcb-info-version-2-for-tdx", Kind::Tdx, "/version", json!(2), Tee::Tdx, 2),
    ] {
        // TDX's levels have what SGX's need, but not the other way round.
        let sample = if name == "tcb-info-of-tdx-for-sgx" {
            foreign(Kind::Sgx, Kind::Tdx, TCB_INFO)
        } else {
            Sample::info(kind, pointer, value.clone())
        };
        list.add(
            name,
            format!("its {} is {value}", pointer.trim_start_matches('/')),
            sample,
            Error::TcbInfoKind { tee, version },
        );
    }
}

pub(super) fn add_qe_identity(list: &mut List) {
    add_dates(list, QE_IDENTITY);
    add_signatures(list, QE_IDENTITY);
    add_sizes(list, QE_IDENTITY);
    add_forms(
        list,
        QE_IDENTITY,
        &[
            ("unknown-status", "/tcbLevels/0/tcbStatus", json!("Splendid")),
            ("signer-too-short", "/mrsigner", json!("00")),
            ("svn-too-large", "/tcbLevels/0/tcb/isvsvn", json!(65_536)),
        ],
    );
    for (name, kind, pointer, value, version) in [
        ("qe-identity-of-tdx-for-sgx", Kind::Sgx, "/id", json!("TD_QE"), 2),
        ("qe-identity-of-sgx-for-tdx", Kind::Tdx, "/id", json!("QE"), 2),
        ("qe-identity-of-nothing", Kind::Sgx, "/id", json!("qe"), 2),
        ("qe-identity-version-3-for-sgx", Kind::Sgx, "/version", json!(3), 3),
        ("qe-identity-version-4-for-tdx", Kind::Tdx, "/version", json!(4), 4),
    ] {
        list.add(
            name,
            format!("its {} is {value}", pointer.trim_start_matches('/')),
            Sample::identity(kind, pointer, value),
            Error::QeIdentityKind { tee: kind.tee(), version },
        );
    }
}

fn add_dates(list: &mut List, document: Document) {
    let Document { name, part, with, .. } = document;
    for kind in [Kind::Sgx, Kind::Tdx] {
        list.add(
            format!("{name}-expired/{}", kind.name()),
            "its next update was 312 seconds ago",
            with(kind, "/nextUpdate", json!(NOW_TEXT)).at(NOW.saturating_add(312)),
            Error::Expired { part, secs_ago: 312 },
        );
        list.add(
            format!("{name}-not-yet-valid/{}", kind.name()),
            "it is issued in a second",
            with(kind, "/issueDate", json!(NOW_TEXT)).at(NOW.saturating_sub(1)),
            Error::NotYetValid { part, in_secs: 1 },
        );
    }
    for (what, pointer, text) in [
        ("next-update-not-a-date", "/nextUpdate", "tomorrow"),
        ("issue-date-empty", "/issueDate", ""),
        ("issue-date-on-february-30", "/issueDate", "2026-02-30T00:00:00Z"),
    ] {
        list.add(
            format!("{name}-{what}"),
            format!("its {} is {text:?}", pointer.trim_start_matches('/')),
            with(Kind::Sgx, pointer, json!(text)),
            Error::Date { part },
        );
    }
    for (what, text) in [("an-offset", "2026-09-21T13:13:20+00:00"), ("a-fraction", "2026-09-21T13:13:20.5Z")] {
        list.add_stricter(
            format!("{name}-issue-date-with-{what}"),
            format!("its issueDate is {text:?}"),
            with(Kind::Sgx, "/issueDate", json!(text)),
            Error::Date { part },
            &FORM_OF_DATES,
        );
    }
}

fn add_signatures(list: &mut List, document: Document) {
    let Document { name, part, .. } = document;
    let wrong = Error::Signature { part };
    let spoilt = |change: &dyn Fn(&mut Sample)| Sample::good(Kind::Tdx).then(change);
    let signature = document.signature;
    list.add(
        format!("{name}-changed"),
        "its evaluation number is another one",
        spoilt(&|sample| {
            let text = (document.text)(sample);
            *text = text.replacen("\"tcbEvaluationDataNumber\":18", "\"tcbEvaluationDataNumber\":19", 1);
        }),
        wrong,
    );
    list.add(
        format!("{name}-no-json"),
        "it is not JSON",
        spoilt(&|sample| *(document.text)(sample) = "no JSON".into()),
        wrong,
    );
    list.add(
        format!("{name}-signature-changed"),
        "a bit of its signature is flipped",
        spoilt(&|sample| flip(signature(sample), 0)),
        wrong,
    );
    list.add(
        format!("{name}-signature-zero"),
        "its signature is zero",
        spoilt(&|sample| *signature(sample) = vec![0; 64]),
        wrong,
    );
    list.add(
        format!("{name}-signature-missing"),
        "its signature has no bytes",
        spoilt(&|sample| signature(sample).clear()),
        wrong,
    );
    list.add(
        format!("{name}-by-a-stranger"),
        "it is signed with another key",
        spoilt(&|sample| {
            let signed = Key::named("stranger").sign((document.text)(sample).as_bytes());
            *signature(sample) = signed.into();
        }),
        wrong,
    );
}

fn add_sizes(list: &mut List, document: Document) {
    let Document {
        name, part, chain, max, ..
    } = document;
    let too_large = |part, max: usize| Error::CollateralTooLarge {
        part,
        size: saturate(max).saturating_add(1),
        max: saturate(max),
    };
    list.add(
        format!("{name}-too-large"),
        "spaces, one more than there is room for",
        Sample::good(Kind::Sgx).then(|sample| *(document.text)(sample) = " ".repeat(max.saturating_add(1))),
        too_large(part, max),
    );
    list.add_stricter(
        format!("{name}-chain-too-large"),
        "line ends behind its issuer chain, one more than there is room for",
        Sample::good(Kind::Sgx).then(|sample| {
            let text = (document.issuers)(sample);
            text.push_str(&"\n".repeat(MAX_CHAIN.saturating_add(1).saturating_sub(text.len())));
        }),
        too_large(chain, MAX_CHAIN),
        &BOUNDS,
    );
    let count = usize::try_from(MAX_LEVELS).unwrap_or(usize::MAX).saturating_add(1);
    list.add_stricter(
        format!("{name}-with-too-many-levels"),
        format!("{count} levels, all of them the first one"),
        Sample::collateral(Kind::Sgx, |draft| {
            let document = if part == Part::TcbInfo {
                &mut draft.tcb_info
            } else {
                &mut draft.qe_identity
            };
            if let Some(levels) = document.pointer_mut("/tcbLevels").and_then(Value::as_array_mut) {
                let first = levels.first().cloned().unwrap_or_default();
                *levels = vec![first; count];
            }
        }),
        Error::CollateralTooLarge {
            part,
            size: saturate(count),
            max: MAX_LEVELS,
        },
        &BOUNDS,
    );
}

/// Documents that are signed and are not what they should be.
fn add_forms(list: &mut List, document: Document, wrong: &[(&str, &str, Value)]) {
    let Document { name, part, with, .. } = document;
    let error = Error::Json { part, line: 1, column: 0 };
    for (what, pointer, value) in wrong {
        list.add(
            format!("{name}-{what}"),
            format!("its {} is {value}", pointer.trim_start_matches('/')),
            with(Kind::Sgx, pointer, value.clone()),
            error,
        );
    }
    list.add(
        format!("{name}-truncated"),
        "its last byte is missing, and it is signed like this",
        resigned(document, |text| {
            text.pop();
        }),
        error,
    );
    list.add(
        format!("{name}-with-a-byte-more"),
        "there is a bracket behind it, and it is signed like this",
        resigned(document, |text| text.push('}')),
        error,
    );
    list.add_stricter(
        format!("{name}-with-an-advisory-without-name"),
        "the last level has an advisory without a name",
        last_level_with(document, "advisoryIDs", json!([""])),
        error,
        &DOCUMENTS_READ_WHOLE,
    );
    list.add_stricter(
        format!("{name}-with-a-level-without-date"),
        "the tcbDate of the last level is empty",
        last_level_with(document, "tcbDate", json!("")),
        Error::Date { part },
        &DOCUMENTS_READ_WHOLE,
    );
}

/// Evidence whose document was changed as a text and then signed.
fn resigned(document: Document, change: impl FnOnce(&mut String)) -> Sample {
    Sample::good(Kind::Sgx).then(|sample| {
        change((document.text)(sample));
        let signed = pki().signer_key().sign((document.text)(sample).as_bytes());
        *(document.signature)(sample) = signed.into();
    })
}

/// Evidence with another value in the last level of a document.
fn last_level_with(document: Document, key: &str, value: Value) -> Sample {
    Sample::collateral(Kind::Sgx, |draft| {
        let document = if document.part == Part::TcbInfo {
            &mut draft.tcb_info
        } else {
            &mut draft.qe_identity
        };
        let levels = document.pointer_mut("/tcbLevels").and_then(Value::as_array_mut);
        if let Some(level) = levels.and_then(|levels| levels.last_mut()).and_then(Value::as_object_mut) {
            level.insert(key.into(), value);
        }
    })
}

/// Evidence of one kind with a document of another.
fn foreign(kind: Kind, other: Kind, document: Document) -> Sample {
    let mut other = Sample::good(other);
    Sample::good(kind).then(|sample| {
        *(document.text)(sample) = (document.text)(&mut other).clone();
        *(document.signature)(sample) = (document.signature)(&mut other).clone();
    })
}
