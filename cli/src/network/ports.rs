//! Free TCP ports on the loopback interface.

use super::Ports;
use anyhow::Context;
use std::net::{Ipv4Addr, TcpListener};

/// Picks ports and holds them until it is dropped, so that none is picked twice.
#[derive(Debug)]
pub(super) struct Picker {
    ports: Ports,
    held: Vec<TcpListener>,
}

impl Picker {
    pub(super) fn new(ports: Ports) -> Self {
        Self { ports, held: Vec::new() }
    }

    /// The usual port if it is free and wanted, else any free one.
    pub(super) fn pick(&mut self, usual: u16) -> anyhow::Result<u16> {
        let wanted = match self.ports {
            Ports::Usual => usual,
            Ports::Free => 0,
        };
        let listener = bind(wanted).or_else(|_| bind(0)).context("no TCP port is free on 127.0.0.1")?;
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

    #[test]
    fn a_taken_port_is_replaced_by_a_free_one() {
        let taken = bind(0).unwrap();
        let port = taken.local_addr().unwrap().port();
        let mut picker = Picker::new(Ports::Usual);
        let picked = picker.pick(port).unwrap();
        assert_ne!(picked, port);
        assert_ne!(picker.pick(port).unwrap(), picked);
    }
}
