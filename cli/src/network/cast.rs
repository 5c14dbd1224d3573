//! Who acts in a local network. All keys come from the well-known development phrase.

use anyhow::Context;
use khala_client::Account;
use khala_primitives::{Balance, PHA};

/// Secret of the account that has coins from the beginning, and governs.
pub const FAUCET: &str = "//Alice";
/// Secret of the account that registers the workers of both operators.
pub const REGISTRAR: &str = "//Registrar";
/// Secrets of the operators. Each owns a pool.
pub const OPERATORS: [&str; 2] = ["//Operator//1", "//Operator//2"];
/// Secret of the account that delegates to both pools.
pub const DELEGATOR: &str = "//Delegator";

/// What a worker's pool gets delegated for it, in planck.
pub const DELEGATION_PER_WORKER: Balance = 15_000 * PHA;
/// What an operator gets for deposits and fees, in planck.
pub const OPERATOR_COINS: Balance = 1_000 * PHA;
/// What the registrar gets for fees (they come back on success) and deposits, in planck.
pub const REGISTRAR_COINS: Balance = 1_000 * PHA;
/// The operators' parts of rewards, in millionths.
pub const COMMISSIONS_PPM: [u32; 2] = [100_000, 200_000];

/// The accounts.
#[derive(Clone, Debug)]
pub struct Cast {
    /// Funds the others.
    pub faucet: Account,
    /// Registers workers.
    pub registrar: Account,
    /// Own workers and pools.
    pub operators: [Account; 2],
    /// Delegates to both pools.
    pub delegator: Account,
}

impl Cast {
    /// Derives the keys.
    pub fn new() -> anyhow::Result<Self> {
        let account = |secret: &str| Account::from_uri(secret).with_context(|| format!("the well-known secret {secret} gives no key"));
        let [first, second] = OPERATORS;
        Ok(Self {
            faucet: account(FAUCET)?,
            registrar: account(REGISTRAR)?,
            operators: [account(first)?, account(second)?],
            delegator: account(DELEGATOR)?,
        })
    }

    /// An operator: 0 or 1; any other number wraps around.
    pub fn operator(&self, index: usize) -> &Account {
        let [first, second] = &self.operators;
        if index.is_multiple_of(2) {
            first
        } else {
            second
        }
    }
}
