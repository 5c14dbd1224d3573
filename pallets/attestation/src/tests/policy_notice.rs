//! A policy that accepts less counts at once, one that accepts more after a notice.

use super::{forged::*, mock::*};
use crate::{Error, Event, NextPolicy, Policy, PolicyVersion, WeightInfo};
use frame_support::{
    assert_noop, assert_ok,
    traits::Hooks,
    weights::{Weight, WeightMeter},
};
use khala_attestation::{
    advisory::Advisory,
    forge::TcbClass,
    hex_bytes::Fmspc,
    policy::{AttestationPolicy, FlagRules, StatusRule, StatusRules, MAX_DENIED_PLATFORMS, MAX_LIST},
    rollback::{EvaluationNumbers, NextNumber},
};
use khala_primitives::PlatformId;

/// The tests' policy without SMT.
fn without_smt() -> AttestationPolicy {
    AttestationPolicy {
        flags: FlagRules {
            smt_enabled: false,
            ..FlagRules::ALL
        },
        ..policy()
    }
}

/// The tests' policy, which refuses what is out of date.
fn without_old() -> AttestationPolicy {
    AttestationPolicy {
        statuses: StatusRules {
            out_of_date: StatusRule::Refused,
            ..StatusRules::DESIGN
        },
        ..policy()
    }
}

/// What a block does at its beginning.
fn poll() {
    Attestation::on_poll(System::block_number(), &mut WeightMeter::new());
}

fn poll_at(now: u64) {
    NowSecs::set(now);
    poll();
}

fn set(policy: AttestationPolicy) {
    assert_ok!(Attestation::set_policy(root(), policy));
}

fn with_numbers(current: u32, next: Option<(u32, u64)>) -> AttestationPolicy {
    AttestationPolicy {
        evaluation_numbers: Some(EvaluationNumbers {
            current,
            next: next.map(|(number, from_secs)| NextNumber { number, from_secs }),
        }),
        ..policy()
    }
}

#[test]
fn a_policy_that_accepts_more_counts_after_the_notice() {
    on_chain(|| {
        set(without_smt());
        System::reset_events();
        set(policy());
        assert_eq!(events(), [Event::PolicyAnnounced { from_secs: NOW + NOTICE }]);
        assert_eq!(NextPolicy::<Test>::get(), Some((policy(), NOW + NOTICE)));
        for (now, counts) in [
            (NOW, false),
            (NOW + NOTICE - 1, false),
            (NOW + NOTICE, true),
            (NOW + NOTICE + 1, true),
        ] {
            poll_at(now);
            assert_eq!(Policy::<Test>::get() == policy(), counts, "{now}");
            assert_eq!(PolicyVersion::<Test>::get(), if counts { 3 } else { 2 });
            assert_eq!(NextPolicy::<Test>::exists(), !counts);
        }
        assert_eq!(events().pop(), Some(Event::PolicyChanged { version: 3 }));
    });
}

#[test]
fn a_block_without_room_leaves_the_announced_policy_to_a_later_one() {
    on_chain(|| {
        set(without_smt());
        set(policy());
        NowSecs::set(NOW + NOTICE);
        let needs = <() as WeightInfo>::on_poll();
        let mut short = WeightMeter::with_limit(needs.saturating_sub(Weight::from_parts(1, 0)));
        Attestation::on_poll(1, &mut short);
        assert_eq!(Policy::<Test>::get(), without_smt());
        let mut enough = WeightMeter::with_limit(needs);
        Attestation::on_poll(2, &mut enough);
        assert_eq!(Policy::<Test>::get(), policy());
        assert_eq!(enough.remaining(), Weight::zero());
    });
}

#[test]
fn of_a_mixed_change_each_part_counts_in_its_time() {
    on_chain(|| {
        set(without_smt());
        System::reset_events();
        set(without_old());
        let both = AttestationPolicy {
            flags: without_smt().flags,
            ..without_old()
        };
        assert_eq!(Policy::<Test>::get(), both);
        assert_eq!(
            events(),
            [
                Event::PolicyAnnounced { from_secs: NOW + NOTICE },
                Event::PolicyChanged { version: 3 }
            ]
        );
        poll_at(NOW + NOTICE);
        assert_eq!(Policy::<Test>::get(), without_old());
        assert_eq!(PolicyVersion::<Test>::get(), 4);
    });
}

#[test]
fn evidence_is_accepted_again_when_the_notice_is_over() {
    on_chain_with_documents(|| {
        let old = machine(TcbClass::OutOfDate).sgx(info().report_data());
        assert_ok!(verify(&old, NOW));
        set(without_old());
        assert_refused(verify(&old, NOW), Error::StatusNotAccepted);
        set(policy());
        poll_at(NOW + NOTICE - 1);
        assert_refused(verify(&old, NOW + NOTICE - 1), Error::StatusNotAccepted);
        poll_at(NOW + NOTICE);
        assert_ok!(verify(&old, NOW + NOTICE));
    });
}

