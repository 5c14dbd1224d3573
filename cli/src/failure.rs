//! Errors at the edge: what, why, what to do, and an exit code.

use khala_client::ClientError;

/// How the program ends.
///
/// | code | meaning |
/// |---|---|
/// | 0 | done; a quote was accepted |
/// | 1 | the answer is no, or something failed: a quote was refused, a check did not pass |
/// | 2 | the arguments cannot be used: an unknown option, a file that is missing or is not what it should be, the wrong key, nobody to ask |
/// | 3 | the node, the relayer or the pRuntime cannot be reached |
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// 0.
    Done,
    /// 1.
    Failed,
    /// 2.
    Usage,
    /// 3.
    Unreachable,
}

impl Exit {
    /// The number that the shell sees.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Unreachable => 3,
        }
    }
}

/// An error as a person meets it.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// How the program ends.
    pub exit: Exit,
    /// What, why, what to do.
    pub message: String,
}

impl Failure {
    /// Something failed.
    pub fn failed(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Failed,
            message: message.into(),
        }
    }

    /// The arguments cannot be used.
    pub fn usage(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Usage,
            message: message.into(),
        }
    }

    /// Somebody cannot be reached.
    pub fn unreachable(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Unreachable,
            message: message.into(),
        }
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        let exit = if error.is_disconnected() { Exit::Unreachable } else { Exit::Failed };
        Self {
            exit,
            message: error.to_string(),
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        match error.downcast::<Self>() {
            Ok(failure) => failure,
            Err(error) => Self::failed(format!("{error:#}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_that_is_away_has_its_own_exit_code() {
        let away = ClientError::Connect {
            url: "ws://a".into(),
            reason: "b".into(),
        };
        assert_eq!(Failure::from(away).exit.code(), 3);
        let refused = ClientError::Rpc {
            method: "m".into(),
            code: 1,
            message: "n".into(),
        };
        assert_eq!(Failure::from(refused).exit.code(), 1);
    }

    #[test]
    fn a_failure_keeps_its_exit_code_through_other_errors() {
        let error = anyhow::Error::from(Failure::usage("no such file"));
        assert_eq!(Failure::from(error).exit, Exit::Usage);
        let error = anyhow::anyhow!("inner").context("outer");
        assert_eq!(Failure::from(error).message, "outer: inner");
    }
}
