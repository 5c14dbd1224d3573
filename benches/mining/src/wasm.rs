//! The runtime's Wasm, run as a node runs it.

use crate::{block, clock::Stopwatch};
use anyhow::{anyhow, Context, Result};
use codec::{DecodeAll, Encode};
use khala_runtime::{Header, UncheckedExtrinsic};
use sc_executor::WasmExecutor;
use sp_core::{
    traits::{CallContext, CodeExecutor, RuntimeCode, WrappedRuntimeCode},
    H256,
};
use sp_externalities::Externalities;
use sp_runtime::{
    transaction_validity::{TransactionSource, TransactionValidity},
    ApplyExtrinsicResult,
};
use std::{path::Path, time::Duration};

/// A runtime, compiled at its first call.
pub struct Wasm {
    code: Vec<u8>,
    hash: Vec<u8>,
    executor: WasmExecutor<sp_io::SubstrateHostFunctions>,
}

impl Wasm {
    /// Reads it.
    pub fn load(path: &Path) -> Result<Self> {
        let code = std::fs::read(path).with_context(|| format!("{} cannot be read: build the runtime's Wasm first", path.display()))?;
        Ok(Self {
            hash: sp_io::hashing::blake2_256(&code).to_vec(),
            code,
            executor: WasmExecutor::builder().build(),
        })
    }

    /// Its bytes, for a genesis.
    pub fn code(&self) -> &[u8] {
        &self.code
    }

    /// What the transaction pool asks, and how long the answer takes. Nothing is changed: asking begins a block that never ends.
    pub fn validate(&self, state: &mut dyn Externalities, transaction: &[u8], parent: H256) -> Result<(TransactionValidity, Duration)> {
        let arguments = [&TransactionSource::External.encode(), transaction, parent.as_bytes()].concat();
        block::attempt(state, |state| {
            self.call(state, "TaggedTransactionQueue_validate_transaction", &arguments)
        })
    }

    /// Opens a block.
    pub fn initialize(&self, state: &mut dyn Externalities, header: &Header) -> Result<()> {
        let _mode: (sp_runtime::ExtrinsicInclusionMode, _) = self.call(state, "Core_initialize_block", &header.encode())?;
        Ok(())
    }

    /// Puts a transaction, which must succeed, into the open block.
    pub fn apply(&self, state: &mut dyn Externalities, transaction: &[u8]) -> Result<Duration> {
        let (result, time): (ApplyExtrinsicResult, _) = self.call(state, "BlockBuilder_apply_extrinsic", transaction)?;
        result
            .map_err(|error| anyhow!("a transaction is invalid: {error:?}"))?
            .map_err(|error| anyhow!("a transaction failed: {error:?}"))?;
        Ok(time)
    }

    /// Closes the open block.
    pub fn finalize(&self, state: &mut dyn Externalities) -> Result<(Header, Duration)> {
        self.call(state, "BlockBuilder_finalize_block", &[])
    }

    /// Executes a finished block, as its import does.
    pub fn execute(&self, state: &mut dyn Externalities, header: &Header, transactions: &[Vec<u8>]) -> Result<Duration> {
        let body: Result<Vec<UncheckedExtrinsic>, _> = transactions
            .iter()
            .map(|bytes| UncheckedExtrinsic::decode_all(&mut &bytes[..]))
            .collect();
        let arguments = (header, body?).encode();
        let ((), time) = self.call(state, "Core_execute_block", &arguments)?;
        Ok(time)
    }

    fn call<R: DecodeAll>(&self, state: &mut dyn Externalities, function: &str, arguments: &[u8]) -> Result<(R, Duration)> {
        let code_fetcher = WrappedRuntimeCode(self.code.as_slice().into());
        let code = RuntimeCode {
            code_fetcher: &code_fetcher,
            heap_pages: None,
            hash: self.hash.clone(),
        };
        let started = Stopwatch::start();
        let (answer, _native) = self
            .executor
            .call(state, &code, function, arguments, CallContext::Onchain { import: true });
        let time = started.elapsed();
        let answer = answer.map_err(|error| anyhow!("{function} failed: {error}"))?;
        let decoded = R::decode_all(&mut &answer[..]).with_context(|| format!("{function} answers something else"))?;
        Ok((decoded, time))
    }
}