#[test]
fn another_policy_takes_the_place_of_the_announced_one_with_a_notice_of_its_own() {
    on_chain(|| {
        let strict = AttestationPolicy {
            statuses: without_old().statuses,
            ..without_smt()
        };
        set(strict.clone());
        set(without_old());
        poll_at(NOW + 60);
        set(without_smt());
        poll_at(NOW + 60 + NOTICE - 1);
        assert_eq!(Policy::<Test>::get(), strict);
        poll_at(NOW + 60 + NOTICE);
        assert_eq!(Policy::<Test>::get(), without_smt());
        poll_at(NOW + 10 * NOTICE);
        assert_eq!(Policy::<Test>::get(), without_smt());
    });
}

#[test]
fn setting_the_policy_that_counts_withdraws_the_announced_one() {
    on_chain(|| {
        set(without_smt());
        set(policy());
        let version = PolicyVersion::<Test>::get();
        System::reset_events();
        set(without_smt());
        assert!(!NextPolicy::<Test>::exists());
        assert_eq!(events(), [Event::PolicyWithdrawn { from_secs: NOW + NOTICE }]);
        set(without_smt());
        assert_eq!(events().len(), 1, "there is none left to withdraw");
        poll_at(NOW + NOTICE);
        assert_eq!(Policy::<Test>::get(), without_smt());
        assert_eq!(PolicyVersion::<Test>::get(), version);
    });
}

#[test]
fn a_stricter_policy_withdraws_the_announced_one() {
    on_chain(|| {
        set(without_smt());
        set(policy());
        let stricter = AttestationPolicy {
            statuses: without_old().statuses,
            ..without_smt()
        };
        System::reset_events();
        set(stricter.clone());
        assert_eq!(
            events(),
            [
                Event::PolicyWithdrawn { from_secs: NOW + NOTICE },
                Event::PolicyChanged { version: 3 }
            ]
        );
        poll_at(NOW + NOTICE);
        assert_eq!(Policy::<Test>::get(), stricter);
    });
}

#[test]
fn evaluation_numbers_count_at_once() {
    on_chain(|| {
        set(without_smt());
        set(with_numbers(19, None));
        let counts = Policy::<Test>::get();
        assert_eq!(counts.evaluation_numbers, with_numbers(19, None).evaluation_numbers);
        assert_eq!(counts.flags, without_smt().flags, "the rest waits");
        poll_at(NOW + NOTICE);
        assert_eq!(Policy::<Test>::get(), with_numbers(19, None));
    });
}

#[test]
fn evaluation_numbers_never_go_back() {
    on_chain(|| {
        for (current, good) in [(17, false), (18, true), (19, true), (18, false), (17, false)] {
            let changed = with_numbers(current, None);
            if good {
                set(changed);
            } else {
                assert_noop!(Attestation::set_policy(root(), changed), Error::<Test>::InvalidPolicy);
            }
        }
    });
    // The next number becomes the current one without a call.
    let change = NOW + 50;
    for (now, good) in [(change - 1, true), (change, false), (change + 1, false)] {
        on_chain(|| {
            set(with_numbers(18, Some((20, change))));
            NowSecs::set(now);
            if good {
                set(with_numbers(19, None));
            } else {
                assert_noop!(
                    Attestation::set_policy(root(), with_numbers(19, None)),
                    Error::<Test>::InvalidPolicy
                );
                set(with_numbers(20, None));
            }
        });
    }
}

#[test]
fn a_policy_of_a_chain_names_evaluation_numbers() {
    on_chain(|| {
        let without = AttestationPolicy {
            evaluation_numbers: None,
            ..policy()
        };
        assert_noop!(Attestation::set_policy(root(), without), Error::<Test>::InvalidPolicy);
    });
}

/// `denying(from, count)` is a policy with so many entries, from the numbered one on, on a list that has room for `max`.
fn fit_into_one(max: u32, denying: impl Fn(u32, u32) -> AttestationPolicy) {
    for (others, good) in [(max - 2, true), (max - 1, true), (max, false)] {
        on_chain(|| {
            set(denying(0, 1));
            let changed = denying(1, others);
            if good {
                set(changed);
            } else {
                assert_noop!(Attestation::set_policy(root(), changed), Error::<Test>::PolicyTooLong);
                // What is on both lists counts once.
                set(denying(0, others));
            }
        });
    }
}

#[test]
fn the_lists_of_both_policies_must_fit_into_one() {
    fn numbered<T>(from: u32, count: u32, entry: impl Fn(u32) -> T) -> Vec<T> {
        (from..from + count).map(entry).collect()
    }
    fit_into_one(MAX_LIST, |from, count| {
        let advisories = numbered(from, count, |number| -> Advisory {
            format!("INTEL-SA-{number:05}").parse().unwrap()
        });
        AttestationPolicy {
            denied_advisories: advisories.try_into().unwrap(),
            ..policy()
        }
    });
    fit_into_one(MAX_LIST, |from, count| AttestationPolicy {
        denied_fmspcs: numbered(from, count, |number| Fmspc([number as u8; 6])).try_into().unwrap(),
        ..policy()
    });
    fit_into_one(MAX_DENIED_PLATFORMS, |from, count| {
        let platforms = numbered(from, count, |number| {
            let mut id = [0; 32];
            id[..4].copy_from_slice(&number.to_le_bytes());
            PlatformId(id)
        });
        AttestationPolicy {
            denied_platforms: platforms.try_into().unwrap(),
            ..policy()
        }
    });
}
