//! Workers that exist on paper alone: WorkerInfo and evidence made in this process, one thing wrong at a time.

use anyhow::Context;
use khala_attestation::{
    forge::{Pki, QuoteDraft, TcbClass},
    Collateral,
};
use khala_client::{calls, Account, At, Call, Chain, ClientError, Receipt, Wait};
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
}

impl Registration {
    /// A new worker of an operator: `number` tells it from others, and is its platform.
    pub async fn new(chain: &Chain, operator: &AccountId32, number: u8) -> anyhow::Result<Self> {
        let recent = chain.finalized().await?;
        let pki = Pki::development();
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
            .submit(signer, &calls::registry::register_worker(&self.info, evidence), Wait::InBlock)
            .await
    }

    /// Does the chain know the worker?
    pub async fn is_registered(&self, chain: &Chain) -> Result<bool, ClientError> {
        Ok(chain.worker_status(self.info.identity_key, At::Best).await?.registration.is_some())
    }
}

/// The calls that bring the documents of collateral to the chain, in the order in which they are needed.
pub fn documents(collateral: &Collateral) -> anyhow::Result<[Call; 4]> {
    let signature = |bytes: &[u8]| bytes.try_into().context("a signature has 64 bytes");
    Ok([
        calls::attestation::upsert_root_crl(&collateral.root_ca_crl),
        calls::attestation::upsert_pck_crl(&collateral.pck_crl_issuer_chain, &collateral.pck_crl),
        calls::attestation::upsert_tcb_info(
            &collateral.tcb_info_issuer_chain,
            &collateral.tcb_info,
            &signature(&collateral.tcb_info_signature)?,
        ),
        calls::attestation::upsert_qe_identity(
            &collateral.qe_identity_issuer_chain,
            &collateral.qe_identity,
            &signature(&collateral.qe_identity_signature)?,
        ),
    ])
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
