//! The requests of Intel's API.

use crate::{Fault, Served};
use axum::{
    extract::State,
    http::{header, Method, StatusCode, Uri},
    response::{IntoResponse, Response},
    Router,
};
use khala_attestation::{forge::FMSPC, Collateral};
use khala_primitives::Tee;
use percent_encoding::{utf8_percent_encode, NON_ALPHANUMERIC};

/// Why a request gets no document.
type Refusal = (StatusCode, &'static str);

pub(crate) fn router(served: Served) -> Router {
    Router::new().fallback(answer).with_state(served)
}

async fn answer(State(served): State<Served>, method: Method, uri: Uri) -> Response {
    match served.count() {
        Fault::Down => return (StatusCode::SERVICE_UNAVAILABLE, "down").into_response(),
        Fault::Garbage => return "<html>this is no collateral</html>".into_response(),
        Fault::Delay(time) => tokio::time::sleep(time).await,
        Fault::None | Fault::Expired => {}
    }
    if method != Method::GET {
        return (StatusCode::METHOD_NOT_ALLOWED, "only GET is answered").into_response();
    }
    let query = Query(uri.query().unwrap_or_default());
    find(&served, uri.path(), &query).unwrap_or_else(IntoResponse::into_response)
}

fn find(served: &Served, path: &str, query: &Query<'_>) -> Result<Response, Refusal> {
    let unknown = (StatusCode::NOT_FOUND, "there is no such request");
    let (tee, request) = match path.split_once("/certification/v4/") {
        Some(("/sgx", request)) => (Tee::Sgx, request),
        Some(("/tdx", request)) => (Tee::Tdx, request),
        _ => return Err(unknown),
    };
    match (tee, request) {
        (Tee::Sgx, "rootcacrl") => Ok(hex::encode(lists(served).root_ca_crl).into_response()),
        (Tee::Sgx, "pckcrl") => pck_crl(served, query),
        (_, "tcb") => tcb_info(served, tee, query),
        (_, "qe/identity") => qe_identity(served, tee, query),
        _ => Err(unknown),
    }
}

fn pck_crl(served: &Served, query: &Query<'_>) -> Result<Response, Refusal> {
    if query.get("encoding") != Some("der") {
        return Err((StatusCode::BAD_REQUEST, "encoding=der is needed"));
    }
    match query.get("ca") {
        Some("platform") => {}
        Some("processor") => return Err((StatusCode::NOT_FOUND, "the development TEE has no PCK Processor CA")),
        _ => return Err((StatusCode::BAD_REQUEST, "ca=platform or ca=processor is needed")),
    }
    let lists = lists(served);
    let chain = encoded(&lists.pck_crl_issuer_chain);
    let kind = (header::CONTENT_TYPE.as_str(), "application/pkix-crl".to_owned());
    Ok(([kind, ("SGX-PCK-CRL-Issuer-Chain", chain)], lists.pck_crl).into_response())
}

fn tcb_info(served: &Served, tee: Tee, query: &Query<'_>) -> Result<Response, Refusal> {
    let Some(fmspc) = query.get("fmspc").filter(|fmspc| fmspc.len() == 12) else {
        return Err((StatusCode::BAD_REQUEST, "fmspc of twelve hexadecimal digits is needed"));
    };
    if !fmspc.eq_ignore_ascii_case(&FMSPC.to_string()) {
        return Err((StatusCode::NOT_FOUND, "the FMSPC is unknown"));
    }
    let collateral = served.collateral(tee, number(served, query)?);
    let signature = hex::encode(&collateral.tcb_info_signature);
    let body = format!("{{\"tcbInfo\":{},\"signature\":\"{signature}\"}}", collateral.tcb_info);
    Ok(json("TCB-Info-Issuer-Chain", &collateral.tcb_info_issuer_chain, body))
}

fn qe_identity(served: &Served, tee: Tee, query: &Query<'_>) -> Result<Response, Refusal> {
    let collateral = served.collateral(tee, number(served, query)?);
    let signature = hex::encode(&collateral.qe_identity_signature);
    let body = format!("{{\"enclaveIdentity\":{},\"signature\":\"{signature}\"}}", collateral.qe_identity);
    Ok(json(
        "SGX-Enclave-Identity-Issuer-Chain",
        &collateral.qe_identity_issuer_chain,
        body,
    ))
}

/// The evaluation number that is asked for.
fn number(served: &Served, query: &Query<'_>) -> Result<u32, Refusal> {
    let numbers = served.numbers();
    let (number, wrong) = match (query.get("update"), query.get("tcbEvaluationDataNumber")) {
        (None | Some("standard"), None) => (numbers.first(), StatusCode::NOT_FOUND),
        (Some("early"), None) => (numbers.last(), StatusCode::NOT_FOUND),
        (None, Some(number)) => (numbers.iter().find(|known| known.to_string() == number), StatusCode::NOT_FOUND),
        _ => (None, StatusCode::BAD_REQUEST),
    };
    number.copied().ok_or((wrong, "there is nothing of this evaluation number"))
}

/// The revocation lists, which are the same for both TEEs and all numbers.
fn lists(served: &Served) -> Collateral {
    served.collateral(Tee::Sgx, 0)
}

fn json(header: &'static str, chain: &str, body: String) -> Response {
    let kind = (header::CONTENT_TYPE.as_str(), "application/json".to_owned());
    ([kind, (header, encoded(chain))], body).into_response()
}

fn encoded(chain: &str) -> String {
    utf8_percent_encode(chain, NON_ALPHANUMERIC).to_string()
}

/// What stands behind the question mark.
struct Query<'a>(&'a str);

impl<'a> Query<'a> {
    fn get(&self, name: &str) -> Option<&'a str> {
        let mut pairs = self.0.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
    }
}
