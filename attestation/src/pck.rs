//! The PCK certificate's SGX extension: which platform it is, and how up to date.
//!
//! Format: Intel, *SGX PCK Certificate and Certificate Revocation List Profile Specification*, section 1.3.5: a
//! sequence of pairs of an object identifier and a value.

use crate::{
    certs::Certificate,
    error::Error,
    hex_bytes::Fmspc,
    part::PckField,
    verdict::{platform_id, PlatformFlags},
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use const_oid::ObjectIdentifier;
use der::{asn1::AnyRef, Decode as _, Sequence, Tag, Tagged as _};
use khala_primitives::PlatformId;
use scale_info::TypeInfo;

/// Object identifiers of Intel's in the PCK certificate.
pub(crate) mod oids {
    use const_oid::ObjectIdentifier;

    const fn oid(text: &str) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(text)
    }

    pub(crate) const SGX_EXTENSION: ObjectIdentifier = oid("1.2.840.113741.1.13.1");
    pub(crate) const PPID: ObjectIdentifier = oid("1.2.840.113741.1.13.1.1");
    pub(crate) const TCB: ObjectIdentifier = oid("1.2.840.113741.1.13.1.2");
    pub(crate) const PCE_SVN: ObjectIdentifier = oid("1.2.840.113741.1.13.1.2.17");
    pub(crate) const CPU_SVN: ObjectIdentifier = oid("1.2.840.113741.1.13.1.2.18");
    pub(crate) const PCE_ID: ObjectIdentifier = oid("1.2.840.113741.1.13.1.3");
    pub(crate) const FMSPC: ObjectIdentifier = oid("1.2.840.113741.1.13.1.4");
    pub(crate) const SGX_TYPE: ObjectIdentifier = oid("1.2.840.113741.1.13.1.5");
    pub(crate) const PLATFORM_INSTANCE_ID: ObjectIdentifier = oid("1.2.840.113741.1.13.1.6");
    pub(crate) const CONFIGURATION: ObjectIdentifier = oid("1.2.840.113741.1.13.1.7");
    pub(crate) const DYNAMIC_PLATFORM: ObjectIdentifier = oid("1.2.840.113741.1.13.1.7.1");
    pub(crate) const CACHED_KEYS: ObjectIdentifier = oid("1.2.840.113741.1.13.1.7.2");
    pub(crate) const SMT_ENABLED: ObjectIdentifier = oid("1.2.840.113741.1.13.1.7.3");
}

/// What the PCK certificate says of the platform.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Platform {
    /// `blake2_256("khala/platform/v1" ++ PPID)`.
    pub id: PlatformId,
    /// The processor family.
    pub fmspc: Fmspc,
    /// Which provisioning certification enclave.
    pub pce_id: [u8; 2],
    /// Security version of the processor and its firmware.
    pub cpu_svn: [u8; 16],
    /// Security version of the provisioning certification enclave.
    pub pce_svn: u16,
    /// 0: standard; 1: scalable; 2: scalable with integrity.
    pub sgx_type: u16,
    /// Properties that certificates of the PCK Platform CA name.
    pub flags: PlatformFlags,
}

/// One pair of the extension.
#[derive(Sequence)]
struct Pair<'a> {
    name: ObjectIdentifier,
    value: AnyRef<'a>,
}

/// A sequence of pairs.
struct Pairs<'a>(Vec<Pair<'a>>);

impl<'a> Pairs<'a> {
    fn parse(der: &'a [u8], field: PckField) -> Result<Self, Error> {
        Vec::<Pair<'a>>::from_der(der).map(Self).map_err(|_| Error::PckExtension { field })
    }

    fn nested(&self, name: ObjectIdentifier, field: PckField) -> Result<Option<Self>, Error> {
        let Some(value) = self.find(name) else { return Ok(None) };
        let pairs = value.decode_as::<Vec<Pair<'a>>>().map_err(|_| Error::PckExtension { field })?;
        Ok(Some(Self(pairs)))
    }

    fn find(&self, name: ObjectIdentifier) -> Option<AnyRef<'a>> {
        self.0.iter().find(|pair| pair.name == name).map(|pair| pair.value)
    }

    /// The contents of a value with a tag.
    fn value(&self, name: ObjectIdentifier, tag: Tag, field: PckField) -> Result<&'a [u8], Error> {
        let value = self
            .find(name)
            .filter(|value| value.tag() == tag)
            .ok_or(Error::PckExtension { field })?;
        Ok(value.value())
    }

    fn array<const N: usize>(&self, name: ObjectIdentifier, field: PckField) -> Result<[u8; N], Error> {
        self.value(name, Tag::OctetString, field)?
            .try_into()
            .map_err(|_| Error::PckExtension { field })
    }

    /// A number of one or two bytes.
    fn number(&self, name: ObjectIdentifier, tag: Tag, field: PckField) -> Result<u16, Error> {
        match *self.value(name, tag, field)? {
            [low] => Ok(u16::from(low)),
            [high, low] => Ok(u16::from_be_bytes([high, low])),
            _ => Err(Error::PckExtension { field }),
        }
    }

    fn flag(&self, name: ObjectIdentifier) -> Result<Option<bool>, Error> {
        if self.find(name).is_none() {
            return Ok(None);
        }
        match *self.value(name, Tag::Boolean, PckField::Configuration)? {
            [byte] => Ok(Some(byte != 0)),
            _ => Err(Error::PckExtension {
                field: PckField::Configuration,
            }),
        }
    }
}

impl Platform {
    /// Reads the SGX extension of a PCK certificate.
    pub(crate) fn read(leaf: &Certificate) -> Result<Self, Error> {
        let extension = leaf.extension(oids::SGX_EXTENSION).ok_or(Error::PckExtension {
            field: PckField::Extension,
        })?;
        let pairs = Pairs::parse(extension, PckField::Extension)?;
        let tcb = pairs
            .nested(oids::TCB, PckField::Tcb)?
            .ok_or(Error::PckExtension { field: PckField::Tcb })?;
        let flags = match pairs.nested(oids::CONFIGURATION, PckField::Configuration)? {
            None => PlatformFlags::default(),
            Some(configuration) => PlatformFlags {
                dynamic_platform: configuration.flag(oids::DYNAMIC_PLATFORM)?,
                cached_keys: configuration.flag(oids::CACHED_KEYS)?,
                smt_enabled: configuration.flag(oids::SMT_ENABLED)?,
            },
        };
        if pairs.find(oids::PLATFORM_INSTANCE_ID).is_some() {
            // Certificates of the PCK Processor CA have none. It changes with the platform's packages, the PPID does not.
            let _id: [u8; 16] = pairs.array(oids::PLATFORM_INSTANCE_ID, PckField::PlatformInstanceId)?;
        }
        Ok(Self {
            id: platform_id(&pairs.array(oids::PPID, PckField::Ppid)?),
            fmspc: Fmspc(pairs.array(oids::FMSPC, PckField::Fmspc)?),
            pce_id: pairs.array(oids::PCE_ID, PckField::PceId)?,
            cpu_svn: tcb.array(oids::CPU_SVN, PckField::CpuSvn)?,
            pce_svn: tcb.number(oids::PCE_SVN, Tag::Integer, PckField::PceSvn)?,
            sgx_type: pairs.number(oids::SGX_TYPE, Tag::Enumerated, PckField::SgxType)?,
            flags,
        })
    }
}
