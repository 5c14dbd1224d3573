//! Group 3: the PCK certificate's SGX extension.

use super::{
    differences::PLATFORM_VALUES,
    sample::{find, put},
    List, Sample,
};
use crate::{error::Error, forge::der, part::PckField, pck::oids};
use const_oid::ObjectIdentifier;
use std::{format, string::ToString, vec, vec::Vec};

pub(super) fn add(list: &mut List) {
    let extension = Error::PckExtension {
        field: PckField::Extension,
    };
    list.add(
        "sgx-extension-missing",
        "the PCK certificate has no SGX extension",
        Sample::leaf(|draft| draft.extensions.clear()),
        extension,
    );
    list.add(
        "sgx-extension-not-der",
        "the SGX extension is one byte",
        Sample::extension(|extension| *extension = vec![0x30]),
        extension,
    );
    for (field, name) in [
        (PckField::Ppid, oids::PPID),
        (PckField::Tcb, oids::TCB),
        (PckField::PceSvn, oids::PCE_SVN),
        (PckField::CpuSvn, oids::CPU_SVN),
        (PckField::PceId, oids::PCE_ID),
        (PckField::Fmspc, oids::FMSPC),
        (PckField::SgxType, oids::SGX_TYPE),
    ] {
        let slug = field.to_string().to_lowercase().replace(' ', "-");
        list.add(
            format!("sgx-extension-without-{slug}"),
            format!("the {field} stands under a name that nobody knows"),
            Sample::extension(|extension| {
                // The last arc of the name.
                let at = behind(extension, name).saturating_sub(1);
                put(extension, at, &[0x7f]);
            }),
            Error::PckExtension { field },
        );
        if field != PckField::Tcb {
            list.add_stricter(
                format!("sgx-extension-with-{slug}-of-another-type"),
                format!("the {field} is a text"),
                with_tag(name, der::UTF8_STRING),
                Error::PckExtension { field },
                &PLATFORM_VALUES,
            );
        }
    }
    for (field, name, what) in [
        (PckField::Configuration, oids::SMT_ENABLED, "smt-flag"),
        (PckField::PlatformInstanceId, oids::PLATFORM_INSTANCE_ID, "platform-instance-id"),
    ] {
        list.add_stricter(
            format!("sgx-extension-with-{what}-of-another-type"),
            format!("the {} is a text", what.replace('-', " ")),
            with_tag(name, der::UTF8_STRING),
            Error::PckExtension { field },
            &PLATFORM_VALUES,
        );
    }
}

/// Evidence of a machine in whose SGX extension a value has another type.
fn with_tag(name: ObjectIdentifier, tag: u8) -> Sample {
    Sample::extension(|extension| {
        let at = behind(extension, name);
        put(extension, at, &[tag]);
    })
}

/// Where the value of a name begins.
pub(super) fn behind(extension: &[u8], name: ObjectIdentifier) -> usize {
    let name: Vec<u8> = der::oid(name);
    find(extension, &name).saturating_add(name.len())
}
