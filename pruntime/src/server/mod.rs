//! The JSON-RPC server: HTTP and WebSocket on one port.
//!
//! Everything is bounded: connections, requests at once, the size of requests and answers, and the time of each step.
//! Batches are refused: each request of a batch would wait for the slowest. This is the private listener, for the
//! relayer.

mod deadline;
pub mod gate;
mod idle;
mod service;

pub use service::{Service, MAX_REQUESTS};

use deadline::Deadline;
use idle::IdleLimit;
use jsonrpsee::server::{
    serve_with_graceful_shutdown, stop_channel, BatchRequestConfig, Methods, PingConfig, Server, ServerHandle, StopHandle,
    TowerServiceBuilder,
};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};
use tower::layer::util::Identity;
use tracing::{debug, warn};

/// Bounds of a listener.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Connections at once; a further one is closed.
    pub connections: u32,
    /// Longest request, in bytes. The longest that makes sense has less than 1 KiB.
    pub request_bytes: u32,
    /// Longest answer, in bytes. Evidence has at most 20 KiB of hex.
    pub answer_bytes: u32,
    /// A connection on which no byte moves for so long is closed.
    pub idle: Duration,
    /// Time for one HTTP request, from its first byte to its answer. The longest benchmark fits in.
    pub request: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 128,
            request_bytes: 16 * 1024,
            answer_bytes: 64 * 1024,
            idle: Duration::from_secs(180),
            request: Duration::from_secs(150),
        }
    }
}

/// How long requests that are being answered may go on after [`Running::stop`].
const GRACE: Duration = Duration::from_secs(3);
/// Pause after the system refused to accept a connection, so that a lack of file handles does not keep a core busy.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A listening server. It stops when this is dropped.
pub struct Running {
    address: SocketAddr,
    handle: ServerHandle,
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes no more requests; waits up to three seconds for those that are being answered.
    pub async fn stop(self) {
        if self.handle.stop().is_ok() && timeout(GRACE, self.handle.stopped()).await.is_err() {
            warn!("stopped in the middle of a request");
        }
    }
}

/// Answers `methods` on a listener. Must be called on a tokio runtime.
pub fn start(listener: TcpListener, methods: impl Into<Methods>, limits: Limits) -> std::io::Result<Running> {
    let address = listener.local_addr()?;
    let (stop, handle) = stop_channel();
    let builder = Server::builder()
        .max_connections(limits.connections)
        .max_request_body_size(limits.request_bytes)
        .max_response_body_size(limits.answer_bytes)
        .max_subscriptions_per_connection(0)
        .set_batch_request_config(BatchRequestConfig::Disabled)
        .set_message_buffer_capacity(MAX_REQUESTS)
        .enable_ws_ping(PingConfig::default())
        .to_service_builder();
    tokio::spawn(accept(listener, builder, methods.into(), stop, limits));
    Ok(Running { address, handle })
}

async fn accept(
    listener: TcpListener,
    builder: TowerServiceBuilder<Identity, Identity>,
    methods: Methods,
    stop: StopHandle,
    limits: Limits,
) {
    let connections = Arc::new(Semaphore::new(
        usize::try_from(limits.connections).unwrap_or(Semaphore::MAX_PERMITS),
    ));
    let stopped = stop.clone().shutdown();
    tokio::pin!(stopped);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stopped => return,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                warn!(%error, "cannot accept a connection");
                sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        if let Err(error) = stream.set_nodelay(true) {
            debug!(%error, "cannot set TCP_NODELAY");
        }
        let Ok(permit) = connections.clone().try_acquire_owned() else {
            warn!(%peer, limit = limits.connections, "a connection was closed: there are too many");
            continue;
        };
        let (builder, methods, stop) = (builder.clone(), methods.clone(), stop.clone());
        tokio::spawn(serve(
            IdleLimit::new(stream, limits.idle, permit),
            builder,
            methods,
            stop,
            limits.request,
        ));
    }
}

async fn serve(
    stream: IdleLimit<TcpStream, OwnedSemaphorePermit>,
    builder: TowerServiceBuilder<Identity, Identity>,
    methods: Methods,
    stop: StopHandle,
    request_limit: Duration,
) {
    let service = Deadline::new(builder.build(methods, stop.clone()), request_limit);
    if let Err(error) = serve_with_graceful_shutdown(stream, service, stop.shutdown()).await {
        debug!(%error, "a connection ended");
    }
}
