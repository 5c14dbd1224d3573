//! Asking before something is signed.

use crate::{
    args::{Global, Signing},
    failure::Failure,
    output::{self, Output},
};
use std::io::{self, BufRead, IsTerminal, Write};

/// Whether what is shown may be signed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Given {
    /// By `--yes`.
    Yes,
    /// Never: `--dry-run`.
    Never,
    /// By whoever sits at the terminal.
    OnTerminal,
}

/// How somebody consents to what is signed.
#[derive(Clone, Copy, Debug)]
pub struct Consent {
    given: Given,
    output: Output,
}

impl Consent {
    /// # Errors
    /// A usage failure when nobody could be asked: before anything else is done.
    pub fn new(global: &Global, signing: &Signing) -> Result<Self, Failure> {
        let given = given(global.yes, signing.dry_run, io::stdin().is_terminal())?;
        Ok(Self {
            given,
            output: global.output,
        })
    }

    /// How results are printed.
    pub fn output(&self) -> Output {
        self.output
    }

    /// Shows what would be signed, and asks if that is wanted: `false` when it is only tried.
    ///
    /// # Errors
    /// The answer is no.
    pub fn ask(&self, lines: &[String]) -> Result<bool, Failure> {
        match (self.output, self.given) {
            (Output::Table, _) => output::print_lines(lines)?,
            // Standard output is for the one JSON document.
            (Output::Json, Given::OnTerminal) => lines.iter().for_each(|line| eprintln!("{line}")),
            (Output::Json, Given::Yes | Given::Never) => {}
        }
        match self.given {
            Given::Yes => Ok(true),
            Given::Never => Ok(false),
            Given::OnTerminal => {
                eprint!("Sign and send this? [y/N] ");
                // A prompt that cannot be written is one that nobody answers.
                let _ = io::stderr().flush();
                answer(&mut io::stdin().lock()).map(|()| true)
            }
        }
    }
}

fn given(yes: bool, dry_run: bool, terminal: bool) -> Result<Given, Failure> {
    match (dry_run, yes, terminal) {
        (true, _, _) => Ok(Given::Never),
        (false, true, _) => Ok(Given::Yes),
        (false, false, true) => Ok(Given::OnTerminal),
        (false, false, false) => Err(Failure::usage(
            "nobody can be asked, as standard input is no terminal: add --yes to sign without asking, or --dry-run to see what would be signed",
        )),
    }
}

fn answer(input: &mut impl BufRead) -> Result<(), Failure> {
    let mut line = String::new();
    input
        .read_line(&mut line)
        .map_err(|error| Failure::failed(format!("the answer cannot be read: {error}; nothing was sent")))?;
    match line.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::failed("nothing was sent, as the answer was not yes")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Exit;

    #[test]
    fn nothing_is_signed_unless_somebody_said_so() {
        for terminal in [true, false] {
            assert_eq!(given(true, false, terminal).unwrap(), Given::Yes);
            assert_eq!(given(false, true, terminal).unwrap(), Given::Never);
            assert_eq!(given(true, true, terminal).unwrap(), Given::Never, "a try is a try");
        }
        assert_eq!(given(false, false, true).unwrap(), Given::OnTerminal);
        let failure = given(false, false, false).unwrap_err();
        assert_eq!(failure.exit, Exit::Usage);
        assert!(failure.message.contains("--yes"), "{failure}");
    }

    #[test]
    fn only_a_yes_is_a_yes() {
        let said = |text: &'static str| answer(&mut text.as_bytes());
        for text in ["y\n", "Y", "yes\n", " YES \n"] {
            assert!(said(text).is_ok(), "{text:?}");
        }
        for text in ["", "\n", "n\n", "no\n", "yess\n", "ja\n"] {
            assert!(said(text).unwrap_err().message.contains("nothing was sent"), "{text:?}");
        }
    }
}
