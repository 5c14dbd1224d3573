//! What the indexer is told.

use clap::Parser;
use std::{net::SocketAddr, path::PathBuf, time::Duration};

/// Follows the chain's finalised blocks, keeps their history in SQLite, and serves it with the console.
///
/// The HTTP interface is at /api/v1 (its document at /api/v1/openapi.json), the console at /; /healthz, /readyz and /metrics are
/// for machines. It starts before the node does, and waits. It may be stopped or killed at any point, and goes on where it was.
///
/// The node must keep the state of all blocks: --state-pruning archive --blocks-pruning archive.
///
/// Logs go to standard error. Exit code 0 after SIGINT or SIGTERM, 1 when it cannot start or the database does not fit the chain.
#[derive(Clone, Debug, Parser)]
#[command(version, verbatim_doc_comment)]
pub struct Arguments {
    /// The node's WebSocket address.
    #[arg(long, env = "KHALA_NODE", default_value = "ws://127.0.0.1:9944", value_name = "URL")]
    pub node: String,
    /// The database; made when it is not there.
    #[arg(long, env = "KHALA_INDEXER_DATABASE", default_value = "indexer.sqlite", value_name = "FILE")]
    pub database: PathBuf,
    /// Where the HTTP interface listens.
    #[arg(long, env = "KHALA_INDEXER_LISTEN", default_value = "127.0.0.1:9970", value_name = "ADDRESS")]
    pub listen: SocketAddr,
    /// The console's built files: a folder with an index.html. Without it only the interface is served.
    #[arg(long, env = "KHALA_CONSOLE", value_name = "FOLDER")]
    pub console: Option<PathBuf>,
    /// WebSocket address of a node that anybody may use, like wss://rpc.example.org: the console takes it from /api/v1/config, and its pages
    /// may connect to it.
    #[arg(long, env = "KHALA_PUBLIC_NODE", value_parser = public_node, value_name = "URL")]
    pub public_node: Option<String>,
    /// More origins that the console's pages may connect to, like wss://rpc.example.org; its own, and loopback nodes, it always may.
    #[arg(long, env = "KHALA_CONSOLE_CONNECT", value_delimiter = ',', value_name = "ORIGIN")]
    pub connect: Vec<String>,
    /// Time between two samples, in seconds of the chain's time: a divisor of an hour, at least 10. Fixed when the database is made.
    #[arg(long, env = "KHALA_INDEXER_SAMPLE_SECS", default_value_t = 3600, value_parser = sample_secs, value_name = "SECS")]
    pub sample_secs: u64,
    /// Requests that read the database at once.
    #[arg(long, env = "KHALA_INDEXER_READERS", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=64), value_name = "COUNT")]
    pub readers: u8,
    /// How long a query may take, in milliseconds.
    #[arg(long, env = "KHALA_INDEXER_QUERY_MS", default_value_t = 2_000, value_parser = clap::value_parser!(u64).range(10..=60_000), value_name = "MS")]
    pub query_ms: u64,
    /// Ends as soon as this block is indexed.
    #[arg(long, value_name = "BLOCK")]
    pub until: Option<u32>,
    /// What is logged: error, warn, info, debug, trace, or a filter like khala_indexer=debug. RUST_LOG has priority.
    #[arg(long, default_value = "info", value_name = "FILTER")]
    pub log: String,
}

impl Arguments {
    /// The origins that the console's pages may connect to.
    pub fn origins(&self) -> Vec<String> {
        let public = self.public_node.as_deref().map(|url| origin(url).to_owned());
        self.connect.iter().cloned().chain(public).collect()
    }

    /// How long a query may take.
    pub fn deadline(&self) -> Duration {
        Duration::from_millis(self.query_ms)
    }
}

/// Scheme, host and port of an address.
fn origin(url: &str) -> &str {
    let host = url.find("://").map_or(0, |scheme| scheme.saturating_add(3));
    let rest = url.get(host..).unwrap_or_default();
    let length = rest.find('/').unwrap_or(rest.len());
    url.get(..host.saturating_add(length)).unwrap_or(url)
}

fn public_node(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("wss://").or_else(|| text.strip_prefix("ws://"));
    match host {
        Some(host) if !host.is_empty() && !host.starts_with('/') => Ok(text.to_owned()),
        _ => Err("an address that begins with wss:// or ws:// and names a host is expected".into()),
    }
}

fn sample_secs(text: &str) -> Result<u64, String> {
    let secs: u64 = text.parse().map_err(|_| format!("{text} is no number of seconds"))?;
    if secs < 10 || 3600u64.checked_rem(secs) != Some(0) {
        return Err(format!(
            "an hour is no multiple of {secs} s, or it is less than 10 s; take 60, 600 or 3600"
        ));
    }
    Ok(secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_divide_an_hour() {
        assert_eq!(sample_secs("10"), Ok(10));
        assert_eq!(sample_secs("3600"), Ok(3600));
        for wrong in ["0", "9", "7", "11", "3601", "7200", "-60", "x"] {
            assert!(sample_secs(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_public_node_is_a_websocket_and_pages_may_connect_to_its_origin() {
        let arguments = |url: &str| Arguments::try_parse_from(["khala-indexer", "--connect", "ws://a", "--public-node", url]);
        let origins = |url: &str| arguments(url).unwrap().origins();
        assert_eq!(origins("wss://rpc.example.org"), ["ws://a", "wss://rpc.example.org"]);
        assert_eq!(origins("wss://example.org:443/rpc/khala"), ["ws://a", "wss://example.org:443"]);
        for wrong in ["https://rpc.example.org", "rpc.example.org", "wss://", "wss:///path", ""] {
            assert!(arguments(wrong).is_err(), "{wrong}");
        }
        assert!(Arguments::try_parse_from(["khala-indexer"]).unwrap().origins().is_empty());
    }

    #[test]
    fn every_argument_has_a_default() {
        let arguments = Arguments::try_parse_from(["khala-indexer"]).unwrap();
        assert_eq!((arguments.sample_secs, arguments.readers, arguments.query_ms), (3600, 4, 2000));
        assert_eq!(arguments.deadline(), Duration::from_secs(2));
        assert!(Arguments::try_parse_from(["khala-indexer", "--readers", "0"]).is_err());
    }
}
