//! Changing the policy.

use super::mock::*;
use crate::{Error, Event, Policy, PolicyVersion};
use frame_support::{assert_noop, assert_ok};
use khala_attestation::{
    policy::{AttestationPolicy, FlagRules},
    rollback::{EvaluationNumbers, NextNumber},
};
use sp_runtime::DispatchError;

#[test]
fn a_new_policy_counts_at_once_and_under_the_next_version() {
    on_chain(|| {
        let strict = AttestationPolicy {
            flags: FlagRules {
                smt_enabled: false,
                ..FlagRules::ALL
            },
            ..policy()
        };
        assert_eq!(PolicyVersion::<Test>::get(), 1);
        assert_ok!(Attestation::set_policy(root(), strict.clone()));
        assert_eq!(Policy::<Test>::get(), strict);
        assert_eq!(PolicyVersion::<Test>::get(), 2);
        assert_eq!(events(), [Event::PolicyChanged { version: 2 }]);
    });
}

#[test]
fn a_policy_for_looking_is_not_for_a_chain() {
    on_chain(|| {
        assert_noop!(
            Attestation::set_policy(root(), AttestationPolicy::looking()),
            Error::<Test>::InvalidPolicy
        );
    });
}

#[test]
fn the_next_evaluation_number_is_above_the_current_one() {
    on_chain(|| {
        for (number, good) in [(17, false), (18, false), (19, true)] {
            let numbers = EvaluationNumbers {
                current: 18,
                next: Some(NextNumber {
                    number,
                    from_secs: NOW + DAY,
                }),
            };
            let policy = AttestationPolicy {
                evaluation_numbers: Some(numbers),
                ..policy()
            };
            if good {
                assert_ok!(Attestation::set_policy(root(), policy));
            } else {
                assert_noop!(Attestation::set_policy(root(), policy), Error::<Test>::InvalidPolicy);
            }
        }
        let only_current = Some(EvaluationNumbers { current: 18, next: None });
        assert_ok!(Attestation::set_policy(
            root(),
            AttestationPolicy {
                evaluation_numbers: only_current,
                ..policy()
            }
        ));
    });
}

#[test]
fn only_the_admin_changes_the_policy() {
    on_chain(|| {
        assert_noop!(Attestation::set_policy(nobody(), policy()), DispatchError::BadOrigin);
    });
}
