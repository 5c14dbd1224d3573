//! Code runs after a notice, and for longer only with a notice.

use super::mock::*;
use crate::{AllowedMeasurement, AllowedMeasurements, Error, MeasurementStanding, Roles};
use frame_support::{assert_noop, assert_ok};
use khala_primitives::MeasurementDigest;

const CODE: MeasurementDigest = MeasurementDigest([5; 32]);
const NEW_CODE: MeasurementDigest = MeasurementDigest([6; 32]);

fn standing(measurement: MeasurementDigest, now: u64) -> MeasurementStanding {
    Attestation::measurement_standing(&measurement, Roles::WORKER, now)
}

fn allow(measurement: MeasurementDigest, allowed: AllowedMeasurement) {
    assert_ok!(Attestation::allow_measurement(root(), measurement, allowed));
}

/// Allowed for workers until `end`.
fn until(end: Option<u64>) -> AllowedMeasurement {
    AllowedMeasurement {
        deprecated_from_secs: end,
        ..ALWAYS
    }
}

/// Code that runs, with such an end.
fn running(allowed: AllowedMeasurement) {
    AllowedMeasurements::<Test>::insert(CODE, allowed);
    assert_eq!(
        Attestation::measurement_standing(&CODE, allowed.roles, NOW),
        MeasurementStanding::Active
    );
}

#[test]
fn new_code_runs_after_the_notice_or_later_if_asked() {
    for (asked, start) in [
        (0, NOW + NOTICE),
        (NOW + NOTICE - 1, NOW + NOTICE),
        (NOW + NOTICE, NOW + NOTICE),
        (NOW + NOTICE + 1, NOW + NOTICE + 1),
    ] {
        on_chain(|| {
            allow(
                CODE,
                AllowedMeasurement {
                    active_from_secs: asked,
                    ..ALWAYS
                },
            );
            assert_eq!(standing(CODE, start - 1), MeasurementStanding::NotYetActive);
            assert_eq!(standing(CODE, start), MeasurementStanding::Active);
        });
    }
}

#[test]
fn an_upgrade_lets_both_versions_run_for_a_while() {
    on_chain(|| {
        running(ALWAYS);
        allow(NEW_CODE, ALWAYS);
        let end = NOW + 3 * NOTICE;
        assert_ok!(Attestation::deprecate_measurement(root(), CODE, end));
        use MeasurementStanding::{Active, Deprecated, NotYetActive};
        for (now, old, new) in [
            (NOW, Active, NotYetActive),
            (NOW + NOTICE - 1, Active, NotYetActive),
            (NOW + NOTICE, Active, Active),
            (end - 1, Active, Active),
            (end, Deprecated, Active),
        ] {
            assert_eq!((standing(CODE, now), standing(NEW_CODE, now)), (old, new), "{now}");
        }
    });
}

#[test]
fn the_end_of_code_that_runs_is_put_off_only_in_time() {
    for (end, good) in [(NOW + NOTICE - 1, false), (NOW + NOTICE, true), (NOW + NOTICE + 1, true)] {
        for later in [Some(end + 1), None] {
            on_chain(|| {
                running(until(Some(end)));
                if good {
                    allow(CODE, until(later));
                    assert_eq!(AllowedMeasurements::<Test>::get(CODE), Some(until(later)));
                } else {
                    assert_noop!(Attestation::allow_measurement(root(), CODE, until(later)), Error::<Test>::TooSoon);
                }
            });
        }
        // The same end or an earlier one takes no notice.
        on_chain(|| {
            running(until(Some(end)));
            allow(CODE, until(Some(end)));
            allow(CODE, until(Some(NOW)));
            assert_eq!(standing(CODE, NOW), MeasurementStanding::Deprecated);
        });
    }
}

#[test]
fn deprecating_never_puts_an_end_off() {
    on_chain(|| {
        running(until(Some(NOW + 10 * NOTICE)));
        for (end, good) in [
            (NOW + 10 * NOTICE + 1, false),
            (NOW + 10 * NOTICE, true),
            (NOW + 10 * NOTICE - 1, true),
            (NOW + 10 * NOTICE, false),
            (0, true),
        ] {
            let result = Attestation::deprecate_measurement(root(), CODE, end);
            if good {
                assert_ok!(result);
            } else {
                assert_noop!(result, Error::<Test>::TooSoon);
            }
        }
        assert_eq!(standing(CODE, NOW), MeasurementStanding::Deprecated);
    });
}

#[test]
fn code_that_was_retired_comes_back_after_the_notice() {
    on_chain(|| {
        running(ALWAYS);
        assert_ok!(Attestation::deprecate_measurement(root(), CODE, NOW));
        allow(CODE, ALWAYS);
        assert_eq!(standing(CODE, NOW + NOTICE - 1), MeasurementStanding::NotYetActive);
        assert_eq!(standing(CODE, NOW + NOTICE), MeasurementStanding::Active);
    });
}

#[test]
fn the_roles_of_code_that_runs_only_get_fewer() {
    let both = Roles::WORKER.with(Roles::GATEKEEPER);
    for (before, after, good) in [
        (Roles::WORKER, Roles::WORKER, true),
        (Roles::WORKER, Roles::GATEKEEPER, false),
        (Roles::WORKER, both, false),
        (both, Roles::WORKER, true),
        (both, Roles::GATEKEEPER, true),
        (both, both, true),
    ] {
        on_chain(|| {
            running(AllowedMeasurement { roles: before, ..ALWAYS });
            let allowed = AllowedMeasurement { roles: after, ..ALWAYS };
            if good {
                allow(CODE, allowed);
                assert_eq!(AllowedMeasurements::<Test>::get(CODE), Some(allowed));
            } else {
                assert_noop!(Attestation::allow_measurement(root(), CODE, allowed), Error::<Test>::RolesFixed);
            }
        });
    }
}

#[test]
fn code_that_does_not_run_yet_may_get_any_role_with_a_new_notice() {
    on_chain(|| {
        allow(CODE, ALWAYS);
        pass(NOTICE - 1);
        let gatekeeper = AllowedMeasurement {
            roles: Roles::GATEKEEPER,
            ..ALWAYS
        };
        allow(CODE, gatekeeper);
        assert_eq!(
            AllowedMeasurements::<Test>::get(CODE),
            Some(AllowedMeasurement {
                active_from_secs: NOW + 2 * NOTICE - 1,
                ..gatekeeper
            })
        );
    });
}
