//! What each command does.

use crate::{
    chain_spec,
    cli::{Cli, ExportChainSpecCmd, Subcommand, DEFAULT_JUSTIFICATION_PERIOD},
    service,
};
use khala_runtime::opaque::Block;
use sc_cli::SubstrateCli;
use sc_network::{config::NetworkBackendType, Litep2pNetworkBackend, NetworkWorker};
use sc_service::{Configuration, PartialComponents};
use sp_core::crypto::{set_default_ss58_version, Ss58AddressFormat};
use std::io::Write;

impl SubstrateCli for Cli {
    fn impl_name() -> String {
        "Khala Node".into()
    }

    fn impl_version() -> String {
        env!("CARGO_PKG_VERSION").into()
    }

    fn description() -> String {
        "The chain of the Khala network: BABE makes blocks, GRANDPA finalises them, JSON-RPC serves them.".into()
    }

    fn author() -> String {
        "the Khala developers".into()
    }

    fn support_url() -> String {
        env!("CARGO_PKG_REPOSITORY").into()
    }

    fn copyright_start_year() -> i32 {
        2026
    }

    fn load_spec(&self, id: &str) -> Result<Box<dyn sc_service::ChainSpec>, String> {
        chain_spec::load(id).map(|spec| Box::new(spec) as _)
    }
}

/// Reads the command line and does what it says.
pub(crate) fn run() -> sc_cli::Result<()> {
    set_default_ss58_version(Ss58AddressFormat::custom(khala_runtime::SS58_PREFIX));
    let mut cli = Cli::from_args();
    if cli.run.get_keyring().is_some() {
        // A validator must not change its network identity by accident, so its key has to be there before the first
        // start. A validator with a well-known key has nothing to lose.
        cli.run.network_params.node_key_params.unsafe_force_node_key_generation = true;
    }
    match &cli.subcommand {
        None => run_node(&cli),
        Some(Subcommand::Key(cmd)) => cmd.run(&cli),
        Some(Subcommand::ExportChainSpec(cmd)) => export_chain_spec(cmd),
        Some(Subcommand::CheckBlock(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let PartialComponents {
                client,
                task_manager,
                import_queue,
                ..
            } = parts(&config)?;
            Ok((cmd.run(client, import_queue), task_manager))
        }),
        Some(Subcommand::ExportBlocks(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let PartialComponents { client, task_manager, .. } = parts(&config)?;
            Ok((cmd.run(client, config.database), task_manager))
        }),
        Some(Subcommand::ExportState(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let PartialComponents { client, task_manager, .. } = parts(&config)?;
            Ok((cmd.run(client, config.chain_spec), task_manager))
        }),
        Some(Subcommand::ImportBlocks(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let PartialComponents {
                client,
                task_manager,
                import_queue,
                ..
            } = parts(&config)?;
            Ok((cmd.run(client, import_queue), task_manager))
        }),
        Some(Subcommand::PurgeChain(cmd)) => cli.create_runner(cmd)?.sync_run(|config| cmd.run(config.database)),
        Some(Subcommand::Revert(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let PartialComponents {
                client,
                task_manager,
                backend,
                ..
            } = parts(&config)?;
            let revert_consensus = Box::new(|client: std::sync::Arc<service::FullClient>, backend, blocks| {
                sc_consensus_babe::revert(client.clone(), backend, blocks)?;
                sc_consensus_grandpa::revert(client, blocks)?;
                Ok(())
            });
            Ok((cmd.run(client, backend, Some(revert_consensus)), task_manager))
        }),
        Some(Subcommand::ChainInfo(cmd)) => cli.create_runner(cmd)?.sync_run(|config| cmd.run::<Block>(&config)),
    }
}

fn run_node(cli: &Cli) -> sc_cli::Result<()> {
    let runner = cli.create_runner(&cli.run)?;
    runner.run_node_until_exit(|config| async move {
        match config.network.network_backend {
            NetworkBackendType::Libp2p => service::run::<NetworkWorker<_, _>>(config, &cli.khala),
            NetworkBackendType::Litep2p => service::run::<Litep2pNetworkBackend>(config, &cli.khala),
        }
        .map_err(sc_cli::Error::Service)
    })
}

/// The parts that commands on a chain's data need. They make no finality proofs.
fn parts(config: &Configuration) -> Result<service::Partial, sc_service::Error> {
    service::new_partial(config, DEFAULT_JUSTIFICATION_PERIOD)
}

fn export_chain_spec(cmd: &ExportChainSpecCmd) -> sc_cli::Result<()> {
    let spec = match &cmd.patch {
        Some(patch) => chain_spec::load_patched(&cmd.chain, patch)?,
        None => chain_spec::load(&cmd.chain)?,
    };
    let json = sc_service::chain_ops::build_spec(&spec, cmd.raw)?;
    match &cmd.output {
        Some(path) => std::fs::write(path, json).map_err(|error| format!("cannot write {}: {error}", path.display()))?,
        None => std::io::stdout().write_all(json.as_bytes())?,
    }
    Ok(())
}
