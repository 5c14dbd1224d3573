//! The pRuntimes: JSON-RPC over HTTP, each request with a deadline.

use crate::{
    collateral,
    core::{Identity, Prepared},
};
use jsonrpsee::{
    core::client::{ClientT, Error},
    http_client::{HttpClient, HttpClientBuilder},
    rpc_params,
};
use khala_primitives::{
    status::BenchmarkRequest, AccountId32, BenchmarkResult, Challenge, Evidence, Freshness, Instance, SessionId, SignedHeartbeat,
    WorkerInfo, WorkerPublicKey, WorkerSignature, H256,
};
use serde::{de::DeserializeOwned, Deserialize, Serialize};
use std::{future::Future, time::Duration};

/// Longest answer of a pRuntime, in bytes: a quote has at most 10 KiB, in hex.
const MAX_ANSWER: u32 = 256 * 1024;
const IDENTITY_DEADLINE: Duration = Duration::from_secs(5);
const EVIDENCE_DEADLINE: Duration = Duration::from_secs(30);
const HEARTBEAT_DEADLINE: Duration = Duration::from_secs(10);
/// On top of the time that the benchmark takes.
const BENCHMARK_DEADLINE: Duration = Duration::from_secs(30);
/// No request takes longer; the deadlines above are what counts.
const CLIENT_TIMEOUT: Duration = Duration::from_secs(3_600);

/// A client of one pRuntime.
#[derive(Clone, Debug)]
pub struct PRuntime {
    client: HttpClient,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Info {
    identity_key: Option<WorkerPublicKey>,
    operator: Option<AccountId32>,
    genesis_hash: Option<H256>,
    instance: Instance,
}

#[derive(Deserialize)]
struct WorkerEvidence {
    info: WorkerInfo,
    evidence: Evidence,
    renewal: WorkerSignature,
}

#[derive(Deserialize)]
struct SignedBenchmark {
    result: BenchmarkResult,
    signature: WorkerSignature,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct HeartbeatRequest {
    challenge: Challenge,
    session_id: SessionId,
    sample: bool,
}

impl PRuntime {
    /// A client of the pRuntime at this address, `http://host:port`. Connects with the first request.
    pub fn new(endpoint: &str) -> Result<Self, String> {
        let builder = HttpClientBuilder::default()
            .max_response_size(MAX_ANSWER)
            .request_timeout(CLIENT_TIMEOUT);
        let client = builder
            .build(endpoint)
            .map_err(|error| format!("the address {endpoint:?} cannot be used: {error}"))?;
        Ok(Self { client })
    }

    /// Who it is.
    pub async fn identity(&self) -> Result<Identity, String> {
        let info: Info = self.request("pruntime_info", rpc_params![], IDENTITY_DEADLINE).await?;
        Ok(Identity {
            key: info.identity_key,
            operator: info.operator,
            genesis_hash: info.genesis_hash,
            instance: info.instance,
        })
    }

    /// Evidence for this chain and operator, as fresh as this block. The first call makes the worker's keys.
    pub async fn evidence(&self, genesis_hash: H256, operator: &AccountId32, freshness: Freshness) -> Result<Prepared, String> {
        let params = rpc_params![genesis_hash, operator, freshness];
        let WorkerEvidence { info, evidence, renewal } = self.request("pruntime_evidence", params, EVIDENCE_DEADLINE).await?;
        let family = collateral::family(evidence.quote()).map_err(|error| format!("its quote cannot be used: {error}"))?;
        Ok(Prepared {
            info,
            evidence,
            renewal,
            family,
        })
    }

    /// Works for the benchmark; takes `request.secs` seconds.
    pub async fn benchmark(&self, request: BenchmarkRequest) -> Result<(BenchmarkResult, WorkerSignature), String> {
        let deadline = BENCHMARK_DEADLINE.saturating_add(Duration::from_secs(request.secs.into()));
        let SignedBenchmark { result, signature } = self.request("pruntime_benchmark", rpc_params![request], deadline).await?;
        Ok((result, signature))
    }

