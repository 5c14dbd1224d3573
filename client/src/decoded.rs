//! A call in words: decoded from the very bytes that are signed, by the runtime's metadata.

use crate::{Call, ClientError};
use khala_primitives::{AccountId32, SS58_PREFIX};
use sp_core::crypto::{Ss58AddressFormat, Ss58Codec};
use subxt::{
    ext::scale_value::{scale::decode_as_type, Composite, Primitive, Value, ValueDef},
    Metadata,
};

/// A call as the runtime reads it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DecodedCall {
    /// `Pallet.call`.
    pub name: String,
    /// Names and values of its arguments: amounts in planck, bytes in hexadecimal digits, accounts as addresses.
    pub arguments: Vec<(String, String)>,
}

impl Call {
    /// The call as the runtime behind `metadata` reads it.
    ///
    /// Fails when the runtime does not have it, or when its arguments are not those that the runtime declares.
    pub fn decode(&self, metadata: &Metadata) -> Result<DecodedCall, ClientError> {
        let failed = |reason: String| ClientError::decode(format!("the call {self}"), reason);
        let bytes = self.encode(metadata)?;
        let pallet = metadata.pallet_by_name(self.pallet());
        let calls = pallet.and_then(|pallet| pallet.call_ty_id());
        let (Some(calls), Some((_, mut variant))) = (calls, bytes.split_first()) else {
            return Err(failed("the runtime has no such pallet".into()));
        };
        let value = decode_as_type(&mut variant, calls, metadata.types()).map_err(|error| failed(error.to_string()))?;
        if !variant.is_empty() {
            return Err(failed(format!("{} bytes are left behind its arguments", variant.len())));
        }
        let ValueDef::Variant(call) = &value.value else {
            return Err(failed("the runtime's calls are no enumeration".into()));
        };
        let arguments = match &call.values {
            Composite::Named(fields) => fields
                .iter()
                .map(|(name, field)| (name.clone(), Words(metadata).value(field)))
                .collect(),
            Composite::Unnamed(fields) => (0..)
                .zip(fields)
                .map(|(place, field): (usize, _)| (place.to_string(), Words(metadata).value(field)))
                .collect(),
        };
        Ok(DecodedCall {
            name: self.to_string(),
            arguments,
        })
    }
}

/// Writes values of a runtime's types.
struct Words<'a>(&'a Metadata);

impl Words<'_> {
    fn value(&self, value: &Value<u32>) -> String {
        match &value.value {
            ValueDef::Composite(fields) => self.composite(fields, value.context),
            ValueDef::Variant(variant) => match &variant.values {
                Composite::Unnamed(fields) if fields.is_empty() => variant.name.clone(),
                Composite::Named(fields) if fields.is_empty() => variant.name.clone(),
                Composite::Unnamed(fields) => match fields.as_slice() {
                    [call] if self.is("RuntimeCall", value.context) => format!("{}.{}", variant.name, self.value(call)),
                    _ => format!("{}({})", variant.name, self.list(fields)),
                },
                Composite::Named(fields) => format!("{}({})", variant.name, self.fields(fields)),
            },
            ValueDef::BitSequence(bits) => format!("{bits:?}"),
            ValueDef::Primitive(primitive) => match primitive {
                Primitive::Bool(value) => value.to_string(),
                Primitive::Char(value) => format!("{value:?}"),
                Primitive::String(value) => format!("{value:?}"),
                Primitive::U128(value) => value.to_string(),
                Primitive::I128(value) => value.to_string(),
                Primitive::U256(bytes) | Primitive::I256(bytes) => format!("0x{}", hex::encode(bytes)),
            },
        }
    }

    fn composite(&self, composite: &Composite<u32>, of: u32) -> String {
        match composite {
            Composite::Named(fields) => format!("{{ {} }}", self.fields(fields)),
            Composite::Unnamed(fields) => {
                if let Some(bytes) = bytes(fields) {
                    return format!("0x{}", hex::encode(bytes));
                }
                match fields.as_slice() {
                    [inner] if self.is("AccountId32", of) => address(inner).unwrap_or_else(|| self.value(inner)),
                    // A list of one is a list; a type around one value is that value.
                    [inner] if !self.is_list(of) => self.value(inner),
                    fields => format!("[{}]", self.list(fields)),
                }
            }
        }
    }

    fn list(&self, values: &[Value<u32>]) -> String {
        let words: Vec<_> = values.iter().map(|value| self.value(value)).collect();
        words.join(", ")
    }

    fn fields(&self, fields: &[(String, Value<u32>)]) -> String {
        let words: Vec<_> = fields
            .iter()
            .map(|(name, value)| format!("{name}: {}", self.value(value)))
            .collect();
        words.join(", ")
    }

    /// Is it a type of this name?
    fn is(&self, name: &str, ty: u32) -> bool {
        let ty = self.0.types().resolve(ty);
        ty.and_then(|ty| ty.path.segments.last()).is_some_and(|last| last == name)
    }

    fn is_list(&self, ty: u32) -> bool {
        use subxt::ext::scale_type_resolver::{visitor, TypeResolver};
        let is_list = visitor::new((), |_, _| false)
            .visit_sequence(|_, _, _| true)
            .visit_array(|_, _, _| true);
        self.0.types().resolve_type(ty, is_list).unwrap_or(false)
    }
}

/// The bytes of a list of at least two numbers below 256.
fn bytes(values: &[Value<u32>]) -> Option<Vec<u8>> {
    let byte = |value: &Value<u32>| match value.value {
        ValueDef::Primitive(Primitive::U128(number)) => u8::try_from(number).ok(),
        _ => None,
    };
    (values.len() > 1).then(|| values.iter().map(byte).collect()).flatten()
}

fn address(value: &Value<u32>) -> Option<String> {
    let ValueDef::Composite(Composite::Unnamed(fields)) = &value.value else {
        return None;
    };
    let account = AccountId32::new(bytes(fields)?.try_into().ok()?);
    Some(account.to_ss58check_with_version(Ss58AddressFormat::custom(SS58_PREFIX)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::tests::metadata;

    #[test]
    fn a_call_is_told_with_the_names_and_values_of_its_arguments() {
        let call = Call::new("Demo", "put", (7u32, b"ab".to_vec())).decode(&metadata()).unwrap();
        let expected = [("number", "7"), ("text", "0x6162")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!((call.name.as_str(), call.arguments.as_slice()), ("Demo.put", &expected[..]));
        assert_eq!(Call::new("Demo", "nothing", ()).decode(&metadata()).unwrap().arguments, []);
    }

    #[test]
    fn arguments_of_another_shape_are_an_error_before_they_are_signed() {
        for call in [
            Call::new("Demo", "put", 7u32),
            Call::new("Demo", "put", (7u32, b"ab".to_vec(), 1u8)),
            Call::new("Absent", "put", ()),
        ] {
            assert!(call.decode(&metadata()).is_err(), "{call:?}");
        }
    }
}
