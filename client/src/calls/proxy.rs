//! Acting in another account's name. Signed.

use super::Address;
use crate::Call;
use codec::{Decode, Encode};
use khala_primitives::AccountId32;

/// What a proxy may do in another account's name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
pub enum ProxyType {
    /// Everything.
    #[codec(index = 0)]
    Any,
    /// Everything that moves no coins to another account.
    #[codec(index = 1)]
    NonTransfer,
    /// Reject announced calls of other proxies.
    #[codec(index = 2)]
    CancelProxy,
    /// Run stake pools, delegate and undelegate.
    #[codec(index = 3)]
    StakePool,
    /// Register and retire workers.
    #[codec(index = 4)]
    Workers,
}

/// Makes a call in the name of `real`, whose proxy the sender is. A failure of the inner call is a failure of this one for
/// [`crate::Chain::submit`].
pub fn proxy(real: &AccountId32, call: Call) -> Call {
    // Any of the sender's types that allows the call.
    let force_proxy_type = None::<ProxyType>;
    Call::with_call("Proxy", "proxy", (Address::Id(real), force_proxy_type), call)
}

/// Lets `delegate` act in the sender's name, at once.
pub fn add_proxy(delegate: &AccountId32, proxy_type: ProxyType) -> Call {
    let delay_blocks = 0u32;
    Call::new("Proxy", "add_proxy", (Address::Id(delegate), proxy_type, delay_blocks))
}
