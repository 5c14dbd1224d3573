//! What the relayer, the pRuntime and the node answer over JSON-RPC: the parts that the command line needs.

use crate::failure::Failure;
use jsonrpsee::{
    core::{client::ClientT, ClientError},
    http_client::{HttpClient, HttpClientBuilder},
    rpc_params,
};
use khala_primitives::{AccountId32, Evidence, Freshness, Instance, OperatorSignature, WorkerInfo, WorkerPublicKey, H256};
use serde::{de::DeserializeOwned, Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;

/// How long relayer and node may take to answer.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a pRuntime may take: some hardware makes evidence slowly, and a benchmark may be under way.
const PRUNTIME_TIMEOUT: Duration = Duration::from_secs(40);

/// A worker as its relayer sees it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RelayedWorker {
    /// The name in the relayer's configuration.
    pub name: String,
    /// Its key, once its pRuntime has told it.
    pub worker: Option<WorkerPublicKey>,
    /// Where it is in its life: `Mining`, `Recovering`, …
    pub state: String,
    /// Why it is there.
    pub reason: String,
    /// Since when, in seconds since 1970.
    pub since: u64,
    /// Challenges that hit it since the relayer started.
    pub asked: u64,
    /// Those of them that it answered.
    pub answered: u64,
}

/// A pRuntime's answer to `pruntime_info`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PRuntimeInfo {
    /// The worker's name; none until it was asked for evidence.
    pub identity_key: Option<WorkerPublicKey>,
    /// Who may bind the worker to a pool; none until it was asked for evidence.
    pub operator: Option<AccountId32>,
    /// How often the operator was changed; none until it was asked for evidence.
    pub operator_changes: Option<u32>,
    /// This run of the enclave.
    pub instance: Instance,
}

/// A pRuntime's answer to `pruntime_evidence`, without what only a renewal needs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WorkerEvidence {
    /// What the worker says of itself.
    pub info: WorkerInfo,
    /// What proves it.
    pub evidence: Evidence,
}

/// A pRuntime's answer to `pruntime_changeOperator`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkerOperator {
    /// The worker.
    pub worker: WorkerPublicKey,
    /// Its operator from now on.
    pub operator: AccountId32,
    /// How often the operator was changed, with this change.
    pub changes: u32,
}

/// A relayer.
#[derive(Clone, Debug)]
pub struct Relayer(Service);

impl Relayer {
    /// The relayer at an address such as `http://127.0.0.1:9950`. Nothing is asked yet.
    ///
    /// # Errors
    /// The text is no HTTP address.
    pub fn at(url: &str) -> Result<Self, Failure> {
        Service::at("relayer", url, REQUEST_TIMEOUT).map(Self)
    }

    /// All its workers.
    pub async fn workers(&self) -> Result<Vec<RelayedWorker>, Failure> {
        self.0.ask("relayer_workers", rpc_params![]).await
    }

    /// Everything it knows about a worker, by name or key.
    pub async fn explain(&self, worker: &str) -> Result<Value, Failure> {
        self.0.ask("relayer_explain", rpc_params![worker]).await
    }
}

/// A pRuntime.
#[derive(Clone, Debug)]
pub struct PRuntime(Service);

impl PRuntime {
    /// The pRuntime at an address such as `http://127.0.0.1:9955`. Nothing is asked yet.
    ///
    /// # Errors
    /// The text is no HTTP address.
    pub fn at(url: &str) -> Result<Self, Failure> {
        Service::at("pRuntime", url, PRUNTIME_TIMEOUT).map(Self)
    }

    /// What it is.
    pub async fn info(&self) -> Result<PRuntimeInfo, Failure> {
        self.0.ask("pruntime_info", rpc_params![]).await
    }