    /// Answers a challenge.
    pub async fn heartbeat(&self, challenge: Challenge, session_id: SessionId, sample: bool) -> Result<SignedHeartbeat, String> {
        let request = HeartbeatRequest {
            challenge,
            session_id,
            sample,
        };
        self.request("pruntime_heartbeat", rpc_params![request], HEARTBEAT_DEADLINE).await
    }

    async fn request<T: DeserializeOwned>(
        &self,
        method: &str,
        params: jsonrpsee::core::params::ArrayParams,
        deadline: Duration,
    ) -> Result<T, String> {
        within(method, deadline, self.client.request::<T, _>(method, params)).await
    }
}

/// Waits for an answer until the deadline, and puts what went wrong in words.
async fn within<T>(method: &str, deadline: Duration, answer: impl Future<Output = Result<T, Error>>) -> Result<T, String> {
    match tokio::time::timeout(deadline, answer).await {
        Err(_) => Err(format!("no answer to {method} within {} s", deadline.as_secs())),
        Ok(Err(Error::Call(error))) => Err(format!("{method} was refused: {} (code {})", error.message(), error.code())),
        Ok(Err(Error::ParseError(error))) => Err(format!("the answer to {method} cannot be read: {error}")),
        Ok(Err(Error::Transport(error))) => Err(format!("{method} failed: {}", innermost(error.as_ref()))),
        Ok(Err(error)) => Err(format!("{method} failed: {error}")),
        Ok(Ok(answer)) => Ok(answer),
    }
}

/// What the operating system said, below all wrappers.
fn innermost(mut error: &(dyn std::error::Error + 'static)) -> String {
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jsonrpsee::{server::Server, types::ErrorObjectOwned, RpcModule};

    /// A pRuntime that answers `method` with `answer`; its address.
    async fn serve(
        method: &'static str,
        answer: Result<serde_json::Value, ErrorObjectOwned>,
    ) -> (jsonrpsee::server::ServerHandle, PRuntime) {
        let server = Server::builder().build("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", server.local_addr().unwrap());
        let mut module = RpcModule::new(answer);
        module.register_method(method, |_, answer, _| answer.clone()).unwrap();
        (server.start(module), PRuntime::new(&endpoint).unwrap())
    }

    #[tokio::test]
    async fn a_fresh_pruntime_tells_its_instance_alone() {
        let answer = serde_json::json!({ "version": { "major": 0, "minor": 1, "patch": 0 }, "identityKey": null, "operator": null,
            "genesisHash": null, "instance": format!("0x{}", "07".repeat(16)), "provider": "software" });
        let (_server, pruntime) = serve("pruntime_info", Ok(answer)).await;
        let expected = Identity {
            key: None,
            operator: None,
            genesis_hash: None,
            instance: Instance([7; 16]),
        };
        assert_eq!(pruntime.identity().await, Ok(expected));
    }

    #[tokio::test]
    async fn a_refusal_is_shown_in_the_pruntimes_words() {
        let refusal = ErrorObjectOwned::owned(2001, "the worker belongs to another operator", None::<()>);
        let (_server, pruntime) = serve("pruntime_info", Err(refusal)).await;
        let error = pruntime.identity().await.unwrap_err();
        assert_eq!(
            error,
            "pruntime_info was refused: the worker belongs to another operator (code 2001)"
        );
    }

    #[tokio::test]
    async fn an_answer_of_another_shape_is_an_error() {
        let (_server, pruntime) = serve("pruntime_info", Ok(serde_json::json!({ "instance": 7 }))).await;
        assert!(pruntime.identity().await.unwrap_err().contains("cannot be read"));
    }

    #[tokio::test]
    async fn nobody_there_is_an_error() {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let pruntime = PRuntime::new(&format!("http://127.0.0.1:{port}")).unwrap();
        let error = pruntime.identity().await.unwrap_err();
        assert!(error.starts_with("pruntime_info failed: Connection refused"), "{error}");
        assert!(PRuntime::new("http://").unwrap_err().contains("cannot be used"));
    }

    #[tokio::test]
    async fn an_answer_that_never_comes_ends_at_the_deadline() {
        let never = std::future::pending::<Result<u8, Error>>();
        let error = within("pruntime_info", Duration::ZERO, never).await.unwrap_err();
        assert_eq!(error, "no answer to pruntime_info within 0 s");
    }
}
