//! `nectar demo`: the whole way on real data.
use crate::{failure::Outcome, terminal::Terminal};

/// Shows the whole way on bundled data, in a few minutes
#[derive(Debug, clap::Args)]
pub struct Demo {}
impl Demo {
    /// Runs the command.
    pub fn run(self, _: Terminal) -> Outcome {
        Ok(())
    }
}
