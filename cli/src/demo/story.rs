//! The demo's narration: numbered steps, and how long each took.

use crate::{
    failure::Outcome,
    terminal::{Terminal, print},
};
use std::time::Instant;

/// The narration under way.
pub struct Story {
    terminal: Terminal,
    steps: usize,
    step: usize,
    begun: Instant,
    step_begun: Instant,
}

impl Story {
    /// Begins a story of so many steps.
    pub fn begin(terminal: Terminal, steps: usize) -> Self {
        Story {
            terminal,
            steps,
            step: 0,
            begun: Instant::now(),
            step_begun: Instant::now(),
        }
    }

    /// What may be printed.
    pub fn terminal(&self) -> Terminal {
        self.terminal
    }

    /// Says something.
    ///
    /// # Errors
    /// Standard output cannot be written.
    pub fn say(&self, text: &str) -> Outcome {
        print(text)
    }

    /// Announces the next step.
    ///
    /// # Errors
    /// Standard output cannot be written.
    pub fn step(&mut self, what: &str) -> Outcome {
        self.step += 1;
        self.step_begun = Instant::now();
        let title = format!("Step {} of {}: {what}", self.step, self.steps);
        print(&format!("\n{}\n", self.terminal.strong(&title)))
    }

    /// Ends a step.
    ///
    /// # Errors
    /// Standard output cannot be written.
    pub fn done(&self) -> Outcome {
        print(&format!(
            "  ({:.1} s)\n",
            self.step_begun.elapsed().as_secs_f64()
        ))
    }

    /// Ends the story.
    ///
    /// # Errors
    /// Standard output cannot be written.
    pub fn end(self, closing: &str, farewell: &str) -> Outcome {
        let seconds = self.begun.elapsed().as_secs_f64();
        print(&format!(
            "\n{closing}\n{farewell}\nThe demo took {seconds:.0} s.\n"
        ))
    }
}
