//! Calls by name, with SCALE arguments.

use crate::ClientError;
use codec::{Compact, Encode};
use subxt::{
    ext::{scale_encode, scale_type_resolver::TypeResolver},
    transactions::Payload,
    Metadata,
};

/// A call of the runtime: names of pallet and call, and the arguments in SCALE. Indices are looked up in the metadata
/// of the node that it is sent to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Call {
    pallet: &'static str,
    name: &'static str,
    arguments: Arguments,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Arguments {
    Scale(Vec<u8>),
    /// Arguments in SCALE, and a call behind them.
    Before(Vec<u8>, Box<Call>),
    Many(Vec<Call>),
}

impl Call {
    /// A call with the tuple of its arguments, each of the type that the pallet declares. The constructors in
    /// [`crate::calls`] are the typed way.
    pub fn new(pallet: &'static str, name: &'static str, arguments: impl Encode) -> Self {
        Self {
            pallet,
            name,
            arguments: Arguments::Scale(arguments.encode()),
        }
    }

    /// A call whose last argument is a call; `first` is the tuple of those before it.
    pub(crate) fn with_call(pallet: &'static str, name: &'static str, first: impl Encode, call: Call) -> Self {
        Self {
            pallet,
            name,
            arguments: Arguments::Before(first.encode(), Box::new(call)),
        }
    }

    /// A call whose only argument is a list of calls.
    pub(crate) fn with_calls(pallet: &'static str, name: &'static str, calls: Vec<Call>) -> Self {
        Self {
            pallet,
            name,
            arguments: Arguments::Many(calls),
        }
    }

    /// The pallet's name.
    pub fn pallet(&self) -> &'static str {
        self.pallet
    }

    /// The call's name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The call's bytes: index of the pallet, index of the call, arguments.
    ///
    /// Fails with [`ClientError::UnknownCall`] when the runtime behind `metadata` does not have it.
    pub fn encode(&self, metadata: &Metadata) -> Result<Vec<u8>, ClientError> {
        let mut bytes = self.indices(metadata)?.to_vec();
        bytes.extend(self.encoded_arguments(metadata)?);
        Ok(bytes)
    }

    /// The call with its arguments fixed for one runtime, for subxt to sign.
    pub(crate) fn payload(&self, metadata: &Metadata) -> Result<CallPayload, ClientError> {
        self.indices(metadata)?;
        Ok(CallPayload {
            pallet: self.pallet,
            name: self.name,
            arguments: ScaleBytes(self.encoded_arguments(metadata)?),
        })
    }

    fn indices(&self, metadata: &Metadata) -> Result<[u8; 2], ClientError> {
        let pallet = metadata.pallet_by_name(self.pallet);
        let call = pallet.as_ref().and_then(|pallet| pallet.call_variant_by_name(self.name));
        match (pallet, call) {
            (Some(pallet), Some(call)) => Ok([pallet.call_index(), call.index]),
            _ => Err(ClientError::UnknownCall {
                pallet: self.pallet.into(),
                call: self.name.into(),
            }),
        }
    }

    fn encoded_arguments(&self, metadata: &Metadata) -> Result<Vec<u8>, ClientError> {
        match &self.arguments {
            Arguments::Scale(bytes) => Ok(bytes.clone()),
            Arguments::Before(first, call) => Ok([first.clone(), call.encode(metadata)?].concat()),
            Arguments::Many(calls) => {
                let mut bytes = Compact(calls.len() as u64).encode();
                for call in calls {
                    bytes.extend(call.encode(metadata)?);
                }
                Ok(bytes)
            }
        }
    }
}

impl std::fmt::Display for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.pallet, self.name)
    }
}

/// A [`Call`] as subxt wants it.
pub(crate) struct CallPayload {
    pallet: &'static str,
    name: &'static str,
    arguments: ScaleBytes,
}

/// Arguments that are SCALE already.
pub(crate) struct ScaleBytes(Vec<u8>);

impl Payload for CallPayload {
    type CallData = ScaleBytes;

    fn pallet_name(&self) -> &str {
        self.pallet
    }

    fn call_name(&self) -> &str {
        self.name
    }

    fn call_data(&self) -> &ScaleBytes {
        &self.arguments
    }
}

