//! A service that speaks Intel's API: Intel's own (PCS), or a site's cache of it (PCCS).
//!
//! Format: Intel, *Provisioning Certification Service API*, version 4. Issuer chains stand in headers, percent-encoded PEM.

use super::{
    http::{Answer, Http},
    verify,
};
use crate::core::collateral::{Content, DocumentId, FetchError, Fetched, Signed};
use hyper::{header, StatusCode};
use khala_primitives::{collateral::DocumentName, Tee};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::value::RawValue;

const TCB_INFO_CHAIN: [&str; 2] = ["TCB-Info-Issuer-Chain", "SGX-TCB-Info-Issuer-Chain"];
const QE_IDENTITY_CHAIN: [&str; 1] = ["SGX-Enclave-Identity-Issuer-Chain"];
const PCK_CRL_CHAIN: [&str; 1] = ["SGX-PCK-CRL-Issuer-Chain"];
/// The two kinds of PCK CA. Which of them a hash names is told by their certificates alone.
const PCK_CAS: [&str; 2] = ["platform", "processor"];

/// See the module's documentation.
pub(super) struct Service {
    /// Everything before `sgx/certification/v4/`.
    base: String,
    root_crl: String,
    http: Http,
}

#[derive(Deserialize)]
struct TcbInfoAnswer<'a> {
    #[serde(borrow, rename = "tcbInfo")]
    document: &'a RawValue,
    signature: &'a str,
}

#[derive(Deserialize)]
struct QeIdentityAnswer<'a> {
    #[serde(borrow, rename = "enclaveIdentity")]
    document: &'a RawValue,
    signature: &'a str,
}

impl Service {
    /// A service at `base`, to which `sgx/certification/v4/` is added. `root_crl`: where the root CRL is.
    pub(super) fn new(base: &str, root_crl: &str) -> Result<Self, String> {
        let is_secure = base.starts_with("https://") || root_crl.starts_with("https://");
        Ok(Self {
            base: base.into(),
            root_crl: root_crl.into(),
            http: Http::new(is_secure)?,
        })
    }

    pub(super) async fn fetch(&self, id: &DocumentId) -> Result<Fetched, FetchError> {
        match &id.name {
            DocumentName::RootCrl => {
                let answer = self.ask(&self.root_crl).await?;
                verified(Content::RootCrl(der(&answer))).await
            }
            DocumentName::PckCrl { .. } => self.fetch_pck_crl(id).await,
            DocumentName::TcbInfo { tee, fmspc, number } => {
                let path = format!("{}tcb?fmspc={fmspc}&", api(*tee));
                self.fetch_numbered(id, &path, *number, tcb_info).await
            }
            DocumentName::QeIdentity { tee, number } => {
                let path = format!("{}qe/identity?", api(*tee));
                self.fetch_numbered(id, &path, *number, qe_identity).await
            }
        }
    }

    async fn fetch_pck_crl(&self, id: &DocumentId) -> Result<Fetched, FetchError> {
        let mut problems = Vec::new();
        for ca in PCK_CAS {
            let url = format!("{}{}pckcrl?ca={ca}&encoding=der", self.base, api(Tee::Sgx));
            let content = self.ask(&url).await.and_then(|answer| {
                let issuer_chain = chain(&answer, &PCK_CRL_CHAIN)?;
                let crl = der(&answer);
                Ok(Content::PckCrl { issuer_chain, crl })
            });
            match self.accept(id, content).await? {
                Ok(fetched) => return Ok(fetched),
                Err(problem) => problems.push(format!("{ca}: {problem}")),
            }
        }
        Err(FetchError::Unusable(problems.join("; ")))
    }

    /// Asks for a document of an evaluation number: by the number, and where that is not understood, for the standard and the
    /// early one.
    async fn fetch_numbered(
        &self,
        id: &DocumentId,
        path: &str,
        number: u32,
        read: impl Fn(&Answer) -> Result<Content, FetchError>,
    ) -> Result<Fetched, FetchError> {
        let mut problems = Vec::new();
        for which in [
            format!("tcbEvaluationDataNumber={number}"),
            "update=standard".into(),
            "update=early".into(),
        ] {
            let content = self
                .ask(&format!("{}{path}{which}", self.base))
                .await
                .and_then(|answer| read(&answer));
            match self.accept(id, content).await? {
                Ok(fetched) => return Ok(fetched),
                Err(problem) => problems.push(format!("{which}: {problem}")),
            }
        }
        Err(FetchError::Unusable(problems.join("; ")))
    }

    /// Verifies an answer. `Err` outside: the service does not work. `Err` inside: this answer is of no use.
    async fn accept(&self, id: &DocumentId, content: Result<Content, FetchError>) -> Result<Result<Fetched, String>, FetchError> {
        let fetched = match content {
            Ok(content) => verified(content).await,
            Err(error) => Err(error),
        };
        match fetched {
            Ok(fetched) if fetched.id == *id => Ok(Ok(fetched)),
            Ok(fetched) => Ok(Err(format!("it has the {}", fetched.id))),
            Err(FetchError::Unusable(problem)) => Ok(Err(problem)),
            Err(error) => Err(error),
        }
    }

