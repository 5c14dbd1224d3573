//! Who acts: an account by its own key, or another one's proxy.

use crate::{failure::Failure, units};
use khala_client::{
    calls::{proxy, proxy::ProxyType},
    Account, At, Call, Chain, ClientError, Proxy,
};
use khala_primitives::AccountId32;

/// Who signs, and in whose name.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Signs and pays the fee.
    pub signer: Account,
    /// Another account, in whose name the signer acts.
    real: Option<AccountId32>,
}

impl Actor {
    /// # Errors
    /// The signer is no proxy of `proxy_for` that may run pools.
    pub async fn new(chain: &Chain, signer: Account, proxy_for: Option<&AccountId32>, at: At) -> Result<Self, Failure> {
        let real = proxy_for.filter(|real| *real != signer.id()).cloned();
        if let Some(real) = &real {
            check(&chain.proxies(real, at).await?, signer.id(), real)?;
        }
        Ok(Self { signer, real })
    }

    /// In whose name.
    pub fn id(&self) -> &AccountId32 {
        self.real.as_ref().unwrap_or(self.signer.id())
    }

    /// Does the signer act for somebody else?
    pub fn is_proxy(&self) -> bool {
        self.real.is_some()
    }

    /// The call as it is signed.
    pub fn call(&self, call: Call) -> Call {
        match &self.real {
            Some(real) => proxy::proxy(real, call),
            None => call,
        }
    }

    /// May the signer give shares of the account away? A proxy for pools may not.
    pub async fn may_give_shares(&self, chain: &Chain, at: At) -> Result<bool, ClientError> {
        let Some(real) = &self.real else { return Ok(true) };
        let proxies = chain.proxies(real, at).await?;
        Ok(proxies
            .iter()
            .any(|proxy| proxy.delegate == *self.signer.id() && proxy.proxy_type == ProxyType::Any && proxy.delay == 0))
    }
}

fn check(proxies: &[Proxy], signer: &AccountId32, real: &AccountId32) -> Result<(), Failure> {
    let (signer_address, real_address) = (units::address(signer), units::address(real));
    let runs_pools = |proxy: &&Proxy| matches!(proxy.proxy_type, ProxyType::Any | ProxyType::NonTransfer | ProxyType::StakePool);
    let mut own = proxies.iter().filter(|proxy| proxy.delegate == *signer).peekable();
    if own.peek().is_none() {
        return Err(Failure::failed(format!(
            "{signer_address} is no proxy of {real_address}: that account lets it be one with Proxy.add_proxy, type StakePool"
        )));
    }
    match own.filter(runs_pools).map(|proxy| proxy.delay).min() {
        Some(0) => Ok(()),
        Some(delay) => Err(Failure::failed(format!(
            "{signer_address} may act for {real_address} only {delay} blocks after it has announced the call, which this program does not do"
        ))),
        None => Err(Failure::failed(format!(
            "{signer_address} is a proxy of {real_address}, but not for pools: that account adds it with the type StakePool"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::account;

    fn proxy(delegate: &str, proxy_type: ProxyType, delay: u32) -> Proxy {
        Proxy {
            delegate: account(delegate),
            proxy_type,
            delay,
        }
    }

    #[test]
    fn a_proxy_for_pools_acts_and_others_are_told_what_is_missing() {
        let (signer, real) = (account("//Proxy"), account("//Owner"));
        for (proxy_type, good) in [
            (ProxyType::Any, true),
            (ProxyType::NonTransfer, true),
            (ProxyType::CancelProxy, false),
            (ProxyType::StakePool, true),
            (ProxyType::Workers, false),
        ] {
            let found = check(&[proxy("//Proxy", proxy_type, 0)], &signer, &real);
            assert_eq!(found.is_ok(), good, "{proxy_type:?}");
            if let Err(failure) = found {
                assert!(failure.message.contains("not for pools"), "{failure}");
            }
        }
        let stranger = check(&[proxy("//Other", ProxyType::StakePool, 0)], &signer, &real).unwrap_err();
        assert!(stranger.message.contains("is no proxy of"), "{stranger}");
        let late = check(&[proxy("//Proxy", ProxyType::StakePool, 7)], &signer, &real).unwrap_err();
        assert!(late.message.contains("7 blocks"), "{late}");
        let both = [proxy("//Proxy", ProxyType::Any, 7), proxy("//Proxy", ProxyType::StakePool, 0)];
        assert!(check(&both, &signer, &real).is_ok());
    }

    #[test]
    fn a_call_in_another_name_is_wrapped_and_ones_own_is_not() {
        let signer = Account::from_uri("//Proxy").unwrap();
        let call = || Call::new("StakePool", "claim_unclaimed", ());
        let own = Actor {
            signer: signer.clone(),
            real: None,
        };
        assert_eq!((own.call(call()), own.id()), (call(), signer.id()));
        let other = Actor {
            signer,
            real: Some(account("//Owner")),
        };
        assert_eq!(
            (other.call(call()).to_string().as_str(), other.id()),
            ("Proxy.proxy", &account("//Owner"))
        );
    }
}