impl scale_encode::EncodeAsFields for ScaleBytes {
    fn encode_as_fields_to<R: TypeResolver>(
        &self,
        _fields: &mut dyn scale_encode::FieldIter<'_, R::TypeId>,
        _types: &R,
        out: &mut Vec<u8>,
    ) -> Result<(), scale_encode::Error> {
        out.extend_from_slice(&self.0);
        Ok(())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use scale_info::{meta_type, TypeInfo};
    use subxt::ext::frame_metadata::v16;

    #[derive(TypeInfo)]
    #[allow(dead_code, non_camel_case_types)]
    enum DemoCall {
        #[codec(index = 3)]
        put { number: u32, text: Vec<u8> },
        #[codec(index = 5)]
        nothing,
    }

    #[derive(TypeInfo)]
    #[scale_info(capture_docs = "always")]
    #[allow(dead_code)]
    enum DemoError {
        /// Nothing was put.
        /// Put something first.
        #[codec(index = 2)]
        Empty,
    }

    #[derive(TypeInfo)]
    #[allow(dead_code, non_camel_case_types)]
    enum WrapperCall {
        #[codec(index = 0)]
        sudo,
        #[codec(index = 2)]
        batch_all,
    }

    fn pallet(name: &'static str, index: u8, calls: scale_info::MetaType, error: Option<scale_info::MetaType>) -> v16::PalletMetadata {
        let nothing = v16::EnumDeprecationInfo::nothing_deprecated;
        v16::PalletMetadata {
            name,
            storage: None,
            calls: Some(v16::PalletCallMetadata {
                ty: calls,
                deprecation_info: nothing(),
            }),
            event: None,
            constants: Vec::new(),
            error: error.map(|ty| v16::PalletErrorMetadata {
                ty,
                deprecation_info: nothing(),
            }),
            associated_types: Vec::new(),
            view_functions: Vec::new(),
            index,
            docs: Vec::new(),
            deprecation_info: v16::ItemDeprecationInfo::NotDeprecated,
        }
    }

    /// Metadata of a runtime with `Demo` (index 7; calls 3 and 5; error 2), `Sudo` (8) and `Utility` (9).
    pub(crate) fn metadata() -> Metadata {
        v16::RuntimeMetadataV16::new(
            vec![
                pallet("Demo", 7, meta_type::<DemoCall>(), Some(meta_type::<DemoError>())),
                pallet("Sudo", 8, meta_type::<WrapperCall>(), None),
                pallet("Utility", 9, meta_type::<WrapperCall>(), None),
            ],
            v16::ExtrinsicMetadata {
                versions: vec![4, 5],
                address_ty: meta_type::<u8>(),
                call_ty: meta_type::<DemoCall>(),
                signature_ty: meta_type::<u8>(),
                transaction_extensions_by_version: [(0u8, Vec::new())].into_iter().collect(),
                transaction_extensions: Vec::new(),
            },
            Vec::new(),
            v16::OuterEnums {
                call_enum_ty: meta_type::<DemoCall>(),
                event_enum_ty: meta_type::<()>(),
                error_enum_ty: meta_type::<()>(),
            },
            v16::CustomMetadata { map: Default::default() },
        )
        .try_into()
        .unwrap()
    }

    fn put() -> Call {
        Call::new("Demo", "put", (1u32, b"ab".to_vec()))
    }

    const PUT: [u8; 9] = [7, 3, 1, 0, 0, 0, 8, b'a', b'b'];

    #[test]
    fn a_call_is_its_indices_and_its_arguments() {
        assert_eq!(put().encode(&metadata()).unwrap(), PUT);
        assert_eq!(Call::new("Demo", "nothing", ()).encode(&metadata()).unwrap(), [7, 5]);
    }

    #[test]
    fn nested_calls_get_their_own_indices() {
        let sudo = Call::with_call("Sudo", "sudo", (), put()).encode(&metadata()).unwrap();
        assert_eq!(sudo, [&[8, 0][..], &PUT].concat());
        let nothing = Call::new("Demo", "nothing", ());
        let batch = Call::with_calls("Utility", "batch_all", vec![put(), nothing])
            .encode(&metadata())
            .unwrap();
        assert_eq!(batch, [&[9, 2, 8][..], &PUT, &[7, 5]].concat());
    }

    #[test]
    fn a_pallet_or_call_that_the_runtime_lacks_is_named_even_inside_another() {
        for call in [
            Call::new("Demo", "absent", ()),
            Call::new("Absent", "put", ()),
            Call::with_call("Sudo", "sudo", (), Call::new("Absent", "put", ())),
            Call::with_calls("Utility", "batch_all", vec![put(), Call::new("Demo", "absent", ())]),
        ] {
            let error = call.encode(&metadata()).unwrap_err();
            assert!(
                matches!(error, ClientError::UnknownCall { .. }) && error.to_string().contains("bsent"),
                "{error}"
            );
        }
    }

    #[test]
    fn subxt_writes_the_same_bytes() {
        use subxt::{client::OfflineClient, config::substrate::SpecVersionForRange, SubstrateConfig};
        let config = SubstrateConfig::builder()
            .set_metadata_for_spec_versions([(0, metadata().arc())])
            .set_spec_version_for_block_ranges([SpecVersionForRange {
                block_range: 0..9,
                spec_version: 0,
                transaction_version: 0,
            }])
            .build();
        let client = OfflineClient::new_with_config(config).at_block(0u64).unwrap();
        let payload = put().payload(&metadata()).unwrap();
        assert_eq!(client.tx().call_data(&payload).unwrap(), PUT);
    }
}
