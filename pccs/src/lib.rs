//! Collateral of the development TEE, served as Intel's services serve theirs (*Provisioning Certification Service API*,
//! version 4), for the local network and for tests.
//!
//! # How to use this
//!
//! [`Pccs::start`] serves until the [`Pccs`] is dropped; [`Pccs::url`] is what a relayer is configured with. What is served
//! changes while it runs, by [`Pccs::served`]: platforms are revoked, evaluation numbers come and go, the service fails.
//!
//! | request | answer |
//! |---|---|
//! | `GET /sgx/certification/v4/rootcacrl` | the root CRL, hexadecimal digits of DER, as Intel's caches answer |
//! | `GET /sgx/certification/v4/pckcrl?ca=platform&encoding=der` | the PCK CRL, DER |
//! | `GET /{sgx,tdx}/certification/v4/tcb?fmspc=F` | TCB info; 404 for an unknown FMSPC |
//! | `GET /{sgx,tdx}/certification/v4/qe/identity` | QE identity |
//!
//! The last two take `update=standard`, `update=early` or `tcbEvaluationDataNumber=N`. Everything is signed by keys that are
//! in this repository: never serve it where anything is worth something.

mod api;
mod served;

pub use served::{serial_of, Fault, Served, UnreadableCertificate};

use std::net::SocketAddr;
use tokio::{net::TcpListener, task::JoinHandle};

/// A server at work; it ends when this is dropped.
#[derive(Debug)]
pub struct Pccs {
    address: SocketAddr,
    served: Served,
    task: JoinHandle<()>,
}

impl Pccs {
    /// Serves on this address; port 0 takes a free one.
    ///
    /// # Errors
    /// The address cannot be listened on.
    pub async fn start(listen: SocketAddr) -> std::io::Result<Self> {
        Self::start_with(TcpListener::bind(listen).await?, Served::new())
    }

    /// Serves on a listener what somebody else may hold, too: another server after this one serves the same.
    ///
    /// # Errors
    /// The listener has no address.
    pub fn start_with(listener: TcpListener, served: Served) -> std::io::Result<Self> {
        let address = listener.local_addr()?;
        let router = api::router(served.clone());
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                eprintln!("the server of collateral ended: {error}");
            }
        });
        Ok(Self { address, served, task })
    }

    /// The address of its API, for a relayer's `{ pccs = "URL" }`.
    pub fn url(&self) -> String {
        format!("http://{}/sgx/certification/v4/", self.address)
    }

    /// What it serves.
    pub fn served(&self) -> &Served {
        &self.served
    }
}

impl Drop for Pccs {
    fn drop(&mut self) {
        self.task.abort();
    }
}
