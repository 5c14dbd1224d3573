//! Group 4: the TDX module.

use super::{Kind, List, Sample};
use crate::{
    error::Error,
    forge::TEE_TCB_SVN,
    part::Part,
    quote::TdReport,
    shortfall::{Component, Shortfall},
};
use khala_primitives::TcbStatus;
use serde_json::json;
use std::format;

pub(super) fn add(list: &mut List) {
    for kind in Kind::TDX {
        add_svns(list, kind, "at-launch", |svns| {
            move |report: &mut TdReport| change(&mut report.tee_tcb_svn, svns)
        });
        add_identity(list, kind);
    }
    for kind in [Kind::Tdx15, Kind::Tdx15Ex] {
        add_svns(list, kind, "now", |svns| {
            move |report: &mut TdReport| {
                if let Some(td15) = &mut report.td15 {
                    change(&mut td15.tee_tcb_svn2, svns);
                }
            }
        });
    }
}

/// ISVSVN and version of a TDX module.
type Svns = (u8, u8);

fn change(tee_tcb_svn: &mut [u8; 16], (isv_svn, version): Svns) {
    let [first, second, ..] = tee_tcb_svn;
    (*first, *second) = (isv_svn, version);
}

/// Modules of another version or security version, when the TD was launched or now.
fn add_svns<C: FnOnce(&mut TdReport)>(list: &mut List, kind: Kind, when: &str, svns: impl Fn(Svns) -> C) {
    let [current, version, ..] = TEE_TCB_SVN;
    let shortfall = Shortfall {
        component: Component::TdxModule,
        has: 0,
        needs: 1,
    };
    for (what, fault, found, error) in [
        (
            "unknown-version",
            "a version of the TDX module that the TCB info does not know",
            (current, 2),
            Error::TdxModuleVersion { found: 2 },
        ),
        (
            "too-old",
            "a TDX module below all levels of its version",
            (0, version),
            Error::TdxModuleSvn { shortfall },
        ),
        ("revoked", "a TDX module whose level is Revoked", (2, version), Error::TcbRevoked),
        (
            "without-version",
            "no version of the TDX module, and every level needs one",
            (current, 0),
            Error::NoTcbLevel {
                shortfall: Some(Shortfall {
                    component: Component::Tdx(1),
                    has: 0,
                    needs: 1,
                }),
            },
        ),
    ] {
        list.add(
            format!("tdx-module-{what}-{when}/{}", kind.name()),
            fault,
            Sample::td(kind, svns(found)),
            error,
        );
    }
}

fn add_identity(list: &mut List, kind: Kind) {
    let name = kind.name();
    list.add(
        format!("tdx-module-signer/{name}"),
        "the TDX module is signed by somebody else",
        Sample::td(kind, |report| super::sample::flip(&mut report.mr_signer_seam, 47)),
        Error::TdxModuleSigner,
    );
    list.add(
        format!("seam-attributes/{name}"),
        "an attribute of the TDX module is set that the TCB info expects to be clear",
        Sample::td(kind, |report| super::sample::flip(&mut report.seam_attributes, 7)),
        Error::SeamAttributes { byte: 7 },
    );
    list.add(
        format!("seam-attributes-outside-the-mask/{name}"),
        "an attribute of the TDX module is set that the TCB info does not compare",
        {
            let mask = Sample::info(kind, "/tdxModuleIdentities/0/attributesMask", json!("FF00FFFFFFFFFFFF"));
            Sample::td(kind, |report| super::sample::flip(&mut report.seam_attributes, 1))
                .then(|sample| sample.collateral = mask.collateral)
        },
        Error::SeamAttributes { byte: 1 },
    );
    list.add(
        format!("tdx-module-missing/{name}"),
        "the TCB info names no TDX module",
        Sample::collateral(kind, |draft| {
            if let Some(fields) = draft.tcb_info.as_object_mut() {
                fields.remove("tdxModule");
            }
        }),
        Error::TdxModuleMissing,
    );
    let status = TcbStatus::SWHardeningNeeded;
    list.add(
        format!("tdx-module-with-a-status-of-no-module/{name}"),
        format!("the TDX module's level is {status}"),
        Sample::info(kind, "/tdxModuleIdentities/0/tcbLevels/0/tcbStatus", json!(status.as_str())),
        Error::StatusNotAllowed {
            part: Part::TcbInfo,
            status,
        },
    );
}
