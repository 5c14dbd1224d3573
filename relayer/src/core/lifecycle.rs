//! From a configured address to a worker with a score: identity, evidence, registration, benchmark.

use super::{
    link::Trouble,
    registration::{self, Need, Way},
    worker::{Step, Worker},
    Action, Identity, Millis, Prepared, Relayer, Subject, SubmissionId, SubmitError, WorkerId,
};
use khala_primitives::{BenchmarkResult, Freshness, WorkerSignature};

impl Relayer {
    pub(super) fn ask_identities(&mut self, now: Millis) -> Vec<Action> {
        self.workers
            .values_mut()
            .filter_map(|worker| worker.link.ask(now).then_some(Action::AskIdentity(worker.id)))
            .collect()
    }

    pub(super) fn on_identity(&mut self, id: WorkerId, answer: Result<Identity, String>, now: Millis) {
        let verdict = match answer {
            Err(reason) => Err(Trouble::Unreachable(reason)),
            Ok(identity) => self.is_right(id, &identity).map(|()| identity).map_err(Trouble::Wrong),
        };
        let Some(worker) = self.workers.get_mut(&id) else { return };
        match verdict {
            Ok(identity) => worker.is(identity),
            Err(trouble) => worker.link.is_troubled(trouble, now),
        }
    }

    /// Is this the worker that is configured, and no other one's?
    fn is_right(&self, id: WorkerId, identity: &Identity) -> Result<(), String> {
        let Some(worker) = self.workers.get(&id) else { return Ok(()) };
        if let (Some(theirs), Some(ours)) = (identity.genesis_hash, self.genesis_hash) {
            if theirs != ours {
                return Err(format!(
                    "its pRuntime serves another chain (genesis hash {theirs:?}, not {ours:?}); start one with an empty data folder"
                ));
            }
        }
        if let Some(operator) = identity.operator.as_ref().filter(|operator| **operator != worker.config.operator) {
            return Err(format!(
                "its pRuntime belongs to the operator {operator}, the configuration says {}",
                worker.config.operator
            ));
        }
        let twin = self
            .workers
            .values()
            .find(|other| other.id != id && identity.key.is_some() && other.key() == identity.key);
        twin.map_or(Ok(()), |twin| {
            Err(format!(
                "it is the same worker as {:?}; two entries of the configuration lead to it",
                twin.config.name
            ))
        })
    }

    /// Takes the next step of each worker that waits for none.
    pub(super) fn advance_lives(&mut self, now: Millis) -> Vec<Action> {
        let ids: Vec<_> = self.workers.keys().copied().collect();
        ids.into_iter().filter_map(|id| self.advance_life(id, now)).collect()
    }

    fn advance_life(&mut self, id: WorkerId, now: Millis) -> Option<Action> {
        let (may_submit, head) = (self.may_submit(), self.chain.head()?);
        let worker = self.workers.get_mut(&id)?;
        worker.link.live()?;
        if let Some((result, signature)) = may_submit.then(|| worker.result_to_send(head)).flatten() {
            return Some(Action::SubmitBenchmark(
                self.new_submission(Subject::Benchmark(id)),
                result,
                signature,
            ));
        }
        if worker.step != Step::None || worker.is_retired(head) {
            return None;
        }
        let need = worker.need(&self.chain);
        worker.hold = need.and_then(|_| worker.hold_up(&self.collateral, &self.chain));
        if let Some(need) = need.filter(|_| worker.hold.is_none() && may_submit && worker.may_register(now)) {
            let own = worker.registration().map(|registration| registration.freshness);
            let stored = own.or_else(|| worker.to_replace().map(|replaced| replaced.freshness));
            let freshness = self.chain.freshness(stored)?;
            worker.step = Step::Evidence { freshness, need };
            return Some(Action::AskEvidence(id, freshness));
        }
        let request = worker.wanted_benchmark().filter(|_| worker.benchmarking.is_due(now))?;
        worker.step = Step::Benchmark(request);
        Some(Action::AskBenchmark(id, request))
    }

    pub(super) fn on_evidence(&mut self, id: WorkerId, answer: Result<Prepared, String>, now: Millis) -> Vec<Action> {
        let action = self.take_evidence(id, answer, now);
        self.assess(now);
        action.into_iter().collect()
    }

    fn take_evidence(&mut self, id: WorkerId, answer: Result<Prepared, String>, now: Millis) -> Option<Action> {
        let genesis_hash = self.genesis_hash?;
        let worker = self.workers.get_mut(&id)?;
        let Step::Evidence { freshness, need } = worker.step.clone() else {
            return None;
        };
        let checked = answer.and_then(|prepared| {
            let identity = worker.link.identity().ok_or("its pRuntime has not told who it is")?;
            registration::check(&prepared, &worker.config, identity, &genesis_hash, &freshness).map(|()| prepared)
        });
        match checked {
            Ok(prepared) => self.use_evidence(id, prepared, freshness, need, now),
            Err(error) => {
                worker.step = Step::None;
                worker.registering.failed(now);
                worker.link.doubt();
                self.note_error(id, format!("evidence: {error}"), now);
                None
            }
        }
    }

