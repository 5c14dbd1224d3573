//! The command line.

#[cfg(feature = "software")]
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, ValueEnum};
#[cfg(feature = "software")]
use khala_attestation::forge::TcbClass;
use std::{net::SocketAddr, path::PathBuf, thread};

/// The worker's program inside the enclave: keeps the worker's keys, shows evidence of hardware and code, measures the
/// machine's speed, and answers the chain's challenges. A relayer connects it with the chain.
#[derive(Debug, Parser)]
#[command(version, after_help = AFTER_HELP)]
pub(crate) struct Args {
    /// Folder for the sealed state; made when missing. One pRuntime per folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,

    /// Address for JSON-RPC over HTTP and WebSocket. With port 0 the system chooses one; the log and the file `address` in
    /// the data folder say which.
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:9955")]
    pub(crate) listen: SocketAddr,

    /// Allow an address that other machines reach. Whoever reaches it can make the worker work, and can fix a fresh
    /// worker's operator.
    #[arg(long)]
    pub(crate) allow_remote: bool,

    /// Trusted execution environment.
    #[arg(long, value_enum, alias = "provider")]
    #[cfg_attr(feature = "software", arg(default_value_t = Provider::Software))]
    pub(crate) tee: Provider,

    /// Cores granted to the worker [default: all of the machine's].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    cores: Option<u16>,

    /// Memory granted to the worker, in MiB.
    #[arg(long, value_name = "N", default_value_t = 1024, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) memory_mib: u32,

    /// With `--tee software`: status of the development platform's trusted computing base.
    #[cfg(feature = "software")]
    #[arg(long, default_value_t = TcbClass::UpToDate, value_name = "STATUS", value_parser = tcb_class())]
    pub(crate) tcb: TcbClass,

    /// With `--tee software`: name of the development platform. Workers that share it run on one machine in the chain's
    /// eyes [default: one of its own for each data folder].
    #[cfg(feature = "software")]
    #[arg(long, value_name = "TEXT")]
    pub(crate) platform_seed: Option<String>,

    /// With `--tee software`: number of the program's build, which its measurement follows: to try upgrades out.
    #[cfg(feature = "software")]
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=99_999))]
    pub(crate) build: u32,
}

const AFTER_HELP: &str = "\
Files in the data folder:
  state.seal*   the sealed state: keys, chain and operator; two generations. Not with --tee tdx, which keeps keys in
                memory: after each start the worker has fresh ones, and its operator rebinds it
  sealing-key   with --tee software: its sealing key
  address       where it listens, while it runs (a killed pRuntime leaves it until the next start)
  lock          held while it runs

The worker's chain and operator are fixed when its keys are made, by the first pruntime_workerInfo or pruntime_evidence.
The operator hands it over by pruntime_changeOperator.
Logs go to standard error; RUST_LOG chooses what (for example RUST_LOG=pruntime=debug).
SIGINT and SIGTERM end it. Exit code 0: ended by a signal; 1: could not start; 2: wrong arguments.";

/// A TEE provider.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Provider {
    /// The development TEE: it protects nothing, and only development networks trust it.
    #[cfg(feature = "software")]
    Software,
    /// An SGX enclave of Gramine.
    Gramine,
    /// An Intel TDX guest.
    Tdx,
}

#[cfg(feature = "software")]
fn tcb_class() -> impl TypedValueParser<Value = TcbClass> {
    PossibleValuesParser::new(TcbClass::ALL.map(TcbClass::as_str)).try_map(|name| name.parse::<TcbClass>())
}

impl Args {
    /// Cores granted to the worker.
    pub(crate) fn cores(&self) -> u16 {
        let all = || thread::available_parallelism().map_or(1, |cores| u16::try_from(cores.get()).unwrap_or(u16::MAX));
        self.cores.unwrap_or_else(all)
    }

    /// Is the address reached from this machine alone, or allowed not to be?
    pub(crate) fn check_listen(&self) -> Result<(), String> {
        if self.listen.ip().is_loopback() || self.allow_remote {
            return Ok(());
        }
        Err(format!(
            "--listen {} can be reached by other machines: whoever reaches it can make the worker work and fix a fresh worker's operator. \
             Listen on 127.0.0.1, or say --allow-remote if a firewall lets the relayer alone through",
            self.listen
        ))
    }
}

#[cfg(all(test, feature = "software"))]
mod tests {
    use super::*;

    fn parse(more: &[&str]) -> Result<Args, clap::Error> {
        Args::try_parse_from(["pruntime", "--data", "folder"].iter().chain(more))
    }

    #[test]
    fn the_defaults_are_a_worker_for_this_machine_alone() {
        let args = parse(&[]).unwrap();
        assert!(args.listen.ip().is_loopback());
        assert!(args.cores() >= 1);
        assert_eq!(args.tcb, TcbClass::UpToDate);
        assert_eq!(args.tee, Provider::Software);
    }

    #[test]
    fn every_tee_has_a_name() {
        for (name, tee) in [
            ("software", Provider::Software),
            ("gramine", Provider::Gramine),
            ("tdx", Provider::Tdx),
        ] {
            assert_eq!(parse(&["--tee", name]).unwrap().tee, tee);
            assert_eq!(parse(&["--provider", name]).unwrap().tee, tee, "the argument's name in version 0.1");
        }
    }

    #[test]
    fn other_machines_reach_it_only_when_told() {
        assert!(parse(&["--listen", "127.0.0.1:0"]).unwrap().check_listen().is_ok());
        assert!(parse(&["--listen", "[::1]:0"]).unwrap().check_listen().is_ok());
        for address in ["0.0.0.0:0", "192.168.1.7:80", "[::]:0"] {
            let refusal = parse(&["--listen", address]).unwrap().check_listen().unwrap_err();
            assert!(refusal.contains("--allow-remote"), "{refusal}");
            assert!(parse(&["--listen", address, "--allow-remote"]).unwrap().check_listen().is_ok());
        }
    }

    #[test]
    fn every_status_has_a_name() {
        for class in TcbClass::ALL {
            assert_eq!(parse(&["--tcb", class.as_str()]).unwrap().tcb, class);
        }
    }

    #[test]
    fn cores_have_bounds() {
        for (cores, fits) in [
            ("0", false),
            ("1", true),
            ("2", true),
            ("1023", true),
            ("1024", true),
            ("1025", false),
        ] {
            assert_eq!(parse(&["--cores", cores]).is_ok(), fits, "{cores} cores");
        }
    }

    #[test]
    fn wrong_arguments_are_refused() {
        for wrong in [
            &["--memory-mib", "0"][..],
            &["--cores", "many"],
            &["--listen", "localhost"],
            &["--tcb", "good"],
            &["--tee", "magic"],
            &["surplus"],
        ] {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
