//! The server over real HTTP: Intel's paths, parameters, headers and statuses.

use khala_attestation::{
    development,
    documents::{PckCrl, RootCrl, SignedQeIdentity, SignedTcbInfo},
    forge::{Pki, TcbClass, FMSPC},
};
use khala_pccs::{serial_of, Fault, Pccs, Served};
use percent_encoding::percent_decode_str;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

const ROOTS: [&[u8]; 1] = [development::ROOT_DER];

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    /// A header's value, percent-decoded.
    fn header(&self, name: &str) -> String {
        let prefix = format!("{}: ", name.to_ascii_lowercase());
        let line = self.head.lines().find(|line| line.to_ascii_lowercase().starts_with(&prefix));
        let value = &line.unwrap_or_else(|| panic!("{name} in {}", self.head))[prefix.len()..];
        percent_decode_str(value).decode_utf8().unwrap().into_owned()
    }

    /// The signed document and its signature.
    fn signed(&self, name: &str) -> (Vec<u8>, Vec<u8>) {
        let text = std::str::from_utf8(&self.body).unwrap();
        let (document, rest) = text
            .strip_prefix(&format!("{{\"{name}\":"))
            .and_then(|rest| rest.split_once(",\"signature\":\""))
            .unwrap();
        (document.into(), hex::decode(rest.strip_suffix("\"}").unwrap()).unwrap())
    }
}

async fn start() -> Pccs {
    Pccs::start(([127, 0, 0, 1], 0).into()).await.unwrap()
}

/// Asks for a path below `/sgx/`, or for another one.
async fn get(pccs: &Pccs, path: &str) -> Answer {
    let url = pccs.url();
    let (host, api) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let path = if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("/{api}{path}")
    };
    let mut stream = TcpStream::connect(host).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    Answer {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        head,
        body: bytes[end + 4..].to_vec(),
    }
}

#[tokio::test]
async fn every_document_leads_to_the_development_root() {
    let pccs = start().await;
    let root_crl = hex::decode(get(&pccs, "rootcacrl").await.body).unwrap();
    RootCrl::verify(&root_crl, &ROOTS).unwrap();
    let pck_crl = get(&pccs, "pckcrl?ca=platform&encoding=der").await;
    PckCrl::verify(pck_crl.header("SGX-PCK-CRL-Issuer-Chain").as_bytes(), &pck_crl.body, &ROOTS).unwrap();
    for tee in ["sgx", "tdx"] {
        let tcb = get(&pccs, &format!("/{tee}/certification/v4/tcb?fmspc={FMSPC}")).await;
        let (json, signature) = tcb.signed("tcbInfo");
        let document = SignedTcbInfo::verify(tcb.header("TCB-Info-Issuer-Chain").as_bytes(), &json, &signature, &ROOTS).unwrap();
        assert_eq!(document.info.tee.to_string().to_ascii_lowercase(), tee);
        let qe = get(&pccs, &format!("/{tee}/certification/v4/qe/identity?update=standard")).await;
        let (json, signature) = qe.signed("enclaveIdentity");
        let chain = qe.header("SGX-Enclave-Identity-Issuer-Chain");
        SignedQeIdentity::verify(chain.as_bytes(), &json, &signature, &ROOTS).unwrap();
    }
    assert_eq!(pccs.served().requests(), 6);
}

#[tokio::test]
async fn a_number_is_asked_for_by_itself_as_standard_or_as_early() {
    let pccs = start().await;
    pccs.served().set_numbers(&[18, 19]);
    for (which, number) in [
        ("", 18),
        ("&update=standard", 18),
        ("&update=early", 19),
        ("&tcbEvaluationDataNumber=18", 18),
        ("&tcbEvaluationDataNumber=19", 19),
    ] {
        let (json, _) = get(&pccs, &format!("tcb?fmspc={FMSPC}{which}")).await.signed("tcbInfo");
        let needle = format!("\"tcbEvaluationDataNumber\":{number}");
        assert!(String::from_utf8(json).unwrap().contains(&needle), "{which}");
    }
}

#[tokio::test]
async fn what_is_not_there_or_asked_wrongly_gets_intels_status() {
    let pccs = start().await;
    let fmspc = FMSPC.to_string();
    for (path, status) in [
        ("tcb?fmspc=000000000000".to_owned(), 404),
        ("tcb".to_owned(), 400),
        ("tcb?fmspc=00".to_owned(), 400),
        (format!("tcb?fmspc={}", fmspc.to_ascii_uppercase()), 200),
        (format!("tcb?fmspc={fmspc}&tcbEvaluationDataNumber=17"), 404),
        (format!("tcb?fmspc={fmspc}&update=early&tcbEvaluationDataNumber=18"), 400),
        (format!("tcb?fmspc={fmspc}&update=later"), 400),
        ("pckcrl?ca=processor&encoding=der".to_owned(), 404),
        ("pckcrl?ca=platform".to_owned(), 400),
        ("pckcrl?encoding=der".to_owned(), 400),
        ("/tdx/certification/v4/rootcacrl".to_owned(), 404),
        ("/sgx/certification/v3/rootcacrl".to_owned(), 404),
        ("pckcert".to_owned(), 404),
    ] {
        assert_eq!(get(&pccs, &path).await.status, status, "{path}");
    }
}

#[tokio::test]
async fn a_platform_is_revoked_while_the_server_runs() {
    let pccs = start().await;
    let list = |answer: Answer| PckCrl::verify(answer.header("SGX-PCK-CRL-Issuer-Chain").as_bytes(), &answer.body, &ROOTS).unwrap();
    let (before, revoked) = list(get(&pccs, "pckcrl?ca=platform&encoding=der").await);
    assert!(revoked.is_empty());
    pccs.served().revoke_platform(TcbClass::UpToDate, "a machine").unwrap();
    let (after, revoked) = list(get(&pccs, "pckcrl?ca=platform&encoding=der").await);
    let machine = Pki::development().platform(TcbClass::UpToDate, "a machine");
    assert_eq!(
        revoked.iter().map(|serial| serial.to_vec()).collect::<Vec<_>>(),
        [serial_of(machine.leaf_der()).unwrap()]
    );
    assert!(after.list.number > before.list.number && after.list.this_update_secs > before.list.this_update_secs);
}

#[tokio::test]
async fn it_fails_as_it_is_told() {
    let pccs = start().await;
    pccs.served().set_fault(Fault::Down);
    assert_eq!(get(&pccs, "rootcacrl").await.status, 503);
    pccs.served().set_fault(Fault::Garbage);
    assert!(get(&pccs, "rootcacrl").await.body.starts_with(b"<html>"));
    pccs.served().set_fault(Fault::Delay(Duration::from_millis(1)));
    assert_eq!(get(&pccs, "rootcacrl").await.status, 200);
}

#[tokio::test]
async fn another_server_goes_on_with_what_the_first_one_served() {
    let served = Served::new();
    served.set_numbers(&[77]);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(Pccs::start_with(listener, served.clone()).unwrap());
    let second = Pccs::start_with(TcpListener::bind("127.0.0.1:0").await.unwrap(), served).unwrap();
    assert_ne!(second.url(), format!("http://{address}/sgx/certification/v4/"));
    assert_eq!(get(&second, "qe/identity?tcbEvaluationDataNumber=77").await.status, 200);
}
