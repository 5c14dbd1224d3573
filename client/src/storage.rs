//! Storage and constants of the runtime, by the names and types in its metadata.

use crate::{At, Chain, ClientError};
use codec::{Decode, DecodeAll, Encode};
use subxt::{
    ext::scale_value::{scale::decode_as_type, At as _, ValueDef},
    ext::scale_value::{Composite, Primitive, Value},
    Metadata,
};

/// Keys that a node gives at once.
const PAGE: u32 = 1_000;

/// `twox128(pallet) ++ twox128(entry)`.
pub(crate) fn prefix(pallet: &str, entry: &str) -> Vec<u8> {
    let mut key = sp_crypto_hashing::twox_128(pallet.as_bytes()).to_vec();
    key.extend_from_slice(&sp_crypto_hashing::twox_128(entry.as_bytes()));
    key
}

/// A key of a map with the hasher `Twox64Concat`.
pub(crate) fn twox_64_concat(key: impl Encode) -> Vec<u8> {
    let key = key.encode();
    [sp_crypto_hashing::twox_64(&key).to_vec(), key].concat()
}

/// A key of a map with the hasher `Blake2_128Concat`.
pub(crate) fn blake2_128_concat(key: impl Encode) -> Vec<u8> {
    let key = key.encode();
    [sp_crypto_hashing::blake2_128(&key).to_vec(), key].concat()
}

impl Chain {
    /// A constant of the runtime.
    pub(crate) async fn constant<T: Decode>(&self, pallet: &str, name: &str) -> Result<T, ClientError> {
        let metadata = self.metadata().await?;
        let constant = metadata.pallet_by_name(pallet).and_then(|pallet| pallet.constant_by_name(name));
        let failed = |reason: String| ClientError::decode(format!("the constant {pallet}.{name}"), reason);
        let constant = constant.ok_or_else(|| failed("the runtime does not have it".into()))?;
        T::decode_all(&mut constant.value()).map_err(|error| failed(error.to_string()))
    }

    /// Numbers in a value of the storage, by their names; the runtime's default where nothing is stored.
    pub(crate) async fn numbers<const N: usize>(
        &self,
        pallet: &str,
        entry: &str,
        fields: [&str; N],
        at: At,
    ) -> Result<[u128; N], ClientError> {
        let stored = self.storage(&prefix(pallet, entry), at).await?;
        let value = value_of(&*self.metadata().await?, pallet, entry, stored)?;
        let mut numbers = [0; N];
        for (number, field) in numbers.iter_mut().zip(fields) {
            *number = value.at(field).and_then(number_in).ok_or_else(|| {
                ClientError::decode(
                    format!("{pallet}.{entry}"),
                    format!("the runtime's type has no number of the name {field}"),
                )
            })?;
        }
        Ok(numbers)
    }

    /// Keys below a prefix, at most `most` of them, in the order of their bytes.
    pub(crate) async fn keys_below(&self, prefix: &[u8], most: usize, at: At) -> Result<Vec<Vec<u8>>, ClientError> {
        let hash = self.resolve(at).await?;
        let mut keys: Vec<Vec<u8>> = Vec::new();
        loop {
            let page = self
                .request(
                    "state_getKeysPaged",
                    self.methods()
                        .state_get_keys_paged(prefix, PAGE, keys.last().map(Vec::as_slice), hash),
                )
                .await?;
            let is_last = page.len() < PAGE as usize;
            keys.extend(page);
            if is_last || keys.len() >= most {
                keys.truncate(most);
                return Ok(keys);
            }
        }
    }
}

fn value_of(metadata: &Metadata, pallet: &str, entry: &str, stored: Option<Vec<u8>>) -> Result<Value<u32>, ClientError> {
    let failed = |reason: String| ClientError::decode(format!("{pallet}.{entry}"), reason);
    let known = metadata.pallet_by_name(pallet).and_then(|pallet| pallet.storage());
    let known = known.and_then(|storage| storage.entry_by_name(entry));
    let known = known.ok_or_else(|| failed("the runtime does not have it".into()))?;
    let bytes = stored.or_else(|| known.default_value().map(<[u8]>::to_vec));
    let bytes = bytes.ok_or_else(|| failed("nothing is stored".into()))?;
    decode_as_type(&mut bytes.as_slice(), known.value_ty(), metadata.types()).map_err(|error| failed(error.to_string()))
}

/// A number, or what a type around one number holds.
fn number_in(value: &Value<u32>) -> Option<u128> {
    match &value.value {
        ValueDef::Primitive(Primitive::U128(number)) => Some(*number),
        ValueDef::Composite(Composite::Unnamed(fields)) => match fields.as_slice() {
            [inner] => number_in(inner),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_maps_are_a_hash_and_the_key() {
        assert_eq!(
            hex::encode(prefix("System", "Account")),
            "26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9"
        );
        assert_eq!(hex::encode(twox_64_concat(1u32)), "5153cb1f00942ff401000000");
        assert_eq!(blake2_128_concat(1u32)[16..], [1, 0, 0, 0]);
    }
}