    /// Evidence for this chain and operator, as fresh as this block. The first call makes the worker's keys.
    pub async fn evidence(&self, genesis_hash: H256, operator: &AccountId32, freshness: Freshness) -> Result<WorkerEvidence, Failure> {
        self.0
            .ask("pruntime_evidence", rpc_params![genesis_hash, operator, freshness])
            .await
    }

    /// Hands the worker over to another operator. Asked again for the operator that it has, it answers the same.
    pub async fn change_operator(&self, operator: &AccountId32, permission: &OperatorSignature) -> Result<WorkerOperator, Failure> {
        self.0.ask("pruntime_changeOperator", rpc_params![operator, permission]).await
    }
}

/// A node: the little that is asked of it before it can be followed.
#[derive(Clone, Debug)]
pub struct Node(Service);

impl Node {
    /// The node at an address such as `http://127.0.0.1:9944`. Nothing is asked yet.
    ///
    /// # Errors
    /// The text is no HTTP address.
    pub fn at(url: &str) -> Result<Self, Failure> {
        Service::at("node", url, REQUEST_TIMEOUT).map(Self)
    }

    /// By what other nodes know it.
    pub async fn peer_id(&self) -> Result<String, Failure> {
        self.0.ask("system_localPeerId", rpc_params![]).await
    }
}

#[derive(Clone, Debug)]
struct Service {
    what: &'static str,
    url: String,
    client: HttpClient,
}

impl Service {
    fn at(what: &'static str, url: &str, timeout: Duration) -> Result<Self, Failure> {
        let client = HttpClientBuilder::default()
            .request_timeout(timeout)
            .build(url)
            .map_err(|error| Failure::usage(format!("{url} is not the address of a {what}: {error}; expected http://HOST:PORT")))?;
        Ok(Self {
            what,
            url: url.into(),
            client,
        })
    }

    async fn ask<T: DeserializeOwned>(&self, method: &str, params: jsonrpsee::core::params::ArrayParams) -> Result<T, Failure> {
        self.client.request(method, params).await.map_err(|error| {
            let Self { what, url, .. } = self;
            match error {
                ClientError::Call(refusal) => Failure::failed(format!("the {what} at {url} refused {method}: {}", refusal.message())),
                ClientError::ParseError(error) => Failure::failed(format!(
                    "the answer of the {what} at {url} to {method} cannot be read: {error}; do both belong to the same release?"
                )),
                error => Failure::unreachable(format!(
                    "the {what} at {url} cannot be reached: {error}; is it running, and is this its address?"
                )),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Exit;
    use std::net::TcpListener;

    #[tokio::test]
    async fn a_service_that_is_away_is_named_with_what_to_check() {
        // A port that was free a moment ago.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let failure = Relayer::at(&format!("http://127.0.0.1:{port}"))
            .unwrap()
            .workers()
            .await
            .unwrap_err();
        assert_eq!(failure.exit, Exit::Unreachable);
        assert!(failure.message.contains("is it running"), "{failure}");
    }

    #[test]
    fn answers_of_a_pruntime_are_read_with_more_in_them_than_is_needed() {
        let info = r#"{"identityKey":null,"operator":null,"operatorChanges":null,"genesisHash":null,
            "instance":"0x01010101010101010101010101010101","provider":"tdx","trusted":true}"#;
        let info: PRuntimeInfo = serde_json::from_str(info).unwrap();
        assert_eq!((info.identity_key, info.operator_changes), (None, None));
        let evidence = WorkerEvidence {
            info: crate::command::testing::info(),
            evidence: Evidence::Sgx { quote: vec![1, 2] },
        };
        let mut answer = serde_json::to_value(&evidence).unwrap();
        answer["renewal"] = Value::String(format!("0x{}", "07".repeat(64)));
        assert_eq!(serde_json::from_value::<WorkerEvidence>(answer).unwrap(), evidence);
    }

    #[test]
    fn a_text_that_is_no_address_is_unusable() {
        assert_eq!(PRuntime::at("nonsense").unwrap_err().exit, Exit::Usage);
    }
}