    /// Evidence is good, as far as this relayer can see. It goes out, unless it told only now which collateral it needs, and
    /// the chain lacks that.
    fn use_evidence(&mut self, id: WorkerId, prepared: Prepared, freshness: Freshness, need: Need, now: Millis) -> Option<Action> {
        let worker = self.workers.get_mut(&id)?;
        worker.took_key(&prepared);
        worker.takes_family(prepared.family.clone());
        worker.hold = worker.hold_up(&self.collateral, &self.chain);
        if worker.hold.is_some() {
            worker.step = Step::None;
            self.need_collateral(now);
            return None;
        }
        let Some(way) = self.way(id, &freshness) else {
            self.workers.get_mut(&id)?.step = Step::None;
            return None;
        };
        let submission = self.new_submission(Subject::Registration(id));
        self.workers.get_mut(&id)?.step = Step::Registration {
            id: submission,
            freshness,
            need,
            way,
        };
        let prepared = Box::new(prepared);
        Some(match way {
            Way::Registration => Action::SubmitRegistration(submission, prepared),
            Way::Rebinding(old) => Action::SubmitRebinding(submission, old, prepared),
            Way::Renewal => Action::SubmitRenewal(submission, prepared),
        })
    }

    /// How evidence of this freshness gets to the chain; `None` when it is too old. What another worker of this relayer
    /// answers with is no lost key.
    fn way(&self, id: WorkerId, freshness: &Freshness) -> Option<Way> {
        let worker = self.workers.get(&id)?;
        if worker.registration().is_some() {
            return Some(Way::Renewal);
        }
        let is_used = |key| self.workers.values().any(|other| other.key() == Some(key));
        match worker.to_replace().filter(|replaced| !is_used(replaced.key)) {
            None => Some(Way::Registration),
            Some(replaced) => (freshness.number > replaced.freshness).then_some(Way::Rebinding(replaced.key)),
        }
    }

    pub(super) fn on_registration(&mut self, id: WorkerId, submission: SubmissionId, outcome: Result<(), SubmitError>, now: Millis) {
        let head = self.chain.head().unwrap_or_default();
        let Some(worker) = self.workers.get_mut(&id) else { return };
        let Step::Registration {
            id: waiting_for,
            freshness,
            way,
            ..
        } = worker.step
        else {
            return;
        };
        if waiting_for != submission {
            return;
        }
        match outcome {
            Ok(()) => {
                worker.counters.rebindings = worker
                    .counters
                    .rebindings
                    .saturating_add(u64::from(matches!(way, Way::Rebinding(_))));
                worker.step = Step::Registered { freshness, since: head };
            }
            Err(error) => {
                worker.step = Step::None;
                match (&error, way) {
                    (SubmitError::EvidenceRefused(_), _) => worker.refusals.failed(now),
                    (SubmitError::ReboundRecently(reason), _) => worker.former.is_refused(reason.clone(), now),
                    (SubmitError::NotReplaceable(_), Way::Rebinding(old)) => {
                        worker.former.forget(&old);
                        worker.registering.failed(now);
                    }
                    _ => worker.registering.failed(now),
                }
                worker.counters.retries = worker.counters.retries.saturating_add(1);
                self.note_error(id, format!("{}: {}", way.call(), error.reason()), now);
            }
        }
    }

    pub(super) fn on_benchmark(&mut self, id: WorkerId, answer: Result<(BenchmarkResult, WorkerSignature), String>, now: Millis) {
        let Some(worker) = self.workers.get_mut(&id) else { return };
        let Step::Benchmark(request) = &worker.step else { return };
        let checked = answer.and_then(|(result, signature)| {
            let is_right = Some(result.worker) == worker.key() && result.block == request.block;
            if is_right {
                Ok((result, signature))
            } else {
                Err("its pRuntime answered for another worker or block".into())
            }
        });
        match checked {
            Ok((result, signature)) => {
                worker.step = Step::Result {
                    result,
                    signature,
                    sent_at: None,
                    tries: 0,
                }
            }
            Err(error) => {
                worker.step = Step::None;
                worker.benchmarking.failed(now);
                worker.link.doubt();
                self.note_error(id, format!("benchmark: {error}"), now);
            }
        }
    }
}

impl Worker {
    /// The first evidence tells the name of a worker that was made with it.
    fn took_key(&mut self, prepared: &Prepared) {
        if let Some(identity) = self.link.identity().cloned() {
            if identity.key.is_none() {
                self.link.is(Identity {
                    key: Some(prepared.info.identity_key),
                    ..identity
                });
            }
        }
    }
}
