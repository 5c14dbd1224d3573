//! A runtime's Wasm, and how it is called.

use anyhow::{anyhow, Context, Result};
use codec::{DecodeAll, Encode};
use sc_client_db::BenchmarkingState;
use sc_executor::WasmExecutor;
use serde_json::Value;
use sp_core::traits::{CallContext, CodeExecutor, RuntimeCode, WrappedRuntimeCode};
use sp_externalities::Extensions;
use sp_keystore::{testing::MemoryKeystore, KeystoreExt};
use sp_runtime::traits::BlakeTwo256;
use sp_state_machine::{BasicExternalities, OverlayedChanges, StateMachine};
use sp_storage::Storage;
use std::path::Path;

/// The state that benchmarks run on: a trie in memory that can be wiped and that counts accesses.
pub type State = BenchmarkingState<BlakeTwo256>;

/// What the Wasm may call: what every node offers, the clock, and the state's counters.
type Host = (sp_io::SubstrateHostFunctions, frame_benchmarking::benchmarking::HostFunctions);

/// A runtime that was built with the feature `runtime-benchmarks`.
pub struct Runtime {
    wasm: Vec<u8>,
    hash: Vec<u8>,
    executor: WasmExecutor<Host>,
}

impl Runtime {
    /// Reads the Wasm. It is compiled at the first call.
    pub fn load(path: &Path) -> Result<Self> {
        let wasm = std::fs::read(path).with_context(|| format!("{} cannot be read: build the runtime's Wasm first", path.display()))?;
        Ok(Self {
            hash: sp_io::hashing::blake2_256(&wasm).to_vec(),
            wasm,
            executor: WasmExecutor::builder().with_max_runtime_instances(1).build(),
        })
    }

    /// The state before the first block, by one of the runtime's presets.
    pub fn genesis(&self, preset: &str) -> Result<Storage> {
        let mut state = BasicExternalities::default();
        let mut call = |function: &str, arguments: Vec<u8>| {
            self.with_code(|code| self.executor.call(&mut state, code, function, &arguments, CallContext::Offchain).0)
                .map_err(|error| anyhow!("{function} failed: {error}"))
        };
        let mut get = |name: Option<&str>| -> Result<Value> {
            let json: Option<Vec<u8>> = decode(&call("GenesisBuilder_get_preset", name.encode())?)?;
            Ok(serde_json::from_slice(
                &json.with_context(|| format!("the runtime has no preset {name:?}"))?,
            )?)
        };
        // A preset says only in what it differs from the default.
        let mut genesis = get(None)?;
        merge(&mut genesis, get(Some(preset))?);
        let built: sp_genesis_builder::Result = decode(&call("GenesisBuilder_build_state", genesis.to_string().encode())?)?;
        built.map_err(|error| anyhow!("the genesis of the preset '{preset}' is refused: {error}"))?;
        Ok(state.into_storages())
    }

    /// Calls a function of the runtime's API on a state. The runtime may keep keys and sign with them until it returns.
    pub fn call<R: DecodeAll>(&self, state: &State, function: &str, arguments: &impl Encode) -> Result<R> {
        let mut extensions = Extensions::default();
        extensions.register(KeystoreExt::new(MemoryKeystore::new()));
        let mut changes = OverlayedChanges::default();
        let arguments = arguments.encode();
        let answer = self.with_code(|code| {
            let context = CallContext::Offchain;
            StateMachine::new(
                state,
                &mut changes,
                &self.executor,
                function,
                &arguments,
                &mut extensions,
                code,
                context,
            )
            .execute()
        });
        decode(&answer.map_err(|error| anyhow!("{function} failed: {error}"))?)
    }

    fn with_code<R>(&self, run: impl FnOnce(&RuntimeCode) -> R) -> R {
        let code_fetcher = WrappedRuntimeCode(self.wasm.as_slice().into());
        run(&RuntimeCode {
            code_fetcher: &code_fetcher,
            heap_pages: None,
            hash: self.hash.clone(),
        })
    }
}

/// JSON Merge Patch (RFC 7396).
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(changes) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Default::default());
    }
    for (name, change) in changes {
        if change.is_null() {
            target.as_object_mut().map(|fields| fields.remove(&name));
        } else {
            merge(&mut target[&name], change);
        }
    }
}

fn decode<R: DecodeAll>(bytes: &[u8]) -> Result<R> {
    R::decode_all(&mut &bytes[..]).context("the runtime speaks another version of the benchmarks' API than this program")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_patch_changes_what_it_names_and_nothing_else() {
        let mut genesis = json!({ "sudo": null, "network": { "slotMs": 1, "epochSlots": 2 }, "keys": [1, 2], "gone": 1 });
        merge(
            &mut genesis,
            json!({ "sudo": { "key": 7 }, "network": { "slotMs": 9 }, "keys": [3], "gone": null }),
        );
        assert_eq!(
            genesis,
            json!({ "sudo": { "key": 7 }, "network": { "slotMs": 9, "epochSlots": 2 }, "keys": [3] })
        );
    }
}
