//! How a child becomes the program it shall be: it ends with its parent, even when that one is killed.

use crate::{args::Supervised, failure::Failure};
use rustix::process::{getppid, set_parent_process_death_signal, Signal};
use std::{os::unix::process::CommandExt, process::Command};

/// Asks the kernel for SIGTERM when the parent ends, then becomes the program. Returns only when it cannot.
pub fn exec_supervised(args: &Supervised) -> Failure {
    if let Err(error) = set_parent_process_death_signal(Some(Signal::TERM)) {
        return Failure::failed(format!("the end of the parent cannot be watched: {error}"));
    }
    // The parent may have ended before the kernel was asked.
    if getppid().map(|pid| pid.as_raw_nonzero().get().cast_unsigned()) != Some(args.parent) {
        return Failure::failed("the process that started this has ended already");
    }
    let Some((program, arguments)) = args.program.split_first() else {
        return Failure::usage("no program is given behind --");
    };
    let error = Command::new(program).args(arguments).exec();
    Failure::usage(format!("{} cannot be run: {error}", program.to_string_lossy()))
}
