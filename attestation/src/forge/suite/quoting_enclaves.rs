//! Group 5: which quoting enclave vouches for the attestation key.

use super::{sample::flip, Kind, List, Sample};
use crate::{error::Error, forge::qe_prod_id, part::Part};
use khala_primitives::TcbStatus;
use serde_json::json;
use std::format;

pub(super) fn add(list: &mut List) {
    for kind in Kind::ALL {
        let name = kind.name();
        list.add(
            format!("qe-signer/{name}"),
            "the quoting enclave is signed by somebody else",
            Sample::quote(kind, |draft| flip(&mut draft.qe_report.mr_signer, 0)),
            Error::QeSigner,
        );
        list.add(
            format!("qe-debug/{name}"),
            "the quoting enclave can be debugged",
            Sample::quote(kind, |draft| {
                let [flags, ..] = &mut draft.qe_report.attributes;
                *flags |= 2;
            }),
            Error::QeDebug,
        );
        list.add(
            format!("qe-product/{name}"),
            "the quoting enclave is another product of Intel's",
            Sample::quote(kind, |draft| draft.qe_report.isv_prod_id = 7),
            Error::QeProduct {
                found: 7,
                expected: qe_prod_id(kind.tee()),
            },
        );
        list.add(
            format!("qe-misc-select/{name}"),
            "the quoting enclave saves extended features of the processor",
            Sample::quote(kind, |draft| draft.qe_report.misc_select = 1),
            Error::QeMiscSelect { found: 1, expected: 0 },
        );
        list.add(
            format!("qe-attributes/{name}"),
            "the quoting enclave has an attribute that the QE identity expects to be clear",
            Sample::quote(kind, |draft| flip(&mut draft.qe_report.attributes, 1)),
            Error::QeAttributes { byte: 1 },
        );
        list.add(
            format!("qe-too-old/{name}"),
            "the quoting enclave's ISVSVN is one short of the last level",
            Sample::quote(kind, |draft| draft.qe_report.isv_svn = 4),
            Error::QeSvn { found: 4, needed: Some(5) },
        );
        list.add(
            format!("qe-revoked/{name}"),
            "the quoting enclave's level is Revoked",
            Sample::quote(kind, |draft| draft.qe_report.isv_svn = 5),
            Error::TcbRevoked,
        );
        list.add(
            format!("qe-identity-without-levels/{name}"),
            "the QE identity has no levels",
            Sample::identity(kind, "/tcbLevels", json!([])),
            Error::QeSvn { found: 8, needed: None },
        );
        let status = TcbStatus::SWHardeningNeeded;
        list.add(
            format!("qe-identity-with-a-status-of-no-enclave/{name}"),
            format!("the quoting enclave's level is {status}"),
            Sample::identity(kind, "/tcbLevels/0/tcbStatus", json!(status.as_str())),
            Error::StatusNotAllowed {
                part: Part::QeIdentity,
                status,
            },
        );
    }
}