    async fn ask(&self, url: &str) -> Result<Answer, FetchError> {
        let answer = self.http.get(url).await.map_err(FetchError::Down)?;
        let status = answer.status;
        if status == StatusCode::OK {
            return Ok(answer);
        }
        if status.is_redirection() {
            let to = answer
                .headers
                .get(header::LOCATION)
                .and_then(|to| to.to_str().ok())
                .unwrap_or("nowhere");
            return Err(FetchError::Down(format!(
                "it redirects to {to}, which is not followed; configure the address that answers"
            )));
        }
        let is_of_the_document = status.is_client_error()
            && !matches!(
                status,
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS
            );
        let reason = format!("it answered {status}");
        Err(if is_of_the_document {
            FetchError::Unusable(reason)
        } else {
            FetchError::Down(reason)
        })
    }
}

/// The path of a TEE's API.
fn api(tee: Tee) -> &'static str {
    match tee {
        Tee::Sgx => "sgx/certification/v4/",
        Tee::Tdx => "tdx/certification/v4/",
    }
}

fn tcb_info(answer: &Answer) -> Result<Content, FetchError> {
    let unreadable = |error| FetchError::Unusable(format!("its answer is no TCB info: {error}"));
    let TcbInfoAnswer { document, signature } = serde_json::from_slice(&answer.body).map_err(unreadable)?;
    signed(answer, &TCB_INFO_CHAIN, document, signature).map(Content::TcbInfo)
}

fn qe_identity(answer: &Answer) -> Result<Content, FetchError> {
    let unreadable = |error| FetchError::Unusable(format!("its answer is no QE identity: {error}"));
    let QeIdentityAnswer { document, signature } = serde_json::from_slice(&answer.body).map_err(unreadable)?;
    signed(answer, &QE_IDENTITY_CHAIN, document, signature).map(Content::QeIdentity)
}

fn signed(answer: &Answer, headers: &[&str], document: &RawValue, signature: &str) -> Result<Signed, FetchError> {
    let mut bytes = [0; 64];
    hex::decode_to_slice(signature, &mut bytes).map_err(|error| FetchError::Unusable(format!("its signature is not 64 bytes: {error}")))?;
    Ok(Signed {
        issuer_chain: chain(answer, headers)?,
        json: document.get().into(),
        signature: bytes,
    })
}

/// The issuer chain in the first of these headers that is there.
fn chain(answer: &Answer, headers: &[&str]) -> Result<String, FetchError> {
    let value = headers.iter().find_map(|name| answer.headers.get(*name));
    let text = value.and_then(|value| value.to_str().ok());
    let decoded = text.and_then(|text| percent_decode_str(text).decode_utf8().ok());
    decoded
        .map(|chain| chain.into_owned())
        .ok_or_else(|| FetchError::Unusable(format!("its answer has no header {}", headers.join(" or "))))
}

/// A list in DER. Some caches answer with its hexadecimal digits.
fn der(answer: &Answer) -> Vec<u8> {
    hex::decode(answer.body.trim_ascii()).unwrap_or_else(|_| answer.body.to_vec())
}

