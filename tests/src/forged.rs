//! Workers that exist on paper alone: WorkerInfo and evidence made in this process, one thing wrong at a time.

use khala::units::now_secs;
use khala_attestation::{
    forge::{Pki, QuoteDraft, TcbClass},
    Collateral,
};
use khala_client::{calls, Account, At, Chain, ClientError, Receipt, Wait};
use khala_primitives::{AccountId32, EcdhPublicKey, Evidence, Freshness, Instance, PRuntimeVersion, WorkerInfo, WorkerPublicKey};

/// A registration that can be changed before it is sent. Unchanged, the chain accepts it.
#[derive(Clone)]
pub struct Registration {
    /// Whose certificates lead to the root.
    pub pki: Pki,
    /// How up to date the platform is.
    pub class: TcbClass,
    /// What the evidence is about.
    pub info: WorkerInfo,
    /// What is sent beside the evidence.
    pub collateral: Collateral,
}

impl Registration {
    /// A new worker of an operator: `number` tells it from others, and is its platform.
    pub async fn new(chain: &Chain, operator: &AccountId32, number: u8) -> anyhow::Result<Self> {
        let recent = chain.finalized().await?;
        let pki = Pki::development();
        let collateral = pki.collateral(now_secs());
        let info = WorkerInfo {
            version: PRuntimeVersion {
                major: 1,
                minor: 0,
                patch: 0,
            },
            genesis_hash: chain.genesis_hash(),
            identity_key: WorkerPublicKey([number; 32]),
            ecdh_key: EcdhPublicKey([number; 32]),
            operator: operator.clone(),
            instance: Instance([number; 16]),
            freshness: Freshness {
                number: recent.number,
                hash: recent.hash,
            },
            cores: 1,
            memory_mib: 512,
            features: 0,
        };
        Ok(Self {
            pki,
            class: TcbClass::UpToDate,
            info,
            collateral,
        })
    }

    /// A quote about this WorkerInfo, not signed yet.
    pub fn draft(&self) -> QuoteDraft {
        let seed = format!("on paper {}", self.info.identity_key);
        self.pki.platform(self.class, &seed).sgx_draft(self.info.report_data())
    }

    /// Evidence about this WorkerInfo.
    pub fn evidence(&self) -> Evidence {
        Evidence::Sgx {
            quote: self.draft().sign(),
        }
    }

    /// Sends it with evidence about exactly this WorkerInfo.
    pub async fn send(&self, chain: &Chain, signer: &Account) -> Result<Receipt, ClientError> {
        self.send_with(chain, signer, &self.evidence()).await
    }

    /// Sends it with other evidence.
    pub async fn send_with(&self, chain: &Chain, signer: &Account, evidence: &Evidence) -> Result<Receipt, ClientError> {
        chain
            .submit(
                signer,
                &calls::registry::register_worker(&self.info, evidence, &self.collateral),
                Wait::InBlock,
            )
            .await
    }

    /// Does the chain know the worker?
    pub async fn is_registered(&self, chain: &Chain) -> Result<bool, ClientError> {
        Ok(chain.worker_status(self.info.identity_key, At::Best).await?.registration.is_some())
    }
}

/// The name of a call's failure, such as `Registry::ForeignGenesis`; a success or another failure in words.
pub fn failure(result: Result<Receipt, ClientError>) -> String {
    match result {
        Ok(_) => "accepted".into(),
        Err(error) => match error.dispatch_failure().and_then(|failure| failure.name()) {
            Some(name) => name,
            None => error.to_string(),
        },
    }
}
