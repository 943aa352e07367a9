//! Trials with a peer that npm has, under a harness that can say that they were ignored, which that of rustc cannot.

use crate::npm::{self, Missing};
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

/// A trial by its name.
pub type Named<C> = (&'static str, fn(&C));

/// Runs trials that share a context, made of the folder of the packages that `list` names (see [`npm::installed`]).
/// Where the peer is missing every trial is reported as ignored, and why is said once.
pub fn run<C: Send + Sync + 'static, const N: usize>(
    what: &str,
    list: &str,
    scratch: &Path,
    trials: [Named<C>; N],
    context: impl FnOnce(PathBuf) -> Result<C, Missing>,
) -> ExitCode {
    let arguments = Arguments::from_args();
    let context = if arguments.list {
        Err(Missing::Skip("the trials are only listed".into()))
    } else {
        npm::installed(list, scratch).and_then(context)
    };
    if let (Err(Missing::Skip(why)), false) = (&context, arguments.list) {
        eprintln!("\nSKIPPED: all trials of {what}, nothing is tested here: {why}");
    }
    let context = Arc::new(context);
    let trials = trials.map(|trial| prepare(trial, &context)).into();
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn prepare<C: Send + Sync + 'static>(
    (name, run): Named<C>,
    context: &Arc<Result<C, Missing>>,
) -> Trial {
    let context = context.clone();
    Trial::ignorable_test(name, move || match &*context {
        Ok(context) => {
            run(context);
            Ok(Completion::Completed)
        }
        Err(Missing::Skip(why)) => {
            let why = why.lines().next().unwrap_or_default();
            Ok(Completion::ignored_with(why))
        }
        Err(Missing::Broken(why)) => Err(Failed::from(why)),
    })
}
