//! Where collateral comes from: services that speak Intel's API, and folders of files.
//!
//! Whatever a source gives is verified here up to a root that this relayer knows, so that no fee is spent on garbage. The
//! chain verifies again, with its own roots.

mod folder;
mod http;
mod service;
mod verify;

pub use verify::{family, verify};

use crate::{
    config::SourceConfig,
    core::collateral::{DocumentId, FetchError, Fetched},
};
use folder::Folder;
use service::Service;

/// A source of collateral.
pub struct Source(Kind);

enum Kind {
    Service(Box<Service>),
    Folder(Folder),
}

impl Source {
    /// The source of this configuration.
    ///
    /// # Errors
    /// Why it cannot be used at all: this machine has no root certificates for `https`.
    pub fn new(config: &SourceConfig) -> Result<Self, String> {
        Ok(Self(match config {
            SourceConfig::Service { base, root_crl } => Kind::Service(Box::new(Service::new(base, root_crl)?)),
            SourceConfig::Folder(path) => Kind::Folder(Folder::new(path)),
        }))
    }

    /// The newest edition of a document that it has, verified.
    pub async fn fetch(&self, id: &DocumentId) -> Result<Fetched, FetchError> {
        match &self.0 {
            Kind::Service(service) => service.fetch(id).await,
            Kind::Folder(folder) => folder.fetch(id).await,
        }
    }
}
