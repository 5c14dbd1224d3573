//! Events of a transaction.

use crate::{Chain, ClientError, DispatchFailure};
use codec::Decode;
use khala_primitives::{AccountId32, Balance, H256};
use subxt::{events::Phase, Metadata};

/// One event, with its fields in SCALE.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// The pallet that says it.
    pub pallet: String,
    /// Its name.
    pub name: String,
    /// Its fields, one after another, in SCALE.
    pub fields: Vec<u8>,
}

impl Event {
    /// Is it this event?
    pub fn is(&self, pallet: &str, name: &str) -> bool {
        self.pallet == pallet && self.name == name
    }

    /// Reads the first fields as a tuple; further fields are ignored.
    pub fn decode<T: Decode>(&self) -> Result<T, ClientError> {
        T::decode(&mut self.fields.as_slice()).map_err(|error| ClientError::decode(format!("event {}.{}", self.pallet, self.name), error))
    }
}

impl Chain {
    /// The events of all transactions of a block, each with the transaction's index.
    pub async fn transaction_events(&self, block: H256) -> Result<Vec<(u32, Event)>, ClientError> {
        let at = self.at(block).await?;
        let events = self.deadline("System.Events", at.events().fetch()).await?;
        let events = events.map_err(|error| ClientError::decode("System.Events", error))?;
        let mut found = Vec::new();
        for event in events.iter() {
            let event = event.map_err(|error| ClientError::decode("System.Events", error))?;
            if let Phase::ApplyExtrinsic(index) = event.phase() {
                let fields = event.field_bytes().to_vec();
                found.push((
                    index,
                    Event {
                        pallet: event.pallet_name().into(),
                        name: event.event_name().into(),
                        fields,
                    },
                ));
            }
        }
        Ok(found)
    }
}

/// The fee that was paid, in planck; `None` when nothing was asked for.
pub(crate) fn fee(events: &[Event]) -> Option<Balance> {
    let paid = events.iter().find(|event| event.is("TransactionPayment", "TransactionFeePaid"))?;
    let (_who, fee, _tip) = paid.decode::<(AccountId32, Balance, Balance)>().ok()?;
    Some(fee)
}

/// Why the call failed, if it did: of itself, or inside `Sudo.sudo` or `Proxy.proxy`.
pub(crate) fn failure(events: &[Event], metadata: &Metadata) -> Option<DispatchFailure> {
    events.iter().find_map(|event| {
        if event.is("System", "ExtrinsicFailed") {
            return Some(DispatchFailure::decode(&event.fields, metadata));
        }
        // Their first field is a Result: 1 is Err, and the error follows.
        let wraps = event.is("Sudo", "Sudid") || event.is("Proxy", "ProxyExecuted");
        match (wraps, event.fields.as_slice()) {
            (true, [1, error @ ..]) => Some(DispatchFailure::decode(error, metadata)),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::tests::metadata;
    use codec::Encode;

    fn event(pallet: &str, name: &str, fields: impl Encode) -> Event {
        Event {
            pallet: pallet.into(),
            name: name.into(),
            fields: fields.encode(),
        }
    }

    #[test]
    fn the_fee_is_read_from_its_event() {
        let who = AccountId32::new([1; 32]);
        let paid = event("TransactionPayment", "TransactionFeePaid", (who, 77u128, 0u128));
        assert_eq!(fee(&[event("System", "ExtrinsicSuccess", ()), paid]), Some(77));
        assert_eq!(fee(&[]), None);
    }

    #[test]
    fn a_failure_is_found_in_the_call_itself_and_inside_sudo_and_proxy() {
        let module_error = (3u8, 7u8, [2u8, 0, 0, 0]);
        let failed = failure(&[event("System", "ExtrinsicFailed", (module_error, [0u8; 9]))], &metadata()).unwrap();
        assert_eq!(failed.name().as_deref(), Some("Demo::Empty"));
        for (pallet, name) in [("Sudo", "Sudid"), ("Proxy", "ProxyExecuted")] {
            let inside = [event(pallet, name, (1u8, module_error)), event("System", "ExtrinsicSuccess", ())];
            assert_eq!(failure(&inside, &metadata()), Some(failed.clone()), "{pallet}");
        }
    }

    #[test]
    fn success_is_no_failure() {
        let events = [
            event("Sudo", "Sudid", 0u8),
            event("Proxy", "ProxyExecuted", 0u8),
            event("System", "ExtrinsicSuccess", [0u8; 9]),
        ];
        assert_eq!(failure(&events, &metadata()), None);
    }

    #[test]
    fn an_event_of_another_shape_says_so() {
        let error = event("StakePool", "PoolCreated", 1u8).decode::<u32>().unwrap_err();
        assert!(error.to_string().contains("StakePool.PoolCreated"), "{error}");
    }
}
