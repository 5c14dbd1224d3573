//! Free TCP ports on the loopback interface.

use super::{Options, Ports};
use anyhow::Context;
use std::net::{Ipv4Addr, TcpListener};

/// Where the relayer listens if it can.
const USUAL_RELAYER: u16 = 9950;
/// Where the indexer listens if it can.
const USUAL_INDEXER: u16 = 9970;
/// Where the first validator listens if it can; the next ones behind it.
const USUAL_RPC: u16 = 9944;
/// Where the first validator talks to its peers if it can; the next ones behind it.
const USUAL_PEER: u16 = 30333;

/// A validator's ports.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct NodePorts {
    pub(super) rpc: u16,
    pub(super) peer: u16,
}

/// Where everything listens.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct PortPlan {
    pub(super) relayer: u16,
    pub(super) indexer: u16,
    pub(super) nodes: Vec<NodePorts>,
    pub(super) pruntimes: Vec<u16>,
}

impl PortPlan {
    /// Picks ports that are free now. Until its process starts somebody else may take one; then that process says so.
    pub(super) fn pick(options: &Options) -> anyhow::Result<Self> {
        // All are held until the last one is picked, so that none is picked twice.
        let mut picker = Picker {
            ports: options.ports,
            held: Vec::new(),
        };
        let relayer = picker.pick(USUAL_RELAYER)?;
        let indexer = picker.pick(USUAL_INDEXER)?;
        let nodes = (0..u16::from(options.validators))
            .map(|offset| {
                Ok(NodePorts {
                    rpc: picker.pick(USUAL_RPC + offset)?,
                    peer: picker.pick(USUAL_PEER + offset)?,
                })
            })
            .collect::<anyhow::Result<_>>()?;
        // No usual ones: nobody but the relayer looks for a pRuntime, and while one is restarted another network that starts
        // could take a usual port away.
        let pruntimes = options.workers.iter().map(|_| picker.pick_free()).collect::<anyhow::Result<_>>()?;
        Ok(Self {
            relayer,
            indexer,
            nodes,
            pruntimes,
        })
    }
}

struct Picker {
    ports: Ports,
    held: Vec<TcpListener>,
}

impl Picker {
    /// The usual port if it is free and wanted, else any free one.
    fn pick(&mut self, usual: u16) -> anyhow::Result<u16> {
        match (self.ports, bind(usual)) {
            (Ports::Usual, Ok(listener)) => self.hold(listener),
            (Ports::Usual, Err(_)) | (Ports::Free, _) => self.pick_free(),
        }
    }

    fn pick_free(&mut self) -> anyhow::Result<u16> {
        let listener = bind(0).context("no TCP port is free on 127.0.0.1")?;
        self.hold(listener)
    }

    fn hold(&mut self, listener: TcpListener) -> anyhow::Result<u16> {
        let port = listener.local_addr().context("a listener without an address")?.port();
        self.held.push(listener);
        Ok(port)
    }
}

fn bind(port: u16) -> std::io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_taken_port_is_replaced_by_a_free_one() {
        let taken = bind(0).unwrap();
        let port = taken.local_addr().unwrap().port();
        let mut picker = Picker {
            ports: Ports::Usual,
            held: Vec::new(),
        };
        let picked = picker.pick(port).unwrap();
        assert_ne!(picked, port);
        assert_ne!(picker.pick(port).unwrap(), picked);
    }

    #[test]
    fn every_process_gets_its_own_ports_and_they_are_free_afterwards() {
        let plan = PortPlan::pick(&Options {
            validators: 2,
            ..Options::ephemeral(3)
        })
        .unwrap();
        assert_eq!((plan.nodes.len(), plan.pruntimes.len()), (2, 3));
        let all = plan
            .nodes
            .iter()
            .flat_map(|node| [node.rpc, node.peer])
            .chain(plan.pruntimes)
            .chain([plan.relayer, plan.indexer]);
        let all: BTreeSet<_> = all.collect();
        assert_eq!(all.len(), 9);
    }
}