async fn verified(content: Content) -> Result<Fetched, FetchError> {
    match tokio::task::spawn_blocking(|| verify(content)).await {
        Ok(verified) => verified.map_err(FetchError::Unusable),
        Err(error) => Err(FetchError::Down(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{collateral::family, core::collateral::Family};
    use khala_attestation::forge::{Pki, TcbClass, EVALUATION_DATA_NUMBER};
    use khala_pccs::{Fault, Pccs};
    use khala_primitives::H256;

    async fn start() -> (Pccs, Service) {
        let pccs = Pccs::start(([127, 0, 0, 1], 0).into()).await.unwrap();
        let url = pccs.url();
        let base = url.strip_suffix("sgx/certification/v4/").unwrap();
        let service = Service::new(base, &format!("{url}rootcacrl")).unwrap();
        (pccs, service)
    }

    fn machine(tee: Tee) -> Family {
        let machine = Pki::development().platform(TcbClass::UpToDate, "a machine");
        let evidence = match tee {
            Tee::Sgx => machine.sgx([7; 64]),
            Tee::Tdx => machine.tdx([7; 64]),
        };
        family(evidence.quote()).unwrap()
    }

    async fn error(service: &Service, id: &DocumentId) -> FetchError {
        service.fetch(id).await.unwrap_err()
    }

    #[tokio::test]
    async fn all_that_a_machine_of_either_kind_needs_is_fetched_and_verified() {
        let (_pccs, service) = start().await;
        for tee in [Tee::Sgx, Tee::Tdx] {
            for id in machine(tee).documents(EVALUATION_DATA_NUMBER) {
                assert_eq!(service.fetch(&id).await.unwrap().id, id);
            }
        }
    }

    #[tokio::test]
    async fn a_number_is_found_whether_it_is_standard_or_early_and_another_is_said_not_to_be_there() {
        let (pccs, service) = start().await;
        pccs.served().set_numbers(&[18, 19]);
        for number in [18, 19] {
            for id in machine(Tee::Sgx).documents(number) {
                assert_eq!(service.fetch(&id).await.unwrap().id, id);
            }
        }
        let [_, _, tcb_info, _] = machine(Tee::Sgx).documents(20);
        let error = error(&service, &tcb_info).await;
        assert!(
            matches!(&error, FetchError::Unusable(reason) if reason.contains("404") && reason.contains("number 18")),
            "{error:?}"
        );
    }

    #[tokio::test]
    async fn an_unknown_family_ca_or_root_is_of_no_use_and_the_service_works_on() {
        let (_pccs, service) = start().await;
        let good = machine(Tee::Sgx);
        let [_, _, tcb_info, _] = Family {
            fmspc: "000000000000".into(),
            ..good.clone()
        }
        .documents(EVALUATION_DATA_NUMBER);
        let [_, pck_crl, ..] = Family {
            pck_ca: H256::zero(),
            ..good.clone()
        }
        .documents(EVALUATION_DATA_NUMBER);
        for (id, part) in [(tcb_info, "404"), (pck_crl, "platform: it has the PCK CRL of CA")] {
            let error = error(&service, &id).await;
            assert!(matches!(&error, FetchError::Unusable(reason) if reason.contains(part)), "{error:?}");
        }
    }

    #[tokio::test]
    async fn a_service_that_is_down_or_gone_is_told_from_one_that_gives_garbage() {
        let (pccs, service) = start().await;
        let ids = machine(Tee::Sgx).documents(EVALUATION_DATA_NUMBER);
        pccs.served().set_fault(Fault::Garbage);
        for id in &ids {
            assert!(matches!(error(&service, id).await, FetchError::Unusable(_)), "{id}");
        }
        pccs.served().set_fault(Fault::Down);
        for id in &ids {
            assert!(
                matches!(error(&service, id).await, FetchError::Down(reason) if reason.contains("503")),
                "{id}"
            );
        }
        let (base, root_crl) = ("http://127.0.0.1:1/", "http://127.0.0.1:1/x");
        let gone = Service::new(base, root_crl).unwrap();
        assert!(matches!(error(&gone, &ids[0]).await, FetchError::Down(_)));
    }

    #[tokio::test]
    async fn a_redirect_is_named_and_not_followed() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move {
            use tokio::io::{AsyncReadExt, AsyncWriteExt};
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 4096]).await;
            let answer = b"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n";
            stream.write_all(answer).await.unwrap();
        });
        let service = Service::new(&base, &base).unwrap();
        let [root_crl, ..] = machine(Tee::Sgx).documents(EVALUATION_DATA_NUMBER);
        let error = error(&service, &root_crl).await;
        assert!(
            matches!(&error, FetchError::Down(reason) if reason.contains("redirects to http://elsewhere/")),
            "{error:?}"
        );
    }

    fn answer(headers: &[(&'static str, &str)], body: &str) -> Answer {
        let mut map = hyper::HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        Answer {
            status: StatusCode::OK,
            headers: map,
            body: hyper::body::Bytes::copy_from_slice(body.as_bytes()),
        }
    }

    #[test]
    fn the_signed_bytes_are_kept_as_they_came_and_both_names_of_the_header_are_known() {
        let json = "{\"a\" : 1,\n \"b\":\"\\u0041\"}";
        let body = format!("{{\"signature\":\"{}\", \"tcbInfo\":{json} }}", "ab".repeat(64));
        for name in ["tcb-info-issuer-chain", "sgx-tcb-info-issuer-chain"] {
            let Content::TcbInfo(signed) = tcb_info(&answer(&[(name, "a%20b%0A")], &body)).unwrap() else {
                panic!("TCB info")
            };
            assert_eq!((signed.json.as_str(), signed.issuer_chain.as_str()), (json, "a b\n"));
            assert_eq!(signed.signature, [0xab; 64]);
        }
    }

    #[test]
    fn what_is_missing_in_an_answer_is_named() {
        let good = format!("{{\"enclaveIdentity\":{{}},\"signature\":\"{}\"}}", "00".repeat(64));
        let reason = |answer: Answer| qe_identity(&answer).unwrap_err().reason().to_owned();
        assert!(reason(answer(&[], &good)).contains("SGX-Enclave-Identity-Issuer-Chain"));
        for length in [63, 65] {
            let body = format!("{{\"enclaveIdentity\":{{}},\"signature\":\"{}\"}}", "00".repeat(length));
            assert!(reason(answer(&[], &body)).contains("64 bytes"));
        }
        assert!(reason(answer(&[], "{}")).contains("no QE identity"));
    }

    #[test]
    fn a_list_may_come_as_bytes_or_as_digits() {
        assert_eq!(der(&answer(&[], "3003aabbcc\n")), [0x30, 3, 0xaa, 0xbb, 0xcc]);
        assert_eq!(der(&answer(&[], "0\u{3}x")), b"0\x03x");
    }
}
