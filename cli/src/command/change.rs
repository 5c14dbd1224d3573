//! A change of pools, vaults or delegations: shown, consented to, signed, followed, told.

use super::{
    actor::Actor,
    consent::Consent,
    outcome::{self, Happened},
    transaction::{Planned, Sent, NOTHING_SENT},
};
use crate::{
    args::{Global, PoolSigning},
    failure::{Exit, Failure},
    keys,
    output::{self, Output},
    units,
};
use khala_client::{AccountBalance, At, Call, Chain, ClientError};
use khala_primitives::{AccountId32, Balance};
use serde::Serialize;
use serde_json::Value;

/// What a change is made from: the chain at one block, and who acts.
pub struct Desk {
    /// The chain.
    pub chain: Chain,
    /// The block of all that was looked up: the best one when this was opened.
    pub at: At,
    /// Its time, in seconds since 1970.
    pub now_secs: u64,
    /// Who acts.
    pub actor: Actor,
    consent: Consent,
    global: Global,
}

/// A change that was checked.
pub struct Change {
    /// The call, as whoever acts makes it.
    pub call: Call,
    /// What it takes from whoever acts, beside the fee, in planck.
    pub spends: Balance,
    /// What it will do, in sentences.
    pub will: Vec<String>,
    /// The same for programs.
    pub details: Value,
}

impl Change {
    /// A change that spends nothing.
    pub fn new(call: Call, will: Vec<String>, details: Value) -> Self {
        Self {
            call,
            spends: 0,
            will,
            details,
        }
    }

    /// The same, taking so many planck from whoever acts.
    pub fn spending(self, spends: Balance) -> Self {
        Self { spends, ..self }
    }
}

/// What was done, or would be.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Done<'a> {
    #[serde(flatten)]
    planned: &'a Planned,
    /// In whose name, when that is not the account that signs.
    proxy_for: Option<&'a AccountId32>,
    will: &'a [String],
    details: &'a Value,
    /// None when nothing was sent.
    sent: Option<Sent>,
    happened: Vec<Happened>,
}

impl Desk {
    /// Reads the key, connects, and looks at the newest block.
    ///
    /// # Errors
    /// Nobody could consent, the key cannot be used, the node is away, or the key is no proxy's.
    pub async fn open(global: &Global, args: &PoolSigning) -> Result<Self, Failure> {
        let consent = Consent::new(global, &args.signing)?;
        let signer = keys::load(&args.signing.key_file)?;
        let chain = Chain::connect(&global.url).await?;
        let at = At::Hash(chain.best().await?.hash);
        Ok(Self {
            now_secs: now_secs(&chain, at).await?,
            actor: Actor::new(&chain, signer, args.proxy_for.as_ref(), at).await?,
            chain,
            at,
            consent,
            global: global.clone(),
        })
    }

    /// Shows a change, asks, signs it, and follows it until it counts as done.
    ///
    /// # Errors
    /// The account cannot pay for it, the answer is no, or the chain refuses it.
    pub async fn carry_out(&self, change: Change) -> Result<Exit, Failure> {
        let call = self.actor.call(change.call);
        let planned = Planned::new(&self.chain, &self.actor.signer, &call).await?;
        self.check_coins(change.spends, planned.fee).await?;
        let mut lines = planned.lines();
        lines.push(String::new());
        lines.extend(change.will.iter().cloned());
        let (mut sent, mut happened) = (None, Vec::new());
        if self.consent.ask(&lines)? {
            let receipt = self.chain.submit(&self.actor.signer, &call, self.global.wait.into()).await;
            let receipt = receipt.map_err(refused)?;
            happened = outcome::of(&self.chain, &receipt).await?;
            sent = Some(Sent::from(&receipt));
        }
        match (self.global.output, &sent) {
            (Output::Json, _) => output::print_json(&Done {
                planned: &planned,
                proxy_for: self.actor.is_proxy().then(|| self.actor.id()),
                will: &change.will,
                details: &change.details,
                sent,
                happened,
            })?,
            (Output::Table, Some(sent)) => {
                output::print_lines([String::new(), format!("Done {sent}.")])?;
                output::print_lines(happened.iter().map(|event| &event.text))?;
            }
            (Output::Table, None) => output::print_lines(["", NOTHING_SENT])?,
        }
        Ok(Exit::Done)
    }

    /// Can those who pay do so? They are told what is missing before it costs a fee.
    async fn check_coins(&self, spends: Balance, fee: Balance) -> Result<(), Failure> {
        let alive = self.chain.existential_deposit().await?;
        let (signer, real) = (self.actor.signer.id(), self.actor.id());
        let (from_signer, from_real) = match self.actor.is_proxy() {
            true => (fee, spends),
            false => (spends.saturating_add(fee), 0),
        };
        for (account, amount) in [(signer, from_signer), (real, from_real)] {
            if amount > 0 {
                let movable = movable(&self.chain.balance(account, self.at).await?, alive);
                check_movable(account, movable, amount, spends)?;
            }
        }
        Ok(())
    }
}

