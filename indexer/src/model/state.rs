//! What a worker is doing.

use super::named::named;
use khala_primitives::status::{Absence, SessionState};

named! {
    /// What a worker is doing.
    State {
        /// In no pool.
        #[default]
        Registered = "registered",
        /// In a pool, without a stake.
        Ready = "ready",
        /// Mining.
        Idle = "idle",
        /// Not earning; see why it is away.
        Unresponsive = "unresponsive",
        /// Stopped; the principal comes back when the cool-down is over.
        CoolingDown = "coolingDown",
        /// Retired, or another key has taken its place.
        Gone = "gone",
    }
}

named! {
    /// Why a worker is unresponsive.
    Away {
        /// A challenge was missed; its value decays.
        #[default]
        Offline = "offline",
        /// Its evidence has expired.
        LeaseLapsed = "leaseLapsed",
        /// It has another key, and was not heard of with it yet.
        Rebinding = "rebinding",
        /// Its operator has paused it.
        Maintenance = "maintenance",
    }
}

impl From<Absence> for Away {
    fn from(absence: Absence) -> Self {
        match absence {
            Absence::Offline => Self::Offline,
            Absence::LeaseLapsed => Self::LeaseLapsed,
            Absence::Rebinding => Self::Rebinding,
            Absence::Maintenance => Self::Maintenance,
        }
    }
}

impl State {
    /// Of a session, and why it is away.
    pub fn of(state: SessionState) -> (Self, Option<Away>) {
        match state {
            SessionState::Ready => (Self::Ready, None),
            SessionState::Idle => (Self::Idle, None),
            SessionState::Unresponsive { cause } => (Self::Unresponsive, Some(cause.into())),
            SessionState::CoolingDown { .. } => (Self::CoolingDown, None),
        }
    }
}
