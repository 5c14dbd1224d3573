//! `khala network up`.

use crate::{
    args::Up,
    failure::{Exit, Failure},
    network::{check::check, tend, Live, Network, Options, Ports, Storage, Style},
    output,
};
use anyhow::Context;
use std::{future::Future, time::Duration};
use tokio::signal::unix::{signal, SignalKind};

/// Time between two looks at the network.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Looks in a row that may fail before the network counts as broken: a node that is busy misses one now and then.
const FAILED_LOOKS: u32 = 5;
/// How long `--check` may take in all.
const CHECK_LIMIT: Duration = Duration::from_secs(20 * 60);

/// Starts a network, and ends with it.
pub async fn up(args: &Up) -> Result<Exit, Failure> {
    let stop = stop_signal()?;
    tokio::pin!(stop);
    let options = options(args);
    println!("The development TEE protects nothing, and all keys are well known: this network is for trying things out.");
    println!("Starting {} validator(s) and {} worker(s).", args.validators, args.workers);
    let (mut network, done) = tokio::select! {
        started = start(&options) => started?,
        name = &mut stop => return Ok(interrupted(name)),
    };
    let style = if args.no_table { Style::Lines } else { Style::Table };
    let mut live = Live::new(style, heading(&network));
    done.iter().for_each(|message| live.say(message));
    let ended = tokio::select! {
        ended = run(args, &mut network, &mut live) => Some(ended),
        name = &mut stop => {
            live.say(&format!("{name}: stopping"));
            None
        }
    };
    let outcome = match ended {
        Some(Err(error)) => Err(failed(error, &network)),
        Some(Ok(evidence)) => Ok(Some(evidence)),
        None => Ok(None),
    };
    network.stop().await?;
    // Last, so that it is the last line whatever the processes had to say.
    if let Some(evidence) = outcome? {
        output::print_lines([evidence])?;
    }
    Ok(Exit::Done)
}

fn options(args: &Up) -> Options {
    let storage = if args.ephemeral {
        Storage::Ephemeral
    } else {
        Storage::Kept(args.data.clone())
    };
    Options {
        validators: args.validators,
        workers: Options::workers(args.workers),
        storage,
        ports: Ports::Usual,
        ..Options::ephemeral(0)
    }
}

async fn start(options: &Options) -> anyhow::Result<(Network, Vec<String>)> {
    let mut network = Network::start(options).await?;
    println!("The chain finalises blocks; the workers' programs answer. Setting up accounts and pools.");
    network.start_indexer().await?;
    let done = network.set_up().await?;
    network.start_relayer().await?;
    Ok((network, done))
}

/// Watches the network, for ever or until the check has ended; then the evidence is the result.
async fn run(args: &Up, network: &mut Network, live: &mut Live) -> anyhow::Result<String> {
    if args.check {
        let limit = CHECK_LIMIT.as_secs() / 60;
        let evidence = tokio::time::timeout(CHECK_LIMIT, check(network, live))
            .await
            .with_context(|| format!("the check took more than {limit} minutes"))??;
        return serde_json::to_string(&evidence).context("the evidence cannot be written as JSON");
    }
    let mut failures = 0;
    loop {
        network.ensure_alive(&[])?;
        match look(network, live).await {
            Ok(()) => failures = 0,
            Err(error) if failures < FAILED_LOOKS => {
                failures += 1;
                live.say(&format!("note: {error:#}"));
            }
            Err(error) => return Err(error),
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn look(network: &Network, live: &mut Live) -> anyhow::Result<()> {
    let sample = network.sample().await?;
    live.show(&sample);
    for message in tend(network, &sample).await {
        live.say(&message);
    }
    Ok(())
}

fn heading(network: &Network) -> Vec<String> {
    vec![
        format!("RPC endpoint  {}", network.node_url()),
        format!("console       {}", network.indexer_url()),
        format!("relayer       {} (JSON-RPC, /metrics, /healthz, /readyz)", network.relayer_url()),
        format!("data and logs {}", network.folder().display()),
    ]
}

fn failed(error: anyhow::Error, network: &Network) -> Failure {
    Failure::failed(format!("{error:#}\n{}", network.log_tails()))
}

fn interrupted(name: &str) -> Exit {
    println!("{name}: stopped before the network was up");
    Exit::Done
}

/// Resolves, with the signal's name, when somebody wants this program to end.
fn stop_signal() -> Result<impl Future<Output = &'static str>, Failure> {
    let listen = |kind| signal(kind).map_err(|error| Failure::failed(format!("signals cannot be received: {error}")));
    let (mut interrupt, mut terminate, mut hang_up) = (
        listen(SignalKind::interrupt())?,
        listen(SignalKind::terminate())?,
        listen(SignalKind::hangup())?,
    );
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => "interrupted",
            _ = terminate.recv() => "asked to end",
            _ = hang_up.recv() => "the terminal is gone",
        }
    })
}