/// Time of a block, in seconds since 1970.
pub async fn now_secs(chain: &Chain, at: At) -> Result<u64, ClientError> {
    Ok(chain.network_status(at).await?.now_ms / 1_000)
}

/// What an account can give away and stay alive, in planck.
fn movable(balance: &AccountBalance, alive: Balance) -> Balance {
    let stays = balance.frozen.saturating_sub(balance.reserved).max(alive);
    balance.free.saturating_sub(stays)
}

fn check_movable(account: &AccountId32, movable: Balance, amount: Balance, spends: Balance) -> Result<(), Failure> {
    let missing = amount.saturating_sub(movable);
    if missing == 0 {
        return Ok(());
    }
    let what = match (spends, amount.saturating_sub(spends)) {
        (0, fee) => format!("the fee of {} PHA", units::pha(fee, 6)),
        (spends, 0) => format!("{} PHA", units::pha(spends, 6)),
        (spends, fee) => format!("{} PHA and a fee of {} PHA", units::pha(spends, 6), units::pha(fee, 6)),
    };
    Err(Failure::failed(format!(
        "the account {} can give {} PHA away, and this takes {what}: {} PHA are missing",
        units::address(account),
        units::pha(movable, 6),
        units::pha_up(missing, 6)
    )))
}

/// The chain's refusal in a sentence. What was checked before can have changed meanwhile.
fn refused(error: ClientError) -> Failure {
    let Some(name) = error.dispatch_failure().and_then(|failure| failure.name()) else {
        return error.into();
    };
    let moved = |what: &str| {
        Failure::failed(format!(
            "the chain refused it: the price has {what} by more than --slippage allows since it was shown ({name}). Nothing but the fee \
             was taken; run the command again to see the price of now"
        ))
    };
    match name.as_str() {
        "StakePool::TooFewShares" | "Vault::TooFewShares" => moved("risen"),
        "StakePool::TooLittleWorth" | "Vault::TooLittleWorth" => moved("fallen"),
        _ => Failure::failed(format!(
            "the chain refused it, as something has changed since it was looked up: {error}. Nothing but the fee was taken"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::account;
    use khala_client::DispatchFailure;
    use khala_primitives::{H256, PHA};

    #[test]
    fn what_keeps_an_account_alive_or_is_frozen_cannot_be_given_away() {
        let balance = |free, reserved, frozen| AccountBalance { free, reserved, frozen };
        for (free, reserved, frozen, expected) in [(100, 0, 0, 99), (100, 0, 60, 40), (100, 50, 60, 90), (1, 0, 0, 0), (0, 9, 0, 0)] {
            assert_eq!(movable(&balance(free, reserved, frozen), 1), expected, "{free} {reserved} {frozen}");
        }
    }

    #[test]
    fn who_cannot_pay_is_told_what_is_missing() {
        let who = account("//Old");
        let (spends, fee) = (10 * PHA, PHA / 100);
        assert!(check_movable(&who, spends + fee, spends + fee, spends).is_ok());
        let failure = check_movable(&who, spends, spends + fee, spends).unwrap_err();
        for part in ["can give 10.000000 PHA away", "a fee of 0.010000 PHA", "0.010000 PHA are missing"] {
            assert!(failure.message.contains(part), "{failure}");
        }
        let by_proxy = check_movable(&who, 0, spends, spends).unwrap_err();
        assert!(by_proxy.message.contains("this takes 10.000000 PHA:"), "{by_proxy}");
        let fee_alone = check_movable(&who, 0, fee, 0).unwrap_err();
        assert!(fee_alone.message.contains("takes the fee of 0.010000 PHA"), "{fee_alone}");
    }

    #[test]
    fn a_refusal_of_the_chain_says_what_to_do() {
        let refusal = |pallet: &str, error: &str| {
            refused(ClientError::Dispatch {
                failure: DispatchFailure::Pallet {
                    pallet: pallet.into(),
                    error: error.into(),
                    docs: "Delegate less.".into(),
                },
                block: H256::zero(),
            })
            .message
        };
        for pallet in ["StakePool", "Vault"] {
            assert!(refusal(pallet, "TooFewShares").contains("price has risen"), "{pallet}");
            assert!(refusal(pallet, "TooLittleWorth").contains("price has fallen"), "{pallet}");
        }
        let other = refusal("StakePool", "CapExceeded");
        assert!(other.contains("StakePool::CapExceeded: Delegate less."), "{other}");
    }
}
