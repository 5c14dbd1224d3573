//! The networks that the node knows by name. Their genesis comes from the runtime's presets.

use khala_runtime::{presets::KHALA_RUNTIME_PRESET, WASM_BINARY};
use sc_service::{ChainType, GenericChainSpec, Properties};
use serde_json::Value;
use sp_genesis_builder::{DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use std::path::{Path, PathBuf};

/// Decimals of PHA.
const TOKEN_DECIMALS: u32 = 12;

/// A network with a preset in the runtime.
struct Network {
    name: &'static str,
    id: &'static str,
    kind: ChainType,
    preset: &'static str,
}

impl Network {
    /// The network of a name. `dev`, `local` and the empty name (no `--chain`) are what every Substrate node takes too.
    fn by_name(name: &str) -> Option<Self> {
        match name {
            "dev" | DEV_RUNTIME_PRESET => Some(Self {
                name: "Khala Development",
                id: "khala_development",
                kind: ChainType::Development,
                preset: DEV_RUNTIME_PRESET,
            }),
            "local" | LOCAL_TESTNET_RUNTIME_PRESET => Some(Self {
                name: "Khala Local Testnet",
                id: "khala_local_testnet",
                kind: ChainType::Local,
                preset: LOCAL_TESTNET_RUNTIME_PRESET,
            }),
            "" | KHALA_RUNTIME_PRESET => Some(Self {
                name: "Khala",
                id: "khala",
                kind: ChainType::Live,
                preset: KHALA_RUNTIME_PRESET,
            }),
            _ => None,
        }
    }

    /// Its chain specification, with `patch` merged into the genesis.
    fn spec(self, patch: Value) -> Result<GenericChainSpec, String> {
        let wasm =
            WASM_BINARY.ok_or("this node was built with SKIP_WASM_BUILD and has no runtime: build it without, or give --chain a file")?;
        Ok(GenericChainSpec::builder(wasm, None)
            .with_name(self.name)
            .with_id(self.id)
            .with_chain_type(self.kind)
            .with_protocol_id(self.id)
            .with_properties(properties())
            .with_genesis_config_preset_name(self.preset)
            .with_genesis_config_patch(patch)
            .build())
    }
}

/// The specification of a named network, or the one in a file.
pub(crate) fn load(id: &str) -> Result<GenericChainSpec, String> {
    match Network::by_name(id) {
        Some(network) => network.spec(Value::Object(Default::default())),
        None => from_file(Path::new(id)),
    }
}

/// The specification of a named network with the JSON file `patch` merged into its genesis.
pub(crate) fn load_patched(id: &str, patch: &Path) -> Result<GenericChainSpec, String> {
    let network = Network::by_name(id)
        .ok_or_else(|| format!("{id} is not a network's name: the genesis of a finished chain specification cannot be patched"))?;
    let text = std::fs::read(patch).map_err(|error| format!("cannot read the genesis patch {}: {error}", patch.display()))?;
    let value: Value =
        serde_json::from_slice(&text).map_err(|error| format!("the genesis patch {} is not JSON: {error}", patch.display()))?;
    if !value.is_object() {
        return Err(format!(
            "the genesis patch {} must be a JSON object with pallets as keys",
            patch.display()
        ));
    }
    network.spec(value)
}

fn from_file(path: &Path) -> Result<GenericChainSpec, String> {
    if !path.exists() {
        return Err(format!(
            "{} is neither a file nor a network's name ({DEV_RUNTIME_PRESET}, {LOCAL_TESTNET_RUNTIME_PRESET}, {KHALA_RUNTIME_PRESET})",
            path.display()
        ));
    }
    GenericChainSpec::from_json_file(PathBuf::from(path))
}

/// What wallets show amounts and addresses with.
fn properties() -> Properties {
    let mut properties = Properties::new();
    properties.insert("tokenSymbol".into(), "PHA".into());
    properties.insert("tokenDecimals".into(), TOKEN_DECIMALS.into());
    properties.insert("ss58Format".into(), khala_runtime::SS58_PREFIX.into());
    properties
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_their_networks() {
        for (name, id) in [
            ("", "khala"),
            ("khala", "khala"),
            ("dev", "khala_development"),
            ("development", "khala_development"),
            ("local", "khala_local_testnet"),
            ("local_testnet", "khala_local_testnet"),
        ] {
            assert_eq!(Network::by_name(name).map(|network| network.id), Some(id), "{name:?}");
        }
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_names_that_exist() {
        let error = load("moonbase").err().unwrap_or_default();
        assert!(error.contains("moonbase") && error.contains("local_testnet"), "{error}");
    }

    #[test]
    fn a_patch_reaches_the_genesis_and_bad_ones_are_refused() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let write = |name: &str, text: &str| {
            let path = dir.path().join(name);
            std::fs::write(&path, text).expect("writes");
            path
        };
        let good = write("good.json", r#"{ "network": { "slotMs": 4000 } }"#);
        let json = load_patched("khala", &good)
            .and_then(|spec| spec.as_json(false))
            .expect("a valid patch");
        let spec: Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(spec["genesis"]["runtimeGenesis"]["patch"]["network"]["slotMs"], 4000);
        assert_eq!(spec["properties"]["ss58Format"], 30);

        for (name, text, expected) in [
            ("text.json", "not json", "is not JSON"),
            ("list.json", "[]", "must be a JSON object"),
        ] {
            let error = load_patched("khala", &write(name, text)).err().unwrap_or_default();
            assert!(error.contains(expected), "{error}");
        }
        let error = load_patched("khala", Path::new("/does/not/exist")).err().unwrap_or_default();
        assert!(error.contains("cannot read"), "{error}");
        let error = load_patched("some-file.json", &good).err().unwrap_or_default();
        assert!(error.contains("cannot be patched"), "{error}");
    }
}
