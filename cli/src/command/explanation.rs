//! Why a worker earns or does not, in words, with times that people read.

use crate::{failure::Failure, units};
use khala_client::{At, Chain};
use khala_primitives::{
    status::{Explanation, NetworkStatus, Reason, WorkerStatus},
    BlockNumber, WorkerPublicKey,
};
use serde::Serialize;
use std::time::Duration;

/// The newest block, and how fast blocks come when all is well.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Clock {
    block: BlockNumber,
    now_secs: u64,
    slot_ms: u64,
}

impl Clock {
    /// As of the best block.
    pub(super) async fn now(chain: &Chain) -> Result<Self, Failure> {
        Ok(Self::of(&chain.network_status(At::Best).await?))
    }

    fn of(network: &NetworkStatus) -> Self {
        Self {
            block: network.block,
            now_secs: network.now_ms / 1_000,
            slot_ms: network.slot_ms,
        }
    }

    /// About how long ago a block was; slots without a block do not count: `3m 20s`.
    pub(super) fn age(&self, block: BlockNumber) -> String {
        let blocks = u64::from(self.block.saturating_sub(block));
        units::duration(Duration::from_millis(blocks.saturating_mul(self.slot_ms)))
    }

    fn block(&self, block: BlockNumber) -> String {
        format!("block {block}, about {} ago", self.age(block))
    }
}

/// What the chain says of a worker.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Explained {
    #[serde(skip)]
    worker: WorkerPublicKey,
    #[serde(skip)]
    clock: Clock,
    #[serde(flatten)]
    explanation: Explanation,
    /// Seconds of maintenance that it has left before its value decays; none without a session.
    maintenance_left_secs: Option<u64>,
}

impl Explained {
    /// Asks the chain.
    pub(super) async fn of(chain: &Chain, worker: WorkerPublicKey) -> Result<Self, Failure> {
        let at = At::Hash(chain.best().await?.hash);
        let status: WorkerStatus = chain.worker_status(worker, at).await?;
        Ok(Self {
            worker,
            clock: Clock::of(&chain.network_status(at).await?),
            explanation: status.explanation,
            maintenance_left_secs: status.session.map(|session| session.maintenance_left_secs),
        })
    }

    /// The reason, what to do, and what happened last.
    pub(super) fn lines(&self) -> Vec<String> {
        let Explanation {
            reason,
            since_block,
            advice,
            last_challenge,
            last_answer,
            last_payout,
            lease_end_secs,
            ..
        } = &self.explanation;
        let since = since_block
            .map(|block| format!(", since {}", self.clock.block(block)))
            .unwrap_or_default();
        let mut lines = vec![self.worker.to_string(), format!("{}{since}.", sentence(reason)), advice.clone()];
        for (what, block) in [
            ("last challenge", last_challenge),
            ("last answer", last_answer),
            ("last payout", last_payout),
        ] {
            lines.extend(block.map(|block| format!("{what:<18}{}", self.clock.block(block))));
        }
        lines.extend(lease_end_secs.map(|end| {
            let left = units::remaining(end, self.clock.now_secs);
            format!("{:<18}until {} UTC, left: {left}", "lease", units::moment(end))
        }));
        lines.extend(self.maintenance_left_secs.map(|left| {
            format!(
                "{:<18}{} without decay",
                "maintenance left",
                units::duration(Duration::from_secs(left))
            )
        }));
        lines
    }
}

fn sentence(reason: &Reason) -> String {
    match reason {
        Reason::NotRegistered => "The chain does not know this worker".into(),
        Reason::LeaseLapsed => "Its evidence has expired".into(),
        Reason::NoScore => "Its score is not measured yet".into(),
        Reason::ScoreTooLow { score, minimum } => format!("Its score {score} is below {minimum}, which mining needs"),
        Reason::NotInPool => "It is in no stake pool".into(),
        Reason::Ready => "It is in a pool and waits for a stake".into(),
        Reason::Idle => "It is mining".into(),
        Reason::Offline { missed_block } => format!("It is offline: the challenge of block {missed_block} was not answered"),
        Reason::CoolingDown { until_secs } => {
            format!(
                "It was stopped and cools down until {} of the chain's clock",
                units::duration(Duration::from_secs(*until_secs))
            )
        }
        Reason::SubsidyEmpty => "There is nothing left to pay with".into(),
        Reason::MeasurementDeprecated => "The chain does not accept its program any more".into(),
        Reason::EvidenceRefused { why } => format!("Its evidence is refused: {why}"),
        Reason::PolicyDenied { what } => format!("The network's policy does not accept its platform: {what}"),
        Reason::Rebinding => "It has another key and was not heard of with it yet".into(),
        Reason::Maintenance { left_secs: 0 } => "It is paused, its allowance of maintenance is used up, and its value decays".into(),
        Reason::Maintenance { left_secs } => format!(
            "It is paused, and its value decays in {}",
            units::duration(Duration::from_secs(*left_secs))
        ),
        Reason::NoStake { free, minimum } => format!(
            "It waits for a stake: its pool has {} PHA free, and the smallest stake is {} PHA",
            units::pha(*free, 2),
            units::pha(*minimum, 2)
        ),
        Reason::StakeOutOfBounds { minimum, maximum } => format!(
            "No stake fits its score: the smallest, {} PHA, is above the largest, {} PHA",
            units::pha(*minimum, 2),
            units::pha(*maximum, 2)
        ),
        Reason::OutageGuard { missed_block } => {
            format!("It is offline as many others are: the challenge of block {missed_block} was not answered, and no value decays")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explained(reason: Reason) -> Explained {
        Explained {
            worker: WorkerPublicKey([1; 32]),
            clock: Clock {
                block: 109,
                now_secs: 1_000,
                slot_ms: 6_000,
            },
            explanation: Explanation {
                reason,
                since_block: Some(9),
                advice: "Start it.".into(),
                state: None,
                last_challenge: Some(99),
                last_answer: Some(7),
                last_payout: None,
                lease_end_secs: Some(1_090),
            },
            maintenance_left_secs: Some(86_400),
        }
    }

    #[test]
    fn an_explanation_says_what_since_when_what_to_do_and_what_happened_last() {
        let lines = explained(Reason::Offline { missed_block: 7 }).lines();
        let expected = [
            "It is offline: the challenge of block 7 was not answered, since block 9, about 10m 0s ago.",
            "Start it.",
            "last challenge    block 99, about 1m 0s ago",
            "last answer       block 7, about 10m 12s ago",
            "lease             until 1970-01-01 00:18 UTC, left: 1m 30s",
            "maintenance left  1d 0h without decay",
        ];
        assert_eq!(lines[1..], expected);
    }

    #[test]
    fn a_pause_says_how_long_the_value_stays() {
        let line = |left_secs| explained(Reason::Maintenance { left_secs }).lines().remove(1);
        assert!(
            line(600).starts_with("It is paused, and its value decays in 10m 0s, since"),
            "{}",
            line(600)
        );
        assert!(line(0).contains("used up"), "{}", line(0));
    }

    #[test]
    fn a_block_that_is_not_there_yet_is_no_time_ago() {
        assert_eq!(explained(Reason::Idle).clock.age(110), "0s");
    }
}
