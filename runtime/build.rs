//! Builds the runtime's Wasm beside the native library.

#[cfg(feature = "std")]
fn main() {
    // The builder looks for Cargo.lock above the target folder. That may be outside of the repository, and without the
    // lock the Wasm would be built from other versions than the node.
    const HINT: &str = "WASM_BUILD_WORKSPACE_HINT";
    if std::env::var_os(HINT).is_none() {
        std::env::set_var(HINT, concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    }
    build();
}

#[cfg(not(feature = "std"))]
fn main() {}

#[cfg(all(feature = "std", feature = "metadata-hash"))]
fn build() {
    substrate_wasm_builder::WasmBuilder::init_with_defaults()
        .enable_metadata_hash("PHA", 12)
        .build();
}

#[cfg(all(feature = "std", not(feature = "metadata-hash")))]
fn build() {
    substrate_wasm_builder::WasmBuilder::build_using_defaults();
}
