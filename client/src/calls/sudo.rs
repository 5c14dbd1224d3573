//! Governance of the development networks. Signed by the sudo key.

use crate::Call;

/// Makes a call as root. A failure of the inner call is a failure of this one for [`crate::Chain::submit`].
pub fn sudo(call: Call) -> Call {
    Call::with_call("Sudo", "sudo", (), call)
}
