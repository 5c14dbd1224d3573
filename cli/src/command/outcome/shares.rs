//! Events that pools and vaults have in common.

use super::Told;
use crate::{args::Target, units};
use khala_client::{ClientError, Event};
use khala_primitives::{AccountId32, Balance, RequestId};
use serde_json::json;

/// What such an event says; `None` when it is another one. `of`: whose number it names.
pub(super) fn told(event: &Event, of: fn(u32) -> Target) -> Result<Option<Told>, ClientError> {
    let pha = |amount: Balance| units::pha(amount, 6);
    Ok(Some(match event.name.as_str() {
        "Delegated" => {
            let (number, who, amount, shares): (u32, AccountId32, Balance, u128) = event.decode()?;
            let target = of(number);
            (
                format!("{} PHA bought {} shares of {target}.", pha(amount), pha(shares)),
                target.facts(json!({ "who": who, "amount": amount.to_string(), "shares": shares.to_string() })),
            )
        }
        "RequestCancelled" => {
            let (number, request, who, shares): (u32, RequestId, AccountId32, u128) = event.decode()?;
            let target = of(number);
            (
                format!(
                    "Request {request} of {target} was cancelled; {} shares are held for it again.",
                    pha(shares)
                ),
                target.facts(json!({ "request": request, "who": who, "shares": shares.to_string() })),
            )
        }
        "SharesTransferred" => {
            let (number, from, to, shares): (u32, AccountId32, AccountId32, u128) = event.decode()?;
            let target = of(number);
            (
                format!("{} shares of {target} went to {}.", pha(shares), units::address(&to)),
                target.facts(json!({ "from": from, "to": to, "shares": shares.to_string() })),
            )
        }
        "CapChanged" => {
            let (number, cap): (u32, Option<Balance>) = event.decode()?;
            let target = of(number);
            let shown = cap.map_or("gone".into(), |cap| format!("{} PHA", pha(cap)));
            (
                format!("The cap of {target} is {shown}."),
                target.facts(json!({ "cap": cap.map(|cap| cap.to_string()) })),
            )
        }
        "RestTaken" => {
            let (number, amount): (u32, Balance) = event.decode()?;
            let target = of(number);
            (
                format!(
                    "Nobody has shares of {target} any more: {} PHA that were left are its owner's.",
                    pha(amount)
                ),
                target.facts(json!({ "amount": amount.to_string() })),
            )
        }
        _ => return Ok(None),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::account;
    use codec::Encode;
    use khala_primitives::PHA;

    fn event(name: &str, fields: impl Encode) -> Event {
        super::super::event("", name, fields)
    }

    #[test]
    fn events_of_shares_are_told_in_sentences_about_what_they_belong_to() {
        let who = account("//Old");
        for (of, shown, key) in [
            (Target::Pool as fn(u32) -> Target, "pool 2", "pool"),
            (Target::Vault, "vault 2", "vault"),
        ] {
            for (event, part) in [
                (
                    event("Delegated", (2u32, &who, 10 * PHA, 9 * PHA)),
                    "10.000000 PHA bought 9.000000 shares of",
                ),
                (
                    event("RequestCancelled", (2u32, 7u64, &who, PHA)),
                    "was cancelled; 1.000000 shares are held for it again",
                ),
                (event("SharesTransferred", (2u32, &who, &who, PHA)), "1.000000 shares of"),
                (event("CapChanged", (2u32, None::<Balance>)), "is gone."),
                (event("CapChanged", (2u32, Some(PHA))), "is 1.000000 PHA."),
                (event("RestTaken", (2u32, PHA)), "1.000000 PHA that were left"),
            ] {
                let (text, facts) = told(&event, of).unwrap().unwrap();
                assert!(text.contains(part) && text.contains(shown), "{text}");
                assert_eq!(facts[key], 2, "{text}");
            }
        }
    }

    #[test]
    fn what_has_another_shape_is_an_error_and_others_are_left() {
        assert!(told(&event("Delegated", 2u32), Target::Vault).is_err());
        assert_eq!(told(&event("FeeTaken", 2u32), Target::Vault).unwrap(), None);
    }
}
