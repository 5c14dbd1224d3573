//! The list of code that may run.

use super::mock::*;
use crate::{AllowedMeasurement, AllowedMeasurements, Error, Event, MeasurementStanding, PolicyVersion, Roles};
use frame_support::{assert_noop, assert_ok};
use khala_primitives::MeasurementDigest;
use sp_runtime::DispatchError;

const CODE: MeasurementDigest = MeasurementDigest([5; 32]);
/// From when on new code may run at the earliest.
const START: u64 = NOW + NOTICE;

#[test]
fn code_is_allowed_and_allowed_anew() {
    on_chain(|| {
        let both = AllowedMeasurement {
            roles: Roles::WORKER.with(Roles::GATEKEEPER),
            active_from_secs: 10,
            deprecated_from_secs: Some(START + 20),
        };
        for asked in [ALWAYS, both] {
            let version = PolicyVersion::<Test>::get();
            assert_ok!(Attestation::allow_measurement(root(), CODE, asked));
            let allowed = AllowedMeasurement {
                active_from_secs: START,
                ..asked
            };
            assert_eq!(AllowedMeasurements::<Test>::get(CODE), Some(allowed));
            assert_eq!(PolicyVersion::<Test>::get(), version + 1);
            let AllowedMeasurement {
                roles,
                active_from_secs,
                deprecated_from_secs,
            } = allowed;
            assert_eq!(
                events().last(),
                Some(&Event::MeasurementAllowed {
                    measurement: CODE,
                    roles,
                    active_from_secs,
                    deprecated_from_secs
                })
            );
        }
    });
}

#[test]
fn code_is_deprecated_and_may_be_again() {
    on_chain(|| {
        assert_ok!(Attestation::allow_measurement(root(), CODE, ALWAYS));
        let version = PolicyVersion::<Test>::get();
        for from_secs in [100, 50] {
            assert_ok!(Attestation::deprecate_measurement(root(), CODE, from_secs));
            let expected = AllowedMeasurement {
                active_from_secs: START,
                deprecated_from_secs: Some(from_secs),
                ..ALWAYS
            };
            assert_eq!(AllowedMeasurements::<Test>::get(CODE), Some(expected));
            assert_eq!(
                events().last(),
                Some(&Event::MeasurementDeprecated {
                    measurement: CODE,
                    from_secs
                })
            );
        }
        assert_eq!(PolicyVersion::<Test>::get(), version + 2);
    });
}

#[test]
fn code_that_was_never_allowed_is_not_deprecated() {
    on_chain(|| {
        assert_noop!(
            Attestation::deprecate_measurement(root(), CODE, 1),
            Error::<Test>::UnknownMeasurement
        );
    });
}

#[test]
fn code_is_allowed_only_for_roles_that_exist() {
    on_chain(|| {
        for (roles, good) in [(0, false), (1, true), (2, true), (3, true), (4, false), (5, false), (255, false)] {
            let allowed = AllowedMeasurement {
                roles: Roles(roles),
                ..ALWAYS
            };
            if good {
                assert_ok!(Attestation::allow_measurement(root(), CODE, allowed));
            } else {
                assert_noop!(Attestation::allow_measurement(root(), CODE, allowed), Error::<Test>::InvalidRoles);
            }
        }
    });
}

#[test]
fn code_is_allowed_for_some_time_at_least() {
    on_chain(|| {
        for (end, good) in [(START - 1, false), (START, false), (START + 1, true)] {
            let allowed = AllowedMeasurement {
                active_from_secs: START,
                deprecated_from_secs: Some(end),
                ..ALWAYS
            };
            if good {
                assert_ok!(Attestation::allow_measurement(root(), CODE, allowed));
            } else {
                assert_noop!(Attestation::allow_measurement(root(), CODE, allowed), Error::<Test>::EmptyPeriod);
            }
        }
    });
}

#[test]
fn only_the_admin_changes_the_list() {
    on_chain(|| {
        assert_noop!(Attestation::allow_measurement(nobody(), CODE, ALWAYS), DispatchError::BadOrigin);
        assert_noop!(Attestation::deprecate_measurement(nobody(), CODE, 1), DispatchError::BadOrigin);
    });
}

#[test]
fn code_may_run_from_its_first_second_until_before_its_last() {
    use MeasurementStanding::{Active, Deprecated, NotAllowed, NotYetActive};
    on_chain(|| {
        let allowed = AllowedMeasurement {
            active_from_secs: START,
            deprecated_from_secs: Some(START + 10),
            ..ALWAYS
        };
        assert_ok!(Attestation::allow_measurement(root(), CODE, allowed));
        for (now, standing) in [
            (START - 1, NotYetActive),
            (START, Active),
            (START + 1, Active),
            (START + 9, Active),
            (START + 10, Deprecated),
            (START + 11, Deprecated),
        ] {
            assert_eq!(Attestation::measurement_standing(&CODE, Roles::WORKER, now), standing, "{now}");
        }
        assert_eq!(Attestation::measurement_standing(&CODE, Roles::GATEKEEPER, START + 5), NotAllowed);
        assert_eq!(
            Attestation::measurement_standing(&CODE, Roles::WORKER.with(Roles::GATEKEEPER), START + 5),
            NotAllowed
        );
        assert_eq!(
            Attestation::measurement_standing(&MeasurementDigest([6; 32]), Roles::WORKER, START + 5),
            NotAllowed
        );
    });
}
