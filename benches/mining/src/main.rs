#![doc = include_str!("../README.md")]

mod block;
mod clock;
mod crowd;
mod flood;
mod import;
mod kinds;
mod live;
mod node;
mod pools;
mod rpc;
mod scale;
mod scene;
mod signatures;
mod stats;
mod transactions;
mod trie;
mod wasm;
mod worker;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use wasm::Wasm;

/// Measures what mining and delegating cost a node of the production network.
#[derive(Parser)]
#[command(name = "mining-bench")]
struct Arguments {
    /// The runtime's Wasm, as a node has it.
    #[arg(long)]
    wasm: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// What a heartbeat and an offline report cost, by number of sessions; in this process, in Wasm.
    Scale {
        /// Numbers of sessions.
        #[arg(long, value_delimiter = ',', default_values_t = [1_000, 10_000, 100_000, 1_000_000])]
        sessions: Vec<u32>,
        /// Batches of 64 heartbeats in the block; 79 are more than 5,000.
        #[arg(long, default_value_t = 15)]
        batches: u32,
        /// Measurements of everything; medians are printed.
        #[arg(long, default_value_t = 9)]
        rounds: usize,
    },
    /// What delegating, withdrawing, a reward and a payment cost, by number of delegators; in this process, in Wasm.
    Pools {
        /// Numbers of delegators, each of whom waits in the pool's queue as well.
        #[arg(long, value_delimiter = ',', default_values_t = [10, 1_000, 100_000, 1_000_000])]
        delegators: Vec<u32>,
        /// Measurements of everything; medians are printed.
        #[arg(long, default_value_t = 25)]
        rounds: usize,
    },
    /// A block of more than 5,000 heartbeats on two nodes: its author, and one that imports it.
    Import {
        #[command(flatten)]
        nodes: Nodes,
        /// Sessions of the chain; a third of them is asked within the blocks that are held back.
        #[arg(long, default_value_t = 20_000)]
        sessions: u32,
        /// Heartbeats that the block must have.
        #[arg(long, default_value_t = 5_000)]
        heartbeats: usize,
    },
    /// Floods of transactions that are refused.
    Flood {
        #[command(flatten)]
        nodes: Nodes,
        /// Sessions of the chain.
        #[arg(long, default_value_t = 20_000)]
        sessions: u32,
        /// Transactions of each kind.
        #[arg(long, default_value_t = 10_000)]
        count: u32,
    },
}

/// The nodes that are started.
#[derive(clap::Args)]
struct Nodes {
    /// The program, built as operators run it.
    #[arg(long)]
    node: PathBuf,
    /// An empty folder for what the nodes store and say.
    #[arg(long)]
    data: PathBuf,
}

fn main() -> Result<()> {
    let Arguments { wasm, command } = Arguments::parse();
    let wasm = Wasm::load(&wasm)?;
    match command {
        Command::Scale { sessions, batches, rounds } => scale::run(&wasm, &sessions, batches, rounds),
        Command::Pools { delegators, rounds } => pools::run(&wasm, &delegators, rounds),
        Command::Import {
            nodes,
            sessions,
            heartbeats,
        } => import::run(&wasm, &nodes.node, &nodes.data, sessions, heartbeats),
        Command::Flood { nodes, sessions, count } => flood::run(&wasm, &nodes.node, &nodes.data, sessions, count),
    }
}
