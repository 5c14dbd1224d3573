//! JSON-RPC over one connection, without anything that would take time from the node beside it.

use anyhow::{anyhow, bail, Context, Result};
use codec::DecodeAll;
use serde_json::{json, Value};
use sp_core::H256;
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

/// How long an answer may take.
const DEADLINE: Duration = Duration::from_secs(60);

/// A connection to a server of HTTP on this machine.
pub struct Connection {
    port: u16,
    stream: BufReader<TcpStream>,
}

/// Why the node refused a transaction.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Refusal {
    /// Code of the RPC.
    pub code: i64,
    /// The node's words.
    pub words: String,
}

impl Connection {
    /// Connects.
    pub fn open(port: u16) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(DEADLINE))?;
        Ok(Self {
            port,
            stream: BufReader::new(stream),
        })
    }

    /// Fetches a page, such as the metrics.
    pub fn get(&mut self, path: &str) -> Result<String> {
        let head = format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\n\r\n", self.port);
        self.exchange(head.as_bytes(), &[])
    }

    /// Calls a method.
    pub fn call(&mut self, method: &str, parameters: Value) -> Result<Value> {
        let mut answer = self.request(method, parameters)?;
        match answer.get("error") {
            Some(error) => bail!("{method}: {error}"),
            None => Ok(answer["result"].take()),
        }
    }

    /// Sends a transaction to the pool.
    pub fn submit(&mut self, transaction: &[u8]) -> Result<Result<(), Refusal>> {
        let answer = self.request("author_submitExtrinsic", json!([hex_of(transaction)]))?;
        let Some(error) = answer.get("error") else { return Ok(Ok(())) };
        let words = error["data"].as_str().or(error["message"].as_str()).unwrap_or_default();
        // What follows a bracket are numbers and hashes that differ each time.
        let words = words.split(['(', ':']).next().unwrap_or_default().trim().to_string();
        let code = error["code"].as_i64().unwrap_or_default();
        Ok(Err(Refusal { code, words }))
    }

    /// A value of the state of a block.
    pub fn storage<T: DecodeAll>(&mut self, key: &[u8], block: H256) -> Result<Option<T>> {
        let answer = self.call("state_getStorage", json!([hex_of(key), block]))?;
        let Some(text) = answer.as_str() else { return Ok(None) };
        let bytes = hex::decode(text.trim_start_matches("0x"))?;
        let value = T::decode_all(&mut &bytes[..]).context("the node's state has other types than this program")?;
        Ok(Some(value))
    }

    /// Number and hash of the best block.
    pub fn best(&mut self) -> Result<(u32, H256)> {
        let header = self.call("chain_getHeader", json!([]))?;
        let number = header["number"].as_str().context("a header has no number")?;
        let number = u32::from_str_radix(number.trim_start_matches("0x"), 16)?;
        Ok((number, self.block_hash(number)?))
    }

    /// Hash of a block of the best chain.
    pub fn block_hash(&mut self, number: u32) -> Result<H256> {
        let hash = self.call("chain_getBlockHash", json!([number]))?;
        serde_json::from_value(hash).context("the node does not have the block")
    }

    fn request(&mut self, method: &str, parameters: Value) -> Result<Value> {
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": parameters }).to_string();
        let head = format!(
            "POST / HTTP/1.1\r\nhost: 127.0.0.1:{}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            self.port,
            body.len()
        );
        let answer = self.exchange(head.as_bytes(), body.as_bytes())?;
        serde_json::from_str(&answer).with_context(|| format!("{method}: the answer is no JSON: {answer}"))
    }

    fn exchange(&mut self, head: &[u8], body: &[u8]) -> Result<String> {
        let stream = self.stream.get_mut();
        stream.write_all(head)?;
        stream.write_all(body)?;
        let mut length = None;
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line)? == 0 {
                bail!("port {} closed the connection", self.port);
            }
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = Some(value.trim().parse::<usize>()?);
            }
        }
        let length = length.ok_or_else(|| anyhow!("port {} answers without a length", self.port))?;
        let mut answer = vec![0; length];
        self.stream.read_exact(&mut answer)?;
        Ok(String::from_utf8(answer)?)
    }
}

/// As the RPC writes bytes.
pub fn hex_of(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}
